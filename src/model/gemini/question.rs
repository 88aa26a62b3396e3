//! A question as `generateContent` has it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::model::gemini::EFFORT;
use crate::model::gemini::answer::is_made_up;
use crate::model::wire::{Ask, Format, arguments_value, raw};
use crate::model::{Message, ModelError, ToolResult, Verbatim};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Value>,
    contents: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tools<'a>>,
    generation_config: Generation<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tools<'a> {
    function_declarations: Vec<Declaration<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Declaration<'a> {
    name: &'a str,
    description: &'a str,
    parameters_json_schema: &'a RawValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Generation<'a> {
    max_output_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_json_schema: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<Thinking<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Thinking<'a> {
    thinking_level: &'a str,
}

/// The body of the request.
pub(super) fn request<'a>(ask: &Ask<'a>) -> Result<Request<'a>, ModelError> {
    let (mime_type, schema) = match ask.format {
        Format::Free => (None, None),
        Format::Json => (Some("application/json"), None),
        Format::Schema(schema) => (Some("application/json"), Some(raw(schema.json)?)),
    };
    let declarations = ask.tools.iter().map(|tool| {
        Ok(Declaration {
            name: tool.name,
            description: tool.description,
            parameters_json_schema: raw(tool.arguments)?,
        })
    });
    let declarations: Vec<_> = declarations.collect::<Result<_, ModelError>>()?;
    let tools = (!declarations.is_empty()).then_some(Tools {
        function_declarations: declarations,
    });
    let effort = ask.effort.filter(|_| ask.takes(EFFORT));
    Ok(Request {
        system_instruction: (!ask.system.is_empty())
            .then(|| json!({"parts": [{"text": ask.system}]})),
        contents: ask
            .messages
            .iter()
            .map(|message| content(message, &ask.author))
            .collect(),
        tools: tools.into_iter().collect(),
        generation_config: Generation {
            max_output_tokens: ask.max_output_tokens,
            response_mime_type: mime_type,
            response_json_schema: schema,
            thinking_config: effort.map(|thinking_level| Thinking { thinking_level }),
        },
    })
}

fn content(message: &Message, author: &str) -> Value {
    let (role, parts): (_, Vec<Value>) = match message {
        Message::User { parts } => (
            "user",
            parts.iter().map(|part| json!({"text": part})).collect(),
        ),
        Message::Model(verbatim) => ("model", spoken(verbatim, author)),
        Message::Results(results) => ("user", results.iter().map(result).collect()),
    };
    json!({"role": role, "parts": parts})
}

fn spoken(verbatim: &Verbatim, author: &str) -> Vec<Value> {
    if let Some(Value::Array(parts)) = verbatim.of(author) {
        return parts.clone();
    }
    let words = (!verbatim.text.is_empty()).then(|| json!({"text": verbatim.text}));
    let calls = verbatim.calls.iter().map(|call| {
        json!({"functionCall": {"name": call.name, "args": arguments_value(&call.arguments)}})
    });
    words.into_iter().chain(calls).collect()
}

fn result(result: &ToolResult) -> Value {
    let key = if result.is_error { "error" } else { "output" };
    let mut response = json!({"name": result.name, "response": {key: result.text}});
    if let (false, Value::Object(fields)) = (is_made_up(&result.id), &mut response) {
        fields.insert("id".to_owned(), Value::String(result.id.clone()));
    }
    json!({"functionResponse": response})
}
