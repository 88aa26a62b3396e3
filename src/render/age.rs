//! What became of the places of a plan: said once at its head, and at each place.

use crate::domain::age::{Age, Fate};
use crate::domain::document::Document;
use crate::domain::plan::Target;
use crate::domain::repository::{LineRange, RepoPath};
use crate::render::links::{Links, push_formatted};
use crate::render::messages;

/// Most places named at the head that are not as planned.
const NAMED: usize = 8;

/// Where a verified place is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing<'a> {
    /// The file.
    pub(super) path: &'a RepoPath,
    /// Its lines.
    pub(super) lines: Option<LineRange>,
    /// Whether it stands there at the commit that was looked at, and not only at the plan's.
    pub(super) is_renewed: bool,
    /// What a reader has to know.
    pub(super) mark: Option<&'static str>,
}

/// Where a place is to be shown; `None` for what is no verified place.
pub(super) fn standing<'a>(target: &'a Target, age: Option<&'a Age>) -> Option<Standing<'a>> {
    let Target::Verified { path, lines } = target else {
        return None;
    };
    let planned = Standing {
        path,
        lines: *lines,
        is_renewed: false,
        mark: None,
    };
    let marked = |mark| Standing {
        mark: Some(mark),
        ..planned
    };
    Some(match age.and_then(|age| age.find(target)) {
        None | Some(Fate::Unknown) => planned,
        Some(Fate::Same) => Standing {
            is_renewed: true,
            ..planned
        },
        Some(Fate::Moved { path, lines }) => Standing {
            path,
            lines: *lines,
            is_renewed: true,
            mark: None,
        },
        Some(Fate::Gone) => marked(messages::GONE),
        Some(Fate::Changed | Fate::Taken) => marked(messages::CHANGED),
    })
}

/// Whether something stands where the plan adds a file.
pub(super) fn is_taken(target: &Target, age: Option<&Age>) -> bool {
    age.and_then(|age| age.find(target)) == Some(&Fate::Taken)
}

/// Appends what a look at a later commit found; nothing when nobody looked.
pub(super) fn push(out: &mut String, document: &Document, links: &Links) {
    let Some(age) = &document.age else {
        return;
    };
    let (mut planned, mut checked) = (String::new(), String::new());
    links.commit(&mut planned, &document.commit);
    links.commit(&mut checked, &age.commit);
    let found = messages::Found {
        places: age.places.len(),
        stale: age.count(Fate::is_stale),
        moved: age.count(|fate| matches!(fate, Fate::Moved { .. })),
        unknown: age.count(|fate| *fate == Fate::Unknown),
    };
    if found.stale == 0 {
        let words = messages::as_planned(found, &checked);
        return push_formatted(out, format_args!("{words}\n\n"));
    }
    push_formatted(
        out,
        format_args!("> {}", messages::stale(found, &planned, &checked)),
    );
    for (position, place) in age.stale().take(NAMED).enumerate() {
        out.push_str(if position > 0 { ", " } else { " " });
        links.target(out, &place.target);
    }
    if let Some(more) = found.stale.checked_sub(NAMED).filter(|more| *more > 0) {
        out.push_str(&messages::and_more(more));
    }
    push_formatted(out, format_args!(". {}\n\n", messages::ask_again(found)));
}
