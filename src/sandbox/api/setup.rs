//! How an App comes to be, where its webhooks go, and where it is installed.

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::apps::require_app;
use crate::sandbox::api::call::Call;
use crate::sandbox::shapes::people;
use crate::sandbox::world::deliveries::Hook;
use crate::sandbox::world::{HookFormat, InstallationStatus};

/// `POST /app-manifests/{code}/conversions`, which asks for no credentials but the code.
pub(crate) async fn convert(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    let code = call.part("code").to_owned();
    context.world.change(|state| {
        if !state.convert(&code) {
            return Err(Problem::not_found());
        }
        let mut app = people::app(state, &state.apps.first);
        let hook = &state.apps.first.hook;
        let secret = hook.has_secret.then(|| hook.secret.expose_secret());
        people::extend(
            &mut app,
            json!({
                "client_secret": "a client secret that nobody uses",
                "webhook_secret": secret,
                "pem": state.apps.first.key.private_pem().expose_secret(),
            }),
        );
        Ok(json_answer(StatusCode::CREATED, &app))
    })
}

/// `GET /app/hook/config`
pub(crate) async fn hook(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    context.world.read(|state| {
        let app = state.apps.find(id).ok_or_else(Problem::bad_credentials)?;
        Ok(json_answer(StatusCode::OK, &hook_shape(&app.hook)))
    })
}

/// What of a hook's settings is to change.
#[derive(Debug, Deserialize)]
struct Change {
    url: Option<Url>,
    content_type: Option<String>,
    secret: Option<SecretString>,
}

/// `PATCH /app/hook/config`
pub(crate) async fn set_hook(
    State(context): State<Context>,
    call: Call,
    body: Bytes,
) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    let change: Change = super::parse(&body)?;
    let format = match change.content_type.as_deref() {
        None => None,
        Some("json") => Some(HookFormat::Json),
        Some("form") => Some(HookFormat::Form),
        Some(_) => {
            return Err(Problem::unprocessable(
                "content_type is not one that there is",
            ));
        }
    };
    context.world.change(|state| {
        let app = state.apps.find_mut(id);
        let hook = &mut app.ok_or_else(Problem::bad_credentials)?.hook;
        hook.format = format.unwrap_or(hook.format);
        if let Some(url) = change.url {
            hook.url = Some(url);
        }
        if let Some(secret) = change.secret {
            hook.has_secret = !secret.expose_secret().is_empty();
            hook.secret = secret;
        }
        Ok(json_answer(StatusCode::OK, &hook_shape(hook)))
    })
}

fn hook_shape(hook: &Hook) -> Value {
    let mut shape = json!({
        "content_type": hook.format.as_str(),
        "insecure_ssl": "0",
    });
    if let Some(url) = &hook.url {
        people::extend(&mut shape, json!({"url": url.as_str()}));
    }
    if hook.has_secret {
        people::extend(&mut shape, json!({"secret": "********"}));
    }
    shape
}

/// `GET /app/installations`
pub(crate) async fn installations(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    let id = require_app(&call)?;
    Ok(context.world.read(|state| {
        let app = state.apps.find(id);
        let installed = app.filter(|app| app.status != InstallationStatus::Removed);
        let items = installed.map(|app| people::installation(state, app));
        let items: Vec<_> = items.into_iter().collect();
        json_answer(StatusCode::OK, &Value::Array(items))
    }))
}
