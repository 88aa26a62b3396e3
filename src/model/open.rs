//! From settings to a model.

use std::sync::Arc;

use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use url::Url;

use crate::config::address::is_loopback;
use crate::config::{ModelApi, ModelProvider, ModelSettings, ToolSupport};
use crate::http::ApiBase;
use crate::model::anthropic::Anthropic;
use crate::model::chat::Chat;
use crate::model::client::{Client, Traits};
use crate::model::exchange::Exchange;
use crate::model::gemini::Gemini;
use crate::model::ladder::Ladder;
use crate::model::limits::find_window;
use crate::model::ollama::Ollama;
use crate::model::price::Price;
use crate::model::responses::Responses;
use crate::model::wire::Wire;
use crate::model::{Model, ModelSetupError};

/// The host of OpenAI itself.
const OPENAI_HOST: &str = "api.openai.com";

/// The end of the hosts that serve OpenAI's models at Azure.
const AZURE_HOSTS: &str = ".azure.com";

/// What a model is spoken to with.
#[derive(Debug, Clone)]
pub struct Means {
    /// A client that follows no redirects.
    pub client: reqwest::Client,
    /// A random number from 0 up to 1.
    pub random: fn() -> f64,
    /// The section that the settings are from, for messages: `model` or `fallback_model`.
    pub section: &'static str,
}

/// The base address of the API that the settings mean; `None` without a provider.
pub fn address(settings: &ModelSettings) -> Option<Url> {
    let own = match settings.provider {
        ModelProvider::None => return None,
        ModelProvider::Anthropic => "https://api.anthropic.com",
        ModelProvider::OpenAi => "https://api.openai.com/v1",
        ModelProvider::Gemini => "https://generativelanguage.googleapis.com/v1beta",
        ModelProvider::Ollama => "http://127.0.0.1:11434",
    };
    settings.base_url.clone().or_else(|| Url::parse(own).ok())
}

/// Opens the configured model; `None` when none is configured.
///
/// # Errors
/// When the settings cannot work. Nothing is sent.
pub fn open(
    settings: &ModelSettings,
    means: Means,
) -> Result<Option<Arc<dyn Model>>, ModelSetupError> {
    let Some(url) = address(settings) else {
        return Ok(None);
    };
    let place = Place::of(settings, &url, means.section)?;
    let is_local = settings.provider == ModelProvider::Ollama;
    let traits = Traits {
        name: settings.name.trim().to_owned(),
        price: Price::of(settings),
        effort: settings.reasoning_effort.clone(),
        timeout: settings.timeout,
        tools: settings.tools == ToolSupport::Auto,
        configured_window: settings.context_tokens,
        known_window: find_window(&settings.name).filter(|_| !is_local),
        max_output_tokens: settings.max_output_tokens,
        schema_in_prompt_too: is_local,
    };
    let without_json = settings.provider == ModelProvider::Anthropic;
    let ladder = Ladder::new(settings.schema, without_json);
    let exchange = Exchange {
        client: means.client,
        random: means.random,
        is_near: is_loopback(&url),
        idle_timeout: settings.idle_timeout,
    };
    let wires = wires(settings, place);
    Ok(Some(Arc::new(Client::new(traits, exchange, ladder, wires))))
}

/// Where a provider is, and how to get in.
pub(super) struct Place {
    pub(super) base: ApiBase,
    pub(super) model: String,
    /// The key as it stands in a header, marked as sensitive.
    pub(super) key: Option<HeaderValue>,
    /// The same after `Bearer`.
    pub(super) bearer: Option<HeaderValue>,
    /// Azure's version of the API, where the address needs one.
    pub(super) api_version: Option<String>,
    /// Whether Azure's own header takes the key.
    pub(super) is_azure: bool,
}

impl Place {
    fn of(
        settings: &ModelSettings,
        url: &Url,
        section: &'static str,
    ) -> Result<Self, ModelSetupError> {
        if settings.name.trim().is_empty() {
            return Err(ModelSetupError::NoName { section });
        }
        let needs_key = settings.base_url.is_none() && settings.provider != ModelProvider::Ollama;
        let key = settings.api_key.as_ref();
        let key = key.map_or("", |key| key.expose_secret().trim());
        if needs_key && key.is_empty() {
            return Err(ModelSetupError::NoKey { section });
        }
        let header = |prefix: &str| -> Result<Option<HeaderValue>, ModelSetupError> {
            if key.is_empty() {
                return Ok(None);
            }
            let mut value = HeaderValue::from_str(&format!("{prefix}{key}"))
                .map_err(|_| ModelSetupError::Key { section })?;
            value.set_sensitive(true);
            Ok(Some(value))
        };
        let url = trim_version(url, settings.provider);
        let api_version = settings.api_version.clone();
        let host = url.host_str().unwrap_or_default();
        Ok(Self {
            base: ApiBase::new(&url).map_err(|_| ModelSetupError::Address { section })?,
            model: settings.name.trim().to_owned(),
            key: header("")?,
            bearer: header("Bearer ")?,
            is_azure: api_version.is_some() || host.ends_with(AZURE_HOSTS),
            api_version,
        })
    }
}

/// The address without the version that the format's own paths begin with: it is written both ways.
fn trim_version(url: &Url, provider: ModelProvider) -> Url {
    let endings: &[&str] = match provider {
        ModelProvider::Anthropic => &["/v1"],
        ModelProvider::Gemini => &["/v1beta", "/v1"],
        ModelProvider::Ollama => &["/v1", "/api"],
        ModelProvider::OpenAi | ModelProvider::None => &[],
    };
    let path = url.path().trim_end_matches('/');
    let trimmed = endings.iter().find_map(|ending| path.strip_suffix(ending));
    let mut url = url.clone();
    if let Some(trimmed) = trimmed.map(str::to_owned) {
        url.set_path(&trimmed);
    }
    url
}

fn wires(settings: &ModelSettings, place: Place) -> Vec<Box<dyn Wire>> {
    let at_home = place.base.url().host_str() == Some(OPENAI_HOST);
    let chat = |place| -> Box<dyn Wire> { Box::new(Chat::new(place)) };
    let responses = |place| -> Box<dyn Wire> { Box::new(Responses::new(place)) };
    let shared = Arc::new(place);
    let place = Arc::clone(&shared);
    match (settings.provider, settings.api) {
        (ModelProvider::None, _) => Vec::new(),
        (ModelProvider::Anthropic, _) => vec![Box::new(Anthropic::new(place))],
        (ModelProvider::Gemini, _) => vec![Box::new(Gemini::new(place))],
        (ModelProvider::Ollama, _) => vec![Box::new(Ollama::new(place))],
        (ModelProvider::OpenAi, ModelApi::Responses) => vec![responses(place)],
        (ModelProvider::OpenAi, ModelApi::Auto) if at_home => {
            vec![responses(place), chat(shared)]
        }
        (ModelProvider::OpenAi, ModelApi::Auto | ModelApi::Chat) => vec![chat(place)],
    }
}
