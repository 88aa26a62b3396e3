//! What registries know of the libraries that a plan proposes.
//!
//! A proposal's name is a model's text: it is sent as it stands, encoded, and what comes back is
//! judged elsewhere. This module knows no plan and no repository, and it never fails: what could not
//! be learned is [`Lookup::Unknown`].

mod cache;
pub mod deps_dev;
mod version;

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::domain::day::Day;
use crate::domain::package::Ecosystem;

/// A library that a plan proposes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Proposal {
    /// Where it is published.
    pub ecosystem: Ecosystem,
    /// Its name; raw text.
    pub name: String,
    /// The version proposed, or a requirement; empty when any will do. Raw text.
    pub version: String,
}

/// What came of looking a proposal up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It exists.
    Known(Box<Record>),
    /// There is no package of that name.
    Missing,
    /// Nothing was learned.
    Unknown(Unknown),
}

/// Why nothing was learned of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// Nobody was asked.
    Unasked,
    /// The source does not cover its ecosystem.
    Uncovered,
    /// Its name is none that a registry could have.
    Unaskable,
    /// The plan proposes more than are looked up.
    TooMany,
    /// No answer came in time.
    Unavailable,
    /// The source refused to answer.
    Refused,
    /// The answer could not be read.
    Unreadable,
}

impl Unknown {
    /// The reason in words.
    pub fn why(self) -> &'static str {
        match self {
            Self::Unasked => "it was not looked up",
            Self::Uncovered => "this registry cannot be looked up",
            Self::Unaskable => "this is no name that could be looked up",
            Self::TooMany => "too many libraries were proposed to look all of them up",
            Self::Unavailable => "no answer came in time",
            Self::Refused => "the lookup was refused",
            Self::Unreadable => "the answer could not be read",
        }
    }
}

/// What is known of a package; all texts are the registry's, bounded and raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// Its name as the registry spells it.
    pub name: String,
    /// How many releases there are.
    pub releases: usize,
    /// The day of the first release.
    pub first_release: Option<Day>,
    /// The day of the newest release.
    pub last_release: Option<Day>,
    /// The version that is installed when none is named.
    pub latest: String,
    /// Whether that version is deprecated, yanked or retracted.
    pub latest_deprecated: bool,
    /// Whether there is a release that the proposed version asks for.
    pub has_version: bool,
    /// The release that the proposed version asks for, or else the latest: what follows is about it.
    pub version: String,
    /// Whether it is deprecated, yanked or retracted.
    pub deprecated: bool,
    /// Its licences as SPDX expressions; `non-standard` for others.
    pub licences: Vec<String>,
    /// Ids of the advisories that concern it.
    pub advisories: Vec<String>,
    /// Where its code lies, such as `github.com/owner/name`.
    pub repository: Option<String>,
    /// Whether that is archived; `None` when nothing is known of it.
    pub archived: Option<bool>,
    /// How many people have starred it.
    pub stars: Option<u64>,
}

/// What was learned of the proposals of one plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookups {
    /// Who was asked, in words for people, such as `deps.dev`.
    pub source: String,
    /// The day of asking.
    pub today: Day,
    found: BTreeMap<Proposal, Lookup>,
}

impl Lookups {
    /// Nothing learned yet.
    pub fn new(source: &str, today: Day) -> Self {
        Self {
            source: source.to_owned(),
            today,
            found: BTreeMap::new(),
        }
    }

    /// Notes what came of looking `proposal` up.
    pub fn add(&mut self, proposal: Proposal, lookup: Lookup) {
        self.found.insert(proposal, lookup);
    }

    /// What came of looking `proposal` up; `None` when nobody did.
    pub fn find(&self, proposal: &Proposal) -> Option<&Lookup> {
        self.found.get(proposal)
    }

    /// Takes over what `others` learned.
    pub fn extend(&mut self, others: Self) {
        self.found.extend(others.found);
    }

    /// How many proposals were looked up, or were to be.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

/// Somebody who knows packages.
#[async_trait]
pub trait Registry: Send + Sync {
    /// Looks `proposals` up, within limits of time and number of its own. The answer has an entry for
    /// each of them.
    async fn look_up(&self, proposals: &[Proposal]) -> Lookups;
}

#[cfg(test)]
mod tests;
