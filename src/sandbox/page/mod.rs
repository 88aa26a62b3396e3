//! The page for people: issues to read, write, label and discuss, and the files that plans link to.

mod files;
mod guard;
mod issues;
pub(crate) mod markdown;
mod progress;
mod register;
mod template;
mod view;

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use crate::domain::repository::RepositoryName;
use crate::sandbox::api::Context;
use crate::sandbox::page::view::Visitor;

/// The pages, at the addresses that GitHub has them at.
pub(crate) fn router(context: Context) -> Router {
    let repository = Router::new()
        .route("/", get(home))
        .route("/issues", get(issues::list).post(issues::open))
        .route("/issues/new", get(issues::form))
        .route("/issues/{number}", get(issues::show))
        .route("/issues/{number}/version", get(issues::version))
        .route("/issues/{number}/comments", post(issues::comment))
        .route("/issues/{number}/labels", post(issues::label))
        .route("/issues/{number}/state", post(issues::set_state))
        .route("/commit/{sha}", get(files::commit))
        .route("/tree/{sha}", get(files::folder))
        .route("/tree/{sha}/{*path}", get(files::folder))
        .route("/blob/{sha}/{*path}", get(files::file))
        .layer(from_fn_with_state(context.clone(), require_known));
    Router::new()
        .route("/", get(home))
        .route("/settings/apps/new", post(register::propose))
        .route(
            "/organizations/{organization}/settings/apps/new",
            post(register::propose),
        )
        .route("/settings/apps/new/agree", post(register::agree))
        .route("/-/user", post(issues::choose_user))
        .route("/-/sandbox.css", get(template::style))
        .route("/-/sandbox.js", get(template::script))
        .nest("/{owner}/{repo}", repository)
        .fallback(template::not_found)
        .with_state(context)
}

/// `routes` behind the checks that keep other web sites out, and with the headers that keep
/// hostile text harmless.
pub(crate) fn guarded(routes: Router) -> Router {
    routes.layer(from_fn(guard::guard))
}

/// Only the sandbox's one repository has pages; its former name leads to it.
async fn require_known(
    State(context): State<Context>,
    Path(at): Path<HashMap<String, String>>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    let part = |name: &str| at.get(name).map_or("", String::as_str);
    let asked = RepositoryName::new(part("owner"), part("repo")).ok();
    let (name, former) = context.world.read(|state| {
        let repository = &state.repository;
        (repository.name.clone(), repository.former_names.clone())
    });
    if asked.as_ref() == Some(&name) {
        next.run(request).await
    } else if asked.is_some_and(|asked| former.contains(&asked)) {
        Redirect::to(&format!("/{name}/issues")).into_response()
    } else {
        template::not_found(visitor).await
    }
}

async fn home(State(context): State<Context>) -> Redirect {
    let name = context.world.read(|state| state.repository.name.clone());
    Redirect::to(&format!("/{name}/issues"))
}

#[cfg(test)]
mod tests;
