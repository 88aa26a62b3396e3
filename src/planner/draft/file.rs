//! A plan as a file: the draft, and beside it what the verifier found for it.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::domain::document::References;
use crate::domain::package::Evidence;
use crate::domain::plan::{ReviewLink, Target};
use crate::domain::repository::{LineRange, RepoPath};
use crate::domain::thread::{CommentId, ThreadNumber};
use crate::planner::draft::{
    ArchitectureNote, Change, Decision, Dependency, Draft, DraftError, Finding, ResolvedLibrary,
    Risk, Step, Understanding, check_value_limits, parse_json,
};

/// Most bytes of a plan file: a draft at the limit of an answer, with its places.
const MAX_FILE_BYTES: usize = 1024 * 1024;

/// A plan file: what `verify` and `render` read and `plan` writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFile {
    /// The plan.
    pub draft: Draft,
    /// Places and counts that the verifier computed; `None` for a plan that nobody checked.
    pub resolved: Option<Resolved>,
}

/// What the verifier computed for a draft. A model cannot write it: answers that have it are
/// refused.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// The commit that was looked at.
    pub commit: String,
    /// How many references were found.
    pub references: ResolvedReferences,
    /// Places by JSON pointer into the draft, such as `/changes/0/anchors/1`.
    pub places: BTreeMap<String, Place>,
    /// What was learned of proposed libraries, by JSON pointer, such as `/dependencies/0`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub libraries: BTreeMap<String, ResolvedLibrary>,
    /// The reviewers' conversations that points of the request stand for, by JSON pointer, such as
    /// `/understanding/request_points/2`. They are known only where a change request was given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviews: BTreeMap<String, ResolvedReview>,
}

/// A reviewers' conversation about a place of a change request's diff.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvedReview {
    /// The number of the change request.
    pub change_request: u64,
    /// The id of the first comment.
    pub comment: u64,
    /// Who wrote it.
    pub author: String,
    /// The file.
    pub path: String,
    /// The line; 0 where it is not in the diff any more.
    pub line: u32,
}

impl From<&ReviewLink> for ResolvedReview {
    fn from(link: &ReviewLink) -> Self {
        Self {
            change_request: link.change_request.0,
            comment: link.comment.0,
            author: link.author.clone(),
            path: link.path.clone(),
            line: link.line.unwrap_or(0),
        }
    }
}

impl From<&ResolvedReview> for ReviewLink {
    fn from(review: &ResolvedReview) -> Self {
        Self {
            change_request: ThreadNumber(review.change_request),
            comment: CommentId(review.comment),
            author: review.author.clone(),
            path: review.path.clone(),
            line: (review.line > 0).then_some(review.line),
        }
    }
}

/// How the references fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvedReferences {
    /// How many were found.
    pub verified: usize,
    /// How many were made.
    pub total: usize,
}

/// A place in the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The first line; 0 for the whole file.
    pub start: u32,
    /// The last line; 0 for the whole file.
    pub end: u32,
    /// Whether the file is one that the plan adds.
    pub new: bool,
}

impl Place {
    /// A file, or lines of it.
    pub fn existing(path: &RepoPath, lines: Option<LineRange>) -> Self {
        Self {
            path: path.as_str().to_owned(),
            start: lines.map_or(0, LineRange::start),
            end: lines.map_or(0, LineRange::end),
            new: false,
        }
    }

    /// A file that the plan adds.
    pub fn new_file(path: &RepoPath) -> Self {
        Self {
            path: path.as_str().to_owned(),
            start: 0,
            end: 0,
            new: true,
        }
    }

    /// The target that this place stands for; `None` when it names no clean path.
    fn target(&self) -> Option<Target> {
        let path = RepoPath::parse(&self.path).ok()?;
        if self.new {
            return Some(Target::New { path });
        }
        let lines = (self.start > 0).then(|| LineRange::new(self.start, self.end));
        Some(Target::Verified { path, lines })
    }
}

impl Resolved {
    /// Whether this has places or libraries that `computed` has not, or another commit. Places of
    /// evidence and reviews are left aside: they are known only where they were given. So is the day of
    /// asking.
    pub fn is_beyond(&self, computed: &Self) -> bool {
        let differs = |(at, place): (&String, &Place)| {
            !at.contains("/evidence/") && computed.places.get(at) != Some(place)
        };
        let undated = |library: &ResolvedLibrary| ResolvedLibrary {
            checked: String::new(),
            ..library.clone()
        };
        let is_other = |(at, library): (&String, &ResolvedLibrary)| {
            computed.libraries.get(at).map(undated) != Some(undated(library))
        };
        self.commit != computed.commit
            || self.places.iter().any(differs)
            || self.libraries.iter().any(is_other)
    }

    /// What was found for the claim at `pointer`, which must lie in the file `path`.
    pub fn target_in(&self, pointer: &str, path: &str) -> Option<Target> {
        let place = self.places.get(pointer)?;
        (place.path == path).then(|| place.target()).flatten()
    }

    /// What was found for the claim at `pointer`, in whichever file.
    pub fn target(&self, pointer: &str) -> Option<Target> {
        self.places.get(pointer)?.target()
    }

    /// What was learned of the library at `pointer`.
    pub fn evidence(&self, pointer: &str) -> Evidence {
        let unknown = || Evidence::Unverified { why: String::new() };
        (self.libraries.get(pointer)).map_or_else(unknown, Evidence::from)
    }

    /// The reviewers' conversation that the point at `pointer` stands for.
    pub fn review(&self, pointer: &str) -> Option<ReviewLink> {
        self.reviews.get(pointer).map(ReviewLink::from)
    }

    /// The counts as `domain` knows them.
    pub fn references(&self) -> References {
        References {
            verified: self.references.verified,
            total: self.references.total,
            checked: true,
        }
    }
}

/// The draft's fields and `resolved` side by side. Flattening would lose the refusal of unknown
/// fields, so they are listed again.
#[derive(Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "an object with the fields of a plan, from `understanding` to `out_of_scope`"
)]
struct Flat {
    understanding: Understanding,
    findings: Vec<Finding>,
    decisions: Vec<Decision>,
    changes: Vec<Change>,
    steps: Vec<Step>,
    dependencies: Vec<Dependency>,
    risks: Vec<Risk>,
    architecture_notes: Vec<ArchitectureNote>,
    out_of_scope: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resolved: Option<Resolved>,
    /// How the plan came about, as `planwright plan` tells it: nothing that a check or a comment rests on.
    #[expect(
        dead_code,
        reason = "it is taken so that it is no unknown field, and then passed over"
    )]
    #[serde(default, skip_serializing)]
    receipt: Option<IgnoredAny>,
}

impl PlanFile {
    /// Reads a plan with or without its `resolved` object; a `receipt` is passed over.
    ///
    /// # Errors
    /// As [`Draft::parse`].
    pub fn parse(text: &str) -> Result<Self, DraftError> {
        if text.len() > MAX_FILE_BYTES {
            return Err(DraftError::TooLarge {
                limit_bytes: MAX_FILE_BYTES,
            });
        }
        let file = Self::from(parse_json::<Flat>(text)?);
        check_value_limits(&file.draft)?;
        Ok(file)
    }
}

impl Serialize for PlanFile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Flat::from(self.clone()).serialize(serializer)
    }
}

impl From<Flat> for PlanFile {
    fn from(flat: Flat) -> Self {
        Self {
            draft: Draft {
                understanding: flat.understanding,
                findings: flat.findings,
                decisions: flat.decisions,
                changes: flat.changes,
                steps: flat.steps,
                dependencies: flat.dependencies,
                risks: flat.risks,
                architecture_notes: flat.architecture_notes,
                out_of_scope: flat.out_of_scope,
            },
            resolved: flat.resolved,
        }
    }
}

impl From<PlanFile> for Flat {
    fn from(file: PlanFile) -> Self {
        let draft = file.draft;
        Self {
            understanding: draft.understanding,
            findings: draft.findings,
            decisions: draft.decisions,
            changes: draft.changes,
            steps: draft.steps,
            dependencies: draft.dependencies,
            risks: draft.risks,
            architecture_notes: draft.architecture_notes,
            out_of_scope: draft.out_of_scope,
            resolved: file.resolved,
            receipt: None,
        }
    }
}
