//! Language models behind one trait: text goes in, one document comes out.
//!
//! A client knows its provider's wire format. It knows nothing of repositories, plans or forges,
//! and no secret but its own key.

mod anthropic;
mod guarded;
mod openai;
mod wire;

pub use guarded::{Conversation, Guarded};

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::config::{ModelProvider, ModelSettings};

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
/// altered. Only the client that received it looks inside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verbatim(serde_json::Value);

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

/// Why a model gave no answer. No variant carries a provider's raw text.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The key, the account or the model's name was refused; waiting does not help.
    #[error("the model's provider refused the request with status {status}")]
    Denied {
        /// The HTTP status.
        status: u16,
    },
    /// A rate limit was hit.
    #[error("the model's provider asks to wait {}s", retry_after.as_secs())]
    RateLimited {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The provider could not be reached or failed.
    #[error("the model's provider did not answer: {why}")]
    Unavailable {
        /// The cause, in our words.
        why: String,
    },
    /// The model declined.
    #[error("the model declined to answer")]
    Refused,
    /// The question was longer than what the model takes.
    #[error("the request is longer than the model's context")]
    TooLong,
    /// The provider does not take the schema; the same turn without it may work.
    #[error("the model's provider does not take this schema")]
    SchemaRejected,
    /// The answer cannot be used.
    #[error("the model's provider gave an unusable answer: {why}")]
    Unusable {
        /// The cause, in our words.
        why: String,
    },
}

/// One model.
#[async_trait]
pub trait Model: Send + Sync {
    /// The model's name as configured.
    fn name(&self) -> &str;

    /// Asks once. Nothing that a model has worked on is retried inside.
    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError>;
}

/// Why a model cannot be used as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum ModelSetupError {
    /// No name.
    #[error("`model.name` is empty\nhint: set it to the model's name at the provider")]
    NoName,
    /// No key, where the provider needs one.
    #[error("`model.api_key` is empty\nhint: set it, or `PLANWRIGHT_MODEL__API_KEY`")]
    NoKey,
    /// The key cannot stand in a header.
    #[error("`model.api_key` holds characters that no key has\nhint: look for line breaks in it")]
    Key,
    /// The address is none.
    #[error(
        "`model.base_url` is not an address of an API\nhint: write it like `https://host/v1`, \
         without user, query or fragment"
    )]
    Address,
}

/// Opens the configured model; `None` when none is configured. `client` must follow no redirects.
///
/// # Errors
/// When the settings cannot work. Nothing is sent.
pub fn open(
    settings: &ModelSettings,
    client: reqwest::Client,
) -> Result<Option<Arc<dyn Model>>, ModelSetupError> {
    match settings.provider {
        ModelProvider::None => Ok(None),
        ModelProvider::OpenAi => {
            let endpoint = endpoint(settings, client, "https://api.openai.com/v1")?;
            Ok(Some(Arc::new(openai::OpenAi::new(endpoint)?)))
        }
        ModelProvider::Anthropic => {
            let endpoint = endpoint(settings, client, "https://api.anthropic.com")?;
            Ok(Some(Arc::new(anthropic::Anthropic::new(endpoint)?)))
        }
    }
}

fn endpoint(
    settings: &ModelSettings,
    client: reqwest::Client,
    own_address: &str,
) -> Result<wire::Endpoint, ModelSetupError> {
    if settings.name.trim().is_empty() {
        return Err(ModelSetupError::NoName);
    }
    let base_url = match (&settings.base_url, &settings.api_key) {
        (None, None) => return Err(ModelSetupError::NoKey),
        (Some(base_url), _) => base_url.as_str(),
        (None, Some(_)) => own_address,
    };
    Ok(wire::Endpoint {
        client,
        base_url: wire::parse_address(base_url).ok_or(ModelSetupError::Address)?,
        name: settings.name.trim().to_owned(),
        key: settings.api_key.clone().unwrap_or_default(),
        timeout: settings.timeout,
    })
}

#[cfg(test)]
mod tests;
