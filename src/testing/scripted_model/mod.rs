//! A model that says what a test wants, served over HTTP in the formats of all providers.

mod answer;
pub(crate) mod personalities;
mod wires;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::{Json, Router};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use url::Url;

use answer::Said;
pub(crate) use answer::{Answer, Call, Heard, Stage};
use wires::Wire;

/// Most pieces that a streamed answer comes in.
const PIECES: usize = 7;

/// What decides what a model says.
type Mind = Box<dyn FnMut(&Heard) -> Option<Answer> + Send>;

struct Script {
    mind: Mind,
    asked: Vec<Value>,
}

/// The model's server; it ends with the runtime of the test.
pub(crate) struct ScriptedModel {
    script: Arc<Mutex<Script>>,
    queued: Arc<Mutex<VecDeque<Answer>>>,
    address: Url,
}

impl ScriptedModel {
    /// Serves a model that gives `answers` in order, and errors afterwards.
    pub(crate) async fn start(answers: Vec<Answer>) -> Self {
        let queued = Arc::new(Mutex::new(VecDeque::from(answers)));
        let left = Arc::clone(&queued);
        Self::serve(Box::new(move |_| left.lock().unwrap().pop_front()), queued).await
    }

    /// Serves a model that answers whatever `mind` makes of a question, as often as it is asked.
    pub(crate) async fn with_mind(mut mind: impl FnMut(&Heard) -> Answer + Send + 'static) -> Self {
        let mind = Box::new(move |heard: &Heard| Some(mind(heard)));
        Self::serve(mind, Arc::default()).await
    }

    async fn serve(mind: Mind, queued: Arc<Mutex<VecDeque<Answer>>>) -> Self {
        let script = Arc::new(Mutex::new(Script {
            mind,
            asked: Vec::new(),
        }));
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            script,
            queued,
            address: Url::parse(&address).unwrap(),
        }
    }

    /// The base address of its API: OpenAI's and Anthropic's; the others' ends before the `/v1`.
    pub(crate) fn address(&self) -> &Url {
        &self.address
    }

    /// The address of the server.
    pub(crate) fn root(&self) -> Url {
        self.address.join("/").unwrap()
    }

    /// The bodies of all questions so far.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.script.lock().unwrap().asked.clone()
    }

    /// How many answers nobody has asked for.
    pub(crate) fn answers_left(&self) -> usize {
        self.queued.lock().unwrap().len()
    }
}

async fn answer(
    State(script): State<Arc<Mutex<Script>>>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if uri.path() == "/api/show" {
        return json_response(StatusCode::OK, wires::ollama::facts());
    }
    let Some(wire) = Wire::at(&method, uri.path()) else {
        return json_response(StatusCode::NOT_FOUND, json!({"error": "no such path"}));
    };
    let heard = Heard::of(wire.streams(uri.path(), &body), &body);
    let answer = {
        let mut script = script.lock().unwrap();
        script.asked.push(body);
        (script.mind)(&heard)
    };
    respond(wire, &heard, answer)
}

fn respond(wire: Wire, heard: &Heard, answer: Option<Answer>) -> Response {
    let said = match answer {
        None => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            return json_response(status, wire.error(status, "nothing left to say"));
        }
        Some(Answer::Fails(status)) => {
            return json_response(status, wire.error(status, "the request failed"));
        }
        Some(Answer::AsksToWait(status, seconds)) => {
            let mut response = json_response(status, wire.error(status, "too many requests"));
            let seconds = header::HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            return response;
        }
        Some(Answer::Rejects(message)) => {
            let status = StatusCode::BAD_REQUEST;
            return json_response(status, wire.error(status, &message));
        }
        Some(other) => Said::of(other, heard),
    };
    let (kind, bytes) = if heard.streams {
        (wire.stream_type(), wire.stream(&said, PIECES))
    } else {
        ("application/json", vec![wire.plain(&said).to_string()])
    };
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .body(said.delivery.body(bytes))
        .unwrap()
}

fn json_response(status: StatusCode, body: Value) -> Response {
    let mut response = axum::response::IntoResponse::into_response(Json(body));
    *response.status_mut() = status;
    response
}

/// How an answer reaches whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// Whole.
    Whole,
    /// The connection ends after so many bytes.
    Cut(usize),
    /// Nothing more comes after so many bytes, and the connection stays.
    Stalled(usize),
}

impl Delivery {
    fn body(self, pieces: Vec<String>) -> Body {
        let shorten = |limit: usize| {
            let mut all = pieces.concat().into_bytes();
            all.truncate(limit);
            Ok(Bytes::from(all))
        };
        match self {
            Self::Whole => {
                let pieces = pieces
                    .into_iter()
                    .map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece)));
                Body::from_stream(stream::iter(pieces))
            }
            Self::Cut(bytes) => {
                let broken = Err(std::io::Error::other("cut as the script says"));
                Body::from_stream(stream::iter([shorten(bytes), broken]))
            }
            Self::Stalled(bytes) => {
                Body::from_stream(stream::iter([shorten(bytes)]).chain(stream::pending()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
