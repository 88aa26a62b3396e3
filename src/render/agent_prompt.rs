//! The plan once more, as plain text that can be given to a coding agent.

use crate::domain::age::Age;
use crate::domain::document::Document;
use crate::domain::plan::{Change, Plan, Target};
use crate::domain::repository::ForgeKind;
use crate::render::age;
use crate::render::code::{self, Code};
use crate::render::libraries;
use crate::render::limit::{Kind, Section};
use crate::render::messages::{self, ENGLISH};
use crate::render::steps::{groups, places};
use crate::text::shorten;

/// Most lines of the prompt.
const MAX_LINES: usize = 200;

/// Most characters of a field in it; its opening is longer than any field should be.
const FIELD_CHARACTERS: usize = 500;

/// Characters of a line: what fits into a comment without scrolling sideways.
const LINE_CHARACTERS: usize = 92;

/// The prompt, folded; nothing for a plan without changes.
pub(super) fn section(plan: &Plan, document: &Document, forge: ForgeKind) -> Section {
    let mut section = Section::folded(messages::words(document.language.as_ref()).prompt);
    if !plan.changes.is_empty() {
        let prompt = prompt(plan, document);
        let code = Code {
            language: "text",
            text: &prompt,
            max_lines: MAX_LINES,
        };
        section.block(Kind::Prompt, |out| code::block(out, forge, &code));
    }
    section
}

fn prompt(plan: &Plan, document: &Document) -> String {
    let planned = document.commit.short();
    let age = document.age.as_ref();
    let commit = age.map_or(planned, |age| age.commit.short());
    let mut out = messages::prompt_opening(commit);
    out.push('\n');
    if age.is_some() {
        push_wrapped(&mut out, "", &messages::prompt_age(planned));
    }
    push_wrapped(&mut out, "", messages::PROMPT_RULES);
    out.push('\n');
    push_wrapped(
        &mut out,
        "",
        &format!("{}: {}", ENGLISH.request, plan.restatement),
    );
    out.push('\n');
    for group in groups(plan) {
        match group.step {
            Some(step) => push_wrapped(
                &mut out,
                "",
                &format!("{} {}", step.id.as_str(), step.title),
            ),
            None => push_wrapped(&mut out, "", ENGLISH.no_step),
        }
        for change in group.changes {
            push_change(&mut out, change, age);
        }
    }
    for decision in &plan.decisions {
        let (question, favourite) = (&decision.question, &decision.recommendation);
        let decision = messages::open_decision(decision.id.as_str(), question, favourite);
        push_wrapped(&mut out, "", &decision);
    }
    for dependency in &plan.dependencies {
        let proposed = libraries::in_words(dependency);
        push_wrapped(&mut out, "", &proposed);
    }
    out
}

fn push_change(out: &mut String, change: &Change, age: Option<&Age>) {
    let operation = ENGLISH.operation(change.operation).to_lowercase();
    let places = places(change).into_iter();
    let places: Vec<_> = places.map(|place| describe(place, age)).collect();
    let what = format!("{operation} {}: {}", places.join(", "), change.what);
    push_wrapped(out, "- ", &what);
    for interface in &change.interfaces {
        push_wrapped(
            out,
            "  ",
            &format!("{} {}", interface.kind, interface.signature),
        );
    }
}

/// A target in plain words.
fn describe(target: &Target, age: Option<&Age>) -> String {
    if let Some(at) = age::standing(target, age) {
        let file = at.path.as_str();
        let place = match at.lines {
            Some(lines) => messages::lines_of(file, lines),
            None => file.to_owned(),
        };
        return match at.mark {
            Some(mark) => format!("{place} ({mark})"),
            None => place,
        };
    }
    let text = target.text();
    match target {
        Target::New { .. } if age::is_taken(target, age) => format!("{text} ({})", messages::TAKEN),
        Target::Verified { .. } => text.to_owned(),
        Target::New { .. } => format!("{text} ({})", messages::NEW_FILE),
        Target::Unverified { .. } => format!("{text} ({})", messages::NOT_CHECKED),
    }
}

/// Appends text in lines of a readable length, the first after `bullet` and the others below it.
fn push_wrapped(out: &mut String, bullet: &str, text: &str) {
    let text = shorten::to_chars(text, FIELD_CHARACTERS);
    let indent = " ".repeat(bullet.len());
    let mut width = bullet.len();
    out.push_str(bullet);
    for (position, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count() + 1;
        if position > 0 && width + length > LINE_CHARACTERS {
            out.push('\n');
            out.push_str(&indent);
            width = indent.len();
        } else if position > 0 {
            out.push(' ');
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}
