//! Gives the parts of a settled draft their names, wherever they are used.

use crate::domain::plan::{Plan, PlanId};
use crate::domain::revision::{Highest, Names, choose_names};
use crate::planner::assemble::assemble;
use crate::planner::draft::Draft;
use crate::planner::settle::Settled;
use crate::planner::verify::visit_sentences;

/// Names the parts of a plan in which no name stands for two things: as they are called in the `earlier`
/// plan of the thread, or by numbers that the thread has not `used`.
pub(in crate::planner) fn name_parts(settled: &mut Settled, earlier: &Plan, used: Highest) {
    let verification = &mut settled.verification;
    let mut names = choose_names(earlier, &verification.plan, used);
    let draft = &mut verification.file.draft;
    name_lists(draft, &mut names);
    rename(draft, &names);
    let resolved = verification.file.resolved.clone().unwrap_or_default();
    verification.plan = assemble(draft, &resolved);
    for note in &mut settled.notes {
        rename_words(note, &names);
    }
}

/// Assumptions and open questions are counted; nothing but sentences names them.
fn name_lists(draft: &Draft, names: &mut Names) {
    let mut add = |old: &str, prefix, position| {
        if let Some(old) = PlanId::find(old) {
            names.add(old, PlanId::numbered(prefix, position));
        }
    };
    let understanding = &draft.understanding;
    for (position, assumption) in (1..).zip(&understanding.assumptions) {
        add(&assumption.id, 'A', position);
    }
    for (position, open) in (1..).zip(&understanding.open_questions) {
        add(&open.id, 'Q', position);
    }
}

fn rename(draft: &mut Draft, names: &Names) {
    let understanding = &mut draft.understanding;
    let points = understanding.request_points.iter_mut();
    let points = points.map(|point| &mut point.id);
    let assumptions = understanding.assumptions.iter_mut();
    let assumptions = assumptions.map(|assumption| &mut assumption.id);
    let questions = understanding.open_questions.iter_mut();
    let questions = questions.map(|open| &mut open.id);
    let decisions = draft.decisions.iter_mut().map(|decision| &mut decision.id);
    let used = draft
        .dependencies
        .iter_mut()
        .flat_map(|one| &mut one.used_by);
    let risky = draft.risks.iter_mut().flat_map(|risk| &mut risk.changes);
    let mut ids: Vec<&mut String> = points
        .chain(assumptions)
        .chain(questions)
        .chain(decisions)
        .chain(used)
        .chain(risky)
        .collect();
    for change in &mut draft.changes {
        ids.push(&mut change.id);
        ids.extend(&mut change.covers);
        ids.extend(&mut change.depends_on);
    }
    for step in &mut draft.steps {
        ids.push(&mut step.id);
        ids.extend(&mut step.changes);
    }
    for id in ids {
        if let Some(name) = names.find(id) {
            name.as_str().clone_into(id);
        }
    }
    visit_sentences(draft, &mut |sentence| rename_words(sentence, names));
}

/// Names in sentences are words of their own.
fn rename_words(text: &mut String, names: &Names) {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut renamed = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        renamed.push_str(before);
        renamed.push_str(names.find(word).map_or(word, PlanId::as_str));
        rest = after;
    }
    renamed.push_str(rest);
    *text = renamed;
}
