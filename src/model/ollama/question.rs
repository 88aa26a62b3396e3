//! A question as Ollama's chat has it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::model::ollama::EFFORT;
use crate::model::wire::{Ask, Format, arguments_value, raw};
use crate::model::{Message, ModelError, Verbatim};

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    messages: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    think: Option<Value>,
    options: Options,
    stream: bool,
}

#[derive(Serialize)]
struct Options {
    /// Without it, a small machine silently drops the beginning of a long prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    num_ctx: Option<u32>,
    num_predict: u32,
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
    let format = match ask.format {
        Format::Free => None,
        Format::Json => Some(raw("\"json\"")?),
        Format::Schema(schema) => Some(raw(schema.json)?),
    };
    Ok(Request {
        model: ask.model,
        messages: messages(ask),
        tools: tools.collect::<Result<_, ModelError>>()?,
        format,
        think: ask.effort.filter(|_| ask.takes(EFFORT)).map(think),
        options: Options {
            num_ctx: ask.context_tokens,
            num_predict: ask.max_output_tokens,
        },
        stream: true,
    })
}

/// Most models only know whether to think.
fn think(effort: &str) -> Value {
    match effort {
        "none" => Value::Bool(false),
        "on" => Value::Bool(true),
        other => json!(other),
    }
}

fn messages(ask: &Ask<'_>) -> Vec<Value> {
    let system = (!ask.system.is_empty()).then(|| json!({"role": "system", "content": ask.system}));
    let others = ask.messages.iter().flat_map(|message| match message {
        Message::User { parts } => vec![json!({"role": "user", "content": parts.join("\n")})],
        Message::Model(verbatim) => vec![spoken(verbatim, &ask.author)],
        Message::Results(results) => (results.iter())
            .map(|result| json!({"role": "tool", "tool_name": result.name, "content": result.text}))
            .collect(),
    });
    system.into_iter().chain(others).collect()
}

fn spoken(verbatim: &Verbatim, author: &str) -> Value {
    if let Some(message) = verbatim.of(author) {
        return message.clone();
    }
    let calls: Vec<Value> = (verbatim.calls.iter())
        .map(|call| {
            let arguments = arguments_value(&call.arguments);
            json!({"function": {"name": call.name, "arguments": arguments}})
        })
        .collect();
    let mut message = json!({"role": "assistant", "content": verbatim.text});
    if let (false, Value::Object(fields)) = (calls.is_empty(), &mut message) {
        fields.insert("tool_calls".to_owned(), Value::Array(calls));
    }
    message
}
