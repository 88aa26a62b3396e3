//! The listeners: webhooks and health for the public, metrics and status for operators.
//!
//! A handler verifies, parses, saves and answers. It never asks a forge for anything.

pub mod admin;
mod body;
mod ingress;
mod listener;
pub mod setup;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::config::Server;
use crate::forge::github::webhook::Secrets;
use crate::service::intake::Intake;
use crate::service::work::Clock;
use crate::shutdown::Shutdown;
use crate::web::body::BodyLimits;

/// What the listeners share.
pub struct Web {
    /// Takes requests in.
    pub intake: Arc<Intake>,
    /// Limits of bodies.
    pub server: Server,
    /// What each App is known by; without any, webhooks are told to come again.
    pub github: Vec<GitHubHook>,
    /// Tells the time.
    pub clock: Clock,
}

/// What the deliveries of one App are checked against.
pub struct GitHubHook {
    /// The secrets that deliveries may be signed with.
    pub secrets: Secrets,
    /// The host of GitHub's web pages, under which its repositories are known.
    pub host: String,
    /// The App's id; `None` when only its client id is known.
    pub app_id: Option<u64>,
}

/// A listener that is bound but not served yet, so that its address is known before anything runs.
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Binds `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub async fn new(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The address that was bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `router` until `shutdown` begins; requests under way are answered.
    pub fn serve(self, router: Router, shutdown: &Shutdown) {
        listener::serve(self.listener, router, shutdown);
    }
}

/// The public routes: `POST /webhooks/github`, `GET /healthz`, `GET /readyz`.
pub fn public_router(web: Web) -> Router {
    let limits = BodyLimits::new(&web.server);
    let ready = get(ready).with_state(Arc::clone(&web.intake));
    let ingress = ingress::Ingress {
        intake: web.intake,
        hooks: web.github,
        limits,
        clock: web.clock,
    };
    let receive = post(ingress::receive).with_state(Arc::new(ingress));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", ready)
        .route("/webhooks/github", receive)
}

/// Whether requests can be saved.
async fn ready(
    axum::extract::State(intake): axum::extract::State<Arc<Intake>>,
) -> (StatusCode, &'static str) {
    match intake.store.stats().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the store is unavailable\n",
            )
        }
    }
}
