//! What a model is told of a plan that did not pass.

use std::collections::BTreeSet;

use serde::Serialize;

use super::parts::piece;
use super::render;
use crate::planner::draft::Draft;
use crate::planner::marks::{Marks, one_line};
use crate::planner::pack::EvidencePack;
use crate::planner::repair::change_of;
use crate::planner::verify::Finding;

const FOUND: &str = include_str!("../prompts/repair.md");
const TASK: &str = include_str!("../prompts/task_repair.md");

/// What did not pass.
#[derive(Debug)]
pub(in crate::planner) struct Failure<'a> {
    /// The plan.
    pub(in crate::planner) draft: &'a Draft,
    /// What was found, in the plan's order.
    pub(in crate::planner) findings: &'a [&'a Finding],
    /// Positions of the excerpts that show the places.
    pub(in crate::planner) excerpts: &'a [usize],
    /// Whether a critic found it.
    pub(in crate::planner) is_criticised: bool,
}

#[derive(Serialize)]
struct Found {
    findings: Vec<String>,
    concerned: String,
    summary: String,
    pieces: Vec<String>,
}

/// What was found, and the code that it is about.
pub(super) fn found(
    failure: &Failure<'_>,
    pack: &EvidencePack,
    marks: &Marks,
) -> Result<String, minijinja::Error> {
    let draft = failure.draft;
    let shown = failure.excerpts.iter();
    let shown = shown.filter_map(|position| pack.excerpts.get(*position));
    let found = Found {
        findings: failure
            .findings
            .iter()
            .map(|one| describe(draft, one))
            .collect(),
        concerned: marks.enclose("concerned", "draft", &concerned(failure)),
        summary: marks.enclose("summary", "draft", &summary(draft)),
        pieces: shown.map(|excerpt| piece(marks, excerpt)).collect(),
    };
    render(FOUND, found)
}

/// What to do about it.
pub(super) fn task(failure: &Failure<'_>) -> Result<String, minijinja::Error> {
    let is_criticised = failure.is_criticised;
    render(TASK, minijinja::context! { is_criticised })
}

/// The changes that the findings are about, in full.
fn concerned(failure: &Failure<'_>) -> String {
    let findings = failure.findings.iter();
    let positions: BTreeSet<_> = findings.filter_map(|finding| change_of(finding)).collect();
    let changes = positions
        .into_iter()
        .filter_map(|position| failure.draft.changes.get(position));
    let changes: Vec<_> = changes.collect();
    match changes.as_slice() {
        [] => "no change by itself".to_owned(),
        changes => serde_json::to_string_pretty(changes).unwrap_or_default(),
    }
}

/// One finding on a line, with the id of its change and what there is instead.
fn describe(draft: &Draft, finding: &Finding) -> String {
    let change = change_of(finding).and_then(|position| draft.changes.get(position));
    let id = change.map_or_else(String::new, |change| format!("{} ", change.id));
    let mut line = format!("{id}{}: {}", finding.at, finding.message);
    if !finding.candidates.is_empty() {
        line.push_str("; there is: ");
        line.push_str(&finding.candidates.join(" | "));
    }
    one_line(&line)
}

/// Points, changes and steps of a draft by id, a line each.
pub(super) fn summary(draft: &Draft) -> String {
    let points = draft.understanding.request_points.iter();
    let points = points.map(|point| format!("{} {}", point.id, one_line(&point.text)));
    let changes = draft.changes.iter().map(|change| {
        let (id, verb, path) = (&change.id, change.op.as_str(), &change.path);
        let (what, covers) = (one_line(&change.what), change.covers.join(", "));
        format!("{id} {verb} {path}, covers {covers}: {what}")
    });
    let steps = draft.steps.iter().map(|step| {
        let changes = step.changes.join(", ");
        format!("{} {}: {changes}", step.id, one_line(&step.title))
    });
    let questions = draft.understanding.open_questions.iter();
    let questions = questions.map(|open| format!("{} {}", open.id, one_line(&open.question)));
    let lines = points.chain(changes).chain(steps).chain(questions);
    lines.collect::<Vec<_>>().join("\n")
}
