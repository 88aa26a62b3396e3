//! How a thread came to its plan: what the newest revision changed, and the log of all.

use crate::domain::document::Document;
use crate::domain::plan::PlanId;
use crate::domain::revision::{Cause, Difference, RevisionEntry, RevisionResult};
use crate::render::Site;
use crate::render::code;
use crate::render::escape::inline;
use crate::render::limit::{Kind, Section};
use crate::render::links::{Links, push_formatted};
use crate::render::messages::{self, revisions as words};

/// Most names of one kind in a line; plans with more changed altogether.
const IN_ONE_LINE: usize = 12;

/// What the newest revision changed, or that it came to nothing; nothing for a first plan.
pub(super) fn latest(document: &Document) -> Section {
    let mut section = Section::bare();
    let Some(entry) = document.history.first() else {
        return section;
    };
    match &entry.result {
        RevisionResult::First { .. } | RevisionResult::Outline { .. } => {}
        RevisionResult::Revised(difference) => section.block(Kind::Fixed, |out| {
            // Changes are told by the steps that make them; the log names them too.
            let difference = describe(difference, |id| !id.as_str().starts_with('C'));
            let revision = words::revision(entry.revision);
            push_formatted(out, format_args!("**{revision}:** {difference}."));
        }),
        RevisionResult::Kept { reason } => section.block(Kind::Fixed, |out| {
            out.push_str(&words::still_stands(
                entry.revision,
                document.revision,
                *reason,
            ));
        }),
    }
    section
}

/// All revisions, newest first, folded; nothing while there is only one.
pub(super) fn log(document: &Document, site: &Site) -> Section {
    let mut section = Section::folded(messages::words(document.language.as_ref()).revision_log);
    if document.history.len() > 1 {
        for entry in &document.history {
            section.item(Kind::Background, |out| push_entry(out, entry, site));
        }
    }
    section
}

fn push_entry(out: &mut String, entry: &RevisionEntry, site: &Site) {
    let revision = words::revision(entry.revision);
    push_formatted(out, format_args!("**{revision}** at "));
    Links::new(site, &entry.commit).commit(out, &entry.commit);
    out.push_str(", ");
    push_cause(out, &entry.cause);
    let result = match &entry.result {
        RevisionResult::First { steps } => words::first(*steps),
        RevisionResult::Revised(difference) => describe(difference, |_| true),
        RevisionResult::Outline { reason } => words::outlined(*reason),
        RevisionResult::Kept { reason } => words::kept(*reason),
    };
    push_formatted(out, format_args!(": {result}"));
    let spending = &entry.spending;
    if spending.calls > 0 {
        let tokens = (spending.input_tokens, 0);
        let spent = messages::spent(spending.calls, tokens, spending.output_tokens);
        push_formatted(out, format_args!(" ({spent}"));
        if !spending.cost.is_empty() {
            out.push_str(", ");
            inline(out, &spending.cost);
        }
        out.push(')');
    }
}

fn push_cause(out: &mut String, cause: &Cause) {
    out.push_str(match cause {
        Cause::Label { .. } => words::BY_LABEL,
        Cause::Plan { .. } => words::BY_COMMAND,
        Cause::Revise { .. } => words::BY_FEEDBACK,
        Cause::Operator { .. } => words::BY_OPERATOR,
    });
    if cause.words().trim().is_empty() {
        return;
    }
    out.push(' ');
    match cause {
        Cause::Label { name } => code::span(out, name),
        Cause::Plan { focus: said } | Cause::Operator { focus: said } => push_quote(out, said),
        Cause::Revise { feedback } => push_quote(out, feedback),
    }
}

fn push_quote(out: &mut String, said: &str) {
    out.push('“');
    inline(out, said);
    out.push('”');
}

/// The difference in names, as far as they are `told`.
fn describe(difference: &Difference, told: impl Fn(&PlanId) -> bool) -> String {
    let names = |ids: &[PlanId]| {
        let ids = ids.iter().filter(|id| told(id));
        bounded(ids.map(escaped).collect())
    };
    let changed = difference.changed.iter().filter(|part| told(&part.id));
    let changed = changed.map(|part| words::changed(&escaped(&part.id), &part.aspects));
    words::difference(
        &names(&difference.added),
        &bounded(changed.collect()),
        &names(&difference.dropped),
    )
}

fn escaped(id: &PlanId) -> String {
    let mut name = String::new();
    inline(&mut name, id.as_str());
    name
}

fn bounded(mut names: Vec<String>) -> Vec<String> {
    let more = names.len().saturating_sub(IN_ONE_LINE);
    if more > 0 {
        names.truncate(IN_ONE_LINE);
        names.push(words::more(more));
    }
    names
}
