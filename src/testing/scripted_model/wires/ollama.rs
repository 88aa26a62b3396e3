//! Ollama's chat: one JSON document a line.

use serde_json::{Value, json};

use super::super::answer::{End, Said};

/// What it tells of a model.
pub(in super::super) fn facts() -> Value {
    json!({
        "capabilities": ["completion", "tools"],
        "model_info": {"general.architecture": "scripted", "scripted.context_length": 262_144},
    })
}

fn document(message: &Value, said: &Said, is_last: bool) -> Value {
    let mut document = json!({
        "model": "scripted", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": is_last,
    });
    if is_last {
        document["done_reason"] = json!(if said.end == End::TooLong {
            "length"
        } else {
            "stop"
        });
        document["prompt_eval_count"] = json!(said.input_tokens);
        document["eval_count"] = json!(said.output_tokens);
    }
    document
}

fn message(text: &str, calls: &[Value]) -> Value {
    let mut message = json!({"role": "assistant", "content": text});
    if !calls.is_empty() {
        message["tool_calls"] = json!(calls);
    }
    message
}

fn calls(said: &Said) -> Vec<Value> {
    let calls = said.calls.iter();
    calls
        .map(|call| json!({"function": {"name": call.name, "arguments": call.arguments}}))
        .collect()
}

/// Its models have no way to decline but words.
fn text(said: &Said) -> &str {
    match said.end {
        End::Refused => "I cannot help with that.",
        _ => &said.text,
    }
}

pub(super) fn plain(said: &Said) -> Value {
    document(&message(text(said), &calls(said)), said, true)
}

pub(super) fn stream(said: &Said, most: usize) -> Vec<String> {
    let mut documents: Vec<Value> = match said.end {
        End::Refused => vec![document(&message(text(said), &[]), said, false)],
        _ => {
            let pieces = said.pieces(most).into_iter();
            pieces
                .map(|piece| document(&message(&piece, &[]), said, false))
                .collect()
        }
    };
    if !said.calls.is_empty() {
        documents.push(document(&message("", &calls(said)), said, false));
    }
    documents.push(document(&message("", &[]), said, true));
    documents
        .iter()
        .map(|document| format!("{document}\n"))
        .collect()
}
