//! A model's corrections to its own draft, and how they are worked in.

mod evidence;

use serde::{Deserialize, Serialize};

use crate::planner::answer::read_answer;
use crate::planner::draft::{Change, Draft, DraftError, OpenQuestion, Step};

pub(in crate::planner) use evidence::{change_of, places};

/// The schema of [`Repair`].
pub(in crate::planner) const SCHEMA: &str = include_str!("../repair.schema.json");

/// Corrections: only what changes, so that what was right stays right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::planner) struct Repair {
    /// Changes in full, by id; those with an unknown id are added.
    pub(in crate::planner) replace: Vec<Change>,
    /// Changes given up.
    pub(in crate::planner) drop: Vec<Dropped>,
    /// All steps, when they have to change.
    pub(in crate::planner) steps: Vec<Step>,
    /// Questions to add.
    pub(in crate::planner) open_questions: Vec<OpenQuestion>,
}

/// A change given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::planner) struct Dropped {
    /// Its id.
    pub(in crate::planner) id: String,
    /// Why.
    pub(in crate::planner) reason: String,
}

/// Reads corrections and works them into `draft`. A model that sends the whole plan instead is taken
/// at its word.
///
/// # Errors
/// When the answer is neither.
pub(in crate::planner) fn read_repair(draft: &Draft, text: &str) -> Result<Draft, DraftError> {
    match read_answer::<Repair>(text) {
        Ok(repair) => Ok(apply(draft.clone(), repair)),
        Err(error) => read_answer::<Draft>(text).map_err(|_| error),
    }
}

fn apply(mut draft: Draft, repair: Repair) -> Draft {
    for change in repair.replace {
        match draft.changes.iter_mut().find(|old| old.id == change.id) {
            Some(old) => *old = change,
            None => draft.changes.push(change),
        }
    }
    if !repair.steps.is_empty() {
        draft.steps = repair.steps;
    }
    let questions = &mut draft.understanding.open_questions;
    for mut question in repair.open_questions {
        if questions.iter().any(|old| old.id == question.id) {
            question.id = format!("Q{}", questions.len() + 1);
        }
        questions.push(question);
    }
    for dropped in repair.drop {
        remove_change(&mut draft, &dropped.id);
    }
    draft
}

/// Takes a change out, and every reference to it; steps that lose their only change go too.
pub(in crate::planner) fn remove_change(draft: &mut Draft, id: &str) {
    draft.changes.retain(|change| change.id != id);
    for change in &mut draft.changes {
        change.depends_on.retain(|other| other != id);
    }
    for dependency in &mut draft.dependencies {
        dependency.used_by.retain(|other| other != id);
    }
    for risk in &mut draft.risks {
        risk.changes.retain(|other| other != id);
    }
    draft.steps.retain_mut(|step| {
        let had = !step.changes.is_empty();
        step.changes.retain(|other| other != id);
        !(had && step.changes.is_empty())
    });
}

#[cfg(test)]
mod tests;
