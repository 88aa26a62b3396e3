use serde_json::{Value, json};

use crate::config::{ModelProvider, ModelSettings};
use crate::model::tests::{
    Asked, Canned, KEY, SCHEMA, TOOLS, converse, events, next_turn, turn, whole,
};
use crate::model::{Message, ModelError, Reply, Turn};

async fn ask(turn: &Turn, canned: Canned) -> (Result<Reply, ModelError>, Asked) {
    let turns = std::slice::from_ref(turn);
    let (mut replies, mut asked) =
        converse(ModelProvider::Gemini, |_| {}, turns, vec![canned]).await;
    (replies.remove(0), asked.remove(0))
}

fn document(parts: &Value, finish: &str) -> Value {
    json!({
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish}],
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 1},
    })
}

fn fine() -> Canned {
    whole(200, &document(&json!([{"text": "{}"}]), "STOP"))
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
    let path = "/v1beta/models/model-x:streamGenerateContent?alt=sse";
    assert_eq!(asked.uri.to_string(), path);
    assert_eq!(asked.headers["x-goog-api-key"], KEY);
    assert_eq!(
        asked.body,
        json!({
            "systemInstruction": {"parts": [{"text": "rules"}]},
            "contents": [{"role": "user", "parts": [{"text": "material"}]}],
            "generationConfig": {
                "maxOutputTokens": 500,
                "responseMimeType": "application/json",
                "responseJsonSchema": serde_json::from_str::<Value>(SCHEMA.json).unwrap(),
            },
        })
    );
}

#[tokio::test]
async fn name_of_a_model_cannot_leave_its_place_in_the_address() {
    for (name, path) in [
        (
            "models/gemini-x",
            "/v1beta/models/gemini-x:streamGenerateContent",
        ),
        (
            "tunedModels/mine",
            "/v1beta/tunedModels/mine:streamGenerateContent",
        ),
        (
            "a?b#c/../d",
            "/v1beta/a%3Fb%23c/..%2Fd:streamGenerateContent",
        ),
    ] {
        let server = crate::model::tests::Server::start(vec![fine()]).await;
        let settings = ModelSettings {
            name: name.to_owned(),
            ..crate::model::tests::settings(ModelProvider::Gemini, &server.address)
        };
        let model = crate::model::tests::opened_with(&settings);
        model.reply(&turn()).await.unwrap();
        assert_eq!(server.asked()[0].uri.path(), path);
    }
}

#[tokio::test]
async fn effort_is_sent_when_it_is_set_and_left_out_when_it_is_refused() {
    let set = |settings: &mut ModelSettings| {
        settings.reasoning_effort = Some("low".to_owned());
    };
    let refusal = json!({"error": {"code": 400, "message": "Thinking level is not supported for this model.", "status": "INVALID_ARGUMENT"}});
    let answers = vec![whole(400, &refusal), fine()];
    let (replies, asked) = converse(ModelProvider::Gemini, set, &[turn()], answers).await;
    assert!(replies[0].is_ok());
    let thinking: Vec<_> = (asked.iter())
        .map(|asked| {
            asked
                .body
                .pointer("/generationConfig/thinkingConfig/thinkingLevel")
        })
        .collect();
    assert_eq!(thinking, [Some(&json!("low")), None]);
}

#[tokio::test]
async fn calls_are_told_and_signatures_go_back_unaltered() {
    let parts = json!([
        {"text": "Let me look.", "thought": true},
        {"text": "I read ", "thoughtSignature": "c2ln"},
        {"text": "it."},
        {"functionCall": {"name": "read_file", "args": {"path": "a.rs"}}, "thoughtSignature": "c2lnMg=="},
    ]);
    let piece =
        |part: &Value| json!({"candidates": [{"content": {"role": "model", "parts": [part]}}]});
    let mut pieces: Vec<_> = parts.as_array().unwrap().iter().map(piece).collect();
    pieces.push(document(&json!([]), "STOP"));
    for canned in [whole(200, &document(&parts, "STOP")), events(&pieces)] {
        let (reply, asked) = ask(&exploring(), canned).await;
        let reply = reply.unwrap();
        assert_eq!(reply.text, "I read it.");
        let call = &reply.calls[0];
        assert_eq!(
            (call.name.as_str(), call.arguments.as_str()),
            ("read_file", "{\"path\":\"a.rs\"}")
        );
        let declaration = &asked.body["tools"][0]["functionDeclarations"][0];
        assert_eq!(declaration["name"], json!("read_file"));
        assert_eq!(declaration["parametersJsonSchema"]["type"], json!("object"));

        let body = ask(&next_turn(&exploring(), &reply), fine()).await.1.body;
        assert_eq!(
            body["contents"][1],
            json!({"role": "model", "parts": parts})
        );
        // The call had no id, so that its result has none.
        assert_eq!(
            body["contents"][2],
            json!({"role": "user", "parts": [{"functionResponse": {
                "name": "read_file", "response": {"output": "fn main() {}"},
            }}]})
        );
    }
}

#[tokio::test]
async fn id_of_a_call_is_repeated_with_its_result() {
    let parts = json!([{"functionCall": {"id": "fc_7", "name": "read_file", "args": {}}}]);
    let reply = ask(&exploring(), whole(200, &document(&parts, "STOP")))
        .await
        .0
        .unwrap();
    let mut next = next_turn(&exploring(), &reply);
    if let Some(Message::Results(results)) = next.messages.last_mut() {
        results[0].is_error = true;
    }
    let body = ask(&next, fine()).await.1.body;
    assert_eq!(
        body["contents"][2]["parts"][0]["functionResponse"],
        json!({"id": "fc_7", "name": "read_file", "response": {"error": "fn main() {}"}})
    );
}

#[tokio::test]
async fn every_kind_of_refusal_is_told() {
    for finish in [
        "SAFETY",
        "PROHIBITED_CONTENT",
        "RECITATION",
        "BLOCKLIST",
        "SPII",
    ] {
        let canned = whole(200, &document(&json!([{"text": "half"}]), finish));
        assert_eq!(
            ask(&turn(), canned).await.0,
            Err(ModelError::Refused),
            "{finish}"
        );
    }
    let blocked =
        json!({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}});
    for canned in [whole(200, &blocked), events(&[blocked])] {
        assert_eq!(ask(&turn(), canned).await.0, Err(ModelError::Refused));
    }
}

#[tokio::test]
async fn call_that_the_model_garbled_is_unusable() {
    let canned = whole(200, &document(&json!([]), "MALFORMED_FUNCTION_CALL"));
    let told = ask(&exploring(), canned).await.0.unwrap_err();
    assert_eq!(told, ModelError::unusable("a call that cannot be read"));
}

#[tokio::test]
async fn unknown_reason_to_stop_leaves_what_was_said() {
    let canned = whole(200, &document(&json!([{"text": "{}"}]), "FUNCTION_CALL"));
    assert_eq!(ask(&turn(), canned).await.0.unwrap().text, "{}");
}

#[tokio::test]
async fn stream_as_a_list_is_understood() {
    let pieces = json!([
        {"candidates": [{"content": {"parts": [{"text": "{"}]}}]},
        document(&json!([{"text": "}"}]), "STOP"),
    ]);
    assert_eq!(
        ask(&turn(), whole(200, &pieces)).await.0.unwrap().text,
        "{}"
    );
}
