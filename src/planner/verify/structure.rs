//! S2, S3 and C1: the plan's own parts fit together, and every point of the request is answered.

use std::collections::{HashMap, HashSet};

use crate::domain::plan::PlanId;
use crate::planner::draft::{Draft, PointKind, Step};
use crate::planner::verify::Log;

/// S2 and S3: ids are well-formed and unique, and references between parts lead somewhere.
pub(super) fn check_ids(draft: &Draft, log: &mut Log) {
    let mut seen = HashSet::new();
    for (at, id) in ids(draft) {
        if PlanId::find(id).is_none() {
            let message = format!("`{id}` is no id: use a letter and a number, such as `C1`");
            log.hard("S2", &at, message, Vec::new());
        } else if !seen.insert(id) {
            let message = format!("`{id}` is used twice");
            log.hard("S2", &at, message, Vec::new());
        }
    }
    let points: Vec<_> = (draft.understanding.request_points.iter())
        .map(|point| &*point.id)
        .collect();
    let changes: Vec<_> = draft.changes.iter().map(|change| &*change.id).collect();
    for (i, change) in draft.changes.iter().enumerate() {
        let at = format!("/changes/{i}");
        check_references(&change.covers, &points, &format!("{at}/covers"), log);
        check_references(
            &change.depends_on,
            &changes,
            &format!("{at}/depends_on"),
            log,
        );
    }
    for (i, step) in draft.steps.iter().enumerate() {
        check_references(&step.changes, &changes, &format!("/steps/{i}/changes"), log);
    }
    for (i, dependency) in draft.dependencies.iter().enumerate() {
        let at = format!("/dependencies/{i}/used_by");
        check_references(&dependency.used_by, &changes, &at, log);
    }
    for (i, risk) in draft.risks.iter().enumerate() {
        check_references(&risk.changes, &changes, &format!("/risks/{i}/changes"), log);
    }
}

/// S3: dependencies have no cycle, every change belongs to a step, and steps come in an order in which
/// they can be done; where another order does, the steps are put into it.
pub(super) fn check_order(draft: &mut Draft, log: &mut Log) {
    let positions: HashMap<String, usize> = (draft.changes.iter().enumerate())
        .map(|(i, change)| (change.id.clone(), i))
        .collect();
    for (i, change) in draft.changes.iter().enumerate() {
        let in_step = |step: &Step| step.changes.contains(&change.id);
        if !draft.steps.iter().any(in_step) {
            let message = format!("`{}` belongs to no step", change.id);
            log.hard("S3", &format!("/changes/{i}"), message, Vec::new());
        }
    }
    let closing = closing_edges(draft, &positions);
    for (i, j) in &closing {
        let message = "depends on itself, directly or through others".to_owned();
        let at = format!("/changes/{i}/depends_on/{j}");
        log.hard("S3", &at, message, Vec::new());
    }
    if closing.is_empty() {
        check_step_order(draft, log);
    }
}

/// C1: every point of the request is covered by a change, or answered in words.
pub(super) fn check_coverage(draft: &Draft, log: &mut Log) {
    let points = &draft.understanding.request_points;
    if points.is_empty() {
        let at = "/understanding/request_points";
        log.hard(
            "C1",
            at,
            "names nothing that was asked".to_owned(),
            Vec::new(),
        );
    }
    for (i, point) in points.iter().enumerate() {
        let covered = (draft.changes.iter()).any(|change| change.covers.contains(&point.id));
        let answered = point.kind == PointKind::Question && !draft.findings.is_empty();
        if !covered && !answered && !is_mentioned(draft, &point.id) {
            let message = format!(
                "`{}` is covered by no change and named by no open question or exclusion",
                point.id
            );
            let at = format!("/understanding/request_points/{i}");
            log.hard("C1", &at, message, Vec::new());
        }
    }
}

/// C2: every change serves a point of the request, or is needed by one that does.
pub(super) fn check_scope(draft: &Draft, log: &mut Log) {
    let points: HashSet<&str> = (draft.understanding.request_points.iter())
        .map(|point| point.id.as_str())
        .collect();
    let serves = |covers: &[String]| covers.iter().any(|id| points.contains(id.as_str()));
    let mut needed: HashSet<&str> = HashSet::new();
    let mut open: Vec<_> = (draft.changes.iter())
        .filter(|change| serves(&change.covers))
        .collect();
    while let Some(change) = open.pop() {
        if needed.insert(&change.id) {
            let is_needed = |id: &str| change.depends_on.iter().any(|needed| needed == id);
            open.extend(draft.changes.iter().filter(|other| is_needed(&other.id)));
        }
    }
    for (i, change) in draft.changes.iter().enumerate() {
        if !needed.contains(change.id.as_str()) {
            let message = format!(
                "`{}` serves no point of the request, and nothing that does depends on it",
                change.id
            );
            log.soft("C2", &format!("/changes/{i}/covers"), message);
        }
    }
}

fn ids(draft: &Draft) -> Vec<(String, &str)> {
    let mut ids = Vec::new();
    let mut add = |list: &str, i: usize, id| ids.push((format!("{list}/{i}/id"), id));
    let understanding = &draft.understanding;
    for (i, point) in understanding.request_points.iter().enumerate() {
        add("/understanding/request_points", i, &*point.id);
    }
    for (i, assumption) in understanding.assumptions.iter().enumerate() {
        add("/understanding/assumptions", i, &*assumption.id);
    }
    for (i, question) in understanding.open_questions.iter().enumerate() {
        add("/understanding/open_questions", i, &*question.id);
    }
    for (i, decision) in draft.decisions.iter().enumerate() {
        add("/decisions", i, &*decision.id);
    }
    for (i, change) in draft.changes.iter().enumerate() {
        add("/changes", i, &*change.id);
    }
    for (i, step) in draft.steps.iter().enumerate() {
        add("/steps", i, &*step.id);
    }
    ids
}

fn check_references(claims: &[String], known: &[&str], at: &str, log: &mut Log) {
    for (j, claimed) in claims.iter().enumerate() {
        if !known.contains(&claimed.as_str()) {
            let message = format!("no part of this plan is called `{claimed}`");
            let candidates = known.iter().map(|id| (*id).to_owned()).collect();
            log.hard("S3", &format!("{at}/{j}"), message, candidates);
        }
    }
}

/// Whether an open question or an exclusion names the point.
fn is_mentioned(draft: &Draft, id: &str) -> bool {
    let questions = draft.understanding.open_questions.iter();
    questions
        .flat_map(|open| [&open.question, &open.why, &open.default_taken])
        .chain(&draft.out_of_scope)
        .any(|text| {
            text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_')
                .any(|word| word == id)
        })
}

/// The dependencies (change, position in its list) that are part of a cycle and go against the order
/// of steps and changes. Every cycle has such a one, and it is the likeliest mistake.
fn closing_edges(draft: &Draft, positions: &HashMap<String, usize>) -> Vec<(usize, usize)> {
    let needs: Vec<Vec<Option<usize>>> = (draft.changes.iter())
        .map(|change| {
            let needed = change.depends_on.iter();
            needed.map(|id| positions.get(id).copied()).collect()
        })
        .collect();
    let order = |change: usize| {
        let id = draft.changes.get(change).map(|change| &change.id);
        let step =
            (draft.steps.iter()).position(|step| id.is_some_and(|id| step.changes.contains(id)));
        (step.unwrap_or(usize::MAX), change)
    };
    let edges = (needs.iter().enumerate()).flat_map(|(change, needed)| {
        let needed = needed.iter().enumerate();
        needed.filter_map(move |(j, needed)| Some((change, j, (*needed)?)))
    });
    edges
        .filter(|(change, _, needed)| order(*needed) >= order(*change))
        .filter(|(change, _, needed)| reaches(&needs, *needed, *change))
        .map(|(change, j, _)| (change, j))
        .collect()
}

/// Whether `from` is `to`, or needs it directly or through others.
fn reaches(needs: &[Vec<Option<usize>>], from: usize, to: usize) -> bool {
    let mut seen = HashSet::from([from]);
    let mut open = vec![from];
    while let Some(change) = open.pop() {
        if change == to {
            return true;
        }
        let needed = needs.get(change).into_iter().flatten().flatten();
        open.extend(needed.filter(|needed| seen.insert(**needed)));
    }
    false
}

/// Puts the steps into the first order that respects the dependencies, keeping theirs where it does.
fn check_step_order(draft: &mut Draft, log: &mut Log) {
    let needs = step_needs(draft);
    let mut order: Vec<usize> = Vec::with_capacity(needs.len());
    while order.len() < needs.len() {
        let ready = needs.iter().enumerate().position(|(step, needs)| {
            !order.contains(&step) && needs.iter().all(|needed| order.contains(needed))
        });
        let Some(ready) = ready else {
            let message = "the steps need each other: split them along the dependencies".to_owned();
            log.hard("S3", "/steps", message, Vec::new());
            return;
        };
        order.push(ready);
    }
    if order.is_sorted() {
        return;
    }
    let steps = (order.iter()).filter_map(|step| draft.steps.get(*step).cloned());
    let mut steps: Vec<_> = steps.collect();
    if draft
        .steps
        .iter()
        .enumerate()
        .all(|(i, step)| step.id == format!("T{}", i + 1))
    {
        for (i, step) in steps.iter_mut().enumerate() {
            step.id = format!("T{}", i + 1);
        }
    }
    draft.steps = steps;
    let message = "a step came before what it depends on; the steps were put in order".to_owned();
    log.fixed("S3", "/steps", message);
}

/// For each step, the steps that must come before it.
fn step_needs(draft: &Draft) -> Vec<Vec<usize>> {
    let first_step = |id: &String| (draft.steps.iter()).position(|step| step.changes.contains(id));
    (draft.steps.iter().enumerate())
        .map(|(position, step)| {
            (draft.changes.iter())
                .filter(|change| step.changes.contains(&change.id))
                .filter(|change| first_step(&change.id) == Some(position))
                .flat_map(|change| &change.depends_on)
                .filter_map(first_step)
                .filter(|needed| *needed != position)
                .collect()
        })
        .collect()
}
