//! A plan in two passes, for models that cannot write it at one time: first its understanding and the
//! list of changes, then a few changes at a time in full.

use serde::{Deserialize, Serialize};

use crate::planner::draft::{
    Anchor, Change, Decision, Draft, Operation, Relation, Risk, Snippet, Step, Understanding,
};

/// The schema of [`Sketch`].
pub(in crate::planner) const SCHEMA: &str = include_str!("../sketch.schema.json");

/// Changes that are filled in by one call.
const CHANGES_PER_CALL: usize = 3;

/// A plan of which the changes are only named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::planner) struct Sketch {
    pub(in crate::planner) understanding: Understanding,
    pub(in crate::planner) decisions: Vec<Decision>,
    pub(in crate::planner) changes: Vec<SketchedChange>,
    pub(in crate::planner) steps: Vec<Step>,
    pub(in crate::planner) risks: Vec<Risk>,
    pub(in crate::planner) out_of_scope: Vec<String>,
}

/// A change that is only named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::planner) struct SketchedChange {
    pub(in crate::planner) id: String,
    pub(in crate::planner) op: Operation,
    pub(in crate::planner) path: String,
    pub(in crate::planner) new_path: String,
    pub(in crate::planner) symbol: String,
    pub(in crate::planner) what: String,
    pub(in crate::planner) covers: Vec<String>,
    pub(in crate::planner) depends_on: Vec<String>,
}

impl Sketch {
    /// The draft of which every change is still thin.
    pub(in crate::planner) fn into_draft(self) -> Draft {
        Draft {
            understanding: self.understanding,
            findings: Vec::new(),
            decisions: self.decisions,
            changes: self.changes.into_iter().map(thin).collect(),
            steps: self.steps,
            dependencies: Vec::new(),
            risks: self.risks,
            architecture_notes: Vec::new(),
            out_of_scope: self.out_of_scope,
        }
    }
}

/// The ids of the changes of `draft` in the groups in which they are filled in.
pub(in crate::planner) fn groups(draft: &Draft) -> Vec<Vec<String>> {
    let ids: Vec<_> = draft
        .changes
        .iter()
        .map(|change| change.id.clone())
        .collect();
    ids.chunks(CHANGES_PER_CALL).map(<[_]>::to_vec).collect()
}

fn thin(change: SketchedChange) -> Change {
    let anchor = Anchor {
        symbol: change.symbol,
        quote: String::new(),
        line_hint: 0,
        relation: Relation::Inside,
    };
    let has_place = !anchor.symbol.is_empty() && change.op != Operation::Add;
    Change {
        id: change.id,
        op: change.op,
        path: change.path,
        new_path: change.new_path,
        anchors: if has_place { vec![anchor] } else { Vec::new() },
        evidence: Vec::new(),
        what: change.what,
        why: String::new(),
        interfaces: Vec::new(),
        data_structures: Vec::new(),
        imports: Vec::new(),
        config: Vec::new(),
        snippet: Snippet {
            language: String::new(),
            code: String::new(),
        },
        reuses: Vec::new(),
        why_new: String::new(),
        side_effects: Vec::new(),
        covers: change.covers,
        depends_on: change.depends_on,
    }
}

#[cfg(test)]
mod tests;
