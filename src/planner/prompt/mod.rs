//! What a model is told: the rules, the material between marks, the task.
//!
//! What stays the same comes first, so that providers may keep it: the rules are the same for every
//! repository, facts and map for every request at one commit, the evidence for every question of one
//! job. The same inputs give the same prompt.

mod parts;
mod repair;

use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::domain::request::Brief;
use crate::model::{Message, Schema, Tool, Turn};
use crate::planner::critic;
use crate::planner::draft;
use crate::planner::draft::Draft;
use crate::planner::intake;
use crate::planner::marks::{CANARY, Marks, one_line};
use crate::planner::pack::EvidencePack;
use crate::planner::repair::SCHEMA as REPAIR_SCHEMA;
use crate::planner::select;
use crate::planner::sketch;
use crate::planner::tools::TOOLS;

pub(in crate::planner) use repair::Failure;

/// Counts the versions of the prompts: answers recorded under another one prove nothing.
pub(in crate::planner) const VERSION: u32 = 2;

const RULES: &str = include_str!("../prompts/rules.md");
const FIELDS: &str = include_str!("../prompts/fields.md");
const SELECT_RULES: &str = include_str!("../prompts/select_rules.md");
const EXPLORE_RULES: &str = include_str!("../prompts/explore_rules.md");
const CRITIC_RULES: &str = include_str!("../prompts/critic_rules.md");
const TASK_SELECT: &str = include_str!("../prompts/task_select.md");
const TASK_EXPLORE: &str = include_str!("../prompts/task_explore.md");
const TASK_WRITE: &str = include_str!("../prompts/task_write.md");
const TASK_SKETCH: &str = include_str!("../prompts/task_sketch.md");
const TASK_FILL: &str = include_str!("../prompts/task_fill.md");
const TASK_CRITICISE: &str = include_str!("../prompts/task_criticise.md");

/// Most tokens of an answer that chooses, calls tools or criticises; thoughts included.
const SHORT_ANSWER_TOKENS: u32 = 6_000;

/// What all turns of one job have in common.
#[derive(Debug, Clone, Copy)]
pub(in crate::planner) struct Prompter<'a> {
    /// The request as taken in.
    pub(in crate::planner) brief: &'a Brief,
    /// The commit's id.
    pub(in crate::planner) commit: &'a str,
    /// One line such as `Rust — axum, tokio`; may be empty.
    pub(in crate::planner) expertise: &'a str,
    /// The tag of the language to write in; empty for any.
    pub(in crate::planner) language: &'a str,
    /// What follows from the frameworks in use, a line each.
    pub(in crate::planner) consequences: &'a [String],
    /// What the repository asks of changes; may be empty.
    pub(in crate::planner) guidelines: &'a str,
    /// Points that a first reading found; may be empty.
    pub(in crate::planner) points: &'a str,
    /// Most tokens of one answer.
    pub(in crate::planner) max_output_tokens: u32,
}

#[derive(Serialize)]
struct WriteTask {
    problems: Vec<String>,
    is_question: bool,
    is_review: bool,
}

#[derive(Serialize)]
struct FillTask<'a> {
    summary: String,
    changes: &'a str,
}

impl Prompter<'_> {
    /// The turn that asks for a choice among `candidates`.
    ///
    /// # Errors
    /// When a template is broken, which a test rules out for the embedded ones.
    pub(in crate::planner) fn select(
        &self,
        pack: &EvidencePack,
        candidates: &str,
    ) -> Result<Turn, minijinja::Error> {
        let listed = EvidencePack {
            candidates: candidates.to_owned(),
            ..EvidencePack::default()
        };
        let parts = vec![
            self.repository(pack)?,
            self.candidates(&listed),
            self.request()?,
            render(TASK_SELECT, ())?,
        ];
        let schema = schema("selection", select::SCHEMA);
        let turn = self.turn(SELECT_RULES, parts, schema);
        Ok(self.short(turn))
    }

    /// The message that begins a looking around of at most `rounds` turns.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn begin_exploring(
        &self,
        pack: &EvidencePack,
        rounds: u32,
    ) -> Result<Message, minijinja::Error> {
        let task = render(TASK_EXPLORE, minijinja::context! { rounds })?;
        let parts = self.material(pack, task)?;
        Ok(Message::User { parts })
    }

    /// The turn that carries a looking around on.
    pub(in crate::planner) fn explore(&self, messages: &[Message]) -> Turn {
        static ALL: &[Tool] = &TOOLS;
        let turn = Turn {
            messages: messages.to_vec(),
            tools: ALL,
            ..self.turn(EXPLORE_RULES, Vec::new(), None)
        };
        self.short(turn)
    }

    /// The turn that asks for a whole plan; `problems` are those of the answer before.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn write(
        &self,
        pack: &EvidencePack,
        problems: &[String],
    ) -> Result<Turn, minijinja::Error> {
        let task = WriteTask {
            problems: problems.iter().map(|problem| one_line(problem)).collect(),
            is_question: intake::is_question(self.brief),
            is_review: self.brief.changes.is_some(),
        };
        let parts = self.material(pack, render(TASK_WRITE, task)?)?;
        let schema = schema("plan", draft::SCHEMA);
        Ok(self.turn(&rules(), parts, schema))
    }

    /// The turn that asks for a plan of which the changes are only named.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn sketch(&self, pack: &EvidencePack) -> Result<Turn, minijinja::Error> {
        let parts = self.material(pack, render(TASK_SKETCH, ())?)?;
        let schema = schema("sketch", sketch::SCHEMA);
        Ok(self.turn(&rules(), parts, schema))
    }

    /// The turn that asks for `changes` of `draft` in full.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn fill(
        &self,
        pack: &EvidencePack,
        draft: &Draft,
        changes: &[String],
    ) -> Result<Turn, minijinja::Error> {
        let summary = self
            .own_marks()
            .enclose("summary", "draft", &repair::summary(draft));
        let changes = one_line(&changes.join(", "));
        let task = FillTask {
            summary,
            changes: &changes,
        };
        let parts = self.material(pack, render(TASK_FILL, task)?)?;
        let schema = schema("repair", REPAIR_SCHEMA);
        Ok(self.turn(&rules(), parts, schema))
    }

    /// The turn that asks for corrections.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn repair(
        &self,
        pack: &EvidencePack,
        failure: &Failure<'_>,
    ) -> Result<Turn, minijinja::Error> {
        let marks = self.own_marks();
        let parts = vec![
            self.repository(pack)?,
            self.request()?,
            repair::found(failure, pack, &marks)?,
            repair::task(failure)?,
        ];
        let schema = schema("repair", REPAIR_SCHEMA);
        Ok(self.turn(&rules(), parts, schema))
    }

    /// The turn that asks what is wrong with `draft` beside what was checked.
    ///
    /// # Errors
    /// As [`Self::select`].
    pub(in crate::planner) fn criticise(
        &self,
        pack: &EvidencePack,
        draft: &Draft,
    ) -> Result<Turn, minijinja::Error> {
        let plan = serde_json::to_string(draft).unwrap_or_default();
        let plan = self.own_marks().enclose("plan", "draft", &plan);
        let task = render(TASK_CRITICISE, minijinja::context! { plan })?;
        let parts = self.material(pack, task)?;
        let schema = schema("criticism", critic::SCHEMA);
        let turn = self.turn(CRITIC_RULES, parts, schema);
        Ok(self.short(turn))
    }

    /// Repository, evidence, request and task, what changes least first.
    fn material(&self, pack: &EvidencePack, task: String) -> Result<Vec<String>, minijinja::Error> {
        let repository = self.repository(pack)?;
        Ok(vec![
            repository,
            self.evidence(pack)?,
            self.request()?,
            task,
        ])
    }

    fn turn(&self, system: &str, parts: Vec<String>, schema: Option<Schema>) -> Turn {
        Turn {
            system: system.replace("{{ canary }}", CANARY),
            messages: vec![Message::User { parts }],
            tools: &[],
            schema,
            max_output_tokens: self.max_output_tokens,
        }
    }

    fn short(&self, turn: Turn) -> Turn {
        Turn {
            max_output_tokens: self.max_output_tokens.min(SHORT_ANSWER_TOKENS),
            ..turn
        }
    }

    /// Marks that no part of the request can hold.
    pub(in crate::planner) fn own_marks(&self) -> Marks {
        Marks::of_request(VERSION, self.commit, self.brief)
    }
}

/// The rules for whoever writes plans.
fn rules() -> String {
    format!("{RULES}\n{FIELDS}")
}

#[expect(clippy::unnecessary_wraps, reason = "turns without a schema have none")]
fn schema(name: &'static str, json: &'static str) -> Option<Schema> {
    Some(Schema { name, json })
}

fn render<T: Serialize>(template: &str, context: T) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.render_str(template, minijinja::value::Serde(context))
}

#[cfg(test)]
mod tests;
