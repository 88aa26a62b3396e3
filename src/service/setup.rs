//! Registering an App: where, and what is done once GitHub has handed it out.
//!
//! An App is handed out once. So what is done with it first is to keep it; all else may be done again.

use std::io;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use crate::config::{self, Http, RegisteredApp};
use crate::domain::repository::Malformed;
use crate::forge::ForgeError;
use crate::forge::github::{
    AppKeys, AppLogin, Credentials, GitHub, KeyError, Origins, Registrar, Timing,
};
use crate::http::{self, ApiBase, Purpose};

/// Where GitHub is for everybody.
const GITHUB_API: &str = "https://api.github.com";
const GITHUB_WEB: &str = "https://github.com";

/// The end of the hosts of Enterprise Cloud with data residency.
const RESIDENCY: &str = ".ghe.com";

/// How often the webhook of a new App is tried to be set.
const HOOK_ATTEMPTS: u32 = 4;

/// Longest login of an organisation; GitHub's have at most 39 characters.
const LONGEST_LOGIN: usize = 100;

/// A GitHub on which an App can be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Base address of the REST API.
    pub api_url: Url,
    /// Base address of the web pages.
    pub web_url: Url,
}

impl Place {
    /// github.com, for no host; otherwise the one that `host` names: an Enterprise Server, or a part of
    /// Enterprise Cloud with data residency.
    ///
    /// # Errors
    /// When `host` is no host name.
    pub fn parse(host: &str) -> Result<Self, Malformed> {
        let host = host.trim();
        let bare = host.strip_prefix("https://").unwrap_or(host);
        let bare = bare.trim_end_matches('/').to_lowercase();
        let (api, web) = if bare.is_empty() || bare == "github.com" {
            (GITHUB_API.to_owned(), GITHUB_WEB.to_owned())
        } else if bare.ends_with(RESIDENCY) {
            (format!("https://api.{bare}"), format!("https://{bare}"))
        } else {
            (format!("https://{bare}/api/v3"), format!("https://{bare}"))
        };
        let malformed = || Malformed::new(host, "a host name such as `github.example.com`");
        let parse = |text: &str| Url::parse(text).map_err(|_| malformed());
        let (api_url, web_url) = (parse(&api)?, parse(&web)?);
        // Whatever else could stand in an address must not have come from the host.
        let is_host = web_url.path() == "/"
            && web_url.query().is_none()
            && web_url.fragment().is_none()
            && web_url.username().is_empty()
            && web_url.password().is_none()
            && !config::address::is_forbidden_host(&web_url);
        is_host
            .then_some(Self { api_url, web_url })
            .ok_or_else(malformed)
    }

    /// The page that takes a manifest, for an organisation or for whoever is logged in.
    ///
    /// # Errors
    /// When `organization` cannot be a login.
    pub fn registration_page(&self, organization: &str, state: &str) -> Result<Url, Malformed> {
        let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if organization.len() > LONGEST_LOGIN || !organization.bytes().all(fine) {
            return Err(Malformed::new(organization, "the login of an organisation"));
        }
        let base = self.web_url.as_str().trim_end_matches('/');
        let page = match organization {
            "" => format!("{base}/settings/apps/new"),
            login => format!("{base}/organizations/{login}/settings/apps/new"),
        };
        let mut page = Url::parse(&page).map_err(|_| Malformed::new(&page, "an address"))?;
        page.query_pairs_mut().append_pair("state", state);
        Ok(page)
    }
}

/// Why an App was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// GitHub did not hand it out.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// What GitHub handed out cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It could not be kept.
    #[error("the App could not be kept in `{}`: {why}", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: io::Error,
    },
    /// No way to GitHub could be made.
    #[error("no way to GitHub could be made: {why}")]
    Client {
        /// The cause.
        why: String,
    },
}

/// An App that was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The page on which it is installed.
    pub install_url: Url,
    /// Whether its webhooks come as they should; if not, its settings have to be looked at.
    pub is_hook_set: bool,
}

/// What registering takes.
#[derive(Debug, Clone)]
pub struct Setup {
    /// How to speak to GitHub.
    pub http: Http,
    /// Time and chance.
    pub timing: Timing,
    /// The file that the App is kept in.
    pub app_file: PathBuf,
    /// A secret for its webhooks, should GitHub make none.
    pub spare_secret: SecretString,
}

impl Setup {
    /// Trades a code for the App, keeps it, and has its webhooks sent as JSON.
    ///
    /// # Errors
    /// When the App was not handed out, or could not be kept.
    pub async fn complete(&self, place: &Place, code: &str) -> Result<Registered, SetupError> {
        let failed = |why: String| SetupError::Client { why };
        let base = ApiBase::new(&place.api_url).map_err(|error| failed(error.to_string()))?;
        let purpose = Purpose {
            base: &base,
            read_timeout: self.http.request_timeout,
        };
        let client =
            http::client(&self.http, purpose).map_err(|error| failed(error.to_string()))?;
        let origins = Origins::parse(place.api_url.as_str(), place.web_url.as_str())
            .map_err(|error| failed(error.to_string()))?;
        let registrar = Registrar::new(client.clone(), origins.clone(), self.timing);
        let app = registrar.convert(code).await?;
        let given = app.webhook_secret.filter(|secret| !is_empty(secret));
        let webhook_secret = given.unwrap_or_else(|| self.spare_secret.clone());
        let kept = RegisteredApp {
            api_url: place.api_url.clone(),
            web_url: place.web_url.clone(),
            app_id: app.id,
            private_key: app.private_key.clone(),
            webhook_secret: webhook_secret.clone(),
        };
        config::save_app(&self.app_file, &kept).map_err(|why| SetupError::File {
            path: self.app_file.clone(),
            why,
        })?;
        let login = AppLogin {
            id: app.id.to_string(),
            keys: AppKeys::parse(&app.private_key)?,
        };
        let credentials = Credentials::Apps(vec![login]);
        let github = GitHub::new(client, origins, credentials, self.timing);
        Ok(Registered {
            install_url: app.install_url,
            is_hook_set: self.set_hook(&github, &webhook_secret).await,
        })
    }

    /// Has webhooks sent as they should be, and returns whether they are. Parts of GitHub may not have
    /// heard of an App that is seconds old.
    async fn set_hook(&self, github: &GitHub, secret: &SecretString) -> bool {
        for attempt in 1..=HOOK_ATTEMPTS {
            match github.set_hook(secret).await {
                Ok(()) => return true,
                Err(error) => {
                    tracing::warn!(attempt, %error, "the webhook's settings were not changed: {error}");
                }
            }
            tokio::time::sleep(self.timing.pause).await;
        }
        false
    }
}

fn is_empty(secret: &SecretString) -> bool {
    secrecy::ExposeSecret::expose_secret(secret).is_empty()
}
