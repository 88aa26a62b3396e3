//! The page for people: issues to read, write, label and discuss, and the files that plans link to.

mod files;
mod guard;
mod issues;
pub(crate) mod markdown;
mod progress;
mod template;
mod view;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn;
use axum::response::Redirect;
use axum::routing::{get, post};

use crate::sandbox::api::Context;

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
        .route("/tree/{sha}", get(files::root))
        .route("/tree/{sha}/{*path}", get(files::folder))
        .route("/blob/{sha}/{*path}", get(files::file));
    Router::new()
        .route("/", get(home))
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

async fn home(State(context): State<Context>) -> Redirect {
    let name = context.world.read(|state| state.repository.name.clone());
    Redirect::to(&format!("/{name}/issues"))
}

#[cfg(test)]
mod tests;
