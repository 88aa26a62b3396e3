//! The operators' listener: metrics, and a page with the state of the queue.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use minijinja::{Environment, context};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::service::work::Clock;
use crate::store::{JobState, JobSummary, Millis, Store, StoreError};
use crate::telemetry::Metrics;
use crate::web::setup::{self, SetupPage};

/// Jobs shown on the page.
const SHOWN_JOBS: u32 = 50;

const PAGE: &str = include_str!("templates/status.html");

/// What operators are shown.
#[derive(Clone)]
pub struct Admin {
    /// The queue.
    pub store: Arc<dyn Store>,
    /// What was counted.
    pub metrics: Arc<Metrics>,
    /// The model's name; empty without one.
    pub model: String,
    /// The bearer token to ask for; `None` on loopback.
    pub token: Option<SecretString>,
    /// Tells the time.
    pub clock: Clock,
}

/// The operators' routes: `GET /`, `GET /metrics`, and `/setup` while there is no App. That page asks
/// for a token of its own, as a browser cannot send the other one.
pub fn router(admin: Admin, setup: Option<SetupPage>) -> Router {
    let routes = Router::new()
        .route("/", get(status))
        .route("/metrics", get(metrics))
        .layer(from_fn_with_state(admin.clone(), require_token))
        .with_state(admin);
    match setup {
        Some(page) => routes.merge(setup::router(page)),
        None => routes,
    }
}

/// Asks for the configured bearer token; without one the listener is on loopback.
async fn require_token(
    State(admin): State<Admin>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let Some(token) = &admin.token else {
        return next.run(request).await;
    };
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .unwrap_or_default();
    // Digests are compared, so that the time taken says nothing of the token.
    if Sha256::digest(given) == Sha256::digest(token.expose_secret()) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "a bearer token is needed\n").into_response()
    }
}

async fn metrics(State(admin): State<Admin>) -> Response {
    match admin.store.stats().await {
        Ok(stats) => {
            let metrics = &admin.metrics;
            metrics.set_jobs("ready", stats.ready);
            metrics.set_jobs("running", stats.running);
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], metrics.encode()).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

async fn status(State(admin): State<Admin>) -> Response {
    match render(&admin).await {
        Ok(page) => {
            let policy = "default-src 'none'; style-src 'unsafe-inline'";
            ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
        }
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &StoreError) -> Response {
    tracing::warn!(%error, "the state of the queue could not be read");
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "the store is unavailable\n",
    )
        .into_response()
}

async fn render(admin: &Admin) -> Result<String, StoreError> {
    let stats = admin.store.stats().await?;
    let jobs = admin.store.jobs(SHOWN_JOBS).await?;
    let now = (admin.clock)();
    let rows: Vec<_> = jobs.iter().map(|job| row(job, now)).collect();
    let model = match admin.model.as_str() {
        "" => "none",
        name => name,
    };
    let values = context! {
        version => env!("CARGO_PKG_VERSION"),
        model,
        ready => stats.ready,
        running => stats.running,
        published => stats.published,
        abandoned => stats.abandoned,
        failed => stats.failed,
        rows,
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment
        .render_str(PAGE, values)
        .map_err(|error| StoreError::Corrupt {
            doing: "rendering the status page",
            why: error.to_string(),
        })
}

fn row(job: &JobSummary, now: Millis) -> minijinja::Value {
    context! {
        id => job.id.0,
        subject => job.subject.clone(),
        state => state_word(job.state),
        attempts => job.attempts,
        age => age(now.0.saturating_sub(job.created_at.0)),
        reason => job.reason.clone(),
    }
}

fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "ready",
        JobState::Running => "running",
        JobState::Published => "published",
        JobState::Done => "done",
        JobState::Abandoned => "abandoned",
        JobState::Failed => "failed",
    }
}

/// A length of time for people: the largest unit that fits, rounded down.
fn age(millis: i64) -> String {
    let seconds = millis.max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
