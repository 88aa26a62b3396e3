//! What rules of a file leave alone.

use std::ops::Range;

use regex::bytes::Regex;

/// Where something was found.
pub(super) struct Place<'t> {
    pub(super) text: &'t str,
    /// The whole match.
    pub(super) found: Range<usize>,
    /// The secret in it.
    pub(super) secret: Range<usize>,
}

/// What an allow list's patterns are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Against {
    Secret,
    Match,
    Line,
}

/// One allow list.
#[derive(Debug)]
pub(super) struct Allow {
    pub(super) regexes: Vec<Regex>,
    /// In lower case.
    pub(super) stop_words: Vec<String>,
    pub(super) against: Against,
    /// Whether a pattern and a stop word must both fit.
    pub(super) needs_both: bool,
}

impl Allow {
    /// Whether what was found is no secret.
    pub(super) fn excuses(&self, place: &Place<'_>) -> bool {
        let secret = place.text.get(place.secret.clone()).unwrap_or_default();
        let held = match self.against {
            Against::Secret => secret,
            Against::Match => place.text.get(place.found.clone()).unwrap_or_default(),
            Against::Line => lines(place.text, &place.found),
        };
        let fits = self
            .regexes
            .iter()
            .any(|regex| regex.is_match(held.as_bytes()));
        let lower = secret.to_ascii_lowercase();
        let stops = self.stop_words.iter().any(|word| lower.contains(word));
        if self.needs_both {
            let has_both = !self.regexes.is_empty() && !self.stop_words.is_empty();
            (has_both && fits && stops)
                || (self.regexes.is_empty() && stops)
                || (self.stop_words.is_empty() && fits)
        } else {
            fits || stops
        }
    }
}

/// The whole lines that `range` touches.
fn lines<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(text.len(), |at| range.end + at);
    text.get(start..end).unwrap_or_default()
}
