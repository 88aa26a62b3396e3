use serde_json::{Value, json};

use crate::config::{ModelApi, ModelProvider, ModelSettings};
use crate::model::tests::{
    Asked, Canned, KEY, SCHEMA, TOOLS, converse, events, next_turn, turn, whole,
};
use crate::model::{ModelError, Reply, Turn};

async fn ask(turn: &Turn, canned: Canned) -> (Result<Reply, ModelError>, Asked) {
    let (mut replies, mut asked) = ask_all(std::slice::from_ref(turn), vec![canned]).await;
    (replies.remove(0), asked.remove(0))
}

async fn ask_all(
    turns: &[Turn],
    answers: Vec<Canned>,
) -> (Vec<Result<Reply, ModelError>>, Vec<Asked>) {
    let set = |settings: &mut ModelSettings| {
        settings.api = ModelApi::Responses;
        settings.reasoning_effort = Some("low".to_owned());
    };
    converse(ModelProvider::OpenAi, set, turns, answers).await
}

fn response(output: &Value) -> Value {
    json!({
        "id": "resp_1", "object": "response", "status": "completed", "error": null,
        "incomplete_details": null, "output": output,
        "usage": {"input_tokens": 9, "output_tokens": 1},
    })
}

fn message(text: &str) -> Value {
    json!({"id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

fn fine() -> Canned {
    whole(200, &response(&json!([message("{}")])))
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
    assert_eq!(asked.uri.path(), "/responses");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    let mut body = asked.body;
    assert_eq!(body["prompt_cache_key"].take().as_str().unwrap().len(), 32);
    assert_eq!(
        body,
        json!({
            "model": "model-x",
            "instructions": "rules",
            "input": [{"type": "message", "role": "user", "content": [
                {"type": "input_text", "text": "material"},
            ]}],
            "text": {"format": {
                "type": "json_schema",
                "name": "plan",
                "strict": true,
                "schema": serde_json::from_str::<Value>(SCHEMA.json).unwrap(),
            }},
            "reasoning": {"effort": "low"},
            "max_output_tokens": 500,
            "prompt_cache_key": null,
            "store": false,
            "stream": true,
        })
    );
}

fn thought() -> Value {
    json!({"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "b3BhcXVl"})
}

fn call() -> Value {
    json!({"id": "fc_1", "type": "function_call", "call_id": "call_a", "name": "read_file", "arguments": "{\"path\":\"a.rs\"}", "status": "completed"})
}

#[tokio::test]
async fn calls_are_told_and_thoughts_go_back_unaltered() {
    let output = json!([thought(), call()]);
    let done = |item: Value| json!({"type": "response.output_item.done", "item": item});
    let bare = json!({"type": "response.completed", "response": response(&json!([]))});
    for canned in [
        whole(200, &response(&output)),
        events(&[json!({"type": "response.completed", "response": response(&output)})]),
        // Some servers' last event does not repeat the items.
        events(&[done(thought()), done(call()), bare]),
    ] {
        let (reply, asked) = ask(&exploring(), canned).await;
        let reply = reply.unwrap();
        let told = &reply.calls[0];
        assert_eq!(
            (
                told.id.as_str(),
                told.name.as_str(),
                told.arguments.as_str()
            ),
            ("call_a", "read_file", "{\"path\":\"a.rs\"}")
        );
        assert_eq!(
            asked.body["include"],
            json!(["reasoning.encrypted_content"])
        );
        assert_eq!(asked.body["tools"][0]["name"], json!("read_file"));
        assert_eq!(asked.body["tools"][0]["strict"], json!(false));

        let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
        let input = body["input"].as_array().unwrap();
        assert_eq!(
            input[1..],
            [
                thought(),
                call(),
                json!({"type": "function_call_output", "call_id": "call_a", "output": "fn main() {}"}),
            ]
        );
    }
}

#[tokio::test]
async fn model_that_does_not_think_is_asked_without_its_thoughts() {
    let refusal = json!({"error": {"message": "Encrypted content is not supported with this model.", "param": "include"}});
    let (replies, asked) = ask_all(&[exploring()], vec![whole(400, &refusal), fine()]).await;
    assert!(replies[0].is_ok());
    assert_eq!(asked[1].body.get("include"), None);
}

#[tokio::test]
async fn refusal_in_words_is_told() {
    let refusal = json!([{"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}]);
    let told = ask(&turn(), whole(200, &response(&refusal))).await.0;
    assert_eq!(told, Err(ModelError::Refused));
}

#[tokio::test]
async fn failure_at_the_end_of_a_stream_is_told_apart() {
    for (code, expected) in [
        ("server_error", ModelError::unavailable("status 503")),
        ("invalid_prompt", ModelError::Refused),
        ("context_length_exceeded", ModelError::TooLong),
    ] {
        let mut failed = response(&json!([]));
        failed["status"] = json!("failed");
        failed["error"] = json!({"code": code, "message": "SECRET"});
        let events = events(&[json!({"type": "response.failed", "response": failed})]);
        assert_eq!(ask(&turn(), events).await.0, Err(expected), "{code}");
    }
    let plain = json!({"type": "error", "code": "rate_limit_exceeded", "message": "SECRET", "param": null, "sequence_number": 3});
    let told = ask(&turn(), events(&[plain])).await.0.unwrap_err();
    assert!(matches!(told, ModelError::RateLimited { .. }), "{told:?}");
}

mod at_openai {
    use std::sync::Arc;

    use super::*;
    use crate::model::tests::{Server, settings};
    use crate::model::{Means, Model, open};

    /// A model at OpenAI's own address, which leads to `server`.
    fn opened(server: &Server) -> Arc<dyn Model> {
        let port: u16 = server.address.rsplit(':').next().unwrap().parse().unwrap();
        let client = reqwest::Client::builder()
            .no_proxy()
            .resolve("api.openai.com", ([127, 0, 0, 1], port).into())
            .build()
            .unwrap();
        let base_url = format!("http://api.openai.com:{port}/v1");
        let means = Means {
            client,
            random: || 0.5,
            section: "model",
        };
        let settings = settings(ModelProvider::OpenAi, &base_url);
        open(&settings, means).unwrap().unwrap()
    }

    async fn paths(answers: Vec<Canned>, questions: usize) -> (Vec<String>, bool) {
        let server = Server::start(answers).await;
        let model = opened(&server);
        let mut fine = true;
        for _ in 0..questions {
            fine &= model.reply(&turn()).await.is_ok();
        }
        let asked = server.asked();
        (
            asked
                .iter()
                .map(|asked| asked.uri.path().to_owned())
                .collect(),
            fine,
        )
    }

    fn chat() -> Canned {
        whole(
            200,
            &json!({"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}]}),
        )
    }

    #[tokio::test]
    async fn responses_are_spoken() {
        assert_eq!(
            paths(vec![fine()], 1).await,
            (vec!["/v1/responses".to_owned()], true)
        );
    }

    #[tokio::test]
    async fn chat_is_spoken_from_then_on_where_there_are_no_responses() {
        let missing = whole(
            404,
            &json!({"error": {"message": "Invalid URL (POST /v1/responses)"}}),
        );
        let (paths, fine) = paths(vec![missing, chat(), chat()], 2).await;
        let chat = "/v1/chat/completions";
        assert_eq!(
            (paths, fine),
            (
                vec!["/v1/responses".to_owned(), chat.to_owned(), chat.to_owned()],
                true
            )
        );
    }

    #[tokio::test]
    async fn model_that_does_not_exist_is_not_looked_for_elsewhere() {
        let missing = whole(
            404,
            &json!({"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}),
        );
        let (paths, fine) = paths(vec![missing], 1).await;
        assert_eq!((paths.len(), fine), (1, false));
    }
}
