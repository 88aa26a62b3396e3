//! Installation tokens: one per repository, with four permissions, kept until shortly before
//! their end.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::header::DATE;
use http::{HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use crate::domain::repository::InstallationId;
use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::auth::{AppKey, Credentials};
use crate::forge::github::transport::{
    MAX_JSON_BYTES, Request, Transport, read_whole, repository_path,
};
use crate::forge::github::{failure, time, wire};

/// A token that ends sooner than this is replaced: a job's longest pause between two calls, and
/// clocks that differ, fit in.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The age up to which a refused token may be unknown to a part of GitHub that has not heard of it.
const SETTLING: Duration = Duration::from_secs(5);

/// Repositories whose tokens are kept. A token has half a kilobyte.
const MAX_SLOTS: usize = 1000;

/// Clocks that differ by more than this are taken as the reason for a refused login.
const TOLERATED_SKEW_SECONDS: u64 = 30;

/// All that a token may do; metadata is read with every token.
const PERMISSIONS: [(&str, &str); 4] = [
    ("contents", "read"),
    ("issues", "write"),
    ("metadata", "read"),
    ("pull_requests", "write"),
];

/// What stands behind `Authorization`.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    /// When it was made and when it ends, by GitHub's clock; `None` for a token made by hand.
    life: Option<(SystemTime, SystemTime)>,
}

/// What is known of one repository's token. The lock is held while a token is fetched, so that
/// all who need it wait for one request.
#[derive(Debug, Default)]
struct Slot {
    installation: Option<u64>,
    token: Option<Token>,
}

type Slots = HashMap<(Option<InstallationId>, u64), Arc<tokio::sync::Mutex<Slot>>>;

/// The tokens of one GitHub.
pub(super) struct Tokens {
    pub(super) credentials: Credentials,
    slots: Mutex<Slots>,
    /// Seconds that GitHub's clock is ahead of ours, as learned from a refused login.
    skew_seconds: AtomicI64,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            slots: Mutex::default(),
            skew_seconds: AtomicI64::new(0),
        }
    }

    /// The token for `repository`, from the cache or newly minted. Minting one more does no harm.
    pub(super) async fn token(
        &self,
        transport: &Transport,
        repository: &RepositoryAddress,
    ) -> Result<Token, ForgeError> {
        let (id, key) = match &self.credentials {
            Credentials::App { id, key } => (id, key),
            Credentials::Token(secret) => {
                return Ok(Token {
                    header: bearer(secret)?,
                    life: None,
                });
            }
        };
        let app = App {
            tokens: self,
            transport,
            id,
            key,
        };
        let slot = self.slot(repository);
        let mut slot = slot.lock().await;
        if let Some(token) = slot
            .token
            .as_ref()
            .filter(|token| token.is_fresh(app.now()))
        {
            return Ok(token.clone());
        }
        let token = app.mint_found(repository, &mut slot).await?;
        slot.token = Some(token.clone());
        Ok(token)
    }

    /// Drops the token that was refused, so that the next one is new. Returns whether there is
    /// anything to drop.
    pub(super) async fn forget(&self, repository: &RepositoryAddress, refused: &Token) -> bool {
        if refused.life.is_none() {
            return false;
        }
        let slot = self.slot(repository);
        let mut slot = slot.lock().await;
        if slot
            .token
            .as_ref()
            .is_some_and(|token| token.header == refused.header)
        {
            slot.token = None;
        }
        true
    }

    /// Whether a refusal of `token` may mean only that it is too new.
    pub(super) fn is_settling(&self, token: &Token, timing_now: SystemTime) -> bool {
        let now = self.corrected(timing_now);
        token
            .life
            .is_some_and(|(made, _)| now.duration_since(made).is_ok_and(|age| age < SETTLING))
    }

    /// Asks as the App itself, not for one of its installations.
    pub(super) async fn ask_as_app<T: serde::de::DeserializeOwned>(
        &self,
        transport: &Transport,
        request: &Request,
    ) -> Result<T, ForgeError> {
        let Credentials::App { id, key } = &self.credentials else {
            return Err(ForgeError::NotFound {
                what: "an App".to_owned(),
            });
        };
        App {
            tokens: self,
            transport,
            id,
            key,
        }
        .ask(request)
        .await
    }

    fn slot(&self, repository: &RepositoryAddress) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MAX_SLOTS {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let key = (repository.installation, repository.id.0);
        Arc::clone(slots.entry(key).or_default())
    }

    /// `now` by GitHub's clock, as far as we know it.
    fn corrected(&self, now: SystemTime) -> SystemTime {
        let skew = self.skew_seconds.load(Ordering::Relaxed);
        let distance = Duration::from_secs(skew.unsigned_abs());
        let corrected = if skew < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        corrected.unwrap_or(now)
    }
}

impl Token {
    fn is_fresh(&self, now: SystemTime) -> bool {
        self.life.is_none_or(|(_, ends)| now + MARGIN < ends)
    }
}

/// The App, asking for itself.
struct App<'a> {
    tokens: &'a Tokens,
    transport: &'a Transport,
    id: &'a str,
    key: &'a AppKey,
}

impl App<'_> {
    fn now(&self) -> SystemTime {
        self.tokens.corrected((self.transport.timing.now)())
    }

    /// Mints a token, and looks the installation up where it is not known or is another by now.
    async fn mint_found(
        &self,
        repository: &RepositoryAddress,
        slot: &mut Slot,
    ) -> Result<Token, ForgeError> {
        let known = slot.installation.or(repository.installation.map(|id| id.0));
        if let Some(installation) = known {
            match self.mint(repository, installation).await {
                Err(ForgeError::NotFound { .. }) => {}
                other => return other,
            }
        }
        let found = self.find_installation(repository).await?;
        if known == Some(found) {
            return Err(no_installation(repository));
        }
        let token = self.mint(repository, found).await?;
        slot.installation = Some(found);
        Ok(token)
    }

    async fn find_installation(&self, repository: &RepositoryAddress) -> Result<u64, ForgeError> {
        let request = Request::get(
            format!("{}/installation", repository_path(repository)),
            installation_of(repository),
        );
        let found: wire::Installation = self.ask(&request).await?;
        Ok(found.id)
    }

    /// Mints a token that reaches one repository with four permissions, or none.
    async fn mint(
        &self,
        repository: &RepositoryAddress,
        installation: u64,
    ) -> Result<Token, ForgeError> {
        let asked = wire::TokenRequest {
            repository_ids: [repository.id.0],
            permissions: BTreeMap::from(PERMISSIONS),
        };
        let request = Request::write(
            Method::POST,
            format!("/app/installations/{installation}/access_tokens"),
            serde_json::json!(asked),
            installation_of(repository),
        );
        let response = self.send(&request).await?;
        if response.status() == StatusCode::UNPROCESSABLE_ENTITY {
            return Err(self.explain(repository, installation).await);
        }
        let token: wire::Token = self.read(&request, response).await?;
        let ends =
            time::parse_timestamp(&token.expires_at).ok_or_else(|| ForgeError::Unexpected {
                what: request.what,
                why: "its end is not a time".to_owned(),
            })?;
        Ok(Token {
            header: bearer(&token.token)?,
            life: Some((self.now(), ends)),
        })
    }

    /// Why the token that we need was refused as invalid: what the installation does not grant.
    async fn explain(&self, repository: &RepositoryAddress, installation: u64) -> ForgeError {
        let what = installation_of(repository);
        let request = Request::get(format!("/app/installations/{installation}"), what.clone());
        let why = match self.ask::<wire::Installation>(&request).await {
            Ok(granted) => explain_missing(&granted.permissions),
            Err(_) => "it does not grant all permissions that are needed".to_owned(),
        };
        ForgeError::Denied { what, why }
    }

    async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<T, ForgeError> {
        let response = self.send(request).await?;
        self.read(request, response).await
    }

    async fn read<T: serde::de::DeserializeOwned>(
        &self,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<T, ForgeError> {
        if !response.status().is_success() {
            let now = (self.transport.timing.now)();
            return Err(failure::from_response(&request.what, response, now).await);
        }
        let answer = read_whole(response, MAX_JSON_BYTES, &request.what).await?;
        answer.json(&request.what)
    }

    /// Sends a request as the App. A refusal that a wrong clock explains is answered once by a
    /// login made with GitHub's own time.
    async fn send(&self, request: &Request) -> Result<reqwest::Response, ForgeError> {
        let response = self.send_signed(request).await?;
        if response.status() != StatusCode::UNAUTHORIZED || !self.learn_skew(&response) {
            return Ok(response);
        }
        self.send_signed(request).await
    }

    async fn send_signed(&self, request: &Request) -> Result<reqwest::Response, ForgeError> {
        let signed = self.key.sign(self.id, self.now());
        let login = signed.map_err(|error| ForgeError::Denied {
            what: request.what.clone(),
            why: error.to_string(),
        })?;
        self.transport.send(request, &bearer(&login)?).await
    }

    /// Takes GitHub's time from an answer; returns whether it differs from what we used.
    fn learn_skew(&self, response: &reqwest::Response) -> bool {
        let date = response
            .headers()
            .get(DATE)
            .and_then(|value| value.to_str().ok());
        let Some(theirs) = date.and_then(time::parse_date_header) else {
            return false;
        };
        let apart = |ours: SystemTime| match theirs.duration_since(ours) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap_or(i64::MAX),
            Err(behind) => {
                i64::try_from(behind.duration().as_secs()).map_or(i64::MIN, i64::wrapping_neg)
            }
        };
        if apart(self.now()).unsigned_abs() <= TOLERATED_SKEW_SECONDS {
            return false;
        }
        let skew = apart((self.transport.timing.now)());
        self.tokens.skew_seconds.store(skew, Ordering::Relaxed);
        tracing::warn!(
            skew_seconds = skew,
            "the clock differs from GitHub's by {skew} s; GitHub's is used for logins"
        );
        true
    }
}

fn bearer(secret: &SecretString) -> Result<HeaderValue, ForgeError> {
    let header = HeaderValue::from_str(&format!("Bearer {}", secret.expose_secret().trim()));
    let mut header = header.map_err(|_| ForgeError::Denied {
        what: "the login".to_owned(),
        why: "the token holds characters that no token has".to_owned(),
    })?;
    header.set_sensitive(true);
    Ok(header)
}

fn installation_of(repository: &RepositoryAddress) -> String {
    format!("the App's installation on `{}`", repository.name)
}

fn no_installation(repository: &RepositoryAddress) -> ForgeError {
    ForgeError::NotFound {
        what: installation_of(repository),
    }
}

/// Names what is missing of the permissions we need.
fn explain_missing(granted: &BTreeMap<String, String>) -> String {
    let rank = |level: &str| {
        ["read", "write", "admin"]
            .into_iter()
            .position(|one| one == level)
    };
    let missing: Vec<_> = PERMISSIONS
        .into_iter()
        .filter(|(name, level)| granted.get(*name).and_then(|has| rank(has)) < rank(level))
        .map(|(name, level)| format!("{name}: {level}"))
        .collect();
    if missing.is_empty() {
        "the repository is not among those that the App was installed on".to_owned()
    } else {
        format!("it does not grant {}", missing.join(", "))
    }
}
