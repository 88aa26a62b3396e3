//! Codes over texts of ours that others keep for us, so that nobody can make one up.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::render::body::Audience;

/// The block size of SHA-256, which HMAC fills its key up to.
const BLOCK_BYTES: usize = 64;

/// What a code proves; one purpose's code is no good for another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// That a comment belongs to a thread.
    Marker,
    /// That a saved body was made by the renderer, from what that audience could read.
    Body(Audience),
    /// That a saved document is the one that was published in the thread of this subject key.
    Document(&'a str),
    /// That a store is the one that an earlier run of a workflow left, by the hash of its file.
    Memory,
}

/// `text` with a code before it that proves where it comes from.
pub fn seal(key: &[u8; 32], purpose: Purpose<'_>, text: &str) -> String {
    let code = sign(key, purpose, text).finalize().into_bytes();
    format!("{}\n{text}", hex::encode(code))
}

/// The text that was sealed with the same key for the same purpose; `None` for anything else.
pub fn open<'t>(key: &[u8; 32], purpose: Purpose<'_>, sealed: &'t str) -> Option<&'t str> {
    let (code, text) = sealed.split_once('\n')?;
    let code = hex::decode(code).ok()?;
    let proved = sign(key, purpose, text).verify_slice(&code).is_ok();
    proved.then_some(text)
}

/// The code over `text`, ready to be finished or compared in constant time.
pub(super) fn sign(key: &[u8; 32], purpose: Purpose<'_>, text: &str) -> Hmac<Sha256> {
    let mut block = [0; BLOCK_BYTES];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut code = Hmac::<Sha256>::new(&block.into());
    match purpose {
        Purpose::Marker => code.update(b"planwright:v1:marker\0"),
        Purpose::Body(Audience::Everyone) => code.update(b"planwright:v1:seal\0"),
        Purpose::Body(Audience::Few) => code.update(b"planwright:v1:seal for few\0"),
        Purpose::Memory => code.update(b"planwright:v1:memory\0"),
        Purpose::Document(subject) => {
            code.update(b"planwright:v1:document\0");
            // A text that goes on where another subject ends is another one.
            code.update(&(subject.len() as u64).to_le_bytes());
            code.update(subject.as_bytes());
        }
    }
    code.update(text.as_bytes());
    code
}
