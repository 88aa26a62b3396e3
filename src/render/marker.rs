//! The hidden line by which a comment is found again and known to be ours.
//!
//! The forge tells who wrote a comment; the marker tells which thread it was written for. It is
//! signed, so that a marker copied or made up by somebody is worth nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What every marker of this version begins with.
const OPENING: &str = "<!-- planwright:v1 kind=plan mac=";

/// What every marker ends with.
const CLOSING: &str = " -->";

/// The block size of SHA-256, which HMAC fills its key up to.
const BLOCK_BYTES: usize = 64;

/// Most markers looked at in one comment; ours has one.
const MAX_MARKERS: usize = 8;

/// The marker of the comment in a thread, by the thread's subject key.
pub fn marker(key: &[u8; 32], subject: &str) -> String {
    let code = sign(key, Purpose::Marker, subject).finalize().into_bytes();
    format!("{OPENING}{}{CLOSING}", hex::encode(code))
}

/// Whether a comment's body holds the marker of a thread. The forge may have changed the line
/// ends, and people with the right to edit may have added lines.
pub fn is_valid(key: &[u8; 32], subject: &str, body: &str) -> bool {
    let codes = body.lines().filter_map(|line| {
        let code = line.trim().strip_prefix(OPENING)?.strip_suffix(CLOSING)?;
        hex::decode(code).ok()
    });
    let expected = sign(key, Purpose::Marker, subject);
    codes
        .take(MAX_MARKERS)
        .any(|code| expected.clone().verify_slice(&code).is_ok())
}

/// What a code proves; one purpose's code is no good for another.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    /// That a comment belongs to a thread.
    Marker,
    /// That a saved body was made by the renderer.
    Seal,
}

/// The code over `text`, ready to be finished or compared in constant time.
pub(super) fn sign(key: &[u8; 32], purpose: Purpose, text: &str) -> Hmac<Sha256> {
    let mut block = [0; BLOCK_BYTES];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut code = Hmac::<Sha256>::new(&block.into());
    code.update(match purpose {
        Purpose::Marker => b"planwright:v1:marker\0",
        Purpose::Seal => b"planwright:v1:seal\0",
    });
    code.update(text.as_bytes());
    code
}
