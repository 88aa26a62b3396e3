//! The file of a repository that narrows its operator's settings.
//!
//! Whatever the file says, what comes out is nowhere wider than what the operator allows. What would be,
//! and what cannot be understood, is a [`Fault`], and the operator's setting stands.

mod effective;
mod paths;
mod reader;
#[cfg(test)]
mod tests;

use toml::de::DeTable;

use crate::config::Settings;
use crate::config::document::line_at;
use crate::domain::narrowing::{Fault, Wrong};
use crate::domain::repository::BlobId;

pub use effective::{Effective, Expertise};
pub use paths::{PathFilter, PathPattern};

use reader::Reader;

/// The keys and sections on the first level.
const KEYS: [&str; 8] = [
    "expertise",
    "language",
    "profile",
    "minimum_role",
    "labels",
    "paths",
    "budgets",
    "expertise_for",
];

/// Most faults that one file is told of; the rest follow from the first ones or are more of the same.
const MAX_FAULTS: usize = 20;

/// Most characters kept of a key that is not known.
const MAX_KEY_CHARACTERS: usize = 80;

/// The operator's settings, narrowed by the `text` of a repository's file.
pub fn narrow(operator: &Settings, text: &[u8]) -> Effective {
    let mut effective = Effective::of_operator(operator);
    effective.file = Some(BlobId::of(text));
    let faults = match std::str::from_utf8(text) {
        Ok(text) => read(operator, text, &mut effective),
        Err(_) => vec![whole(Wrong::NotText)],
    };
    effective.faults = faults;
    effective.faults.sort_by_key(|fault| fault.line);
    effective
}

/// The operator's settings, where the repository's file cannot be read at all.
pub fn unreadable(operator: &Settings, wrong: Wrong) -> Effective {
    let mut effective = Effective::of_operator(operator);
    effective.faults.push(whole(wrong));
    effective
}

fn whole(wrong: Wrong) -> Fault {
    Fault {
        line: 0,
        key: String::new(),
        wrong,
    }
}

fn read(operator: &Settings, text: &str, effective: &mut Effective) -> Vec<Fault> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let faults = errors.iter().take(MAX_FAULTS).map(|error| Fault {
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            ..whole(Wrong::NotToml)
        });
        return faults.collect();
    }
    let mut reader = Reader::new(text, operator, effective);
    for (name, value) in table.into_inner() {
        let at = name.span().start;
        let name = name.into_inner();
        match name.as_ref() {
            "expertise" => reader.expertise(at, &value),
            "language" => reader.language(at, &value),
            "profile" => reader.profile(at, &value),
            "minimum_role" => reader.minimum_role(at, &value),
            "labels" => reader.section("labels", at, value, Reader::label_list),
            "paths" => reader.section("paths", at, value, Reader::path_list),
            "budgets" => reader.section("budgets", at, value, Reader::amount),
            "expertise_for" => reader.expertise_for(at, value),
            other => reader.unknown("", other, (at, &KEYS)),
        }
    }
    reader.into_faults()
}
