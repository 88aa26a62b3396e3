//! A plan as a comment: what everybody reads on top, what its implementer reads folded below.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::domain::document::{Document, References};
use crate::domain::plan::{Change, Decision, Finding, OpenQuestion, Operation, Plan};
use crate::render::Site;
use crate::render::age;
use crate::render::agent_prompt;
use crate::render::background;
use crate::render::change;
use crate::render::escape::{inline, inline_up_to};
use crate::render::libraries;
use crate::render::limit::{Kind, Page, Section, nested};
use crate::render::links::{Links, push_formatted};
use crate::render::messages::{self, Words};
use crate::render::revisions;
use crate::render::steps::{self, push_id};

/// Most findings shown unfolded: enough to see whether the plan has understood the code.
pub(super) const VISIBLE_FINDINGS: usize = 4;

/// Most places of evidence linked for one finding.
const EVIDENCE: usize = 3;

/// Most characters of the request in own words.
const RESTATEMENT_CHARACTERS: usize = 1_200;

/// Most characters of the reason for the approach.
const REASON_CHARACTERS: usize = 400;

/// The page of a plan, without its receipt.
pub(super) fn page(document: &Document, plan: &Plan, found: References, site: &Site) -> Page {
    let unverified = if found.checked {
        messages::NOT_FOUND
    } else {
        messages::NOT_CHECKED
    };
    let links = Links::of(document, site, unverified);
    let mut page = Page::new(head(document, found, &links));
    page.add(revisions::latest(document));
    page.add(summary(plan, links.words));
    page.add(findings(plan, &links));
    page.add(decisions(plan, links.words));
    page.add(steps::section(plan, &links));
    page.add(change::impact(plan, &links));
    page.add(change::details(plan, &links, site.forge));
    page.add(background::section(plan, &links));
    page.add(libraries::section(plan, links.words));
    page.add(background::risks(plan, links.words));
    page.add(revisions::log(document, site));
    page.add(agent_prompt::section(plan, document, site.forge));
    page
}

/// Whether a plan is so small that what the code does today can wait below.
pub(super) fn is_trivial(plan: &Plan) -> bool {
    plan.changes.len() <= 1 && plan.decisions.is_empty()
}

fn head(document: &Document, found: References, links: &Links) -> String {
    let mut head = format!("## {}", links.words.plan);
    push_formatted(
        &mut head,
        format_args!("\n\nRevision {} · commit ", document.revision),
    );
    links.commit(&mut head, &document.commit);
    push_formatted(
        &mut head,
        format_args!(" · {}\n\n", messages::references(found)),
    );
    age::push(&mut head, document, links);
    head
}

fn summary(plan: &Plan, words: &Words) -> Section {
    let mut section = Section::bare();
    section.block(Kind::Fixed, |out| {
        if !plan.restatement.trim().is_empty() {
            push_formatted(out, format_args!("**{}:** ", words.request));
            inline_up_to(out, &plan.restatement, RESTATEMENT_CHARACTERS);
        }
    });
    section.block(Kind::Fixed, |out| {
        push_formatted(out, format_args!("**{}:** ", words.approach));
        if let Some(change) = heart(plan) {
            inline_up_to(out, &change.why, REASON_CHARACTERS);
            end_sentence(out);
        }
        out.push_str(&numbers(plan));
    });
    section
}

/// The change whose reason tells most about the whole: it serves most of the request, or most others build
/// on it.
fn heart(plan: &Plan) -> Option<&Change> {
    let weight = |change: &Change| {
        let needs = |other: &&Change| other.depends_on.contains(&change.id);
        (
            change.covers.len(),
            plan.changes.iter().filter(needs).count(),
        )
    };
    let told = |change: &&Change| !change.why.trim().is_empty();
    let changes = plan.changes.iter().filter(told).enumerate();
    let heart = changes.max_by_key(|(position, change)| (weight(change), Reverse(*position)));
    heart.map(|(_, change)| change)
}

/// The plan in numbers: what is touched, and what of it needs attention.
fn numbers(plan: &Plan) -> String {
    let operations = [
        Operation::Modify,
        Operation::Add,
        Operation::Delete,
        Operation::Rename,
    ];
    let files: Vec<_> = operations
        .into_iter()
        .filter_map(|operation| {
            let of_it = |change: &&Change| change.operation == operation;
            let changes = plan.changes.iter().filter(of_it);
            let files: BTreeSet<_> = changes.map(|change| change.target.text()).collect();
            (!files.is_empty()).then_some((operation, files.len()))
        })
        .collect();
    let mut text = messages::changes_in_steps(plan.changes.len(), plan.steps.len());
    if !files.is_empty() {
        push_formatted(&mut text, format_args!(" ({})", messages::files_by(&files)));
    }
    push_formatted(
        &mut text,
        format_args!(
            ". {}",
            messages::dependencies(plan.dependencies.len(), libraries::verified(plan))
        ),
    );
    let breaks = |change: &&Change| change.interfaces.iter().any(|interface| interface.breaking);
    let breaking = plan.changes.iter().filter(breaks).count();
    if breaking > 0 {
        push_formatted(&mut text, format_args!(" {}", messages::breaking(breaking)));
    }
    if !plan.open_questions.is_empty() {
        let questions = messages::open_questions(plan.open_questions.len());
        push_formatted(&mut text, format_args!(" {questions}"));
    }
    text
}

fn findings(plan: &Plan, links: &Links) -> Section {
    let mut section = Section::headed(links.words.findings);
    let visible = if is_trivial(plan) {
        0
    } else {
        VISIBLE_FINDINGS
    };
    for finding in plan.findings.iter().take(visible) {
        section.item(Kind::Background, |out| push_finding(out, finding, links));
    }
    section
}

/// Appends a statement about the code and where it can be seen.
pub(super) fn push_finding(out: &mut String, finding: &Finding, links: &Links) {
    inline(out, &finding.statement);
    let evidence = change::shown_evidence(&finding.evidence);
    if !evidence.is_empty() {
        end_sentence(out);
        links.brief().targets(out, evidence.into_iter(), EVIDENCE);
    }
}

/// What people have to say something to: decisions, and questions that only they can answer.
fn decisions(plan: &Plan, words: &Words) -> Section {
    let heading = match (plan.decisions.is_empty(), plan.open_questions.is_empty()) {
        (_, true) => words.decisions,
        (true, false) => words.open_questions,
        (false, false) => words.decisions_and_questions,
    };
    let mut section = Section::headed(heading);
    for decision in &plan.decisions {
        section.item(Kind::Decision, |out| push_decision(out, decision, words));
    }
    for (position, question) in plan.open_questions.iter().enumerate() {
        section.item(Kind::Decision, |out| {
            push_question(out, (position + 1, question), words);
        });
    }
    section
}

fn push_question(out: &mut String, (number, question): (usize, &OpenQuestion), words: &Words) {
    push_formatted(out, format_args!("**Q{number}** "));
    inline(out, &question.question);
    nested(out, |out| {
        push_after(
            out,
            &format!("*{}:* ", words.until_answered),
            &question.default_taken,
        );
    });
    nested(out, |out| {
        push_after(out, &format!("*{}:* ", words.why), &question.why);
    });
}

fn push_decision(out: &mut String, decision: &Decision, words: &Words) {
    push_id(out, &decision.id);
    inline(out, &decision.question);
    for option in &decision.options {
        nested(out, |out| {
            inline(out, &option.name);
            push_after(out, ": ", &option.trade_off);
        });
    }
    nested(out, |out| {
        if !decision.recommendation.trim().is_empty() {
            push_formatted(out, format_args!("**{}:** ", words.recommended));
            inline(out, &decision.recommendation);
            if !decision.rationale.trim().is_empty() {
                end_sentence(out);
                inline(out, &decision.rationale);
            }
        }
    });
}

/// Appends a text behind a separator; nothing when it is blank.
pub(super) fn push_after(out: &mut String, separator: &str, text: &str) {
    if !text.trim().is_empty() {
        out.push_str(separator);
        inline(out, text);
    }
}

/// Ends a sentence that has no end yet, and leaves room for another.
pub(super) fn end_sentence(out: &mut String) {
    if !out.ends_with(['.', '!', '?', '…', ':', ';', ' ']) {
        out.push('.');
    }
    out.push(' ');
}
