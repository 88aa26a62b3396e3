//! OpenAI's Chat Completions.

use serde_json::{Value, json};

use super::super::answer::{End, Said};
use super::data;

fn reason(end: End) -> &'static str {
    match end {
        End::Done | End::Refused => "stop",
        End::Calls => "tool_calls",
        End::TooLong => "length",
    }
}

fn usage(said: &Said) -> Value {
    json!({
        "prompt_tokens": said.input_tokens,
        "completion_tokens": said.output_tokens,
        "total_tokens": said.input_tokens + said.output_tokens,
        "prompt_tokens_details": {"cached_tokens": 0},
    })
}

fn calls(said: &Said, arguments: impl Fn(&Value) -> String) -> Vec<Value> {
    let calls = said.calls.iter().enumerate().map(|(i, call)| {
        let function = json!({"name": call.name, "arguments": arguments(&call.arguments)});
        json!({"index": i, "id": format!("call_{i}"), "type": "function", "function": function})
    });
    calls.collect()
}

pub(super) fn plain(said: &Said) -> Value {
    let mut message = json!({"role": "assistant", "content": said.text, "refusal": null});
    if said.end == End::Refused {
        message["content"] = Value::Null;
        message["refusal"] = json!("I cannot help with that.");
    }
    if !said.calls.is_empty() {
        message["content"] = Value::Null;
        message["tool_calls"] = Value::Array(calls(said, ToString::to_string));
    }
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_700_000_000, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": reason(said.end), "message": message, "logprobs": null}],
        "usage": usage(said),
    })
}

pub(super) fn stream(said: &Said, most: usize) -> Vec<String> {
    let chunk = |delta: Value, reason: Option<&str>| {
        data(&json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": null}],
        }))
    };
    let mut events = vec![chunk(json!({"role": "assistant", "content": ""}), None)];
    if said.end == End::Refused {
        events.push(chunk(json!({"refusal": "I cannot help with that."}), None));
    }
    events.extend(
        said.pieces(most)
            .iter()
            .map(|piece| chunk(json!({"content": piece}), None)),
    );
    for (i, call) in calls(said, |_| String::new()).into_iter().enumerate() {
        events.push(chunk(json!({"tool_calls": [call]}), None));
        let arguments = said.calls[i].arguments.to_string();
        let half = arguments.chars().count() / 2;
        let parts: [String; 2] = [
            arguments.chars().take(half).collect(),
            arguments.chars().skip(half).collect(),
        ];
        for part in parts {
            let delta = json!({"tool_calls": [{"index": i, "function": {"arguments": part}}]});
            events.push(chunk(delta, None));
        }
    }
    events.push(chunk(json!({}), Some(reason(said.end))));
    events.push(data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "scripted",
        "choices": [], "usage": usage(said),
    })));
    events.push("data: [DONE]\n\n".to_owned());
    events
}
