//! Secrets found in a text, and the text with markers in their place.

use std::ops::Range;

use crate::redact::tally::Tally;

/// How every marker begins.
const MARKER: &str = "[redacted:";

/// Longest kind that a marker has.
pub(super) const MAX_KIND_BYTES: usize = 64;

/// Fewest letters and digits beside markers that make a place worth a marker of its own.
const MIN_LEFT: usize = 4;

/// A place in a text that holds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding<'k> {
    pub(super) range: Range<usize>,
    pub(super) kind: &'k str,
    /// Where two findings meet, the one of the lower rank names the kind.
    pub(super) rank: u32,
}

/// Puts findings that overlap together and drops those that only hold markers; in order.
pub(super) fn merge<'k>(text: &str, mut findings: Vec<Finding<'k>>) -> Vec<Finding<'k>> {
    findings.retain_mut(|found| leave_markers(text, &mut found.range));
    findings.sort_by_key(|found| (found.range.start, found.range.end));
    let mut merged: Vec<Finding<'k>> = Vec::with_capacity(findings.len());
    for found in findings {
        match merged.last_mut() {
            Some(last) if found.range.start < last.range.end => {
                last.range.end = last.range.end.max(found.range.end);
                if found.rank < last.rank {
                    (last.kind, last.rank) = (found.kind, found.rank);
                }
            }
            _ => merged.push(found),
        }
    }
    for found in &mut merged {
        found.range = widen(text, &found.range);
    }
    merged
}

/// `text` with a marker in place of each finding. Line ends inside of a finding stay, so that every
/// line keeps its number.
pub(super) fn replace(text: &str, findings: &[Finding<'_>], tally: &mut Tally) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for found in findings {
        out.push_str(text.get(from..found.range.start).unwrap_or_default());
        let secret = text.get(found.range.clone()).unwrap_or_default();
        tally.add(found.kind, secret);
        out.push_str(MARKER);
        out.push_str(found.kind);
        out.push(']');
        out.extend(secret.chars().filter(|c| matches!(c, '\n' | '\r')));
        from = found.range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// The markers in `text`, in order.
pub(super) fn markers(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices(MARKER).filter_map(|(start, marker)| {
        let kind = text.get(start + marker.len()..)?;
        let length = kind
            .bytes()
            .take(MAX_KIND_BYTES + 1)
            .position(|b| b == b']')?;
        let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_kind = kind.bytes().take(length).all(fine);
        is_kind.then_some(start..start + marker.len() + length + 1)
    })
}

/// The markers that a range touches or that stand right beside it.
fn markers_near(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let most = MARKER.len() + MAX_KIND_BYTES + 1;
    let start = text.floor_char_boundary(range.start.saturating_sub(most));
    let end = text.ceil_char_boundary((range.end + most).min(text.len()));
    let near = text.get(start..end).unwrap_or_default();
    markers(near)
        .map(|marker| marker.start + start..marker.end + start)
        .collect()
}

/// Whether a place holds anything beside markers; then it takes in the markers that it cuts.
fn leave_markers(text: &str, range: &mut Range<usize>) -> bool {
    let near = markers_near(text, range);
    if near.is_empty() {
        return range.start < range.end;
    }
    let bytes = text.as_bytes().get(range.clone()).unwrap_or_default();
    let left = (range.start..).zip(bytes).filter(|(at, byte)| {
        byte.is_ascii_alphanumeric() && !near.iter().any(|marker| marker.contains(at))
    });
    let fine = left.count() >= MIN_LEFT;
    for marker in near {
        if marker.start < range.end && range.start < marker.end {
            *range = range.start.min(marker.start)..range.end.max(marker.end);
        }
    }
    fine
}

/// The smallest range of whole characters around `range`.
fn widen(text: &str, range: &Range<usize>) -> Range<usize> {
    text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end.min(text.len()))
}
