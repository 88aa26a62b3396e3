//! The log of webhook deliveries, which the App may read, and ask to have repeated.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::api::Context;
use crate::sandbox::api::answer::{Problem, json_answer};
use crate::sandbox::api::apps::require_app;
use crate::sandbox::api::call::Call;
use crate::sandbox::api::pages::paged;
use crate::sandbox::clock::iso;
use crate::sandbox::shapes::people::extend;
use crate::sandbox::world;
use crate::sandbox::world::{Delivery, DeliveryStatus};

/// `GET /app/hook/deliveries`, newest first.
pub(crate) async fn list(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    require_app(&call)?;
    Ok(context.world.read(|state| {
        let settled = state.deliveries.iter().rev().filter(|one| one.is_settled());
        let items = settled.map(|delivery| item(state, delivery)).collect();
        paged(&call, &state.api_url(), items)
    }))
}

/// `GET /app/hook/deliveries/{delivery_id}`
pub(crate) async fn show(State(context): State<Context>, call: Call) -> Result<Response, Problem> {
    require_app(&call)?;
    let id = call.number("delivery_id")?;
    context.world.read(|state| {
        let delivery = state.deliveries.iter().find(|one| one.id == id);
        let delivery = delivery.ok_or_else(Problem::not_found)?;
        let mut shape = item(state, delivery);
        let payload = serde_json::from_slice::<Value>(&delivery.payload).unwrap_or_default();
        extend(
            &mut shape,
            json!({
                "url": state.hook.url.as_ref().map_or(String::new(), ToString::to_string),
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
    require_app(&call)?;
    let id = call.number("delivery_id")?;
    let repeated = context
        .world
        .change(|state| state.repeat(id, false, call.now));
    repeated.ok_or_else(Problem::not_found)?;
    Ok(json_answer(StatusCode::ACCEPTED, &json!({})))
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
        "installation_id": state.app.installation,
        "repository_id": state.repository.id,
        "throttled_at": null,
    })
}
