//! GitHub's REST API, as far as Planwright uses it: the same paths, shapes, statuses and headers.

pub(crate) mod answer;
mod apps;
mod call;
mod comments;
mod contents;
mod deliveries;
mod fault;
mod issues;
mod pages;
mod people;
mod record;
mod token;
mod unknown;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use serde::de::DeserializeOwned;

use crate::sandbox::api::answer::Problem;
use crate::sandbox::clock::Clock;
use crate::sandbox::source::Source;
use crate::sandbox::world::World;

/// What every route needs.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) world: World,
    pub(crate) source: Arc<Source>,
    pub(crate) clock: Clock,
}

/// The API below `/api/v3`, as Enterprise Server has it. Parameters are named as in GitHub's
/// description of its API, whose paths the log of requests quotes.
pub(crate) fn router(context: Context) -> Router {
    let routes = Router::new()
        .route("/app", get(apps::show))
        .route("/app/hook/deliveries", get(deliveries::list))
        .route("/app/hook/deliveries/{delivery_id}", get(deliveries::show))
        .route(
            "/app/hook/deliveries/{delivery_id}/attempts",
            post(deliveries::repeat),
        )
        .route(
            "/app/installations/{installation_id}/access_tokens",
            post(apps::mint),
        )
        .route("/user", get(people::me))
        .route("/users/{username}", get(people::show))
        .route("/rate_limit", get(people::rate_limit))
        .nest("/repos/{owner}/{repo}", repository_routes())
        .fallback(unknown::answer)
        .method_not_allowed_fallback(unknown::answer)
        .layer(from_fn_with_state(context.clone(), record::record))
        .with_state(context.clone());
    Router::new()
        .nest("/api/v3", routes)
        .merge(contents::downloads().with_state(context))
}

fn repository_routes() -> Router<Context> {
    Router::new()
        .route("/", get(contents::repository))
        .route("/installation", get(apps::find_installation))
        .route(
            "/collaborators/{username}/permission",
            get(people::permission),
        )
        .route("/commits/{*ref}", get(contents::commit))
        .route("/git/ref/{*ref}", get(contents::reference))
        .route("/git/trees/{*tree_sha}", get(contents::tree))
        .route("/git/blobs/{file_sha}", get(contents::blob))
        .route("/tarball/{*ref}", get(contents::tarball))
        .route("/issues", get(issues::list).post(issues::create))
        .route(
            "/issues/{issue_number}",
            get(issues::show).patch(issues::update),
        )
        .route(
            "/issues/{issue_number}/labels",
            get(issues::labels).post(issues::add_labels),
        )
        .route(
            "/issues/{issue_number}/labels/{name}",
            delete(issues::remove_label),
        )
        .route(
            "/issues/{issue_number}/comments",
            get(comments::list).post(comments::create),
        )
        .route(
            "/issues/{issue_number}/reactions",
            get(comments::reactions).post(comments::react),
        )
        .route(
            "/issues/comments/{comment_id}",
            get(comments::show)
                .patch(comments::update)
                .delete(comments::remove),
        )
        .route(
            "/issues/comments/{comment_id}/reactions",
            get(comments::reactions).post(comments::react),
        )
}

/// Reads the JSON of a request.
///
/// # Errors
/// GitHub's 400 for what is no JSON, its 422 for JSON of the wrong form.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Problem::unprocessable("Invalid request.\n\nThe body does not fit the description.")
        } else {
            Problem::new(http::StatusCode::BAD_REQUEST, "Problems parsing JSON")
        }
    })
}
