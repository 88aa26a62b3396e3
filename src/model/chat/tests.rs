use serde_json::{Value, json};

use crate::config::{ModelProvider, ModelSettings};
use crate::model::tests::{
    Asked, Canned, KEY, SCHEMA, TOOLS, converse, events, next_turn, turn, whole,
};
use crate::model::{Message, ModelError, Reply, Turn};

async fn ask(turn: &Turn, canned: Canned) -> (Result<Reply, ModelError>, Asked) {
    let (mut replies, mut asked) = ask_all(std::slice::from_ref(turn), vec![canned]).await;
    (replies.remove(0), asked.remove(0))
}

async fn ask_all(
    turns: &[Turn],
    answers: Vec<Canned>,
) -> (Vec<Result<Reply, ModelError>>, Vec<Asked>) {
    converse(ModelProvider::OpenAi, |_| {}, turns, answers).await
}

fn says(message: &Value, finish: &str) -> Canned {
    whole(
        200,
        &json!({
            "id": "c", "object": "chat.completion", "model": "m",
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {"prompt_tokens": 120, "completion_tokens": 30},
        }),
    )
}

fn fine() -> Canned {
    says(&json!({"role": "assistant", "content": "{}"}), "stop")
}

fn pieces(deltas: &[Value], finish: &str) -> Canned {
    let piece = |delta: &Value, finish: Value| json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]});
    let mut documents: Vec<_> = deltas
        .iter()
        .map(|delta| piece(delta, Value::Null))
        .collect();
    documents.push(piece(&json!({}), json!(finish)));
    events(&documents)
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
    assert_eq!(asked.uri.path(), "/chat/completions");
    assert_eq!(asked.uri.query(), None);
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    let mut body = asked.body;
    let key = body["prompt_cache_key"].take();
    assert_eq!(key.as_str().unwrap().len(), 32);
    assert_eq!(
        body,
        json!({
            "model": "model-x",
            "messages": [
                {"role": "system", "content": "rules"},
                {"role": "user", "content": "material"},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {
                    "name": "plan",
                    "strict": true,
                    "schema": serde_json::from_str::<Value>(SCHEMA.json).unwrap(),
                },
            },
            "max_completion_tokens": 500,
            "prompt_cache_key": null,
            "stream": true,
            "stream_options": {"include_usage": true},
        })
    );
}

#[tokio::test]
async fn azure_gets_its_own_header_and_version() {
    let set = |settings: &mut ModelSettings| {
        settings.api_version = Some("2024-10-21".to_owned());
        let base = settings.base_url.as_mut().unwrap();
        base.set_path("/openai/deployments/model-x");
    };
    let (_, asked) = converse(ModelProvider::OpenAi, set, &[turn()], vec![fine()]).await;
    let expected = "/openai/deployments/model-x/chat/completions?api-version=2024-10-21";
    assert_eq!(asked[0].uri.to_string(), expected);
    assert_eq!(asked[0].headers["api-key"], KEY);
    assert_eq!(asked[0].headers.get("authorization"), None);
}

#[tokio::test]
async fn local_server_needs_no_key() {
    let set = |settings: &mut ModelSettings| settings.api_key = None;
    let (_, asked) = converse(ModelProvider::OpenAi, set, &[turn()], vec![fine()]).await;
    assert_eq!(asked[0].headers.get("authorization"), None);
}

#[tokio::test]
async fn turns_that_begin_alike_have_the_same_cache_key() {
    let with_parts = |parts: [&str; 2]| Turn {
        messages: vec![Message::User {
            parts: parts.map(str::to_owned).to_vec(),
        }],
        ..turn()
    };
    let turns = [
        with_parts(["facts", "one request"]),
        with_parts(["facts", "another one"]),
        with_parts(["other facts", "one request"]),
    ];
    let (_, asked) = ask_all(&turns, vec![fine(), fine(), fine()]).await;
    let keys: Vec<_> = asked
        .iter()
        .map(|asked| &asked.body["prompt_cache_key"])
        .collect();
    assert!(keys[0] == keys[1] && keys[1] != keys[2], "{keys:?}");
}

#[tokio::test]
async fn refused_parameters_are_left_out_from_then_on() {
    for (words, name) in [
        (
            "Unrecognized request argument supplied: max_completion_tokens",
            "max_completion_tokens",
        ),
        ("stream_options is not supported", "stream_options"),
        (
            "Extra inputs are not permitted: prompt_cache_key",
            "prompt_cache_key",
        ),
        (
            "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
            "reasoning_effort",
        ),
        (
            "Your organization must be verified to stream this model.",
            "stream",
        ),
    ] {
        let refusal = json!({"error": {"message": words, "type": "invalid_request_error"}});
        let set = |settings: &mut ModelSettings| {
            settings.reasoning_effort = Some("low".to_owned());
        };
        let answers = vec![whole(400, &refusal), fine(), fine()];
        let turns = [turn(), turn()];
        let (replies, asked) = converse(ModelProvider::OpenAi, set, &turns, answers).await;
        assert!(replies.iter().all(Result::is_ok), "{replies:?}");
        let sent: Vec<_> = asked
            .iter()
            .map(|asked| asked.body.get(name).is_some())
            .collect();
        assert_eq!(sent, [true, false, false], "{name}");
    }
}

#[tokio::test]
async fn older_server_is_told_the_limit_by_its_older_name() {
    let refusal = json!({"error": {"message": "Unrecognized request argument supplied: max_completion_tokens"}});
    let (_, asked) = ask_all(&[turn()], vec![whole(400, &refusal), fine()]).await;
    assert_eq!(asked[1].body["max_tokens"], json!(500));
}

#[tokio::test]
async fn server_that_refuses_everything_is_not_asked_for_ever() {
    let names = [
        "max_completion_tokens",
        "stream_options",
        "prompt_cache_key",
        "reasoning_effort",
    ];
    let all = json!({"error": {"message": format!("no {} to stream", names.join(" no "))}});
    // Five parameters that can be left out, and the question without them.
    let answers = (0..6).map(|_| whole(400, &all)).collect();
    let (replies, asked) = ask_all(&[turn()], answers).await;
    assert_eq!(replies, [Err(ModelError::Denied { status: 400 })]);
    assert_eq!(asked.len(), 6);
}

#[tokio::test]
async fn refusal_in_words_is_told() {
    let refused = json!({"role": "assistant", "content": null, "refusal": "I must not."});
    let in_pieces = pieces(
        &[json!({"refusal": "I must "}), json!({"refusal": "not."})],
        "stop",
    );
    for canned in [says(&refused, "stop"), in_pieces] {
        assert_eq!(ask(&turn(), canned).await.0, Err(ModelError::Refused));
    }
}

fn two_calls() -> Value {
    json!([
        {"id": "call_a", "type": "function", "function": {"name": "read_file", "arguments": "{\"path\":\"a.rs\"}"}},
        {"id": "call_b", "type": "function", "function": {"name": "read_file", "arguments": "{\"path\":\"b.rs\"}"}},
    ])
}

/// How OpenAI, and servers that give each call at once at the same position, send two calls.
fn calls_in_pieces() -> [Canned; 2] {
    let openai = pieces(
        &[
            json!({"role": "assistant", "content": null}),
            json!({"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "read_file", "arguments": ""}}]}),
            json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"path\":"}}]}),
            json!({"tool_calls": [{"index": 0, "function": {"arguments": "\"a.rs\"}"}}]}),
            json!({"tool_calls": [{"index": 1, "id": "call_b", "type": "function", "function": {"name": "read_file", "arguments": ""}}]}),
            json!({"tool_calls": [{"index": 1, "function": {"arguments": "{\"path\":\"b.rs\"}"}}]}),
        ],
        "tool_calls",
    );
    let calls = two_calls();
    let at = |i: usize| {
        let mut call = calls[i].clone();
        call["index"] = json!(0);
        json!({"role": "assistant", "content": null, "tool_calls": [call]})
    };
    [openai, pieces(&[at(0), at(1)], "tool_calls")]
}

#[tokio::test]
async fn calls_are_told_and_the_message_goes_back_unaltered() {
    let message = json!({"role": "assistant", "content": null, "tool_calls": two_calls()});
    let at_once = says(&message, "tool_calls");
    for canned in calls_in_pieces().into_iter().chain([at_once]) {
        let (reply, asked) = ask(&exploring(), canned).await;
        let reply = reply.unwrap();
        let told: Vec<_> = (reply.calls.iter())
            .map(|call| {
                (
                    call.id.as_str(),
                    call.name.as_str(),
                    call.arguments.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("call_a", "read_file", "{\"path\":\"a.rs\"}"),
                ("call_b", "read_file", "{\"path\":\"b.rs\"}"),
            ]
        );
        assert_eq!(asked.body["tools"][0]["type"], json!("function"));
        assert_eq!(
            asked.body["tools"][0]["function"]["name"],
            json!("read_file")
        );

        let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
        assert_eq!(body["messages"][2], message);
        assert_eq!(
            body["messages"][3],
            json!({"role": "tool", "tool_call_id": "call_a", "content": "fn main() {}"})
        );
    }
}

#[tokio::test]
async fn fields_that_only_one_server_knows_go_back_too() {
    let deltas = [
        json!({"role": "assistant", "reasoning_content": "Let me "}),
        json!({"reasoning_content": "look."}),
        json!({"tool_calls": [{"index": 0, "id": "call_a", "type": "function", "function": {"name": "read_file", "arguments": "{}"}, "extra_content": {"google": {"thought_signature": "c2ln"}}}]}),
    ];
    let reply = ask(&exploring(), pieces(&deltas, "tool_calls"))
        .await
        .0
        .unwrap();
    let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
    let message = &body["messages"][2];
    assert_eq!(message["reasoning_content"], json!("Let me look."));
    assert_eq!(
        message["tool_calls"][0]["extra_content"]["google"]["thought_signature"],
        json!("c2ln")
    );
}

#[tokio::test]
async fn calls_without_names_of_their_own_get_one() {
    let call = json!({"function": {"name": "read_file", "arguments": {"path": "a.rs"}}});
    let message = json!({"role": "assistant", "content": "", "tool_calls": [call]});
    let reply = ask(&exploring(), says(&message, "tool_calls"))
        .await
        .0
        .unwrap();
    let call = &reply.calls[0];
    assert_eq!(
        (call.id.as_str(), call.arguments.as_str()),
        ("call_0", "{\"path\":\"a.rs\"}")
    );
    let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
    assert_eq!(body["messages"][2]["tool_calls"][0]["id"], json!("call_0"));
}

#[tokio::test]
async fn more_calls_than_anybody_makes_are_refused() {
    let calls: Vec<_> = (0..200)
        .map(|i| json!({"index": i, "id": format!("c{i}"), "function": {"name": "x"}}))
        .collect();
    let canned = pieces(&[json!({"tool_calls": calls})], "tool_calls");
    let error = ask(&exploring(), canned).await.0.unwrap_err();
    assert_eq!(error, ModelError::unusable("too many calls"));
}

#[tokio::test]
async fn text_in_parts_is_understood() {
    let message =
        json!({"content": [{"type": "text", "text": "{"}, {"type": "text", "text": "}"}]});
    assert_eq!(
        ask(&turn(), says(&message, "stop")).await.0.unwrap().text,
        "{}"
    );
}

#[tokio::test]
async fn kept_tokens_are_read_where_deepseek_has_them() {
    let mut document =
        json!({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]});
    document["usage"] =
        json!({"prompt_tokens": 9, "completion_tokens": 1, "prompt_cache_hit_tokens": 5});
    let reply = ask(&turn(), whole(200, &document)).await.0.unwrap();
    assert_eq!(reply.usage.cached_tokens, 5);
}
