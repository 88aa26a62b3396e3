//! A delivery that did not come over the network: read from a file, by somebody who may say what
//! happened.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;

use crate::cli::failure::Failure;
use crate::forge::github::webhook::Secrets;
use crate::forge::verified::Verified;

/// A delivery: event, id, body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) event: String,
    pub(super) delivery: Option<String>,
    pub(super) body: String,
}

impl Recorded {
    /// The headers and the body that the forge would send. The body is signed with a secret made for
    /// this one time and the signature is checked: only checked bodies are parsed.
    pub(super) fn verified(self) -> Result<(HeaderMap, Verified), Failure> {
        let value = |what: &str, text: &str| {
            HeaderValue::from_str(text)
                .map_err(|error| Failure::usage(error, format!("the {what} cannot be used")))
        };
        let mut headers = HeaderMap::new();
        let event = HeaderName::from_static("x-github-event");
        headers.insert(event, value("event's name", &self.event)?);
        if let Some(id) = &self.delivery {
            let name = HeaderName::from_static("x-github-delivery");
            headers.insert(name, value("delivery's id", id)?);
        }
        let verified = sign(&headers, Bytes::from(self.body))?;
        Ok((headers, verified))
    }
}

fn sign(headers: &HeaderMap, body: Bytes) -> Result<Verified, Failure> {
    let mut bytes = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Failure::failed("the system gives no random bytes"))?;
    let secret = hex::encode(bytes);
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let signature = hex::encode(aws_lc_rs::hmac::sign(&key, &body));
    let mut headers = headers.clone();
    let value = HeaderValue::from_str(&format!("sha256={signature}"))
        .map_err(|error| Failure::environment(error, "the delivery could not be signed"))?;
    headers.insert(HeaderName::from_static("x-hub-signature-256"), value);
    Secrets::new(&[SecretString::from(secret)])
        .verify(&headers, body)
        .map_err(|error| Failure::environment(error, "the delivery could not be signed"))
}
