//! `plan.json`: the shape that a model fills and people may write by hand.
//!
//! Reading is strict and says where a text departs from the shape. What a model says goes through
//! `answer` first, which forgives the wrapping but not the shape.

mod change;
mod file;
mod library;
mod shape;
mod words;

use serde::de::DeserializeOwned;

pub use change::{
    Anchor, Change, ConfigEntry, DataStructure, Interface, InterfaceKind, Operation, Parameter,
    Relation, SideEffect, Snippet,
};
pub use file::{Place, PlanFile, Resolved, ResolvedReferences, ResolvedReview};
pub use library::ResolvedLibrary;
pub use shape::{
    ArchitectureNote, Assumption, Decision, DecisionOption, Dependency, Draft, Finding, NoteTopic,
    OpenQuestion, PointKind, Registry, RequestPoint, Risk, RiskCategory, Step, Understanding,
};

/// Most entries of any list. Real plans have fewer than 20; this only stops floods.
const MAX_ITEMS: usize = 100;

/// Most bytes of any one text. A long paragraph has 1,000.
const MAX_TEXT_BYTES: usize = 8_000;

/// Most problems told at one time: more do not help whoever repairs them.
const MAX_PROBLEMS: usize = 5;

/// The schema of [`Draft`]: closed, everything required, no unions, no limits, so that every
/// provider's dialect takes it. The order of its keys is the order in which a model writes.
pub const SCHEMA: &str = include_str!("../plan.schema.json");

/// Why a text is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// The text is larger than what is read.
    #[error("the plan is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The text is not JSON.
    #[error("not JSON: {why}")]
    Syntax {
        /// What is wrong and where, by line and column.
        why: String,
    },
    /// The JSON has another shape.
    #[error("`{at}`: {why}")]
    Shape {
        /// Where, as a JSON pointer; `/` for the document itself.
        at: String,
        /// What is wrong.
        why: String,
    },
    /// Lists or texts are longer than what is read.
    #[error("{}", .0.join("; "))]
    Oversized(
        /// One sentence for each, at most five.
        Vec<String>,
    ),
}

impl DraftError {
    /// What is wrong, one sentence each, at most five.
    pub fn problems(&self) -> Vec<String> {
        match self {
            Self::Oversized(problems) => problems.clone(),
            other => vec![other.to_string()],
        }
    }
}

impl Draft {
    /// Reads a plan without anything around it and without a `resolved` object.
    ///
    /// # Errors
    /// When the text is no JSON, has another shape, or is larger than the limits.
    pub fn parse(text: &str) -> Result<Self, DraftError> {
        let draft: Self = parse_json(text)?;
        draft.check_limits()?;
        Ok(draft)
    }

    /// Whether all lists and texts are of bearable length.
    ///
    /// # Errors
    /// [`DraftError::Oversized`] names the first few that are not.
    pub fn check_limits(&self) -> Result<(), DraftError> {
        check_value_limits(self)
    }
}

/// Reads `text` as `T`, naming the place of the first departure.
pub(in crate::planner) fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T, DraftError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let at = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            let why = inner.to_string();
            DraftError::Shape { at, why }
        } else {
            let why = inner.to_string();
            DraftError::Syntax { why }
        }
    })?;
    deserializer.end().map_err(|error| DraftError::Syntax {
        why: error.to_string(),
    })?;
    Ok(value)
}

/// Whether all lists and texts of `value` are of bearable length.
pub(in crate::planner) fn check_value_limits<T: serde::Serialize>(
    value: &T,
) -> Result<(), DraftError> {
    let value = serde_json::to_value(value).map_err(|error| DraftError::Syntax {
        why: error.to_string(),
    })?;
    let mut problems = Vec::new();
    find_oversized(&value, &mut String::new(), &mut problems);
    if problems.is_empty() {
        Ok(())
    } else {
        Err(DraftError::Oversized(problems))
    }
}

/// The depth is that of the types, so the recursion is short.
fn find_oversized(value: &serde_json::Value, at: &mut String, problems: &mut Vec<String>) {
    if problems.len() >= MAX_PROBLEMS {
        return;
    }
    match value {
        serde_json::Value::String(text) if text.len() > MAX_TEXT_BYTES => {
            let length = text.len();
            problems.push(format!(
                "`{at}` has {length} bytes, more than {MAX_TEXT_BYTES}"
            ));
        }
        serde_json::Value::Array(items) => {
            if items.len() > MAX_ITEMS {
                let count = items.len();
                problems.push(format!("`{at}` has {count} entries, more than {MAX_ITEMS}"));
                return;
            }
            for (i, item) in items.iter().enumerate() {
                within(at, &i.to_string(), |at| find_oversized(item, at, problems));
            }
        }
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                within(at, name, |at| find_oversized(field, at, problems));
            }
        }
        _ => {}
    }
}

fn within(at: &mut String, segment: &str, visit: impl FnOnce(&mut String)) {
    let length = at.len();
    at.push('/');
    at.push_str(segment);
    visit(at);
    at.truncate(length);
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let pointer: String = path
        .iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{key}"),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => "/?".to_owned(),
        })
        .collect();
    if pointer.is_empty() {
        "/".to_owned()
    } else {
        pointer
    }
}

#[cfg(test)]
mod tests;
