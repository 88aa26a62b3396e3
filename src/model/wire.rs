//! What all wire formats share: sending once, reading within limits, and telling failures apart.

use std::fmt;
use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::model::{ModelError, ModelSetupError};

/// Most bytes of an answer, 8 times the largest text that is read of one.
pub(super) const MAX_RESPONSE_BYTES: usize = 2 * 1024 * 1024;

/// Waiting time when a provider asks to wait and does not say how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(60);

/// Shortest waiting time: "now" has just been refused.
const MIN_PAUSE: Duration = Duration::from_secs(1);

/// Longest waiting time that is believed.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// Where and how a provider is spoken to.
pub(super) struct Endpoint {
    pub(super) client: reqwest::Client,
    /// Without a trailing `/`.
    pub(super) base_url: String,
    pub(super) name: String,
    pub(super) key: SecretString,
    /// From sending to the last byte.
    pub(super) timeout: Duration,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("base_url", &self.base_url)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// An answer as it came, whatever its status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Endpoint {
    /// The key as the value of a header, marked as sensitive; `None` without a key.
    pub(super) fn key_header(&self, prefix: &str) -> Result<Option<HeaderValue>, ModelSetupError> {
        let key = self.key.expose_secret().trim();
        if key.is_empty() {
            return Ok(None);
        }
        let mut value =
            HeaderValue::from_str(&format!("{prefix}{key}")).map_err(|_| ModelSetupError::Key)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// Posts `body` once and reads the whole answer.
    pub(super) async fn post<T: Serialize + Sync>(
        &self,
        path: &str,
        headers: HeaderMap,
        body: &T,
    ) -> Result<Answer, ModelError> {
        let request = self
            .client
            .post(format!("{}{path}", self.base_url))
            .headers(headers)
            .json(body);
        let exchange = async {
            let response = request.send().await.map_err(|error| unavailable(&error))?;
            read(response).await
        };
        tokio::time::timeout(self.timeout, exchange)
            .await
            .unwrap_or_else(|_| {
                let seconds = self.timeout.as_secs();
                Err(ModelError::Unavailable {
                    why: format!("no complete answer within {seconds}s"),
                })
            })
    }
}

/// `text` as the address of an API: http or https, a host, nothing behind the path.
pub(super) fn parse_address(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    plain.then(|| url.as_str().trim_end_matches('/').to_owned())
}

async fn read(mut response: Response) -> Result<Answer, ModelError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| unavailable(&error))?
    {
        if body.len() + chunk.len() > MAX_RESPONSE_BYTES {
            return Err(ModelError::Unusable {
                why: format!("more than {MAX_RESPONSE_BYTES} bytes"),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        headers,
        body,
    })
}

/// The cause without the address, which may be of a private network.
fn unavailable(error: &reqwest::Error) -> ModelError {
    let why = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_body() || error.is_decode() {
        "the answer was cut"
    } else {
        "the connection failed"
    };
    ModelError::Unavailable {
        why: why.to_owned(),
    }
}

impl Answer {
    /// The body as JSON.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, ModelError> {
        serde_json::from_slice(&self.body).map_err(|_| ModelError::Unusable {
            why: "no answer of the expected form".to_owned(),
        })
    }

    /// What went wrong, for an answer that is no success.
    pub(super) fn error(&self, with_schema: bool) -> ModelError {
        let problem = Problem::of(&self.body);
        let status = self.status.as_u16();
        match status {
            429 if problem.says(&["insufficient_quota", "billing"]) => {
                ModelError::Denied { status }
            }
            429 => ModelError::RateLimited {
                retry_after: self.pause(),
            },
            408 | 409 | 425 => failed(status),
            413 => ModelError::TooLong,
            400 | 422 if problem.is_too_long() => ModelError::TooLong,
            400 | 422 | 501 if with_schema && problem.is_about_schema(status) => {
                ModelError::SchemaRejected
            }
            500.. => failed(status),
            _ => ModelError::Denied { status },
        }
    }

    /// Whether the provider refused a parameter of that name.
    pub(super) fn refuses_parameter(&self, name: &str) -> bool {
        self.status == StatusCode::BAD_REQUEST && Problem::of(&self.body).says(&[name])
    }

    /// `Retry-After` in seconds, or as a date, which is compared with the answer's own date.
    fn pause(&self) -> Duration {
        let text = |name| self.headers.get(name).and_then(|value| value.to_str().ok());
        let date = |name| httpdate::parse_http_date(text(name)?.trim()).ok();
        let seconds = text(RETRY_AFTER).and_then(|text| text.trim().parse::<f64>().ok());
        let named = match seconds {
            Some(seconds) => Duration::try_from_secs_f64(seconds.ceil()).ok(),
            None => date(RETRY_AFTER)
                .zip(date(DATE))
                .map(|(until, now)| until.duration_since(now).unwrap_or_default()),
        };
        named.unwrap_or(DEFAULT_PAUSE).clamp(MIN_PAUSE, MAX_PAUSE)
    }
}

fn failed(status: u16) -> ModelError {
    ModelError::Unavailable {
        why: format!("status {status}"),
    }
}

/// The words of an error body, in lower case; they are looked at and never passed on.
struct Problem {
    words: String,
}

impl Problem {
    /// Takes `error.{message,code,type,param}`, where `code` may be text or a number, or the whole
    /// body when it has another form.
    fn of(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let words = match serde_json::from_slice::<Value>(body) {
            Ok(value) => match value.get("error") {
                Some(Value::Object(error)) => ["message", "code", "type", "param"]
                    .into_iter()
                    .filter_map(|key| error.get(key))
                    .map(|field| match field {
                        Value::String(text) => text.clone(),
                        other => other.to_string(),
                    })
                    .collect::<Vec<_>>()
                    .join("\n"),
                _ => text.into_owned(),
            },
            Err(_) => text.into_owned(),
        };
        Self {
            words: words.to_lowercase(),
        }
    }

    fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.words.contains(phrase))
    }

    fn is_too_long(&self) -> bool {
        self.says(&[
            "context_length",
            "context length",
            "context window",
            "maximum context",
            "prompt is too long",
            "too many tokens",
            "exceeds the limit of",
            "request_too_large",
        ])
    }

    /// A server that does not know schemas at all says that it does not implement this.
    fn is_about_schema(&self, status: u16) -> bool {
        status == 501
            || self.says(&[
                "schema",
                "response_format",
                "structured output",
                "grammar",
                "output_config",
                "output_format",
            ])
    }
}
