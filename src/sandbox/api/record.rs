//! What happens to every call on its way: it is identified, met by a fault if one waits, answered
//! with GitHub's headers, and written down.

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::sandbox::api::answer::Problem;
use crate::sandbox::api::call::{Caller, Identified, credentials};
use crate::sandbox::api::fault::{RATE_LIMIT_REMAINING, RATE_LIMIT_RESET, meet};
use crate::sandbox::api::{BY_ID, BY_NAME, Context, ROOT, graphql, tags};
use crate::sandbox::connection::Cut;
use crate::sandbox::world::Fault;
use crate::sandbox::world::requests::{CALLS_PER_HOUR, GRAPHQL, RequestRecord, Usage};

/// The route of everything that is not served.
const UNKNOWN: &str = "/{path}";

/// Bytes of a request's body; what any endpoint here takes lies far below.
const MOST_BODY_BYTES: usize = 1 << 20;

/// The middleware around all routes of the API.
pub(crate) async fn record(
    State(context): State<Context>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let now = (context.clock)();
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BODY_BYTES).await else {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload too large").into_response();
    };
    let template = parts.extensions.get::<MatchedPath>();
    let template = template.map(|path| described(path.as_str()).replace(BY_ID, BY_NAME));
    let template = template.filter(|template| template != UNKNOWN);
    let route = template.as_deref().unwrap_or_default();
    let path = described(parts.uri.path());
    let (caller, fault, (thread, private)) = context.world.change(|state| {
        let fault = state.faults.take(&parts.method, route);
        if let (Some(Fault::RevokedToken), Some(secret)) = (&fault, credentials(&parts.headers)) {
            state.revoke(secret);
        }
        let seen = (state.find_thread(&path), state.repository.private);
        (Caller::identify(state, &parts.headers, now), fault, seen)
    });
    let mut record = RequestRecord {
        at: now,
        method: parts.method.clone(),
        path: path.clone(),
        template,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: body.clone(),
        origin: caller.origin(),
        app: caller.app(),
        status: None,
        thread,
        private: None,
    };
    parts.extensions.insert(Identified { now, caller, path });
    let asked = (parts.method.clone(), parts.headers.clone());
    let request = Request::from_parts(parts, Body::from(body));
    let response = meet(fault, &cut, now, request, next).await;
    let mut response = tags::settle((&asked.0, &asked.1), response).await;
    record.status = (!cut.done()).then(|| response.status().as_u16());
    let (usage, id) = context.world.change(|state| {
        record.private = (state.repository.private == private).then_some(private);
        state.record(record);
        (state.usage(now), state.texts.letters(8))
    });
    decorate(response.headers_mut(), &usage, &id);
    response
}

/// A path or a route in the words of GitHub's API description.
fn described(route: &str) -> String {
    if route == graphql::PATH {
        return GRAPHQL.to_owned();
    }
    let below = route.strip_prefix(ROOT).unwrap_or(route);
    below.replace("{*", "{")
}

/// The headers that GitHub puts on every answer; what a fault has set stays.
fn decorate(headers: &mut HeaderMap, usage: &Usage, id: &str) {
    let remaining = CALLS_PER_HOUR.saturating_sub(usage.used);
    let mut set = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.entry(name).or_insert(value);
        }
    };
    let named = HeaderName::from_static;
    set(named("x-ratelimit-limit"), CALLS_PER_HOUR.to_string());
    set(RATE_LIMIT_REMAINING, remaining.to_string());
    set(named("x-ratelimit-used"), usage.used.to_string());
    set(RATE_LIMIT_RESET, usage.reset_seconds.to_string());
    set(named("x-ratelimit-resource"), "core".to_owned());
    set(named("x-github-request-id"), request_id(id));
    set(
        named("x-github-media-type"),
        "github.v3; format=json".to_owned(),
    );
    set(
        named("x-github-api-version-selected"),
        "2022-11-28".to_owned(),
    );
    set(named("x-content-type-options"), "nosniff".to_owned());
    set(named("server"), "github.com".to_owned());
}

/// Five groups of hex digits, as support asks for them.
fn request_id(seed: &str) -> String {
    let digits = hex::encode_upper(seed);
    let mut digits = digits.chars();
    [4, 2, 4, 2, 4]
        .map(|length| digits.by_ref().take(length).collect::<String>())
        .join(":")
}
