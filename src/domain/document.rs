//! What is posted: a plan or an outline, with what was read to make it.

use std::collections::BTreeMap;

use crate::domain::age::{Age, Source};
use crate::domain::narrowing::{Fault, LanguageTag};
use crate::domain::plan::{Plan, Target};
use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::revision::RevisionEntry;

/// A document ready for rendering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The commit that everything in it was read at.
    pub commit: CommitSha,
    /// 1 for the first plan of a thread, then counting up.
    pub revision: u32,
    /// The language that its texts are to be in, when the repository asks for one.
    pub language: Option<LanguageTag>,
    /// What was found or planned.
    pub content: Content,
    /// What was read, what was left out, and what it cost.
    pub receipt: Receipt,
    /// What the cited files held at the commit; empty where nobody looked.
    pub sources: Vec<Source>,
    /// What became of the cited places since, when somebody looked.
    pub age: Option<Age>,
    /// How the thread came to this document, newest first and bounded; empty where nobody keeps it.
    pub history: Vec<RevisionEntry>,
}

/// A plan, or what stands in for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A model's plan, verified.
    Plan {
        /// The plan.
        plan: Box<Plan>,
        /// How many of its references were found.
        references: References,
    },
    /// Search results, without a model.
    Outline(Outline),
}

/// How the references of a plan fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct References {
    /// How many were found in the repository.
    pub verified: usize,
    /// How many were made.
    pub total: usize,
    /// Whether anybody looked: a plan can be rendered without a repository at hand.
    pub checked: bool,
}

/// Why there is an outline and no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineReason {
    /// No model is configured.
    NoModel,
    /// The model could not be reached, refused, or answered nothing usable.
    ModelUnavailable,
    /// The model's draft did not pass verification.
    DraftRejected {
        /// How many of its references were unknown.
        unknown: usize,
        /// How many it made.
        total: usize,
    },
}

/// Where a request probably leads, from search alone; it proposes no design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Why there is no plan.
    pub reason: OutlineReason,
    /// What was asked, quoted from the request; raw text.
    pub points: Vec<String>,
    /// Names in the request and the places they stand for.
    pub mentions: Vec<Mention>,
    /// The best candidates, best first.
    pub candidates: Vec<Candidate>,
    /// Symbols of the candidates and the files that name them.
    pub impact: Vec<Impact>,
    /// Questions worth asking of such a request.
    pub questions: Vec<String>,
    /// Conventions that the repository shows: a label and an example.
    pub conventions: Vec<Convention>,
}

/// A name that the request used, and what it turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The name as written; raw text.
    pub text: String,
    /// What it stands for; empty when nothing was found.
    pub targets: Vec<Target>,
}

/// A file that the request is probably about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The file, with the lines of its best symbol.
    pub target: Target,
    /// The best symbol's name; empty when none stood out. Raw text.
    pub symbol: String,
    /// The first line of its definition; may be empty. Raw text.
    pub signature: String,
    /// Why the file is here, strongest first; sentences of ours with raw names inside.
    pub reasons: Vec<String>,
}

/// A symbol that others use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Impact {
    /// The symbol; raw text.
    pub symbol: String,
    /// Where it is defined.
    pub target: Target,
    /// Files that name it, at most a few.
    pub users: Vec<Target>,
    /// How many files name it in all.
    pub user_count: usize,
}

/// Something the repository does in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Convention {
    /// What it is about; our words.
    pub topic: String,
    /// An example of it.
    pub target: Target,
}

/// What was read, what was left out, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// Expertise assumed for the plan, derived from the repository; raw names inside.
    pub expertise: String,
    /// Files in the tree.
    pub files: usize,
    /// Files whose contents were searched.
    pub files_read: usize,
    /// Bytes searched.
    pub bytes_read: u64,
    /// Files left out, counted by reason, in a fixed order.
    pub skipped: Vec<Skipped>,
    /// The model's name as configured; empty without one.
    pub model: String,
    /// Calls made to the model.
    pub model_calls: u32,
    /// Tokens sent to the model.
    pub input_tokens: u64,
    /// Those of the tokens sent that the provider had kept from an earlier call.
    pub cached_tokens: u64,
    /// Tokens received from the model.
    pub output_tokens: u64,
    /// What the calls cost, with the currency; empty where no prices are known.
    pub cost: String,
    /// How thoroughly it was planned: `outline`, `small`, `single`, `standard` or `deep`; empty where
    /// nobody planned.
    pub profile: String,
    /// Parts of the request that a page does not show, taken out before anything read it.
    pub hidden_parts: usize,
    /// What was read of a change request; `None` for issues.
    pub changes: Option<ChangesRead>,
    /// What the model called while it looked around, in a fixed order.
    pub tools: Vec<ToolUse>,
    /// Pieces of files that the model was shown.
    pub excerpts_sent: usize,
    /// How many of them the plan cites.
    pub excerpts_cited: usize,
    /// What the verifier dropped or changed, one sentence each; raw names inside.
    pub notes: Vec<String>,
    /// Secrets that were kept from the model or out of the document, counted by kind.
    pub redactions: BTreeMap<String, u64>,
    /// What narrowed the plan.
    pub own_settings: OwnSettings,
}

/// A repository's own settings, as far as its plan tells of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnSettings {
    /// The file; `None` when there is none that can be read.
    pub file: Option<BlobId>,
    /// What of it cannot be used.
    pub faults: Vec<Fault>,
    /// Whether the thread was not told of this very file before.
    pub is_news: bool,
}

/// What was read of a change request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangesRead {
    /// Files that it changes.
    pub files: u64,
    /// Those that were named to the planner.
    pub named: usize,
    /// Those whose hunks were left out in part or altogether, for lack of room.
    pub cut: usize,
    /// Those of which the forge shows no hunks, as of binary and very large files.
    pub withheld: usize,
    /// Conversations of reviewers that were read.
    pub reviews: usize,
    /// Further ones that were not.
    pub more_reviews: usize,
    /// Whether resolved conversations could be told from others.
    pub knows_resolved: bool,
}

/// How often a model called one of its tools.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolUse {
    /// The tool's name.
    pub name: String,
    /// How often.
    pub count: usize,
}

/// Files left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The reason, in our words.
    pub reason: String,
    /// How many files.
    pub count: usize,
}
