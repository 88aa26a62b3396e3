//! What is said of a plan's age.

use crate::render::messages::counted;
use crate::render::numbers::thousands;

pub(in crate::render) const TAKEN: &str = "new file, but there is one now";
pub(in crate::render) const CHANGED: &str = "changed since";
pub(in crate::render) const GONE: &str = "gone since";

/// What a look at a later commit found, in numbers.
#[derive(Debug, Clone, Copy)]
pub(in crate::render) struct Found {
    /// Places in all.
    pub(in crate::render) places: usize,
    /// Those that are not as planned.
    pub(in crate::render) stale: usize,
    /// Those that stand elsewhere.
    pub(in crate::render) moved: usize,
    /// Those that could not be compared.
    pub(in crate::render) unknown: usize,
}

/// That everything that could be compared is as planned.
pub(in crate::render) fn as_planned(found: Found, checked: &str) -> String {
    let number = |count: usize| thousands(count as u64);
    let good = match found {
        Found { places: 0, .. } => return format!("Checked at {checked}: it names no places."),
        Found {
            places: 1,
            unknown: 0,
            ..
        } => "the one place is as planned".to_owned(),
        Found {
            places: 2,
            unknown: 0,
            ..
        } => "both places are as planned".to_owned(),
        Found {
            places, unknown: 0, ..
        } => format!("all {} places as planned", number(places)),
        Found {
            places, unknown, ..
        } => format!(
            "{} of {} as planned, {}",
            number(places - unknown),
            counted(places, "place", "places"),
            not_compared(unknown)
        ),
    };
    match found.moved {
        0 => format!("Checked at {checked}: {good}."),
        moved => format!("Checked at {checked}: {good}; {}.", moved_places(moved)),
    }
}

fn moved_places(count: usize) -> String {
    format!("{} moved, links renewed", thousands(count as u64))
}

fn not_compared(count: usize) -> String {
    let count = thousands(count as u64);
    format!("{count} could not be compared, because the code then or now cannot be read")
}

/// That some places are not as planned; their names follow.
pub(in crate::render) fn stale(found: Found, planned: &str, checked: &str) -> String {
    let changed = format!(
        "{} of {}",
        thousands(found.stale as u64),
        counted(found.places, "place", "places")
    );
    format!("**Stale:** {changed} changed since {planned}, as of {checked}:")
}

/// What a reader can do about it.
pub(in crate::render) fn ask_again(found: Found) -> String {
    let mut text = String::new();
    if found.moved > 0 {
        text = format!("Of the others {}. ", moved_places(found.moved));
    }
    if found.unknown > 0 {
        text = format!("{text}Of all, {}. ", not_compared(found.unknown));
    }
    format!("{text}Comment `/plan` for a plan of the code as it is.")
}

/// What a coding agent is told of a plan whose places were looked up later.
pub(in crate::render) fn prompt_age(planned: &str) -> String {
    format!(
        "The plan was made at {planned}. Where a place is marked as {CHANGED} or {GONE}, see first what \
         became of it."
    )
}
