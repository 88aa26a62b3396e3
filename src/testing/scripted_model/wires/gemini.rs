//! Gemini's `generateContent`.

use serde_json::{Value, json};

use super::super::answer::{End, Said};
use super::data;

fn document(said: &Said, parts: &[Value], reason: Option<&str>) -> Value {
    let mut candidate = json!({"index": 0, "content": {"role": "model", "parts": parts}});
    if let Some(reason) = reason {
        candidate["finishReason"] = json!(reason);
    }
    json!({
        "candidates": [candidate], "modelVersion": "scripted", "responseId": "r1",
        "usageMetadata": {
            "promptTokenCount": said.input_tokens, "candidatesTokenCount": said.output_tokens,
            "totalTokenCount": said.input_tokens + said.output_tokens,
        },
    })
}

fn reason(end: End) -> &'static str {
    match end {
        End::Done | End::Calls => "STOP",
        End::TooLong => "MAX_TOKENS",
        End::Refused => "PROHIBITED_CONTENT",
    }
}

fn calls(said: &Said) -> Vec<Value> {
    let calls = said.calls.iter();
    calls
        .map(|call| json!({"functionCall": {"name": call.name, "args": call.arguments}}))
        .collect()
}

pub(super) fn plain(said: &Said) -> Value {
    let mut parts = calls(said);
    if !said.text.is_empty() {
        parts.insert(0, json!({"text": said.text}));
    }
    document(said, &parts, Some(reason(said.end)))
}

pub(super) fn stream(said: &Said, most: usize) -> Vec<String> {
    let mut documents: Vec<Value> = said
        .pieces(most)
        .into_iter()
        .map(|piece| document(said, &[json!({"text": piece})], None))
        .collect();
    documents.push(document(said, &calls(said), Some(reason(said.end))));
    documents.iter().map(data).collect()
}
