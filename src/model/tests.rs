use std::convert::Infallible;
use std::sync::Mutex;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri};
use futures_util::stream;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::*;

const KEY: &str = "sk-test-0123456789";

/// What the server is to answer: status, headers, body.
struct Canned {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: CannedBody,
}

enum CannedBody {
    Whole(String),
    /// Breaks off after this.
    Cut(String),
    /// Never ends.
    Endless,
    /// Never begins.
    Silent,
}

/// What the server was asked.
struct Asked {
    uri: Uri,
    headers: HeaderMap,
    body: Value,
}

#[derive(Default)]
struct Script {
    answers: Mutex<Vec<Canned>>,
    asked: Mutex<Vec<Asked>>,
}

struct Server {
    address: String,
    script: Arc<Script>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(script): State<Arc<Script>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let body = serde_json::from_slice(&body).unwrap();
    script
        .asked
        .lock()
        .unwrap()
        .push(Asked { uri, headers, body });
    let canned = {
        let mut answers = script.answers.lock().unwrap();
        assert!(!answers.is_empty(), "asked more often than expected");
        answers.remove(0)
    };
    let mut response = Response::builder().status(canned.status);
    for (name, value) in canned.headers {
        response = response.header(name, value);
    }
    let body = match canned.body {
        CannedBody::Whole(text) => Body::from(text),
        CannedBody::Cut(text) => Body::from_stream(stream::iter([
            Ok(Bytes::from(text)),
            Err(std::io::Error::other("cut")),
        ])),
        CannedBody::Endless => Body::from_stream(stream::repeat_with(|| {
            Ok::<_, Infallible>(Bytes::from(vec![b' '; 64 * 1024]))
        })),
        CannedBody::Silent => std::future::pending().await,
    };
    response.body(body).unwrap()
}

impl Server {
    async fn start(answers: Vec<Canned>) -> Self {
        let script = Arc::new(Script {
            answers: Mutex::new(answers),
            ..Script::default()
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            address,
            script,
            task,
        }
    }

    /// What was asked; everything must have been answered.
    fn asked(&self) -> Vec<Asked> {
        assert!(
            self.script.answers.lock().unwrap().is_empty(),
            "unused answers"
        );
        std::mem::take(&mut self.script.asked.lock().unwrap())
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

fn settings(provider: ModelProvider, base_url: &str) -> ModelSettings {
    ModelSettings {
        provider,
        base_url: (!base_url.is_empty()).then(|| Url::parse(base_url).unwrap()),
        name: "model-x".to_owned(),
        api_key: Some(SecretString::from(KEY)),
        max_output_tokens: 8_000,
        timeout: Duration::from_secs(20),
    }
}

fn opened(provider: ModelProvider, base_url: &str) -> Arc<dyn Model> {
    open(&settings(provider, base_url), client())
        .unwrap()
        .unwrap()
}

const SCHEMA: Schema = Schema {
    name: "plan",
    json: r#"{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}}"#,
};

fn turn() -> Turn {
    Turn {
        system: "rules".to_owned(),
        messages: vec![Message::user("material".to_owned())],
        tools: &[],
        schema: Some(SCHEMA),
        max_output_tokens: 500,
    }
}

fn whole(status: u16, body: &Value) -> Canned {
    Canned {
        status,
        headers: vec![("content-type", "application/json")],
        body: CannedBody::Whole(body.to_string()),
    }
}

fn chat(message: &Value, finish: &str) -> Canned {
    whole(
        200,
        &json!({
            "id": "x", "object": "chat.completion", "created": 1, "model": "model-x-2026",
            "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": null}],
            "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150},
        }),
    )
}

fn message(content: &Value, stop: &str) -> Canned {
    whole(
        200,
        &json!({
            "id": "x", "type": "message", "role": "assistant", "model": "model-x",
            "content": content, "stop_reason": stop, "stop_sequence": null,
            "usage": {
                "input_tokens": 20, "cache_creation_input_tokens": 60,
                "cache_read_input_tokens": 40, "output_tokens": 30,
            },
        }),
    )
}

/// Asks a server that gives these answers.
async fn ask(
    provider: ModelProvider,
    answers: Vec<Canned>,
) -> (Result<Reply, ModelError>, Vec<Asked>) {
    let server = Server::start(answers).await;
    let reply = opened(provider, &server.address).reply(&turn()).await;
    (reply, server.asked())
}

async fn error(provider: ModelProvider, canned: Canned) -> String {
    let (reply, _) = ask(provider, vec![canned]).await;
    let error = reply.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(KEY) && !shown.contains("127.0.0.1"),
        "{shown}"
    );
    format!("{error:?}")
}

const BOTH: [ModelProvider; 2] = [ModelProvider::OpenAi, ModelProvider::Anthropic];

fn reply() -> Reply {
    Reply {
        text: "{\"b\":\"1\"}".to_owned(),
        truncated: false,
        usage: Usage {
            input_tokens: 120,
            output_tokens: 30,
            ..Usage::default()
        },
        ..Reply::default()
    }
}

#[tokio::test]
async fn openai_is_asked_and_understood() {
    let spoken = json!({"role": "assistant", "content": "{\"b\":\"1\"}", "refusal": null});
    let (answer, asked) = ask(ModelProvider::OpenAi, vec![chat(&spoken, "stop")]).await;
    assert_eq!(answer.unwrap(), reply());
    let asked = &asked[0];
    assert_eq!(asked.uri.path(), "/chat/completions");
    assert_eq!(asked.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(
        asked.body,
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
        })
    );
}

#[tokio::test]
async fn anthropic_is_asked_and_understood() {
    let content = json!([
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "text", "text": "{\"b\":"},
        {"type": "text", "text": "\"1\"}"},
    ]);
    let (answer, asked) = ask(
        ModelProvider::Anthropic,
        vec![message(&content, "end_turn")],
    )
    .await;
    let mut expected = reply();
    expected.usage.cached_tokens = 40;
    assert_eq!(answer.unwrap(), expected);
    let asked = &asked[0];
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
        })
    );
}

#[tokio::test]
async fn turn_without_a_schema_sends_none() {
    let spoken = json!({"content": "x"});
    let content = json!([{"type": "text", "text": "x"}]);
    for (provider, canned, key) in [
        (
            ModelProvider::OpenAi,
            chat(&spoken, "stop"),
            "response_format",
        ),
        (
            ModelProvider::Anthropic,
            message(&content, "end_turn"),
            "output_config",
        ),
    ] {
        let server = Server::start(vec![canned]).await;
        let turn = Turn {
            schema: None,
            ..turn()
        };
        opened(provider, &server.address)
            .reply(&turn)
            .await
            .unwrap();
        assert_eq!(server.asked()[0].body.get(key), None);
    }
}

#[tokio::test]
async fn version_in_the_address_of_anthropic_is_taken_once() {
    let content = json!([{"type": "text", "text": "x"}]);
    let server = Server::start(vec![message(&content, "end_turn")]).await;
    let model = opened(ModelProvider::Anthropic, &format!("{}/v1/", server.address));
    model.reply(&turn()).await.unwrap();
    assert_eq!(server.asked()[0].uri.path(), "/v1/messages");
}

#[tokio::test]
async fn local_server_needs_no_key() {
    let server = Server::start(vec![chat(&json!({"content": "x"}), "stop")]).await;
    let settings = ModelSettings {
        api_key: None,
        ..settings(ModelProvider::OpenAi, &server.address)
    };
    let model = open(&settings, client()).unwrap().unwrap();
    model.reply(&turn()).await.unwrap();
    assert_eq!(server.asked()[0].headers.get("authorization"), None);
}

#[tokio::test]
async fn older_server_is_told_the_limit_by_its_older_name_and_that_is_remembered() {
    let refusal = json!({"error": {
        "message": "Unrecognized request argument supplied: max_completion_tokens",
        "type": "invalid_request_error", "param": null, "code": null,
    }});
    let fine = || chat(&json!({"content": "x"}), "stop");
    let server = Server::start(vec![whole(400, &refusal), fine(), fine()]).await;
    let model = opened(ModelProvider::OpenAi, &server.address);
    model.reply(&turn()).await.unwrap();
    model.reply(&turn()).await.unwrap();
    let limits: Vec<_> = (server.asked().iter())
        .map(|asked| {
            (
                asked.body.get("max_completion_tokens").cloned(),
                asked.body.get("max_tokens").cloned(),
            )
        })
        .collect();
    let (new, old) = ((Some(json!(500)), None), (None, Some(json!(500))));
    assert_eq!(limits, [new, old.clone(), old]);
}

#[tokio::test]
async fn truncation_is_told() {
    let (answer, _) = ask(
        ModelProvider::OpenAi,
        vec![chat(&json!({"content": "{\"a"}), "length")],
    )
    .await;
    assert!(answer.unwrap().truncated);
    let content = json!([{"type": "text", "text": "{\"a"}]);
    for stop in ["max_tokens", "model_context_window_exceeded"] {
        let (answer, _) = ask(ModelProvider::Anthropic, vec![message(&content, stop)]).await;
        assert!(answer.unwrap().truncated, "{stop}");
    }
}

#[tokio::test]
async fn refusal_is_told() {
    let refused = json!({"content": null, "refusal": "I must not."});
    for canned in [
        chat(&refused, "stop"),
        chat(&json!({"content": ""}), "content_filter"),
    ] {
        assert_eq!(error(ModelProvider::OpenAi, canned).await, "Refused");
    }
    assert_eq!(
        error(ModelProvider::Anthropic, message(&json!([]), "refusal")).await,
        "Refused"
    );
}

#[tokio::test]
async fn answer_without_words_is_unusable() {
    for canned in [
        chat(&json!({"content": null}), "stop"),
        chat(&json!({"content": ""}), "stop"),
        whole(200, &json!({"choices": []})),
        whole(200, &json!({"nonsense": true})),
    ] {
        assert!(
            error(ModelProvider::OpenAi, canned)
                .await
                .starts_with("Unusable")
        );
    }
    for canned in [message(&json!([]), "end_turn"), whole(200, &json!([1]))] {
        assert!(
            error(ModelProvider::Anthropic, canned)
                .await
                .starts_with("Unusable")
        );
    }
}

#[tokio::test]
async fn statuses_are_told_apart() {
    let body = json!({"error": {"message": "SECRET of the provider", "type": "x", "code": 7}});
    for provider in BOTH {
        for (status, expected) in [
            (400, "Denied { status: 400 }"),
            (401, "Denied { status: 401 }"),
            (402, "Denied { status: 402 }"),
            (403, "Denied { status: 403 }"),
            (404, "Denied { status: 404 }"),
            (302, "Denied { status: 302 }"),
            (413, "TooLong"),
            (429, "RateLimited { retry_after: 60s }"),
            (408, "Unavailable { why: \"status 408\" }"),
            (500, "Unavailable { why: \"status 500\" }"),
            (503, "Unavailable { why: \"status 503\" }"),
            (529, "Unavailable { why: \"status 529\" }"),
        ] {
            let told = error(provider, whole(status, &body)).await;
            assert_eq!(told, expected);
            assert!(!told.contains("SECRET"));
        }
    }
}

#[tokio::test]
async fn refused_schema_is_told_in_whatever_words() {
    for (status, body) in [
        (
            400,
            json!({"error": {"message": "Invalid schema for response_format 'plan'", "code": "invalid"}}),
        ),
        (
            400,
            json!({"error": {"message": "The compiled grammar is too large"}}),
        ),
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "output_config.format: unsupported"}}),
        ),
        (422, json!({"detail": "json_schema is not supported"})),
        (501, json!("not implemented")),
    ] {
        for provider in BOTH {
            assert_eq!(
                error(provider, whole(status, &body)).await,
                "SchemaRejected",
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn schema_is_not_to_blame_when_none_was_sent() {
    let body = json!({"error": {"message": "schema"}});
    let server = Server::start(vec![whole(400, &body)]).await;
    let turn = Turn {
        schema: None,
        ..turn()
    };
    let error = opened(ModelProvider::OpenAi, &server.address)
        .reply(&turn)
        .await
        .unwrap_err();
    assert!(matches!(error, ModelError::Denied { status: 400 }));
}

#[tokio::test]
async fn long_context_is_told_with_text_and_number_codes() {
    for body in [
        json!({"error": {"message": "too big", "code": "context_length_exceeded"}}),
        json!({"error": {"message": "This model's maximum context length is 8192 tokens", "code": 400}}),
        json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}),
    ] {
        for provider in BOTH {
            assert_eq!(
                error(provider, whole(400, &body)).await,
                "TooLong",
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn spent_account_is_no_rate_limit() {
    let body = json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
    assert_eq!(
        error(ModelProvider::OpenAi, whole(429, &body)).await,
        "Denied { status: 429 }"
    );
}

#[tokio::test]
async fn waiting_time_is_read_in_seconds_and_as_a_date() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (headers, seconds) in [
        (vec![("retry-after", "17")], 17),
        (vec![("retry-after", "0.2")], 1),
        (
            vec![
                ("date", date),
                ("retry-after", "Sun, 06 Nov 1994 08:51:07 GMT"),
            ],
            90,
        ),
        (
            vec![
                ("date", date),
                ("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT"),
            ],
            1,
        ),
        (vec![("retry-after", "soon")], 60),
        (vec![("retry-after", "-5")], 60),
        (vec![("retry-after", "9999999999")], 86_400),
        (vec![], 60),
    ] {
        let canned = Canned {
            status: 429,
            headers: headers.clone(),
            body: CannedBody::Whole("{\"error\":{\"code\":\"429\"}}".to_owned()),
        };
        let told = error(ModelProvider::OpenAi, canned).await;
        assert_eq!(
            told,
            format!("RateLimited {{ retry_after: {seconds}s }}"),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn cut_answer_is_an_outage() {
    let start = "{\"choices\": [{\"message\": {\"content\": \"half".to_owned();
    for provider in BOTH {
        let canned = Canned {
            status: 200,
            headers: Vec::new(),
            body: CannedBody::Cut(start.clone()),
        };
        let told = error(provider, canned).await;
        assert!(told.starts_with("Unavailable"), "{told}");
    }
}

#[tokio::test]
async fn endless_answer_is_cut_by_us() {
    for status in [200, 500] {
        let canned = Canned {
            status,
            headers: Vec::new(),
            body: CannedBody::Endless,
        };
        let told = error(ModelProvider::OpenAi, canned).await;
        assert_eq!(told, "Unusable { why: \"more than 2097152 bytes\" }");
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let canned = Canned {
        status: 200,
        headers: Vec::new(),
        body: CannedBody::Silent,
    };
    let server = Server::start(vec![canned]).await;
    let settings = ModelSettings {
        timeout: Duration::from_secs(1),
        ..settings(ModelProvider::OpenAi, &server.address)
    };
    let model = open(&settings, client()).unwrap().unwrap();
    let told = format!("{:?}", model.reply(&turn()).await.unwrap_err());
    assert_eq!(
        told,
        "Unavailable { why: \"no complete answer within 1s\" }"
    );
}

#[tokio::test]
async fn nobody_at_home_is_an_outage() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = opened(ModelProvider::OpenAi, &address)
        .reply(&turn())
        .await
        .unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "Unavailable { why: \"no connection\" }"
    );
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let elsewhere = Server::start(Vec::new()).await;
    let location: &'static str = Box::leak(elsewhere.address.clone().into_boxed_str());
    let canned = Canned {
        status: StatusCode::TEMPORARY_REDIRECT.as_u16(),
        headers: vec![("location", location)],
        body: CannedBody::Whole(String::new()),
    };
    assert_eq!(
        error(ModelProvider::OpenAi, canned).await,
        "Denied { status: 307 }"
    );
    assert!(elsewhere.asked().is_empty());
}

fn setup_error(settings: &ModelSettings) -> String {
    match open(settings, client()) {
        Ok(_) => panic!("opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn no_provider_is_no_model() {
    assert!(
        open(&settings(ModelProvider::None, ""), client())
            .unwrap()
            .is_none()
    );
}

#[test]
fn settings_that_cannot_work_are_told_with_a_hint() {
    let openai = || settings(ModelProvider::OpenAi, "");
    let with_key = |key: Option<&str>| ModelSettings {
        api_key: key.map(SecretString::from),
        ..openai()
    };
    let all = [
        setup_error(&ModelSettings {
            name: " ".to_owned(),
            ..openai()
        }),
        setup_error(&with_key(None)),
        setup_error(&with_key(Some("line\nbreak"))),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    `model.name` is empty
    hint: set it to the model's name at the provider
    `model.api_key` is empty
    hint: set it, or `PLANWRIGHT_MODEL__API_KEY`
    `model.api_key` holds characters that no key has
    hint: look for line breaks in it
    ");
}

#[test]
fn address_has_no_user_query_or_fragment() {
    for address in [
        "ftp://api.example",
        "https://user:word@api.example",
        "https://api.example/?key=1",
        "https://api.example/#x",
        "file:///etc/passwd",
    ] {
        let told = setup_error(&settings(ModelProvider::OpenAi, address));
        assert!(
            told.starts_with("`model.base_url` is not an address"),
            "{address}"
        );
    }
}

#[test]
fn key_is_not_shown() {
    let endpoint = endpoint(
        &settings(ModelProvider::OpenAi, ""),
        client(),
        "https://x.example",
    )
    .unwrap();
    let model = openai::OpenAi::new(endpoint).unwrap();
    let shown = format!("{model:?}");
    assert!(shown.contains("model-x") && !shown.contains(KEY), "{shown}");
}
