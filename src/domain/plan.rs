//! A plan whose references were looked up in the repository.
//!
//! All texts are a model's or a person's words: raw, and escaped only by the renderer. What could
//! be linked is a [`Target::Verified`], which only the verifier makes.

use crate::domain::package::Evidence;
use crate::domain::repository::{LineRange, RepoPath};

/// A name that the plan uses for its own parts (`R1`, `C3`, `T2`): 1 to 16 letters, digits, `-`, `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanId(String);

impl PlanId {
    /// Takes `text` when it is such a name.
    pub fn find(text: &str) -> Option<Self> {
        let fine = (1..=16).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        fine.then(|| Self(text.to_owned()))
    }

    /// The name made of a prefix letter and a count, such as `T1`.
    pub fn numbered(prefix: char, number: usize) -> Self {
        Self(format!("{prefix}{number}"))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a plan points at, after the look-up.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// The file exists at the pinned commit, and the lines were computed by us.
    Verified {
        /// The file.
        path: RepoPath,
        /// The lines of the quote or definition; `None` for the whole file.
        lines: Option<LineRange>,
    },
    /// A file that the plan adds: the place is free.
    New {
        /// Where it would go.
        path: RepoPath,
    },
    /// A claim that was not found, or was not looked up.
    Unverified {
        /// The claim in the model's words; raw text.
        claimed: String,
    },
}

impl Target {
    /// The path in words, whatever its standing; raw text.
    pub fn text(&self) -> &str {
        match self {
            Self::Verified { path, .. } | Self::New { path } => path.as_str(),
            Self::Unverified { claimed } => claimed,
        }
    }
}

/// A plan in full.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The request in own words.
    pub restatement: String,
    /// What was asked, point by point.
    pub request_points: Vec<RequestPoint>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
    /// What only a person can answer.
    pub open_questions: Vec<OpenQuestion>,
    /// What the code does today.
    pub findings: Vec<Finding>,
    /// Choices that somebody must take.
    pub decisions: Vec<Decision>,
    /// The changes, file by file.
    pub changes: Vec<Change>,
    /// The order to make them in.
    pub steps: Vec<Step>,
    /// Libraries proposed.
    pub dependencies: Vec<Dependency>,
    /// Risks and what to do about them.
    pub risks: Vec<Risk>,
    /// The only place for tests, validation and roll-out, each with its architectural reason.
    pub architecture_notes: Vec<ArchitectureNote>,
    /// What is deliberately left alone.
    pub out_of_scope: Vec<String>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPoint {
    /// Its name in the plan.
    pub id: PlanId,
    /// What was asked.
    pub text: String,
    /// `behaviour`, `bug`, `constraint`, `quality` or `question`.
    pub kind: String,
}

/// Something taken for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// What is assumed.
    pub text: String,
    /// What changes if it is wrong.
    pub if_wrong: String,
}

/// A question for the people in the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuestion {
    /// The question.
    pub question: String,
    /// Why it matters.
    pub why: String,
    /// What the plan does until it is answered.
    pub default_taken: String,
}

/// A statement about the code as it is, with the places that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The statement.
    pub statement: String,
    /// The places of the evidence that it cites.
    pub evidence: Vec<Target>,
}

/// A choice between options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is to be decided.
    pub question: String,
    /// The options.
    pub options: Vec<DecisionOption>,
    /// The name of the option that the plan recommends.
    pub recommendation: String,
    /// Why.
    pub rationale: String,
}

/// One way to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionOption {
    /// Its name.
    pub name: String,
    /// What it costs and gives.
    pub trade_off: String,
}

/// What a change does with its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Changes an existing file.
    Modify,
    /// Adds a file.
    Add,
    /// Deletes a file.
    Delete,
    /// Moves a file.
    Rename,
}

impl Operation {
    /// The word used in `plan.json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Modify => "modify",
            Self::Add => "add",
            Self::Delete => "delete",
            Self::Rename => "rename",
        }
    }
}

/// How new code relates to an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// It takes the anchor's place.
    Replace,
    /// It goes before the anchor.
    InsertBefore,
    /// It goes after the anchor.
    InsertAfter,
    /// It goes inside the anchor.
    Inside,
    /// The anchor goes away.
    Remove,
}

/// An exact place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// The symbol, as the plan names it; may be empty.
    pub symbol: String,
    /// The code quoted from the file; may be empty.
    pub quote: String,
    /// How the change relates to it.
    pub relation: Relation,
    /// Where it was found.
    pub target: Target,
}

/// A change to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name in the plan.
    pub id: PlanId,
    /// What is done with the file.
    pub operation: Operation,
    /// The file.
    pub target: Target,
    /// Where a renamed file goes; empty otherwise.
    pub new_path: String,
    /// The places in the file.
    pub anchors: Vec<Anchor>,
    /// The evidence that led to it.
    pub evidence: Vec<Target>,
    /// What changes.
    pub what: String,
    /// Why.
    pub why: String,
    /// Functions, types and the like that it adds or alters.
    pub interfaces: Vec<Interface>,
    /// Data structures that it alters: name and change.
    pub data_structures: Vec<DataStructure>,
    /// Import lines, as written.
    pub imports: Vec<String>,
    /// Settings that it adds or alters.
    pub config: Vec<ConfigEntry>,
    /// A short pattern or signature; never the solution.
    pub snippet: Option<Snippet>,
    /// What existing code it builds on.
    pub reuses: Vec<String>,
    /// For added files: why nothing existing would do.
    pub why_new: String,
    /// What else is affected.
    pub side_effects: Vec<SideEffect>,
    /// The request points it serves.
    pub covers: Vec<PlanId>,
    /// The changes that must come first.
    pub depends_on: Vec<PlanId>,
}

/// A function, type, endpoint or the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// `function`, `method`, `type`, `trait`, `field`, `endpoint`, `command`, `event` or `table`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// An example signature in the repository's language.
    pub signature: String,
    /// Its parameters.
    pub params: Vec<Parameter>,
    /// What it returns; may be empty.
    pub returns: String,
    /// Whether callers must change.
    pub breaking: bool,
}

/// A parameter of an interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// What it stands for.
    pub meaning: String,
}

/// A change to a data structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataStructure {
    /// Its name.
    pub name: String,
    /// What changes.
    pub change: String,
}

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What it is for.
    pub purpose: String,
}

/// A few lines of code that show a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The language's name; raw text.
    pub language: String,
    /// The code; raw text.
    pub code: String,
}

/// What a change does elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideEffect {
    /// The place affected.
    pub target: Target,
    /// The symbol affected; may be empty.
    pub symbol: String,
    /// What happens there.
    pub effect: String,
    /// What to do about it.
    pub action: String,
}

/// A step of the plan, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name, `T1` onwards.
    pub id: PlanId,
    /// What it does, in a few words.
    pub title: String,
    /// What it does, in full.
    pub detail: String,
    /// The changes that it makes.
    pub changes: Vec<PlanId>,
}

/// A library that the plan proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its name in the registry.
    pub name: String,
    /// `cargo`, `npm`, `pypi`, `go`, `maven`, `rubygems`, `hex`, `nuget` or `other`.
    pub registry: String,
    /// The version.
    pub version: String,
    /// What it is for.
    pub purpose: String,
    /// Why nothing at hand would do.
    pub why_not_existing: String,
    /// Why own code would not do.
    pub why_not_own_code: String,
    /// What its registry says of it.
    pub evidence: Evidence,
}

/// A risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// `security`, `performance`, `robustness`, `compatibility` or `data`.
    pub category: String,
    /// What may go wrong.
    pub risk: String,
    /// What to do about it.
    pub mitigation: String,
}

/// A note on tests, validation, roll-out or migration, with the reason why it belongs here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchitectureNote {
    /// `testing`, `validation`, `deployment` or `migration`.
    pub topic: String,
    /// The note.
    pub note: String,
    /// Why it shapes the architecture.
    pub why_architectural: String,
}
