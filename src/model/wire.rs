//! What one provider's format has to do: put a question into bytes, and put an answer together.

use std::collections::BTreeSet;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use url::Url;

use crate::http::ApiBase;
use crate::model::failure::Asked;
use crate::model::{Message, ModelError, Schema, Tool, ToolCall, Usage};

/// Most bytes of one answer's text and calls, 8 times the longest that is read of one.
pub(super) const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// A question as a format sees it: what holds the schema is decided already.
pub(super) struct Ask<'a> {
    pub(super) model: &'a str,
    /// Whose messages may be sent back as they came.
    pub(super) author: String,
    pub(super) system: &'a str,
    pub(super) messages: &'a [Message],
    pub(super) tools: Vec<&'a Tool>,
    pub(super) format: Format,
    pub(super) max_output_tokens: u32,
    /// How hard to think; `None` leaves it to the provider.
    pub(super) effort: Option<&'a str>,
    /// The context window to ask for, where it is ours to choose.
    pub(super) context_tokens: Option<u32>,
    /// Parameters that the server has refused.
    pub(super) omitted: &'a BTreeSet<&'static str>,
}

impl Ask<'_> {
    /// Whether the parameter of that name may be sent.
    pub(super) fn takes(&self, name: &str) -> bool {
        !self.omitted.contains(name)
    }
}

/// What the provider is to hold the answer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Nothing.
    Free,
    /// JSON of any shape.
    Json,
    /// JSON of this shape.
    Schema(Schema),
}

/// A request ready to be sent.
pub(super) struct Prepared {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Prepared {
    /// A request whose body is `body` as JSON.
    pub(super) fn json<T: Serialize>(
        url: Url,
        mut headers: HeaderMap,
        body: &T,
    ) -> Result<Self, ModelError> {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let body = serde_json::to_vec(body);
        let body = body.map_err(|_| ModelError::unusable("the question cannot be written"))?;
        Ok(Self { url, headers, body })
    }
}

/// A parameter that not all servers take.
pub(super) struct Optional {
    /// Its name in the request.
    pub(super) name: &'static str,
    /// Words by which a refusal of it is known, in lower case.
    pub(super) refusals: &'static [&'static str],
}

/// One provider's format.
pub(super) trait Wire: Send + Sync {
    /// The format's name.
    fn kind(&self) -> &'static str;

    /// The request that asks `ask`.
    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError>;

    /// What puts one answer together.
    fn assembly(&self, asked: Asked) -> Box<dyn Assembly>;

    /// What a server may refuse and do without.
    fn optional(&self) -> &'static [Optional] {
        &[]
    }

    /// A question for the size of the model's context window, which costs nothing.
    fn inquiry(&self) -> Option<Prepared> {
        None
    }

    /// The size in the answer to [`Self::inquiry`].
    fn read_window(&self, _answer: &Value) -> Option<u32> {
        None
    }
}

/// Puts one answer together.
pub(super) trait Assembly: Send {
    /// Takes the next document of a stream.
    fn take(&mut self, document: Value) -> Result<Flow, ModelError>;

    /// Takes an answer that came in one document.
    fn take_whole(&mut self, document: Value) -> Result<(), ModelError>;

    /// The answer; fails when the stream ended before it.
    fn finish(self: Box<Self>) -> Result<Assembled, ModelError>;
}

/// Whether more of a stream is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It is.
    More,
    /// The answer is complete.
    Done,
}

/// An answer put together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Assembled {
    pub(super) text: String,
    pub(super) calls: Vec<ToolCall>,
    /// The message in the provider's own form.
    pub(super) message: Value,
    pub(super) truncated: bool,
    pub(super) usage: Usage,
}

/// Room for what is gathered of one answer.
#[derive(Debug)]
pub(super) struct Room {
    bytes_left: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            bytes_left: MAX_ANSWER_BYTES,
        }
    }
}

impl Room {
    /// Takes room for `bytes` bytes.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), ModelError> {
        let left = self.bytes_left.checked_sub(bytes).ok_or_else(too_large)?;
        self.bytes_left = left;
        Ok(())
    }
}

/// The answer is longer than any that is read.
pub(super) fn too_large() -> ModelError {
    ModelError::Unusable {
        why: format!("more than {MAX_ANSWER_BYTES} bytes"),
    }
}

/// The answer is not of the format that was asked for.
pub(super) fn misshapen() -> ModelError {
    ModelError::unusable("no answer of the expected form")
}

/// `json` as it is: the order of its keys is the order in which a model writes.
pub(super) fn raw(json: &str) -> Result<&RawValue, ModelError> {
    serde_json::from_str(json).map_err(|_| ModelError::SchemaRejected)
}

/// The arguments of a call as a value, for formats that want one; text that is no JSON stays text
/// within an object, so that the model sees what it wrote.
pub(super) fn arguments_value(arguments: &str) -> Value {
    match serde_json::from_str(arguments) {
        Ok(value @ Value::Object(_)) => value,
        _ => serde_json::json!({ "text": arguments }),
    }
}

/// The address of `path` below `base`.
pub(super) fn endpoint(
    base: &ApiBase,
    path: &[&str],
    query: &[(&str, &str)],
) -> Result<Url, ModelError> {
    base.join(path, query)
        .map_err(|_| ModelError::unusable("the model's name cannot stand in an address"))
}

/// The text at `pointer`, or none.
pub(super) fn text_at<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The number at `pointer`, or 0.
pub(super) fn number_at(value: &Value, pointer: &str) -> u64 {
    value
        .pointer(pointer)
        .and_then(Value::as_u64)
        .unwrap_or_default()
}
