//! Putting the bot together from settings: the same for `serve` and `demo`.

pub(super) mod github;
mod setup;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use regex::Regex;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::cli::compose::setup::Opening;
use crate::cli::failure::Failure;
use crate::config::{self, Loaded, ModelProvider, ModelSettings, Settings};
use crate::http::{self, ApiBase, Purpose};
use crate::model::{self, Guarded, Means, Model};
use crate::redact::{Redactor, RuleFile};
use crate::registry::Registry;
use crate::registry::deps_dev::DepsDev;
use crate::repository::cache::Cache;
use crate::repository::syntax::{ParserLimits, Parsers};
use crate::service::intake::Intake;
use crate::service::study::Tools;
use crate::service::{App, Forges};
use crate::shutdown::Shutdown;
use crate::store::{self, Millis, Store};
use crate::telemetry::Metrics;
use crate::web::admin::{self, Admin};
use crate::web::{self, Bound, Web};
use crate::worker;

/// How often finished jobs are looked through for ones that are too old.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// The bot at work.
pub(crate) struct Running {
    pub(crate) app: Arc<App>,
    pub(super) shutdown: Shutdown,
    /// Where webhooks are taken.
    pub(crate) public: SocketAddr,
    /// Where operators look; `None` when nobody asked for it.
    pub(super) admin: Option<SocketAddr>,
    /// The page that registers an App, while there is none.
    pub(crate) opening: Option<Opening>,
}

/// The wall clock, in the store's terms.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Binds the listeners, opens the store and takes webhooks at once; then makes the clients, which
/// take longer, and starts to work.
pub(crate) async fn start(loaded: Loaded, with_admin: bool) -> Result<Running, Failure> {
    let server = &loaded.settings.server;
    let public = bind(server.listen, "server.listen").await?;
    let admin = match with_admin {
        true => Some(bind(server.admin_listen, "server.admin_listen").await?),
        false => None,
    };
    let (public_address, admin_address) = (public.address(), admin.as_ref().map(Bound::address));
    let redactor = redactor(&loaded)?;
    let store = open_store(&loaded.settings).await?;
    let metrics = Arc::new(Metrics::new());
    let shutdown = Shutdown::new();
    let web = web(&loaded.settings, &store, &metrics, &redactor)?;
    public.serve(web::public_router(web), &shutdown);
    let mut opening = None;
    if let Some(admin) = admin {
        let shown = shown(&loaded.settings, &store, &metrics);
        let (page, opened) = setup::page(&loaded, admin.address())?.unzip();
        admin.serve(admin::router(shown, page), &shutdown);
        opening = opened;
    }
    let is_set_up = loaded.settings.set_apps().next().is_some();
    let app = tokio::task::spawn_blocking(move || app(loaded, store, metrics, redactor))
        .await
        .map_err(|error| Failure::environment(error, "the clients could not be made"))??;
    let app = Arc::new(app);
    // Without any App, jobs of one that was there before have to wait.
    if is_set_up {
        worker::start(&app, &shutdown, now);
        worker::sweeps::start(&app, &shutdown, now);
    }
    shutdown.spawn(purge(Arc::clone(&app), shutdown.token()));
    Ok(Running {
        app,
        shutdown,
        public: public_address,
        admin: admin_address,
        opening,
    })
}

/// What takes webhooks in.
fn web(
    settings: &Settings,
    store: &Arc<dyn Store>,
    metrics: &Arc<Metrics>,
    redactor: &Arc<Redactor>,
) -> Result<Web, Failure> {
    Ok(Web {
        intake: Arc::new(intake(settings, store, metrics, redactor)),
        server: settings.server.clone(),
        github: github::hooks(settings)?,
        clock: now,
    })
}

/// What takes requests in.
pub(super) fn intake(
    settings: &Settings,
    store: &Arc<dyn Store>,
    metrics: &Arc<Metrics>,
    redactor: &Arc<Redactor>,
) -> Intake {
    Intake {
        store: Arc::clone(store),
        triggers: settings.triggers.clone(),
        policy: settings.policy.clone(),
        checks: settings.checks.clone(),
        metrics: Arc::clone(metrics),
        redactor: Arc::clone(redactor),
    }
}

/// What operators are shown.
fn shown(settings: &Settings, store: &Arc<dyn Store>, metrics: &Arc<Metrics>) -> Admin {
    let model = match settings.model.provider {
        ModelProvider::None => String::new(),
        _ => settings.model.name.clone(),
    };
    Admin {
        store: Arc::clone(store),
        metrics: Arc::clone(metrics),
        model,
        token: settings.server.admin_token.clone(),
        clock: now,
    }
}

impl Running {
    /// Returns once an App was registered that is to be taken into use; never when there is one already.
    pub(crate) async fn registered(&self) {
        match &self.opening {
            Some(opening) => opening.done.notified().await,
            None => std::future::pending().await,
        }
    }

    /// Stops taking work, gives what is under way its drain time, and closes the store. Returns
    /// whether everything ended in time.
    pub(crate) async fn stop(self) -> bool {
        let clean = self
            .shutdown
            .stop_and_wait(self.app.settings.worker.drain)
            .await;
        self.app.store.close().await;
        clean
    }
}

/// The use-cases over the configured forge, store and model. Reading the system's certificates and
/// trying the key take a tenth of a second: call it where blocking is allowed.
fn app(
    loaded: Loaded,
    store: Arc<dyn Store>,
    metrics: Arc<Metrics>,
    redactor: Arc<Redactor>,
) -> Result<App, Failure> {
    let forges = github::forges(&loaded)?;
    let model = model(&loaded.settings, &redactor)?;
    let registry = registry(&loaded.settings)?;
    Ok(App {
        forges,
        store,
        tools: tools(&loaded.settings),
        model,
        redactor,
        registry,
        metrics,
        set_keys: loaded.set_keys(),
        settings: loaded.settings,
    })
}

/// The same over forges and a store that the caller has at hand.
pub(super) fn open(loaded: Loaded, forges: Forges, store: Arc<dyn Store>) -> Result<App, Failure> {
    let redactor = redactor(&loaded)?;
    let set_keys = loaded.set_keys();
    let settings = loaded.settings;
    let model = model(&settings, &redactor)?;
    let registry = registry(&settings)?;
    Ok(App {
        forges,
        store,
        tools: tools(&settings),
        model,
        redactor,
        registry,
        metrics: Arc::new(Metrics::new()),
        set_keys,
        settings,
    })
}

/// The configured cache, without which a plan goes on too, and the parsers.
pub(super) fn tools(settings: &Settings) -> Tools {
    let folder = settings.cache.folder();
    Tools {
        cache: Cache::open_or_none(folder.as_deref(), settings.cache.max_bytes),
        parsers: parsers(),
    }
}

/// Parsers in children of this very program; none where it cannot tell where it lies.
pub(super) fn parsers() -> Parsers {
    match std::env::current_exe() {
        Ok(program) => Parsers::new(program, ParserLimits::default()),
        Err(_) => Parsers::none(),
    }
}

/// The configured store, made when it is not there.
pub(super) async fn open_store(settings: &Settings) -> Result<Arc<dyn Store>, Failure> {
    store::open(settings.store.url.sqlite_path())
        .await
        .map_err(|error| Failure::environment(error, "the store could not be opened"))
}

/// The model, if one is configured, with its fallback, if that is; behind redaction.
pub(super) fn model(
    settings: &Settings,
    redactor: &Arc<Redactor>,
) -> Result<Option<Guarded>, Failure> {
    let first = one_model(settings, &settings.model, "model")?;
    let second = one_model(settings, &settings.fallback_model, "fallback_model")?;
    let model = match (first, second) {
        (Some(first), Some(second)) => Some(model::with_fallback(first, second)),
        (first, _) => first,
    };
    Ok(model.map(|model| Guarded::new(model, Arc::clone(redactor))))
}

pub(super) fn one_model(
    settings: &Settings,
    chosen: &ModelSettings,
    section: &'static str,
) -> Result<Option<Arc<dyn Model>>, Failure> {
    let Some(address) = model::address(chosen) else {
        return Ok(None);
    };
    let means = Means {
        client: client(settings, &address, chosen.timeout)?,
        random,
        section,
    };
    model::open(chosen, means).map_err(|error| {
        Failure::usage(error, format!("the `[{section}]` settings cannot be used"))
    })
}

/// What takes secrets out of texts: the configured ones, and all that have the form of one.
pub(super) fn redactor(loaded: &Loaded) -> Result<Arc<Redactor>, Failure> {
    let rules_file = loaded.settings.redaction.rules_file.as_deref();
    let (redactor, notes) = redactor_with(loaded, rules_file)?;
    for note in notes {
        tracing::warn!("{note}");
    }
    Ok(redactor)
}

/// What takes secrets out of logs.
pub(super) fn log_redactor(loaded: &Loaded) -> Redactor {
    Redactor::for_logs(&config::own_secrets(loaded))
}

/// The same with another file of rules; the notes say what of it has no effect.
pub(super) fn redactor_with(
    loaded: &Loaded,
    rules_file: Option<&Path>,
) -> Result<(Arc<Redactor>, Vec<String>), Failure> {
    let unusable = "the `[redaction]` settings cannot be used";
    let mut redactor = Redactor::new(&config::own_secrets(loaded));
    let mut notes = Vec::new();
    if let Some(file) = rules_file {
        let rules = RuleFile::load(file).map_err(|error| Failure::usage(error, unusable))?;
        notes = rules.notes().to_vec();
        redactor = redactor.with_rules(rules);
    }
    let allow = &loaded.settings.redaction.allow;
    let allow: Result<Vec<_>, _> = allow.iter().map(|pattern| Regex::new(pattern)).collect();
    let allow = allow.map_err(|error| Failure::usage(error, unusable))?;
    Ok((Arc::new(redactor.allowing(allow)), notes))
}

/// Who is asked about proposed libraries, unless that is switched off.
pub(super) fn registry(settings: &Settings) -> Result<Option<Arc<dyn Registry>>, Failure> {
    let dependencies = &settings.dependencies;
    if !dependencies.lookup {
        return Ok(None);
    }
    let client = client(settings, &dependencies.api_url, dependencies.timeout)?;
    let registry = DepsDev::new(client, dependencies, SystemTime::now)
        .map_err(|error| Failure::usage(error, "`dependencies.api_url` cannot be used"))?;
    Ok(Some(Arc::new(registry)))
}

/// A client for one service.
pub(crate) fn client(
    settings: &Settings,
    base: &Url,
    read_timeout: Duration,
) -> Result<reqwest::Client, Failure> {
    let base = ApiBase::new(base)
        .map_err(|error| Failure::usage(error, "an address of the configuration cannot be used"))?;
    let purpose = Purpose {
        base: &base,
        read_timeout,
    };
    http::client(&settings.http, purpose)
        .map_err(|error| Failure::environment(error, "no HTTP client could be made"))
}

/// A random number from 0 up to 1; the middle when the system has none to give.
fn random() -> f64 {
    let mut bytes = [0_u8; 4];
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.5,
    }
}

async fn bind(address: SocketAddr, key: &str) -> Result<Bound, Failure> {
    Bound::new(address).await.map_err(|error| {
        Failure::environment(error, format!("`{key}` = `{address}` could not be bound"))
            .hint("end the program that uses the port, or choose another address")
    })
}

async fn purge(app: Arc<App>, stop: CancellationToken) {
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
            () = stop.cancelled() => return,
        }
    }
}
