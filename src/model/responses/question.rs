//! A question as Responses has it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::model::chat::{CACHE_KEY, STREAM, cache_key};
use crate::model::responses::{EFFORT, THOUGHTS};
use crate::model::wire::{Ask, Format, raw};
use crate::model::{Message, ModelError, Verbatim};

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    instructions: &'a str,
    input: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Reasoning<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include: Vec<&'static str>,
    max_output_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt_cache_key: Option<String>,
    /// The provider keeps nothing of ours: what it needs again is sent again.
    store: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
}

#[derive(Serialize)]
struct ToolShape<'a> {
    r#type: &'static str,
    name: &'a str,
    description: &'a str,
    parameters: &'a RawValue,
    strict: bool,
}

#[derive(Serialize)]
struct Reasoning<'a> {
    effort: &'a str,
}

#[derive(Serialize)]
struct Text<'a> {
    format: TextFormat<'a>,
}

#[derive(Serialize)]
struct TextFormat<'a> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

/// The body of the request.
pub(super) fn request<'a>(ask: &Ask<'a>) -> Result<Request<'a>, ModelError> {
    let tools = ask.tools.iter().map(|tool| {
        Ok(ToolShape {
            r#type: "function",
            name: tool.name,
            description: tool.description,
            parameters: raw(tool.arguments)?,
            strict: false,
        })
    });
    // Only a conversation that goes on needs its thoughts again.
    let include = (!ask.tools.is_empty() && ask.takes(THOUGHTS)).then_some(THOUGHTS);
    let effort = ask.effort.filter(|_| ask.takes(EFFORT));
    Ok(Request {
        model: ask.model,
        instructions: ask.system,
        input: input(ask),
        tools: tools.collect::<Result<_, ModelError>>()?,
        text: text_format(ask.format)?.map(|format| Text { format }),
        reasoning: effort.map(|effort| Reasoning { effort }),
        include: include.into_iter().collect(),
        max_output_tokens: ask.max_output_tokens,
        prompt_cache_key: ask.takes(CACHE_KEY).then(|| cache_key(ask)),
        store: false,
        stream: ask.takes(STREAM).then_some(true),
    })
}

fn text_format(format: Format) -> Result<Option<TextFormat<'static>>, ModelError> {
    Ok(match format {
        Format::Free => None,
        Format::Json => Some(TextFormat {
            r#type: "json_object",
            name: None,
            schema: None,
            strict: None,
        }),
        Format::Schema(schema) => Some(TextFormat {
            r#type: "json_schema",
            name: Some(schema.name),
            schema: Some(raw(schema.json)?),
            strict: Some(true),
        }),
    })
}

fn input(ask: &Ask<'_>) -> Vec<Value> {
    let items = ask.messages.iter().flat_map(|message| match message {
        Message::User { parts } => {
            let parts: Vec<Value> = (parts.iter())
                .map(|part| json!({"type": "input_text", "text": part}))
                .collect();
            vec![json!({"type": "message", "role": "user", "content": parts})]
        }
        Message::Model(verbatim) => spoken(verbatim, &ask.author),
        Message::Results(results) => (results.iter())
            .map(|result| {
                json!({
                    "type": "function_call_output",
                    "call_id": result.id,
                    "output": result.text,
                })
            })
            .collect(),
    });
    items.collect()
}

fn spoken(verbatim: &Verbatim, author: &str) -> Vec<Value> {
    if let Some(Value::Array(items)) = verbatim.of(author) {
        return items.clone();
    }
    let words = (!verbatim.text.is_empty())
        .then(|| json!({"type": "message", "role": "assistant", "content": verbatim.text}));
    let calls = verbatim.calls.iter().map(|call| {
        json!({
            "type": "function_call",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.arguments,
        })
    });
    words.into_iter().chain(calls).collect()
}
