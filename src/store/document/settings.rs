//! The saved shapes of what a plan tells of its repository's own settings.

use serde::{Deserialize, Serialize};

use crate::domain::{document, narrowing};
use crate::store::document::mirror::{Mirror, SavedBlob, mirror, words};

mirror!(SavedOwnSettings of document::OwnSettings {
    file: Option<SavedBlob>,
    faults: Vec<SavedFault>,
    is_news: bool,
});

mirror!(SavedFault of narrowing::Fault {
    line: usize,
    key: String,
    wrong: SavedWrong,
});

words!(SavedKind of narrowing::Kind {
    Text = "text",
    Texts = "texts",
    Number = "number",
    Section = "section",
    Sections = "sections",
});

/// What is wrong with a place.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum SavedWrong {
    TooLarge { most_bytes: u64 },
    NotText,
    NotToml,
    Unknown { allowed: Vec<String> },
    OperatorOnly,
    Kind(SavedKind),
    Range { least: u64, most: u64 },
    OneOf { allowed: Vec<String> },
    Pattern,
    Language,
    Length { most: usize },
    Count { most: usize },
}

impl Mirror for SavedWrong {
    type Of = narrowing::Wrong;

    fn of(value: &Self::Of) -> Self {
        use narrowing::Wrong;
        match value {
            Wrong::TooLarge { most_bytes } => Self::TooLarge {
                most_bytes: *most_bytes,
            },
            Wrong::NotText => Self::NotText,
            Wrong::NotToml => Self::NotToml,
            Wrong::Unknown { allowed } => Self::Unknown {
                allowed: allowed.clone(),
            },
            Wrong::OperatorOnly => Self::OperatorOnly,
            Wrong::Kind(kind) => Self::Kind(Mirror::of(kind)),
            Wrong::Range { least, most } => Self::Range {
                least: *least,
                most: *most,
            },
            Wrong::OneOf { allowed } => Self::OneOf {
                allowed: allowed.clone(),
            },
            Wrong::Pattern => Self::Pattern,
            Wrong::Language => Self::Language,
            Wrong::Length { most } => Self::Length { most: *most },
            Wrong::Count { most } => Self::Count { most: *most },
        }
    }

    fn back(self) -> Result<Self::Of, String> {
        use narrowing::Wrong;
        Ok(match self {
            Self::TooLarge { most_bytes } => Wrong::TooLarge { most_bytes },
            Self::NotText => Wrong::NotText,
            Self::NotToml => Wrong::NotToml,
            Self::Unknown { allowed } => Wrong::Unknown { allowed },
            Self::OperatorOnly => Wrong::OperatorOnly,
            Self::Kind(kind) => Wrong::Kind(kind.back()?),
            Self::Range { least, most } => Wrong::Range { least, most },
            Self::OneOf { allowed } => Wrong::OneOf { allowed },
            Self::Pattern => Wrong::Pattern,
            Self::Language => Wrong::Language,
            Self::Length { most } => Wrong::Length { most },
            Self::Count { most } => Wrong::Count { most },
        })
    }
}
