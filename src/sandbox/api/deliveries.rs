//! The log of webhook deliveries, which the App may read, and ask to have repeated.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::header::LINK;
use serde_json::{Value, json};

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer, set};
use crate::sandbox::api::apps::require_app;
use crate::sandbox::api::call::Call;
use crate::sandbox::api::pages::page_size;
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::people::extend;
use crate::sandbox::world;
use crate::sandbox::world::{Delivery, DeliveryStatus};

/// `GET /app/hook/deliveries`, newest first, in pages behind a cursor.
pub(crate) async fn list(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    let app = require_app(&call)?;
    context.world.read(|state| {
        if !state.limits.has_delivery_log {
            return Err(Problem::not_found());
        }
        let size = page_size(&call);
        let before = match call.query("cursor") {
            None => u64::MAX,
            Some(cursor) => find_cursor(cursor)
                .ok_or_else(|| Problem::unprocessable("The cursor is not one of this list."))?,
        };
        let mut wanted = state.deliveries.iter().rev().filter(|one| {
            one.app == app
                && one.is_settled()
                && one.id < before
                && has_status(one, call.query("status"))
        });
        let page: Vec<_> = wanted.by_ref().take(size).collect();
        let items = page.iter().map(|delivery| item(state, delivery)).collect();
        let mut response = json_answer(StatusCode::OK, &Value::Array(items));
        if let (Some(last), Some(_)) = (page.last(), wanted.next()) {
            let root = state.api_url();
            let next = format!(
                "{root}{}?per_page={size}&cursor=v1_{}",
                call.path(),
                last.id
            );
            set(&mut response, LINK, &format!("<{next}>; rel=\"next\""));
        }
        Ok(response)
    })
}

/// The delivery that a cursor stands behind.
fn find_cursor(text: &str) -> Option<u64> {
    text.strip_prefix("v1_")?.parse().ok()
}

/// Whether a delivery is one of those that were asked for. As on GitHub, failures are answers: who could
/// not be reached at all is not among them.
fn has_status(delivery: &Delivery, wanted: Option<&str>) -> bool {
    let code = match delivery.status {
        DeliveryStatus::Answered { status, .. } => status,
        _ => 0,
    };
    match wanted {
        Some("success") => (200..400).contains(&code),
        Some("failure") => (400..600).contains(&code),
        _ => true,
    }
}

/// `GET /app/hook/deliveries/{delivery_id}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    let app = require_app(&call)?;
    let id = call.number("delivery_id")?;
    context.world.read(|state| {
        let delivery = find(state, app, id)?;
        let hook = state.apps.find(app).map(|app| &app.hook);
        let url = hook.and_then(|hook| hook.url.as_ref());
        let mut shape = item(state, delivery);
        let payload = serde_json::from_slice::<Value>(&delivery.payload).unwrap_or_default();
        extend(
            &mut shape,
            json!({
                "url": url.map_or(String::new(), ToString::to_string),
                "request": {"headers": {"X-GitHub-Event": delivery.event}, "payload": payload},
                "response": {"headers": {}, "payload": null},
            }),
        );
        Ok(json_answer(StatusCode::OK, &shape))
    })
}

/// `POST /app/hook/deliveries/{delivery_id}/attempts`
pub(crate) async fn repeat(
    State(context): State<Context>,
    call: Call,
) -> Result<Response, Problem> {
    let app = require_app(&call)?;
    let id = call.number("delivery_id")?;
    context.world.change(|state| {
        find(state, app, id)?;
        state.repeat(id, false, call.now);
        Ok(json_answer(StatusCode::ACCEPTED, &json!({})))
    })
}

/// A delivery to the App that asks.
fn find(state: &world::State, app: u64, id: u64) -> Result<&Delivery, Problem> {
    let mut deliveries = state.deliveries.iter();
    let found = deliveries.find(|one| one.id == id && one.app == app);
    found.ok_or_else(Problem::not_found)
}

fn item(state: &world::State, delivery: &Delivery) -> Value {
    let (status, code, seconds) = match &delivery.status {
        DeliveryStatus::Answered { status, duration } if (200..300).contains(status) => {
            ("OK", *status, duration.as_secs_f64())
        }
        DeliveryStatus::Answered { status, duration } => {
            ("Invalid HTTP Response", *status, duration.as_secs_f64())
        }
        DeliveryStatus::Failed => ("failed to connect to host", 502, 0.0),
        DeliveryStatus::Held | DeliveryStatus::Pending | DeliveryStatus::Sending => {
            ("pending", 0, 0.0)
        }
    };
    json!({
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": iso(delivery.at),
        "redelivery": delivery.redelivery,
        "duration": seconds,
        "status": status,
        "status_code": code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": state.apps.find(delivery.app).map(|app| app.installation),
        "repository_id": state.repository.id,
        "throttled_at": null,
    })
}
