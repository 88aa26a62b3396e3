//! Text without tricks: one kind of newline, nothing invisible, no towers of marks.

use std::borrow::Cow;

use crate::text::hidden;
use crate::text::invisible::{is_everyday, is_invisible, is_mark};

/// Most marks kept on one character: living scripts need up to three, towers use dozens.
const MAX_MARKS: usize = 3;

/// A text as a reader of the forge's page sees it, and how much was there besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visible {
    /// What can be seen.
    pub text: String,
    /// How many parts could not be seen: comments, link definitions, runs of invisible characters.
    pub removed: usize,
}

/// The text with `\n` as its only line end and without characters that show nothing; at most
/// three marks stay on one character.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(filter(text).text)
}

/// The text on one line, for terminals: what they would obey or not show stands as an escape, such
/// as `\u{1b}`.
pub fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            printable.extend(c.escape_default());
        } else {
            printable.push(c);
        }
    }
    printable
}

/// What of a Markdown text is visible: HTML comments and link definitions are cut out (an
/// unfinished comment to the end of its block), then the rest is cleaned. Code is left whole.
pub fn visible(text: &str) -> Visible {
    let text = unify_newlines(text);
    let hidden = hidden::find_hidden(&text);
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for range in &hidden {
        kept.push_str(text.get(from..range.start).unwrap_or_default());
        from = range.end;
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    let mut visible = filter(&kept);
    visible.removed += hidden.len();
    visible
}

/// The text with `\n` in place of `\r\n` and `\r`, as Markdown has it.
pub(super) fn unify_newlines(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t')
}

fn filter(text: &str) -> Visible {
    let mut visible = Visible {
        text: String::with_capacity(text.len()),
        removed: 0,
    };
    let mut marks = 0;
    let mut in_run = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let starts_run = is_invisible(c) && !is_everyday(c);
        visible.removed += usize::from(starts_run && !in_run);
        in_run = starts_run;
        match c {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                visible.text.push('\n');
            }
            _ if is_invisible(c) => {}
            _ if is_mark(c) => {
                marks += 1;
                if marks <= MAX_MARKS {
                    visible.text.push(c);
                }
            }
            _ => {
                marks = 0;
                visible.text.push(c);
            }
        }
    }
    visible
}
