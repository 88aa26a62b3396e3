//! Every sentence and heading of ours that a person reads in a comment, in one place.

use crate::domain::document::OutlineReason;
use crate::domain::plan::{Operation, Relation};

pub(super) const PLAN: &str = "Plan";
pub(super) const OUTLINE: &str = "Outline (no model used)";
pub(super) const NO_PLAN: &str = "No plan";

pub(super) const DECISIONS: &str = "Decisions for you";
pub(super) const STEPS: &str = "Steps";
pub(super) const IMPACT: &str = "Impact";
pub(super) const POINTS: &str = "What was asked";
pub(super) const MENTIONS: &str = "Names in the request";
pub(super) const CANDIDATES: &str = "Places to look at";
pub(super) const USERS: &str = "Who uses them";
pub(super) const QUESTIONS: &str = "Questions worth asking";
pub(super) const CONVENTIONS: &str = "How this repository does it";

pub(super) const DETAILS: &str = "Details of the steps";
pub(super) const FINDINGS: &str = "What the code does today";
pub(super) const ASSUMPTIONS: &str = "Assumptions and open questions";
pub(super) const DEPENDENCIES: &str = "Dependencies proposed";
pub(super) const RISKS: &str = "Risks";
pub(super) const NOTES: &str = "Architecture notes and what is left out";
pub(super) const PROMPT: &str = "Prompt for a coding agent";
pub(super) const RECEIPT: &str = "What this was made from";

pub(super) const NEW_FILE: &str = "new file";
pub(super) const NOT_FOUND: &str = "**not found in the repository**";
pub(super) const NOT_CHECKED: &str = "references not checked";
pub(super) const BREAKING: &str = "breaking";
pub(super) const BREAKING_LABEL: &str = "Breaking";
pub(super) const DEPENDENCIES_UNCHECKED: &str =
    "Existence and upkeep not checked: look each one up before adding it.";
pub(super) const OTHER_CHANGES: &str = "Changes of no step";
pub(super) const UNRESOLVED: &str = "Not found in the repository";

pub(super) const WHAT: &str = "What";
pub(super) const WHY: &str = "Why";
pub(super) const WHY_NEW: &str = "Why a new file";
pub(super) const PLACES: &str = "Where";
pub(super) const INTERFACE: &str = "Interface";
pub(super) const RETURNS: &str = "returns";
pub(super) const DATA: &str = "Data structure";
pub(super) const IMPORTS: &str = "Imports";
pub(super) const CONFIG: &str = "Setting";
pub(super) const REUSES: &str = "Builds on";
pub(super) const SIDE_EFFECT: &str = "Side effect";
pub(super) const ACTION: &str = "To do";
pub(super) const RECOMMENDED: &str = "Recommended";
pub(super) const IF_WRONG: &str = "If wrong";
pub(super) const QUESTION: &str = "Question";
pub(super) const TAKEN: &str = "Until answered";
pub(super) const MITIGATION: &str = "Remedy";
pub(super) const OUT_OF_SCOPE: &str = "Left out on purpose";
pub(super) const NOT_EXISTING: &str = "Why nothing at hand would do";
pub(super) const NOT_OWN_CODE: &str = "Why own code would not do";

pub(super) const REPOSITORY_EMPTY: &str = "This repository has no commit yet, so there is nothing \
    to plan against. Push a first commit, then ask again.";

pub(super) fn failed(job: i64) -> String {
    format!(
        "Something went wrong on the bot's side, and it gave up after several attempts. Nothing \
         in the repository was touched. You can ask again; if that fails too, whoever runs this \
         bot finds the cause in its log under job {job}."
    )
}

pub(super) fn revision(revision: u32) -> String {
    format!("Revision {revision}")
}

/// `commit` is Markdown.
pub(super) fn commit(commit: &str) -> String {
    format!("commit {commit}")
}

pub(super) fn verified(verified: usize, total: usize) -> String {
    format!("{verified} of {total} references verified")
}

/// `commit` is Markdown.
pub(super) fn search_output(commit: &str) -> String {
    format!("This is search output at commit {commit}; it proposes no design.")
}

/// Why there is no plan, in a neutral sentence; nothing where no model is configured.
pub(super) fn outline_reason(reason: OutlineReason) -> Option<String> {
    match reason {
        OutlineReason::NoModel => None,
        OutlineReason::ModelUnavailable => Some(
            "There is no plan this time because the model gave no usable answer; asking again \
             later may bring one."
                .to_owned(),
        ),
        OutlineReason::DraftRejected { unknown, total } => Some(format!(
            "There is no plan because the model's draft did not pass the checks: {unknown} of its \
             {total} references were not found in the repository."
        )),
    }
}

pub(super) fn and_more(count: usize) -> String {
    format!("and {count} more")
}

/// `places` is Markdown and may be empty.
pub(super) fn used_by(count: usize, places: &str) -> String {
    let files = if count == 1 { "file" } else { "files" };
    if places.is_empty() {
        format!("named in {count} other {files}")
    } else {
        format!("named in {count} other {files}: {places}")
    }
}

pub(super) fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Modify => "Modify",
        Operation::Add => "Add",
        Operation::Delete => "Delete",
        Operation::Rename => "Rename",
    }
}

pub(super) fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Replace => "replace",
        Relation::InsertBefore => "insert before",
        Relation::InsertAfter => "insert after",
        Relation::Inside => "inside",
        Relation::Remove => "remove",
    }
}

/// What was left out so that the comment fits; the parts are ours.
pub(super) fn shortened(parts: &[String]) -> String {
    format!(
        "Shortened to fit into one comment; left out: {}.",
        parts.join("; ")
    )
}

pub(super) const WITHOUT_SNIPPETS: &str = "code snippets";
pub(super) const CUT_TEXTS: &str = "the ends of long texts and lists";

pub(super) fn without_details(count: usize) -> String {
    format!("details of the last {}", steps(count))
}

pub(super) fn without_section(title: &str) -> String {
    format!("the section “{title}”")
}

pub(super) fn without_steps(count: usize) -> String {
    format!("the last {}", steps(count))
}

fn steps(count: usize) -> String {
    match count {
        1 => "step".to_owned(),
        _ => format!("{count} steps"),
    }
}

/// `markdown` is the expertise, escaped.
pub(super) fn expertise(markdown: &str) -> String {
    format!("Expertise assumed: {markdown}")
}

pub(super) fn files_read(read: usize, all: usize, bytes: u64) -> String {
    format!("Searched {read} of {all} files ({})", size(bytes))
}

pub(super) fn files_skipped(count: usize, reason: &str) -> String {
    let files = if count == 1 { "file" } else { "files" };
    format!("Left out {count} {files}: {reason}")
}

/// `name` is Markdown.
pub(super) fn model(name: &str, calls: u32, input: u64, output: u64) -> String {
    let noun = if calls == 1 { "call" } else { "calls" };
    format!("Model {name}: {calls} {noun}, {input} tokens sent, {output} received")
}

/// `note` is Markdown.
pub(super) fn note(note: &str) -> String {
    format!("Checks: {note}")
}

/// A size as people write it, in decimal units.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        _ => (1_000_000, "MB"),
    };
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}

/// The first lines of the prompt for a coding agent.
pub(super) fn prompt(commit: &str) -> String {
    format!(
        "Make the change below in this repository. The plan was made at commit {commit}; look at \
         each place before you edit it, because the code may have moved on. Reuse what is there, \
         add no library that the plan does not name, and stop and ask where a decision is open."
    )
}

pub(super) const PROMPT_REQUEST: &str = "Request:";
pub(super) const PROMPT_STEPS: &str = "Steps:";
pub(super) const PROMPT_DECISIONS: &str = "Open decisions:";

pub(super) fn prompt_unverified(place: &str) -> String {
    format!("{place} (not verified)")
}

pub(super) fn prompt_lines(start: u32, end: u32) -> String {
    if start == end {
        format!("line {start}")
    } else {
        format!("lines {start} to {end}")
    }
}
