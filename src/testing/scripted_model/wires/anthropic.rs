//! Anthropic's Messages.

use serde_json::{Value, json};

use super::super::answer::{End, Said};
use super::event;

fn reason(end: End) -> &'static str {
    match end {
        End::Done => "end_turn",
        End::Calls => "tool_use",
        End::TooLong => "max_tokens",
        End::Refused => "refusal",
    }
}

fn blocks(said: &Said) -> Vec<Value> {
    let calls = said.calls.iter().enumerate().map(|(i, call)| {
        json!({"type": "tool_use", "id": format!("toolu_{i}"), "name": call.name, "input": call.arguments})
    });
    let text = (!said.text.is_empty()).then(|| json!({"type": "text", "text": said.text}));
    text.into_iter().chain(calls).collect()
}

fn message(said: &Said, content: &[Value], reason: Option<&str>) -> Value {
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "scripted", "content": content,
        "stop_reason": reason, "stop_sequence": null,
        "usage": {
            "input_tokens": said.input_tokens, "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0, "output_tokens": said.output_tokens,
        },
    })
}

pub(super) fn plain(said: &Said) -> Value {
    message(said, &blocks(said), Some(reason(said.end)))
}

pub(super) fn stream(said: &Said, most: usize) -> Vec<String> {
    let start = json!({"type": "message_start", "message": message(said, &[], None)});
    let mut events = vec![event(&start), event(&json!({"type": "ping"}))];
    for (i, block) in blocks(said).into_iter().enumerate() {
        let is_text = block["type"] == "text";
        let mut begun = block.clone();
        if is_text {
            begun["text"] = json!("");
        } else {
            begun["input"] = json!({});
        }
        let begin = json!({"type": "content_block_start", "index": i, "content_block": begun});
        events.push(event(&begin));
        let deltas: Vec<Value> = if is_text {
            let pieces = said.pieces(most).into_iter();
            pieces
                .map(|piece| json!({"type": "text_delta", "text": piece}))
                .collect()
        } else {
            vec![json!({"type": "input_json_delta", "partial_json": block["input"].to_string()})]
        };
        for delta in deltas {
            events.push(event(
                &json!({"type": "content_block_delta", "index": i, "delta": delta}),
            ));
        }
        events.push(event(&json!({"type": "content_block_stop", "index": i})));
    }
    let delta = json!({"stop_reason": reason(said.end), "stop_sequence": null});
    let usage = json!({"output_tokens": said.output_tokens});
    events.push(event(
        &json!({"type": "message_delta", "delta": delta, "usage": usage}),
    ));
    events.push(event(&json!({"type": "message_stop"})));
    events
}
