//! Who we are for GitHub: an App with its key, or the holder of a token.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::forge::ForgeError;

/// How far the start of a token lies in the past, for clocks that are ahead of GitHub's.
const BACKDATED: Duration = Duration::from_secs(60);

/// How long a token is good for; GitHub takes at most ten minutes.
const LIFETIME: Duration = Duration::from_secs(540);

/// A token that ends sooner than this is replaced: a job's longest pause between two calls, and
/// clocks that differ, fit in.
const MARGIN: Duration = Duration::from_secs(5 * 60);

/// The age up to which a refused token may be unknown to a part of GitHub that has not heard of it.
const SETTLING: Duration = Duration::from_secs(5);

/// What GitHub is shown.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// An App. Each repository gets a token of its own that can do nothing else.
    App {
        /// The App's id or client id.
        id: String,
        /// Its private key.
        key: AppKey,
    },
    /// One token for everything, made by hand.
    Token(SecretString),
    /// The token of a run of a workflow, which may not ask who it is.
    Workflow {
        /// The token.
        token: SecretString,
        /// The login of what is written with it.
        login: String,
    },
}

/// The private key of an App.
#[derive(Clone)]
pub struct AppKey(EncodingKey);

impl fmt::Debug for AppKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AppKey(…)")
    }
}

/// A private key that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the App's private key is not an RSA key in PEM form\nhint: it is the file that GitHub offers once, beginning with `-----BEGIN RSA PRIVATE KEY-----`"
)]
pub struct KeyError;

#[derive(Serialize)]
struct Claims<'a> {
    iat: u64,
    exp: u64,
    iss: &'a str,
}

impl AppKey {
    /// Takes a key in PEM form, PKCS#1 or PKCS#8; line breaks may be written as `\n`. Signs once,
    /// so that a key which cannot sign is known at the start.
    ///
    /// # Errors
    /// When it is not an RSA private key.
    pub fn parse(pem: &SecretString) -> Result<Self, KeyError> {
        let pem = pem.expose_secret().replace("\\n", "\n");
        let key = EncodingKey::from_rsa_pem(pem.trim().as_bytes()).map_err(|_| KeyError)?;
        let key = Self(key);
        key.sign("self-test", UNIX_EPOCH + BACKDATED)?;
        Ok(key)
    }

    /// The token by which the App `id` is known at `now`.
    pub(super) fn sign(&self, id: &str, now: SystemTime) -> Result<SecretString, KeyError> {
        let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let claims = Claims {
            iat: since_epoch.saturating_sub(BACKDATED).as_secs(),
            exp: (since_epoch + LIFETIME).as_secs(),
            iss: id,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &self.0)
            .map(SecretString::from)
            .map_err(|_| KeyError)
    }
}

/// What stands behind `Authorization` in calls for a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) header: HeaderValue,
    /// When it was minted and when it ends, by GitHub's clock; `None` for a token made by hand.
    life: Option<(SystemTime, SystemTime)>,
}

impl Token {
    pub(super) fn minted(
        secret: &SecretString,
        now: SystemTime,
        ends: SystemTime,
    ) -> Result<Self, ForgeError> {
        Ok(Self {
            header: bearer(secret)?,
            life: Some((now, ends)),
        })
    }

    pub(super) fn made_by_hand(secret: &SecretString) -> Result<Self, ForgeError> {
        Ok(Self {
            header: bearer(secret)?,
            life: None,
        })
    }

    /// Whether the token can be used for a while yet.
    pub(super) fn is_fresh(&self, now: SystemTime) -> bool {
        self.life.is_none_or(|(_, ends)| now + MARGIN < ends)
    }

    /// Whether a refusal may mean only that the token is too new.
    pub(super) fn is_settling(&self, now: SystemTime) -> bool {
        self.life
            .is_some_and(|(minted, _)| now.duration_since(minted).is_ok_and(|age| age < SETTLING))
    }

    /// Whether another token can take its place.
    pub(super) fn is_replaceable(&self) -> bool {
        self.life.is_some()
    }
}

/// The value of `Authorization` for a token, which no log shows.
pub(super) fn bearer(secret: &SecretString) -> Result<HeaderValue, ForgeError> {
    let value = format!("Bearer {}", secret.expose_secret().trim());
    let mut header = HeaderValue::from_str(&value).map_err(|_| ForgeError::Denied {
        what: "the login".to_owned(),
        why: "the token holds characters that no token has".to_owned(),
    })?;
    header.set_sensitive(true);
    Ok(header)
}
