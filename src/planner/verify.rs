//! Every claim of a draft against the repository, without a model.

use crate::domain::document::References;
use crate::domain::plan::Plan;
use crate::planner::draft::Draft;
use crate::repository::index::Index;

/// What a failed check means for the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingClass {
    /// The claim is false: it is repaired, dropped or marked.
    Hard,
    /// It was wrong and could be put right by us.
    Fixed,
    /// It deserves a note.
    Soft,
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's id, such as `G1`.
    pub check: &'static str,
    /// What it means.
    pub class: FindingClass,
    /// Where in `plan.json`, as a JSON pointer.
    pub at: String,
    /// What is wrong; our words with raw names inside.
    pub message: String,
    /// The nearest things that do exist, best first, at most five.
    pub candidates: Vec<String>,
}

/// A draft after all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What was found wrong, in the order of the draft.
    pub findings: Vec<Finding>,
    /// How many references were made and found.
    pub references: References,
    /// The plan with everything resolved that could be.
    pub plan: Plan,
}

/// Checks `draft` against `index`.
pub fn verify(_draft: &Draft, _index: &Index) -> Verification {
    Verification {
        findings: Vec::new(),
        references: References::default(),
        plan: Plan::default(),
    }
}

/// The plan of a draft that nobody looked up: every reference is unverified.
pub fn unchecked(_draft: &Draft) -> Plan {
    Plan::default()
}
