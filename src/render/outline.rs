//! An outline as a comment: where a request probably leads, without a word of advice.

use crate::domain::document::{Candidate, Impact, Mention, Outline};
use crate::render::limit::Fold;
use crate::render::messages;
use crate::render::page::{Frame, join, labelled};
use crate::render::receipt;

/// Most places shown for one name of the request.
const MENTION_PLACES: usize = 4;

/// Most users shown of one symbol; the count is always told.
const USER_PLACES: usize = 5;

/// The comment without its marker, to the frame's extent.
pub(super) fn render(frame: &Frame<'_>, outline: &Outline) -> String {
    let receipt = receipt::render(frame);
    let notice = frame
        .extent
        .notice(0, |fold| fold == Fold::Receipt && !receipt.is_empty());
    let mut page = frame.page();
    page.title(messages::OUTLINE);
    let revision = match frame.document.revision {
        0 | 1 => String::new(),
        revision => format!("{}.", messages::revision(revision)),
    };
    let found = messages::search_output(&frame.commit());
    page.paragraph(&join(&[&found, &revision], " "));
    page.paragraph(&messages::outline_reason(outline.reason).unwrap_or_default());
    page.paragraph(&notice.unwrap_or_default());
    page.section(messages::POINTS, &points(frame, outline));
    page.section(messages::MENTIONS, &mentions(frame, outline));
    page.section(messages::CANDIDATES, &candidates(frame, outline));
    page.section(messages::USERS, &users(frame, outline));
    page.section(messages::QUESTIONS, &questions(frame, outline));
    page.section(messages::CONVENTIONS, &conventions(frame, outline));
    if frame.extent.has(Fold::Receipt) {
        page.fold(Fold::Receipt.title(), &receipt);
    }
    page.into_markdown()
}

fn points(frame: &Frame<'_>, outline: &Outline) -> String {
    let mut page = frame.page();
    page.quoted_list(outline.points.iter().map(|point| frame.text(point)));
    page.into_markdown()
}

/// Names that were found, a line for each, then all that were not on one line.
fn mentions(frame: &Frame<'_>, outline: &Outline) -> String {
    let (found, unknown): (Vec<_>, Vec<_>) =
        (outline.mentions.iter()).partition(|mention| !mention.targets.is_empty());
    let mut page = frame.page();
    let found = found.into_iter().map(|mention: &Mention| {
        let places = frame.places(mention.targets.iter(), MENTION_PLACES);
        join(&[&frame.code(&mention.text), &places], " → ")
    });
    let names = unknown.iter().take(frame.extent.entries);
    let names: Vec<_> = names.map(|mention| frame.code(&mention.text)).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let unresolved = labelled(messages::UNRESOLVED, &join(&names, ", "));
    page.list(found.chain([unresolved]));
    page.into_markdown()
}

fn candidates(frame: &Frame<'_>, outline: &Outline) -> String {
    let mut page = frame.page();
    let candidates = outline.candidates.iter();
    page.list(candidates.map(|candidate| candidate_item(frame, candidate)));
    page.into_markdown()
}

/// The place with its best symbol, and below it why it is here.
fn candidate_item(frame: &Frame<'_>, candidate: &Candidate) -> String {
    let symbol = match candidate.signature.trim() {
        "" => frame.code(&candidate.symbol),
        signature => frame.code(signature),
    };
    let head = join(&[&frame.place(&candidate.target), &symbol], " — ");
    let reasons: Vec<_> = (candidate.reasons.iter().take(frame.extent.entries))
        .map(|reason| frame.text(reason))
        .collect();
    let reasons: Vec<_> = reasons.iter().map(String::as_str).collect();
    join(&[&head, &join(&reasons, "; ")], "\n  - ")
}

fn users(frame: &Frame<'_>, outline: &Outline) -> String {
    let mut page = frame.page();
    page.list(outline.impact.iter().map(|impact| user_item(frame, impact)));
    page.into_markdown()
}

fn user_item(frame: &Frame<'_>, impact: &Impact) -> String {
    let name = frame.code(&impact.symbol);
    let place = frame.place(&impact.target);
    let named = join(&[&name, &place], " at ");
    let users = frame.places(impact.users.iter(), USER_PLACES);
    join(
        &[&named, &messages::used_by(impact.user_count, &users)],
        ": ",
    )
}

fn questions(frame: &Frame<'_>, outline: &Outline) -> String {
    let mut page = frame.page();
    page.list(
        outline
            .questions
            .iter()
            .map(|question| frame.text(question)),
    );
    page.into_markdown()
}

fn conventions(frame: &Frame<'_>, outline: &Outline) -> String {
    let mut page = frame.page();
    page.list(outline.conventions.iter().map(|convention| {
        let topic = frame.text(&convention.topic);
        join(&[&topic, &frame.place(&convention.target)], ": ")
    }));
    page.into_markdown()
}
