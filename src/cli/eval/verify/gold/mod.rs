//! A plan in which everything is true, made from what a commit did and the code before it.

mod change;
mod words;

use std::collections::BTreeSet;

use crate::cli::eval::verify::commits::Commit;
use crate::cli::eval::verify::patch::Deed;
use crate::domain::request::Brief;
use crate::planner::draft::{Change, Draft, Finding, Operation, Step};
use crate::planner::pack::EvidencePack;
use crate::repository::index::Index;

pub(super) use change::{quote_from, unquotable};
pub(super) use words::is_tested;

/// Most request points: a commit rarely does more.
const MAX_POINTS: usize = 3;

/// A true plan with all that it was made for and from.
#[derive(Debug, Clone)]
pub(super) struct Gold {
    pub(super) draft: Draft,
    pub(super) brief: Brief,
    pub(super) pack: EvidencePack,
    /// The line that each anchor quotes, by the anchor's JSON pointer.
    pub(super) lines: Vec<(String, u32)>,
}

/// The plan for `commit`, looking at the code before it; `None` when too little of it can be quoted.
pub(super) fn build(commit: &Commit, index: &Index) -> Option<Gold> {
    let touched: BTreeSet<&str> = commit.files.iter().map(|file| file.path.as_str()).collect();
    let mut maker = change::Maker {
        index,
        touched,
        pack: EvidencePack::default(),
        changes: Vec::new(),
        lines: Vec::new(),
    };
    let (added, others): (Vec<_>, Vec<_>) = commit
        .files
        .iter()
        .partition(|file| file.deed == Deed::Added);
    for file in others {
        maker.take(file);
    }
    let modified = maker.changes.len();
    for file in added.into_iter().take(modified) {
        maker.take(file);
    }
    let change::Maker {
        pack,
        mut changes,
        lines,
        ..
    } = maker;
    if !changes.iter().any(|change| change.op == Operation::Modify) {
        return None;
    }
    tie_together(&mut changes);
    let draft = complete(changes);
    Some(Gold {
        brief: words::brief(&draft),
        draft,
        pack,
        lines,
    })
}

/// Spreads the points of the request over the changes, and lets each change need the one before it.
fn tie_together(changes: &mut [Change]) {
    let mut before: Option<String> = None;
    for (i, change) in changes.iter_mut().enumerate() {
        change.covers = vec![format!("R{}", i.min(MAX_POINTS - 1) + 1)];
        change.depends_on = before.replace(change.id.clone()).into_iter().collect();
    }
}

fn complete(changes: Vec<Change>) -> Draft {
    let steps = (1..).zip(&changes).map(|(i, change)| Step {
        id: format!("T{i}"),
        title: words::title(change),
        detail: change.what.clone(),
        changes: vec![change.id.clone()],
    });
    let steps = steps.collect();
    let ids: Vec<String> = changes.iter().map(|change| change.id.clone()).collect();
    let cited = changes.iter().filter(|change| !change.evidence.is_empty());
    let findings = cited.map(|change| Finding {
        statement: words::statement(change),
        evidence: change.evidence.clone(),
    });
    Draft {
        findings: findings.collect(),
        understanding: words::understanding(&changes, MAX_POINTS),
        decisions: vec![words::decision()],
        steps,
        dependencies: Vec::new(),
        risks: words::risks(&ids),
        architecture_notes: Vec::new(),
        out_of_scope: vec!["Anything that the request does not name stays as it is.".to_owned()],
        changes,
    }
}
