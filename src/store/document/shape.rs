//! The saved shapes of a document around its plan: what it says of itself, an outline, a receipt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::age;
use crate::domain::document;
use crate::store::document::history::SavedEntry;
use crate::store::document::mirror::{
    Mirror, SavedBlob, SavedCommit, SavedLanguage, SavedLines, SavedPath, mirror,
};
use crate::store::document::plan::{SavedPlan, SavedTarget};
use crate::store::document::settings::SavedOwnSettings;

mirror!(SavedDocument of document::Document {
    commit: SavedCommit,
    revision: u32,
    language: Option<SavedLanguage>,
    content: SavedContent,
    receipt: SavedReceipt,
    sources: Vec<SavedSource>,
    age: Option<SavedAge>,
    history: Vec<SavedEntry>,
});

mirror!(SavedSource of age::Source {
    path: SavedPath,
    blob: SavedBlob,
});

mirror!(SavedAge of age::Age {
    commit: SavedCommit,
    places: Vec<SavedPlace>,
});

mirror!(SavedPlace of age::Place {
    target: SavedTarget,
    fate: SavedFate,
});

/// What became of a place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum SavedFate {
    Same,
    Moved {
        path: SavedPath,
        lines: Option<SavedLines>,
    },
    Changed,
    Gone,
    Taken,
    Unknown,
}

impl Mirror for SavedFate {
    type Of = age::Fate;

    fn of(value: &Self::Of) -> Self {
        match value {
            age::Fate::Same => Self::Same,
            age::Fate::Moved { path, lines } => Self::Moved {
                path: Mirror::of(path),
                lines: Mirror::of(lines),
            },
            age::Fate::Changed => Self::Changed,
            age::Fate::Gone => Self::Gone,
            age::Fate::Taken => Self::Taken,
            age::Fate::Unknown => Self::Unknown,
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::Same => age::Fate::Same,
            Self::Moved { path, lines } => age::Fate::Moved {
                path: path.back()?,
                lines: lines.back()?,
            },
            Self::Changed => age::Fate::Changed,
            Self::Gone => age::Fate::Gone,
            Self::Taken => age::Fate::Taken,
            Self::Unknown => age::Fate::Unknown,
        })
    }
}

/// A plan or an outline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum SavedContent {
    Plan {
        plan: Box<SavedPlan>,
        references: SavedReferences,
    },
    Outline(SavedOutline),
}

impl Mirror for SavedContent {
    type Of = document::Content;

    fn of(value: &Self::Of) -> Self {
        match value {
            document::Content::Plan { plan, references } => Self::Plan {
                plan: Mirror::of(plan),
                references: Mirror::of(references),
            },
            document::Content::Outline(outline) => Self::Outline(Mirror::of(outline)),
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::Plan { plan, references } => document::Content::Plan {
                plan: plan.back()?,
                references: references.back()?,
            },
            Self::Outline(outline) => document::Content::Outline(outline.back()?),
        })
    }
}

mirror!(SavedReferences of document::References {
    verified: usize,
    total: usize,
    checked: bool,
});

/// Why there is no plan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SavedReason {
    NoModel,
    ModelUnavailable,
    DraftRejected { unknown: usize, total: usize },
}

impl Mirror for SavedReason {
    type Of = document::OutlineReason;

    fn of(value: &Self::Of) -> Self {
        match *value {
            document::OutlineReason::NoModel => Self::NoModel,
            document::OutlineReason::ModelUnavailable => Self::ModelUnavailable,
            document::OutlineReason::DraftRejected { unknown, total } => {
                Self::DraftRejected { unknown, total }
            }
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::NoModel => document::OutlineReason::NoModel,
            Self::ModelUnavailable => document::OutlineReason::ModelUnavailable,
            Self::DraftRejected { unknown, total } => {
                document::OutlineReason::DraftRejected { unknown, total }
            }
        })
    }
}

mirror!(SavedOutline of document::Outline {
    reason: SavedReason,
    points: Vec<String>,
    mentions: Vec<SavedMention>,
    candidates: Vec<SavedCandidate>,
    impact: Vec<SavedImpact>,
    questions: Vec<String>,
    conventions: Vec<SavedConvention>,
});

mirror!(SavedMention of document::Mention {
    text: String,
    targets: Vec<SavedTarget>,
});

mirror!(SavedCandidate of document::Candidate {
    target: SavedTarget,
    symbol: String,
    signature: String,
    reasons: Vec<String>,
});

mirror!(SavedImpact of document::Impact {
    symbol: String,
    target: SavedTarget,
    users: Vec<SavedTarget>,
    user_count: usize,
});

mirror!(SavedConvention of document::Convention {
    topic: String,
    target: SavedTarget,
});

mirror!(SavedReceipt of document::Receipt {
    expertise: String,
    files: usize,
    files_read: usize,
    bytes_read: u64,
    skipped: Vec<SavedSkipped>,
    model: String,
    model_calls: u32,
    input_tokens: u64,
    cached_tokens: u64,
    output_tokens: u64,
    cost: String,
    profile: String,
    hidden_parts: usize,
    changes: Option<SavedChangesRead>,
    tools: Vec<SavedTool>,
    excerpts_sent: usize,
    excerpts_cited: usize,
    notes: Vec<String>,
    redactions: BTreeMap<String, u64>,
    own_settings: SavedOwnSettings,
});

mirror!(SavedChangesRead of document::ChangesRead {
    files: u64,
    named: usize,
    cut: usize,
    withheld: usize,
    reviews: usize,
    more_reviews: usize,
    knows_resolved: bool,
});

mirror!(SavedTool of document::ToolUse {
    name: String,
    count: usize,
});

mirror!(SavedSkipped of document::Skipped {
    reason: String,
    count: usize,
});
