//! What a critic says of a plan: it names what is wrong and changes nothing.

use serde::{Deserialize, Serialize};

use crate::planner::draft::Draft;
use crate::planner::verify::{Finding, FindingClass};

/// The schema of [`Criticism`].
pub(in crate::planner) const SCHEMA: &str = include_str!("../critic.schema.json");

/// Most blockers sent back: a plan with more needs another author.
const MAX_BLOCKERS: usize = 6;

/// Longest text taken, in characters.
const MAX_CHARACTERS: usize = 400;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::planner) struct Criticism {
    /// One for each thing.
    pub(in crate::planner) issues: Vec<Issue>,
}

/// One thing that a critic found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::planner) struct Issue {
    /// `blocker`, `major` or `minor`.
    pub(in crate::planner) severity: String,
    /// The id of a change, step, point or decision; may be anything.
    pub(in crate::planner) target: String,
    /// What is wrong.
    pub(in crate::planner) problem: String,
    /// What to do about it.
    pub(in crate::planner) suggestion: String,
}

impl Criticism {
    /// The blockers as findings on `draft`, in order. They are opinions: nothing is dropped for them.
    pub(in crate::planner) fn blockers(&self, draft: &Draft) -> Vec<Finding> {
        let blockers = self.issues.iter();
        blockers
            .filter(|issue| issue.severity.eq_ignore_ascii_case("blocker"))
            .filter(|issue| !issue.problem.trim().is_empty())
            .take(MAX_BLOCKERS)
            .map(|issue| Finding {
                check: "critic",
                class: FindingClass::Soft,
                at: place(draft, issue.target.trim()),
                message: describe(issue),
                candidates: Vec::new(),
            })
            .collect()
    }
}

fn describe(issue: &Issue) -> String {
    let (problem, suggestion) = (short(&issue.problem), short(&issue.suggestion));
    match suggestion.as_str() {
        "" => problem,
        suggestion => format!("{problem} — {suggestion}"),
    }
}

/// The place of the change, decision or point with that id, as a JSON pointer; the plan as a whole when
/// there is none.
fn place(draft: &Draft, id: &str) -> String {
    let points = draft.understanding.request_points.iter();
    let lists = [
        (
            "/changes",
            draft.changes.iter().position(|change| change.id == id),
        ),
        (
            "/decisions",
            draft
                .decisions
                .iter()
                .position(|decision| decision.id == id),
        ),
        ("/steps", draft.steps.iter().position(|step| step.id == id)),
        (
            "/understanding/request_points",
            points.map(|point| &point.id).position(|other| other == id),
        ),
    ];
    let mut found = lists
        .into_iter()
        .filter_map(|(list, position)| Some(format!("{list}/{}", position?)));
    found.next().unwrap_or_else(|| "/".to_owned())
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_CHARACTERS).collect()
}

#[cfg(test)]
mod tests;
