//! What is done to a draft to take out of it what is false.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::planner::draft::{Draft, SideEffect, Step};
use crate::planner::repair::remove_change;
use crate::planner::verify::{Finding, without_rollout};

/// Longest title given to a step that we add, in characters.
const MAX_TITLE_CHARACTERS: usize = 80;

/// Says of a point that nothing answers it.
pub(super) fn leave_open(draft: &mut Draft, position: usize) {
    let points = &draft.understanding.request_points;
    if let Some(point) = points.get(position) {
        let text = format!("{}: no change of this plan answers it.", point.id);
        draft.out_of_scope.push(text);
    }
}

/// Names the files of a finding as affected, as far as is known: that they use what changes.
pub(super) fn add_effects(draft: &mut Draft, position: usize, finding: &Finding) {
    let Some(change) = draft.changes.get_mut(position) else {
        return;
    };
    let name = finding.message.split('`').nth(1).unwrap_or_default();
    let effects = finding.candidates.iter().map(|path| SideEffect {
        path: path.clone(),
        symbol: String::new(),
        effect: format!("It refers to `{name}`, which goes or changes here."),
        action: "See whether it must follow.".to_owned(),
    });
    change.side_effects.extend(effects);
}

/// Takes the sentences about tests and delivery out of the texts at `pointers`.
pub(super) fn cut_sentences(draft: Draft, pointers: &[&str]) -> Draft {
    if pointers.is_empty() {
        return draft;
    }
    let Ok(mut value) = serde_json::to_value(&draft) else {
        return draft;
    };
    for pointer in pointers {
        if let Some(Value::String(text)) = value.pointer_mut(pointer) {
            *text = without_rollout(text);
        }
    }
    serde_json::from_value(value).unwrap_or(draft)
}

/// Removes changes that say nothing any more, and steps that neither say nor do anything.
pub(super) fn remove_silent(draft: &mut Draft) {
    let silent = draft.changes.iter().enumerate();
    let silent = silent.filter(|(_, change)| change.what.trim().is_empty());
    let silent: BTreeSet<_> = silent.map(|(position, _)| position).collect();
    remove_changes(draft, &silent);
    draft.steps.retain_mut(|step| {
        if step.title.is_empty() {
            step.title = title(&step.detail);
        }
        let is_silent = step.title.is_empty() && step.changes.is_empty();
        if step.title.is_empty() {
            step.title = step.changes.join(", ");
        }
        !is_silent
    });
}

/// The first sentence of a text, as a title.
fn title(text: &str) -> String {
    let first = text.split(". ").next().unwrap_or_default();
    first.chars().take(MAX_TITLE_CHARACTERS).collect()
}

/// Removes entries of lists, deepest lists and last entries first. Findings lose with their last
/// evidence what made them facts, and go too.
pub(super) fn remove_entries(
    before: &Draft,
    entries: impl Iterator<Item = (String, usize)>,
) -> Draft {
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
pub(super) fn remove_changes(draft: &mut Draft, positions: &BTreeSet<usize>) {
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

pub(super) fn add_step(draft: &mut Draft, position: usize) {
    let Some(change) = draft.changes.get(position) else {
        return;
    };
    let step = Step {
        id: String::new(),
        title: title(&change.what),
        detail: change.what.clone(),
        changes: vec![change.id.clone()],
    };
    draft.steps.push(step);
    renumber_lists(draft);
}

/// Gives the entries of all lists that nothing refers to their usual ids.
pub(super) fn renumber_lists(draft: &mut Draft) {
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
