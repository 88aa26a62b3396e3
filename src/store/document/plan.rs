//! The saved shapes of a plan.

use serde::{Deserialize, Serialize};

use crate::domain::package;
use crate::domain::plan;
use crate::store::document::mirror::{
    Mirror, SavedDay, SavedId, SavedLines, SavedPath, mirror, words,
};

/// What a plan points at.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum SavedTarget {
    Verified {
        path: SavedPath,
        lines: Option<SavedLines>,
    },
    New {
        path: SavedPath,
    },
    Unverified {
        claimed: String,
    },
}

impl Mirror for SavedTarget {
    type Of = plan::Target;

    fn of(value: &Self::Of) -> Self {
        match value {
            plan::Target::Verified { path, lines } => Self::Verified {
                path: Mirror::of(path),
                lines: Mirror::of(lines),
            },
            plan::Target::New { path } => Self::New {
                path: Mirror::of(path),
            },
            plan::Target::Unverified { claimed } => Self::Unverified {
                claimed: claimed.clone(),
            },
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::Verified { path, lines } => plan::Target::Verified {
                path: path.back()?,
                lines: lines.back()?,
            },
            Self::New { path } => plan::Target::New { path: path.back()? },
            Self::Unverified { claimed } => plan::Target::Unverified { claimed },
        })
    }
}

mirror!(SavedPlan of plan::Plan {
    restatement: String,
    request_points: Vec<SavedPoint>,
    assumptions: Vec<SavedAssumption>,
    open_questions: Vec<SavedQuestion>,
    findings: Vec<SavedFinding>,
    decisions: Vec<SavedDecision>,
    changes: Vec<SavedChange>,
    steps: Vec<SavedStep>,
    dependencies: Vec<SavedDependency>,
    risks: Vec<SavedRisk>,
    architecture_notes: Vec<SavedNote>,
    out_of_scope: Vec<String>,
});

mirror!(SavedPoint of plan::RequestPoint {
    id: SavedId,
    text: String,
    kind: String,
});

mirror!(SavedAssumption of plan::Assumption {
    text: String,
    if_wrong: String,
});

mirror!(SavedQuestion of plan::OpenQuestion {
    question: String,
    why: String,
    default_taken: String,
});

mirror!(SavedFinding of plan::Finding {
    statement: String,
    evidence: Vec<SavedTarget>,
});

mirror!(SavedDecision of plan::Decision {
    question: String,
    options: Vec<SavedOption>,
    recommendation: String,
    rationale: String,
});

mirror!(SavedOption of plan::DecisionOption {
    name: String,
    trade_off: String,
});

words!(SavedOperation of plan::Operation {
    Modify = "modify",
    Add = "add",
    Delete = "delete",
    Rename = "rename",
});

words!(SavedRelation of plan::Relation {
    Replace = "replace",
    InsertBefore = "insert_before",
    InsertAfter = "insert_after",
    Inside = "inside",
    Remove = "remove",
});

mirror!(SavedAnchor of plan::Anchor {
    symbol: String,
    quote: String,
    relation: SavedRelation,
    target: SavedTarget,
});

mirror!(SavedChange of plan::Change {
    id: SavedId,
    operation: SavedOperation,
    target: SavedTarget,
    new_path: String,
    anchors: Vec<SavedAnchor>,
    evidence: Vec<SavedTarget>,
    what: String,
    why: String,
    interfaces: Vec<SavedInterface>,
    data_structures: Vec<SavedData>,
    imports: Vec<String>,
    config: Vec<SavedEntry>,
    snippet: Option<SavedSnippet>,
    reuses: Vec<String>,
    why_new: String,
    side_effects: Vec<SavedEffect>,
    covers: Vec<SavedId>,
    depends_on: Vec<SavedId>,
});

mirror!(SavedInterface of plan::Interface {
    kind: String,
    name: String,
    signature: String,
    params: Vec<SavedParameter>,
    returns: String,
    breaking: bool,
});

mirror!(SavedParameter of plan::Parameter {
    name: String,
    type_name: String,
    meaning: String,
});

mirror!(SavedData of plan::DataStructure {
    name: String,
    change: String,
});

mirror!(SavedEntry of plan::ConfigEntry {
    key: String,
    value: String,
    purpose: String,
});

mirror!(SavedSnippet of plan::Snippet {
    language: String,
    code: String,
});

mirror!(SavedEffect of plan::SideEffect {
    target: SavedTarget,
    symbol: String,
    effect: String,
    action: String,
});

mirror!(SavedStep of plan::Step {
    id: SavedId,
    title: String,
    detail: String,
    changes: Vec<SavedId>,
});

mirror!(SavedDependency of plan::Dependency {
    name: String,
    registry: String,
    version: String,
    purpose: String,
    why_not_existing: String,
    why_not_own_code: String,
    evidence: SavedEvidence,
});

mirror!(SavedRisk of plan::Risk {
    category: String,
    risk: String,
    mitigation: String,
});

mirror!(SavedNote of plan::ArchitectureNote {
    topic: String,
    note: String,
    why_architectural: String,
});

/// What is known of a library.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum SavedEvidence {
    Unverified { why: String },
    Verified(Box<SavedUpkeep>),
}

impl Mirror for SavedEvidence {
    type Of = package::Evidence;

    fn of(value: &Self::Of) -> Self {
        match value {
            package::Evidence::Unverified { why } => Self::Unverified { why: why.clone() },
            package::Evidence::Verified(upkeep) => Self::Verified(Mirror::of(upkeep)),
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        Ok(match self {
            Self::Unverified { why } => package::Evidence::Unverified { why },
            Self::Verified(upkeep) => package::Evidence::Verified(upkeep.back()?),
        })
    }
}

mirror!(SavedUpkeep of package::Upkeep {
    version: String,
    releases: usize,
    first_release: Option<SavedDay>,
    last_release: Option<SavedDay>,
    licences: Vec<String>,
    advisories: Vec<String>,
    repository: Option<String>,
    source: String,
    checked: Option<SavedDay>,
    notes: Vec<String>,
});
