//! What was learned of a proposed library, as plan files keep it.

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::package::{Evidence, Upkeep};

/// Evidence for one proposed library.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResolvedLibrary {
    /// Why nothing is known of it; empty when it was looked up.
    pub unverified: String,
    /// The release that was judged.
    pub version: String,
    /// How many releases there are.
    pub releases: usize,
    /// The day of the first one, such as `2020-01-31`; empty when it is not known.
    pub first_release: String,
    /// The day of the newest one.
    pub last_release: String,
    /// Its licences.
    pub licences: Vec<String>,
    /// Ids of advisories.
    pub advisories: Vec<String>,
    /// Where its code lies; empty when it is not known.
    pub repository: String,
    /// Who was asked.
    pub source: String,
    /// The day of asking.
    pub checked: String,
    /// What a reader should know beside it.
    pub notes: Vec<String>,
}

impl From<&Evidence> for ResolvedLibrary {
    fn from(evidence: &Evidence) -> Self {
        let shown = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        match evidence {
            Evidence::Unverified { why } => Self {
                unverified: why.clone(),
                ..Self::default()
            },
            Evidence::Verified(upkeep) => Self {
                unverified: String::new(),
                version: upkeep.version.clone(),
                releases: upkeep.releases,
                first_release: shown(upkeep.first_release),
                last_release: shown(upkeep.last_release),
                licences: upkeep.licences.clone(),
                advisories: upkeep.advisories.clone(),
                repository: upkeep.repository.clone().unwrap_or_default(),
                source: upkeep.source.clone(),
                checked: shown(upkeep.checked),
                notes: upkeep.notes.clone(),
            },
        }
    }
}

impl From<&ResolvedLibrary> for Evidence {
    fn from(library: &ResolvedLibrary) -> Self {
        // Without a source it cannot have been looked up, whatever else is written there.
        if !library.unverified.is_empty() || library.source.is_empty() {
            let why = library.unverified.clone();
            return Self::Unverified { why };
        }
        let repository = &library.repository;
        Self::Verified(Box::new(Upkeep {
            version: library.version.clone(),
            releases: library.releases,
            first_release: Day::find(&library.first_release),
            last_release: Day::find(&library.last_release),
            licences: library.licences.clone(),
            advisories: library.advisories.clone(),
            repository: (!repository.is_empty()).then(|| repository.clone()),
            source: library.source.clone(),
            checked: Day::find(&library.checked),
            notes: library.notes.clone(),
        }))
    }
}
