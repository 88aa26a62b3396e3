//! Comments on issues, and reactions to both.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;

use crate::sandbox::api::answer::{Problem, empty_answer, json_answer};
use crate::sandbox::api::call::{Call, READ_ISSUES, WRITE_ISSUES};
use crate::sandbox::api::pages::paged;
use crate::sandbox::api::{Context, parse};
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::thread;
use crate::sandbox::world;
use crate::sandbox::world::issues::missing;
use crate::sandbox::world::reactions::Subject;

/// `GET /repos/{owner}/{repo}/issues/{issue_number}/comments`, oldest first.
pub(crate) async fn list(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        let number = call.number("issue_number")?;
        let since = call.query("since").unwrap_or_default();
        let comments = state.issue(number)?.comments.iter();
        // Times of one form compare as texts.
        let comments = comments.filter(|comment| iso(comment.updated_at).as_str() >= since);
        let items = comments.map(|comment| thread::comment(state, number, comment));
        Ok(paged(&call, &state.api_url(), items.collect()))
    })
}

#[derive(Debug, Deserialize)]
struct Text {
    body: Option<String>,
}

impl Text {
    fn parse(body: &[u8]) -> Result<String, Problem> {
        let text: Self = parse(body)?;
        Ok(text.body.ok_or_else(|| missing("IssueComment", "body"))?)
    }
}

/// `POST /repos/{owner}/{repo}/issues/{issue_number}/comments`
pub(crate) async fn create(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let number = call.number("issue_number")?;
        state.issue(number)?;
        let text = Text::parse(&body)?;
        let id = state.add_comment(&actor, number, &text, call.now)?;
        answer_comment(state, id, StatusCode::CREATED)
    })
}

/// `GET /repos/{owner}/{repo}/issues/comments/{comment_id}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        answer_comment(state, call.number("comment_id")?, StatusCode::OK)
    })
}

/// `PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}`
pub(crate) async fn update(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let id = call.number("comment_id")?;
        state.comment(id)?;
        let text = Text::parse(&body)?;
        state.edit_comment(&actor, id, &text, call.now)?;
        answer_comment(state, id, StatusCode::OK)
    })
}

/// `DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}`
pub(crate) async fn remove(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let id = call.number("comment_id")?;
        state.delete_comment(&actor, id, call.now)?;
        Ok(empty_answer(StatusCode::NO_CONTENT))
    })
}

fn answer_comment(state: &world::State, id: u64, status: StatusCode) -> Result<Response, Problem> {
    let (number, comment) = state.comment(id)?;
    Ok(json_answer(
        status,
        &thread::comment(state, number, comment),
    ))
}

/// `GET …/reactions` of an issue, a comment, or a comment at a line of a diff.
pub(crate) async fn reactions(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_ISSUES)?;
        require_reactions(state)?;
        let wanted = call.query("content");
        let reactions = state.reactions(subject(&call)?)?.iter();
        let reactions = reactions.filter(|one| wanted.is_none_or(|wanted| one.content == wanted));
        let items = reactions.map(|one| thread::reaction(state, one)).collect();
        Ok(paged(&call, &state.api_url(), items))
    })
}

#[derive(Debug, Deserialize)]
struct NewReaction {
    #[serde(default)]
    content: String,
}

/// `POST …/reactions` of an issue, a comment, or a comment at a line of a diff.
pub(crate) async fn react(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    context.world.change(|state| {
        let actor = state.admit(&call, WRITE_ISSUES)?;
        let subject = subject(&call)?;
        require_reactions(state)?;
        state.reactions(subject)?;
        let new: NewReaction = parse(&body)?;
        let reacted = state.react(&actor, subject, &new.content, call.now)?;
        let status = if reacted.created {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        };
        let shape = thread::reaction(state, &reacted.reaction);
        Ok(json_answer(status, &shape))
    })
}

/// Forges that imitate GitHub may lack reactions.
fn require_reactions(state: &world::State) -> Result<(), Problem> {
    match state.limits.has_reactions {
        true => Ok(()),
        false => Err(Problem::not_found()),
    }
}

fn subject(call: &Call) -> Result<Subject, Problem> {
    if call.part("comment_id").is_empty() {
        return call.number("issue_number").map(Subject::Issue);
    }
    let id = call.number("comment_id")?;
    match call.path().contains("/pulls/comments/") {
        true => Ok(Subject::ReviewComment(id)),
        false => Ok(Subject::Comment(id)),
    }
}
