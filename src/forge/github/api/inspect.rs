//! What GitHub tells of an App: for whoever looks after it, and for nobody else.

use std::collections::BTreeMap;
use std::time::SystemTime;

use http::Method;
use http::header::DATE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use url::Url;

use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::app::App;
use crate::forge::github::transport::Request;
use crate::forge::github::{time, wire};

/// Installations that are looked at; an App that one team runs has a few.
const MAX_INSTALLATIONS: usize = 100;

/// What an App is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppFacts {
    /// Its name in addresses.
    pub slug: String,
    /// The permissions that it asks for, by their names.
    pub permissions: BTreeMap<String, String>,
    /// The events that it is told of.
    pub events: Vec<String>,
}

/// Where an App's webhooks go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookFacts {
    /// The address; `None` when there is none that is one.
    pub url: Option<Url>,
    /// Whether bodies are JSON rather than forms.
    pub is_json: bool,
    /// Whether they are signed.
    pub has_secret: bool,
    /// Whether the receiver's certificate is checked.
    pub checks_certificate: bool,
}

/// Where an App is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstallationFacts {
    /// The login of the user or organisation; raw text.
    pub account: String,
    /// Whether it is suspended.
    pub is_suspended: bool,
    /// The permissions that were granted, which may be fewer than the App asks for by now.
    pub permissions: BTreeMap<String, String>,
}

impl GitHub {
    /// What the first App is.
    ///
    /// # Errors
    /// [`ForgeError::Denied`] when its id or key is not accepted.
    pub async fn app_facts(&self) -> Result<AppFacts, ForgeError> {
        let app = self.first_app()?;
        let request = Request::get("/app".to_owned(), "the App".to_owned());
        let told: wire::App = self.retried(|| app.ask(&request)).await?;
        Ok(AppFacts {
            slug: told.slug.unwrap_or_default(),
            permissions: told.permissions,
            events: told.events,
        })
    }

    /// The time of day by GitHub's clock, whoever asks.
    ///
    /// # Errors
    /// When GitHub cannot be reached, or tells no time.
    pub async fn time_of_day(&self) -> Result<SystemTime, ForgeError> {
        let request = Request::get("/app".to_owned(), "the time".to_owned());
        let response = self
            .retried(|| self.transport.send_openly(&request))
            .await?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| time::parse_date_header(date.to_str().ok()?));
        date.ok_or(ForgeError::Unexpected {
            what: request.what,
            why: "it tells no date".to_owned(),
        })
    }

    /// Where the webhooks of the first App go.
    ///
    /// # Errors
    /// [`ForgeError::NotFound`] when it has none.
    pub async fn hook_facts(&self) -> Result<HookFacts, ForgeError> {
        let app = self.first_app()?;
        let request = Request::get(HOOK.to_owned(), "the webhook's settings".to_owned());
        let told: wire::Hook = self.retried(|| app.ask(&request)).await?;
        Ok(HookFacts {
            url: told.url.and_then(|url| Url::parse(&url).ok()),
            is_json: told.content_type.as_deref() == Some("json"),
            has_secret: told.secret.is_some_and(|secret| !secret.is_empty()),
            checks_certificate: !told.insecure_ssl.is_some_and(|value| value.is_on()),
        })
    }

    /// Has the first App's webhooks sent as JSON, signed with `secret`.
    ///
    /// # Errors
    /// When GitHub does not do it. It may be done again.
    pub async fn set_hook(&self, secret: &SecretString) -> Result<(), ForgeError> {
        let body = json!({"content_type": "json", "secret": secret.expose_secret()});
        let what = "the webhook's settings".to_owned();
        let request = Request::write(Method::PATCH, HOOK.to_owned(), body, what);
        let app = self.first_app()?;
        self.retried(|| app.exchange(&request)).await.map(drop)
    }

    /// Where the first App is installed, at most a hundred places.
    ///
    /// # Errors
    /// When GitHub does not tell.
    pub async fn installations(&self) -> Result<Vec<InstallationFacts>, ForgeError> {
        let app = self.first_app()?;
        let path = format!("/app/installations?per_page={MAX_INSTALLATIONS}");
        let request = Request::get(path, "the App's installations".to_owned());
        let told: Vec<wire::InstallationAt> = self.retried(|| app.ask(&request)).await?;
        let facts = told.into_iter().map(|told| InstallationFacts {
            account: told
                .account
                .and_then(|account| account.login)
                .unwrap_or_default(),
            is_suspended: told.suspended_at.is_some(),
            permissions: told.permissions,
        });
        Ok(facts.collect())
    }

    fn first_app(&self) -> Result<App<'_>, ForgeError> {
        let mut apps = self.tokens.apps(&self.transport);
        apps.next().ok_or_else(|| ForgeError::NotFound {
            what: "the App".to_owned(),
        })
    }
}

const HOOK: &str = "/app/hook/config";
