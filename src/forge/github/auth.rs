//! Who we are for GitHub: an App with its key, or the holder of a token.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
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
    /// Apps of this GitHub, usually one. Each repository gets a token of its own that can do nothing
    /// else, from the App whose installation it belongs to.
    Apps(Vec<AppLogin>),
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

/// What one App logs in with.
#[derive(Debug, Clone)]
pub struct AppLogin {
    /// The App's id or client id.
    pub id: String,
    /// Its private keys.
    pub keys: AppKeys,
}

/// The private keys of an App: one, or several while an old one is replaced.
#[derive(Clone)]
pub struct AppKeys {
    keys: Vec<EncodingKey>,
    /// Which of them was accepted last; shared by the clones.
    accepted: Arc<AtomicUsize>,
}

impl fmt::Debug for AppKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AppKeys({})", self.keys.len())
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

impl AppKeys {
    /// Takes the keys that a text in PEM form holds one after the other, PKCS#1 or PKCS#8; line breaks
    /// may be written as `\n`. Each signs once, so that one which cannot is known at the start.
    ///
    /// # Errors
    /// When there is none, or one of them is not an RSA private key.
    pub fn parse(pem: &SecretString) -> Result<Self, KeyError> {
        let pem = pem.expose_secret().replace("\\n", "\n");
        let keys: Vec<_> = blocks(&pem)
            .map(|block| EncodingKey::from_rsa_pem(block.as_bytes()).map_err(|_| KeyError))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(KeyError);
        }
        for key in &keys {
            sign(key, "self-test", UNIX_EPOCH + BACKDATED)?;
        }
        Ok(Self {
            keys,
            accepted: Arc::default(),
        })
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The token by which the App `id` is known at `now`, signed with the key that was accepted last,
    /// or with the one `turn` places behind it.
    pub(super) fn sign(
        &self,
        id: &str,
        now: SystemTime,
        turn: usize,
    ) -> Result<SecretString, KeyError> {
        let key = self.keys.get(self.place(turn)).ok_or(KeyError)?;
        sign(key, id, now)
    }

    /// Notes that the key `turn` places behind the last one was accepted.
    pub(super) fn accept(&self, turn: usize) {
        self.accepted.store(self.place(turn), Ordering::Relaxed);
    }

    fn place(&self, turn: usize) -> usize {
        let first = self.accepted.load(Ordering::Relaxed);
        first.wrapping_add(turn) % self.keys.len().max(1)
    }
}

/// The blocks of a text in PEM form. What stands before the first one is left out.
fn blocks(pem: &str) -> impl Iterator<Item = String> {
    let begin = "-----BEGIN ";
    let parts = pem.split(begin).skip(1);
    parts.map(move |part| format!("{begin}{}", part.trim_end()))
}

fn sign(key: &EncodingKey, id: &str, now: SystemTime) -> Result<SecretString, KeyError> {
    let since_epoch = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let claims = Claims {
        iat: since_epoch.saturating_sub(BACKDATED).as_secs(),
        exp: (since_epoch + LIFETIME).as_secs(),
        iss: id,
    };
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, key)
        .map(SecretString::from)
        .map_err(|_| KeyError)
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
