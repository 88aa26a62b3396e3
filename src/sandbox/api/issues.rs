//! Issues and their labels.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::call::{Call, READ_ISSUES, WRITE_ISSUES};
use crate::sandbox::api::pages::paged;
use crate::sandbox::api::{Context, parse};
use crate::sandbox::shapes::thread;
use crate::sandbox::world;
use crate::sandbox::world::IssueFate;
use crate::sandbox::world::issues::missing;

/// `GET /repos/{owner}/{repo}/issues`, newest first.
pub(crate) async fn list(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        let wanted = call.query("state").unwrap_or("open");
        let issues = state.issues.values().rev().filter(|issue| {
            let open = issue.closed_at.is_none();
            issue.fate == IssueFate::Present && (wanted == "all" || (wanted == "open") == open)
        });
        let items = issues.map(|issue| thread::issue(state, issue)).collect();
        Ok(paged(&call, &state.api_url(), items))
    })
}

#[derive(Debug, Deserialize)]
struct NewIssue {
    /// GitHub takes a number as well.
    title: Option<Value>,
    body: Option<String>,
    #[serde(default)]
    labels: Vec<LabelName>,
}

/// A label by its name, alone or as a field.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum LabelName {
    Plain(String),
    Field { name: String },
}

impl LabelName {
    fn as_str(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Field { name } => name,
        }
    }
}

/// `POST /repos/{owner}/{repo}/issues`
pub(crate) async fn create(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let new: NewIssue = parse(&body)?;
        let title = match new.title {
            Some(Value::String(title)) => title,
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(missing("Issue", "title").into()),
        };
        let body = new.body.unwrap_or_default();
        let number = state.open_issue(&actor, &title, &body, call.now)?;
        for label in &new.labels {
            // Labels of those who may not label are left out without a word, as on GitHub.
            let _labelled = state.add_label(&actor, number, label.as_str(), call.now);
        }
        answer_issue(state, number, StatusCode::CREATED)
    })
}

/// `GET /repos/{owner}/{repo}/issues/{issue_number}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        answer_issue(state, call.number("issue_number")?, StatusCode::OK)
    })
}

#[derive(Debug, Deserialize)]
struct Change {
    state: Option<String>,
}

/// `PATCH /repos/{owner}/{repo}/issues/{issue_number}`; only its state can be changed here.
pub(crate) async fn update(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let number = call.number("issue_number")?;
        state.issue(number)?;
        let change: Change = parse(&body)?;
        let open = match change.state.as_deref() {
            Some("open") => true,
            Some("closed") => false,
            _ => {
                return Err(Problem::unprocessable(
                    "Invalid request.\n\nThe sandbox changes nothing but the state of an issue.",
                ));
            }
        };
        state.set_open(&actor, number, open, call.now)?;
        answer_issue(state, number, StatusCode::OK)
    })
}

fn answer_issue(
    state: &world::State,
    number: u64,
    status: StatusCode,
) -> Result<Response, Problem> {
    let issue = state.issue(number)?;
    Ok(json_answer(status, &thread::issue(state, issue)))
}

/// `GET /repos/{owner}/{repo}/issues/{issue_number}/labels`
pub(crate) async fn labels(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        let issue = state.issue(call.number("issue_number")?)?;
        Ok(paged(&call, &state.api_url(), thread::labels(state, issue)))
    })
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NewLabels {
    Field { labels: Vec<LabelName> },
    Plain(Vec<LabelName>),
}

/// `POST /repos/{owner}/{repo}/issues/{issue_number}/labels`
pub(crate) async fn add_labels(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let number = call.number("issue_number")?;
        let (NewLabels::Field { labels } | NewLabels::Plain(labels)) = parse(&body)?;
        for label in &labels {
            state.add_label(&actor, number, label.as_str(), call.now)?;
        }
        answer_labels(state, number)
    })
}

/// `DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}`
pub(crate) async fn remove_label(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let number = call.number("issue_number")?;
        match state.remove_label(&actor, number, call.part("name"), call.now) {
            Err(world::Refusal::NotFound("label")) => {
                Err(Problem::new(StatusCode::NOT_FOUND, "Label does not exist"))
            }
            Err(refusal) => Err(refusal.into()),
            Ok(()) => answer_labels(state, number),
        }
    })
}

fn answer_labels(state: &world::State, number: u64) -> Result<Response, Problem> {
    let labels = thread::labels(state, state.issue(number)?);
    Ok(json_answer(StatusCode::OK, &json!(labels)))
}
