//! The formats of the providers, as their documents describe them.

pub(super) mod anthropic;
pub(super) mod chat;
pub(super) mod gemini;
pub(super) mod ollama;
pub(super) mod responses;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::answer::Said;

/// One format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    Chat,
    Responses,
    Anthropic,
    Gemini,
    Ollama,
}

impl Wire {
    /// The format that is spoken at a path.
    pub(super) fn at(method: &Method, path: &str) -> Option<Self> {
        if method != Method::POST {
            return None;
        }
        match path {
            "/v1/chat/completions" => Some(Self::Chat),
            "/v1/responses" => Some(Self::Responses),
            "/v1/messages" => Some(Self::Anthropic),
            "/api/chat" => Some(Self::Ollama),
            _ => {
                let (_, method) = path.strip_prefix("/v1beta/models/")?.split_once(':')?;
                matches!(method, "generateContent" | "streamGenerateContent")
                    .then_some(Self::Gemini)
            }
        }
    }

    /// Whether the answer is wanted in pieces; Ollama sends pieces unless told otherwise.
    pub(super) fn streams(self, path: &str, body: &Value) -> bool {
        let asked = body.get("stream").and_then(Value::as_bool);
        match self {
            Self::Gemini => path.ends_with(":streamGenerateContent"),
            Self::Ollama => asked.unwrap_or(true),
            _ => asked.unwrap_or(false),
        }
    }

    /// The media type of an answer in pieces.
    pub(super) fn stream_type(self) -> &'static str {
        match self {
            Self::Ollama => "application/x-ndjson",
            _ => "text/event-stream",
        }
    }

    /// The whole answer.
    pub(super) fn plain(self, said: &Said) -> Value {
        match self {
            Self::Chat => chat::plain(said),
            Self::Responses => responses::plain(said),
            Self::Anthropic => anthropic::plain(said),
            Self::Gemini => gemini::plain(said),
            Self::Ollama => ollama::plain(said),
        }
    }

    /// The answer in pieces, as they are sent; its text in at most `most` of them.
    pub(super) fn stream(self, said: &Said, most: usize) -> Vec<String> {
        match self {
            Self::Chat => chat::stream(said, most),
            Self::Responses => responses::stream(said, most),
            Self::Anthropic => anthropic::stream(said, most),
            Self::Gemini => gemini::stream(said, most),
            Self::Ollama => ollama::stream(said, most),
        }
    }

    /// An error.
    pub(super) fn error(self, status: StatusCode, message: &str) -> Value {
        let code = status.as_u16();
        match self {
            Self::Chat | Self::Responses => {
                json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": null}})
            }
            Self::Anthropic => {
                let kind = match code {
                    400 => "invalid_request_error",
                    401 => "authentication_error",
                    429 => "rate_limit_error",
                    529 => "overloaded_error",
                    _ => "api_error",
                };
                json!({"type": "error", "error": {"type": kind, "message": message}})
            }
            Self::Gemini => {
                let status = match code {
                    400 => "INVALID_ARGUMENT",
                    429 => "RESOURCE_EXHAUSTED",
                    503 => "UNAVAILABLE",
                    _ => "INTERNAL",
                };
                json!({"error": {"code": code, "message": message, "status": status}})
            }
            Self::Ollama => json!({"error": message}),
        }
    }
}

/// A server-sent event without a name.
fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// A server-sent event that is called what its `type` says.
fn event(value: &Value) -> String {
    let name = value["type"].as_str().unwrap();
    format!("event: {name}\ndata: {value}\n\n")
}
