//! The last word on a draft: what is still false is taken out or left marked, and what remains is
//! published or not.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::plan::Target;
use crate::planner::draft::{Draft, Step};
use crate::planner::repair::remove_change;
use crate::planner::verify::{Finding, FindingClass, Ground, Verification, verify};

/// Taking one thing out can leave references to it, which the next pass takes out.
const MAX_PASSES: usize = 4;

/// Share of paths, symbols and quotes that must have been found, in percent.
const MIN_LOCATED_PERCENT: usize = 95;

/// Longest title given to a step that we add, in characters.
const MAX_TITLE_CHARACTERS: usize = 80;

/// A draft after everything that can be taken out was.
#[derive(Debug)]
pub(in crate::planner) struct Settled {
    /// The last check.
    pub(in crate::planner) verification: Verification,
    /// What was changed, a sentence each.
    pub(in crate::planner) notes: Vec<String>,
}

/// Takes false claims out of a checked draft until none is left or none can be.
pub(in crate::planner) fn settle(mut verification: Verification, ground: &Ground<'_>) -> Settled {
    let mut notes = fixes(&verification);
    for _ in 0..MAX_PASSES {
        let Some((draft, taken)) = take_out(&verification) else {
            break;
        };
        notes.extend(taken);
        verification = verify(&draft, ground);
        notes.extend(fixes(&verification));
    }
    Settled {
        verification,
        notes,
    }
}

/// Whether a plan may be shown: nothing false but marked anchors, a real place, nearly everything
/// found. (That every point is covered or openly left is a hard check.)
pub(in crate::planner) fn is_publishable(verification: &Verification) -> bool {
    let only_marked = hard(verification).all(|finding| finding.at.contains("/anchors/"));
    let placed = (verification.plan.changes.iter())
        .any(|change| !matches!(change.target, Target::Unverified { .. }));
    let located = verification.located;
    let says_something = placed || is_answer(verification);
    only_marked && says_something && located.verified * 100 >= located.total * MIN_LOCATED_PERCENT
}

/// Whether a plan without changes answers a request that only asks, by what the code shows.
fn is_answer(verification: &Verification) -> bool {
    let plan = &verification.plan;
    let shown = |target: &Target| matches!(target, Target::Verified { .. });
    let only_asks = plan
        .request_points
        .iter()
        .all(|point| point.kind == "question");
    let mut evidence = plan.findings.iter().flat_map(|finding| &finding.evidence);
    plan.changes.is_empty() && only_asks && evidence.any(shown)
}

fn hard(verification: &Verification) -> impl Iterator<Item = &Finding> {
    let findings = verification.findings.iter();
    findings.filter(|finding| finding.class == FindingClass::Hard)
}

fn fixes(verification: &Verification) -> Vec<String> {
    (verification.findings.iter())
        .filter(|finding| finding.class == FindingClass::Fixed)
        .map(|finding| format!("put right: {}", finding.message))
        .collect()
}

/// What to do about one hard finding.
enum Remedy {
    /// Remove this entry of this list.
    Remove(String, usize),
    /// Remove the change at this position.
    RemoveChange(usize),
    /// Give the change at this position a step of its own.
    AddStep(usize),
    /// Give the entries of the lists that nothing refers to new ids.
    Renumber,
}

/// The draft without what is false in it, and a sentence for each thing taken out; `None` when there
/// is nothing that could be.
fn take_out(verification: &Verification) -> Option<(Draft, Vec<String>)> {
    let before = &verification.file.draft;
    let mut notes = Vec::new();
    let mut entries = BTreeSet::new();
    let mut changes = BTreeSet::new();
    let mut orphans = Vec::new();
    let mut renumber = false;
    for finding in hard(verification) {
        let Some(remedy) = remedy(finding, verification) else {
            continue;
        };
        let verb = match remedy {
            Remedy::Remove(list, position) => {
                let depth = list.matches('/').count();
                entries.insert((std::cmp::Reverse(depth), list, std::cmp::Reverse(position)));
                "left out"
            }
            Remedy::RemoveChange(position) => {
                changes.insert(position);
                "left out a change"
            }
            Remedy::AddStep(position) => {
                orphans.push(position);
                "added a step"
            }
            Remedy::Renumber => {
                renumber = true;
                "renumbered"
            }
        };
        notes.push(format!("{verb}: {}", finding.message));
    }
    if notes.is_empty() {
        return None;
    }
    let removed = entries
        .into_iter()
        .map(|(_, list, position)| (list, position.0));
    let mut draft = remove_entries(before, removed);
    for position in orphans {
        add_step(&mut draft, position);
    }
    if renumber {
        renumber_lists(&mut draft);
    }
    remove_changes(&mut draft, &changes);
    Some((draft, notes))
}

fn remedy(finding: &Finding, verification: &Verification) -> Option<Remedy> {
    let segments: Vec<_> = finding.at.split('/').skip(1).collect();
    let number = |at: usize| segments.get(at)?.parse::<usize>().ok();
    match (segments.as_slice(), finding.check) {
        (["changes", _, "path" | "new_path"], _) => number(1).map(Remedy::RemoveChange),
        (["changes", _, "id"], _) => number(1).map(Remedy::RemoveChange),
        (["changes", _], "S3") => number(1).map(Remedy::AddStep),
        (["changes", change, "anchors", ..], _) => {
            let list = format!("/changes/{change}/anchors");
            let places = verification.file.resolved.as_ref().map(|all| &all.places)?;
            let another = places.keys().any(|at| {
                at.strip_prefix(&list)
                    .is_some_and(|rest| rest.starts_with('/'))
            });
            let position = number(3)?;
            another.then_some(Remedy::Remove(list, position))
        }
        (["understanding", "request_points", _, "id"], _) => Some(Remedy::Remove(
            "/understanding/request_points".to_owned(),
            number(2)?,
        )),
        ([.., "id"], _) => Some(Remedy::Renumber),
        (_, "C1") => None,
        ([.., _], _) => {
            let (list, position) = finding.at.rsplit_once('/')?;
            Some(Remedy::Remove(list.to_owned(), position.parse().ok()?))
        }
        _ => None,
    }
}

/// Removes entries of lists, deepest lists and last entries first. Findings lose with their last
/// evidence what made them facts, and go too.
fn remove_entries(before: &Draft, entries: impl Iterator<Item = (String, usize)>) -> Draft {
    let Ok(mut value) = serde_json::to_value(before) else {
        return before.clone();
    };
    for (list, position) in entries {
        if let Some(Value::Array(items)) = value.pointer_mut(&list)
            && position < items.len()
        {
            items.remove(position);
        }
    }
    let Ok(mut after) = serde_json::from_value::<Draft>(value) else {
        return before.clone();
    };
    let mut cited = before
        .findings
        .iter()
        .map(|finding| !finding.evidence.is_empty());
    after
        .findings
        .retain(|finding| !(cited.next().unwrap_or(false) && finding.evidence.is_empty()));
    after
}

/// Taken by position, because ids may be used twice: the first of two changes with one id stays, and
/// so do the references to it.
fn remove_changes(draft: &mut Draft, positions: &BTreeSet<usize>) {
    for position in positions.iter().rev() {
        if *position >= draft.changes.len() {
            continue;
        }
        let removed = draft.changes.remove(*position);
        if !draft.changes.iter().any(|change| change.id == removed.id) {
            remove_change(draft, &removed.id);
        }
    }
}

fn add_step(draft: &mut Draft, position: usize) {
    let Some(change) = draft.changes.get(position) else {
        return;
    };
    let first = change.what.split(". ").next().unwrap_or_default();
    let title: String = first.chars().take(MAX_TITLE_CHARACTERS).collect();
    let step = Step {
        id: String::new(),
        title,
        detail: change.what.clone(),
        changes: vec![change.id.clone()],
    };
    draft.steps.push(step);
    renumber_lists(draft);
}

/// Gives the entries of all lists that nothing refers to their usual ids.
fn renumber_lists(draft: &mut Draft) {
    let understanding = &mut draft.understanding;
    for (i, assumption) in (1..).zip(&mut understanding.assumptions) {
        assumption.id = format!("A{i}");
    }
    for (i, question) in (1..).zip(&mut understanding.open_questions) {
        question.id = format!("Q{i}");
    }
    for (i, decision) in (1..).zip(&mut draft.decisions) {
        decision.id = format!("D{i}");
    }
    for (i, step) in (1..).zip(&mut draft.steps) {
        step.id = format!("T{i}");
    }
}

#[cfg(test)]
mod tests;
