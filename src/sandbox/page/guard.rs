//! Keeps other web sites out: only pages of our own, opened under a loopback name, may post here,
//! and nothing that a page shows may run, load or send anything.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

/// The same for every answer; the API's answers are no pages and lose nothing by it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The middleware around everything that the sandbox serves.
///
/// A name that an attacker's DNS server points at 127.0.0.1 shows in `Host`, and a form on an
/// attacker's page shows in `Origin`.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(host) = header(headers, &HOST).filter(|host| is_loopback(host)) else {
        return refuse("open this page under http://127.0.0.1 or http://localhost");
    };
    let api = request.uri().path().starts_with("/api/");
    let origin = header(headers, &ORIGIN);
    let own = format!("http://{host}");
    // Registering an App begins on the site of whoever wants it.
    let proposes = request.uri().path().ends_with("/settings/apps/new");
    let foreign = !api && !proposes && origin != Some(own.as_str());
    if request.method() == Method::POST && foreign {
        return refuse("this form was not sent from a page of the sandbox");
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let has_policy = headers.contains_key(CONTENT_SECURITY_POLICY);
    let mut set = |name: HeaderName, value| headers.insert(name, HeaderValue::from_static(value));
    if !has_policy {
        set(CONTENT_SECURITY_POLICY, POLICY);
    }
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    // Anything stricter makes browsers hide the origin of our own forms.
    set(REFERRER_POLICY, "same-origin");
    response
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a `Host` names this machine itself, on whatever port.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}
