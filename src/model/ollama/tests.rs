use serde_json::{Value, json};

use crate::config::{ModelProvider, ModelSettings};
use crate::model::tests::{
    Asked, Canned, KEY, SCHEMA, Server, TOOLS, converse, lines, next_turn, opened_with, settings,
    turn, whole,
};
use crate::model::{Message, ModelError, Reply, Turn};

async fn ask(turn: &Turn, canned: Canned) -> (Result<Reply, ModelError>, Asked) {
    let turns = std::slice::from_ref(turn);
    let (mut replies, mut asked) =
        converse(ModelProvider::Ollama, |_| {}, turns, vec![canned]).await;
    (replies.remove(0), asked.remove(0))
}

fn says(message: &Value) -> Value {
    json!({"model": "m", "message": message, "done": true, "done_reason": "stop"})
}

fn fine() -> Canned {
    whole(200, &says(&json!({"role": "assistant", "content": "{}"})))
}

fn exploring() -> Turn {
    Turn {
        tools: &TOOLS,
        schema: None,
        ..turn()
    }
}

#[tokio::test]
async fn question_has_its_form_with_the_schema_in_the_prompt_too() {
    let (reply, asked) = ask(&turn(), fine()).await;
    assert_eq!(reply.unwrap().text, "{}");
    assert_eq!(asked.uri.path(), "/api/chat");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    let mut body = asked.body;
    let content = body["messages"][1]["content"].take();
    let content = content.as_str().unwrap();
    assert!(
        content.starts_with("material\n\nThe answer is one JSON document"),
        "{content}"
    );
    assert!(content.ends_with(SCHEMA.json), "{content}");
    assert_eq!(
        body,
        json!({
            "model": "model-x",
            "messages": [
                {"role": "system", "content": "rules"},
                {"role": "user", "content": null},
            ],
            "format": serde_json::from_str::<Value>(SCHEMA.json).unwrap(),
            "options": {"num_ctx": 32_768, "num_predict": 500},
            "stream": true,
        })
    );
}

fn window(tokens: u32) -> Canned {
    let facts = json!({
        "details": {"family": "qwen3"},
        "model_info": {"general.architecture": "qwen3", "qwen3.block_count": 36, "qwen3.context_length": tokens},
        "capabilities": ["completion", "tools"],
    });
    whole(200, &facts)
}

/// The windows asked for by these turns, and the paths that were asked.
async fn windows(turns: &[Turn], answers: Vec<Canned>) -> (Vec<Value>, Vec<String>) {
    let server = Server::start(answers).await;
    let model = opened_with(&settings(ModelProvider::Ollama, &server.address));
    for turn in turns {
        model.reply(turn).await.unwrap();
    }
    let asked = server.asked();
    let windows = asked
        .iter()
        .filter_map(|asked| asked.body.pointer("/options/num_ctx"));
    let paths = asked.iter().map(|asked| asked.uri.path().to_owned());
    (windows.cloned().collect(), paths.collect())
}

fn long(bytes: usize) -> Turn {
    Turn {
        messages: vec![Message::user("x".repeat(bytes))],
        ..turn()
    }
}

#[tokio::test]
async fn window_is_as_large_as_needed_in_steps_and_never_shrinks() {
    let turns = [turn(), long(60_000), turn()];
    let answers = vec![window(131_072), fine(), fine(), fine()];
    let (windows, paths) = windows(&turns, answers).await;
    assert_eq!(windows, [16_384, 32_768, 32_768].map(Value::from));
    assert_eq!(paths, ["/api/show", "/api/chat", "/api/chat", "/api/chat"]);
}

#[tokio::test]
async fn window_is_never_larger_than_the_model_has() {
    let (windows, _) = windows(&[turn()], vec![window(8_192), fine()]).await;
    assert_eq!(windows, [Value::from(8_192)]);
}

#[tokio::test]
async fn question_beyond_the_model_is_not_asked() {
    let server = Server::start(vec![window(8_192)]).await;
    let model = opened_with(&settings(ModelProvider::Ollama, &server.address));
    assert_eq!(model.reply(&long(60_000)).await, Err(ModelError::TooLong));
    assert_eq!(model.limits().context_tokens, Some(8_192));
}

#[tokio::test]
async fn server_that_does_not_tell_its_window_is_used_all_the_same() {
    let missing = || whole(404, &json!({"error": "not found"}));
    let nonsense = whole(200, &json!({"model_info": {"x.context_length": "many"}}));
    for answer in [missing(), nonsense] {
        let (windows, _) = windows(&[turn()], vec![answer, fine()]).await;
        assert_eq!(windows, [Value::from(16_384)]);
    }
}

#[tokio::test]
async fn calls_are_told_and_the_message_goes_back_unaltered() {
    let call = json!({"function": {"name": "read_file", "arguments": {"path": "a.rs"}}});
    let message = json!({"role": "assistant", "content": "I look.", "thinking": "Hm. Look.", "tool_calls": [call]});
    let piece = |message: Value| json!({"message": message, "done": false});
    let pieces = [
        piece(json!({"role": "assistant", "content": "", "thinking": "Hm. "})),
        piece(json!({"role": "assistant", "content": "", "thinking": "Look."})),
        piece(json!({"role": "assistant", "content": "I "})),
        piece(json!({"role": "assistant", "content": "look.", "tool_calls": [call]})),
        says(&json!({"role": "assistant", "content": ""})),
    ];
    for canned in [whole(200, &says(&message)), lines(&pieces)] {
        let (reply, asked) = ask(&exploring(), canned).await;
        let reply = reply.unwrap();
        assert_eq!(reply.text, "I look.");
        let told = &reply.calls[0];
        assert_eq!(
            (told.name.as_str(), told.arguments.as_str()),
            ("read_file", "{\"path\":\"a.rs\"}")
        );
        assert_eq!(
            asked.body["tools"][0]["function"]["name"],
            json!("read_file")
        );

        let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
        assert_eq!(body["messages"][2], message);
        assert_eq!(
            body["messages"][3],
            json!({"role": "tool", "tool_name": "read_file", "content": "fn main() {}"})
        );
    }
}

#[tokio::test]
async fn effort_is_a_word_or_a_switch_and_left_out_when_it_is_refused() {
    for (effort, sent) in [
        ("high", json!("high")),
        ("none", json!(false)),
        ("on", json!(true)),
    ] {
        let server = Server::start(vec![
            whole(400, &json!({"error": "\"m\" does not support thinking"})),
            fine(),
        ])
        .await;
        let settings = ModelSettings {
            reasoning_effort: Some(effort.to_owned()),
            context_tokens: Some(32_768),
            ..settings(ModelProvider::Ollama, &server.address)
        };
        opened_with(&settings).reply(&turn()).await.unwrap();
        let asked = server.asked();
        assert_eq!(asked[0].body["think"], sent);
        assert_eq!(asked[1].body.get("think"), None);
    }
}

#[tokio::test]
async fn error_in_plain_words_is_told_apart() {
    for (status, words, expected) in [
        (
            404,
            "model 'x' not found, try pulling it first",
            ModelError::Denied { status: 404 },
        ),
        (
            500,
            "model runner has unexpectedly stopped",
            ModelError::unavailable("status 500"),
        ),
        (
            400,
            "input length exceeds the context length",
            ModelError::TooLong,
        ),
        (
            400,
            "invalid format: expected \"json\" or a JSON schema",
            ModelError::SchemaRejected,
        ),
    ] {
        let canned = whole(status, &json!({"error": words}));
        assert_eq!(ask(&turn(), canned).await.0, Err(expected), "{words}");
    }
    let late = lines(&[
        json!({"message": {"content": "{"}, "done": false}),
        json!({"error": "runner stopped"}),
    ]);
    let told = ask(&turn(), late).await.0.unwrap_err();
    assert_eq!(told, ModelError::unavailable("status 503"));
}
