//! Bodies whose signature was checked: only these may be parsed.

use bytes::Bytes;

/// A webhook body that was signed with one of our secrets, byte for byte as it arrived.
///
/// Only the adapters' signature checks can make one, so that code which forgets the check does not
/// compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    body: Bytes,
}

impl Verified {
    /// Takes a body whose signature the calling adapter has just checked.
    pub(in crate::forge) fn new(body: Bytes) -> Self {
        Self { body }
    }

    /// The raw bytes.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// Why a delivery was not accepted as genuine; none of it tells which secret was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No secret is configured, so nothing can be genuine.
    #[error("no webhook secret is configured")]
    NoSecret,
    /// The delivery is not signed.
    #[error("the delivery carries no signature\nhint: set a secret in the webhook's settings")]
    Missing,
    /// The signature does not have the form that the forge uses, or there are several.
    #[error("the delivery's signature is malformed")]
    Malformed,
    /// No secret of ours made this signature for this body.
    #[error(
        "the delivery's signature does not match\nhint: the webhook's secret and ours must be the same"
    )]
    Mismatch,
}
