//! An answer of Ollama's chat, whole or in pieces of the same form.

use serde_json::{Map, Value, json};

use crate::model::failure::{Asked, Failure};
use crate::model::wire::{Assembled, Assembly, Flow, Room, misshapen, number_at, text_at};
use crate::model::{ModelError, ToolCall, Usage};

/// Puts a message together.
pub(in crate::model) struct Gathering {
    asked: Asked,
    room: Room,
    text: String,
    thinking: String,
    calls: Vec<Value>,
    /// The last piece, which says how it ended.
    last: Option<Value>,
}

impl Gathering {
    pub(in crate::model) fn new(asked: Asked) -> Self {
        Self {
            asked,
            room: Room::default(),
            text: String::new(),
            thinking: String::new(),
            calls: Vec::new(),
            last: None,
        }
    }
}

impl Assembly for Gathering {
    fn take(&mut self, mut document: Value) -> Result<Flow, ModelError> {
        if let Some(error) = document.get("error") {
            return Err(Failure::in_stream(error).error(self.asked));
        }
        if let Some(message) = document.get_mut("message") {
            self.room.take(message.to_string().len())?;
            self.text.push_str(text_at(message, "/content"));
            self.thinking.push_str(text_at(message, "/thinking"));
            if let Some(Value::Array(calls)) = message.get_mut("tool_calls") {
                self.calls.append(calls);
            }
        }
        if document.get("done").and_then(Value::as_bool) != Some(true) {
            return Ok(Flow::More);
        }
        self.last = Some(document);
        Ok(Flow::Done)
    }

    fn take_whole(&mut self, document: Value) -> Result<(), ModelError> {
        let is_chat = document.get("message").is_some() || document.get("error").is_some();
        if !is_chat {
            return Err(misshapen());
        }
        self.take(document).map(|_| ())
    }

    fn finish(self: Box<Self>) -> Result<Assembled, ModelError> {
        let last = self.last.ok_or_else(ModelError::cut)?;
        let mut message = Map::new();
        message.insert("role".to_owned(), json!("assistant"));
        message.insert("content".to_owned(), json!(self.text));
        if !self.thinking.is_empty() {
            message.insert("thinking".to_owned(), json!(self.thinking));
        }
        let calls = self.calls.iter().enumerate();
        let calls = calls
            .map(|(position, found)| call(position, found))
            .collect();
        if !self.calls.is_empty() {
            message.insert("tool_calls".to_owned(), Value::Array(self.calls));
        }
        Ok(Assembled {
            text: self.text,
            calls,
            truncated: text_at(&last, "/done_reason") == "length",
            usage: Usage {
                input_tokens: number_at(&last, "/prompt_eval_count"),
                cached_tokens: 0,
                output_tokens: number_at(&last, "/eval_count"),
            },
            message: Value::Object(message),
        })
    }
}

/// Results are told apart by their tool's name and their order; the id is for us alone.
fn call(position: usize, call: &Value) -> ToolCall {
    let id = match text_at(call, "/id") {
        "" => format!("call_{position}"),
        id => id.to_owned(),
    };
    let arguments = match call.pointer("/function/arguments") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "{}".to_owned(),
    };
    ToolCall {
        id,
        name: text_at(call, "/function/name").to_owned(),
        arguments,
    }
}
