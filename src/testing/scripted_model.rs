//! A model that says what a test wants, served over HTTP in OpenAI's Chat format.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use url::Url;

/// One answer of the model.
pub(crate) enum Answer {
    /// It says this.
    Says(String),
    /// It answers with an error.
    Fails(StatusCode),
}

#[derive(Default)]
struct Script {
    answers: VecDeque<Answer>,
    asked: Vec<Value>,
}

/// The model's server; it ends with the runtime of the test.
pub(crate) struct ScriptedModel {
    script: Arc<Mutex<Script>>,
    address: Url,
}

impl ScriptedModel {
    /// Serves a model that gives `answers` in order, and errors afterwards.
    pub(crate) async fn start(answers: Vec<Answer>) -> Self {
        let script = Script {
            answers: answers.into(),
            asked: Vec::new(),
        };
        let script = Arc::new(Mutex::new(script));
        let router = Router::new()
            .route("/v1/chat/completions", post(answer))
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            script,
            address: Url::parse(&address).unwrap(),
        }
    }

    /// The base address of its API.
    pub(crate) fn address(&self) -> &Url {
        &self.address
    }

    /// The bodies of all requests so far.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.script.lock().unwrap().asked.clone()
    }

    /// How many answers nobody has asked for.
    pub(crate) fn answers_left(&self) -> usize {
        self.script.lock().unwrap().answers.len()
    }
}

async fn answer(State(script): State<Arc<Mutex<Script>>>, Json(body): Json<Value>) -> Response {
    let mut script = script.lock().unwrap();
    // About as many as a tokenizer would count: fewer would mean that the prompt was cut.
    let prompt_tokens = body.to_string().len() / 3;
    script.asked.push(body);
    match script.answers.pop_front() {
        Some(Answer::Says(text)) => Json(json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "model": "scripted",
            "choices": [{
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }],
            "usage": {"prompt_tokens": prompt_tokens, "completion_tokens": 340},
        }))
        .into_response(),
        Some(Answer::Fails(status)) => (status, Json(json!({"error": {}}))).into_response(),
        None => (StatusCode::INTERNAL_SERVER_ERROR, "nothing left to say").into_response(),
    }
}
