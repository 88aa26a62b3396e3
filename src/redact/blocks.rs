//! Private keys in armour: everything between a line that begins and a line that ends them.

use std::ops::Range;

/// What the armour of a key begins and ends with; lower case, looked for in any case.
pub(super) const BEGIN: &str = "-----begin ";

/// See [`BEGIN`].
pub(super) const END: &str = "-----end ";

/// How `PuTTY` announces the lines of a key.
pub(super) const PUTTY: &str = "private-lines:";

/// Longest label of armour.
const MAX_LABEL: usize = 60;

/// Longest body looked through; a key of 16,384 bits has about 13,000 bytes.
const MAX_BODY: usize = 64 * 1024;

/// Fewest letters and digits in a row that make a body one of a key, where its end is missing.
const MIN_RUN: usize = 24;

/// The same, where the armour is whole.
const MIN_WHOLE_RUN: usize = 10;

/// The body of the private key whose armour begins at `begin`; to the end of what looks like a key
/// where the end is missing.
pub(super) fn find_after(text: &str, begin: &Range<usize>) -> Option<Range<usize>> {
    let start = begin.end + private_label(text.as_bytes().get(begin.end..)?)?;
    let most = text.floor_char_boundary((start + MAX_BODY).min(text.len()));
    let rest = text.get(start..most)?;
    let (length, run) = match rest.find("-----") {
        Some(end)
            if rest
                .get(end..)?
                .to_ascii_uppercase()
                .starts_with("-----END") =>
        {
            let body = rest.get(..end)?;
            let tidy = body.bytes().all(is_armour);
            (end, if tidy { MIN_WHOLE_RUN } else { MIN_RUN })
        }
        _ => (
            rest.bytes().take_while(|byte| is_armour(*byte)).count(),
            MIN_RUN,
        ),
    };
    let body = rest.get(..length)?;
    (longest_run(body) >= run).then(|| trim(text, start..start + length))
}

/// The body before the armour's end at `end`, where its beginning was cut off.
pub(super) fn find_before(text: &str, end: &Range<usize>) -> Option<Range<usize>> {
    private_label(text.as_bytes().get(end.end..)?)?;
    let from = end.start.saturating_sub(MAX_BODY);
    let before = text.as_bytes().get(from..end.start)?;
    let length = before
        .iter()
        .rev()
        .take_while(|byte| is_armour(**byte))
        .count();
    let start = text.ceil_char_boundary(end.start - length);
    let body = text.get(start..end.start)?;
    (longest_run(body) >= MIN_RUN).then(|| trim(text, start..end.start))
}

/// The lines of a key of `PuTTY`'s.
pub(super) fn find_putty(text: &str, mark: &Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(mark.end..)?;
    let (count, _) = rest.split_once('\n')?;
    let start = mark.end + count.len() + 1;
    let count: usize = count.trim().parse().ok()?;
    let lines = text
        .get(start..)?
        .split_inclusive('\n')
        .take(count.min(400));
    let fine = lines.take_while(|line| line.trim().bytes().all(is_base64));
    let length: usize = fine.map(str::len).sum();
    (length > 0).then(|| trim(text, start..start + length))
}

/// How long the label of a private key is, the dashes after it included.
fn private_label(rest: &[u8]) -> Option<usize> {
    let head = rest.get(..MAX_LABEL.min(rest.len()))?;
    let length = head.windows(5).position(|dashes| dashes == b"-----")?;
    let label = head.get(..length)?.to_ascii_uppercase();
    let is_private = label.windows(11).any(|words| words == b"PRIVATE KEY");
    is_private.then_some(length + 5)
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// What stands within the armour of a key: its letters, its headers, and how languages write it.
fn is_armour(byte: u8) -> bool {
    is_base64(byte)
        || byte.is_ascii_whitespace()
        || matches!(
            byte,
            b'\\' | b'"' | b'\'' | b'`' | b',' | b':' | b'.' | b'|' | b'>' | b'*' | b'#'
        )
}

fn longest_run(body: &str) -> usize {
    // An escaped line end is no part of a run, but its letter would be.
    let mut longest = 0;
    for part in body.split(|c: char| !c.is_ascii() || !is_base64(c as u8)) {
        longest = longest.max(part.len());
    }
    longest
}

/// `range` without the white space at its ends, so that armour stays on lines of its own.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let body = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (body.len() - body.trim_start().len());
    let end = range.end - (body.len() - body.trim_end().len());
    start..end.max(start)
}
