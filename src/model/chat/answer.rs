//! An answer of Chat Completions, whole or in pieces.

use serde_json::{Map, Value, json};

use crate::model::failure::{Asked, Failure};
use crate::model::wire::{Assembled, Assembly, Flow, Room, misshapen, number_at, text_at};
use crate::model::{ModelError, ToolCall, Usage};

/// Fields that come whole, and again in some servers' later pieces.
const WHOLE: [&str; 5] = ["role", "id", "type", "name", "index"];

/// Most calls of one answer; a position beyond it is an attempt to fill our memory.
const MAX_ITEMS: u64 = 128;

/// Puts a message together.
pub(in crate::model) struct Gathering {
    asked: Asked,
    room: Room,
    message: Map<String, Value>,
    finish_reason: Option<String>,
    usage: Value,
}

impl Gathering {
    pub(in crate::model) fn new(asked: Asked) -> Self {
        Self {
            asked,
            room: Room::default(),
            message: Map::new(),
            finish_reason: None,
            usage: Value::Null,
        }
    }

    fn check_error(&self, document: &Value) -> Result<(), ModelError> {
        match document.get("error") {
            None | Some(Value::Null) => Ok(()),
            Some(error) => Err(Failure::in_stream(error).error(self.asked)),
        }
    }

    fn learn(&mut self, document: &Value, choice: Option<&Value>) {
        let reason = choice.and_then(|choice| choice.get("finish_reason")?.as_str());
        if let Some(reason) = reason {
            self.finish_reason = Some(reason.to_owned());
        }
        if let Some(usage) = document.get("usage").filter(|usage| usage.is_object()) {
            self.usage = usage.clone();
        }
    }

    fn assemble(mut self) -> Result<Assembled, ModelError> {
        self.message
            .retain(|name, value| !value.is_null() || name == "content");
        self.message.insert("role".to_owned(), json!("assistant"));
        name_calls(&mut self.message);
        let message = Value::Object(self.message);
        let reason = self.finish_reason.as_deref();
        if !text_at(&message, "/refusal").is_empty() || reason == Some("content_filter") {
            return Err(ModelError::Refused);
        }
        let calls = message.get("tool_calls").and_then(Value::as_array);
        Ok(Assembled {
            text: text_of(message.get("content")),
            calls: calls.into_iter().flatten().map(call).collect(),
            truncated: reason == Some("length"),
            usage: usage(&self.usage),
            message,
        })
    }
}

impl Assembly for Gathering {
    fn take(&mut self, document: Value) -> Result<Flow, ModelError> {
        self.check_error(&document)?;
        let choice = document.pointer("/choices/0");
        if choice
            .is_some_and(|choice| choice.get("delta").is_none() && choice.get("message").is_some())
        {
            self.take_whole(document)?;
            return Ok(Flow::Done);
        }
        if let Some(Value::Object(delta)) = choice.and_then(|choice| choice.get("delta")) {
            for (name, value) in delta {
                self.room.take(value.to_string().len())?;
                merge(&mut self.message, name, value)?;
            }
        }
        self.learn(&document, choice);
        Ok(Flow::More)
    }

    fn take_whole(&mut self, document: Value) -> Result<(), ModelError> {
        self.check_error(&document)?;
        let choice = document
            .pointer("/choices/0")
            .ok_or_else(|| ModelError::unusable("no choices"))?;
        let message = choice.get("message").and_then(Value::as_object);
        self.message = message.ok_or_else(misshapen)?.clone();
        self.finish_reason = Some(String::new());
        self.learn(&document, Some(choice));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Assembled, ModelError> {
        match self.finish_reason {
            Some(_) => self.assemble(),
            None => Err(ModelError::cut()),
        }
    }
}

/// Goes on with the field `name` of `object`: texts grow, lists grow at the position that each of their
/// items names.
fn merge(object: &mut Map<String, Value>, name: &str, more: &Value) -> Result<(), ModelError> {
    let Some(before) = object.get_mut(name).filter(|before| !before.is_null()) else {
        let start = match more {
            Value::Array(items) => merge_items(Vec::new(), items)?,
            other => other.clone(),
        };
        object.insert(name.to_owned(), start);
        return Ok(());
    };
    match (before, more) {
        (_, Value::Null) => {}
        (before, more) if WHOLE.contains(&name) => {
            if text_at(before, "").is_empty() {
                *before = more.clone();
            }
        }
        (Value::String(before), Value::String(more)) => before.push_str(more),
        (Value::Object(before), Value::Object(more)) => {
            for (name, value) in more {
                merge(before, name, value)?;
            }
        }
        (Value::Array(before), Value::Array(more)) => {
            let items = std::mem::take(before);
            object.insert(name.to_owned(), merge_items(items, more)?);
        }
        (before, more) => *before = more.clone(),
    }
    Ok(())
}

fn merge_items(mut items: Vec<Value>, more: &[Value]) -> Result<Value, ModelError> {
    for item in more {
        let named = item.get("index").and_then(Value::as_u64);
        let end = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let position = named.unwrap_or(end).min(end);
        if end >= MAX_ITEMS {
            return Err(ModelError::unusable("too many calls"));
        }
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        // Some servers give each of several calls the same position.
        let (id, here) = (text_at(item, "/id"), items.get(position));
        let here = here.map_or("", |here| text_at(here, "/id"));
        let is_another = !id.is_empty() && !here.is_empty() && id != here;
        let position = if is_another { items.len() } else { position };
        match (items.get_mut(position), item) {
            (Some(Value::Object(before)), Value::Object(fields)) => {
                for (name, value) in fields {
                    merge(before, name, value)?;
                }
            }
            (Some(before), item) => *before = item.clone(),
            (None, item) => items.push(item.clone()),
        }
    }
    Ok(Value::Array(items))
}

/// Calls without an id get one, in the message too, so that results can be told apart. Positions belong
/// to the stream and not to the message.
fn name_calls(message: &mut Map<String, Value>) {
    let Some(Value::Array(calls)) = message.get_mut("tool_calls") else {
        return;
    };
    for (position, call) in calls.iter_mut().enumerate() {
        let has_id = !text_at(call, "/id").is_empty();
        if let Value::Object(fields) = call {
            fields.remove("index");
            if !has_id {
                fields.insert("id".to_owned(), json!(format!("call_{position}")));
            }
        }
    }
}

/// Text, or the texts of a list of parts.
fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts.iter().map(|part| text_at(part, "/text")).collect(),
        _ => String::new(),
    }
}

/// Some servers give the arguments as an object.
fn call(call: &Value) -> ToolCall {
    let arguments = match call.pointer("/function/arguments") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    ToolCall {
        id: text_at(call, "/id").to_owned(),
        name: text_at(call, "/function/name").to_owned(),
        arguments,
    }
}

/// `DeepSeek` names the kept tokens in a field of its own.
fn usage(counts: &Value) -> Usage {
    let cached = number_at(counts, "/prompt_tokens_details/cached_tokens");
    Usage {
        input_tokens: number_at(counts, "/prompt_tokens"),
        cached_tokens: cached.max(number_at(counts, "/prompt_cache_hit_tokens")),
        output_tokens: number_at(counts, "/completion_tokens"),
    }
}
