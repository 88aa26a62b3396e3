use axum::http::StatusCode;
use serde_json::{Value, json};

use super::personalities::{call, gold};
use super::{Answer, ScriptedModel};

async fn ask(model: &ScriptedModel, path: &str, body: Value) -> (StatusCode, String) {
    let client = reqwest::ClientBuilder::new().no_proxy().build().unwrap();
    let url = model.root().join(path).unwrap();
    let response = client.post(url).json(&body).send().await.unwrap();
    let status = response.status();
    (status, response.text().await.unwrap_or_default())
}

/// The paths of all formats, with a field of the answer that holds its text.
const WIRES: [(&str, &str); 5] = [
    ("v1/chat/completions", "/choices/0/message/content"),
    ("v1/responses", "/output/0/content/0/text"),
    ("v1/messages", "/content/0/text"),
    (
        "v1beta/models/scripted:generateContent",
        "/candidates/0/content/parts/0/text",
    ),
    ("api/chat", "/message/content"),
];

#[tokio::test]
async fn one_answer_is_said_in_every_format() {
    for (path, pointer) in WIRES {
        let model = ScriptedModel::start(vec![Answer::Says("Hello".to_owned())]).await;
        let (status, body) = ask(&model, path, json!({"stream": false})).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            (status, body.pointer(pointer)),
            (StatusCode::OK, Some(&json!("Hello"))),
            "{path}"
        );
        assert_eq!(model.answers_left(), 0);
    }
}

#[tokio::test]
async fn a_streamed_chat_ends_with_its_usage_and_done() {
    let model = ScriptedModel::start(vec![Answer::Says("abcdefghijklmnop".to_owned())]).await;

    let (_, body) = ask(&model, "v1/chat/completions", json!({"stream": true})).await;

    let events: Vec<&str> = body.split_terminator("\n\n").collect();
    let text: String = events
        .iter()
        .filter_map(|event| serde_json::from_str::<Value>(event.strip_prefix("data: ")?).ok())
        .filter_map(|chunk| {
            Some(
                chunk
                    .pointer("/choices/0/delta/content")?
                    .as_str()?
                    .to_owned(),
            )
        })
        .collect();
    assert_eq!(text, "abcdefghijklmnop");
    assert_eq!(events.last(), Some(&"data: [DONE]"));
}

#[tokio::test]
async fn a_call_of_a_tool_is_streamed_with_its_arguments() {
    for (path, proof) in [
        ("v1/chat/completions", "\"finish_reason\":\"tool_calls\""),
        ("v1/responses", "response.function_call_arguments.done"),
        ("v1/messages", "\"stop_reason\":\"tool_use\""),
        (
            "v1beta/models/scripted:streamGenerateContent",
            "functionCall",
        ),
        ("api/chat", "tool_calls"),
    ] {
        let calls = vec![call("search", json!({"query": "retry"}))];
        let model = ScriptedModel::start(vec![Answer::Calls(calls)]).await;
        let (_, body) = ask(&model, path, json!({"stream": true})).await;
        assert!(
            body.contains(proof) && body.contains("retry"),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn a_cut_answer_ends_in_the_middle() {
    let long = "word ".repeat(1_000);
    let model = ScriptedModel::start(vec![Answer::IsCut(long, 700)]).await;

    let client = reqwest::ClientBuilder::new().no_proxy().build().unwrap();
    let url = model.root().join("v1/messages").unwrap();
    let request = client.post(url).json(&json!({"stream": true}));
    let whole = match request.send().await {
        Ok(response) => response.bytes().await.is_ok(),
        Err(_) => false,
    };

    assert!(!whole);
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_to_wait() {
    let wait = Answer::AsksToWait(StatusCode::TOO_MANY_REQUESTS, 7);
    let model = ScriptedModel::start(vec![wait]).await;
    let client = reqwest::ClientBuilder::new().no_proxy().build().unwrap();

    let url = model.root().join("v1/messages").unwrap();
    let response = client.post(url).json(&json!({})).send().await.unwrap();

    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "7");
}

#[tokio::test]
async fn a_mind_tells_looking_around_from_writing() {
    let model = ScriptedModel::with_mind(gold(&json!({"out_of_scope": ["all"]}))).await;
    let tools = json!([{"name": "read_file", "description": "reads"}]);

    let (_, explored) = ask(&model, "v1/messages", json!({"tools": tools})).await;
    let (_, written) = ask(
        &model,
        "v1/messages",
        json!({"messages": ["write the plan"]}),
    )
    .await;

    assert!(explored.contains("\"finish\""), "{explored}");
    assert!(written.contains("out_of_scope"), "{written}");
    assert_eq!(model.asked().len(), 2);
}
