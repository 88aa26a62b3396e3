//! Language models behind one trait: text goes in, one document comes out.
//!
//! A client knows its provider's wire format. It knows nothing of repositories, plans or forges,
//! and no secret but its own key.

mod anthropic;
mod openai;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::config::{ModelProvider, ModelSettings};

/// One question to a model, with everything that it is to know.
#[derive(Debug, Clone, PartialEq, Eq)]
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
