//! Pull requests, their files and their reviews.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::call::{Call, READ_PULLS};
use crate::sandbox::api::pages::paged;
use crate::sandbox::shapes::pull;

/// `GET /repos/{owner}/{repo}/pulls/{pull_number}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_PULLS)?;
        let number = call.number("pull_number")?;
        state.pull(number)?;
        let shape = pull::full_pull(state, state.issue(number)?);
        Ok(json_answer(StatusCode::OK, &shape))
    })
}

/// `GET /repos/{owner}/{repo}/pulls/{pull_number}/files`
pub(crate) async fn files(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_PULLS)?;
        let pull = state.pull(call.number("pull_number")?)?;
        let files = pull.files.iter();
        let items = files.map(|(file, id)| pull::file(state, pull, file, id));
        Ok(paged(&call, &state.api_url(), items.collect()))
    })
}

/// `GET /repos/{owner}/{repo}/pulls/{pull_number}/comments`, oldest first unless asked otherwise.
pub(crate) async fn comments(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    context.world.read(|state| {
        state.admit(&call, READ_PULLS)?;
        let number = call.number("pull_number")?;
        let mut items = pull::review_comments(state, number, state.pull(number)?);
        if call.query("direction") == Some("desc") {
            items.reverse();
        }
        Ok(paged(&call, &state.api_url(), items))
    })
}
