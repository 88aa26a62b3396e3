//! What a scripted model hears and says, in no provider's format.

use axum::http::StatusCode;
use serde_json::Value;

use super::Delivery;

/// One answer of the model.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// It says this.
    Says(String),
    /// It wants to call these before it goes on.
    Calls(Vec<Call>),
    /// It says this and stops because it may not say more.
    StopsAfter(String),
    /// It declines.
    Refuses,
    /// It says this and reports another number of tokens that it was sent.
    SaysWithCount(String, u64),
    /// It says this, but the connection ends after so many bytes of the answer.
    IsCut(String, usize),
    /// It says this, but nothing comes after so many bytes of the answer.
    Stalls(String, usize),
    /// It answers with an error.
    Fails(StatusCode),
    /// It answers with an error and asks to wait so many seconds.
    AsksToWait(StatusCode, u32),
    /// It does not take the request, for this reason.
    Rejects(String),
}

/// A call of a tool.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) arguments: Value,
}

/// A question as the model hears it.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// All texts of the request, rules and schemas included.
    pub(crate) text: String,
    /// Names of the tools that may be called.
    pub(crate) tools: Vec<String>,
    /// Whether the answer is wanted in pieces.
    pub(crate) streams: bool,
    /// Bytes of the request.
    bytes: usize,
}

impl Heard {
    pub(super) fn of(streams: bool, body: &Value) -> Self {
        let mut texts = Vec::new();
        collect_texts(body, &mut texts);
        let mut tools = Vec::new();
        collect_tools(body.get("tools").unwrap_or(&Value::Null), &mut tools);
        Self {
            text: texts.join("\n"),
            tools,
            streams,
            bytes: body.to_string().len(),
        }
    }

    /// What is sent back as the number of tokens: more than any tokenizer makes of the bytes.
    fn tokens(&self) -> u64 {
        u64::try_from(self.bytes / 2).unwrap_or(u64::MAX)
    }
}

fn collect_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(fields) => fields
            .values()
            .for_each(|field| collect_texts(field, texts)),
        _ => {}
    }
}

/// All `name`s that stand beside a description.
fn collect_tools(value: &Value, tools: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_tools(item, tools)),
        Value::Object(fields) => match (fields.get("name"), fields.get("description")) {
            (Some(Value::String(name)), Some(_)) => tools.push(name.clone()),
            _ => fields
                .values()
                .for_each(|field| collect_tools(field, tools)),
        },
        _ => {}
    }
}

/// Why an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    Calls,
    TooLong,
    Refused,
}

/// An answer with all that every format has a field for.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) calls: Vec<Call>,
    pub(super) end: End,
    pub(super) input_tokens: u64,
    pub(super) output_tokens: u64,
    pub(super) delivery: Delivery,
}

impl Said {
    /// The answer for one that says or calls something.
    pub(super) fn of(answer: Answer, heard: &Heard) -> Self {
        let mut said = Self {
            text: String::new(),
            calls: Vec::new(),
            end: End::Done,
            input_tokens: heard.tokens(),
            output_tokens: 340,
            delivery: Delivery::Whole,
        };
        match answer {
            Answer::Says(text) => said.text = text,
            Answer::Calls(calls) => (said.calls, said.end) = (calls, End::Calls),
            Answer::StopsAfter(text) => (said.text, said.end) = (text, End::TooLong),
            Answer::Refuses => said.end = End::Refused,
            Answer::SaysWithCount(text, count) => (said.text, said.input_tokens) = (text, count),
            Answer::IsCut(text, bytes) => {
                (said.text, said.delivery) = (text, Delivery::Cut(bytes));
            }
            Answer::Stalls(text, bytes) => {
                (said.text, said.delivery) = (text, Delivery::Stalled(bytes));
            }
            Answer::Fails(_) | Answer::AsksToWait(..) | Answer::Rejects(_) => {
                unreachable!("errors are no answers")
            }
        }
        said
    }

    /// The text in at most `most` pieces.
    pub(super) fn pieces(&self, most: usize) -> Vec<String> {
        let characters: Vec<char> = self.text.chars().collect();
        let size = characters.len().div_ceil(most).max(1);
        characters
            .chunks(size)
            .map(|piece| piece.iter().collect())
            .collect()
    }
}

/// What a planner wants to know of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It lets it look around.
    Explore,
    /// It lets it choose among files.
    Select,
    /// It wants the plan.
    Write,
    /// It wants the plan in short.
    Sketch,
    /// It wants parts of the plan mended.
    Repair,
    /// It wants the plan judged.
    Criticise,
}

impl Heard {
    /// What is wanted, told by the fields of the schema that the request shows.
    pub(crate) fn stage(&self) -> Stage {
        let has = |field: &str| {
            let quoted = format!("\"{field}\"");
            self.text.contains(&quoted) || self.text.lines().any(|line| line == field)
        };
        if self
            .tools
            .iter()
            .any(|tool| tool == "finish" || tool == "read_file")
        {
            Stage::Explore
        } else if has("drop") {
            Stage::Repair
        } else if has("queries") {
            Stage::Select
        } else if has("issues") {
            Stage::Criticise
        } else if has("understanding") && !has("why_not_own_code") {
            Stage::Sketch
        } else {
            Stage::Write
        }
    }
}
