//! GitHub's API, as far as Planwright uses it: the same paths, shapes, statuses and headers.

pub(crate) mod answer;
mod apps;
mod call;
mod comments;
mod contents;
mod deliveries;
mod fault;
pub(crate) mod graphql;
mod issues;
mod pages;
mod people;
mod pulls;
mod record;
mod setup;
mod tags;
mod token;
mod unknown;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, delete, get, post};
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

/// Where the API begins, as on Enterprise Server.
pub(crate) const ROOT: &str = "/api/v3";

/// How a repository is addressed.
pub(crate) const BY_NAME: &str = "/repos/{owner}/{repo}";

/// How a repository is addressed where its name has changed; redirections lead here.
pub(crate) const BY_ID: &str = "/repositories/{repository_id}";

/// The API. Parameters are named as in GitHub's description of its API, whose paths the log of
/// requests quotes.
pub(crate) fn router(context: Context) -> Router {
    let apps = [
        ("/app", get(apps::show)),
        ("/app-manifests/{code}/conversions", post(setup::convert)),
        ("/app/hook/config", get(setup::hook).patch(setup::set_hook)),
        ("/app/hook/deliveries", get(deliveries::list)),
        ("/app/hook/deliveries/{delivery_id}", get(deliveries::show)),
        (
            "/app/hook/deliveries/{delivery_id}/attempts",
            post(deliveries::repeat),
        ),
        (
            "/app/installations/{installation_id}/access_tokens",
            post(apps::mint),
        ),
        ("/app/installations", get(setup::installations)),
        ("/user", get(people::me)),
        ("/users/{username}", get(people::show)),
        ("/rate_limit", get(people::rate_limit)),
        (
            "/app/installations/{installation_id}",
            get(apps::installation),
        ),
        ("/{*path}", any(unknown::answer)),
    ];
    let apps = apps.map(|(path, methods)| (path.to_owned(), methods));
    let inside = || {
        let routes = contents_routes().into_iter().chain(thread_routes());
        routes.chain(pull_routes())
    };
    let by_name = inside().map(|(path, methods)| (format!("{BY_NAME}{path}"), methods));
    let by_id = inside().map(|(path, methods)| (format!("{BY_ID}{path}"), methods));
    let routes = apps.into_iter().chain(by_name).chain(by_id);
    let router = routes.fold(Router::new(), |router, (path, methods)| {
        router.route(&format!("{ROOT}{path}"), methods)
    });
    router
        .route(graphql::PATH, post(graphql::answer))
        .method_not_allowed_fallback(unknown::answer)
        .layer(from_fn_with_state(context.clone(), record::record))
        .merge(contents::downloads())
        .with_state(context)
}

fn contents_routes() -> [(&'static str, MethodRouter<Context>); 9] {
    [
        ("", get(contents::repository)),
        ("/contents/{*path}", get(contents::file)),
        ("/installation", get(apps::find_installation)),
        (
            "/collaborators/{username}/permission",
            get(people::permission),
        ),
        ("/commits/{*ref}", get(contents::commit)),
        ("/git/ref/{*ref}", get(contents::reference)),
        ("/git/trees/{*tree_sha}", get(contents::tree)),
        ("/git/blobs/{file_sha}", get(contents::blob)),
        ("/tarball/{*ref}", get(contents::tarball)),
    ]
}

fn thread_routes() -> [(&'static str, MethodRouter<Context>); 8] {
    [
        ("/issues", get(issues::list).post(issues::create)),
        (
            "/issues/{issue_number}",
            get(issues::show).patch(issues::update),
        ),
        (
            "/issues/{issue_number}/labels",
            get(issues::labels).post(issues::add_labels),
        ),
        (
            "/issues/{issue_number}/labels/{name}",
            delete(issues::remove_label),
        ),
        (
            "/issues/{issue_number}/comments",
            get(comments::list).post(comments::create),
        ),
        (
            "/issues/{issue_number}/reactions",
            get(comments::reactions).post(comments::react),
        ),
        (
            "/issues/comments/{comment_id}",
            get(comments::show)
                .patch(comments::update)
                .delete(comments::remove),
        ),
        (
            "/issues/comments/{comment_id}/reactions",
            get(comments::reactions).post(comments::react),
        ),
    ]
}

fn pull_routes() -> [(&'static str, MethodRouter<Context>); 4] {
    [
        ("/pulls/{pull_number}", get(pulls::show)),
        ("/pulls/{pull_number}/files", get(pulls::files)),
        ("/pulls/{pull_number}/comments", get(pulls::comments)),
        (
            "/pulls/comments/{comment_id}/reactions",
            get(comments::reactions).post(comments::react),
        ),
    ]
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

#[cfg(test)]
mod tests;
