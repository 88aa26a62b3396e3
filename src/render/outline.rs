//! An outline as a comment: a map of where a request leads, in the order of a reader's questions.

use crate::domain::document::{Candidate, Document, Impact, Mention, Outline, OutlineReason};
use crate::render::Site;
use crate::render::age;
use crate::render::code;
use crate::render::escape::inline;
use crate::render::limit::{Kind, Page, Section, nested};
use crate::render::links::{Links, push_formatted};
use crate::render::messages::{self, Words};
use crate::render::revisions;

/// Places shown unfolded: at least one of the files edited in the end is among the first five for
/// five requests of six.
const VISIBLE_PLACES: usize = 5;

/// Most places linked for one name of the request.
const TARGETS: usize = 3;

/// Most files linked that use a symbol.
const USERS: usize = 5;

/// The page of an outline, without its receipt.
pub(super) fn page(document: &Document, outline: &Outline, site: &Site) -> Page {
    let links = Links::of(document, site, messages::NOT_FOUND);
    let mut page = Page::new(head(document, outline.reason, &links));
    page.add(points(outline, links.words));
    page.add(mentions(outline, &links));
    page.add(places(outline, &links));
    page.add(more_places(outline, &links));
    page.add(users(outline, &links));
    page.add(conventions(outline, &links));
    page.add(questions(outline, links.words));
    let mut missing = Section::bare();
    missing.block(Kind::Fixed, |out| out.push_str(messages::MISSING));
    page.add(missing);
    page.add(revisions::log(document, site));
    page
}

fn head(document: &Document, reason: OutlineReason, links: &Links) -> String {
    let mut commit = String::new();
    links.commit(&mut commit, &document.commit);
    let what = messages::search_output(&commit, document.revision);
    let mut head = format!("## {}\n\n{what}\n\n", links.words.outline);
    age::push(&mut head, document, links);
    match reason {
        OutlineReason::NoModel => {}
        OutlineReason::ModelUnavailable => {
            push_formatted(
                &mut head,
                format_args!("{}\n\n", messages::MODEL_UNAVAILABLE),
            );
        }
        OutlineReason::DraftRejected { unknown, total } => {
            let why = messages::draft_rejected(unknown, total);
            push_formatted(&mut head, format_args!("{why}\n\n"));
        }
    }
    head
}

fn points(outline: &Outline, words: &Words) -> Section {
    let mut section = Section::headed(words.points);
    for point in &outline.points {
        section.quoted(Kind::Background, |out| inline(out, point));
    }
    section
}

fn mentions(outline: &Outline, links: &Links) -> Section {
    let mut section = Section::headed(links.words.mentions);
    let (found, unknown): (Vec<_>, Vec<_>) = outline
        .mentions
        .iter()
        .partition(|mention| !mention.targets.is_empty());
    for mention in found {
        section.item(Kind::Background, |out| push_mention(out, mention, links));
    }
    if !unknown.is_empty() {
        section.item(Kind::Background, |out| {
            push_formatted(out, format_args!("{}: ", links.words.not_named));
            for (position, mention) in unknown.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                code::span(out, &mention.text);
            }
        });
    }
    section
}

fn push_mention(out: &mut String, mention: &Mention, links: &Links) {
    code::span(out, &mention.text);
    out.push_str(": ");
    links.targets(out, mention.targets.iter(), TARGETS);
}

fn places(outline: &Outline, links: &Links) -> Section {
    let mut section = Section::headed(links.words.places);
    let visible = outline.candidates.iter().take(VISIBLE_PLACES);
    for (position, candidate) in visible.enumerate() {
        section.numbered(Kind::Place, position + 1, |out| {
            push_place(out, candidate, links);
        });
    }
    if outline.candidates.is_empty() {
        section.block(Kind::Fixed, |out| out.push_str(messages::NOTHING_FOUND));
    }
    section
}

fn more_places(outline: &Outline, links: &Links) -> Section {
    let more = outline.candidates.len().saturating_sub(VISIBLE_PLACES);
    let mut section = Section::folded(&messages::more_places(more));
    let candidates = outline.candidates.iter().enumerate().skip(VISIBLE_PLACES);
    for (position, candidate) in candidates {
        section.numbered(Kind::Place, position + 1, |out| {
            push_place(out, candidate, links);
        });
    }
    section
}

fn push_place(out: &mut String, candidate: &Candidate, links: &Links) {
    links.target(out, &candidate.target);
    let shown = if candidate.signature.trim().is_empty() {
        &candidate.symbol
    } else {
        &candidate.signature
    };
    if !shown.trim().is_empty() {
        out.push_str(": ");
        code::span(out, shown);
    }
    nested(out, |out| {
        for (position, reason) in candidate.reasons.iter().enumerate() {
            out.push_str(if position > 0 { "; " } else { "" });
            inline(out, reason);
        }
    });
}

fn users(outline: &Outline, links: &Links) -> Section {
    let mut section = Section::headed(links.words.users);
    for impact in &outline.impact {
        section.item(Kind::Impact, |out| push_users(out, impact, links));
    }
    section
}

fn push_users(out: &mut String, impact: &Impact, links: &Links) {
    code::span(out, &impact.symbol);
    out.push_str(" (");
    links.target(out, &impact.target);
    push_formatted(
        out,
        format_args!(") is {}", messages::named_by(impact.user_count)),
    );
    let shown = impact.users.iter().take(USERS);
    if !impact.users.is_empty() {
        out.push_str(": ");
        let linked = impact.users.len().min(USERS);
        links.targets(out, shown, USERS);
        if impact.user_count > linked {
            out.push_str(&messages::and_more(impact.user_count - linked));
        }
    }
}

fn conventions(outline: &Outline, links: &Links) -> Section {
    let mut section = Section::headed(links.words.conventions);
    for convention in &outline.conventions {
        section.item(Kind::Background, |out| {
            inline(out, &convention.topic);
            out.push_str(": ");
            links.target(out, &convention.target);
        });
    }
    section
}

fn questions(outline: &Outline, words: &Words) -> Section {
    let mut section = Section::headed(words.questions);
    for question in &outline.questions {
        section.item(Kind::Background, |out| inline(out, question));
    }
    section
}
