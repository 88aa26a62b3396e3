//! The ways in which one value may be written.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{DIVISIBLE_ENTROPY, MIN_DIVISIBLE, PART};
use crate::redact::likely::entropy;

/// A value as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) bytes: Vec<u8>,
    /// Bytes that give it away; 0 when only the whole does.
    part: usize,
}

impl Form {
    /// The texts to look for, with where each begins: the whole, or parts so close to each other that
    /// any longer piece of the form holds one, its beginning and its end included.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let length = self.bytes.len();
        let size = if self.part == 0 || self.part > length {
            length
        } else {
            self.part
        };
        let mut offsets: BTreeSet<usize> = (0..=length - size).step_by(size.max(1)).collect();
        offsets.insert(length - size);
        offsets
            .into_iter()
            .filter_map(move |offset| Some((offset, self.bytes.get(offset..offset + size)?)))
    }

    /// The longest piece of the form around `hit`, which is the part of it that begins at `offset`.
    pub(super) fn extend(&self, text: &[u8], hit: &Range<usize>, offset: usize) -> Range<usize> {
        let before = (text.get(..hit.start).into_iter().flatten().rev())
            .zip(self.bytes.get(..offset).into_iter().flatten().rev());
        let after = (text.get(hit.end..).into_iter().flatten())
            .zip(self.bytes.get(offset + hit.len()..).into_iter().flatten());
        let left = before.take_while(|(one, other)| one == other).count();
        let right = after.take_while(|(one, other)| one == other).count();
        hit.start - left..hit.end + right
    }
}

/// All ways in which `value` is looked for.
pub(super) fn all(value: &[u8]) -> Vec<Form> {
    let divisible = value.len() >= MIN_DIVISIBLE && entropy(value) >= DIVISIBLE_ENTROPY;
    // A part of a longer form gives as much of the value away as one of the value itself.
    let form = |bytes: Vec<u8>, growth: usize| Form {
        bytes,
        part: if divisible { PART * growth } else { 0 },
    };
    let reversed: Vec<u8> = value.iter().rev().copied().collect();
    let hex = hex::encode(value);
    let mut forms = vec![
        form(value.to_vec(), 1),
        form(reversed, 1),
        form(hex.to_ascii_uppercase().into_bytes(), 2),
        form(hex.into_bytes(), 2),
        form(escaped(value, |out, byte| write!(out, "%{byte:02X}")), 1),
        form(escaped(value, |out, byte| write!(out, "%{byte:02x}")), 1),
        form(each(value, |out, byte| write!(out, "%{byte:02X}")), 3),
        form(each(value, |out, byte| write!(out, "%{byte:02x}")), 3),
        form(each(value, |out, byte| write!(out, "\\u{byte:04x}")), 6),
        form(each(value, |out, byte| write!(out, "\\u{byte:04X}")), 6),
        form(each(value, |out, byte| write!(out, "\\x{byte:02x}")), 4),
        form(json(value, false), 1),
        form(json(value, true), 1),
    ];
    for offset in 0..3 {
        forms.push(form(base64(value, offset, false), 1));
        forms.push(form(base64(value, offset, true), 1));
    }
    forms
}

/// Letters, digits and `-._~` as they are, all else as `write` has it.
fn escaped(value: &[u8], write: impl Fn(&mut String, u8) -> std::fmt::Result) -> Vec<u8> {
    let mut out = String::new();
    for byte in value {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(*byte));
        } else {
            // Writing to a `String` does not fail.
            write(&mut out, *byte).unwrap_or_default();
        }
    }
    out.into_bytes()
}

fn each(value: &[u8], write: impl Fn(&mut String, u8) -> std::fmt::Result) -> Vec<u8> {
    let mut out = String::new();
    for byte in value {
        write(&mut out, *byte).unwrap_or_default();
    }
    out.into_bytes()
}

/// The value within a text of JSON, with or without `/` escaped.
fn json(value: &[u8], slashes: bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(value);
    let quoted = serde_json::Value::String(text.into_owned()).to_string();
    let inner = quoted
        .trim_start_matches('"')
        .strip_suffix('"')
        .unwrap_or_default();
    match slashes {
        true => inner.replace('/', "\\/").into_bytes(),
        false => inner.as_bytes().to_vec(),
    }
}

/// What Base64 makes of the value wherever it stands in a longer one: `offset` bytes behind the
/// beginning of a group. Characters that its neighbours have a say in are left out.
fn base64(value: &[u8], offset: usize, url_safe: bool) -> Vec<u8> {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(value);
    let text = match url_safe {
        true => URL_SAFE_NO_PAD.encode(&bytes),
        false => STANDARD_NO_PAD.encode(&bytes),
    };
    let whole = bytes.len() * 8 / 6;
    let first = (offset * 8).div_ceil(6);
    text.as_bytes()
        .get(first..whole)
        .unwrap_or_default()
        .to_vec()
}
