//! Settings that choose between a few things.

use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;

use crate::config::values::shown;

/// Which wire format a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ModelProvider {
    /// No model: outlines only.
    None,
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI's formats, see [`ModelApi`], or a server that speaks one of them.
    OpenAi,
    /// Gemini's `generateContent`.
    Gemini,
    /// Ollama's own chat.
    Ollama,
}

impl TryFrom<String> for ModelProvider {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "none" => Ok(Self::None),
            "anthropic" => Ok(Self::Anthropic),
            "openai" => Ok(Self::OpenAi),
            "gemini" => Ok(Self::Gemini),
            "ollama" => Ok(Self::Ollama),
            other => Err(format!(
                "must be `none`, `anthropic`, `openai`, `gemini` or `ollama`, not {}\nhint: vLLM, \
                 llama.cpp, LiteLLM, OpenRouter and other servers work through `openai` with \
                 `base_url` set to their address, such as `http://127.0.0.1:8000/v1`",
                shown(other)
            )),
        }
    }
}

/// Which of OpenAI's formats is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ModelApi {
    /// Responses at OpenAI itself, or Chat Completions when it has none; Chat Completions elsewhere.
    Auto,
    /// Responses.
    Responses,
    /// Chat Completions.
    Chat,
}

impl TryFrom<String> for ModelApi {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "auto" => Ok(Self::Auto),
            "responses" => Ok(Self::Responses),
            "chat" => Ok(Self::Chat),
            other => Err(format!(
                "must be `auto`, `responses` or `chat`, not {}",
                shown(other)
            )),
        }
    }
}

/// The strictest way to hold a model to a schema that its provider is believed to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SchemaSupport {
    /// Whatever turns out to work.
    Auto,
    /// The provider takes a schema.
    Native,
    /// It takes tools.
    Tool,
    /// It can be asked for JSON.
    Json,
    /// None of these.
    Prompt,
}

impl TryFrom<String> for SchemaSupport {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "auto" => Ok(Self::Auto),
            "native" => Ok(Self::Native),
            "tool" => Ok(Self::Tool),
            "json" => Ok(Self::Json),
            "prompt" => Ok(Self::Prompt),
            other => Err(format!(
                "must be `auto`, `native`, `tool`, `json` or `prompt`, not {}",
                shown(other)
            )),
        }
    }
}

/// Whether a model may be given tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ToolSupport {
    /// Unless its provider refuses them.
    Auto,
    /// It may not.
    Never,
}

impl TryFrom<String> for ToolSupport {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "auto" => Ok(Self::Auto),
            "never" => Ok(Self::Never),
            other => Err(format!("must be `auto` or `never`, not {}", shown(other))),
        }
    }
}

/// How thoroughly plans are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Profile {
    /// What fits the model and the repository.
    Auto,
    /// Search alone.
    Outline,
    /// For models with little room.
    Small,
    /// One draft from what search found.
    Single,
    /// The model chooses and looks around before it writes.
    Standard,
    /// It looks around for longer, and the plan is criticised.
    Deep,
}

impl Profile {
    /// Its word in configuration files and receipts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Outline => "outline",
            Self::Small => "small",
            Self::Single => "single",
            Self::Standard => "standard",
            Self::Deep => "deep",
        }
    }
}

impl TryFrom<String> for Profile {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "auto" => Ok(Self::Auto),
            "outline" => Ok(Self::Outline),
            "small" => Ok(Self::Small),
            "single" => Ok(Self::Single),
            "standard" => Ok(Self::Standard),
            "deep" => Ok(Self::Deep),
            other => Err(format!(
                "must be `auto`, `outline`, `small`, `single`, `standard` or `deep`, not {}",
                shown(other)
            )),
        }
    }
}

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl TryFrom<String> for LogFormat {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(format!("must be `text` or `json`, not {}", shown(other))),
        }
    }
}

/// Which database keeps deliveries and jobs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StoreUrl(PathBuf);

impl StoreUrl {
    /// The `SQLite` file at `path`.
    pub fn sqlite(path: PathBuf) -> Self {
        Self(path)
    }

    /// The `SQLite` file.
    pub fn sqlite_path(&self) -> &Path {
        &self.0
    }
}

impl TryFrom<String> for StoreUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let path = text.strip_prefix("sqlite:").map(|path| {
            // `sqlite:///var/x.db` and `sqlite:/var/x.db` are both in use.
            path.strip_prefix("//").unwrap_or(path)
        });
        match path {
            Some(path) if path.starts_with(':') || path.contains(['?', '\0']) => Err(
                "must be the path of a file: deliveries have to survive a restart\n\
                 hint: such as `sqlite:planwright.db`"
                    .to_owned(),
            ),
            Some(path) if !path.is_empty() => Ok(Self(PathBuf::from(path))),
            _ if text.starts_with("postgres://") || text.starts_with("postgresql://") => Err(
                "must be `sqlite:` and a path: PostgreSQL is not supported by this version yet"
                    .to_owned(),
            ),
            // Whatever else stands there may hold a password.
            _ => {
                Err("must be `sqlite:` and a path\nhint: such as `sqlite:planwright.db`".to_owned())
            }
        }
    }
}
