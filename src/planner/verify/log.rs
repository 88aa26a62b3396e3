//! What the checks have found so far.

use std::collections::BTreeMap;

use crate::domain::document::References;
use crate::domain::package::Evidence;
use crate::domain::plan::ReviewLink;
use crate::planner::assemble::assemble;
use crate::planner::draft::{
    Draft, Place, PlanFile, Resolved, ResolvedLibrary, ResolvedReferences, ResolvedReview,
};
use crate::planner::verify::{Finding, FindingClass, MAX_CANDIDATES, Reference, Verification};
use crate::repository::index::Index;

/// What the checks have found so far.
#[derive(Default)]
pub(super) struct Log {
    findings: Vec<Finding>,
    references: References,
    located: References,
    /// Places found, by JSON pointer.
    pub(super) places: BTreeMap<String, Place>,
    /// What was learned of proposed libraries, by JSON pointer.
    libraries: BTreeMap<String, ResolvedLibrary>,
    /// Reviewers' conversations that points of the request stand for, by JSON pointer.
    reviews: BTreeMap<String, ResolvedReview>,
    /// How names in sentences fared.
    pub(super) prose: References,
}

impl Log {
    /// Counts a reference.
    pub(super) fn count(&mut self, reference: Reference, verified: bool) {
        let add = |tally: &mut References| {
            tally.total += 1;
            tally.verified += usize::from(verified);
        };
        add(&mut self.references);
        if reference == Reference::Located {
            add(&mut self.located);
        }
    }

    /// The claim is false.
    pub(super) fn hard(
        &mut self,
        check: &'static str,
        at: &str,
        message: String,
        candidates: Vec<String>,
    ) {
        self.add(check, FindingClass::Hard, at, (message, candidates));
    }

    /// The claim was wrong and was put right.
    pub(super) fn fixed(&mut self, check: &'static str, at: &str, message: String) {
        self.add(check, FindingClass::Fixed, at, (message, Vec::new()));
    }

    /// The claim deserves a note.
    pub(super) fn soft(&mut self, check: &'static str, at: &str, message: String) {
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

    /// Something beside the claim deserves a note: `candidates` say what.
    pub(super) fn note(
        &mut self,
        check: &'static str,
        at: &str,
        message: String,
        candidates: Vec<String>,
    ) {
        self.add(check, FindingClass::Soft, at, (message, candidates));
    }

    /// Remembers where a claim was found.
    pub(super) fn place(&mut self, at: &str, place: Place) {
        self.places.insert(at.to_owned(), place);
    }

    /// Remembers what was learned of a library.
    pub(super) fn library(&mut self, at: &str, evidence: &Evidence) {
        self.libraries.insert(at.to_owned(), evidence.into());
    }

    /// Remembers which reviewers' conversation a point of the request stands for.
    pub(super) fn review(&mut self, at: &str, link: &ReviewLink) {
        self.reviews.insert(at.to_owned(), link.into());
    }

    /// Everything that was found, for the draft as it is now.
    pub(super) fn finish(mut self, draft: Draft, index: &Index) -> Verification {
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
            reviews: self.reviews,
        };
        Verification {
            findings: self.findings,
            references,
            located: checked(self.located),
            prose: checked(self.prose),
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
