//! The steps of a plan, a line each, with links to the places that they change.

use std::collections::HashMap;

use crate::domain::plan::{Change, Plan, PlanId, ReviewLink, Step, Target};
use crate::render::escape::{inline, inline_up_to};
use crate::render::limit::{Kind, Section, nested};
use crate::render::links::{Links, push_formatted};
use crate::render::messages;

/// Most places linked in a step's line; the details have them all.
const PLACES: usize = 4;

/// Most conversations of reviewers linked in a step; the points of the request link all.
const ANSWERED: usize = 4;

/// Plans of more changes have their steps in one line each: the list itself says what is done.
const TOLD_CHANGES: usize = 6;

/// Most characters told of what a step does.
const TOLD_CHARACTERS: usize = 320;

/// Most characters of a step's title.
const TITLE_CHARACTERS: usize = 300;

/// The steps, and changes that no step makes.
pub(super) fn section(plan: &Plan, links: &Links) -> Section {
    let mut section = Section::headed(links.words.steps);
    let links = &links.brief();
    let is_told = plan.changes.len() <= TOLD_CHANGES;
    for group in groups(plan) {
        match group.step {
            Some(step) => section.item(Kind::Step, |out| {
                push_step(out, step, &group, links);
                push_answers(out, answered(plan, step), links);
                if is_told {
                    nested(out, |out| {
                        inline_up_to(out, told(step, &group), TOLD_CHARACTERS);
                    });
                }
            }),
            None => {
                for change in &group.changes {
                    section.item(Kind::Step, |out| push_lone_change(out, change, links));
                }
            }
        }
    }
    section
}

/// What a step does: its one change, which is more exact, or what is said of all of them.
fn told<'a>(step: &'a Step, group: &Group<'a>) -> &'a str {
    match group.changes.as_slice() {
        [change] if !change.what.trim().is_empty() => &change.what,
        _ => &step.detail,
    }
}

/// A step with the changes that it makes and that no step before it made.
pub(super) struct Group<'a> {
    /// The step; `None` for changes of no step.
    pub(super) step: Option<&'a Step>,
    /// Its changes that are told with it.
    pub(super) changes: Vec<&'a Change>,
    /// Other changes that it names: told with an earlier step, or not existing.
    pub(super) others: Vec<Other<'a>>,
}

/// A change that a step names and that is not told with it.
pub(super) struct Other<'a> {
    /// Its name.
    pub(super) id: &'a PlanId,
    /// Whether the plan has it.
    pub(super) exists: bool,
}

/// All changes of a plan, each once, by the first step that makes it.
pub(super) fn groups(plan: &Plan) -> Vec<Group<'_>> {
    let mut by_id: HashMap<&PlanId, usize> = HashMap::new();
    for (position, change) in plan.changes.iter().enumerate() {
        by_id.entry(&change.id).or_insert(position);
    }
    let mut left: Vec<Option<&Change>> = plan.changes.iter().map(Some).collect();
    let mut groups = Vec::new();
    for step in &plan.steps {
        let mut group = Group {
            step: Some(step),
            changes: Vec::new(),
            others: Vec::new(),
        };
        for id in &step.changes {
            let slot = by_id.get(id).and_then(|position| left.get_mut(*position));
            let exists = slot.is_some();
            match slot.and_then(Option::take) {
                Some(change) => group.changes.push(change),
                None => group.others.push(Other { id, exists }),
            }
        }
        groups.push(group);
    }
    let changes: Vec<_> = left.into_iter().flatten().collect();
    if !changes.is_empty() {
        groups.push(Group {
            step: None,
            changes,
            others: Vec::new(),
        });
    }
    groups
}

/// Appends a name of the plan's own, in bold.
pub(super) fn push_id(out: &mut String, id: &PlanId) {
    out.push_str("**");
    inline(out, id.as_str());
    out.push_str("** ");
}

/// The reviewers' conversations that the changes of a step answer, each once.
fn answered<'p>(plan: &'p Plan, step: &Step) -> Vec<&'p ReviewLink> {
    let changes = plan.changes.iter();
    let changes: Vec<_> = changes
        .filter(|change| step.changes.contains(&change.id))
        .collect();
    let covers = |id: &PlanId| changes.iter().any(|change| change.covers.contains(id));
    let points = plan.request_points.iter().filter(|point| covers(&point.id));
    points.filter_map(|point| point.review.as_ref()).collect()
}

fn push_answers(out: &mut String, answered: Vec<&ReviewLink>, links: &Links) {
    let more = answered.len().saturating_sub(ANSWERED);
    nested(out, |out| {
        for (position, review) in answered.into_iter().take(ANSWERED).enumerate() {
            out.push_str(if position > 0 {
                "; "
            } else {
                messages::reviews::ANSWERS
            });
            links.review(out, review);
        }
        if more > 0 {
            out.push_str(&messages::and_more(more));
        }
    });
}

fn push_step(out: &mut String, step: &Step, group: &Group<'_>, links: &Links) {
    push_id(out, &step.id);
    push_title(out, &step.title);
    let mut separator = ": ";
    let places: Vec<_> = group
        .changes
        .iter()
        .flat_map(|change| places(change))
        .collect();
    if !places.is_empty() {
        out.push_str(separator);
        links.targets(out, places.into_iter(), PLACES);
        separator = ", ";
    }
    for other in &group.others {
        out.push_str(separator);
        inline(out, other.id.as_str());
        if !other.exists {
            push_formatted(out, format_args!(" ({})", messages::UNKNOWN_CHANGE));
        }
        separator = ", ";
    }
}

fn push_lone_change(out: &mut String, change: &Change, links: &Links) {
    push_id(out, &change.id);
    links.targets(out, places(change).into_iter(), PLACES);
    if !change.what.trim().is_empty() {
        out.push_str(": ");
        inline_up_to(out, &change.what, TITLE_CHARACTERS);
    }
}

/// Appends a title without its full stop: something follows it.
pub(super) fn push_title(out: &mut String, title: &str) {
    inline_up_to(
        out,
        title.trim_end().trim_end_matches('.'),
        TITLE_CHARACTERS,
    );
}

/// Where a change takes place: its anchors when they were found, else its file.
pub(super) fn places(change: &Change) -> Vec<&Target> {
    let found = |target: &&Target| matches!(target, Target::Verified { lines: Some(_), .. });
    let anchors = change.anchors.iter().map(|anchor| &anchor.target);
    let anchors: Vec<_> = anchors.filter(found).collect();
    if anchors.is_empty() {
        vec![&change.target]
    } else {
        anchors
    }
}
