//! Ways of making a model keep to a schema, from the strictest down, and which of them a provider takes.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::config::SchemaSupport;
use crate::model::{Schema, Tool};

/// How long a rung that was refused is left out: a server may be updated, or a model exchanged.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);

/// How an answer is made to have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// The provider holds the model to the schema.
    Native,
    /// The answer is the argument of a tool, which the model is told and not forced to call.
    Tool,
    /// The provider holds the model to JSON; the schema is in the prompt.
    Json,
    /// The schema is in the prompt, and nothing else holds.
    Prompt,
}

impl Rung {
    /// What the model is told beside the turn's own text; `None` where the provider says it.
    pub(super) fn instruction(self, schema: Schema) -> Option<String> {
        let (name, json) = (schema.name, schema.json);
        match self {
            Self::Native => None,
            Self::Tool => Some(format!(
                "\n\nGive the answer by calling the tool `{name}` once, and write nothing beside it."
            )),
            Self::Json | Self::Prompt => Some(format!(
                "\n\nThe answer is one JSON document, with no text before or after it, that is valid \
                 under this JSON Schema:\n{json}"
            )),
        }
    }

    /// The tool that takes the answer.
    pub(super) fn tool(self, schema: Schema) -> Option<Tool> {
        (self == Self::Tool).then_some(Tool {
            name: schema.name,
            description: "Takes the whole answer.",
            arguments: schema.json,
        })
    }

    fn below(self) -> Option<Self> {
        match self {
            Self::Native => Some(Self::Tool),
            Self::Tool => Some(Self::Json),
            Self::Json => Some(Self::Prompt),
            Self::Prompt => None,
        }
    }
}

/// The rung on which one model at one address stands.
#[derive(Debug)]
pub(super) struct Ladder {
    top: Rung,
    /// The provider has no way to ask for JSON without a schema.
    without_json: bool,
    lowered: Mutex<Option<(Rung, Instant)>>,
}

impl Ladder {
    /// Starts where the operator says, or at the top.
    pub(super) fn new(support: SchemaSupport, without_json: bool) -> Self {
        let top = match support {
            SchemaSupport::Auto | SchemaSupport::Native => Rung::Native,
            SchemaSupport::Tool => Rung::Tool,
            SchemaSupport::Json if without_json => Rung::Prompt,
            SchemaSupport::Json => Rung::Json,
            SchemaSupport::Prompt => Rung::Prompt,
        };
        Self {
            top,
            without_json,
            lowered: Mutex::default(),
        }
    }

    /// The rung to stand on now.
    pub(super) fn rung(&self) -> Rung {
        let lowered = self.lowered.lock().ok().and_then(|lowered| *lowered);
        match lowered {
            Some((rung, until)) if Instant::now() < until => rung,
            _ => self.top,
        }
    }

    /// Notes that the provider refused `rung`; returns whether there is one below it.
    pub(super) fn refused(&self, rung: Rung) -> bool {
        let below = match rung.below() {
            Some(Rung::Json) if self.without_json => Some(Rung::Prompt),
            below => below,
        };
        if let Some(below) = below {
            self.lower(below);
        }
        below.is_some()
    }

    /// Notes that the provider took `rung` and did not keep to it: then only the prompt can help.
    pub(super) fn ignored(&self, rung: Rung) {
        if rung != Rung::Prompt {
            self.lower(Rung::Prompt);
        }
    }

    /// Goes down, never up: an answer to an earlier question may come later.
    fn lower(&self, rung: Rung) {
        let now = Instant::now();
        if let Ok(mut lowered) = self.lowered.lock() {
            let standing = lowered.filter(|(_, until)| now < *until);
            if standing.is_none_or(|(standing, _)| standing < rung) {
                *lowered = Some((rung, now + MEMORY));
            }
        }
    }
}
