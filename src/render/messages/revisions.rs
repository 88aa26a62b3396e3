//! What is said of revisions: what one changed, why one came to nothing, and who asked for it.

use crate::domain::document::OutlineReason;
use crate::domain::revision::Aspect;
use crate::render::messages::counted;

pub(in crate::render) const NOTHING_CHANGED: &str = "nothing changed";

/// The beginning of a line on one revision.
pub(in crate::render) fn revision(number: u32) -> String {
    format!("Revision {number}")
}

/// What became of parts with these names; `changed` ones say what of them.
pub(in crate::render) fn difference(
    added: &[String],
    changed: &[String],
    dropped: &[String],
) -> String {
    let mut parts = Vec::new();
    if !added.is_empty() {
        parts.push(format!("{} added", added.join(", ")));
    }
    if !changed.is_empty() {
        parts.push(format!("{} changed", changed.join(", ")));
    }
    if !dropped.is_empty() {
        parts.push(format!("{} dropped", dropped.join(", ")));
    }
    match parts.is_empty() {
        true => NOTHING_CHANGED.to_owned(),
        false => parts.join("; "),
    }
}

/// A name and what of the part is another.
pub(in crate::render) fn changed(id: &str, aspects: &[Aspect]) -> String {
    let words = aspects.iter().map(|aspect| match aspect {
        Aspect::Place => "place",
        Aspect::Title => "title",
        Aspect::Detail => "detail",
        Aspect::Recommendation => "recommendation",
    });
    format!("{id} ({})", words.collect::<Vec<_>>().join(", "))
}

/// How many names more there are.
pub(in crate::render) fn more(count: usize) -> String {
    format!("{count} more")
}

pub(in crate::render) fn first(steps: usize) -> String {
    format!("the first plan, {}", counted(steps, "step", "steps"))
}

pub(in crate::render) fn outlined(reason: OutlineReason) -> String {
    format!("an outline, because {}", because(reason))
}

pub(in crate::render) fn kept(reason: OutlineReason) -> String {
    format!("no plan, because {}", because(reason))
}

/// Above a plan that stands because no other one came of asking.
pub(in crate::render) fn still_stands(failed: u32, stands: u32, reason: OutlineReason) -> String {
    let next = match reason {
        OutlineReason::NoModel => {
            "The bot's operator can configure one; until then the plan stays as it is."
        }
        OutlineReason::ModelUnavailable | OutlineReason::DraftRejected { .. } => {
            "Ask again with the same words, or with other ones."
        }
    };
    format!(
        "> **Revision {failed} came to nothing**, because {}. Below is still revision {stands}, made for \
         the commit that it names. {next}",
        because(reason)
    )
}

fn because(reason: OutlineReason) -> &'static str {
    match reason {
        OutlineReason::NoModel => "no model is configured",
        OutlineReason::ModelUnavailable => {
            "the model could not be reached or gave no usable answer"
        }
        OutlineReason::DraftRejected { .. } => "the model's draft did not pass verification",
    }
}

/// Who asked, before their words.
pub(in crate::render) const BY_LABEL: &str = "asked for by the label";
pub(in crate::render) const BY_COMMAND: &str = "asked for by `/plan`";
pub(in crate::render) const BY_FEEDBACK: &str = "asked for by `/plan revise`";
pub(in crate::render) const BY_OPERATOR: &str = "asked for at the command line";
