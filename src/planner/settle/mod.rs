//! The last word on a draft: what is still false is taken out or left marked, and what remains is
//! published or not.

mod alter;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::domain::plan::{self, Target};
use crate::planner::draft::Draft;
use crate::planner::verify::{Finding, FindingClass, Ground, Verification, verify};
use alter::{
    add_effects, add_step, cut_sentences, leave_open, remove_changes, remove_entries,
    remove_silent, renumber_lists,
};

/// Taking one thing out can leave references to it, which the next pass takes out.
const MAX_PASSES: usize = 4;

/// Share of paths, symbols and quotes that must have been found, in percent.
const MIN_LOCATED_PERCENT: usize = 95;

/// Names that could not be found and are told one by one.
const MAX_DOUBTS: usize = 10;

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
    notes.extend(doubts(&verification));
    Settled {
        verification,
        notes,
    }
}

/// Whether a plan may be shown: nothing false but marked anchors, a real place, nearly everything
/// found. (That every point is covered or openly left is a hard check.)
pub(in crate::planner) fn is_publishable(verification: &Verification) -> bool {
    let only_marked = hard(verification).all(|finding| finding.at.contains("/anchors/"));
    let placed = verification.plan.changes.iter().any(is_placed);
    let located = verification.located;
    let says_something = placed || is_answer(verification);
    only_marked && says_something && located.verified * 100 >= located.total * MIN_LOCATED_PERCENT
}

/// Whether a plan without changes answers a request that only asks, by what the code shows.
fn is_answer(verification: &Verification) -> bool {
    let plan = &verification.plan;
    let shown = |target: &Target| matches!(target, Target::Verified { .. });
    // What reviewers wait for stays theirs to ask, whatever else is.
    let asked = plan
        .request_points
        .iter()
        .filter(|one| one.review.is_none());
    let only_asks = asked
        .map(|point| &point.kind)
        .all(|kind| kind == "question");
    let mut evidence = plan.findings.iter().flat_map(|finding| &finding.evidence);
    plan.changes.is_empty() && only_asks && evidence.any(shown)
}

/// Whether a change has a real place: lines of a file, a free place for one, or a file as a whole.
fn is_placed(change: &plan::Change) -> bool {
    let is_found = |target: &Target| matches!(target, Target::Verified { .. });
    match change.operation {
        plan::Operation::Add => matches!(change.target, Target::New { .. }),
        plan::Operation::Delete | plan::Operation::Rename => is_found(&change.target),
        plan::Operation::Modify => {
            change.anchors.iter().any(|anchor| is_found(&anchor.target))
                || matches!(change.target, Target::New { .. })
        }
    }
}

/// Names in sentences and imports that nobody could find: they stay, and are told.
fn doubts(verification: &Verification) -> Vec<String> {
    let findings = verification.findings.iter();
    let doubts = findings.filter(|finding| {
        finding.class == FindingClass::Soft && matches!(finding.check, "G7" | "G9")
    });
    doubts
        .take(MAX_DOUBTS)
        .map(|finding| format!("not found: {}", finding.message))
        .collect()
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
    /// Take the sentences about tests and delivery out of this text.
    CutSentences,
    /// Name these files as affected by the change at this position.
    AddEffects(usize),
    /// Say that the point at this position is left open.
    LeaveOpen(usize),
}

/// What is to be done to a draft, gathered from all findings.
#[derive(Default)]
struct Cure<'f> {
    /// Entries of lists: deepest lists and last entries first.
    entries: BTreeSet<(Reverse<usize>, String, Reverse<usize>)>,
    changes: BTreeSet<usize>,
    orphans: Vec<usize>,
    cut: Vec<&'f str>,
    affected: Vec<(usize, &'f Finding)>,
    open: Vec<usize>,
    renumber: bool,
}

impl<'f> Cure<'f> {
    /// Adds a remedy and returns what it does, in words.
    fn add(&mut self, remedy: Remedy, finding: &'f Finding) -> &'static str {
        match remedy {
            Remedy::Remove(list, position) => {
                let depth = list.matches('/').count();
                self.entries
                    .insert((Reverse(depth), list, Reverse(position)));
                "left out"
            }
            Remedy::RemoveChange(position) => {
                self.changes.insert(position);
                "left out a change"
            }
            Remedy::AddStep(position) => {
                self.orphans.push(position);
                "added a step"
            }
            Remedy::Renumber => {
                self.renumber = true;
                "renumbered"
            }
            Remedy::CutSentences => {
                self.cut.push(&finding.at);
                "left out a sentence"
            }
            Remedy::LeaveOpen(position) => {
                self.open.push(position);
                "left open"
            }
            Remedy::AddEffects(position) => {
                self.affected.push((position, finding));
                "added to what is affected"
            }
        }
    }

    fn apply(self, before: &Draft) -> Draft {
        let mut draft = before.clone();
        for (position, finding) in self.affected {
            add_effects(&mut draft, position, finding);
        }
        let entries = self.entries.into_iter();
        let entries = entries.map(|(_, list, position)| (list, position.0));
        draft = remove_entries(&cut_sentences(draft, &self.cut), entries);
        for position in self.orphans {
            add_step(&mut draft, position);
        }
        for position in self.open {
            leave_open(&mut draft, position);
        }
        if self.renumber {
            renumber_lists(&mut draft);
        }
        remove_changes(&mut draft, &self.changes);
        if !self.cut.is_empty() {
            remove_silent(&mut draft);
        }
        draft
    }
}

/// The draft without what is false in it, and a sentence for each thing taken out; `None` when there
/// is nothing that could be.
fn take_out(verification: &Verification) -> Option<(Draft, Vec<String>)> {
    let mut notes = Vec::new();
    let mut cure = Cure::default();
    for finding in hard(verification) {
        if let Some(remedy) = remedy(finding, verification) {
            let done = cure.add(remedy, finding);
            notes.push(format!("{done}: {}", finding.message));
        }
    }
    (!notes.is_empty()).then(|| (cure.apply(&verification.file.draft), notes))
}

fn remedy(finding: &Finding, verification: &Verification) -> Option<Remedy> {
    let segments: Vec<_> = finding.at.split('/').skip(1).collect();
    let number = |at: usize| segments.get(at)?.parse::<usize>().ok();
    match (segments.as_slice(), finding.check) {
        (["changes", _, "side_effects"], "I1") => number(1).map(Remedy::AddEffects),
        (["decisions", _, _], "R5") => Some(Remedy::Remove("/decisions".to_owned(), number(1)?)),
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
        (_, "R2") => Some(Remedy::CutSentences),
        (["understanding", "request_points", _], "C1") => {
            // What reviewers wait for was asked in a place of its own, where it stays to be seen.
            let resolved = verification.file.resolved.as_ref()?;
            let is_review = resolved.reviews.contains_key(&finding.at);
            is_review
                .then(|| number(2).map(Remedy::LeaveOpen))
                .flatten()
        }
        (_, "C1") => None,
        ([.., _], _) => {
            let (list, position) = finding.at.rsplit_once('/')?;
            Some(Remedy::Remove(list.to_owned(), position.parse().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
