//! No secret leaves the process, whatever an issue, a repository or a model holds.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::testing::canaries::{
    IN_FILE, IN_ISSUE, MODEL_KEY, PASSWORD, Seen, Traces, own_secrets, take_log,
};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, Story, use_model};

/// What the model's server answers with in every field of a plan.
#[derive(Clone, Copy)]
enum Says {
    /// Its whole prompt, as much of it as a field takes.
    Prompt,
    /// All secrets, as if it knew them.
    Secrets,
}

/// A model that remembers every byte it was sent.
async fn start_model(says: Says, seen: Seen) -> Url {
    let router = Router::new()
        .route("/v1/chat/completions", post(answer))
        .with_state((says, seen));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Url::parse(&address).unwrap()
}

async fn answer(State((says, seen)): State<(Says, Seen)>, body: Bytes) -> Response {
    seen.add(&body);
    let text = match says {
        Says::Prompt => String::from_utf8_lossy(&body).into_owned(),
        Says::Secrets => format!("Try again with {IN_FILE}, {MODEL_KEY} or {IN_ISSUE}"),
    };
    let text: String = text
        .chars()
        .rev()
        .take(600)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let piece = |delta: Value, reason: Value| {
        let choices = json!([{"index": 0, "delta": delta, "finish_reason": reason}]);
        json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "scripted", "choices": choices})
    };
    let said = json!({"role": "assistant", "content": plan(&text).to_string()});
    let pieces = [piece(said, Value::Null), piece(json!({}), json!("stop"))];
    let mut stream: String = pieces
        .iter()
        .map(|piece| format!("data: {piece}\n\n"))
        .collect();
    stream.push_str("data: [DONE]\n\n");
    ([("content-type", "text/event-stream")], stream).into_response()
}

/// A plan for [`upload_repository`] whose references are true and whose words are `text`.
fn plan(text: &str) -> Value {
    let quote = "pub fn send_file(item: &Item) -> Result<String, UploadError> {";
    json!({
        "understanding": {
            "restatement": text,
            "request_points": [{"id": "R1", "text": text, "kind": "behaviour"}],
            "assumptions": [{"id": "A1", "text": text, "if_wrong": text}],
            "open_questions": [{"id": "Q1", "question": text, "why": text, "default_taken": text}]
        },
        "findings": [{"statement": text, "evidence": []}],
        "decisions": [],
        "changes": [{
            "id": "C1", "op": "modify", "path": "src/upload.rs", "new_path": "",
            "anchors": [{"symbol": "send_file", "quote": quote, "line_hint": 0, "relation": "inside"}],
            "evidence": [], "what": text, "why": text,
            "interfaces": [], "data_structures": [], "imports": [],
            "config": [{"key": "password", "value": PASSWORD, "purpose": text}],
            "snippet": {"language": "", "code": ""}, "reuses": [], "why_new": "", "side_effects": [],
            "covers": ["R1"], "depends_on": []
        }],
        "steps": [{"id": "T1", "title": "Try a refused upload again", "detail": text, "changes": ["C1"]}],
        "dependencies": [],
        "risks": [
            {"category": "security", "risk": text, "mitigation": text, "changes": []},
            {"category": "performance", "risk": text, "mitigation": "", "changes": ["C1"]},
            {"category": "robustness", "risk": text, "mitigation": "", "changes": ["C1"]}
        ],
        "architecture_notes": [],
        "out_of_scope": [text]
    })
}

/// What the issue holds.
fn canaries() -> Vec<String> {
    vec![
        MODEL_KEY.to_owned(),
        MODEL_KEY.chars().rev().collect(),
        hex::encode(MODEL_KEY),
        STANDARD.encode(MODEL_KEY),
        IN_FILE.to_owned(),
        IN_ISSUE.to_owned(),
    ]
}

/// Parts of them, as the words of a search would be.
const PARTS: [&str; 4] = [
    "cAnArY7rT2vB5",
    "cAnArY-kT9v",
    "cAnArY2vB5nL8",
    "key=8c1f0e77",
];

fn repository() -> TestRepository {
    let repository = upload_repository();
    repository.commit(&[(
        "src/upload_settings.rs",
        &format!(
            "//! How uploads are sent: send_file and its retries.\n\n/// Uploads are sent with this.\n\
             pub const UPLOAD_TOKEN: &str = \"{IN_FILE}\";\n\n/// And this.\npub fn upload_password() -> &'static str {{\n    \
             let password = \"{PASSWORD}\";\n    password\n}}\n"
        ),
    )]);
    repository
}

/// What came of it.
struct Told {
    model: Vec<u8>,
    log: Vec<u8>,
    comment: String,
    leaks: Vec<(&'static str, String)>,
}

async fn tell(says: Says) -> Told {
    let model = Seen::default();
    let (log, _guard) = take_log();
    let address = start_model(says, model.clone()).await;
    let story = Story::begin_with(repository(), |settings| {
        use_model(settings, &address);
        settings.model.api_key = Some(SecretString::from(MODEL_KEY));
        settings.worker.max_attempts = 1;
    })
    .await;
    let body = format!(
        "`send_file` in `src/upload_settings.rs` fails with {}",
        canaries().join(", ")
    );
    let issue = story.open_issue(&format!("Uploads with {IN_ISSUE} fail"), &body);
    let words = format!("/plan mind {IN_FILE} and {MODEL_KEY}");
    story.comment(issue, MAINTAINER, &words);
    let comment = story.answer(issue).await.body;
    story.settle().await;
    let mut traces = Traces::default();
    traces.add_story(&story);
    let mut secrets = own_secrets(&story);
    story.end().await;
    traces.add("model", model.bytes());
    traces.add("log", log.bytes());
    secrets.extend([IN_FILE, IN_ISSUE, PASSWORD].map(str::to_owned));
    secrets.extend(PARTS.map(str::to_owned));
    Told {
        model: model.bytes(),
        log: log.bytes(),
        comment,
        leaks: traces.leaks(&secrets),
    }
}

#[tokio::test]
async fn model_that_echoes_its_prompt_was_told_no_secret() {
    let traces = tell(Says::Prompt).await;

    assert_eq!(traces.leaks, []);
    let prompt = String::from_utf8(traces.model).unwrap();
    for kind in [
        "own-secret",
        "github-token",
        "slack-token",
        "assigned-secret",
    ] {
        assert!(
            prompt.contains(&format!("[redacted:{kind}]")),
            "{kind}: {prompt}"
        );
    }
    assert!(!traces.log.is_empty());
}

#[tokio::test]
async fn secrets_that_a_model_knows_are_not_posted() {
    let traces = tell(Says::Secrets).await;

    assert_eq!(traces.leaks, []);
    assert!(
        traces.comment.starts_with("## Plan\n"),
        "{}",
        traces.comment,
    );
    assert!(
        traces.comment.contains("redacted:own-secret"),
        "{}",
        traces.comment
    );
}
