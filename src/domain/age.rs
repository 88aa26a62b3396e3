//! How old a document is: what became of the places that it cites.

use std::collections::HashSet;

use crate::domain::document::{Content, Document, Outline};
use crate::domain::plan::{Plan, Target};
use crate::domain::repository::{BlobId, CommitSha, LineRange, RepoPath};

/// The contents that a cited file had at the document's commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file.
    pub path: RepoPath,
    /// Its contents.
    pub blob: BlobId,
}

/// What a look at a later commit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Age {
    /// The commit that was looked at.
    pub commit: CommitSha,
    /// Every place that the document cites, in its order.
    pub places: Vec<Place>,
}

/// A place that a document cites, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The place at the document's commit: verified, or free for a new file.
    pub target: Target,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is as it was.
    Same,
    /// The same lines, or the same file, stand elsewhere.
    Moved {
        /// The file that they are in.
        path: RepoPath,
        /// The lines; `None` for the whole file.
        lines: Option<LineRange>,
    },
    /// What stands there is no longer the same.
    Changed,
    /// The file is not there any more.
    Gone,
    /// A file is where the document would add one.
    Taken,
    /// It could not be compared.
    Unknown,
}

impl Fate {
    /// Whether what the document says of the place may be wrong.
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Changed | Self::Gone | Self::Taken)
    }
}

impl Age {
    /// What became of `target`; `None` for what is no place or was not looked at.
    pub fn find(&self, target: &Target) -> Option<&Fate> {
        let mut places = self.places.iter();
        Some(&places.find(|place| place.target == *target)?.fate)
    }

    /// How many places are such.
    pub fn count(&self, is_one: impl Fn(&Fate) -> bool) -> usize {
        let places = self.places.iter();
        places.filter(|place| is_one(&place.fate)).count()
    }

    /// The places of which the document may be wrong.
    pub fn stale(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| place.fate.is_stale())
    }
}

/// Every place that a document cites, each once, in its order: what was verified, and where it adds
/// files.
pub fn places(content: &Content) -> Vec<Target> {
    let targets = match content {
        Content::Plan { plan, .. } => of_plan(plan),
        Content::Outline(outline) => of_outline(outline),
    };
    let mut seen = HashSet::new();
    let cited = targets
        .into_iter()
        .filter(|target| !matches!(target, Target::Unverified { .. }) && seen.insert(*target));
    cited.cloned().collect()
}

/// In the order in which a reader meets them.
fn of_plan(plan: &Plan) -> Vec<&Target> {
    let mut targets: Vec<&Target> = Vec::new();
    for finding in &plan.findings {
        targets.extend(&finding.evidence);
    }
    for change in &plan.changes {
        targets.push(&change.target);
        targets.extend(change.anchors.iter().map(|anchor| &anchor.target));
        targets.extend(change.side_effects.iter().map(|effect| &effect.target));
        targets.extend(&change.evidence);
    }
    targets
}

fn of_outline(outline: &Outline) -> Vec<&Target> {
    let mut targets: Vec<&Target> = Vec::new();
    for mention in &outline.mentions {
        targets.extend(&mention.targets);
    }
    targets.extend(outline.candidates.iter().map(|candidate| &candidate.target));
    for impact in &outline.impact {
        targets.push(&impact.target);
        targets.extend(&impact.users);
    }
    targets.extend(
        outline
            .conventions
            .iter()
            .map(|convention| &convention.target),
    );
    targets
}

impl Document {
    /// Whether a look at a later commit tells a reader anything else than the last one did. A document
    /// that was never looked at is taken to be as it was.
    pub fn tells_more(&self, age: &Age) -> bool {
        match &self.age {
            Some(before) => before.places != age.places,
            None => age.places.iter().any(|place| place.fate != Fate::Same),
        }
    }
}
