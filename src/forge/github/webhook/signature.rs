//! The signature over the raw body: HMAC-SHA256 with the webhook's secret.

use std::fmt;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::forge::verified::{SignatureError, Verified};

/// The secrets that deliveries may be signed with: several while one replaces another.
#[derive(Clone)]
pub struct Secrets {
    /// One state per secret, with the key already mixed in.
    keyed: Vec<Hmac<Sha256>>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secrets({})", self.keyed.len())
    }
}

impl Secrets {
    /// Takes the secrets in use; empty ones are left out, because anybody knows them.
    pub fn new(secrets: &[SecretString]) -> Self {
        let keyed = secrets
            .iter()
            .map(|secret| secret.expose_secret().as_bytes())
            .filter(|secret| !secret.is_empty())
            .filter_map(|secret| Hmac::new_from_slice(secret).ok())
            .collect();
        Self { keyed }
    }

    /// Checks the signature of a delivery over its raw body. All secrets are tried, each in
    /// constant time, so that the time taken tells nothing of them.
    ///
    /// # Errors
    /// When there is no secret, no signature, more than one, or none of ours.
    pub fn verify(&self, headers: &HeaderMap, body: Bytes) -> Result<Verified, SignatureError> {
        if self.keyed.is_empty() {
            return Err(SignatureError::NoSecret);
        }
        let claimed = find_signature(headers)?;
        let genuine = self.keyed.iter().fold(false, |genuine, keyed| {
            genuine
                | keyed
                    .clone()
                    .chain_update(&body)
                    .verify_slice(&claimed)
                    .is_ok()
        });
        if genuine {
            Ok(Verified::new(body))
        } else {
            Err(SignatureError::Mismatch)
        }
    }
}

/// The signature that the delivery claims. The older SHA-1 header is not looked at.
fn find_signature(headers: &HeaderMap) -> Result<[u8; 32], SignatureError> {
    let mut values = headers.get_all("x-hub-signature-256").iter();
    let value = values.next().ok_or(SignatureError::Missing)?;
    if values.next().is_some() {
        return Err(SignatureError::Malformed);
    }
    let digits = value
        .as_bytes()
        .strip_prefix(b"sha256=")
        .ok_or(SignatureError::Malformed)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).map_err(|_| SignatureError::Malformed)?;
    Ok(signature)
}
