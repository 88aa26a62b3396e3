//! What a model is told: the rules, the material between marks, the task.
//!
//! The rules are the same for every repository. Everything that strangers wrote stands between marks
//! with a code that its writers cannot know, and cannot contain the marks itself. The same inputs give
//! the same prompt.

use std::collections::BTreeSet;

use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::request::Brief;
use crate::model::{Message, Schema, Turn};
use crate::planner::draft;
use crate::planner::pack::{EvidencePack, Excerpt};
use crate::planner::repair;
use crate::planner::session::SchemaPlace;
use crate::planner::verify::{Finding, FindingClass, Verification};

/// Counts the versions of the prompts: answers recorded under another one prove nothing.
pub(in crate::planner) const VERSION: u32 = 1;

const RULES: &str = include_str!("../prompts/rules.md");
const FIELDS: &str = include_str!("../prompts/fields.md");
const MATERIAL: &str = include_str!("../prompts/material.md");
const REPAIR: &str = include_str!("../prompts/repair.md");

/// Longest line on expertise, in characters.
const MAX_EXPERTISE: usize = 300;

/// Most findings sent back: a draft with more is beyond repair.
const MAX_FINDINGS: usize = 40;

/// Most excerpts shown again for a repair.
const MAX_REPAIR_EXCERPTS: usize = 12;

/// Digits of the code in the marks: 128 bits.
const CODE_DIGITS: usize = 32;

/// What all turns of one job have in common.
pub(in crate::planner) struct Prompter<'a> {
    /// The request as taken in.
    pub(in crate::planner) brief: &'a Brief,
    /// The commit's id.
    pub(in crate::planner) commit: &'a str,
    /// One line such as `Rust — axum, tokio`; may be empty.
    pub(in crate::planner) expertise: &'a str,
    /// Most tokens of one answer.
    pub(in crate::planner) max_output_tokens: u32,
}

#[derive(Serialize)]
struct Material<'a> {
    expertise: String,
    commit: &'a str,
    facts: String,
    map: String,
    users: String,
    pieces: Vec<String>,
    request: Vec<String>,
    schema: &'a str,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct Correction<'a> {
    expertise: String,
    commit: &'a str,
    findings: Vec<String>,
    changes: String,
    summary: String,
    pieces: Vec<String>,
    request: Vec<String>,
    schema: &'a str,
}

impl Prompter<'_> {
    /// The turn that asks for a whole plan.
    ///
    /// # Errors
    /// When a template is broken, which a test rules out for the embedded ones.
    pub(in crate::planner) fn write(
        &self,
        pack: &EvidencePack,
        schema: SchemaPlace,
        problems: &[String],
    ) -> Result<Turn, minijinja::Error> {
        let marks = self.marks();
        let optional = |kind: &str, text: &str| match text {
            "" => String::new(),
            text => marks.enclose(kind, kind, text),
        };
        let material = Material {
            expertise: self.expertise(),
            commit: self.commit,
            facts: optional("facts", &pack.facts),
            map: optional("map", &pack.map),
            users: optional("users", &pack.users),
            pieces: pack.excerpts.iter().map(|one| marks.piece(one)).collect(),
            request: self.request(&marks),
            schema: in_prompt(schema, draft::SCHEMA),
            problems: problems.iter().map(|problem| one_line(problem)).collect(),
        };
        self.turn(MATERIAL, &material, ("plan", draft::SCHEMA), schema)
    }

    /// The turn that asks for corrections to the draft of `verification`.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub(in crate::planner) fn repair(
        &self,
        verification: &Verification,
        pack: &EvidencePack,
        schema: SchemaPlace,
    ) -> Result<Turn, minijinja::Error> {
        let marks = self.marks();
        let failed: Vec<_> = (verification.findings.iter())
            .filter(|finding| finding.class == FindingClass::Hard)
            .take(MAX_FINDINGS)
            .collect();
        let plan = &verification.file.draft;
        let positions: BTreeSet<_> = failed.iter().filter_map(|it| change_of(it)).collect();
        let concerned: Vec<_> = (plan.changes.iter().enumerate())
            .filter(|(i, _)| positions.contains(i))
            .map(|(_, change)| change)
            .collect();
        let named = |excerpt: &&Excerpt| {
            let path = excerpt.path.as_str();
            concerned.iter().any(|change| change.path == path)
                || failed
                    .iter()
                    .any(|finding| finding.candidates.iter().any(|other| other == path))
        };
        let correction = Correction {
            expertise: self.expertise(),
            commit: self.commit,
            findings: failed.iter().map(|finding| describe(finding)).collect(),
            changes: marks.enclose(
                "changes",
                "draft",
                &serde_json::to_string_pretty(&concerned).unwrap_or_default(),
            ),
            summary: marks.enclose("summary", "draft", &summary(&verification.file.draft)),
            pieces: (pack.excerpts.iter().filter(named))
                .take(MAX_REPAIR_EXCERPTS)
                .map(|one| marks.piece(one))
                .collect(),
            request: self.request(&marks),
            schema: in_prompt(schema, repair::SCHEMA),
        };
        self.turn(REPAIR, &correction, ("repair", repair::SCHEMA), schema)
    }

    fn turn<T: Serialize>(
        &self,
        template: &str,
        context: &T,
        (name, json): (&'static str, &'static str),
        schema: SchemaPlace,
    ) -> Result<Turn, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        Ok(Turn {
            system: format!("{RULES}\n{FIELDS}"),
            messages: vec![Message::user(
                environment.render_str(template, minijinja::value::Serde(context))?,
            )],
            tools: &[],
            schema: (schema == SchemaPlace::Native).then_some(Schema { name, json }),
            max_output_tokens: self.max_output_tokens,
        })
    }

    fn expertise(&self) -> String {
        let line = one_line(self.expertise);
        break_marks(&line).chars().take(MAX_EXPERTISE).collect()
    }

    fn request(&self, marks: &Marks) -> Vec<String> {
        let brief = self.brief;
        let mut parts = Vec::new();
        let mut add = |id: &str, kind: &str, text: &str| {
            if !text.is_empty() {
                parts.push(marks.enclose(id, kind, text));
            }
        };
        add("title", "title", &brief.title);
        add("body", "description", &brief.body);
        for (i, remark) in (1..).zip(&brief.discussion) {
            add(&format!("comment-{i}"), "comment", &remark.text);
        }
        add("focus", "what to focus on", &brief.focus);
        parts
    }

    /// The code follows from the inputs, so that a prompt can be made again, and depends on all of the
    /// request, so that no part of it can hold the code.
    fn marks(&self) -> Marks {
        let brief = self.brief;
        let texts = [&brief.title, &brief.body, &brief.focus];
        let remarks = brief.discussion.iter().map(|remark| &remark.text);
        let mut hash = Sha256::new();
        hash.update(VERSION.to_be_bytes());
        hash.update(self.commit);
        for text in texts.into_iter().chain(remarks) {
            hash.update(text.len().to_be_bytes());
            hash.update(text);
        }
        let mut code = hex::encode(hash.finalize());
        code.truncate(CODE_DIGITS);
        Marks { code }
    }
}

/// Marks around text of strangers.
struct Marks {
    code: String,
}

impl Marks {
    fn enclose(&self, id: &str, kind: &str, text: &str) -> String {
        let code = &self.code;
        let text = break_marks(text);
        format!("⟦src id={id} kind={kind} trust=untrusted code={code}⟧\n{text}\n⟦/src {code}⟧")
    }

    fn piece(&self, excerpt: &Excerpt) -> String {
        let text = format!("{}\n{}", one_line(&excerpt.header()), excerpt.text);
        self.enclose(&excerpt.id, "file", &text)
    }
}

/// `text` in which no mark begins.
fn break_marks(text: &str) -> String {
    text.replace("⟦src", "⟦ src").replace("⟦/src", "⟦ /src")
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    break_marks(&line)
}

fn in_prompt(place: SchemaPlace, schema: &'static str) -> &'static str {
    match place {
        SchemaPlace::Native => "",
        SchemaPlace::Prompt => schema,
    }
}

/// The position of the change that a finding is about.
fn change_of(finding: &Finding) -> Option<usize> {
    let rest = finding.at.strip_prefix("/changes/")?;
    rest.split('/').next()?.parse().ok()
}

fn describe(finding: &Finding) -> String {
    let mut line = format!("{}: {}", finding.at, finding.message);
    if !finding.candidates.is_empty() {
        line.push_str("; there is: ");
        line.push_str(&finding.candidates.join(" | "));
    }
    one_line(&line)
}

/// Points, changes and steps of a draft by id, a line each.
fn summary(draft: &draft::Draft) -> String {
    let points = draft.understanding.request_points.iter();
    let points = points.map(|point| format!("{} {}", point.id, one_line(&point.text)));
    let changes = draft.changes.iter().map(|change| {
        let covers = change.covers.join(", ");
        format!(
            "{} {} {}, covers {covers}",
            change.id,
            change.op.as_str(),
            change.path
        )
    });
    let steps = draft.steps.iter().map(|step| {
        let changes = step.changes.join(", ");
        format!("{} {}: {changes}", step.id, one_line(&step.title))
    });
    points
        .chain(changes)
        .chain(steps)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests;
