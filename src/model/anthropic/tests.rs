use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::config::ModelProvider;
use crate::model::tests::{
    Asked, Canned, KEY, SCHEMA, TOOLS, converse, events, next_turn, turn, whole,
};
use crate::model::wire::{Ask, Format};
use crate::model::{Message, ModelError, Reply, Turn};

async fn ask(turn: &Turn, canned: Canned) -> (Result<Reply, ModelError>, Asked) {
    let turns = std::slice::from_ref(turn);
    let (mut replies, mut asked) =
        converse(ModelProvider::Anthropic, |_| {}, turns, vec![canned]).await;
    (replies.remove(0), asked.remove(0))
}

fn says(content: &Value, stop: &str) -> Canned {
    whole(
        200,
        &json!({
            "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
            "content": content, "stop_reason": stop,
            "usage": {"input_tokens": 20, "output_tokens": 30},
        }),
    )
}

fn fine() -> Canned {
    says(&json!([{"type": "text", "text": "{}"}]), "end_turn")
}

fn exploring() -> Turn {
    Turn {
        tools: &TOOLS,
        schema: None,
        ..turn()
    }
}

#[tokio::test]
async fn question_has_its_form() {
    let (reply, asked) = ask(&turn(), fine()).await;
    assert_eq!(reply.unwrap().text, "{}");
    assert_eq!(asked.uri.path(), "/v1/messages");
    assert_eq!(asked.headers["x-api-key"], KEY);
    assert_eq!(asked.headers["anthropic-version"], "2023-06-01");
    assert_eq!(
        asked.body,
        json!({
            "model": "model-x",
            "max_tokens": 500,
            "system": [{"type": "text", "text": "rules", "cache_control": {"type": "ephemeral"}}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": "material"}]}],
            "output_config": {"format": {
                "type": "json_schema",
                "schema": serde_json::from_str::<Value>(SCHEMA.json).unwrap(),
            }},
            "stream": true,
        })
    );
}

#[tokio::test]
async fn schema_is_sent_with_its_keys_in_their_order() {
    let turn = turn();
    let ask = Ask {
        model: "m",
        author: String::new(),
        system: "",
        messages: &turn.messages,
        tools: Vec::new(),
        format: Format::Schema(SCHEMA),
        max_output_tokens: 1,
        effort: None,
        context_tokens: None,
        omitted: &BTreeSet::new(),
    };
    let request = super::question::request(&ask);
    let sent = serde_json::to_string(&request.unwrap()).unwrap();
    assert!(sent.contains(SCHEMA.json), "{sent}");
}

#[tokio::test]
async fn effort_is_sent_when_it_is_set() {
    let set = |settings: &mut crate::config::ModelSettings| {
        settings.reasoning_effort = Some("low".to_owned());
    };
    let turn = Turn {
        schema: None,
        ..turn()
    };
    let (_, asked) = converse(ModelProvider::Anthropic, set, &[turn], vec![fine()]).await;
    assert_eq!(asked[0].body["output_config"], json!({"effort": "low"}));
}

/// The places of the marks in a request: `s` for the system, message and block for the others.
fn marks(body: &Value) -> Vec<String> {
    let is_marked = |block: &&Value| block.get("cache_control").is_some();
    let system = body["system"].as_array().unwrap().iter();
    let mut found: Vec<String> = system.filter(is_marked).map(|_| "s".to_owned()).collect();
    for (i, message) in body["messages"].as_array().unwrap().iter().enumerate() {
        for (j, block) in message["content"].as_array().unwrap().iter().enumerate() {
            if is_marked(&block) {
                found.push(format!("{i}.{j}"));
            }
        }
    }
    found
}

async fn marks_of(messages: Vec<Message>) -> Vec<String> {
    let turn = Turn { messages, ..turn() };
    marks(&ask(&turn, fine()).await.1.body)
}

fn parts(count: usize) -> Message {
    Message::User {
        parts: (0..count).map(|i| format!("part {i}")).collect(),
    }
}

#[tokio::test]
async fn what_other_turns_share_may_be_kept() {
    assert_eq!(marks_of(vec![parts(1)]).await, ["s"]);
    assert_eq!(marks_of(vec![parts(3)]).await, ["s", "0.0", "0.1"]);
}

#[tokio::test]
async fn conversation_that_goes_on_may_be_kept_up_to_its_end() {
    let marks = marks_of(vec![parts(2), parts(1), parts(2)]).await;
    assert_eq!(marks, ["s", "0.0", "2.1"]);
}

#[tokio::test]
async fn no_more_marks_than_the_provider_takes() {
    assert_eq!(marks_of(vec![parts(9)]).await, ["s", "0.0", "0.1", "0.2"]);
    let marks = marks_of(vec![parts(9), parts(1)]).await;
    assert_eq!(marks, ["s", "0.0", "0.1", "1.0"]);
}

#[tokio::test]
async fn gateway_that_keeps_nothing_is_asked_without_marks() {
    let refusal = json!({"error": {"message": "messages.0.content.0.cache_control: Extra inputs are not permitted"}});
    let answers = vec![whole(400, &refusal), fine(), fine()];
    let turns = [turn(), turn()];
    let (replies, asked) = converse(ModelProvider::Anthropic, |_| {}, &turns, answers).await;
    assert!(replies.iter().all(Result::is_ok));
    let marks: Vec<_> = asked.iter().map(|asked| marks(&asked.body).len()).collect();
    assert_eq!(marks, [1, 0, 0]);
}

#[tokio::test]
async fn empty_parts_are_left_out() {
    let turn = Turn {
        system: String::new(),
        messages: vec![Message::User {
            parts: vec![String::new(), "material".to_owned()],
        }],
        ..turn()
    };
    let body = ask(&turn, fine()).await.1.body;
    assert_eq!(body["system"], json!([]));
    assert_eq!(
        body["messages"][0]["content"],
        json!([{"type": "text", "text": "material"}])
    );
}

fn call_in_pieces() -> Canned {
    events(&[
        json!({"type": "message_start", "message": {"usage": {"input_tokens": 9, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": "", "signature": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "Let me "}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "look."}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "redacted_thinking", "data": "b3BhcXVl"}}),
        json!({"type": "content_block_start", "index": 2, "content_block": {"type": "tool_use", "id": "toolu_1", "name": "read_file", "input": {}}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": ""}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "{\"path\":"}}),
        json!({"type": "content_block_delta", "index": 2, "delta": {"type": "input_json_delta", "partial_json": "\"a.rs\"}"}}),
        json!({"type": "content_block_stop", "index": 2}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 40}}),
        json!({"type": "message_stop"}),
    ])
}

fn call_at_once() -> Canned {
    says(
        &json!([
            {"type": "thinking", "thinking": "Let me look.", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "b3BhcXVl"},
            {"type": "tool_use", "id": "toolu_1", "name": "read_file", "input": {"path": "a.rs"}},
        ]),
        "tool_use",
    )
}

#[tokio::test]
async fn calls_are_told_and_thoughts_go_back_unaltered() {
    for canned in [call_in_pieces(), call_at_once()] {
        let (reply, asked) = ask(&exploring(), canned).await;
        let reply = reply.unwrap();
        assert_eq!(reply.text, "");
        let call = &reply.calls[0];
        assert_eq!(
            (
                call.id.as_str(),
                call.name.as_str(),
                call.arguments.as_str()
            ),
            ("toolu_1", "read_file", "{\"path\":\"a.rs\"}")
        );
        assert_eq!(asked.body["tools"][0]["name"], json!("read_file"));

        let mut next = next_turn(&exploring(), &reply);
        if let Some(Message::Results(results)) = next.messages.last_mut() {
            results[0].is_error = true;
        }
        let body = ask(&next, fine()).await.1.body;
        assert_eq!(
            body["messages"][1],
            json!({"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Let me look.", "signature": "c2ln"},
                {"type": "redacted_thinking", "data": "b3BhcXVl"},
                {"type": "tool_use", "id": "toolu_1", "name": "read_file", "input": {"path": "a.rs"}},
            ]})
        );
        assert_eq!(
            body["messages"][2]["content"][0],
            json!({
                "type": "tool_result", "tool_use_id": "toolu_1", "content": "fn main() {}",
                "is_error": true, "cache_control": {"type": "ephemeral"},
            })
        );
    }
}

#[tokio::test]
async fn call_without_arguments_has_an_empty_object() {
    let pieces = events(&[
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "id": "t", "name": "finish", "input": {}}}),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}}),
    ]);
    let reply = ask(&exploring(), pieces).await.0.unwrap();
    assert_eq!(reply.calls[0].arguments, "{}");
}

#[tokio::test]
async fn full_window_is_a_truncation() {
    let content = json!([{"type": "text", "text": "{\"a"}]);
    let stop = "model_context_window_exceeded";
    let reply = ask(&turn(), says(&content, stop)).await.0.unwrap();
    assert!(reply.truncated);
}

#[tokio::test]
async fn overloaded_in_the_middle_of_words_is_an_outage() {
    let pieces = events(&[
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "{"}}),
        json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
    ]);
    let error = ask(&turn(), pieces).await.0.unwrap_err();
    assert_eq!(error, ModelError::unavailable("status 503"));
}
