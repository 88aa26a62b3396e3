//! An answer of `generateContent`, whole or in pieces of the same form.

use serde_json::{Map, Value, json};

use crate::model::failure::{Asked, Failure};
use crate::model::wire::{Assembled, Assembly, Flow, Room, misshapen, number_at, text_at};
use crate::model::{ModelError, ToolCall, Usage};

/// How ids begin that we make up, because most calls have none.
const MADE_UP: &str = "#";

/// Reasons to stop that are a refusal.
const REFUSALS: [&str; 9] = [
    "SAFETY",
    "PROHIBITED_CONTENT",
    "RECITATION",
    "BLOCKLIST",
    "SPII",
    "LANGUAGE",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "MODEL_ARMOR",
];

/// Reasons to stop in the middle of a call. All others, known or not, leave what was said.
const BROKEN: [&str; 4] = [
    "MALFORMED_FUNCTION_CALL",
    "MALFORMED_RESPONSE",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
];

/// Puts the parts of a message together.
pub(in crate::model) struct Gathering {
    asked: Asked,
    room: Room,
    parts: Vec<Value>,
    finish_reason: Option<String>,
    is_blocked: bool,
    usage: Value,
}

impl Gathering {
    pub(in crate::model) fn new(asked: Asked) -> Self {
        Self {
            asked,
            room: Room::default(),
            parts: Vec::new(),
            finish_reason: None,
            is_blocked: false,
            usage: Value::Null,
        }
    }

    /// Text goes on with the text before it; signatures and calls stand by themselves.
    fn add(&mut self, part: Value) -> Result<(), ModelError> {
        self.room.take(part.to_string().len())?;
        let Value::Object(part) = part else {
            return Err(misshapen());
        };
        match (self.parts.last_mut(), part.get("text")) {
            (Some(Value::Object(before)), Some(Value::String(more))) if goes_on(before, &part) => {
                if let Some(Value::String(text)) = before.get_mut("text") {
                    text.push_str(more);
                }
            }
            _ => self.parts.push(Value::Object(part)),
        }
        Ok(())
    }
}

impl Assembly for Gathering {
    fn take(&mut self, mut document: Value) -> Result<Flow, ModelError> {
        if let Some(error) = document.get("error") {
            return Err(Failure::in_stream(error).error(self.asked));
        }
        self.is_blocked |= document.pointer("/promptFeedback/blockReason").is_some();
        if let Some(Value::Array(parts)) = document.pointer_mut("/candidates/0/content/parts") {
            for part in std::mem::take(parts) {
                self.add(part)?;
            }
        }
        let reason = document
            .pointer("/candidates/0/finishReason")
            .and_then(Value::as_str);
        if let Some(reason) = reason {
            self.finish_reason = Some(reason.to_owned());
        }
        if let Some(usage) = document.get("usageMetadata") {
            self.usage = usage.clone();
        }
        Ok(Flow::More)
    }

    fn take_whole(&mut self, document: Value) -> Result<(), ModelError> {
        let documents = match document {
            Value::Array(documents) => documents,
            other => vec![other],
        };
        for document in documents {
            if !document.is_object() {
                return Err(misshapen());
            }
            self.take(document)?;
        }
        match self.finish_reason.is_some() || self.is_blocked {
            true => Ok(()),
            false => Err(misshapen()),
        }
    }

    fn finish(self: Box<Self>) -> Result<Assembled, ModelError> {
        if self.is_blocked {
            return Err(ModelError::Refused);
        }
        let reason = self.finish_reason.ok_or_else(ModelError::cut)?;
        if REFUSALS.contains(&reason.as_str()) {
            return Err(ModelError::Refused);
        }
        if BROKEN.contains(&reason.as_str()) {
            return Err(ModelError::unusable("a call that cannot be read"));
        }
        let texts = self.parts.iter().filter(|part| !is_thought(part));
        let calls = self
            .parts
            .iter()
            .filter_map(|part| part.get("functionCall"));
        Ok(Assembled {
            text: texts.map(|part| text_at(part, "/text")).collect(),
            calls: calls.enumerate().map(|(i, part)| call(i, part)).collect(),
            truncated: reason == "MAX_TOKENS",
            usage: usage(&self.usage),
            message: Value::Array(self.parts),
        })
    }
}

/// Whether `id` was made up by us, so that the provider does not know it.
pub(super) fn is_made_up(id: &str) -> bool {
    id.starts_with(MADE_UP)
}

/// Whether both are nothing but text, of the same kind.
fn goes_on(before: &Map<String, Value>, part: &Map<String, Value>) -> bool {
    let is_plain = |part: &Map<String, Value>| {
        part.keys()
            .all(|key| matches!(key.as_str(), "text" | "thought"))
    };
    is_plain(before)
        && is_plain(part)
        && before.contains_key("text")
        && before.get("thought") == part.get("thought")
}

fn is_thought(part: &Value) -> bool {
    part.get("thought").and_then(Value::as_bool) == Some(true)
}

fn call(position: usize, call: &Value) -> ToolCall {
    let id = match text_at(call, "/id") {
        "" => format!("{MADE_UP}{position}"),
        id => id.to_owned(),
    };
    let arguments = call.get("args").cloned().unwrap_or_else(|| json!({}));
    ToolCall {
        id,
        name: text_at(call, "/name").to_owned(),
        arguments: arguments.to_string(),
    }
}

fn usage(counts: &Value) -> Usage {
    let thoughts = number_at(counts, "/thoughtsTokenCount");
    Usage {
        input_tokens: number_at(counts, "/promptTokenCount"),
        cached_tokens: number_at(counts, "/cachedContentTokenCount"),
        output_tokens: number_at(counts, "/candidatesTokenCount").saturating_add(thoughts),
    }
}
