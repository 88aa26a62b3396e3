//! What speaks for or against a file, by name, and how much each is worth.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What speaks for or against a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feature {
    // What a first ranking stands on; cheap for every file.
    Contents,
    TitleContents,
    Names,
    TitleNames,
    Path,
    TitlePath,
    TitleWords,
    Mention,
    RareIdentifier,
    DefinedIdentifier,
    Definitions,
    Bytes,
    Test,
    Aside,
    Support,
    Derived,
    // What is looked at for the best of the first ranking only.
    TitleWindow,
    Window,
    CoveredName,
    Phrases,
    // What the best of the first ranking say of the others.
    Feedback,
    Folder,
    Reached,
}

/// Number of features.
pub(super) const FEATURES: usize = 23;

/// The features of one file.
pub(super) type Row = [f64; FEATURES];

impl Feature {
    /// All of them, in the order of a [`Row`].
    pub(super) const ALL: [Self; FEATURES] = [
        Self::Contents,
        Self::TitleContents,
        Self::Names,
        Self::TitleNames,
        Self::Path,
        Self::TitlePath,
        Self::TitleWords,
        Self::Mention,
        Self::RareIdentifier,
        Self::DefinedIdentifier,
        Self::Definitions,
        Self::Bytes,
        Self::Test,
        Self::Aside,
        Self::Support,
        Self::Derived,
        Self::TitleWindow,
        Self::Window,
        Self::CoveredName,
        Self::Phrases,
        Self::Feedback,
        Self::Folder,
        Self::Reached,
    ];

    /// Its name in the file of weights.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Contents => "contents",
            Self::TitleContents => "title-contents",
            Self::Names => "names",
            Self::TitleNames => "title-names",
            Self::Path => "path",
            Self::TitlePath => "title-path",
            Self::TitleWords => "title-words",
            Self::Mention => "mention",
            Self::RareIdentifier => "rare-identifier",
            Self::DefinedIdentifier => "defined-identifier",
            Self::Definitions => "definitions",
            Self::Bytes => "bytes",
            Self::Test => "test",
            Self::Aside => "aside",
            Self::Support => "support",
            Self::Derived => "derived",
            Self::TitleWindow => "title-window",
            Self::Window => "window",
            Self::CoveredName => "covered-name",
            Self::Phrases => "phrases",
            Self::Feedback => "feedback",
            Self::Folder => "folder",
            Self::Reached => "reached",
        }
    }

    /// Whether it compares words, and so says little of one file in particular.
    pub(super) fn is_likeness(self) -> bool {
        !matches!(
            self,
            Self::Names
                | Self::Mention
                | Self::RareIdentifier
                | Self::DefinedIdentifier
                | Self::CoveredName
                | Self::Reached
        )
    }

    /// Whether it is the request that it speaks of; size and standing hold whatever is asked.
    pub(super) fn is_evidence(self) -> bool {
        !matches!(
            self,
            Self::Definitions
                | Self::Bytes
                | Self::Test
                | Self::Aside
                | Self::Support
                | Self::Derived
        )
    }
}

/// What features add to a score per unit: a table of `weights.toml`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table(Vec<f64>);

impl Table {
    /// The quick ranking of all files.
    pub(super) fn first() -> &'static Self {
        static FIRST: LazyLock<Table> =
            LazyLock::new(|| Table::read("first", &Feature::ALL.map(Feature::name)));
        &FIRST
    }

    /// The ranking of the best files of the first.
    pub(super) fn last() -> &'static Self {
        static LAST: LazyLock<Table> =
            LazyLock::new(|| Table::read("last", &Feature::ALL.map(Feature::name)));
        &LAST
    }

    /// The ranking of definitions.
    pub(super) fn symbols() -> &'static Self {
        static SYMBOLS: LazyLock<Table> =
            LazyLock::new(|| Table::read("symbols", &super::symbols::FEATURES));
        &SYMBOLS
    }

    /// A table's weights in the order of `names`; what it does not name weighs nothing.
    fn read(table: &str, names: &[&str]) -> Self {
        let tables = tables();
        let weights = tables.get(table);
        let weight = |name: &&str| weights.and_then(|weights| weights.get(*name));
        let weights = names
            .iter()
            .map(|name| weight(name).copied().unwrap_or(0.0));
        Self(weights.collect())
    }

    /// What a feature adds per unit.
    pub(super) fn of(&self, feature: Feature) -> f64 {
        self.0.get(feature as usize).copied().unwrap_or(0.0)
    }

    /// The score of a row.
    pub(super) fn score(&self, row: &[f64]) -> f64 {
        let pairs = row.iter().zip(&self.0);
        pairs.map(|(value, weight)| value * weight).sum()
    }
}

/// All tables of weights. The file is part of the program, and a test reads it.
pub(super) fn tables() -> HashMap<String, HashMap<String, f64>> {
    toml::from_str(include_str!("weights.toml")).unwrap_or_default()
}

/// Sets one feature of a row.
pub(super) fn set(row: &mut Row, feature: Feature, value: f64) {
    if let Some(place) = row.get_mut(feature as usize) {
        *place = value;
    }
}

/// Divides a column by its largest value.
pub(super) fn normalised(mut column: Vec<f64>) -> Vec<f64> {
    let most = column.iter().copied().fold(0.0, f64::max);
    if most > 0.0 {
        for value in &mut column {
            *value /= most;
        }
    }
    column
}
