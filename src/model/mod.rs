//! Language models behind one trait: text goes in, one document comes out.
//!
//! A client knows its provider's wire format. It knows nothing of repositories, plans or forges,
//! and no secret but its own key.

use std::time::Duration;

use async_trait::async_trait;

/// One question to a model, with everything that it is to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Rules; the same for every repository.
    pub system: String,
    /// The material and the task, stable parts first.
    pub user: String,
    /// The JSON schema that the answer must have, and its name.
    pub schema: Option<Schema>,
    /// The most tokens that the answer may have.
    pub max_output_tokens: u32,
}

/// A JSON schema for answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// Its name: letters, digits and `_`.
    pub name: &'static str,
    /// The schema itself.
    pub value: serde_json::Value,
}

/// A model's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reply {
    /// What it said; hostile text.
    pub text: String,
    /// Whether it stopped because [`Turn::max_output_tokens`] was reached.
    pub truncated: bool,
    /// Tokens sent and received, as the provider counts them.
    pub usage: Usage,
}

/// Tokens of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
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

    /// Asks once. Nothing is retried inside.
    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError>;
}
