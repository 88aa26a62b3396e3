//! The pages on which an App is registered from a manifest, as GitHub has them: a site posts the
//! manifest through somebody's browser, who agrees and is sent back with a code.

use axum::extract::{Form, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::CONTENT_SECURITY_POLICY;
use minijinja::{Environment, context};
use serde::Deserialize;

use crate::sandbox::api::Context;
use crate::sandbox::world::registrations::Manifest;

/// The page that asks whether the App is to be.
const PAGE: &str = include_str!("templates/register.html");

/// Unlike other pages, this one leads to another site: a browser checks where a form ends up.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Debug, Deserialize)]
pub(crate) struct Proposed {
    manifest: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Echo {
    #[serde(default)]
    state: String,
}

/// `POST /settings/apps/new`, from any site, and the same for organisations.
pub(crate) async fn propose(
    State(context): State<Context>,
    Query(echo): Query<Echo>,
    Form(proposed): Form<Proposed>,
) -> Response {
    let Ok(manifest) = serde_json::from_str::<Manifest>(&proposed.manifest) else {
        let why = "Invalid GitHub App configuration";
        return (StatusCode::UNPROCESSABLE_ENTITY, why).into_response();
    };
    let permissions = manifest.permissions();
    let granted = permissions
        .iter()
        .map(|(name, level)| format!("{name}: {}", level.as_str()))
        .collect::<Vec<_>>();
    let values = context! { name => manifest.name.clone(), granted };
    context
        .world
        .change(|state| state.propose(manifest, echo.state));
    let page = Environment::new().render_named_str("register.html", PAGE, values);
    match page {
        Ok(page) => ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /settings/apps/new/agree`
pub(crate) async fn agree(State(context): State<Context>) -> Response {
    match context.world.change(crate::sandbox::world::State::agree) {
        Some(back) => {
            let policy = [(CONTENT_SECURITY_POLICY, POLICY)];
            (policy, Redirect::to(back.as_str())).into_response()
        }
        None => (StatusCode::NOT_FOUND, "Nothing was proposed.").into_response(),
    }
}
