//! An answer of Responses, whole or as the events that lead to it.

use serde_json::Value;

use crate::model::failure::{Asked, Failure};
use crate::model::wire::{Assembled, Assembly, Flow, Room, misshapen, number_at, text_at};
use crate::model::{ModelError, ToolCall, Usage};

/// Waits for the response as a whole, which the last event holds.
pub(in crate::model) struct Gathering {
    asked: Asked,
    room: Room,
    weighed: Room,
    /// Finished items, for servers whose last event does not repeat them.
    items: Vec<Value>,
    response: Option<Value>,
}

impl Gathering {
    pub(in crate::model) fn new(asked: Asked) -> Self {
        Self {
            asked,
            room: Room::default(),
            weighed: Room::default(),
            items: Vec::new(),
            response: None,
        }
    }

    fn failed(&self, error: &Value) -> ModelError {
        Failure::in_stream(error).error(self.asked)
    }
}

impl Assembly for Gathering {
    fn take(&mut self, mut event: Value) -> Result<Flow, ModelError> {
        match text_at(&event, "/type") {
            "response.output_item.done" => {
                let item = event
                    .get_mut("item")
                    .map(Value::take)
                    .ok_or_else(misshapen)?;
                self.room.take(item.to_string().len())?;
                self.items.push(item);
            }
            // What the deltas say comes again with their item; here they are only weighed, so that
            // an endless one is not read to the end.
            "response.output_text.delta" | "response.function_call_arguments.delta" => {
                self.weighed.take(text_at(&event, "/delta").len())?;
            }
            "response.completed" | "response.incomplete" | "response.failed" => {
                let response = event.get_mut("response").map(Value::take);
                self.take_whole(response.ok_or_else(misshapen)?)?;
                return Ok(Flow::Done);
            }
            "error" => {
                let error = event.get("error").filter(|error| error.is_object());
                return Err(self.failed(error.unwrap_or(&event)));
            }
            "" if event.get("error").is_some_and(|error| !error.is_null()) => {
                return Err(self.failed(event.get("error").unwrap_or(&event)));
            }
            // A gateway that does not stream sends the response itself.
            "" if text_at(&event, "/object") == "response" => {
                self.take_whole(event)?;
                return Ok(Flow::Done);
            }
            _ => {}
        }
        Ok(Flow::More)
    }

    fn take_whole(&mut self, response: Value) -> Result<(), ModelError> {
        match response.get("error") {
            Some(error) if !error.is_null() => return Err(self.failed(error)),
            _ => {}
        }
        if text_at(&response, "/status") == "failed" {
            return Err(ModelError::unavailable("the provider failed"));
        }
        if !response.get("output").is_some_and(Value::is_array) {
            return Err(misshapen());
        }
        self.response = Some(response);
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Assembled, ModelError> {
        let mut response = self.response.ok_or_else(ModelError::cut)?;
        let output = response.get_mut("output").map(Value::take);
        let items = match output {
            Some(Value::Array(items)) if !items.is_empty() => items,
            _ => self.items,
        };
        let cause = text_at(&response, "/incomplete_details/reason");
        if cause == "content_filter" || items.iter().any(is_refusal) {
            return Err(ModelError::Refused);
        }
        let is_incomplete = text_at(&response, "/status") == "incomplete";
        Ok(Assembled {
            text: items.iter().map(text_of).collect(),
            calls: items.iter().filter_map(find_call).collect(),
            truncated: is_incomplete || cause == "max_output_tokens",
            usage: usage(&response),
            message: Value::Array(items),
        })
    }
}

fn parts(item: &Value) -> impl Iterator<Item = &Value> {
    let content = item.get("content").and_then(Value::as_array);
    let is_message = text_at(item, "/type") == "message";
    content.into_iter().flatten().filter(move |_| is_message)
}

fn is_refusal(item: &Value) -> bool {
    parts(item).any(|part| text_at(part, "/type") == "refusal")
}

fn text_of(item: &Value) -> String {
    parts(item)
        .filter(|part| text_at(part, "/type") == "output_text")
        .map(|part| text_at(part, "/text"))
        .collect()
}

fn find_call(item: &Value) -> Option<ToolCall> {
    (text_at(item, "/type") == "function_call").then(|| ToolCall {
        id: text_at(item, "/call_id").to_owned(),
        name: text_at(item, "/name").to_owned(),
        arguments: text_at(item, "/arguments").to_owned(),
    })
}

fn usage(response: &Value) -> Usage {
    Usage {
        input_tokens: number_at(response, "/usage/input_tokens"),
        cached_tokens: number_at(response, "/usage/input_tokens_details/cached_tokens"),
        output_tokens: number_at(response, "/usage/output_tokens"),
    }
}
