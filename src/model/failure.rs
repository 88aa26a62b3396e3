//! What went wrong, told apart by status and by words that are looked at and never passed on.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

use crate::model::wire::Optional;
use crate::model::{ModelError, Rung};

/// Waiting time when a provider asks to wait and does not say how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

/// Shortest waiting time: "now" has just been refused.
const MIN_PAUSE: Duration = Duration::from_secs(1);

/// Longest waiting time that is believed.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// Parts of an error that say something.
const TELLING: [&str; 5] = ["message", "code", "type", "param", "status"];

/// What was asked for, which decides what may be to blame.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    /// How the answer was to be held to a schema, if to one at all.
    pub(super) rung: Option<Rung>,
    /// Whether there were tools.
    pub(super) tools: bool,
}

/// An answer that is no success.
#[derive(Debug)]
pub(super) struct Failure {
    status: u16,
    /// The words of the error, in lower case.
    words: String,
    /// How long the provider asks to wait.
    pause: Option<Duration>,
}

impl Failure {
    /// Takes `error.{message,code,type,param,status}`, where each may be text or a number, or the whole
    /// body when it has another form.
    pub(super) fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let value = serde_json::from_slice::<Value>(body).ok();
        // Gemini's streams hold their errors in a list.
        let value = value.map(|value| match value {
            Value::Array(items) => items.into_iter().next().unwrap_or_default(),
            other => other,
        });
        let error = value.as_ref().and_then(|value| value.get("error"));
        let words = match error {
            Some(Value::Object(_)) => error.map(words_of).unwrap_or_default(),
            _ => String::from_utf8_lossy(body).to_lowercase(),
        };
        Self {
            status: status.as_u16(),
            words,
            pause: pause_of(headers).or_else(|| delay_of(error?)),
        }
    }

    /// The error that a stream tells instead of going on.
    pub(super) fn in_stream(error: &Value) -> Self {
        let words = match error {
            Value::Object(_) => words_of(error),
            other => other.to_string().to_lowercase(),
        };
        let named = (["code", "status", "status_code"].into_iter())
            .filter_map(|key| error.get(key))
            .find_map(|code| match code {
                Value::Number(number) => number.as_u64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            });
        let status = named
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code));
        Self {
            status: status.unwrap_or_else(|| status_of(&words)),
            words,
            pause: delay_of(error),
        }
    }

    /// How long the provider asked to wait, if it did.
    pub(super) fn named_pause(&self) -> Option<Duration> {
        (self.status == 429).then_some(self.pause)?
    }

    /// The first of these parameters that the server refuses.
    pub(super) fn refuses<'a>(
        &self,
        mut parameters: impl Iterator<Item = &'a Optional>,
    ) -> Option<&'static str> {
        if !matches!(self.status, 400 | 422) || self.is_too_long() {
            return None;
        }
        parameters
            .find(|parameter| self.says(parameter.refusals))
            .map(|parameter| parameter.name)
    }

    /// Whether the server has no such address, while it may have others.
    pub(super) fn is_missing_address(&self) -> bool {
        matches!(self.status, 404 | 405 | 501) && !self.says(&["model", "deployment"])
    }

    /// What this means for a question of that kind.
    pub(super) fn error(&self, asked: Asked) -> ModelError {
        let status = self.status;
        match status {
            429 if self.is_about_money() => ModelError::Denied { status },
            429 => ModelError::RateLimited {
                retry_after: self.pause.unwrap_or(DEFAULT_PAUSE),
            },
            408 | 409 | 425 => failed(status),
            413 => ModelError::TooLong,
            400 | 422 | 500 if self.is_too_long() => ModelError::TooLong,
            400 | 404 | 422 if asked.tools && self.is_about_tools() => ModelError::ToolsRejected,
            400 | 422 | 501 if asked.rung.is_some_and(|rung| self.is_about(rung)) => {
                ModelError::SchemaRejected
            }
            400 if self.is_about_content() => ModelError::Refused,
            500.. => failed(status),
            _ => ModelError::Denied { status },
        }
    }

    fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.words.contains(phrase))
    }

    /// An account without money does not get some by waiting. Gemini speaks of billing whenever a
    /// limit is reached, and says how long to wait.
    fn is_about_money(&self) -> bool {
        self.says(&["insufficient_quota", "billing_not_active"])
            || (self.says(&["billing"]) && self.pause.is_none())
    }

    fn is_too_long(&self) -> bool {
        self.says(&[
            "context_length",
            "context length",
            "context window",
            "context size",
            "maximum context",
            "prompt is too long",
            "input is too long",
            "too many tokens",
            "exceeds the maximum number of tokens",
            "exceeds the limit of",
            "request_too_large",
        ])
    }

    fn is_about_tools(&self) -> bool {
        self.says(&[
            "tool",
            "function call",
            "function_call",
            "functiondeclarations",
        ])
    }

    /// Whether the way in which the answer was to be held to its schema is to blame. A server that
    /// knows nothing of it at all says that it does not implement this.
    fn is_about(&self, rung: Rung) -> bool {
        match rung {
            Rung::Native | Rung::Json => {
                self.status == 501
                    || self.says(&[
                        "schema",
                        "response_format",
                        "response format",
                        "text.format",
                        "structured output",
                        "grammar",
                        "output_config",
                        "output_format",
                        "mime type",
                        "mimetype",
                        "json mode",
                        "json_object",
                        "invalid format",
                    ])
            }
            Rung::Tool => self.status == 501 || self.is_about_tools() || self.says(&["schema"]),
            Rung::Prompt => false,
        }
    }

    /// A filter before the model.
    fn is_about_content(&self) -> bool {
        self.says(&[
            "content_filter",
            "content management policy",
            "responsibleaipolicyviolation",
            "invalid_prompt",
            "usage policies",
        ])
    }
}

/// The status of an error that names none.
fn status_of(words: &str) -> u16 {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    if says(&[
        "rate_limit",
        "rate limit",
        "insufficient_quota",
        "resource_exhausted",
    ]) {
        429
    } else if says(&[
        "invalid_request",
        "invalid_prompt",
        "context_length",
        "content_filter",
    ]) {
        400
    } else if says(&["authentication", "permission", "invalid_api_key"]) {
        401
    } else {
        503
    }
}

fn failed(status: u16) -> ModelError {
    ModelError::Unavailable {
        why: format!("status {status}"),
    }
}

fn words_of(error: &Value) -> String {
    let told = TELLING.into_iter().filter_map(|key| error.get(key));
    let told = told.map(|field| match field {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    told.collect::<Vec<_>>().join("\n").to_lowercase()
}

/// The waiting time in milliseconds, in seconds, or as a date, which is compared with the answer's own
/// date.
fn pause_of(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let number = |name: &str| text(name)?.parse::<f64>().ok();
    let date = |name: &str| httpdate::parse_http_date(text(name)?).ok();
    let named = match (number("retry-after-ms"), number(RETRY_AFTER.as_str())) {
        (Some(milliseconds), _) => seconds(milliseconds / 1000.0)?,
        (None, Some(named)) => seconds(named)?,
        (None, None) => {
            let (until, now) = (date(RETRY_AFTER.as_str())?, date(DATE.as_str())?);
            until.duration_since(now).unwrap_or_default()
        }
    };
    Some(named.clamp(MIN_PAUSE, MAX_PAUSE))
}

/// Gemini's `details[].retryDelay`, such as `34.1s`.
fn delay_of(error: &Value) -> Option<Duration> {
    let details = error.get("details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay"))?;
    let named = delay.as_str()?.strip_suffix('s')?.parse().ok();
    Some(seconds(named?)?.clamp(MIN_PAUSE, MAX_PAUSE))
}

fn seconds(number: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(number.ceil()).ok()
}
