//! Anthropic's Messages, as spoken by Anthropic and by gateways to it.

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::wire::Endpoint;
use crate::model::{Model, ModelError, ModelSetupError, Reply, Turn, Usage};

/// The version of the wire format.
const VERSION: &str = "2023-06-01";

/// A model behind Messages.
#[derive(Debug)]
pub(super) struct Anthropic {
    endpoint: Endpoint,
    key: Option<HeaderValue>,
}

impl Anthropic {
    /// Speaks to `endpoint`, whose address ends where `/v1/messages` begins; `/v1` may be there.
    pub(super) fn new(mut endpoint: Endpoint) -> Result<Self, ModelSetupError> {
        if let Some(root) = endpoint.base_url.strip_suffix("/v1") {
            endpoint.base_url = root.to_owned();
        }
        Ok(Self {
            key: endpoint.key_header("")?,
            endpoint,
        })
    }
}

#[async_trait]
impl Model for Anthropic {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = &self.key {
            headers.insert(HeaderName::from_static("x-api-key"), key.clone());
        }
        headers.insert(
            HeaderName::from_static("anthropic-version"),
            HeaderValue::from_static(VERSION),
        );
        let user = turn.user_text();
        let request = MessagesRequest {
            model: &self.endpoint.name,
            max_tokens: turn.max_output_tokens,
            system: [Block {
                r#type: "text",
                text: &turn.system,
                cache_control: Some(CacheControl {
                    r#type: "ephemeral",
                }),
            }],
            messages: [Message {
                role: "user",
                content: [Block {
                    r#type: "text",
                    text: &user,
                    cache_control: None,
                }],
            }],
            output_config: output_config(turn)?,
        };
        let answer = self
            .endpoint
            .post("/v1/messages", headers, &request)
            .await?;
        if !answer.status.is_success() {
            return Err(answer.error(turn.schema.is_some()));
        }
        answer.json::<MessagesResponse>()?.into_reply()
    }
}

#[derive(Serialize)]
struct MessagesRequest<'a> {
    model: &'a str,
    max_tokens: u32,
    system: [Block<'a>; 1],
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: [Block<'a>; 1],
}

#[derive(Serialize)]
struct Block<'a> {
    r#type: &'static str,
    text: &'a str,
    /// The rules are the same for every plan, so they are worth caching.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Serialize)]
struct CacheControl {
    r#type: &'static str,
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    schema: &'a RawValue,
}

fn output_config(turn: &Turn) -> Result<Option<OutputConfig<'_>>, ModelError> {
    let Some(schema) = &turn.schema else {
        return Ok(None);
    };
    let schema = serde_json::from_str(schema.json).map_err(|_| ModelError::SchemaRejected)?;
    Ok(Some(OutputConfig {
        format: Format {
            r#type: "json_schema",
            schema,
        },
    }))
}

#[derive(Deserialize)]
struct MessagesResponse {
    content: Vec<Part>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    usage: Option<TokenCounts>,
}

/// A part of the answer; only those of type `text` say something.
#[derive(Deserialize)]
struct Part {
    r#type: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct TokenCounts {
    #[serde(default)]
    input_tokens: u64,
    #[serde(default)]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default)]
    cache_read_input_tokens: Option<u64>,
    #[serde(default)]
    output_tokens: u64,
}

impl MessagesResponse {
    fn into_reply(self) -> Result<Reply, ModelError> {
        let usage = self.usage.map_or_else(Usage::default, |counts| Usage {
            input_tokens: counts.input_tokens
                + counts.cache_creation_input_tokens.unwrap_or(0)
                + counts.cache_read_input_tokens.unwrap_or(0),
            cached_tokens: counts.cache_read_input_tokens.unwrap_or(0),
            output_tokens: counts.output_tokens,
        });
        let reason = self.stop_reason.as_deref();
        if reason == Some("refusal") {
            return Err(ModelError::Refused);
        }
        let truncated = matches!(reason, Some("max_tokens" | "model_context_window_exceeded"));
        let spoken = self
            .content
            .into_iter()
            .filter(|part| part.r#type == "text");
        let text: String = spoken.map(|part| part.text).collect();
        if text.is_empty() && !truncated {
            return Err(ModelError::Unusable {
                why: "an empty answer".to_owned(),
            });
        }
        Ok(Reply {
            text,
            truncated,
            usage,
            ..Reply::default()
        })
    }
}
