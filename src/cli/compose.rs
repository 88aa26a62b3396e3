//! Putting the bot together from settings: the same for `serve` and `demo`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cli::failure::Failure;
use crate::config::{self, Settings};
use crate::forge::Forge;
use crate::forge::github::auth::Credentials;
use crate::forge::github::webhook::Verifier;
use crate::forge::github::{GitHub, GitHubOptions};
use crate::http::client;
use crate::model::{self, Model};
use crate::service::{App, Forges};
use crate::shutdown::Shutdown;
use crate::store::{self, Millis};
use crate::telemetry::Metrics;
use crate::web::{self, Bound, Web};
use crate::worker;

/// How often finished jobs are looked through for ones that are too old.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// The bot at work.
pub(super) struct Running {
    pub(super) app: Arc<App>,
    pub(super) shutdown: Shutdown,
    /// Where webhooks are taken.
    pub(super) public: SocketAddr,
    /// Where operators look; `None` when nobody asked for it.
    pub(super) admin: Option<SocketAddr>,
}

/// The wall clock, in the store's terms.
pub(super) fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Builds everything, binds the listeners, and only then starts to work.
pub(super) async fn start(settings: Settings, with_admin: bool) -> Result<Running, Failure> {
    let public = bind(&settings.server.listen, "server.listen").await?;
    let admin = if with_admin {
        Some(bind(&settings.server.admin_listen, "server.admin_listen").await?)
    } else {
        None
    };
    let verifier = Verifier::new(&settings.github.webhook_secrets, &settings.github.web_url)
        .map_err(|error| Failure::usage(error, "the `[github]` settings cannot be used"))?;
    let app = Arc::new(app(settings).await?);
    let shutdown = Shutdown::new();
    let web = Web {
        app: Arc::clone(&app),
        github: Some(verifier),
        clock: now,
    };
    let running = Running {
        public: public.address(),
        admin: admin.as_ref().map(Bound::address),
        app: Arc::clone(&app),
        shutdown: shutdown.clone(),
    };
    public.serve(web::public_router(web), &shutdown);
    if let Some(admin) = admin {
        admin.serve(web::admin_router(Arc::clone(&app), now), &shutdown);
    }
    worker::start(&app, &shutdown, now);
    shutdown.spawn(purge(app, shutdown.clone()));
    Ok(running)
}

impl Running {
    /// Stops taking work, gives what is under way its drain time, and closes the store.
    pub(super) async fn stop(self) -> bool {
        let drain = Duration::from_secs(self.app.settings.worker.drain_seconds);
        let clean = self.shutdown.stop_and_wait(drain).await;
        self.app.store.close().await;
        clean
    }
}

/// The use-cases over the configured forge, store and model.
pub(super) async fn app(settings: Settings) -> Result<App, Failure> {
    let store = store::open(&settings.store.url)
        .await
        .map_err(|error| Failure::environment(error, "the store could not be opened"))?;
    Ok(App {
        forges: Forges {
            github: Some(github(&settings)?),
        },
        store,
        model: model(&settings)?,
        metrics: Arc::new(Metrics::new()),
        minimum_role: settings.policy.minimum_role,
        settings,
    })
}

/// The model, if one is configured.
pub(super) fn model(settings: &Settings) -> Result<Option<Arc<dyn Model>>, Failure> {
    model::open(&settings.model, &settings.http)
        .map_err(|error| Failure::usage(error, "the `[model]` settings cannot be used"))
}

/// GitHub, as the App that is configured.
pub(super) fn github(settings: &Settings) -> Result<Arc<dyn Forge>, Failure> {
    let unusable = "the `[github]` settings cannot be used";
    let credentials = Credentials::App {
        app_id: settings.github.app_id.clone(),
        private_key: config::private_key(&settings.github)
            .map_err(|error| Failure::usage(error, unusable))?,
    };
    let github = GitHub::new(GitHubOptions {
        api_url: settings.github.api_url.clone(),
        web_url: settings.github.web_url.clone(),
        credentials,
        client: client::client(&settings.http)
            .map_err(|error| Failure::environment(error, "no HTTP client could be made"))?,
        now: SystemTime::now,
    })
    .map_err(|error| Failure::usage(error, unusable))?;
    Ok(Arc::new(github))
}

async fn bind(address: &str, key: &str) -> Result<Bound, Failure> {
    Bound::new(address).await.map_err(|error| {
        Failure::environment(error, format!("`{key}` = `{address}` could not be bound"))
            .hint("end the program that uses the port, or choose another address")
    })
}

async fn purge(app: Arc<App>, shutdown: Shutdown) {
    let token = shutdown.token();
    let days = u64::from(app.settings.store.retention_days);
    let kept = i64::try_from(days * 24 * 3_600_000).unwrap_or(i64::MAX);
    loop {
        let before = Millis(now().0.saturating_sub(kept));
        match app.store.purge(before).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old rows deleted"),
            Err(error) => tracing::warn!(%error, "old rows could not be deleted"),
        }
        tokio::select! {
            () = tokio::time::sleep(PURGE_EVERY) => {}
            () = token.cancelled() => return,
        }
    }
}
