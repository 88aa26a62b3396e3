//! The listeners: webhooks and health for the public, metrics and status for operators.
//!
//! A handler verifies, parses, saves and answers. It never asks a forge for anything.

mod admin;
mod body;
mod ingress;
mod listener;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::forge::github::webhook::Secrets;
use crate::service::App;
use crate::service::work::Clock;
use crate::shutdown::Shutdown;
use crate::web::body::BodyLimits;

/// What the listeners share.
pub struct Web {
    /// The use-cases.
    pub app: Arc<App>,
    /// What GitHub is known by; `None` when it is not served.
    pub github: Option<GitHubHook>,
    /// Tells the time.
    pub clock: Clock,
}

/// What GitHub's deliveries are checked against.
pub struct GitHubHook {
    /// The secrets that deliveries may be signed with.
    pub secrets: Secrets,
    /// The host of GitHub's web pages, under which its repositories are known.
    pub host: String,
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
    let limits = BodyLimits::new(&web.app.settings.server);
    let mut router = Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready).with_state(Arc::clone(&web.app)));
    if let Some(hook) = web.github {
        let ingress = ingress::Ingress {
            app: web.app,
            hook,
            limits,
            clock: web.clock,
        };
        let handler = post(ingress::receive).with_state(Arc::new(ingress));
        router = router.route("/webhooks/github", handler);
    }
    router
}

/// The operators' routes: `GET /`, `GET /metrics`.
pub fn admin_router(app: Arc<App>, clock: Clock) -> Router {
    admin::router(app, clock)
}

/// Whether requests can be saved.
async fn ready(axum::extract::State(app): axum::extract::State<Arc<App>>) -> (StatusCode, &'static str) {
    match app.store.stats().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store is unavailable\n")
        }
    }
}
