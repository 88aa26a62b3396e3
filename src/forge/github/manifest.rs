//! Registering an App: what it is to be, and what GitHub hands out once somebody agreed.

use http::Method;
use secrecy::SecretString;
use serde_json::json;
use url::Url;

use crate::forge::ForgeError;
use crate::forge::github::app::PERMISSIONS;
use crate::forge::github::transport::{
    MAX_JSON_BYTES, Request, Timing, Transport, encode_segment, read_whole,
};
use crate::forge::github::{Origins, failure, wire};

/// The events that an App of ours is told of, beside those that every App is.
pub const EVENTS: [&str; 7] = [
    "issues",
    "issue_comment",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "repository",
];

/// What GitHub is asked to register.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The App's name, which nobody else on that GitHub may have.
    pub name: String,
    /// Where webhooks are to go.
    pub hook_url: Url,
    /// Where GitHub sends the browser afterwards, with a code.
    pub redirect_url: Url,
}

impl Manifest {
    /// The manifest as JSON.
    pub fn to_json(&self) -> String {
        let permissions = PERMISSIONS.map(|(name, level)| (name.to_owned(), json!(level)));
        json!({
            "name": self.name,
            "url": "https://github.com/planwright/planwright",
            "description": "Label an issue or comment /plan: one comment that says what to change, \
                            where and why, checked against the code. Writes no code.",
            "public": false,
            "redirect_url": self.redirect_url.as_str(),
            "hook_attributes": {"url": self.hook_url.as_str(), "active": true},
            "default_permissions": serde_json::Map::from_iter(permissions),
            "default_events": EVENTS,
        })
        .to_string()
    }
}

/// An App as GitHub hands it out, once.
#[derive(Debug)]
pub struct NewApp {
    /// Its id.
    pub id: u64,
    /// Its private key in PEM form.
    pub private_key: SecretString,
    /// What its webhooks are signed with; `None` when GitHub made no secret.
    pub webhook_secret: Option<SecretString>,
    /// The path of the page on which it is installed.
    pub install_url: Url,
}

/// A GitHub on which Apps are registered.
pub struct Registrar {
    transport: Transport,
}

impl Registrar {
    /// Makes it; nothing is sent yet.
    pub fn new(client: reqwest::Client, origins: Origins, timing: Timing) -> Self {
        Self {
            transport: Transport::new(client, origins, timing),
        }
    }

    /// Trades the code that GitHub gave a browser for the App. It can be done once.
    ///
    /// # Errors
    /// [`ForgeError::NotFound`] when the code is unknown, used or older than an hour.
    pub async fn convert(&self, code: &str) -> Result<NewApp, ForgeError> {
        let path = format!("/app-manifests/{}/conversions", encode_segment(code));
        let request = Request::bare(Method::POST, path, "the new App".to_owned());
        let response = self.transport.send_openly(&request).await?;
        if !response.status().is_success() {
            let now = self.transport.clock.theirs();
            return Err(failure::from_response(&request.what, response, now).await);
        }
        let answer = read_whole(response, MAX_JSON_BYTES, &request.what).await?;
        let app: wire::NewApp = answer.json(&request.what)?;
        let web = self.transport.origins.web();
        let page = Url::parse(&format!("{}/installations/new", app.html_url)).ok();
        let page = page.filter(|page| page.origin() == web.origin());
        Ok(NewApp {
            id: app.id,
            private_key: app.pem,
            webhook_secret: app.webhook_secret,
            install_url: page.ok_or_else(|| ForgeError::Unexpected {
                what: request.what,
                why: "its page is on another host".to_owned(),
            })?,
        })
    }
}
