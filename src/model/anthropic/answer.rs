//! An answer of Messages, whole or as the events that make it up.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::model::failure::{Asked, Failure};
use crate::model::wire::{Assembled, Assembly, Flow, Room, misshapen, number_at, text_at};
use crate::model::{ModelError, ToolCall, Usage};

/// Puts the blocks of a message together.
pub(in crate::model) struct Gathering {
    asked: Asked,
    room: Room,
    /// By their position in the message.
    blocks: BTreeMap<u64, Value>,
    /// The input of calls, which comes as pieces of text.
    inputs: BTreeMap<u64, String>,
    stop_reason: Option<String>,
    usage: Value,
}

impl Gathering {
    pub(in crate::model) fn new(asked: Asked) -> Self {
        Self {
            asked,
            room: Room::default(),
            blocks: BTreeMap::new(),
            inputs: BTreeMap::new(),
            stop_reason: None,
            usage: Value::Object(Map::new()),
        }
    }

    /// Later counts replace earlier ones; what is not repeated stays.
    fn learn_usage(&mut self, usage: Option<&Value>) {
        if let (Value::Object(known), Some(Value::Object(told))) = (&mut self.usage, usage) {
            let told = told.iter().filter(|(_, count)| !count.is_null());
            known.extend(told.map(|(name, count)| (name.clone(), count.clone())));
        }
    }

    fn begin(&mut self, event: &Value) -> Result<(), ModelError> {
        let index = index(event)?;
        let block = event.get("content_block").ok_or_else(misshapen)?;
        self.room.take(block.to_string().len())?;
        self.blocks.insert(index, block.clone());
        Ok(())
    }

    /// Each kind of delta goes on with the field of its own name.
    fn go_on(&mut self, event: &Value) -> Result<(), ModelError> {
        let index = index(event)?;
        let delta = event.get("delta").ok_or_else(misshapen)?;
        self.room.take(delta.to_string().len())?;
        let Some(Value::Object(block)) = self.blocks.get_mut(&index) else {
            return Err(misshapen());
        };
        let field = match text_at(delta, "/type") {
            "text_delta" => "text",
            "thinking_delta" => "thinking",
            "signature_delta" => "signature",
            "input_json_delta" => {
                let input = self.inputs.entry(index).or_default();
                input.push_str(text_at(delta, "/partial_json"));
                return Ok(());
            }
            _ => return Ok(()),
        };
        let more = delta.get(field).and_then(Value::as_str);
        let before = block
            .entry(field)
            .or_insert_with(|| Value::String(String::new()));
        if let (Value::String(before), Some(more)) = (before, more) {
            before.push_str(more);
        }
        Ok(())
    }

    fn assemble(self) -> Result<Assembled, ModelError> {
        let reason = self.stop_reason.as_deref();
        if reason == Some("refusal") {
            return Err(ModelError::Refused);
        }
        let mut assembled = Assembled {
            truncated: matches!(reason, Some("max_tokens" | "model_context_window_exceeded")),
            usage: usage(&self.usage),
            ..Assembled::default()
        };
        let mut message = Vec::new();
        for (index, mut block) in self.blocks {
            let input = self
                .inputs
                .get(&index)
                .filter(|input| !input.trim().is_empty());
            match text_at(&block, "/type") {
                "text" => assembled.text.push_str(text_at(&block, "/text")),
                "tool_use" => {
                    assembled.calls.push(call(&block, input));
                    let input = input.and_then(|input| serde_json::from_str(input).ok());
                    if let (Some(input), Value::Object(fields)) = (input, &mut block) {
                        fields.insert("input".to_owned(), input);
                    }
                }
                _ => {}
            }
            message.push(block);
        }
        assembled.message = Value::Array(message);
        Ok(assembled)
    }
}

impl Assembly for Gathering {
    fn take(&mut self, event: Value) -> Result<Flow, ModelError> {
        match text_at(&event, "/type") {
            "message_start" => self.learn_usage(event.pointer("/message/usage")),
            "content_block_start" => self.begin(&event)?,
            "content_block_delta" => self.go_on(&event)?,
            "message_delta" => {
                let reason = event.pointer("/delta/stop_reason").and_then(Value::as_str);
                self.stop_reason = reason.map(str::to_owned).or(self.stop_reason.take());
                self.learn_usage(event.get("usage"));
            }
            "message_stop" => return Ok(Flow::Done),
            "error" => {
                let error = event.get("error").unwrap_or(&event);
                return Err(Failure::in_stream(error).error(self.asked));
            }
            // Gateways send whole messages where a stream was asked for.
            "message" => {
                self.take_whole(event)?;
                return Ok(Flow::Done);
            }
            _ => {}
        }
        Ok(Flow::More)
    }

    fn take_whole(&mut self, message: Value) -> Result<(), ModelError> {
        if let Some(error) = message.get("error") {
            return Err(Failure::in_stream(error).error(self.asked));
        }
        let Some(Value::Array(blocks)) = message.get("content") else {
            return Err(misshapen());
        };
        self.blocks = (0..).zip(blocks.iter().cloned()).collect();
        let reason = message.get("stop_reason").and_then(Value::as_str);
        self.stop_reason = Some(reason.unwrap_or_default().to_owned());
        self.learn_usage(message.get("usage"));
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Assembled, ModelError> {
        match self.stop_reason {
            Some(_) => self.assemble(),
            None => Err(ModelError::cut()),
        }
    }
}

fn index(event: &Value) -> Result<u64, ModelError> {
    let index = event.get("index").and_then(Value::as_u64);
    index.ok_or_else(misshapen)
}

fn call(block: &Value, input: Option<&String>) -> ToolCall {
    let whole = block.get("input").map(Value::to_string);
    ToolCall {
        id: text_at(block, "/id").to_owned(),
        name: text_at(block, "/name").to_owned(),
        arguments: input.cloned().or(whole).unwrap_or_default(),
    }
}

fn usage(counts: &Value) -> Usage {
    let cached = number_at(counts, "/cache_read_input_tokens");
    let written = number_at(counts, "/cache_creation_input_tokens");
    Usage {
        input_tokens: number_at(counts, "/input_tokens")
            .saturating_add(written)
            .saturating_add(cached),
        cached_tokens: cached,
        output_tokens: number_at(counts, "/output_tokens"),
    }
}
