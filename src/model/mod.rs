//! Language models behind one trait: text goes in, one document comes out.
//!
//! A client knows its provider's wire format. It knows nothing of repositories, plans or forges,
//! and no secret but its own key.

mod anthropic;
mod chat;
mod client;
mod error;
mod exchange;
mod failure;
mod fallback;
mod gemini;
mod guarded;
mod ladder;
mod limits;
mod ollama;
mod open;
mod pace;
mod price;
mod question;
mod responses;
mod stream;
mod wire;

use async_trait::async_trait;
use serde_json::Value;

pub use error::{ModelError, ModelSetupError};
pub use fallback::with_fallback;
pub use guarded::{Conversation, Guarded};
pub use ladder::Rung;
pub use limits::{Limits, TextKind, estimate_tokens};
pub use open::{Means, address, open};
pub use price::Cost;

/// One question to a model, with everything that it is to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Rules; the same for every repository.
    pub system: String,
    /// What was said so far, oldest first; never empty, and the first is ours. A turn that carries a
    /// conversation on repeats everything before unchanged, so that providers may keep it.
    pub messages: Vec<Message>,
    /// What the model may call; empty when it is to answer at once.
    pub tools: &'static [Tool],
    /// The JSON schema that the answer must have, and its name.
    pub schema: Option<Schema>,
    /// The most tokens that the answer may have.
    pub max_output_tokens: u32,
}

impl Turn {
    /// All text of ours in the messages, in order: what the answer is about.
    pub fn user_text(&self) -> String {
        let texts = self.messages.iter().flat_map(Message::texts);
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Ours: material and tasks.
    User {
        /// Its parts, those that other turns share first. A provider may be asked to keep what lies up
        /// to the end of each part but the last.
        parts: Vec<String>,
    },
    /// The model's, sent back as it came.
    Model(Verbatim),
    /// What the calls of the message before gave, one result for each call.
    Results(Vec<ToolResult>),
}

impl Message {
    /// A message of ours in one part.
    pub fn user(text: String) -> Self {
        Self::User { parts: vec![text] }
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Self::User { parts } => parts.iter().map(String::as_str).collect(),
            Self::Model(_) => Vec::new(),
            Self::Results(results) => results.iter().map(|result| result.text.as_str()).collect(),
        }
    }
}

/// A model's message in its provider's own form: some providers refuse a conversation in which it was
/// altered. Only the client that received it looks inside; another model is told the words and calls.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verbatim {
    /// The wire format and the model that it came from.
    author: String,
    /// In the author's form.
    message: Value,
    text: String,
    calls: Vec<ToolCall>,
}

impl Verbatim {
    /// The message in its own form, if it came from `author`.
    fn of(&self, author: &str) -> Option<&Value> {
        (self.author == author).then_some(&self.message)
    }
}

/// Something that a model may call. It reads the pinned snapshot and nothing else.
#[derive(Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name: letters, digits and `_`.
    pub name: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// The JSON schema of its arguments, an object.
    pub arguments: &'static str,
}

/// A model's wish to call a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// The provider's name for this call; made up by the client where the provider has none.
    pub id: String,
    /// The tool's name as the model wrote it; hostile text.
    pub name: String,
    /// The arguments as JSON text; hostile.
    pub arguments: String,
}

/// What a call gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// [`ToolCall::id`].
    pub id: String,
    /// [`ToolCall::name`].
    pub name: String,
    /// The result, or what was wrong with the call.
    pub text: String,
    /// Whether the call was wrong.
    pub is_error: bool,
}

/// A JSON schema for answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// Its name: letters, digits and `_`.
    pub name: &'static str,
    /// The schema itself as JSON text: it is sent as it is, because the order of its keys is the order
    /// in which a model writes.
    pub json: &'static str,
}

/// A model's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// What it said; hostile text.
    pub text: String,
    /// What it wants to call before it goes on.
    pub calls: Vec<ToolCall>,
    /// The whole message, for [`Message::Model`].
    pub verbatim: Verbatim,
    /// Whether it stopped because [`Turn::max_output_tokens`] was reached.
    pub truncated: bool,
    /// Tokens sent and received, as the provider counts them.
    pub usage: Usage,
    /// The configured name of the model that answered: with a fallback, not always the first one's.
    pub model: String,
    /// What the call cost, where prices are configured.
    pub cost: Option<Cost>,
}

/// Tokens of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens sent, those that the provider had kept included.
    pub input_tokens: u64,
    /// Those of the tokens sent that the provider had kept from an earlier call.
    pub cached_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
}

impl Usage {
    /// Adds the tokens of another call.
    pub fn add(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.cached_tokens += other.cached_tokens;
        self.output_tokens += other.output_tokens;
    }
}

/// One model.
#[async_trait]
pub trait Model: Send + Sync {
    /// The model's name as configured.
    fn name(&self) -> &str;

    /// What it can take, as far as that is known before it is asked.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// How an answer is made to have [`Turn::schema`] at present.
    fn schema_support(&self) -> Rung {
        Rung::Native
    }

    /// Asks once. Nothing that a model may have worked on is sent again inside.
    ///
    /// After [`ModelError::SchemaRejected`] the same turn is put in another way when it is asked again.
    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError>;
}

#[cfg(test)]
mod tests;
