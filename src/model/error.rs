//! Why a model gives no answer, or cannot be asked at all.

use std::time::Duration;

/// Why a model gave no answer. No variant carries a provider's raw text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    /// The question is longer than what the model takes.
    #[error("the request is longer than the model's context")]
    TooLong,
    /// The server took less than the whole question, and the model answered without the rest.
    #[error(
        "the model's server read {reported} tokens of a prompt that has at least {least}\n\
         hint: raise the server's context length, or set `model.context_tokens` to what it has"
    )]
    PromptCut {
        /// Tokens that the server says it has read.
        reported: u64,
        /// The fewest tokens that the prompt can have.
        least: u64,
    },
    /// The provider does not take the schema in this form; the same turn, asked again, is put in the
    /// next one.
    #[error("the model's provider does not take this schema")]
    SchemaRejected,
    /// The provider takes no tools for this model, which [`crate::model::Limits::tools`] says from now on.
    #[error("the model's provider takes no tools")]
    ToolsRejected,
    /// The answer cannot be used.
    #[error("the model's provider gave an unusable answer: {why}")]
    Unusable {
        /// The cause, in our words.
        why: String,
    },
}

impl ModelError {
    /// [`Self::Unusable`] for this cause.
    pub(super) fn unusable(why: &str) -> Self {
        Self::Unusable {
            why: why.to_owned(),
        }
    }

    /// [`Self::Unavailable`] for this cause.
    pub(super) fn unavailable(why: &str) -> Self {
        Self::Unavailable {
            why: why.to_owned(),
        }
    }

    /// A stream that ended before the answer did.
    pub(super) fn cut() -> Self {
        Self::unavailable("the answer broke off")
    }
}

/// Why a model cannot be used as it is configured.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelSetupError {
    /// No name.
    #[error("`{section}.name` is empty\nhint: set it to the model's name at the provider")]
    NoName {
        /// `model` or `fallback_model`.
        section: &'static str,
    },
    /// No key, where the provider needs one.
    #[error(
        "`{section}.api_key` is empty\nhint: set it, or `PLANWRIGHT_{}__API_KEY`",
        section.to_uppercase()
    )]
    NoKey {
        /// As above.
        section: &'static str,
    },
    /// The key cannot stand in a header.
    #[error(
        "`{section}.api_key` holds characters that no key has\nhint: look for line breaks in it"
    )]
    Key {
        /// As above.
        section: &'static str,
    },
    /// The address is none.
    #[error(
        "`{section}.base_url` is not an address of an API\nhint: write it like \
         `https://host/v1`, without user, query or fragment"
    )]
    Address {
        /// As above.
        section: &'static str,
    },
}
