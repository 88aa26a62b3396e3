//! Who calls, with what, and whether they may.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, RawPathParams};
use http::header::{ACCEPT, AUTHORIZATION};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, StatusCode};
use secrecy::ExposeSecret;

use crate::domain::repository::RepositoryName;
use crate::domain::thread::Role;
use crate::sandbox::api::Context;
use crate::sandbox::api::answer::Problem;
use crate::sandbox::api::token;
use crate::sandbox::world::State;
use crate::sandbox::world::app::{Level, Token};
use crate::sandbox::world::people::Actor;
use crate::sandbox::world::requests::RequestOrigin;
use crate::store::Millis;

/// Who calls.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Anonymous,
    /// The App of that id itself, by its JSON web token.
    App(u64),
    /// An App through a token of its installation.
    Installation(Token),
    /// A person, by login.
    Person(String),
    /// Credentials that do not work.
    Refused(Problem),
}

impl Caller {
    /// Reads the credentials of a request.
    pub(crate) fn identify(state: &State, headers: &HeaderMap, now: Millis) -> Self {
        let Some(secret) = credentials(headers) else {
            return Self::Anonymous;
        };
        if let Some(token) = state.find_token(secret, now) {
            return Self::Installation(token.clone());
        }
        let mut accounts = state.accounts.iter();
        if let Some(account) = accounts.find(|one| one.token.expose_secret() == secret) {
            return Self::Person(account.login.clone());
        }
        // A JSON web token has two dots in it, and so have the newer tokens of installations.
        if secret.starts_with("ghs_") || secret.split('.').count() != 3 {
            return Self::Refused(Problem::bad_credentials());
        }
        match token::verify(secret, &state.apps, now) {
            Ok(app) => Self::App(app),
            Err(problem) => Self::Refused(problem),
        }
    }

    /// The id of the App that calls.
    pub(crate) fn app(&self) -> Option<u64> {
        match self {
            Self::App(id) => Some(*id),
            Self::Installation(token) => Some(token.app),
            Self::Person(_) | Self::Anonymous | Self::Refused(_) => None,
        }
    }

    pub(crate) fn origin(&self) -> RequestOrigin {
        match self {
            Self::App(_) | Self::Installation(_) => RequestOrigin::App,
            Self::Person(_) => RequestOrigin::Person,
            Self::Anonymous | Self::Refused(_) => RequestOrigin::Unknown,
        }
    }
}

/// The token that a request carries.
pub(crate) fn credentials(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = text(headers, &AUTHORIZATION).split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    known.then_some(secret.trim())
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// What a call needs to be let in, in GitHub's words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    permission: &'static str,
    level: Level,
}

pub(crate) const READ_METADATA: Need = Need::new("metadata", Level::Read);
pub(crate) const READ_CONTENTS: Need = Need::new("contents", Level::Read);
pub(crate) const READ_ISSUES: Need = Need::new("issues", Level::Read);
pub(crate) const READ_PULLS: Need = Need::new("pull_requests", Level::Read);
pub(crate) const WRITE_ISSUES: Need = Need::new("issues", Level::Write);

impl Need {
    const fn new(permission: &'static str, level: Level) -> Self {
        Self { permission, level }
    }
}

/// A call: its time, its caller, and the parts of its address.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) now: Millis,
    pub(crate) caller: Caller,
    method: Method,
    path: String,
    parameters: HashMap<String, String>,
    query: HashMap<String, String>,
    headers: HeaderMap,
}

/// The caller, the time and the path below the API's root, as the recorder found them before the
/// route was entered.
#[derive(Debug, Clone)]
pub(crate) struct Identified {
    pub(crate) now: Millis,
    pub(crate) caller: Caller,
    pub(crate) path: String,
}

impl FromRequestParts<Context> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, Problem> {
        let raw = RawPathParams::from_request_parts(parts, context)
            .await
            .map_err(|_| Problem::not_found())?;
        let parameters = raw.iter();
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let identified = parts.extensions.get::<Identified>().cloned();
        let Identified { now, caller, path } = identified.ok_or_else(Problem::bad_credentials)?;
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self {
            now,
            caller,
            method: parts.method.clone(),
            path,
            parameters: parameters.collect(),
            query: url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            headers: parts.headers.clone(),
        })
    }
}

impl Call {
    /// A part of the path by its name in the route.
    pub(crate) fn part(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// A part of the path that is a number.
    ///
    /// # Errors
    /// GitHub's 404.
    pub(crate) fn number(&self, name: &str) -> Result<u64, Problem> {
        self.part(name).parse().map_err(|_| Problem::not_found())
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// All values of the query, sorted by name.
    pub(crate) fn query_pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.query.iter();
        let mut pairs: Vec<_> = pairs
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        pairs.sort_unstable();
        pairs
    }

    /// The path below the API's root.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Whether the caller asks for the media type `application/vnd.github.<name>`.
    pub(crate) fn wants(&self, name: &str) -> bool {
        text(&self.headers, &ACCEPT).split(',').any(|kind| {
            let kind = kind.trim();
            let kind = kind.strip_prefix("application/vnd.github.").unwrap_or("");
            let kind = kind.strip_prefix("v3.").unwrap_or(kind);
            kind.trim_end_matches("+json") == name
        })
    }
}

impl State {
    /// Lets a call into the repository that its path names, and says as whom.
    ///
    /// # Errors
    /// GitHub's 401, 403 or 404, in the order that GitHub looks.
    pub(crate) fn admit(&self, call: &Call, need: Need) -> Result<Actor, Problem> {
        match &call.caller {
            Caller::Refused(problem) => return Err(problem.clone()),
            Caller::App(_) => return Err(Problem::bad_credentials()),
            Caller::Anonymous | Caller::Installation(_) | Caller::Person(_) => {}
        }
        self.require_address(call)?;
        match &call.caller {
            Caller::Installation(token) => self.admit_installation(token, need),
            Caller::Person(login) => Ok(self.actor(login)?),
            _ => self.admit_anonymous(need),
        }
    }

    /// Passes when the path names the repository, by its id or its name of today.
    ///
    /// # Errors
    /// A redirection for its former name, GitHub's 404 for everything else.
    pub(crate) fn require_address(&self, call: &Call) -> Result<(), Problem> {
        let repository = &self.repository;
        let named = |name: &RepositoryName| {
            call.part("owner").eq_ignore_ascii_case(name.owner())
                && call.part("repo").eq_ignore_ascii_case(name.name())
        };
        let id = call.part("repository_id");
        if named(&repository.name) || id == repository.id.to_string() {
            return Ok(());
        }
        let former = repository.former_names.iter().find(|name| named(name));
        let Some(former) = former else {
            return Err(Problem::not_found());
        };
        let rest = call
            .path
            .get(format!("/repos/{former}").len()..)
            .unwrap_or_default();
        let target = format!("{}/repositories/{}{rest}", self.api_url(), repository.id);
        Err(Problem::moved(&target, &call.method))
    }

    fn admit_anonymous(&self, need: Need) -> Result<Actor, Problem> {
        if self.repository.private {
            return Err(Problem::not_found());
        }
        if need.level > Level::Read {
            return Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "Requires authentication",
            ));
        }
        Ok(Actor {
            account: 0,
            login: String::new(),
            role: Role::Read,
        })
    }

    fn admit_installation(&self, token: &Token, need: Need) -> Result<Actor, Problem> {
        let granted = token.permissions.get(need.permission);
        // Every token may read metadata.
        let free = need.permission == READ_METADATA.permission;
        if free || granted.is_some_and(|level| *level >= need.level) {
            let app = self.apps.find(token.app);
            return Ok(self.bot_of(app.unwrap_or(&self.apps.first)));
        }
        let accepted = format!("{}={}", need.permission, need.level.as_str());
        Err(Problem::not_accessible(&accepted))
    }
}
