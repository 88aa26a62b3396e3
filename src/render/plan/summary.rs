//! What of a plan is visible at once.

use crate::domain::plan::{Change, Decision, Interface, Operation, SideEffect};
use crate::render::messages;
use crate::render::page::{Frame, join, labelled};
use crate::render::plan::{Part, Planned, places};

/// Most places shown behind a step; the details have them all.
const STEP_PLACES: usize = 3;

/// Most options shown of a decision.
const OPTIONS: usize = 6;

/// Most effects shown at once; the details have them all.
const EFFECTS: usize = 8;

impl Planned<'_> {
    pub(super) fn status(&self, frame: &Frame<'_>) -> String {
        let references = self.references;
        let checked = match (references.checked, references.total) {
            (false, _) => messages::NOT_CHECKED.to_owned(),
            (true, 0) => String::new(),
            (true, total) => messages::verified(references.verified, total),
        };
        let revision = messages::revision(frame.document.revision);
        let commit = messages::commit(&frame.commit());
        join(&[&revision, &commit, &checked], " · ")
    }

    /// The request as understood, and its points when there are several.
    pub(super) fn request(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        page.paragraph(&frame.text(&self.plan.restatement));
        let points = &self.plan.request_points;
        if points.len() > 1 || self.plan.restatement.trim().is_empty() {
            page.list(points.iter().map(|point| {
                let text = frame.text(&point.text);
                join(&[&bold(&frame.text(point.id.as_str())), &text], " ")
            }));
        }
        page.into_markdown()
    }

    pub(super) fn decisions(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        let decisions = self.plan.decisions.iter();
        page.list(decisions.map(|decision| decision_item(frame, decision)));
        page.into_markdown()
    }

    pub(super) fn step_list(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        let shown = self.parts.iter().take(frame.extent.steps);
        page.whole_list(shown.map(|part| step_item(frame, part)));
        page.into_markdown()
    }

    /// Effects elsewhere, and interfaces whose callers must change.
    pub(super) fn impact(&self, frame: &Frame<'_>) -> String {
        let changes = self.plan.changes.iter();
        let mut items: Vec<_> = changes
            .clone()
            .flat_map(|change| breaking_items(frame, change))
            .collect();
        let effects = changes.flat_map(|change| &change.side_effects);
        items.extend(effects.map(|effect| effect_item(frame, effect)));
        items.retain(|item| !item.is_empty());
        let more = items.len().saturating_sub(EFFECTS);
        items.truncate(EFFECTS);
        if more > 0 {
            items.push(messages::and_more(more));
        }
        let mut page = frame.page();
        page.list(items);
        page.into_markdown()
    }
}

/// The question, and below it the advice and the options.
fn decision_item(frame: &Frame<'_>, decision: &Decision) -> String {
    let recommended = frame.text(&decision.recommendation);
    let rationale = frame.text(&decision.rationale);
    let advice = join(&[&recommended, &rationale], " — ");
    let mut lines = vec![
        bold(&frame.text(&decision.question)),
        labelled(messages::RECOMMENDED, &advice),
    ];
    let most = OPTIONS.min(frame.extent.entries);
    lines.extend(decision.options.iter().take(most).map(|option| {
        let name = frame.text(&option.name);
        join(&[&name, &frame.text(&option.trade_off)], ": ")
    }));
    let more = decision.options.len().saturating_sub(most);
    if more > 0 {
        lines.push(messages::and_more(more));
    }
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    join(&lines, "\n  - ")
}

fn step_item(frame: &Frame<'_>, part: &Part<'_>) -> String {
    let name = join(&[&bold(&frame.text(part.id)), &frame.text(part.title)], " ");
    let changes = part.changes.iter().chain(&part.repeated);
    let moved: Vec<_> = changes
        .clone()
        .filter_map(|change| new_place(frame, change))
        .collect();
    let kept = changes.filter(|change| change.operation != Operation::Rename);
    let kept = frame.places(kept.flat_map(|change| places(change)), STEP_PLACES);
    let moved = moved
        .iter()
        .take(STEP_PLACES)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    join(&[&name, &join(&[&kept, &moved], ", ")], " — ")
}

/// Where a renamed file goes, behind where it is.
fn new_place(frame: &Frame<'_>, change: &Change) -> Option<String> {
    let renames = change.operation == Operation::Rename;
    let old = frame.place(&change.target);
    renames.then(|| join(&[&old, &frame.code(&change.new_path)], " → "))
}

fn breaking_items<'f>(
    frame: &'f Frame<'_>,
    change: &'f Change,
) -> impl Iterator<Item = String> + 'f {
    let breaking = change
        .interfaces
        .iter()
        .filter(|interface| interface.breaking);
    breaking.map(|interface| {
        let place = frame.place(&change.target);
        labelled(
            messages::BREAKING_LABEL,
            &join(&[&named(frame, interface), &place], " in "),
        )
    })
}

/// The name of an interface with its kind.
fn named(frame: &Frame<'_>, interface: &Interface) -> String {
    join(
        &[&frame.text(&interface.kind), &frame.code(&interface.name)],
        " ",
    )
}

/// An effect elsewhere: place, symbol, what happens, what to do.
pub(super) fn effect_item(frame: &Frame<'_>, effect: &SideEffect) -> String {
    let place = frame.place(&effect.target);
    let symbol = frame.code(&effect.symbol);
    let place = join(&[&place, &symbol], " ");
    let action = labelled(messages::ACTION, &frame.text(&effect.action));
    let what = join(&[&place, &frame.text(&effect.effect)], ": ");
    join(&[&what, &action], " ")
}

/// The name of a step or decision; `text` is Markdown.
pub(super) fn bold(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("**{text}**")
    }
}
