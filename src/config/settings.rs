//! The shape of all settings; `config.example.toml` explains each key.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;

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
    /// `[gitlab]`
    pub gitlab: GitLab,
    /// `[model]`
    pub model: ModelSettings,
    /// `[triggers]`
    pub triggers: Triggers,
    /// `[policy]`
    pub policy: Policy,
    /// `[budgets]`
    pub budgets: Budgets,
    /// `[worker]`
    pub worker: Worker,
    /// `[http]`
    pub http: Http,
    /// `[log]`
    pub log: Log,
}

/// Where requests come in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port of the public listener: webhooks and health.
    pub listen: String,
    /// Address and port of the admin listener: metrics and status page.
    pub admin_listen: String,
    /// Bearer token that the admin listener asks for; must be set unless it listens on loopback.
    pub admin_token: SecretString,
    /// Largest webhook body taken, in bytes.
    pub max_body_bytes: u64,
    /// Bytes of webhook bodies held at one time, over all connections.
    pub max_in_flight_bytes: u64,
    /// Seconds that a body may take to arrive.
    pub body_timeout_seconds: u64,
}

/// Where deliveries and jobs are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// `sqlite:PATH`.
    pub url: String,
    /// Days that finished jobs are kept.
    pub retention_days: u32,
}

/// Where contents and what is derived from them are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    /// The folder.
    pub dir: PathBuf,
    /// Its largest size in bytes.
    pub max_bytes: u64,
}

/// The GitHub App.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitHub {
    /// Base address of the REST API.
    pub api_url: String,
    /// Base address of the web pages.
    pub web_url: String,
    /// The App's id or client id; empty when GitHub is not used.
    pub app_id: String,
    /// File with the App's private key in PEM form.
    pub private_key_file: PathBuf,
    /// The private key itself, instead of a file.
    pub private_key: SecretString,
    /// Secrets that webhooks may be signed with; several while one is replaced by another.
    pub webhook_secrets: Vec<SecretString>,
}

/// The GitLab bot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GitLab {
    /// Base address of the instance.
    pub url: String,
    /// Access token of the bot user; empty when GitLab is not used.
    pub token: SecretString,
    /// Secret tokens of webhooks.
    pub webhook_secrets: Vec<SecretString>,
    /// Signing tokens of webhooks.
    pub signing_tokens: Vec<SecretString>,
}

/// Which wire format a model speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelProvider {
    /// No model: outlines only.
    None,
    /// Anthropic Messages.
    Anthropic,
    /// OpenAI Chat Completions, or a server that speaks it.
    OpenAi,
    /// Gemini.
    Gemini,
    /// Ollama.
    Ollama,
}

/// The model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Which wire format it speaks.
    pub provider: ModelProvider,
    /// Base address of its API; empty for the provider's own.
    pub base_url: String,
    /// The model's name at the provider.
    pub name: String,
    /// The key.
    pub api_key: SecretString,
    /// Most tokens of one answer.
    pub max_output_tokens: u32,
    /// Seconds that one answer may take.
    pub timeout_seconds: u64,
}

/// What starts a plan.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triggers {
    /// Labels that ask for a plan when somebody puts them on a thread.
    pub labels: Vec<String>,
    /// Names of the bot: `@name plan` is taken like `/plan`.
    pub bot_names: Vec<String>,
}

/// Who may ask.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The weakest role that may ask: `read`, `triage`, `write`, `maintain` or `admin`.
    pub minimum_role: String,
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
    /// Most blobs fetched one by one when there is no archive.
    pub blob_requests: u64,
    /// Most bytes of the request's text that are used.
    pub request_bytes: u64,
    /// Most calls to the model.
    pub model_calls: u32,
}

/// How jobs are worked on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    /// Jobs worked on at one time.
    pub concurrency: usize,
    /// Attempts before a job is given up.
    pub max_attempts: u32,
    /// Seconds that a lease lasts without a heartbeat.
    pub lease_seconds: u64,
    /// Seconds that one job may take.
    pub job_timeout_seconds: u64,
    /// Seconds to finish work after a stop was asked for.
    pub drain_seconds: u64,
}

/// Outgoing requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Hosts that may be spoken to without TLS, beside loopback addresses.
    pub allow_insecure_hosts: Vec<String>,
    /// Seconds to connect.
    pub connect_timeout_seconds: u64,
    /// Seconds that one request to a forge may take.
    pub request_timeout_seconds: u64,
    /// File with further certificate authorities in PEM form; empty for none.
    pub extra_ca_file: PathBuf,
}

/// Logs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// What is logged: a level, or `tracing` directives.
    pub filter: String,
    /// `text` or `json`.
    pub format: String,
}
