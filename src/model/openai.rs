//! OpenAI's Chat Completions, as spoken by OpenAI and by many servers beside it.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::model::wire::{Answer, Endpoint};
use crate::model::{Model, ModelError, ModelSetupError, Reply, Turn, Usage};

/// The parameter that current models take, and the one that older servers know.
const LIMIT: &str = "max_completion_tokens";

/// A model behind Chat Completions.
#[derive(Debug)]
pub(super) struct OpenAi {
    endpoint: Endpoint,
    authorization: Option<HeaderValue>,
    /// Whether the server wants the older name of the limit; learned from its refusal.
    old_limit: AtomicBool,
}

impl OpenAi {
    /// Speaks to `endpoint`, whose address ends where `/chat/completions` begins.
    pub(super) fn new(endpoint: Endpoint) -> Result<Self, ModelSetupError> {
        Ok(Self {
            authorization: endpoint.key_header("Bearer ")?,
            endpoint,
            old_limit: AtomicBool::new(false),
        })
    }

    async fn send(&self, turn: &Turn, old_limit: bool) -> Result<Answer, ModelError> {
        let mut headers = HeaderMap::new();
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        let limit = Some(turn.max_output_tokens);
        let user = turn.user_text();
        let request = ChatRequest {
            model: &self.endpoint.name,
            messages: [
                Message {
                    role: "system",
                    content: &turn.system,
                },
                Message {
                    role: "user",
                    content: &user,
                },
            ],
            response_format: response_format(turn)?,
            max_completion_tokens: limit.filter(|_| !old_limit),
            max_tokens: limit.filter(|_| old_limit),
        };
        self.endpoint
            .post("/chat/completions", headers, &request)
            .await
    }
}

#[async_trait]
impl Model for OpenAi {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    async fn reply(&self, turn: &Turn) -> Result<Reply, ModelError> {
        let old_limit = self.old_limit.load(Ordering::Relaxed);
        let mut answer = self.send(turn, old_limit).await?;
        if !old_limit && answer.refuses_parameter(LIMIT) {
            self.old_limit.store(true, Ordering::Relaxed);
            answer = self.send(turn, true).await?;
        }
        if !answer.status.is_success() {
            return Err(answer.error(turn.schema.is_some()));
        }
        answer.json::<ChatResponse>()?.into_reply()
    }
}

#[derive(Serialize)]
struct ChatRequest<'a> {
    model: &'a str,
    messages: [Message<'a>; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: JsonSchema<'a>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a RawValue,
}

fn response_format(turn: &Turn) -> Result<Option<ResponseFormat<'_>>, ModelError> {
    let Some(schema) = &turn.schema else {
        return Ok(None);
    };
    let value = serde_json::from_str(schema.json).map_err(|_| ModelError::SchemaRejected)?;
    Ok(Some(ResponseFormat {
        r#type: "json_schema",
        json_schema: JsonSchema {
            name: schema.name,
            strict: true,
            schema: value,
        },
    }))
}

#[derive(Deserialize)]
struct ChatResponse {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<TokenCounts>,
}

#[derive(Deserialize)]
struct Choice {
    message: Spoken,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Spoken {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct TokenCounts {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

impl ChatResponse {
    fn into_reply(self) -> Result<Reply, ModelError> {
        let usage = self.usage.map_or_else(Usage::default, |counts| Usage {
            input_tokens: counts.prompt_tokens,
            output_tokens: counts.completion_tokens,
            ..Usage::default()
        });
        let choice = self.choices.into_iter().next();
        let choice = choice.ok_or_else(|| ModelError::Unusable {
            why: "no choices".to_owned(),
        })?;
        let refused = choice.message.refusal.is_some_and(|text| !text.is_empty());
        let reason = choice.finish_reason.as_deref();
        if refused || reason == Some("content_filter") {
            return Err(ModelError::Refused);
        }
        let truncated = reason == Some("length");
        let text = choice.message.content.unwrap_or_default();
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
