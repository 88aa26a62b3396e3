//! Every sentence and heading that a person reads in a comment.

mod age;
pub(super) mod libraries;
pub(super) mod reviews;
pub(super) mod revisions;
pub(super) mod settings;
mod words;

use crate::domain::document::References;
use crate::domain::plan::{Operation, Relation};
use crate::domain::repository::{ForgeKind, LineRange};
use crate::render::numbers::thousands;

pub(in crate::render) use age::*;
pub(in crate::render) use words::{ENGLISH, Words, words};

pub(super) const NEW_FILE: &str = "new file";
pub(super) const NOT_FOUND: &str = "not found in the repository";
pub(super) const NOT_CHECKED: &str = "not verified";

pub(super) const UNKNOWN_CHANGE: &str = "not among the changes";

pub(super) const RETURNS: &str = "returns: ";

pub(super) const MODEL_UNAVAILABLE: &str = "The model could not be reached or gave no usable \
    answer, so there is no plan yet. Comment `/plan` to ask again.";

pub(super) const MISSING: &str = "**Not here, because no model was used:** an approach, \
    decisions, signatures and reasoning.";

pub(super) const NOTHING_FOUND: &str =
    "Nothing in the repository stood out. Naming a file, a function or an error message helps.";

/// What the coding agent is told before and after the plan itself.
pub(super) const PROMPT_RULES: &str = "Work through the steps in order and change nothing else. \
    Read each place before you edit it; a place marked as not found or not verified may not \
    exist, so look for it first. Build on the code that is named before you add your own. Stop \
    and ask where a decision is open.";

pub(super) fn and_more(count: usize) -> String {
    format!(" and {} more", thousands(count as u64))
}

/// `count` things, by their singular and plural.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", thousands(count as u64))
}

pub(super) fn references(references: References) -> String {
    let References {
        verified,
        total,
        checked,
    } = references;
    let (good, all) = (thousands(verified as u64), thousands(total as u64));
    match (checked, total) {
        (false, _) => "references not verified".to_owned(),
        (true, 0) => "no references".to_owned(),
        (true, _) if verified == total => format!("{good} of {all} references verified"),
        (true, _) => format!("{good} of {all} references verified, the others are marked"),
    }
}

pub(super) fn search_output(commit: &str, revision: u32) -> String {
    format!("This is search output at {commit}; it proposes no design. Revision {revision}.")
}

pub(super) fn draft_rejected(unknown: usize, total: usize) -> String {
    if unknown == 0 {
        return "The model's draft did not pass verification: too little of it is shown to stand on \
                the code. So this outline takes its place and uses none of it. Comment `/plan` to \
                ask again."
            .to_owned();
    }
    format!(
        "The model's draft did not pass verification ({} of {} references unknown), so this \
         outline takes its place and uses none of it. Comment `/plan` to ask again.",
        thousands(unknown as u64),
        thousands(total as u64)
    )
}

pub(super) fn changes_in_steps(changes: usize, steps: usize) -> String {
    let changes = counted(changes, "change", "changes");
    match steps {
        0 => changes,
        _ => format!("{changes} in {}", counted(steps, "step", "steps")),
    }
}

/// How many files are treated how: `3 files modified, 1 added`.
pub(super) fn files_by(operations: &[(Operation, usize)]) -> String {
    let mut text = String::new();
    for (operation, files) in operations {
        let done = match operation {
            Operation::Modify => "modified",
            Operation::Add => "added",
            Operation::Delete => "deleted",
            Operation::Rename => "renamed",
        };
        if text.is_empty() {
            text = format!("{} {done}", counted(*files, "file", "files"));
        } else {
            text = format!("{text}, {} {done}", thousands(*files as u64));
        }
    }
    text
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

pub(super) fn dependencies(count: usize, verified: usize) -> String {
    let proposed = counted(count, "new dependency", "new dependencies");
    match (count, verified) {
        (0, _) => "No new dependencies.".to_owned(),
        (_, 0) => format!("{proposed} proposed, unverified."),
        (1, 1) => format!("{proposed} proposed, looked up."),
        _ => format!("{proposed} proposed, {verified} of them looked up."),
    }
}

pub(super) fn dependencies_summary(count: usize, verified: usize) -> String {
    match verified {
        0 => format!(
            "Dependencies proposed: {count} (unverified: existence and upkeep were not checked)"
        ),
        _ => format!("Dependencies proposed: {count} ({verified} looked up)"),
    }
}

pub(super) fn breaking(count: usize) -> String {
    format!(
        "{} an interface in a way that breaks callers.",
        counted(count, "change alters", "changes alter")
    )
}

pub(super) fn open_questions(count: usize) -> String {
    format!(
        "{} below; a default is taken until you answer.",
        counted(count, "open question", "open questions")
    )
}

pub(super) fn in_details(count: usize) -> String {
    format!("{} more in the details", thousands(count as u64))
}

pub(super) fn more_places(count: usize) -> String {
    counted(count, "more place", "more places")
}

pub(super) fn named_by(files: usize) -> String {
    format!("named by {}", counted(files, "file", "files"))
}

pub(super) fn read(files: usize, of: usize, bytes: u64) -> String {
    format!(
        "Read {} of {} ({})",
        thousands(files as u64),
        counted(of, "file", "files"),
        size(bytes)
    )
}

pub(super) fn spent(calls: u32, (input, cached): (u64, u64), output: u64) -> String {
    let kept = match cached {
        0 => String::new(),
        cached => format!(" ({} of them kept from before)", thousands(cached)),
    };
    let calls = counted(calls as usize, "call", "calls");
    let (read, written) = (thousands(input), thousands(output));
    match input + output {
        0 => format!("{calls}, tokens not reported"),
        _ => format!("{calls}, {read} tokens in{kept}, {written} tokens out"),
    }
}

/// Before the word for how thoroughly it was planned.
pub(super) const PROFILE: &str = "planned as";

/// Before what the model called.
pub(super) const TOOLS: &str = "Looked around with";

/// How many parts of the request nobody sees on the page.
pub(super) fn hidden_parts(count: usize) -> String {
    let parts = counted(count, "hidden part", "hidden parts");
    format!("{parts} of the request removed before anything read it")
}

/// How many pieces of files were shown, and how many of them the plan cites.
pub(super) fn excerpts(sent: usize, cited: usize) -> String {
    let pieces = counted(sent, "piece", "pieces");
    format!(
        "{pieces} of files shown to the model, {} cited",
        thousands(cited as u64)
    )
}

/// That something was left out to fit into one comment.
pub(super) fn shortened(left_out: &[String]) -> String {
    format!(
        "> **Shortened to fit into one comment.** Left out: {}. `planwright plan --issue URL \
         --format json` shows the whole plan.\n\n",
        left_out.join(", ")
    )
}

pub(super) fn prompt_opening(commit: &str) -> String {
    format!("Implement the following plan in this repository, at commit {commit}.")
}

pub(super) const REPOSITORY_EMPTY: &str = "**No plan yet.** The repository has no commit, so \
    there is no code to plan for. Push a first commit, then comment `/plan`.";

pub(super) fn not_readable(why: &str) -> String {
    format!(
        "**No plan yet.** The repository's contents could not be read: {why}. Somebody who manages \
         the repository can allow this bot to read its contents; then comment `/plan`."
    )
}

pub(super) const TOO_LARGE: &str = "**No plan.** The repository is larger than this bot may \
    read. Its operator can raise the limits under `budgets`; then comment `/plan`.";

pub(super) const MERGED: &str = "**No plan.** This pull request is merged: what it changes is part \
    of the code. Open an issue for what is to follow, and comment `/plan` there.";

pub(super) const READING: &str = "reading and searching the code";
pub(super) const WRITING: &str = "writing the plan";
pub(super) const VERIFYING: &str = "looking up in the code what the plan says";

pub(super) fn working(commit: &str, step: &str) -> String {
    format!(
        "**Planning** at {commit}: {step}. The plan will take the place of this comment; \
         `/plan cancel` ends the work."
    )
}

pub(super) const CANCELLED: &str = "**No plan:** the request was taken back before the plan was \
    there. Comment `/plan` to ask again.";

pub(super) const MADE_PUBLIC: &str = "**No plan:** it was made from a private repository, which \
    was made public in the meantime. Comment `/plan` to ask for one that everybody may read.";

pub(super) fn failed(job: i64) -> String {
    format!(
        "**No plan: something went wrong on the bot's side**, in every attempt. Nothing was \
         changed in the repository.\n\nComment `/plan` to try again. If it fails again, tell the \
         bot's operator the number of this job: {job}."
    )
}

pub(super) fn help(forge: ForgeKind) -> String {
    let change_request = match forge {
        ForgeKind::GitHub => "pull request",
        ForgeKind::GitLab => "merge request",
    };
    format!(
        "**How to ask for a plan.** Write a command at the start of a line in a comment on an \
         issue or {change_request}:"
    )
}

pub(super) fn unknown_word(word: &str) -> String {
    format!(
        "**No plan was made:** {word} is not understood. Settings are not taken from comments. \
         What can be written at the start of a line:"
    )
}

pub(super) fn open_decision(id: &str, question: &str, recommended: &str) -> String {
    format!(
        "Open decision {id}: {question} {}: {recommended}",
        ENGLISH.recommended
    )
}

pub(super) fn proposed_dependency(name: &str, version: &str, is_verified: bool) -> String {
    match is_verified {
        true => format!("Proposed dependency: {name} {version}"),
        false => format!("Proposed dependency, unverified: {name} {version}"),
    }
}

pub(super) fn lines_of(file: &str, lines: LineRange) -> String {
    match (lines.start(), lines.end()) {
        (start, end) if start == end => format!("{file} line {start}"),
        (start, end) => format!("{file} lines {start}-{end}"),
    }
}

fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    match UNITS.iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{}.{} {name}", bytes / unit, bytes % unit / (unit / 10)),
        None => counted(
            usize::try_from(bytes).unwrap_or(usize::MAX),
            "byte",
            "bytes",
        ),
    }
}
