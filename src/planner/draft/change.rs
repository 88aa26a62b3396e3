//! The types of one change of `plan.json`.

use serde::{Deserialize, Serialize};

use crate::domain::plan;
use crate::planner::draft::words::words;

words! {
    /// What a change does with its file.
    Operation {
        /// Changes it.
        Modify = "modify",
        /// Adds it.
        Add = "add",
        /// Deletes it.
        Delete = "delete",
        /// Moves it.
        Rename = "rename",
    }
}

impl From<Operation> for plan::Operation {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::Modify => Self::Modify,
            Operation::Add => Self::Add,
            Operation::Delete => Self::Delete,
            Operation::Rename => Self::Rename,
        }
    }
}

words! {
    /// How new code relates to an anchor.
    Relation {
        /// It takes the anchor's place.
        Replace = "replace",
        /// It goes before the anchor.
        InsertBefore = "insert_before",
        /// It goes after the anchor.
        InsertAfter = "insert_after",
        /// It goes inside the anchor.
        Inside = "inside",
        /// The anchor goes away.
        Remove = "remove",
    }
}

impl From<Relation> for plan::Relation {
    fn from(relation: Relation) -> Self {
        match relation {
            Relation::Replace => Self::Replace,
            Relation::InsertBefore => Self::InsertBefore,
            Relation::InsertAfter => Self::InsertAfter,
            Relation::Inside => Self::Inside,
            Relation::Remove => Self::Remove,
        }
    }
}

/// An exact place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The enclosing symbol.
    pub symbol: String,
    /// A line or two copied from the file.
    pub quote: String,
    /// A guess of the line; it only decides between equal places.
    pub line_hint: i64,
    /// How the change relates to it.
    pub relation: Relation,
}

/// A change to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// `C1` onwards.
    pub id: String,
    /// What is done with the file.
    pub op: Operation,
    /// The file.
    pub path: String,
    /// Where a renamed file goes.
    pub new_path: String,
    /// Places in the file.
    pub anchors: Vec<Anchor>,
    /// Ids of the evidence that led to it.
    pub evidence: Vec<String>,
    /// What changes.
    pub what: String,
    /// Why.
    pub why: String,
    /// Functions, types and the like.
    pub interfaces: Vec<Interface>,
    /// Data structures altered.
    pub data_structures: Vec<DataStructure>,
    /// Import lines.
    pub imports: Vec<String>,
    /// Settings.
    pub config: Vec<ConfigEntry>,
    /// A short pattern.
    pub snippet: Snippet,
    /// Existing code that it builds on.
    pub reuses: Vec<String>,
    /// For added files: why nothing existing would do.
    pub why_new: String,
    /// What else is affected.
    pub side_effects: Vec<SideEffect>,
    /// Ids of the request points that it serves.
    pub covers: Vec<String>,
    /// Ids of the changes that must come first.
    pub depends_on: Vec<String>,
}

/// A function, type, endpoint or the like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// What it is.
    pub kind: InterfaceKind,
    /// Its name.
    pub name: String,
    /// An example signature.
    pub signature: String,
    /// Its parameters.
    pub params: Vec<Parameter>,
    /// What it returns.
    pub returns: String,
    /// Whether callers must change.
    pub breaking: bool,
}

words! {
    /// Kinds of interfaces.
    InterfaceKind {
        /// A free function.
        Function = "function",
        /// A function of a type.
        Method = "method",
        /// A type.
        Type = "type",
        /// A trait, interface or protocol.
        Trait = "trait",
        /// A field or property.
        Field = "field",
        /// An address of an API.
        Endpoint = "endpoint",
        /// A command or option of a command line.
        Command = "command",
        /// An event or message.
        Event = "event",
        /// A table or column.
        Table = "table",
    }
}

/// A parameter of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// What it stands for.
    pub meaning: String,
}

/// A change to a data structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataStructure {
    /// Its name.
    pub name: String,
    /// What changes.
    pub change: String,
}

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigEntry {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
    /// What it is for.
    pub purpose: String,
}

/// A few lines of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snippet {
    /// The language.
    pub language: String,
    /// The code.
    pub code: String,
}

/// What a change does elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideEffect {
    /// The file affected.
    pub path: String,
    /// The symbol affected.
    pub symbol: String,
    /// What happens there.
    pub effect: String,
    /// What to do about it.
    pub action: String,
}
