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
    /// OpenAI Chat Completions, or a server that speaks it.
    OpenAi,
}

impl TryFrom<String> for ModelProvider {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "none" => Ok(Self::None),
            "anthropic" => Ok(Self::Anthropic),
            "openai" => Ok(Self::OpenAi),
            "gemini" => Err(
                "must be `none`, `anthropic` or `openai`: this version does not speak Gemini's own \
                 format\nhint: Gemini works through `openai` with `model.base_url` set to \
                 `https://generativelanguage.googleapis.com/v1beta/openai`"
                    .to_owned(),
            ),
            other => Err(format!(
                "must be `none`, `anthropic` or `openai`, not {}\nhint: Ollama, vLLM and other \
                 servers work through `openai` with `model.base_url` set to their address, such as \
                 `http://127.0.0.1:11434/v1`",
                shown(other)
            )),
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
