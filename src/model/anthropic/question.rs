//! A question as Messages has it.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::model::anthropic::CACHE;
use crate::model::wire::{Ask, Format, arguments_value, raw};
use crate::model::{Message, ModelError, ToolResult, Verbatim};

/// Most places up to which the provider may be asked to keep what it has read.
const MAX_BREAKPOINTS: usize = 4;

#[derive(Serialize)]
pub(super) struct Request<'a> {
    model: &'a str,
    max_tokens: u32,
    system: Vec<Value>,
    messages: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<ToolShape<'a>>,
    #[serde(skip_serializing_if = "OutputConfig::is_empty")]
    output_config: OutputConfig<'a>,
    stream: bool,
}

#[derive(Serialize)]
struct ToolShape<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: &'a RawValue,
}

#[derive(Serialize, Default)]
struct OutputConfig<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<FormatShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effort: Option<&'a str>,
}

impl OutputConfig<'_> {
    fn is_empty(&self) -> bool {
        self.format.is_none() && self.effort.is_none()
    }
}

#[derive(Serialize)]
struct FormatShape<'a> {
    r#type: &'static str,
    schema: &'a RawValue,
}

/// The body of the request.
pub(super) fn request<'a>(ask: &Ask<'a>) -> Result<Request<'a>, ModelError> {
    let format = match ask.format {
        Format::Schema(schema) => Some(FormatShape {
            r#type: "json_schema",
            schema: raw(schema.json)?,
        }),
        Format::Json | Format::Free => None,
    };
    let tools = ask.tools.iter().map(|tool| {
        Ok(ToolShape {
            name: tool.name,
            description: tool.description,
            input_schema: raw(tool.arguments)?,
        })
    });
    let mut breakpoints = Breakpoints::of(ask);
    let system = match ask.system {
        "" => Vec::new(),
        system => vec![breakpoints.mark(text(system))],
    };
    Ok(Request {
        model: ask.model,
        max_tokens: ask.max_output_tokens,
        system,
        messages: messages(ask, &mut breakpoints),
        tools: tools.collect::<Result<_, ModelError>>()?,
        output_config: OutputConfig {
            format,
            effort: ask.effort,
        },
        stream: true,
    })
}

/// How many more places may be marked.
struct Breakpoints {
    left: usize,
}

impl Breakpoints {
    fn of(ask: &Ask<'_>) -> Self {
        Self {
            left: if ask.takes(CACHE) { MAX_BREAKPOINTS } else { 0 },
        }
    }

    fn mark(&mut self, mut block: Value) -> Value {
        if let (Some(left), Value::Object(fields)) = (self.left.checked_sub(1), &mut block) {
            self.left = left;
            fields.insert(CACHE.to_owned(), json!({"type": "ephemeral"}));
        }
        block
    }
}

/// What may be kept ends after each part of the first message but its last, because other turns share
/// those, and at the end of a conversation that is carried on, because the next turn repeats it.
fn messages(ask: &Ask<'_>, breakpoints: &mut Breakpoints) -> Vec<Value> {
    let is_carried_on = ask.messages.len() > 1;
    let reserved = usize::from(is_carried_on && breakpoints.left > 0);
    breakpoints.left -= reserved;
    let mut shaped = Vec::new();
    for (i, message) in ask.messages.iter().enumerate() {
        let (role, content) = match message {
            Message::User { parts } if i == 0 => ("user", first_parts(parts, breakpoints)),
            Message::User { parts } => ("user", parts_of(parts)),
            Message::Model(verbatim) => ("assistant", spoken(verbatim, &ask.author)),
            Message::Results(results) => ("user", results.iter().map(result).collect()),
        };
        shaped.push((role, content));
    }
    breakpoints.left += reserved;
    let last = shaped
        .last_mut()
        .and_then(|(_, content)| content.last_mut());
    if let Some(last) = last.filter(|_| is_carried_on) {
        *last = breakpoints.mark(last.take());
    }
    (shaped.into_iter())
        .filter(|(_, content)| !content.is_empty())
        .map(|(role, content)| json!({"role": role, "content": content}))
        .collect()
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

/// Empty blocks are refused.
fn parts_of(parts: &[String]) -> Vec<Value> {
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.map(|part| text(part)).collect()
}

fn first_parts(parts: &[String], breakpoints: &mut Breakpoints) -> Vec<Value> {
    let mut blocks = parts_of(parts);
    let shared = blocks.len().saturating_sub(1);
    for block in blocks.iter_mut().take(shared) {
        *block = breakpoints.mark(block.take());
    }
    blocks
}

fn spoken(verbatim: &Verbatim, author: &str) -> Vec<Value> {
    if let Some(Value::Array(content)) = verbatim.of(author) {
        return content.clone();
    }
    let words = (!verbatim.text.is_empty()).then(|| text(&verbatim.text));
    let calls = verbatim.calls.iter().map(|call| {
        json!({
            "type": "tool_use",
            "id": call.id,
            "name": call.name,
            "input": arguments_value(&call.arguments),
        })
    });
    words.into_iter().chain(calls).collect()
}

fn result(result: &ToolResult) -> Value {
    let mut block = json!({
        "type": "tool_result",
        "tool_use_id": result.id,
        "content": result.text,
    });
    if let (true, Value::Object(fields)) = (result.is_error, &mut block) {
        fields.insert("is_error".to_owned(), Value::Bool(true));
    }
    block
}
