//! What `/setup` shows: plain pages that load nothing and run nothing.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use minijinja::{Environment, Value, context};
use serde::Deserialize;
use url::Url;

use crate::forge::github::{EVENTS, PERMISSIONS};
use crate::service::setup::Registered;

const TEMPLATE: &str = include_str!("../templates/setup.html");

/// What somebody filled in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answers {
    /// The host of an Enterprise Server; empty for github.com.
    pub(super) host: String,
    /// The organisation that is to own the App; empty for whoever is logged in.
    pub(super) organization: String,
    /// The App's name.
    pub(super) name: String,
    /// Where the bot is reached from outside.
    pub(super) address: String,
}

/// One of the pages.
#[derive(Debug)]
pub(super) enum Page {
    /// There is nothing for whoever asks.
    Closed,
    /// The system gives no random bytes.
    NoRandom,
    /// What is asked for.
    Form {
        /// Where the App has to be; `None` leaves it open.
        place: Option<Url>,
        answers: Answers,
        /// What is wrong with the answers; empty at first.
        problem: String,
    },
    /// The way to GitHub.
    Confirm { target: Url, manifest: String },
    /// The App is there.
    Done(Registered),
}

impl Page {
    fn values(&self) -> Value {
        match self {
            Self::Closed => context! { step => "closed" },
            Self::NoRandom => context! { step => "no-random" },
            Self::Form {
                place,
                answers,
                problem,
            } => context! {
                step => "form",
                place => place.as_ref().and_then(Url::host_str).unwrap_or_default(),
                host => answers.host.clone(),
                organization => answers.organization.clone(),
                name => if answers.name.is_empty() { "planwright" } else { &answers.name },
                address => answers.address.clone(),
                problem => problem.clone(),
            },
            Self::Confirm { target, manifest } => context! {
                step => "confirm",
                target => target.as_str(),
                host => target.host_str().unwrap_or_default(),
                manifest => manifest.clone(),
                permissions => PERMISSIONS.map(|(name, level)| format!("{name}: {level}")).to_vec(),
                events => EVENTS.to_vec(),
            },
            Self::Done(registered) => context! {
                step => "done",
                install_url => registered.install_url.as_str(),
                is_hook_set => registered.is_hook_set,
            },
        }
    }

    /// Where forms of this page may lead.
    fn form_targets(&self) -> String {
        match self {
            Self::Confirm { target, .. } => target.origin().ascii_serialization(),
            _ => "'self'".to_owned(),
        }
    }
}

/// The page under a status, with headers that keep it to itself.
pub(super) fn show(status: StatusCode, page: &Page) -> Response {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    let Ok(text) = environment.render_str(TEMPLATE, page.values()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; form-action {}; base-uri 'none'; \
         frame-ancestors 'none'",
        page.form_targets()
    );
    let headers: [(HeaderName, String); 4] = [
        (CONTENT_SECURITY_POLICY, policy),
        // Anything stricter makes browsers hide where our own form was sent from.
        (REFERRER_POLICY, "same-origin".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (status, headers, Html(text)).into_response()
}
