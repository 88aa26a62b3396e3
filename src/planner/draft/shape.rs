//! The types of `plan.json`, field by field in the order of the schema; nothing is optional, and
//! "none" is an empty text, an empty list or 0.

use serde::{Deserialize, Serialize};

use crate::planner::draft::change::Change;
use crate::planner::draft::words::words;

/// A plan as written, before anything of it was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What was asked.
    pub understanding: Understanding,
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
    /// Risks.
    pub risks: Vec<Risk>,
    /// The only place for tests, validation and roll-out.
    pub architecture_notes: Vec<ArchitectureNote>,
    /// What is left alone.
    pub out_of_scope: Vec<String>,
}

/// What was asked, as understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Understanding {
    /// The request in own words.
    pub restatement: String,
    /// The request, point by point.
    pub request_points: Vec<RequestPoint>,
    /// What is taken for granted.
    pub assumptions: Vec<Assumption>,
    /// What only a person can answer.
    pub open_questions: Vec<OpenQuestion>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestPoint {
    /// `R1` onwards.
    pub id: String,
    /// What was asked.
    pub text: String,
    /// Of which kind it is.
    pub kind: PointKind,
}

words! {
    /// Kinds of request points.
    PointKind {
        /// Something new or different.
        Behaviour = "behaviour",
        /// Something broken.
        Bug = "bug",
        /// Something to respect.
        Constraint = "constraint",
        /// Something to be better.
        Quality = "quality",
        /// Something to be answered.
        Question = "question",
    }
}

/// Something taken for granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// `A1` onwards.
    pub id: String,
    /// What is assumed.
    pub text: String,
    /// What changes if it is wrong.
    pub if_wrong: String,
}

/// A question for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenQuestion {
    /// `Q1` onwards.
    pub id: String,
    /// The question.
    pub question: String,
    /// Why it matters.
    pub why: String,
    /// What the plan does until it is answered.
    pub default_taken: String,
}

/// What the code does today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The statement.
    pub statement: String,
    /// Ids of the evidence that shows it.
    pub evidence: Vec<String>,
}

/// A choice between options.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// `D1` onwards.
    pub id: String,
    /// What is to be decided.
    pub question: String,
    /// The options.
    pub options: Vec<DecisionOption>,
    /// The name of the recommended option.
    pub recommendation: String,
    /// Why.
    pub rationale: String,
}

/// One way to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionOption {
    /// Its name.
    pub name: String,
    /// What it costs and gives.
    pub trade_off: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// `T1` onwards.
    pub id: String,
    /// A few words.
    pub title: String,
    /// In full.
    pub detail: String,
    /// Ids of the changes that it makes.
    pub changes: Vec<String>,
}

/// A library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Where it is published.
    pub registry: Registry,
    /// The version.
    pub version: String,
    /// What it is for.
    pub purpose: String,
    /// Why nothing at hand would do.
    pub why_not_existing: String,
    /// Why own code would not do.
    pub why_not_own_code: String,
    /// Ids of the changes that use it.
    pub used_by: Vec<String>,
}

words! {
    /// Where libraries are published.
    Registry {
        /// Rust.
        Cargo = "cargo",
        /// JavaScript.
        Npm = "npm",
        /// Python.
        PyPi = "pypi",
        /// Go.
        Go = "go",
        /// Java.
        Maven = "maven",
        /// Ruby.
        RubyGems = "rubygems",
        /// Elixir.
        Hex = "hex",
        /// .NET.
        NuGet = "nuget",
        /// Anything else.
        Other = "other",
    }
}

/// A risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Of which kind it is.
    pub category: RiskCategory,
    /// What may go wrong.
    pub risk: String,
    /// What to do about it.
    pub mitigation: String,
    /// Ids of the changes that bring it.
    pub changes: Vec<String>,
}

words! {
    /// Kinds of risks.
    RiskCategory {
        /// Somebody gains what is not theirs.
        Security = "security",
        /// It becomes slow.
        Performance = "performance",
        /// It breaks.
        Robustness = "robustness",
        /// Others break.
        Compatibility = "compatibility",
        /// Data is lost or wrong.
        Data = "data",
    }
}

/// A note on tests, validation, roll-out or migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchitectureNote {
    /// What it is about.
    pub topic: NoteTopic,
    /// The note.
    pub note: String,
    /// Why it shapes the architecture.
    pub why_architectural: String,
}

words! {
    /// Topics of architecture notes.
    NoteTopic {
        /// Tests.
        Testing = "testing",
        /// Validation.
        Validation = "validation",
        /// Roll-out.
        Deployment = "deployment",
        /// Moving data or users.
        Migration = "migration",
    }
}
