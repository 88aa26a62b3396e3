//! The shape of all settings; `config.example.toml` explains each key.
//!
//! No key has a default here: the example gives each one its value, so that a field which the
//! example lacks fails to load, and so does a key which no field takes.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::config::choices::LogFormat;
use crate::config::choices::ModelApi;
use crate::config::choices::ModelProvider;
use crate::config::choices::Profile;
use crate::config::choices::SchemaSupport;
use crate::config::choices::StoreUrl;
use crate::config::choices::ToolSupport;
use crate::config::values;
use crate::domain::policy::Labels;
use crate::domain::thread::Role;

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `[server]`
    pub server: Server,
    /// `[store]`
    pub store: Store,
    /// `[cache]`
    pub cache: Cache,
    /// `[github]`
    pub github: GitHub,
    /// `[[github_apps]]`: Apps beside the one of `[github]`.
    pub github_apps: Vec<GitHub>,
    /// `[setup]`
    pub setup: Setup,
    /// `[gitlab]`
    pub gitlab: GitLab,
    /// `[model]`
    pub model: ModelSettings,
    /// `[fallback_model]`
    pub fallback_model: ModelSettings,
    /// `[triggers]`
    pub triggers: Triggers,
    /// `[policy]`
    pub policy: Policy,
    /// `[checks]`
    pub checks: Checks,
    /// `[budgets]`
    pub budgets: Budgets,
    /// `[dependencies]`
    pub dependencies: Dependencies,
    /// `[worker]`
    pub worker: Worker,
    /// `[http]`
    pub http: Http,
    /// `[redaction]`
    pub redaction: Redaction,
    /// `[log]`
    pub log: Log,
}

/// Where requests come in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The public listener: webhooks and health.
    #[serde(deserialize_with = "values::listener")]
    pub listen: SocketAddr,
    /// The admin listener: metrics and status page.
    #[serde(deserialize_with = "values::listener")]
    pub admin_listen: SocketAddr,
    /// Bearer token that the admin listener asks for; there is one unless it listens on loopback.
    #[serde(deserialize_with = "values::optional_token")]
    pub admin_token: Option<SecretString>,
    /// Largest webhook body taken, in bytes.
    pub max_body_bytes: u64,
    /// Bytes of webhook bodies held at one time, over all connections.
    pub max_in_flight_bytes: u64,
    /// How long a body may take to arrive.
    #[serde(rename = "body_timeout_seconds", deserialize_with = "values::seconds")]
    pub body_timeout: Duration,
}

/// Where deliveries and jobs are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Which database.
    pub url: StoreUrl,
    /// Days that finished jobs are kept.
    pub retention_days: u32,
}

/// Where contents and what is derived from them are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// The folder; `None` for the user's usual place, see [`Cache::folder`].
    #[serde(deserialize_with = "values::optional_path")]
    pub dir: Option<PathBuf>,
    /// Its largest size in bytes.
    pub max_bytes: u64,
}

/// The GitHub App.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitHub {
    /// Base address of the REST API.
    #[serde(deserialize_with = "values::url")]
    pub api_url: Url,
    /// Base address of the web pages.
    #[serde(deserialize_with = "values::url")]
    pub web_url: Url,
    /// The App's id or client id; `None` when GitHub is not used.
    #[serde(deserialize_with = "values::optional_app_id")]
    pub app_id: Option<String>,
    /// File with the App's private key in PEM form.
    #[serde(deserialize_with = "values::optional_path")]
    pub private_key_file: Option<PathBuf>,
    /// The private key itself, instead of a file; PEM with real line ends.
    #[serde(deserialize_with = "values::optional_pem")]
    pub private_key: Option<SecretString>,
    /// Secrets that webhooks may be signed with; several while one is replaced by another.
    #[serde(deserialize_with = "values::secrets")]
    pub webhook_secrets: Vec<SecretString>,
    /// Minutes between two looks for deliveries that did not reach us; 0 for none.
    pub sweep_minutes: u64,
}

/// Registering an App from the admin listener.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// File that a registered App is kept in; `None` when there is no such page.
    #[serde(deserialize_with = "values::optional_path")]
    pub app_file: Option<PathBuf>,
}

/// The GitLab bot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitLab {
    /// Base address of the instance.
    #[serde(deserialize_with = "values::url")]
    pub url: Url,
    /// Access token of the bot user; `None` when GitLab is not used.
    #[serde(deserialize_with = "values::optional_token")]
    pub token: Option<SecretString>,
    /// Secret tokens of webhooks.
    #[serde(deserialize_with = "values::secrets")]
    pub webhook_secrets: Vec<SecretString>,
    /// Signing tokens of webhooks.
    #[serde(deserialize_with = "values::secrets")]
    pub signing_tokens: Vec<SecretString>,
}

/// A model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Which wire format it speaks.
    pub provider: ModelProvider,
    /// Base address of its API; `None` for the provider's own.
    #[serde(deserialize_with = "values::optional_url")]
    pub base_url: Option<Url>,
    /// The model's name at the provider; empty only when there is no provider.
    pub name: String,
    /// The key.
    #[serde(deserialize_with = "values::optional_token")]
    pub api_key: Option<SecretString>,
    /// Which of OpenAI's formats is spoken.
    pub api: ModelApi,
    /// Azure's version of the API; `None` where the address needs none.
    #[serde(deserialize_with = "values::optional_word")]
    pub api_version: Option<String>,
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// Tokens that a question and its answer may have together; `None` when it is to be found out.
    #[serde(deserialize_with = "values::optional_count")]
    pub context_tokens: Option<u32>,
    /// How hard it is to think, in its provider's words; `None` leaves it to the provider.
    #[serde(deserialize_with = "values::optional_word")]
    pub reasoning_effort: Option<String>,
    /// How it is held to a schema.
    pub schema: SchemaSupport,
    /// Whether it may be given tools.
    pub tools: ToolSupport,
    /// How long one answer may take.
    #[serde(rename = "timeout_seconds", deserialize_with = "values::seconds")]
    pub timeout: Duration,
    /// How long an answer that has begun may pause.
    #[serde(rename = "idle_timeout_seconds", deserialize_with = "values::seconds")]
    pub idle_timeout: Duration,
    /// Price of a million tokens sent, in millionths of the currency; there is one for tokens
    /// received exactly when there is this one.
    #[serde(deserialize_with = "values::optional_price")]
    pub price_input: Option<u64>,
    /// The same for tokens that the provider had kept; `None` when they cost as much as others.
    #[serde(deserialize_with = "values::optional_price")]
    pub price_cached: Option<u64>,
    /// The same for tokens received.
    #[serde(deserialize_with = "values::optional_price")]
    pub price_output: Option<u64>,
    /// The currency of the prices, such as `USD`.
    #[serde(deserialize_with = "values::currency")]
    pub price_currency: String,
}

/// What starts a plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// Labels that ask for a plan when somebody puts them on a thread.
    #[serde(deserialize_with = "values::labels")]
    pub labels: Vec<String>,
    /// Labels that ask like those, and are taken off when their plan is there.
    #[serde(deserialize_with = "values::labels")]
    pub one_shot_labels: Vec<String>,
    /// Labels that keep all others from asking as long as they are on the thread.
    #[serde(deserialize_with = "values::labels")]
    pub exclude_labels: Vec<String>,
    /// Names of the bot: `@name plan` is taken like `/plan`.
    #[serde(deserialize_with = "values::bot_names")]
    pub bot_names: Vec<String>,
}

impl Triggers {
    /// What the labels of a thread mean.
    pub fn label_policy(&self) -> Labels {
        Labels {
            asking: self.labels.clone(),
            one_shot: self.one_shot_labels.clone(),
            excluding: self.exclude_labels.clone(),
        }
    }
}

/// Who may ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The weakest role that may ask; never [`Role::None`].
    #[serde(deserialize_with = "values::role")]
    pub minimum_role: Role,
    /// Most requests of one thread that are taken within an hour.
    pub thread_requests_per_hour: u32,
}

/// When the age of plans is checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Whether a push checks the plans of open threads.
    pub on_push: bool,
    /// How long a push is waited out, so that one check serves several.
    #[serde(rename = "delay_seconds", deserialize_with = "values::seconds")]
    pub delay: Duration,
    /// The time between two threads that are checked for one push.
    #[serde(rename = "gap_seconds", deserialize_with = "values::seconds")]
    pub gap: Duration,
    /// Most threads that are checked for one push, those planned last before others.
    pub most_threads: u32,
}

/// Limits of one plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Most files read.
    pub repository_files: u64,
    /// Most bytes read, unpacked.
    pub repository_bytes: u64,
    /// Largest file read, in bytes.
    pub file_bytes: u64,
    /// Most requests for contents beside the archive.
    pub blob_requests: u64,
    /// Most bytes of the request's text that are used.
    pub request_bytes: u64,
    /// How thoroughly plans are made.
    pub profile: Profile,
    /// Most calls to the model.
    pub model_calls: u32,
    /// Most tokens sent to the model.
    pub input_tokens: u64,
    /// Most tokens received from the model.
    pub output_tokens: u64,
    /// Most money for one plan, in hundredths of the currency of the prices; 0 for no limit.
    pub plan_cents: u64,
    /// How long planning may take.
    #[serde(rename = "plan_seconds", deserialize_with = "values::seconds")]
    pub plan_time: Duration,
}

/// How proposed libraries are looked up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependencies {
    /// Whether they are.
    pub lookup: bool,
    /// Base address of deps.dev, or of a service that speaks like it.
    #[serde(deserialize_with = "values::url")]
    pub api_url: Url,
    /// How long all lookups of one draft may take together.
    #[serde(
        rename = "lookup_timeout_seconds",
        deserialize_with = "values::seconds"
    )]
    pub timeout: Duration,
    /// Most libraries of one draft that are looked up.
    pub max_lookups: usize,
}

/// How jobs are worked on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// Jobs worked on at one time.
    pub concurrency: usize,
    /// Attempts before a job is given up.
    pub max_attempts: u32,
    /// How long a lease lasts without a heartbeat.
    #[serde(rename = "lease_seconds", deserialize_with = "values::seconds")]
    pub lease: Duration,
    /// How long one job may take.
    #[serde(rename = "job_timeout_seconds", deserialize_with = "values::seconds")]
    pub job_timeout: Duration,
    /// After how long a thread is told that its plan is being made, and the least time between two such
    /// words; zero for never.
    #[serde(rename = "status_after_seconds", deserialize_with = "values::seconds")]
    pub status_after: Duration,
    /// The time to finish work after a stop was asked for.
    #[serde(rename = "drain_seconds", deserialize_with = "values::seconds")]
    pub drain: Duration,
}

/// Outgoing requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Hosts that may be spoken to without TLS, beside loopback addresses; in lower case.
    #[serde(deserialize_with = "values::hosts")]
    pub allow_insecure_hosts: Vec<String>,
    /// How long a connection may take to come about.
    #[serde(
        rename = "connect_timeout_seconds",
        deserialize_with = "values::seconds"
    )]
    pub connect_timeout: Duration,
    /// How long a forge may stay silent.
    #[serde(
        rename = "request_timeout_seconds",
        deserialize_with = "values::seconds"
    )]
    pub request_timeout: Duration,
    /// File with further certificate authorities in PEM form.
    #[serde(deserialize_with = "values::optional_path")]
    pub extra_ca_file: Option<PathBuf>,
}

/// What is kept from models, comments and logs beside what always is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redaction {
    /// File with further rules.
    #[serde(deserialize_with = "values::optional_path")]
    pub rules_file: Option<PathBuf>,
    /// Patterns of values that are no secrets; each one is a regular expression that works.
    #[serde(deserialize_with = "values::patterns")]
    pub allow: Vec<String>,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What is logged: a level, or `tracing` directives.
    #[serde(deserialize_with = "values::log_filter")]
    pub filter: String,
    /// How it is written.
    pub format: LogFormat,
}
