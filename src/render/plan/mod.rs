//! A verified plan as a comment: what to know at a glance, then the details, folded.

mod details;
mod folds;
mod prompt;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::document::References;
use crate::domain::plan::{Change, Plan, PlanId, Target};
use crate::render::limit::Fold;
use crate::render::messages;
use crate::render::page::Frame;
use crate::render::receipt;

/// A plan and its steps, each with the changes that it is the first to name.
pub(super) struct Planned<'a> {
    plan: &'a Plan,
    references: References,
    parts: Vec<Part<'a>>,
}

/// A step, or the changes that belong to none.
struct Part<'a> {
    id: &'a str,
    title: &'a str,
    detail: &'a str,
    changes: Vec<&'a Change>,
    /// Changes that an earlier step names too.
    repeated: Vec<&'a Change>,
}

impl<'a> Planned<'a> {
    /// Sorts the changes of a plan to its steps.
    pub(super) fn new(plan: &'a Plan, references: References) -> Self {
        let changes: BTreeMap<&PlanId, &Change> = plan
            .changes
            .iter()
            .map(|change| (&change.id, change))
            .collect();
        let mut placed: BTreeSet<&PlanId> = BTreeSet::new();
        let mut parts: Vec<_> = (plan.steps.iter())
            .map(|step| {
                let known = step
                    .changes
                    .iter()
                    .filter_map(|id| changes.get(id).copied());
                let (first, repeated) = known.partition(|change| placed.insert(&change.id));
                Part {
                    id: step.id.as_str(),
                    title: &step.title,
                    detail: &step.detail,
                    changes: first,
                    repeated,
                }
            })
            .collect();
        let other = plan
            .changes
            .iter()
            .filter(|change| !placed.contains(&change.id));
        let other: Vec<_> = other.collect();
        if !other.is_empty() {
            parts.push(Part {
                id: "",
                title: messages::OTHER_CHANGES,
                detail: "",
                changes: other,
                repeated: Vec::new(),
            });
        }
        Self {
            plan,
            references,
            parts,
        }
    }

    /// How many parts can be left out one by one.
    pub(super) fn steps(&self) -> usize {
        self.parts.len()
    }

    /// The comment without its marker, to the frame's extent.
    pub(super) fn render(&self, frame: &Frame<'_>) -> String {
        let folds = [
            Fold::Findings,
            Fold::Assumptions,
            Fold::Dependencies,
            Fold::Risks,
            Fold::Notes,
            Fold::Prompt,
            Fold::Receipt,
        ];
        let bodies = folds.map(|fold| (fold, self.fold(frame, fold)));
        let is_present = |fold| {
            bodies
                .iter()
                .any(|(known, body)| *known == fold && !body.is_empty())
        };
        let mut page = frame.page();
        page.title(messages::PLAN);
        page.paragraph(&self.status(frame));
        let notice = frame.extent.notice(self.steps(), is_present);
        page.paragraph(&notice.unwrap_or_default());
        page.append(&self.request(frame));
        page.section(messages::DECISIONS, &self.decisions(frame));
        page.section(messages::STEPS, &self.step_list(frame));
        page.section(messages::IMPACT, &self.impact(frame));
        page.fold(messages::DETAILS, &self.details(frame));
        for (fold, body) in &bodies {
            if frame.extent.has(*fold) {
                page.fold(fold.title(), body);
            }
        }
        page.into_markdown()
    }

    fn fold(&self, frame: &Frame<'_>, fold: Fold) -> String {
        match fold {
            Fold::Prompt => self.prompt(frame),
            Fold::Notes => self.notes(frame),
            Fold::Findings => self.findings(frame),
            Fold::Risks => self.risks(frame),
            Fold::Assumptions => self.assumptions(frame),
            Fold::Dependencies => self.dependencies(frame),
            Fold::Receipt => receipt::render(frame),
        }
    }
}

/// Where a change is made: the places found in the file, else the file.
fn places(change: &Change) -> impl Iterator<Item = &Target> {
    let found = |target: &&Target| matches!(target, Target::Verified { .. });
    let anchors = change.anchors.iter().map(|anchor| &anchor.target);
    let has_anchors = anchors.clone().any(|target| found(&target));
    let file = (!has_anchors).then_some(&change.target);
    anchors.filter(found).chain(file)
}
