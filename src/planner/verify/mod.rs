//! Every claim of a draft against the repository, without a model.
//!
//! The letter of a check tells what it is about: G for claims about the repository, S for the plan's own
//! structure, C for coverage of the request.

mod anchors;
mod claims;
mod dependencies;
mod lookup;
pub(in crate::planner) mod nearest;
mod paths;
mod quotes;
mod structure;
mod symbols;

use std::collections::BTreeMap;

use crate::domain::document::References;
use crate::domain::package::Evidence;
use crate::domain::plan::Plan;
use crate::domain::request::Brief;
use crate::planner::assemble::assemble;
use crate::planner::draft::{
    Draft, Place, PlanFile, Resolved, ResolvedLibrary, ResolvedReferences,
};
use crate::planner::pack::EvidencePack;
use crate::registry::Lookups;
use crate::repository::index::Index;

/// Most candidates of one finding.
const MAX_CANDIDATES: usize = 5;

/// What a failed check means for the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingClass {
    /// The claim is false: it is repaired, dropped or marked.
    Hard,
    /// It was wrong and could be put right by us.
    Fixed,
    /// It deserves a note.
    Soft,
}

impl FindingClass {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Fixed => "fixed",
            Self::Soft => "soft",
        }
    }
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's id, such as `G1`.
    pub check: &'static str,
    /// What it means.
    pub class: FindingClass,
    /// Where in `plan.json`, as a JSON pointer.
    pub at: String,
    /// What is wrong; our words with raw names inside.
    pub message: String,
    /// The nearest things that do exist, best first, at most five.
    pub candidates: Vec<String>,
}

/// A draft after all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// What was found wrong, in the order of the draft.
    pub findings: Vec<Finding>,
    /// How many references were made and found.
    pub references: References,
    /// The same for paths, symbols and quotes alone, which decide on publication.
    pub located: References,
    /// The draft with what could be put right put right, and the places that were found.
    pub file: PlanFile,
    /// The plan with everything resolved that could be.
    pub plan: Plan,
}

impl Verification {
    /// How many findings are hard.
    pub fn hard_count(&self) -> usize {
        let hard = |finding: &&Finding| finding.class == FindingClass::Hard;
        self.findings.iter().filter(hard).count()
    }
}

/// What a draft is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The repository at the pinned commit.
    pub index: &'a Index,
    /// The evidence that the model was shown. Without it evidence ids are taken when they have the
    /// right form, and count neither as found nor as made.
    pub pack: Option<&'a EvidencePack>,
    /// The request. Without it nothing is compared with its words.
    pub brief: Option<&'a Brief>,
    /// What registries said of the proposed libraries. Without it they are unverified.
    pub lookups: Option<&'a Lookups>,
}

impl<'a> Ground<'a> {
    /// The repository alone, as for a plan that somebody wrote by hand.
    pub fn bare(index: &'a Index) -> Self {
        Self {
            index,
            pack: None,
            brief: None,
            lookups: None,
        }
    }
}

/// Checks every claim of `draft` against `ground`.
pub fn verify(draft: &Draft, ground: &Ground<'_>) -> Verification {
    let index = ground.index;
    let mut check = Check {
        index,
        pack: ground.pack,
        files: lookup::Files::of(index),
        quotes: quotes::FoldedFiles::default(),
        lookups: ground.lookups,
        log: Log::default(),
    };
    let mut draft = draft.clone();
    dependencies::check_dependencies(&mut draft, &mut check);
    structure::check_ids(&draft, &mut check.log);
    claims::check_findings(&draft, &mut check);
    let added = paths::check_paths(&mut draft, &mut check);
    for position in 0..draft.changes.len() {
        anchors::check_anchors(&mut draft, position, &mut check);
    }
    claims::check_changes(&draft, &added, &mut check);
    structure::check_order(&mut draft, &mut check.log);
    structure::check_coverage(&draft, &mut check.log);
    check.log.finish(draft, index)
}

/// The plan of a draft that nobody looks up here: places are those of `resolved`, if there are any,
/// and every other reference is unverified.
pub fn unchecked(draft: &Draft, resolved: Option<&Resolved>) -> Plan {
    match resolved {
        Some(resolved) => assemble(draft, resolved),
        None => assemble(draft, &Resolved::default()),
    }
}

/// What all checks work with.
struct Check<'a> {
    index: &'a Index,
    pack: Option<&'a EvidencePack>,
    lookups: Option<&'a Lookups>,
    files: lookup::Files<'a>,
    quotes: quotes::FoldedFiles,
    log: Log,
}

/// What kind of reference is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference {
    /// A path, a symbol or a quote.
    Located,
    /// Evidence, a reuse or a side effect.
    Other,
}

/// What the checks have found so far.
#[derive(Default)]
struct Log {
    findings: Vec<Finding>,
    references: References,
    located: References,
    places: BTreeMap<String, Place>,
    libraries: BTreeMap<String, ResolvedLibrary>,
}

impl Log {
    /// Counts a reference.
    fn count(&mut self, reference: Reference, verified: bool) {
        let add = |tally: &mut References| {
            tally.total += 1;
            tally.verified += usize::from(verified);
        };
        add(&mut self.references);
        if reference == Reference::Located {
            add(&mut self.located);
        }
    }

    fn hard(&mut self, check: &'static str, at: &str, message: String, candidates: Vec<String>) {
        self.add(check, FindingClass::Hard, at, (message, candidates));
    }

    fn fixed(&mut self, check: &'static str, at: &str, message: String) {
        self.add(check, FindingClass::Fixed, at, (message, Vec::new()));
    }

    fn soft(&mut self, check: &'static str, at: &str, message: String) {
        self.add(check, FindingClass::Soft, at, (message, Vec::new()));
    }

    fn add(
        &mut self,
        check: &'static str,
        class: FindingClass,
        at: &str,
        (message, mut candidates): (String, Vec<String>),
    ) {
        candidates.truncate(MAX_CANDIDATES);
        self.findings.push(Finding {
            check,
            class,
            at: at.to_owned(),
            message,
            candidates,
        });
    }

    fn place(&mut self, at: &str, place: Place) {
        self.places.insert(at.to_owned(), place);
    }

    fn library(&mut self, at: &str, evidence: &Evidence) {
        self.libraries.insert(at.to_owned(), evidence.into());
    }

    fn finish(mut self, draft: Draft, index: &Index) -> Verification {
        self.findings.sort_by_key(|finding| order(&finding.at));
        let checked = |tally: References| References {
            checked: true,
            ..tally
        };
        let references = checked(self.references);
        let resolved = Resolved {
            commit: index.snapshot().commit.as_str().to_owned(),
            references: ResolvedReferences {
                verified: references.verified,
                total: references.total,
            },
            places: self.places,
            libraries: self.libraries,
        };
        Verification {
            findings: self.findings,
            references,
            located: checked(self.located),
            plan: assemble(&draft, &resolved),
            file: PlanFile {
                draft,
                resolved: Some(resolved),
            },
        }
    }
}

/// The keys of the draft in their order, then positions by number: sorting by this keeps findings in
/// the order of the draft.
fn order(at: &str) -> Vec<(usize, String)> {
    const KEYS: [&str; 9] = [
        "understanding",
        "findings",
        "decisions",
        "changes",
        "steps",
        "dependencies",
        "risks",
        "architecture_notes",
        "out_of_scope",
    ];
    at.split('/')
        .skip(1)
        .map(|segment| match segment.parse() {
            Ok(number) => (number, String::new()),
            Err(_) => match KEYS.iter().position(|key| *key == segment) {
                Some(rank) => (rank, String::new()),
                None => (0, segment.to_owned()),
            },
        })
        .collect()
}

#[cfg(test)]
mod tests;
