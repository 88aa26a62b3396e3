//! OpenAI's Responses.

use serde_json::{Value, json};

use super::super::answer::{End, Said};
use super::event;

fn items(said: &Said) -> Vec<Value> {
    if !said.calls.is_empty() {
        let calls = said.calls.iter().enumerate().map(|(i, call)| {
            json!({
                "type": "function_call", "id": format!("fc_{i}"), "call_id": format!("call_{i}"),
                "name": call.name, "arguments": call.arguments.to_string(), "status": "completed",
            })
        });
        return calls.collect();
    }
    let content = match said.end {
        End::Refused => json!({"type": "refusal", "refusal": "I cannot help with that."}),
        _ => json!({"type": "output_text", "text": said.text, "annotations": []}),
    };
    vec![json!({
        "type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [content],
    })]
}

fn response(said: &Said, status: &str, output: &[Value]) -> Value {
    let cut = said.end == End::TooLong && status != "in_progress";
    let details = cut.then(|| json!({"reason": "max_output_tokens"}));
    json!({
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "model": "scripted",
        "status": if cut { "incomplete" } else { status }, "error": null, "incomplete_details": details,
        "output": output,
        "usage": {
            "input_tokens": said.input_tokens, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": said.output_tokens, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": said.input_tokens + said.output_tokens,
        },
    })
}

pub(super) fn plain(said: &Said) -> Value {
    response(said, "completed", &items(said))
}

pub(super) fn stream(said: &Said, most: usize) -> Vec<String> {
    let mut documents = vec![
        json!({"type": "response.created", "response": response(said, "in_progress", &[])}),
        json!({"type": "response.in_progress", "response": response(said, "in_progress", &[])}),
    ];
    for (i, item) in items(said).iter().enumerate() {
        let mut begun = item.clone();
        begun["status"] = json!("in_progress");
        let id = item["id"].clone();
        let place = |kind: &str| json!({"type": kind, "item_id": id, "output_index": i, "content_index": 0});
        if item["type"] == "message" {
            begun["content"] = json!([]);
        } else {
            begun["arguments"] = json!("");
        }
        documents
            .push(json!({"type": "response.output_item.added", "output_index": i, "item": begun}));
        if item["type"] == "function_call" {
            let mut delta = place("response.function_call_arguments.delta");
            delta["delta"] = item["arguments"].clone();
            let mut done = place("response.function_call_arguments.done");
            done["arguments"] = item["arguments"].clone();
            documents.extend([delta, done]);
        } else if said.end != End::Refused {
            for piece in said.pieces(most) {
                let mut delta = place("response.output_text.delta");
                delta["delta"] = json!(piece);
                documents.push(delta);
            }
            let mut done = place("response.output_text.done");
            done["text"] = json!(said.text);
            documents.push(done);
        }
        documents
            .push(json!({"type": "response.output_item.done", "output_index": i, "item": item}));
    }
    let last = if said.end == End::TooLong {
        "response.incomplete"
    } else {
        "response.completed"
    };
    documents.push(json!({"type": last, "response": response(said, "completed", &items(said))}));
    let numbered = documents.iter_mut().enumerate().map(|(i, document)| {
        document["sequence_number"] = json!(i);
        event(document)
    });
    numbered.collect()
}
