//! The Apps, their installations and the tokens minted for them.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use crate::sandbox::key::AppKey;
use crate::sandbox::world::State;
use crate::sandbox::world::deliveries::Hook;
use crate::sandbox::world::people::Account;
use crate::store::Millis;

/// How long an installation token works, as on GitHub.
const TOKEN_LIFE: Duration = Duration::from_hours(1);

/// Tokens remembered; older ones stop working.
const MOST_TOKENS: usize = 1_000;

/// How much of something is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Read,
    Write,
}

impl Level {
    /// GitHub's word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// The level of that name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        [Self::Read, Self::Write]
            .into_iter()
            .find(|level| level.as_str() == name)
    }
}

/// Permissions by GitHub's names.
pub(crate) type Permissions = BTreeMap<String, Level>;

/// How an installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstallationStatus {
    /// It works.
    Active,
    /// It exists, and no token is minted for it.
    Suspended,
    /// The owner removed it.
    Removed,
}

/// An App.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) id: u64,
    pub(crate) client_id: String,
    pub(crate) slug: String,
    pub(crate) installation: u64,
    pub(crate) status: InstallationStatus,
    pub(crate) permissions: Permissions,
    /// The events that it is told of.
    pub(crate) events: Vec<String>,
    pub(crate) key: AppKey,
    pub(crate) hook: Hook,
    pub(crate) created_at: Millis,
}

/// The Apps of the forge: the one that it began with, and those that came later.
#[derive(Debug)]
pub(crate) struct Apps {
    pub(crate) first: App,
    others: Vec<App>,
}

impl Apps {
    pub(crate) fn new(first: App) -> Self {
        Self {
            first,
            others: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, app: App) {
        self.others.push(app);
    }

    /// All of them, in the order in which they came.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &App> {
        std::iter::once(&self.first).chain(&self.others)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut App> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// The App of that id.
    pub(crate) fn find(&self, id: u64) -> Option<&App> {
        self.iter().find(|app| app.id == id)
    }

    pub(crate) fn find_mut(&mut self, id: u64) -> Option<&mut App> {
        self.iter_mut().find(|app| app.id == id)
    }

    /// The App that acts through an account.
    pub(crate) fn find_behind(&self, account: &Account) -> Option<&App> {
        self.iter().find(|app| app.bot_login() == account.login)
    }
}

impl App {
    /// The login that the App's comments carry.
    pub(crate) fn bot_login(&self) -> String {
        format!("{}[bot]", self.slug)
    }
}

/// A token of an installation.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// The id of its App.
    pub(crate) app: u64,
    secret: SecretString,
    pub(crate) expires_at: Millis,
    pub(crate) permissions: Permissions,
    /// Whether it was narrowed to chosen repositories.
    pub(crate) selected: bool,
}

impl State {
    /// Mints a token of the App `app` with `permissions`, which the caller has checked against the
    /// grant. Returns its text and what was minted.
    pub(crate) fn mint(
        &mut self,
        app: u64,
        permissions: Permissions,
        selected: bool,
        now: Millis,
    ) -> (String, Token) {
        // As github.com mints them since 2026: the App's id and a JSON web token, some 520 characters.
        let mut part = |length| self.texts.letters(length);
        let token = format!("{}.{}-{}.{}", part(36), part(120), part(120), part(230));
        let secret = format!("ghs_{app}_{token}");
        let token = Token {
            app,
            secret: SecretString::from(secret.clone()),
            expires_at: now.plus(TOKEN_LIFE),
            permissions,
            selected,
        };
        if self.tokens.len() >= MOST_TOKENS {
            self.tokens.pop_front();
        }
        self.tokens.push_back(token.clone());
        (secret, token)
    }

    /// The token of that text while it works.
    pub(crate) fn find_token(&self, secret: &str, now: Millis) -> Option<&Token> {
        self.tokens
            .iter()
            .find(|token| token.secret.expose_secret() == secret && token.expires_at > now)
            .filter(|token| {
                let app = self.apps.find(token.app);
                app.is_some_and(|app| app.status == InstallationStatus::Active)
            })
    }

    /// Makes a token stop working.
    pub(crate) fn revoke(&mut self, secret: &str) {
        self.tokens
            .retain(|token| token.secret.expose_secret() != secret);
    }
}
