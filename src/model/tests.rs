use std::convert::Infallible;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri};
use futures_util::{StreamExt, stream};
use proptest::prop_assert;
use proptest::proptest;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::limits::{estimate_turn, fewest_tokens, find_window, is_cut};
use super::*;
use crate::config::{self, ModelApi, ModelProvider, ModelSettings, SchemaSupport, ToolSupport};

pub(in crate::model) const KEY: &str = "sk-test-0123456789";

/// What the server is to answer: status, headers, body.
pub(in crate::model) struct Canned {
    pub(in crate::model) status: u16,
    pub(in crate::model) headers: Vec<(&'static str, &'static str)>,
    pub(in crate::model) body: CannedBody,
}

pub(in crate::model) enum CannedBody {
    Whole(String),
    /// In these pieces.
    Pieces(Vec<String>),
    /// Pauses for ever after this.
    Stuck(String),
    /// Breaks off after this.
    Cut(String),
    /// Never ends.
    Endless,
    /// Never begins.
    Silent,
}

/// What the server was asked.
pub(in crate::model) struct Asked {
    pub(in crate::model) uri: Uri,
    pub(in crate::model) headers: HeaderMap,
    pub(in crate::model) body: Value,
}

#[derive(Default)]
struct Script {
    answers: Mutex<Vec<Canned>>,
    asked: Mutex<Vec<Asked>>,
}

pub(in crate::model) struct Server {
    pub(in crate::model) address: String,
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
        CannedBody::Pieces(pieces) => Body::from_stream(stream::iter(
            pieces
                .into_iter()
                .map(|piece| Ok::<_, Infallible>(Bytes::from(piece))),
        )),
        CannedBody::Stuck(text) => Body::from_stream(
            stream::iter([Ok::<_, Infallible>(Bytes::from(text))]).chain(stream::pending()),
        ),
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
    pub(in crate::model) async fn start(answers: Vec<Canned>) -> Self {
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
    pub(in crate::model) fn asked(&self) -> Vec<Asked> {
        assert!(
            self.script.answers.lock().unwrap().is_empty(),
            "unused answers"
        );
        std::mem::take(&mut self.script.asked.lock().unwrap())
    }
}

/// One for all tests, because making one reads the system's certificates.
fn client() -> reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap()
    });
    CLIENT.clone()
}

pub(in crate::model) fn settings(provider: ModelProvider, base_url: &str) -> ModelSettings {
    let defaults = config::load_from(None, []).unwrap().settings.model;
    ModelSettings {
        provider,
        base_url: (!base_url.is_empty()).then(|| Url::parse(base_url).unwrap()),
        name: "model-x".to_owned(),
        api_key: Some(SecretString::from(KEY)),
        timeout: Duration::from_secs(20),
        ..defaults
    }
}

fn means() -> Means {
    Means {
        client: client(),
        random: || 0.5,
        section: "model",
    }
}

pub(in crate::model) fn opened_with(settings: &ModelSettings) -> Arc<dyn Model> {
    open(settings, means()).unwrap().unwrap()
}

pub(in crate::model) const SCHEMA: Schema = Schema {
    name: "plan",
    json: r#"{"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}}"#,
};

pub(in crate::model) static TOOLS: [Tool; 1] = [Tool {
    name: "read_file",
    description: "Reads a file.",
    arguments: r#"{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}"#,
}];

pub(in crate::model) fn turn() -> Turn {
    Turn {
        system: "rules".to_owned(),
        messages: vec![Message::user("material".to_owned())],
        tools: &[],
        schema: Some(SCHEMA),
        max_output_tokens: 500,
    }
}

/// The turn that goes on after `reply` with the result of its first call.
pub(in crate::model) fn next_turn(before: &Turn, reply: &Reply) -> Turn {
    let call = &reply.calls[0];
    let result = ToolResult {
        id: call.id.clone(),
        name: call.name.clone(),
        text: "fn main() {}".to_owned(),
        is_error: false,
    };
    let mut turn = before.clone();
    turn.messages.push(Message::Model(reply.verbatim.clone()));
    turn.messages.push(Message::Results(vec![result]));
    turn
}

pub(in crate::model) fn whole(status: u16, body: &Value) -> Canned {
    Canned {
        status,
        headers: vec![("content-type", "application/json")],
        body: CannedBody::Whole(body.to_string()),
    }
}

/// Server-sent events, named as Anthropic and OpenAI name them.
pub(in crate::model) fn events(documents: &[Value]) -> Canned {
    Canned {
        status: 200,
        headers: vec![("content-type", "text/event-stream; charset=utf-8")],
        body: CannedBody::Whole(sse(documents)),
    }
}

fn sse(documents: &[Value]) -> String {
    let event = |document: &Value| match document.get("type").and_then(Value::as_str) {
        Some(name) => format!("event: {name}\ndata: {document}\n\n"),
        None => format!("data: {document}\n\n"),
    };
    documents.iter().map(event).collect()
}

pub(in crate::model) fn lines(documents: &[Value]) -> Canned {
    let lines = documents.iter().map(|document| format!("{document}\n"));
    Canned {
        status: 200,
        headers: vec![("content-type", "application/x-ndjson")],
        body: CannedBody::Whole(lines.collect()),
    }
}

/// What one request to `settings`' model gives, with what the server was asked.
pub(in crate::model) async fn converse(
    provider: ModelProvider,
    change: fn(&mut ModelSettings),
    turns: &[Turn],
    answers: Vec<Canned>,
) -> (Vec<Result<Reply, ModelError>>, Vec<Asked>) {
    let server = Server::start(answers).await;
    let mut settings = settings(provider, &server.address);
    // Ollama is asked for its window where nobody says it.
    settings.context_tokens = Some(32_768);
    change(&mut settings);
    let model = opened_with(&settings);
    let mut replies = Vec::new();
    for turn in turns {
        replies.push(model.reply(turn).await);
    }
    (replies, server.asked())
}

/// One format in its simplest form.
#[derive(Clone, Copy)]
struct Sample {
    provider: ModelProvider,
    api: ModelApi,
    /// An answer in pieces that says this, stopped for this reason.
    streamed: fn(&str, &str) -> Canned,
    /// The same in one document.
    whole: fn(&str, &str) -> Value,
    /// Reasons to stop: done, cut at the limit, refused.
    reasons: [&'static str; 3],
    /// Where the schema is in a request.
    schema_at: &'static str,
}

fn halves(text: &str) -> (&str, &str) {
    text.split_at(text.len() / 2)
}

const SAMPLES: [Sample; 5] = [
    Sample {
        provider: ModelProvider::Anthropic,
        api: ModelApi::Auto,
        streamed: |text, reason| {
            let (first, second) = halves(text);
            events(&[
                json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": "m", "stop_reason": null, "usage": {"input_tokens": 20, "cache_creation_input_tokens": 60, "cache_read_input_tokens": 40, "output_tokens": 1}}}),
                json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
                json!({"type": "ping"}),
                json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": first}}),
                json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": second}}),
                json!({"type": "content_block_stop", "index": 0}),
                json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null}, "usage": {"output_tokens": 30}}),
                json!({"type": "message_stop"}),
            ])
        },
        whole: |text, reason| {
            json!({
                "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
                "content": [{"type": "text", "text": text}], "stop_reason": reason, "stop_sequence": null,
                "usage": {"input_tokens": 20, "cache_creation_input_tokens": 60, "cache_read_input_tokens": 40, "output_tokens": 30},
            })
        },
        reasons: ["end_turn", "max_tokens", "refusal"],
        schema_at: "/output_config/format/schema",
    },
    Sample {
        provider: ModelProvider::OpenAi,
        api: ModelApi::Chat,
        streamed: |text, reason| {
            let (first, second) = halves(text);
            let piece = |delta: Value, reason: Value| json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": null}], "usage": null});
            let Canned {
                headers,
                body: CannedBody::Whole(body),
                ..
            } = events(&[
                piece(
                    json!({"role": "assistant", "content": "", "refusal": null}),
                    Value::Null,
                ),
                piece(json!({"content": first}), Value::Null),
                piece(json!({"content": second}), Value::Null),
                piece(json!({}), json!(reason)),
                json!({"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 40}}}),
            ])
            else {
                unreachable!()
            };
            Canned {
                status: 200,
                headers,
                body: CannedBody::Whole(format!("{body}data: [DONE]\n\n")),
            }
        },
        whole: |text, reason| {
            json!({
                "id": "c", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text, "refusal": null}, "finish_reason": reason, "logprobs": null}],
                "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150, "prompt_tokens_details": {"cached_tokens": 40}},
            })
        },
        reasons: ["stop", "length", "content_filter"],
        schema_at: "/response_format/json_schema/schema",
    },
    Sample {
        provider: ModelProvider::OpenAi,
        api: ModelApi::Responses,
        streamed: |text, reason| {
            let (first, second) = halves(text);
            let response = (SAMPLES[2].whole)(text, reason);
            let item = response["output"][0].clone();
            let last = if reason == "completed" {
                "response.completed"
            } else {
                "response.incomplete"
            };
            events(&[
                json!({"type": "response.created", "sequence_number": 0, "response": {"id": "resp_1", "object": "response", "status": "in_progress", "output": []}}),
                json!({"type": "response.output_item.added", "output_index": 0, "item": {"id": "msg_1", "type": "message", "status": "in_progress", "role": "assistant", "content": []}}),
                json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": first}),
                json!({"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": second}),
                json!({"type": "response.output_item.done", "output_index": 0, "item": item}),
                json!({"type": last, "response": response}),
            ])
        },
        whole: |text, reason| {
            let (status, details) = match reason {
                "completed" => ("completed", Value::Null),
                reason => ("incomplete", json!({"reason": reason})),
            };
            json!({
                "id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": status,
                "error": null, "incomplete_details": details,
                "output": [{"id": "msg_1", "type": "message", "role": "assistant", "status": status,
                    "content": [{"type": "output_text", "text": text, "annotations": []}]}],
                "usage": {"input_tokens": 120, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 30, "total_tokens": 150},
            })
        },
        reasons: ["completed", "max_output_tokens", "content_filter"],
        schema_at: "/text/format/schema",
    },
    Sample {
        provider: ModelProvider::Gemini,
        api: ModelApi::Auto,
        streamed: |text, reason| {
            let (first, second) = halves(text);
            let mut last = (SAMPLES[3].whole)(second, reason);
            last["responseId"] = json!("r");
            events(&[
                json!({"candidates": [{"content": {"role": "model", "parts": [{"text": first}]}, "index": 0}], "usageMetadata": {"promptTokenCount": 120, "totalTokenCount": 120}, "modelVersion": "m"}),
                last,
            ])
        },
        whole: |text, reason| {
            json!({
                "candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": reason, "index": 0}],
                "usageMetadata": {"promptTokenCount": 120, "cachedContentTokenCount": 40, "candidatesTokenCount": 10, "thoughtsTokenCount": 20, "totalTokenCount": 150},
                "modelVersion": "m",
            })
        },
        reasons: ["STOP", "MAX_TOKENS", "SAFETY"],
        schema_at: "/generationConfig/responseJsonSchema",
    },
    Sample {
        provider: ModelProvider::Ollama,
        api: ModelApi::Auto,
        streamed: |text, reason| {
            let (first, second) = halves(text);
            let mut last = (SAMPLES[4].whole)("", reason);
            last["total_duration"] = json!(5);
            lines(&[
                json!({"model": "m", "created_at": "t", "message": {"role": "assistant", "content": first}, "done": false}),
                json!({"model": "m", "created_at": "t", "message": {"role": "assistant", "content": second}, "done": false}),
                last,
            ])
        },
        whole: |text, reason| {
            json!({
                "model": "m", "created_at": "t", "message": {"role": "assistant", "content": text},
                "done": true, "done_reason": reason, "prompt_eval_count": 120, "eval_count": 30,
            })
        },
        reasons: ["stop", "length", ""],
        schema_at: "/format",
    },
];

impl Sample {
    fn settings(&self, base_url: &str) -> ModelSettings {
        ModelSettings {
            api: self.api,
            context_tokens: Some(32_768),
            ..settings(self.provider, base_url)
        }
    }

    async fn ask(&self, answers: Vec<Canned>) -> (Result<Reply, ModelError>, Vec<Asked>) {
        let server = Server::start(answers).await;
        let model = opened_with(&self.settings(&server.address));
        let reply = model.reply(&turn()).await;
        (reply, server.asked())
    }

    /// An error, which must tell neither the key nor the address nor the provider's words.
    async fn error(&self, canned: Canned) -> ModelError {
        let error = self.ask(vec![canned]).await.0.unwrap_err();
        let shown = format!("{error} {error:?}");
        for hidden in [KEY, "127.0.0.1", "SECRET"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
        error
    }

    fn fine(&self, text: &str) -> Canned {
        (self.streamed)(text, self.reasons[0])
    }

    /// The bytes of a complete stream, with the kind of its body.
    fn stream(&self) -> (Vec<u8>, &'static str) {
        let canned = self.fine(TEXT);
        let CannedBody::Whole(body) = canned.body else {
            unreachable!()
        };
        (body.into_bytes(), canned.headers[0].1)
    }
}

const TEXT: &str = "{\"b\":\"ü1\"}";

fn told(sample: &Sample, reply: &Reply) -> (String, bool, Usage, String) {
    let mut usage = reply.usage;
    // Ollama does not tell what it had kept.
    if sample.provider == ModelProvider::Ollama {
        assert_eq!(std::mem::replace(&mut usage.cached_tokens, 40), 0);
    }
    (
        reply.text.clone(),
        reply.truncated,
        usage,
        reply.model.clone(),
    )
}

fn expected() -> (String, bool, Usage, String) {
    let usage = Usage {
        input_tokens: 120,
        cached_tokens: 40,
        output_tokens: 30,
    };
    (TEXT.to_owned(), false, usage, "model-x".to_owned())
}

#[tokio::test]
async fn answers_in_pieces_and_whole_ones_say_the_same() {
    for sample in SAMPLES {
        let document = (sample.whole)(TEXT, sample.reasons[0]);
        for canned in [sample.fine(TEXT), whole(200, &document)] {
            let reply = sample.ask(vec![canned]).await.0.unwrap();
            assert_eq!(told(&sample, &reply), expected(), "{}", sample.schema_at);
        }
    }
}

#[tokio::test]
async fn stream_that_is_labelled_as_something_else_is_understood() {
    for sample in SAMPLES {
        for label in ["application/json", "text/plain"] {
            let mut canned = sample.fine(TEXT);
            canned.headers = vec![("content-type", label)];
            let reply = sample.ask(vec![canned]).await.0.unwrap();
            assert_eq!(told(&sample, &reply), expected(), "{}", sample.schema_at);
        }
    }
}

#[tokio::test]
async fn stream_that_is_asked_for_and_comes_as_one_event_is_understood() {
    for sample in SAMPLES {
        let document = (sample.whole)(TEXT, sample.reasons[0]);
        let reply = sample.ask(vec![events(&[document])]).await.0.unwrap();
        assert_eq!(told(&sample, &reply), expected(), "{}", sample.schema_at);
    }
}

mod reading {
    use reqwest::{Body, Response};

    use super::super::exchange::Exchange;
    use super::super::failure::Asked;
    use super::super::wire::{Assembled, Assembly};
    use super::*;

    fn assembly(sample: &Sample) -> Box<dyn Assembly> {
        let asked = Asked::default();
        match (sample.provider, sample.api) {
            (ModelProvider::Anthropic, _) => Box::new(anthropic::answer::Gathering::new(asked)),
            (ModelProvider::Gemini, _) => Box::new(gemini::answer::Gathering::new(asked)),
            (ModelProvider::Ollama, _) => Box::new(ollama::answer::Gathering::new(asked)),
            (_, ModelApi::Responses) => Box::new(responses::answer::Gathering::new(asked)),
            _ => Box::new(chat::answer::Gathering::new(asked)),
        }
    }

    /// What is read from a body in these pieces.
    async fn read(sample: &Sample, kind: &str, pieces: &[&[u8]]) -> Result<Assembled, ModelError> {
        let exchange = Exchange {
            client: client(),
            random: || 0.5,
            is_near: true,
            idle_timeout: Duration::from_secs(5),
        };
        let pieces: Vec<_> = (pieces.iter())
            .map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece)))
            .collect();
        let response = Response::builder_of(kind, Body::wrap_stream(stream::iter(pieces)));
        exchange.read(response, assembly(sample), 500).await
    }

    trait BuilderOf {
        fn builder_of(kind: &str, body: Body) -> Self;
    }

    impl BuilderOf for Response {
        fn builder_of(kind: &str, body: Body) -> Self {
            let response = axum::http::Response::builder().header("content-type", kind);
            Self::from(response.body(body).unwrap())
        }
    }

    #[tokio::test]
    async fn stream_may_be_cut_into_pieces_anywhere() {
        for sample in SAMPLES {
            let (body, kind) = sample.stream();
            let at_once = read(&sample, kind, &[&body]).await.unwrap();
            assert_eq!(at_once.text, TEXT);
            for cut in 1..body.len() {
                let (first, second) = body.split_at(cut);
                let in_two = read(&sample, kind, &[first, second]).await.unwrap();
                assert_eq!(in_two, at_once, "cut at {cut}");
            }
        }
    }

    #[tokio::test]
    async fn stream_that_ends_early_is_cut_and_never_an_answer() {
        for sample in SAMPLES {
            let (body, kind) = sample.stream();
            let at_once = read(&sample, kind, &[&body]).await.unwrap();
            for end in 0..body.len() {
                match read(&sample, kind, &[&body[..end]]).await {
                    Err(error) => assert_eq!(error, ModelError::cut(), "{end}"),
                    // Only what comes after the words may be missing.
                    Ok(assembled) => assert_eq!(assembled.text, at_once.text, "{end}"),
                }
            }
        }
    }

    #[tokio::test]
    async fn hostile_documents_are_survived() {
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        let hostile = [
            "null",
            "0",
            "\"x\"",
            "[]",
            "[[]]",
            "{}",
            "true",
            deep.as_str(),
            "{\"choices\":7}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":18446744073709551615}]}}]}",
            "{\"choices\":[{\"delta\":{\"content\":{\"a\":[]}}}]}",
            "{\"choices\":[{\"delta\":[]}]}",
            "{\"type\":\"content_block_delta\",\"index\":-1,\"delta\":{}}",
            "{\"type\":\"content_block_delta\",\"index\":9,\"delta\":{\"type\":\"text_delta\"}}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":null}",
            "{\"type\":\"response.completed\"}",
            "{\"type\":\"response.completed\",\"response\":{\"output\":{}}}",
            "{\"type\":\"response.output_item.done\"}",
            "{\"candidates\":[{\"content\":{\"parts\":[null]}}]}",
            "{\"candidates\":{\"content\":{\"parts\":[{}]}}}",
            "{\"message\":[],\"done\":true}",
            "{\"message\":{\"tool_calls\":[3]},\"done\":true}",
        ];
        let framings = hostile.map(|document| {
            [
                ("application/json", document.to_owned()),
                ("application/x-ndjson", document.to_owned()),
                ("text/event-stream", format!("data: {document}\n\n")),
            ]
        });
        for sample in SAMPLES {
            for (kind, body) in framings.iter().flatten() {
                let read = read(&sample, kind, &[body.as_bytes()]).await;
                // Whatever it is, it says nothing.
                let text = read.map(|assembled| assembled.text).unwrap_or_default();
                assert_eq!(text, "", "{body:.80}");
            }
        }
    }

    #[tokio::test]
    async fn bytes_that_are_no_text_are_no_answer() {
        for sample in SAMPLES {
            for kind in [
                "application/json",
                "text/event-stream",
                "application/x-ndjson",
            ] {
                let read = read(&sample, kind, &[b"data: {\"a\":\"\xff\xfe\"}\n\n"]).await;
                assert!(matches!(read, Err(ModelError::Unusable { .. })), "{read:?}");
            }
        }
    }

    #[tokio::test]
    async fn ten_megabytes_are_refused_at_the_cap() {
        let text = "x".repeat(10_000_000);
        for sample in SAMPLES {
            let Canned {
                body: CannedBody::Whole(body),
                headers,
                ..
            } = sample.fine(&text)
            else {
                unreachable!()
            };
            let document = (sample.whole)(&text, sample.reasons[0]).to_string();
            for (kind, body) in [(headers[0].1, body), ("application/json", document)] {
                let pieces: Vec<&[u8]> = body.as_bytes().chunks(100_000).collect();
                assert_eq!(
                    read(&sample, kind, &pieces).await,
                    Err(ModelError::unusable("more than 2097152 bytes")),
                    "{kind}"
                );
            }
        }
    }

    #[tokio::test]
    async fn endless_comments_are_refused_at_the_cap() {
        let comment = b": ping\n\n".repeat(10_000);
        let pieces: Vec<&[u8]> = std::iter::repeat_n(comment.as_slice(), 100).collect();
        for sample in SAMPLES.into_iter().take(4) {
            let read = read(&sample, "text/event-stream", &pieces).await;
            assert_eq!(read, Err(ModelError::unusable("more than 2097152 bytes")));
        }
    }
}

#[tokio::test]
async fn truncation_is_told() {
    for sample in SAMPLES {
        let document = (sample.whole)("{\"b", sample.reasons[1]);
        let streamed = (sample.streamed)("{\"b", sample.reasons[1]);
        for canned in [whole(200, &document), streamed] {
            let reply = sample.ask(vec![canned]).await.0.unwrap();
            assert!(
                reply.truncated && reply.text == "{\"b",
                "{}",
                sample.schema_at
            );
        }
    }
}

#[tokio::test]
async fn refusal_is_told() {
    for sample in SAMPLES
        .into_iter()
        .filter(|sample| !sample.reasons[2].is_empty())
    {
        let document = (sample.whole)("", sample.reasons[2]);
        let streamed = (sample.streamed)("No.", sample.reasons[2]);
        for canned in [whole(200, &document), streamed] {
            assert_eq!(
                sample.error(canned).await,
                ModelError::Refused,
                "{}",
                sample.schema_at
            );
        }
    }
}

#[tokio::test]
async fn answer_without_words_is_unusable() {
    for sample in SAMPLES {
        let empty = whole(200, &(sample.whole)("", sample.reasons[0]));
        let others = [json!([1]), json!({"nonsense": true}), json!("text")];
        let others = others.iter().map(|document| whole(200, document));
        for canned in others.chain([empty]) {
            let error = sample.error(canned).await;
            assert!(matches!(error, ModelError::Unusable { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn statuses_are_told_apart() {
    let body = json!({"error": {"message": "SECRET of the provider", "type": "x", "code": 7}});
    for sample in SAMPLES {
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
            let told = sample.error(whole(status, &body)).await;
            assert_eq!(format!("{told:?}"), expected);
        }
    }
}

#[tokio::test]
async fn errors_within_a_stream_are_told_apart() {
    let cases = [
        (
            json!({"type": "overloaded_error", "message": "SECRET"}),
            "Unavailable { why: \"status 503\" }",
        ),
        (
            json!({"code": 529, "message": "SECRET"}),
            "Unavailable { why: \"status 529\" }",
        ),
        (
            json!({"code": "rate_limit_exceeded", "message": "SECRET"}),
            "RateLimited { retry_after: 60s }",
        ),
        (
            json!({"code": "429", "message": "SECRET"}),
            "RateLimited { retry_after: 60s }",
        ),
        (
            json!({"type": "authentication_error"}),
            "Denied { status: 401 }",
        ),
        (
            json!({"type": "invalid_request_error", "code": "context_length_exceeded"}),
            "TooLong",
        ),
        (
            json!({"code": "insufficient_quota"}),
            "Denied { status: 429 }",
        ),
    ];
    for sample in SAMPLES {
        for (error, expected) in &cases {
            let document = match sample.provider {
                ModelProvider::Anthropic => json!({"type": "error", "error": error}),
                _ => json!({"error": error}),
            };
            for canned in [
                events(std::slice::from_ref(&document)),
                whole(200, &document),
            ] {
                let told = sample.error(canned).await;
                assert_eq!(
                    format!("{told:?}"),
                    *expected,
                    "{error} {}",
                    sample.schema_at
                );
            }
        }
    }
}

#[tokio::test]
async fn long_context_is_told_in_whatever_words() {
    for body in [
        json!({"error": {"message": "too big", "code": "context_length_exceeded"}}),
        json!({"error": {"message": "This model's maximum context length is 8192 tokens", "code": 400}}),
        json!({"error": {"message": "'max_completion_tokens' is too large: This model's maximum context length is 8192 tokens"}}),
        json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"}}),
        json!({"error": {"code": 400, "message": "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", "status": "INVALID_ARGUMENT"}}),
        json!({"error": {"code": 400, "message": "the request exceeds the available context size. try increasing the context size", "type": "exceed_context_size_error"}}),
    ] {
        for sample in SAMPLES {
            assert_eq!(
                sample.error(whole(400, &body)).await,
                ModelError::TooLong,
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn spent_account_is_no_rate_limit() {
    let sample = SAMPLES[1];
    let spent = json!({"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}});
    assert_eq!(
        sample.error(whole(429, &spent)).await,
        ModelError::Denied { status: 429 }
    );
    // Gemini speaks of billing whenever a limit is reached.
    let limited = json!({"error": {
        "code": 429, "status": "RESOURCE_EXHAUSTED",
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "details": [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "33.2s"},
        ],
    }});
    assert_eq!(
        SAMPLES[3].error(whole(429, &limited)).await,
        ModelError::RateLimited {
            retry_after: Duration::from_secs(34)
        }
    );
}

#[tokio::test]
async fn filter_before_the_model_is_a_refusal() {
    let body = json!({"error": {"code": "content_filter", "message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", "status": 400}});
    assert_eq!(
        SAMPLES[1].error(whole(400, &body)).await,
        ModelError::Refused
    );
}

#[tokio::test]
async fn waiting_time_is_read_in_every_form() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (headers, seconds) in [
        (vec![("retry-after", "17")], 17),
        (vec![("retry-after", "0.2")], 1),
        (vec![("retry-after-ms", "2500"), ("retry-after", "9")], 3),
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
        let expected = ModelError::RateLimited {
            retry_after: Duration::from_secs(seconds),
        };
        assert_eq!(SAMPLES[1].error(canned).await, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn cut_answer_is_an_outage() {
    for sample in SAMPLES {
        let (body, kind) = sample.stream();
        let half = String::from_utf8_lossy(&body[..body.len() / 2]).into_owned();
        let whole = (sample.whole)(TEXT, sample.reasons[0]).to_string();
        let start = whole.chars().take(30).collect();
        for (kind, start) in [(kind, half), ("application/json", start)] {
            let canned = Canned {
                status: 200,
                headers: vec![("content-type", kind)],
                body: CannedBody::Cut(start),
            };
            let told = sample.error(canned).await;
            assert!(matches!(told, ModelError::Unavailable { .. }), "{told:?}");
        }
    }
}

#[tokio::test]
async fn endless_error_is_told_by_its_status() {
    let canned = Canned {
        status: 500,
        headers: Vec::new(),
        body: CannedBody::Endless,
    };
    let told = SAMPLES[1].error(canned).await;
    assert_eq!(told, ModelError::unavailable("status 500"));
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
    let told = opened_with(&settings).reply(&turn()).await.unwrap_err();
    assert_eq!(
        told,
        ModelError::unavailable("no complete answer within 1s")
    );
}

#[tokio::test]
async fn pause_within_an_answer_ends_before_the_deadline() {
    for sample in SAMPLES {
        let (body, kind) = sample.stream();
        let half = String::from_utf8_lossy(&body[..body.len() / 2]).into_owned();
        let canned = Canned {
            status: 200,
            headers: vec![("content-type", kind)],
            body: CannedBody::Stuck(half),
        };
        let server = Server::start(vec![canned]).await;
        let settings = ModelSettings {
            idle_timeout: Duration::from_secs(1),
            ..sample.settings(&server.address)
        };
        let told = opened_with(&settings).reply(&turn()).await.unwrap_err();
        assert_eq!(told, ModelError::unavailable("nothing came for 1s"));
    }
}

#[tokio::test]
async fn answer_is_complete_when_its_end_was_seen_though_the_connection_stays_open() {
    for sample in SAMPLES
        .into_iter()
        .filter(|sample| sample.provider != ModelProvider::Gemini)
    {
        let (body, kind) = sample.stream();
        let canned = Canned {
            status: 200,
            headers: vec![("content-type", kind)],
            body: CannedBody::Stuck(String::from_utf8(body).unwrap()),
        };
        let reply = sample.ask(vec![canned]).await.0.unwrap();
        assert_eq!(reply.text, TEXT);
    }
}

#[tokio::test]
async fn words_that_trickle_in_are_waited_for() {
    let sample = SAMPLES[1];
    let (body, kind) = sample.stream();
    let text = String::from_utf8(body).unwrap();
    let pieces = text.split_inclusive('\n').map(str::to_owned).collect();
    let canned = Canned {
        status: 200,
        headers: vec![("content-type", kind)],
        body: CannedBody::Pieces(pieces),
    };
    assert_eq!(sample.ask(vec![canned]).await.0.unwrap().text, TEXT);
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
        SAMPLES[1].error(canned).await,
        ModelError::Denied { status: 307 }
    );
    assert!(elsewhere.asked().is_empty());
}

mod connections {
    use super::*;

    /// An address on which nobody listens.
    fn closed() -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    }

    /// A model behind a name that leads to this machine, so that it counts as far away.
    fn far(port: u16) -> Arc<dyn Model> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .resolve("model.example", ([127, 0, 0, 1], port).into())
            .build()
            .unwrap();
        let settings = ModelSettings {
            timeout: Duration::from_secs(60),
            ..settings(
                ModelProvider::OpenAi,
                &format!("http://model.example:{port}"),
            )
        };
        open(&settings, Means { client, ..means() })
            .unwrap()
            .unwrap()
    }

    #[tokio::test]
    async fn nobody_at_home_nearby_is_an_outage_at_once() {
        let address = format!("http://127.0.0.1:{}", closed());
        let model = opened_with(&settings(ModelProvider::OpenAi, &address));
        let begun = Instant::now();
        let told = model.reply(&turn()).await.unwrap_err();
        assert_eq!(told, ModelError::unavailable("no connection"));
        assert!(begun.elapsed() < Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_at_home_far_away_is_tried_again_with_growing_pauses() {
        let begun = Instant::now();
        let told = far(closed()).reply(&turn()).await.unwrap_err();
        assert_eq!(told, ModelError::unavailable("no connection"));
        // Three quarters of 1, 4 and 16 seconds: the middle of the spread.
        assert_eq!(begun.elapsed().as_secs(), 15);
    }

    #[tokio::test]
    async fn failure_of_a_server_that_was_reached_is_not_tried_again() {
        let canned = whole(500, &json!({"error": {}}));
        let server = Server::start(vec![canned]).await;
        let port = Url::parse(&server.address).unwrap().port().unwrap();
        let told = far(port).reply(&turn()).await.unwrap_err();
        assert_eq!(told, ModelError::unavailable("status 500"));
        assert_eq!(server.asked().len(), 1);
    }
}

mod ladder {
    use super::*;

    fn refusal(words: &str) -> Canned {
        whole(
            400,
            &json!({"error": {"message": words, "type": "invalid_request_error"}}),
        )
    }

    /// The last text of ours in a request, wherever the format has it.
    fn asked_text(body: &Value) -> String {
        body.to_string()
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
            (
                400,
                json!({"error": {"message": "Invalid JSON payload received. Unknown name \"responseJsonSchema\""}}),
            ),
            (422, json!({"detail": "json_schema is not supported"})),
            (501, json!("not implemented")),
        ] {
            for sample in SAMPLES {
                let told = sample.error(whole(status, &body)).await;
                assert_eq!(told, ModelError::SchemaRejected, "{body}");
            }
        }
    }

    #[tokio::test]
    async fn schema_is_not_to_blame_when_none_was_sent() {
        let server = Server::start(vec![refusal("schema")]).await;
        let turn = Turn {
            schema: None,
            ..turn()
        };
        let model = opened_with(&SAMPLES[1].settings(&server.address));
        assert_eq!(
            model.reply(&turn).await,
            Err(ModelError::Denied { status: 400 })
        );
    }

    #[tokio::test]
    async fn each_refusal_leads_one_rung_down_until_the_prompt_alone_holds() {
        for sample in SAMPLES {
            let answers = vec![
                refusal("this schema is too complex"),
                refusal("tools are not supported"),
                refusal("unsupported response_format"),
                sample.fine(TEXT),
                sample.fine(TEXT),
            ];
            let has_json = sample.provider != ModelProvider::Anthropic;
            let skipped = usize::from(!has_json);
            let answers: Vec<_> = (answers.into_iter().enumerate())
                .filter(|(i, _)| has_json || *i != 2)
                .map(|(_, answer)| answer)
                .collect();
            let server = Server::start(answers).await;
            let model = opened_with(&sample.settings(&server.address));
            let mut rungs = Vec::new();
            for _ in 0..3 - skipped {
                rungs.push(model.schema_support());
                assert_eq!(model.reply(&turn()).await, Err(ModelError::SchemaRejected));
            }
            rungs.push(model.schema_support());
            assert_eq!(model.reply(&turn()).await.unwrap().text, TEXT);
            assert_eq!(model.reply(&turn()).await.unwrap().text, TEXT);
            let all = [Rung::Native, Rung::Tool, Rung::Json, Rung::Prompt];
            let expected: Vec<_> = all
                .into_iter()
                .filter(|rung| has_json || *rung != Rung::Json)
                .collect();
            assert_eq!(rungs, expected);

            let asked = server.asked();
            let schema: Value = serde_json::from_str(SCHEMA.json).unwrap();
            let native: Vec<_> = asked
                .iter()
                .map(|asked| asked.body.pointer(sample.schema_at) == Some(&schema))
                .collect();
            assert!(native[0] && !native[1..].contains(&true), "{native:?}");
            assert!(asked[1].body.get("tools").is_some());
            let last = asked_text(&asked.last().unwrap().body);
            assert!(last.contains("valid under this JSON Schema"), "{last}");
            assert!(asked.last().unwrap().body.get("tools").is_none());
        }
    }

    #[tokio::test]
    async fn schema_in_the_prompt_stands_at_the_end_of_our_last_part() {
        let server = Server::start(vec![SAMPLES[1].fine(TEXT)]).await;
        let settings = ModelSettings {
            schema: SchemaSupport::Json,
            ..SAMPLES[1].settings(&server.address)
        };
        opened_with(&settings).reply(&turn()).await.unwrap();
        let body = &server.asked()[0].body;
        insta::assert_snapshot!(body["messages"][1]["content"].as_str().unwrap(), @r#"
        material

        The answer is one JSON document, with no text before or after it, that is valid under this JSON Schema:
        {"type":"object","properties":{"b":{"type":"string"},"a":{"type":"string"}}}
        "#);
        assert_eq!(body["response_format"], json!({"type": "json_object"}));
    }

    #[tokio::test]
    async fn answer_in_a_tool_is_text_like_any_other_and_no_call() {
        let call = json!({"role": "assistant", "content": null, "tool_calls": [
            {"id": "call_a", "type": "function", "function": {"name": "plan", "arguments": TEXT}},
        ]});
        let mut document = (SAMPLES[1].whole)("", "tool_calls");
        document["choices"][0]["message"] = call;
        let server = Server::start(vec![whole(200, &document)]).await;
        let settings = ModelSettings {
            schema: SchemaSupport::Tool,
            ..SAMPLES[1].settings(&server.address)
        };
        let reply = opened_with(&settings).reply(&turn()).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.calls.len()), (TEXT, 0));
        let body = &server.asked()[0].body;
        assert_eq!(body["tools"][0]["function"]["name"], json!("plan"));
        assert_eq!(body.get("tool_choice"), None);
    }

    #[tokio::test]
    async fn provider_that_ignores_the_schema_is_told_it_in_the_prompt_from_then_on() {
        for sample in SAMPLES {
            let answers = vec![sample.fine("I would rather talk."), sample.fine(TEXT)];
            let server = Server::start(answers).await;
            let model = opened_with(&sample.settings(&server.address));
            let reply = model.reply(&turn()).await.unwrap();
            assert_eq!(reply.text, "I would rather talk.");
            assert_eq!(model.schema_support(), Rung::Prompt);
            model.reply(&turn()).await.unwrap();
            let last = asked_text(&server.asked()[1].body);
            assert!(last.contains("valid under this JSON Schema"), "{last}");
        }
    }

    #[tokio::test]
    async fn answer_cut_at_its_limit_says_nothing_of_the_schema() {
        let server = Server::start(vec![(SAMPLES[1].streamed)("{\"b", "length")]).await;
        let model = opened_with(&SAMPLES[1].settings(&server.address));
        model.reply(&turn()).await.unwrap();
        assert_eq!(model.schema_support(), Rung::Native);
    }

    #[tokio::test(start_paused = true)]
    async fn rung_is_remembered_for_a_day() {
        let ladder = super::super::ladder::Ladder::new(SchemaSupport::Auto, false);
        assert!(ladder.refused(Rung::Native));
        tokio::time::advance(Duration::from_secs(24 * 3600 - 1)).await;
        assert_eq!(ladder.rung(), Rung::Tool);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(ladder.rung(), Rung::Native);
    }

    #[test]
    fn late_answers_lead_no_rung_up() {
        let ladder = super::super::ladder::Ladder::new(SchemaSupport::Auto, false);
        assert!(ladder.refused(Rung::Json));
        assert!(ladder.refused(Rung::Native));
        assert_eq!(ladder.rung(), Rung::Prompt);
        assert!(!ladder.refused(Rung::Prompt));
    }
}

mod limits_of_models {
    use super::*;

    fn long_turn() -> Turn {
        let code = "let answer = compute(left, right)?;\n".repeat(2_000);
        Turn {
            messages: vec![Message::user(code)],
            ..turn()
        }
    }

    /// A chat answer of a server that says it has read so many tokens.
    fn having_read(tokens: u64) -> Canned {
        let mut document = (SAMPLES[1].whole)(TEXT, "stop");
        document["usage"]["prompt_tokens"] = json!(tokens);
        whole(200, &document)
    }

    async fn reported(tokens: u64) -> Result<Reply, ModelError> {
        let server = Server::start(vec![having_read(tokens)]).await;
        let model = opened_with(&settings(ModelProvider::OpenAi, &server.address));
        model.reply(&long_turn()).await
    }

    #[tokio::test]
    async fn prompt_that_was_cut_without_a_word_is_told_with_what_to_do() {
        let told = reported(4_096).await.unwrap_err();
        insta::assert_snapshot!(told, @"
        the model's server read 4096 tokens of a prompt that has at least 10001
        hint: raise the server's context length, or set `model.context_tokens` to what it has
        ");
    }

    #[tokio::test]
    async fn counts_that_a_tokenizer_can_have_raise_no_alarm() {
        // Some servers count nothing, or only what they had not kept.
        for tokens in [0, 12, 1_000, 9_001, 22_000, 60_000] {
            assert_eq!(reported(tokens).await.unwrap().text, TEXT, "{tokens}");
        }
    }

    #[tokio::test]
    async fn question_beyond_the_window_is_not_asked() {
        for sample in SAMPLES {
            let server = Server::start(Vec::new()).await;
            let settings = ModelSettings {
                context_tokens: Some(8_192),
                ..sample.settings(&server.address)
            };
            let told = opened_with(&settings).reply(&long_turn()).await;
            assert_eq!(told, Err(ModelError::TooLong));
            assert!(server.asked().is_empty());
        }
    }

    #[tokio::test]
    async fn answer_gets_what_the_window_leaves() {
        let server = Server::start(vec![having_read(24_100)]).await;
        let settings = ModelSettings {
            context_tokens: Some(32_768),
            ..settings(ModelProvider::OpenAi, &server.address)
        };
        let turn = Turn {
            max_output_tokens: 16_000,
            ..long_turn()
        };
        opened_with(&settings).reply(&turn).await.unwrap();
        let room = u64::from(32_768_u32) - estimate_turn(&turn);
        assert_eq!(server.asked()[0].body["max_completion_tokens"], json!(room));
    }

    #[test]
    fn windows_of_well_known_models_are_known() {
        assert_eq!(find_window("claude-sonnet-5-5"), Some(200_000));
        assert_eq!(find_window("openai/gpt-5.6"), Some(128_000));
        assert_eq!(find_window("qwen3:8b"), None);
    }

    #[test]
    fn limits_are_told_before_the_first_question() {
        let settings = ModelSettings {
            name: "claude-x".to_owned(),
            ..settings(ModelProvider::Anthropic, "")
        };
        let limits = Limits {
            context_tokens: Some(200_000),
            max_output: Some(16_000),
            tools: true,
        };
        assert_eq!(opened_with(&settings).limits(), limits);
        let settings = ModelSettings {
            context_tokens: Some(8_000),
            tools: ToolSupport::Never,
            ..settings
        };
        let limits = Limits {
            context_tokens: Some(8_000),
            tools: false,
            ..limits
        };
        assert_eq!(opened_with(&settings).limits(), limits);
    }

    #[tokio::test]
    async fn refused_tools_are_remembered() {
        let body = json!({"error": "registry.example/library/x does not support tools"});
        let server = Server::start(vec![whole(400, &body)]).await;
        let model = opened_with(&SAMPLES[4].settings(&server.address));
        let turn = Turn {
            tools: &TOOLS,
            schema: None,
            ..turn()
        };
        assert_eq!(model.reply(&turn).await, Err(ModelError::ToolsRejected));
        assert!(!model.limits().tools);
    }

    #[test]
    fn tokens_are_estimated_by_kind() {
        let estimates = [TextKind::Code, TextKind::Json, TextKind::Prose]
            .map(|kind| estimate_tokens(3_600, kind));
        assert_eq!(estimates, [1_200, 1_385, 1_000]);
        assert_eq!(estimate_tokens(0, TextKind::Code), 0);
        assert_eq!(
            estimate_tokens(usize::MAX, TextKind::Json),
            u64::MAX.div_ceil(26)
        );
    }

    proptest! {
        #[test]
        fn least_and_estimated_tokens_never_contradict(text in "[a-z_(){};. \n]{0,400}") {
            let turn = Turn { messages: vec![Message::user(text)], ..turn() };
            let fewest = fewest_tokens(&turn);
            // A server whose tokenizer gives each byte or each run of letters a token is believed.
            prop_assert!(!is_cut(fewest, fewest));
            prop_assert!(!is_cut(u64::MAX, fewest));
        }
    }
}

mod pacing {
    use super::super::pace::Pace;
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    axum::http::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect()
    }

    /// How long a call waits after an answer with these headers.
    async fn waited(pairs: &[(&'static str, &str)]) -> Duration {
        let pace = Pace::default();
        pace.learn(&headers(pairs));
        let begun = Instant::now();
        pace.wait().await.unwrap();
        begun.elapsed()
    }

    /// The same for one bucket of requests, which is spent and filled again after `reset`.
    async fn waited_for(reset: &str) -> Duration {
        let remaining = ("x-ratelimit-remaining-requests", "0");
        waited(&[remaining, ("x-ratelimit-reset-requests", reset)]).await
    }

    #[tokio::test(start_paused = true)]
    async fn spent_bucket_delays_the_next_call_until_it_is_filled() {
        for (reset, milliseconds) in [("1.5s", 1_500), ("820ms", 820), ("7", 7_000), ("0s", 0)] {
            let waited = waited_for(reset).await;
            assert_eq!(waited, Duration::from_millis(milliseconds), "{reset}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_until_all_is_free_again() {
        // All of it is free only then, but some of it before.
        for reset in ["6m0s", "1h", "2d3h", "86400"] {
            assert_eq!(waited_for(reset).await, Duration::from_secs(20), "{reset}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nonsense_and_full_buckets_delay_nothing() {
        for reset in ["later", "-5", "", "1.s.2", "5x", "s", "1e400"] {
            assert_eq!(waited_for(reset).await, Duration::ZERO, "{reset}");
        }
        let left = ("x-ratelimit-remaining-tokens", "1");
        for pairs in [
            vec![left, ("x-ratelimit-reset-tokens", "9s")],
            vec![left],
            vec![],
        ] {
            assert_eq!(waited(&pairs).await, Duration::ZERO, "{pairs:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn time_of_the_reset_is_compared_with_the_time_of_the_answer() {
        for (reset, seconds) in [("2026-11-23T06:00:04Z", 4), ("2026-11-23T05:00:00Z", 0)] {
            let pairs = [
                ("date", "Mon, 23 Nov 2026 06:00:00 GMT"),
                ("anthropic-ratelimit-output-tokens-remaining", "0"),
                ("anthropic-ratelimit-output-tokens-reset", reset),
            ];
            assert_eq!(
                waited(&pairs).await,
                Duration::from_secs(seconds),
                "{reset}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pause_that_is_too_long_is_told_and_not_waited() {
        let pace = Pace::default();
        pace.hold(Duration::from_secs(90));
        let retry_after = Duration::from_secs(90);
        assert_eq!(
            pace.wait().await,
            Err(ModelError::RateLimited { retry_after })
        );
        tokio::time::advance(Duration::from_secs(80)).await;
        assert_eq!(pace.wait().await, Ok(()));
    }

    #[tokio::test]
    async fn model_that_asked_to_wait_is_left_alone_until_then() {
        let canned = Canned {
            status: 429,
            headers: vec![("retry-after", "300")],
            body: CannedBody::Whole("{}".to_owned()),
        };
        let server = Server::start(vec![canned]).await;
        let model = opened_with(&SAMPLES[1].settings(&server.address));
        for _ in 0..3 {
            let told = model.reply(&turn()).await.unwrap_err();
            assert!(
                matches!(told, ModelError::RateLimited { retry_after } if retry_after.as_secs() >= 299)
            );
        }
        assert_eq!(server.asked().len(), 1);
    }
}

mod prices {
    use super::*;

    async fn cost(change: fn(&mut ModelSettings)) -> Option<String> {
        let server = Server::start(vec![SAMPLES[1].fine(TEXT)]).await;
        let mut settings = SAMPLES[1].settings(&server.address);
        change(&mut settings);
        let reply = opened_with(&settings).reply(&turn()).await.unwrap();
        reply.cost.map(|cost| format!("{cost} {}", cost.micros))
    }

    #[tokio::test]
    async fn tokens_are_priced_fresh_kept_and_written() {
        // 80 fresh, 40 kept, 30 written.
        let cost = cost(|settings| {
            settings.price_input = Some(3_000_000);
            settings.price_cached = Some(300_000);
            settings.price_output = Some(15_000_000);
        });
        assert_eq!(cost.await.as_deref(), Some("0.0008 USD 702"));
    }

    #[tokio::test]
    async fn kept_tokens_without_a_price_cost_as_much_as_others() {
        let cost = cost(|settings| {
            settings.price_input = Some(1_000_000_000);
            settings.price_output = Some(0);
            settings.price_currency = "EUR".to_owned();
        });
        assert_eq!(cost.await.as_deref(), Some("0.1200 EUR 120000"));
    }

    #[tokio::test]
    async fn without_prices_nothing_is_said() {
        assert_eq!(cost(|_| {}).await, None);
    }

    #[tokio::test]
    async fn part_of_a_millionth_counts_whole() {
        let cost = cost(|settings| {
            settings.price_input = Some(1);
            settings.price_output = Some(1);
        });
        assert_eq!(cost.await.as_deref(), Some("0.0001 USD 1"));
    }
}

mod fallbacks {
    use super::*;

    async fn pair(first: Vec<Canned>, second: Vec<Canned>) -> (Arc<dyn Model>, [Server; 2]) {
        let servers = [Server::start(first).await, Server::start(second).await];
        let [first, second] = [0, 1].map(|i| {
            let sample = SAMPLES[[1, 0][i]];
            opened_with(&ModelSettings {
                name: ["first", "second"][i].to_owned(),
                max_output_tokens: [16_000, 300][i],
                context_tokens: Some([90_000, 50_000][i]),
                ..sample.settings(&servers[i].address)
            })
        });
        (with_fallback(first, second), servers)
    }

    fn status(status: u16) -> Canned {
        whole(status, &json!({"error": {}}))
    }

    #[tokio::test]
    async fn second_model_answers_when_the_first_cannot() {
        let refused = || (SAMPLES[1].streamed)("No.", "content_filter");
        for failure in [status(401), status(429), status(500), refused()] {
            let (model, servers) = pair(vec![failure], vec![SAMPLES[0].fine(TEXT)]).await;
            let reply = model.reply(&turn()).await.unwrap();
            assert_eq!(
                (reply.text.as_str(), reply.model.as_str()),
                (TEXT, "second")
            );
            let [first, second] = servers.map(|server| server.asked());
            assert_eq!((first.len(), second.len()), (1, 1));
            assert_eq!(second[0].body["max_tokens"], json!(300));
        }
    }

    #[tokio::test]
    async fn first_model_keeps_what_is_its_own() {
        let too_long = whole(413, &json!({}));
        let rejected = whole(400, &json!({"error": {"message": "bad schema"}}));
        let prose = whole(200, &json!({}));
        for (canned, expected) in [
            (too_long, ModelError::TooLong),
            (rejected, ModelError::SchemaRejected),
            (prose, ModelError::unusable("no choices")),
        ] {
            let (model, _servers) = pair(vec![canned], Vec::new()).await;
            assert_eq!(model.reply(&turn()).await, Err(expected));
        }
    }

    #[tokio::test]
    async fn of_two_failures_the_one_that_passes_is_told() {
        for (first, second, expected) in [
            (401, 503, ModelError::unavailable("status 503")),
            (503, 401, ModelError::unavailable("status 503")),
            (401, 403, ModelError::Denied { status: 401 }),
        ] {
            let (model, _servers) = pair(vec![status(first)], vec![status(second)]).await;
            assert_eq!(model.reply(&turn()).await, Err(expected));
        }
    }

    #[tokio::test]
    async fn conversation_changes_over_in_words_and_calls() {
        let mut document = (SAMPLES[1].whole)("I look.", "tool_calls");
        document["choices"][0]["message"]["tool_calls"] = json!([
            {"id": "call_a", "type": "function", "function": {"name": "read_file", "arguments": "{\"path\":\"a.rs\"}"}},
        ]);
        let (model, servers) = pair(
            vec![whole(200, &document), status(500)],
            vec![SAMPLES[0].fine(TEXT)],
        )
        .await;
        let before = Turn {
            tools: &TOOLS,
            schema: None,
            ..turn()
        };
        let reply = model.reply(&before).await.unwrap();
        model.reply(&next_turn(&before, &reply)).await.unwrap();
        let [_first, second] = servers.map(|server| server.asked());
        assert_eq!(
            second[0].body["messages"],
            json!([
                {"role": "user", "content": [{"type": "text", "text": "material"}]},
                {"role": "assistant", "content": [
                    {"type": "text", "text": "I look."},
                    {"type": "tool_use", "id": "call_a", "name": "read_file", "input": {"path": "a.rs"}},
                ]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "call_a", "content": "fn main() {}", "cache_control": {"type": "ephemeral"}},
                ]},
            ])
        );
    }

    #[tokio::test]
    async fn limits_are_what_both_take() {
        let (model, _servers) = pair(Vec::new(), Vec::new()).await;
        let limits = Limits {
            context_tokens: Some(50_000),
            max_output: Some(16_000),
            tools: true,
        };
        assert_eq!((model.name(), model.limits()), ("first", limits));
    }
}

fn setup_error(settings: &ModelSettings) -> String {
    match open(settings, means()) {
        Ok(_) => panic!("opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn no_provider_is_no_model() {
    let settings = settings(ModelProvider::None, "");
    assert!(open(&settings, means()).unwrap().is_none());
    assert_eq!(address(&settings), None);
}

#[test]
fn settings_that_cannot_work_are_told_with_a_hint() {
    let openai = || settings(ModelProvider::OpenAi, "");
    let with_key = |key: Option<&str>| ModelSettings {
        api_key: key.map(SecretString::from),
        ..openai()
    };
    let fallback = Means {
        section: "fallback_model",
        ..means()
    };
    let all = [
        setup_error(&ModelSettings {
            name: " ".to_owned(),
            ..openai()
        }),
        setup_error(&with_key(None)),
        setup_error(&with_key(Some("line\nbreak"))),
        open(&with_key(None), fallback).err().unwrap().to_string(),
    ];
    insta::assert_snapshot!(all.join("\n"), @r"
    `model.name` is empty
    hint: set it to the model's name at the provider
    `model.api_key` is empty
    hint: set it, or `PLANWRIGHT_MODEL__API_KEY`
    `model.api_key` holds characters that no key has
    hint: look for line breaks in it
    `fallback_model.api_key` is empty
    hint: set it, or `PLANWRIGHT_FALLBACK_MODEL__API_KEY`
    ");
}

#[test]
fn ollama_needs_no_key_and_no_address() {
    let settings = ModelSettings {
        api_key: None,
        ..settings(ModelProvider::Ollama, "")
    };
    assert_eq!(
        address(&settings).unwrap().as_str(),
        "http://127.0.0.1:11434/"
    );
    assert_eq!(opened_with(&settings).name(), "model-x");
}

#[test]
fn address_has_no_user_query_or_fragment() {
    for address in [
        "ftp://api.example",
        "https://user:word@api.example",
        "https://api.example/?key=1",
        "https://api.example/#x",
        "file:///etc/passwd",
        "http://169.254.169.254/v1",
    ] {
        let told = setup_error(&settings(ModelProvider::OpenAi, address));
        assert!(
            told.starts_with("`model.base_url` is not an address"),
            "{address}"
        );
    }
}

#[tokio::test]
async fn version_in_an_address_is_taken_once() {
    for (sample, written, path) in [
        (SAMPLES[0], "/v1/", "/v1/messages"),
        (SAMPLES[0], "/anthropic", "/anthropic/v1/messages"),
        (SAMPLES[1], "/v1", "/v1/chat/completions"),
        (SAMPLES[1], "/v1/", "/v1/chat/completions"),
        (
            SAMPLES[3],
            "/v1beta",
            "/v1beta/models/model-x:streamGenerateContent",
        ),
        (SAMPLES[4], "/v1", "/api/chat"),
        (SAMPLES[4], "/api/", "/api/chat"),
    ] {
        let server = Server::start(vec![sample.fine(TEXT)]).await;
        let model = opened_with(&sample.settings(&format!("{}{written}", server.address)));
        model.reply(&turn()).await.unwrap();
        assert_eq!(server.asked()[0].uri.path(), path);
    }
}

#[tokio::test]
async fn turn_without_a_schema_and_tools_sends_none() {
    for sample in SAMPLES {
        let server = Server::start(vec![sample.fine("x")]).await;
        let turn = Turn {
            schema: None,
            ..turn()
        };
        let model = opened_with(&sample.settings(&server.address));
        assert_eq!(model.reply(&turn).await.unwrap().text, "x");
        let body = &server.asked()[0].body;
        assert_eq!(body.pointer(sample.schema_at), None);
        assert_eq!(body.get("tools"), None);
        for unwanted in ["temperature", "tool_choice", "top_p", "toolConfig"] {
            assert!(!body.to_string().contains(unwanted), "{unwanted}");
        }
    }
}
