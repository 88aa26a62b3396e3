//! The saved shape of a thread's log of revisions.

use serde::{Deserialize, Serialize};

use crate::domain::revision;
use crate::store::document::mirror::{Mirror, SavedCommit, SavedId, mirror, words};
use crate::store::document::shape::SavedReason;

mirror!(SavedEntry of revision::RevisionEntry {
    revision: u32,
    commit: SavedCommit,
    cause: SavedCause,
    result: SavedResult,
    spending: SavedSpending,
    highest: SavedHighest,
});

mirror!(SavedSpending of revision::Spending {
    calls: u32,
    input_tokens: u64,
    output_tokens: u64,
    cost: String,
});

mirror!(SavedHighest of revision::Highest {
    steps: usize,
    changes: usize,
    decisions: usize,
});

mirror!(SavedDifference of revision::Difference {
    added: Vec<SavedId>,
    changed: Vec<SavedChanged>,
    dropped: Vec<SavedId>,
});

mirror!(SavedChanged of revision::Changed {
    id: SavedId,
    aspects: Vec<SavedAspect>,
});

words!(SavedAspect of revision::Aspect {
    Place = "place",
    Title = "title",
    Detail = "detail",
    Recommendation = "recommendation",
});

/// What asked.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SavedCause {
    Label { name: String },
    Plan { focus: String },
    Revise { feedback: String },
    Operator { focus: String },
}

impl Mirror for SavedCause {
    type Of = revision::Cause;

    fn of(value: &Self::Of) -> Self {
        match value.clone() {
            revision::Cause::Label { name } => Self::Label { name },
            revision::Cause::Plan { focus } => Self::Plan { focus },
            revision::Cause::Revise { feedback } => Self::Revise { feedback },
            revision::Cause::Operator { focus } => Self::Operator { focus },
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::Label { name } => revision::Cause::Label { name },
            Self::Plan { focus } => revision::Cause::Plan { focus },
            Self::Revise { feedback } => revision::Cause::Revise { feedback },
            Self::Operator { focus } => revision::Cause::Operator { focus },
        })
    }
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SavedResult {
    First { steps: usize },
    Revised(SavedDifference),
    Outline { reason: SavedReason },
    Kept { reason: SavedReason },
}

impl Mirror for SavedResult {
    type Of = revision::RevisionResult;

    fn of(value: &Self::Of) -> Self {
        match value {
            revision::RevisionResult::First { steps } => Self::First { steps: *steps },
            revision::RevisionResult::Revised(difference) => Self::Revised(Mirror::of(difference)),
            revision::RevisionResult::Outline { reason } => Self::Outline {
                reason: Mirror::of(reason),
            },
            revision::RevisionResult::Kept { reason } => Self::Kept {
                reason: Mirror::of(reason),
            },
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::First { steps } => revision::RevisionResult::First { steps },
            Self::Revised(difference) => revision::RevisionResult::Revised(difference.back()?),
            Self::Outline { reason } => revision::RevisionResult::Outline {
                reason: reason.back()?,
            },
            Self::Kept { reason } => revision::RevisionResult::Kept {
                reason: reason.back()?,
            },
        })
    }
}
