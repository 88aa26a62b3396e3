//! Cutting texts that are too long, visibly.

use std::borrow::Cow;

/// What stands where something was cut off.
const ELLIPSIS: char = '…';

/// The text, or its beginning and `…`: at most `limit` characters in all. Cuts after a word when
/// one ends in the last quarter.
pub fn to_chars(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit || text.chars().nth(limit).is_none() {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(1);
    let end = text.char_indices().nth(room).map_or(0, |(at, _)| at);
    cut(text, end, limit > 0)
}

/// The text, or its beginning and `…`: at most `limit` bytes in all, cut like [`to_chars`].
pub fn to_bytes(text: &str, limit: usize) -> Cow<'_, str> {
    if text.len() <= limit {
        return Cow::Borrowed(text);
    }
    let room = limit.saturating_sub(ELLIPSIS.len_utf8());
    cut(
        text,
        text.floor_char_boundary(room),
        limit >= ELLIPSIS.len_utf8(),
    )
}

fn cut(text: &str, end: usize, with_ellipsis: bool) -> Cow<'_, str> {
    let start = text.get(..end).unwrap_or_default();
    let word_end = start.rfind(char::is_whitespace).unwrap_or(0);
    let at_word = word_end >= start.len() - start.len() / 4;
    let kept = if at_word {
        start.get(..word_end)
    } else {
        Some(start)
    };
    let mut short = kept.unwrap_or_default().trim_end().to_owned();
    if with_ellipsis {
        short.push(ELLIPSIS);
    }
    Cow::Owned(short)
}
