//! A turn as the ladder puts it.

use crate::model::failure::Asked;
use crate::model::wire::Format;
use crate::model::{Message, Rung, Tool, Turn};

/// A turn with what the ladder makes of its schema.
pub(super) struct Question<'a> {
    pub(super) turn: &'a Turn,
    pub(super) rung: Option<Rung>,
    /// Most tokens of the answer.
    pub(super) room: u32,
    /// The messages, where something had to be added to them.
    pub(super) messages: Option<Vec<Message>>,
    /// The tool that takes the answer.
    pub(super) tool: Option<Tool>,
}

impl<'a> Question<'a> {
    /// The turn as it is put on `rung`.
    pub(super) fn new(turn: &'a Turn, rung: Option<Rung>, schema_in_prompt_too: bool) -> Self {
        let on_rung = turn.schema.zip(rung);
        let instruction = on_rung.and_then(|(schema, rung)| match rung {
            Rung::Native if schema_in_prompt_too => Rung::Json.instruction(schema),
            other => other.instruction(schema),
        });
        Self {
            turn,
            rung,
            room: turn.max_output_tokens,
            messages: instruction.map(|text| add(&turn.messages, text)),
            tool: on_rung.and_then(|(schema, rung)| rung.tool(schema)),
        }
    }

    /// What the provider is to hold the answer to.
    pub(super) fn format(&self) -> Format {
        match (self.turn.schema, self.rung) {
            (Some(schema), Some(Rung::Native)) => Format::Schema(schema),
            (Some(_), Some(Rung::Json)) => Format::Json,
            _ => Format::Free,
        }
    }

    /// What may be to blame when the provider refuses.
    pub(super) fn asked(&self) -> Asked {
        Asked {
            rung: self.rung,
            tools: !self.turn.tools.is_empty(),
        }
    }
}

/// The messages with `text` after the last part of ours, where the part that changes most is.
fn add(messages: &[Message], text: String) -> Vec<Message> {
    let mut messages = messages.to_vec();
    match messages.last_mut() {
        Some(Message::User { parts }) => match parts.last_mut() {
            Some(part) => part.push_str(&text),
            None => parts.push(text),
        },
        _ => messages.push(Message::user(text)),
    }
    messages
}
