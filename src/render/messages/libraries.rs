//! What is said of libraries that a plan proposes.

use crate::domain::day::Day;
use crate::render::messages::counted;

pub(in crate::render) const LICENCE_UNKNOWN: &str = "licence unknown";
pub(in crate::render) const NO_ADVISORIES: &str = "no open advisories";
pub(in crate::render) const NO_REPOSITORY: &str = "no repository named";
pub(in crate::render) const LIBRARY_UNVERIFIED: &str = "unverified";
pub(in crate::render) const NOTE: &str = "Note";

pub(in crate::render) fn releases(count: usize, first: Option<Day>, last: Option<Day>) -> String {
    let releases = counted(count, "release", "releases");
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{releases} from {first} to {last}"),
        (_, Some(day)) | (Some(day), None) => format!("{releases}, the last on {day}"),
        (None, None) => releases,
    }
}

pub(in crate::render) fn licences(licences: &[String]) -> String {
    match licences {
        [] => LICENCE_UNKNOWN.to_owned(),
        [one] => format!("licence {one}"),
        several => format!("licences {}", several.join(", ")),
    }
}

pub(in crate::render) fn advisories(ids: &[String]) -> String {
    match ids {
        [] => NO_ADVISORIES.to_owned(),
        ids => format!("advisories {}", ids.join(", ")),
    }
}

pub(in crate::render) fn code_at(repository: Option<&str>) -> String {
    repository.map_or_else(
        || NO_REPOSITORY.to_owned(),
        |place| format!("code at {place}"),
    )
}

pub(in crate::render) fn checked_at(source: &str, day: Option<Day>) -> String {
    match day {
        Some(day) => format!("checked at {source} on {day}"),
        None => format!("checked at {source}"),
    }
}
