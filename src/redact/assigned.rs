//! Values that are assigned to something called a password, a secret, a token or a key.

use std::ops::Range;

use crate::redact::finding::markers;
use crate::redact::likely::Promise;
use crate::redact::likely::Writing;
use crate::redact::likely::is_secret;

/// Parts of names that promise a secret; lower case, each looked for in any case.
pub(super) const KEYWORDS: [&str; 29] = [
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "accesskey",
    "access-key",
    "auth_key",
    "authkey",
    "private_key",
    "privatekey",
    "private-key",
    "encryption_key",
    "encryptionkey",
    "encryption-key",
    "signing_key",
    "signingkey",
    "master_key",
    "masterkey",
    "account_key",
    "accountkey",
    "session_key",
    "credential",
    "app_key",
    "license_key",
];

/// Ends of names that speak about a secret without being it.
const ABOUT: [&str; 42] = [
    "name", "names", "type", "types", "url", "uri", "endpoint", "path", "file", "filename", "dir",
    "length", "len", "size", "count", "limit", "limits", "field", "label", "hint", "error",
    "message", "msg", "prefix", "suffix", "pattern", "regex", "regexp", "header", "env", "var",
    "policy", "expiry", "expires", "ttl", "kind", "index", "version", "usage", "scope", "arn",
    "id",
];

/// Most bytes of a name after the keyword.
const MAX_TAIL: usize = 40;

/// Most bytes of a value.
const MAX_VALUE: usize = 520;

/// The secret that is assigned to a name which has a keyword at `keyword`.
pub(super) fn find(text: &str, keyword: &Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let tail = run(bytes, keyword.end, MAX_TAIL, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
    });
    let after = keyword.end + tail;
    let value = find_value(bytes, keyword.start, after)?;
    let name = text.get(keyword.start..after)?;
    if is_about(name) {
        return None;
    }
    let (range, writing) = value;
    let promise = match bytes.get(keyword.start).map(u8::to_ascii_lowercase) {
        Some(b'p') if !name.to_ascii_lowercase().starts_with("priv") => Promise::Password,
        _ => Promise::Token,
    };
    // What somebody put beside a marker is judged without it.
    let value = text.get(range.clone())?;
    let mut edges = vec![0];
    edges.extend(markers(value).flat_map(|marker| [marker.start, marker.end]));
    edges.push(value.len());
    let pieces = edges.chunks_exact(2).filter_map(|edges| match edges {
        [start, end] => Some(*start..*end),
        _ => None,
    });
    let mut secrets = pieces.filter(|piece| {
        value
            .get(piece.clone())
            .is_some_and(|piece| is_secret(piece, promise, writing))
    });
    secrets
        .next()
        .map(|piece| range.start + piece.start..range.start + piece.end)
}

/// How many bytes from `at` on fit, `most` at most.
fn run(bytes: &[u8], at: usize, most: usize, fits: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter()
        .take(most)
        .take_while(|byte| fits(**byte))
        .count()
}

fn is_about(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(['_', '-']).next().unwrap_or_default();
    let camel = name
        .rfind(|c: char| c.is_ascii_uppercase())
        .and_then(|at| lower.get(at..));
    ABOUT.contains(&last) || camel.is_some_and(|word| ABOUT.contains(&word))
}

/// The value after the name that ends at `after`.
fn find_value(bytes: &[u8], name: usize, after: usize) -> Option<(Range<usize>, Writing)> {
    let closing = |byte| matches!(byte, b'"' | b'\'' | b'`' | b']');
    let closed = after + run(bytes, after, 3, closing);
    let spaced = closed + run(bytes, closed, 8, is_space);
    let before = bytes.get(..name)?;
    let sign = find_sign(bytes.get(spaced..)?, closed > after || is_symbol(before));
    let is_word = spaced > closed && sign == 0;
    let is_told = is_word && (before.ends_with(b"--") || is_login(before));
    let sign = match bytes.get(spaced..)? {
        [b'i', b's', b' ', ..] if is_word => 3,
        _ => sign,
    };
    if sign == 0 && !is_told {
        return None;
    }
    let start = spaced + sign;
    let start = start + run(bytes, start, 8, is_space);
    match bytes.get(spaced) {
        Some(b'>') => {
            let length = run(bytes, start, MAX_VALUE, |byte| {
                !matches!(byte, b'<' | b'\n')
            });
            Some((start..start + length, Writing::Quoted))
        }
        Some(b'(' | b',') => quoted(bytes, start),
        _ => quoted(bytes, start).or_else(|| bare(bytes, start)),
    }
}

/// Whether a name with `before` before its keyword is a symbol of Ruby, behind which a value may stand after a
/// comma.
fn is_symbol(before: &[u8]) -> bool {
    let word = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let length = before.iter().rev().take(MAX_TAIL).take_while(word).count();
    let start = before.len() - length;
    before
        .get(..start)
        .is_some_and(|before| before.ends_with(b":") && !before.ends_with(b"::"))
}

/// Whether a line tells a login, as those of `.netrc` do.
fn is_login(before: &[u8]) -> bool {
    let line = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |end| end + 1);
    let line = before.get(line..).unwrap_or_default();
    [&b"machine "[..], b"login "].iter().any(|word| {
        line.windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word))
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The text between quotes, which may be escaped or have a letter in front, as in `b"…"`.
fn quoted(bytes: &[u8], start: usize) -> Option<(Range<usize>, Writing)> {
    let lead = run(bytes, start, 1, |byte| {
        matches!(byte, b'b' | b'r' | b'u' | b'f' | b'@' | b'L' | b'\\')
    });
    let at = start + lead;
    let quote = *bytes
        .get(at)
        .filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let first = at + 1;
    let length = run(bytes, first, MAX_VALUE, |byte| {
        byte != quote && byte != b'\n'
    });
    let text = bytes.get(first..first + length)?;
    let escaped = usize::from(text.ends_with(b"\\"));
    Some((first..first + length - escaped, Writing::Quoted))
}

/// The text up to a space or a sign of code; a call or an index is no text.
fn bare(bytes: &[u8], start: usize) -> Option<(Range<usize>, Writing)> {
    let end = start + run(bytes, start, MAX_VALUE, is_bare);
    // An element that ends is none, though.
    let is_code = match bytes.get(end..).unwrap_or_default() {
        [b'<', b'/', ..] => false,
        [b'(' | b'[' | b'{' | b'<', ..] => true,
        _ => false,
    };
    (!is_code).then_some((start..end, Writing::Bare))
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(
            byte,
            b'"' | b'\''
                | b'`'
                | b'<'
                | b'>'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b','
                | b';'
                | b'|'
                | b'&'
                | b'\\'
        )
}

/// How long the sign of assignment or comparison is that `rest` starts with; 0 for none.
fn find_sign(rest: &[u8], was_quoted: bool) -> usize {
    match rest {
        [b'=' | b'!', b'=', b'=', ..] => 3,
        [b'=', b'>' | b'=', ..] | [b':' | b'!' | b'?', b'=', ..] => 2,
        [b':', b':', ..] => 0,
        [b':', kind @ ..] => 1 + annotation(kind),
        [b'=' | b'>' | b'(', ..] => 1,
        [b',', ..] if was_quoted => 1,
        _ => 0,
    }
}

/// How long a type and the `=` after it are, as in `: &str = "…"`.
fn annotation(rest: &[u8]) -> usize {
    let is_type = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b' ' | b'&' | b'\'' | b'_' | b'<' | b'>' | b'?' | b':')
    };
    let length = run(rest, 0, 32, is_type);
    let ends = rest.get(length) == Some(&b'=') && rest.get(length + 1) != Some(&b'=');
    // A bare value that itself ends in `=`, such as Base64, is no type.
    let spaced = length > 0 && rest.get(length - 1) == Some(&b' ');
    if ends && spaced { length + 1 } else { 0 }
}
