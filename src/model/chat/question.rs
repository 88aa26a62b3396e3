//! A question as Chat Completions has it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::model::chat::{CACHE_KEY, COUNT, EFFORT, LIMIT, STREAM};
use crate::model::wire::{Ask, Format, raw};
use crate::model::{Message, ModelError, Verbatim};

/// Letters of a cache key: half of a hash tells all questions apart.
const KEY_LETTERS: usize = 32;

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_effort: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
struct ToolShape<'a> {
    r#type: &'static str,
    function: FunctionShape<'a>,
}

#[derive(Serialize)]
struct FunctionShape<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a RawValue,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    json_schema: Option<JsonSchema<'a>>,
}

#[derive(Serialize)]
struct JsonSchema<'a> {
    name: &'static str,
    strict: bool,
    schema: &'a RawValue,
}

/// The body of the request.
pub(super) fn request<'a>(ask: &Ask<'a>) -> Result<Request<'a>, ModelError> {
    let tools = ask.tools.iter().map(|tool| {
        Ok(ToolShape {
            r#type: "function",
            function: FunctionShape {
                name: tool.name,
                description: tool.description,
                parameters: raw(tool.arguments)?,
            },
        })
    });
    let limit = Some(ask.max_output_tokens);
    let streams = ask.takes(STREAM);
    let counts = streams && ask.takes(COUNT);
    Ok(Request {
        model: ask.model,
        messages: messages(ask),
        tools: tools.collect::<Result<_, ModelError>>()?,
        response_format: response_format(ask.format)?,
        max_completion_tokens: limit.filter(|_| ask.takes(LIMIT)),
        max_tokens: limit.filter(|_| !ask.takes(LIMIT)),
        reasoning_effort: ask.effort.filter(|_| ask.takes(EFFORT)),
        prompt_cache_key: ask.takes(CACHE_KEY).then(|| cache_key(ask)),
        stream: streams.then_some(true),
        stream_options: counts.then_some(StreamOptions {
            include_usage: true,
        }),
    })
}

/// A name for what this question shares with others; nothing can be read from it.
pub(in crate::model) fn cache_key(ask: &Ask<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(ask.system);
    if let Some(Message::User { parts }) = ask.messages.first() {
        for part in parts.iter().take(parts.len().saturating_sub(1)) {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
    }
    let mut key = hex::encode(hash.finalize());
    key.truncate(KEY_LETTERS);
    key
}

fn response_format(format: Format) -> Result<Option<ResponseFormat<'static>>, ModelError> {
    Ok(match format {
        Format::Free => None,
        Format::Json => Some(ResponseFormat {
            r#type: "json_object",
            json_schema: None,
        }),
        Format::Schema(schema) => Some(ResponseFormat {
            r#type: "json_schema",
            json_schema: Some(JsonSchema {
                name: schema.name,
                strict: true,
                schema: raw(schema.json)?,
            }),
        }),
    })
}

/// Text is sent in one piece, because small servers know no other form.
fn messages(ask: &Ask<'_>) -> Vec<Value> {
    let system = (!ask.system.is_empty()).then(|| json!({"role": "system", "content": ask.system}));
    let others = ask.messages.iter().flat_map(|message| match message {
        Message::User { parts } => vec![json!({"role": "user", "content": parts.join("\n")})],
        Message::Model(verbatim) => vec![spoken(verbatim, &ask.author)],
        Message::Results(results) => (results.iter())
            .map(
                |result| json!({"role": "tool", "tool_call_id": result.id, "content": result.text}),
            )
            .collect(),
    });
    system.into_iter().chain(others).collect()
}

fn spoken(verbatim: &Verbatim, author: &str) -> Value {
    if let Some(message) = verbatim.of(author) {
        return message.clone();
    }
    let mut message = json!({"role": "assistant", "content": verbatim.text});
    let calls: Vec<Value> = (verbatim.calls.iter())
        .map(|call| {
            json!({
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            })
        })
        .collect();
    if let (false, Value::Object(fields)) = (calls.is_empty(), &mut message) {
        fields.insert("tool_calls".to_owned(), Value::Array(calls));
    }
    message
}
