//! Who we are for GitHub: an App with its key, or the holder of a token.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

/// How far the start of a token lies in the past, for clocks that are ahead of GitHub's.
const BACKDATED: Duration = Duration::from_secs(60);

/// How long a token is good for; GitHub takes at most ten minutes.
const LIFETIME: Duration = Duration::from_secs(540);

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
