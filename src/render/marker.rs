//! The hidden line by which a comment is found again and known to be ours.
//!
//! The forge tells who wrote a comment; the marker tells which thread it was written for. It is
//! signed, so that a marker copied or made up by somebody is worth nothing.

use hmac::Mac;

use crate::render::seal::{Purpose, sign};

/// What every marker of this version begins with.
const OPENING: &str = "<!-- planwright:v1 kind=plan thread=";

/// What stands between the thread and the code that proves it.
const MIDDLE: &str = " mac=";

/// What every marker ends with.
const CLOSING: &str = " -->";

/// The marker of the comment in a thread, by the thread's subject key.
pub fn marker(key: &[u8; 32], subject: &str) -> String {
    let code = hex::encode(sign(key, Purpose::Marker, subject).finalize().into_bytes());
    format!("{OPENING}{}{MIDDLE}{code}{CLOSING}", escape(subject))
}

/// Whether a comment's body holds the marker of a thread. The forge may have changed the line
/// ends, and people with the right to edit may have added lines.
pub fn is_valid(key: &[u8; 32], subject: &str, body: &str) -> bool {
    let expected = sign(key, Purpose::Marker, subject);
    codes(subject, body)
        .take(8)
        .any(|code| expected.clone().verify_slice(&code).is_ok())
}

/// Whether a comment's body holds a marker of a thread, by whatever key it was signed. That proves
/// nothing but for whom the forge says that the bot wrote it.
pub fn names(subject: &str, body: &str) -> bool {
    codes(subject, body).next().is_some()
}

/// The codes of the markers of a thread that a body holds.
fn codes(subject: &str, body: &str) -> impl Iterator<Item = Vec<u8>> {
    let thread = escape(subject);
    body.lines().filter_map(move |line| {
        let line = line.trim().strip_prefix(OPENING)?.strip_suffix(CLOSING)?;
        let code = line.strip_prefix(thread.as_str())?.strip_prefix(MIDDLE)?;
        hex::decode(code).ok()
    })
}

/// The subject in characters that end no comment and mean nothing to a forge.
fn escape(subject: &str) -> String {
    let mut escaped = String::with_capacity(subject.len());
    for byte in subject.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'.' | b'_') {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped.push_str(&hex::encode([byte]));
        }
    }
    escaped
}
