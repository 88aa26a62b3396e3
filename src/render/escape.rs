//! Foreign text into one line of Markdown: the only way that such text reaches a comment as prose.
//!
//! A field becomes one line without markup: words that a forge would act on (addresses, mentions,
//! references, commands) become code spans, because forges look for those in the rendered text and
//! leave code alone; of everything else the punctuation is escaped. What an author put between
//! balanced backticks stays code.

use crate::render::code;
use crate::render::token;
use crate::text::clean::clean;
use crate::text::shorten;

/// Most characters of a field; the longest that the schema's fields reach in good plans are a
/// quarter of it.
const FIELD_CHARACTERS: usize = 2_000;

/// Appends foreign text to a line.
pub(super) fn inline(out: &mut String, text: &str) {
    inline_up_to(out, text, FIELD_CHARACTERS);
}

/// Appends at most `limit` characters of foreign text to a line.
pub(super) fn inline_up_to(out: &mut String, text: &str, limit: usize) {
    let text = clean(text);
    let text = shorten::to_chars(text.trim(), limit);
    let mut line = Line {
        out,
        at_start: true,
        gap: false,
    };
    let mut rest = text.as_ref();
    while let Some(at) = rest.find('`') {
        let (before, ticked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        line.prose(before);
        rest = line.ticked(ticked);
    }
    line.prose(rest);
}

/// The line being written.
struct Line<'a> {
    out: &'a mut String,
    /// Whether nothing of the field is written yet: some characters mean more there.
    at_start: bool,
    /// Whether white space is due before what comes next.
    gap: bool,
}

impl Line<'_> {
    /// Writes what begins with backticks: a code span when they are balanced, else only the
    /// backticks themselves. Returns what is left.
    fn ticked<'t>(&mut self, text: &'t str) -> &'t str {
        let after = text.trim_start_matches('`');
        let run = text.len() - after.len();
        match find_closing(after, run) {
            Some((code, rest)) if !code.trim().is_empty() => {
                self.close_gap();
                code::span(self.out, code);
                rest
            }
            _ => {
                self.close_gap();
                // An escaped backtick beside a code span would be read as part of its fence.
                (0..run).for_each(|_| self.out.push_str("&#96;"));
                after
            }
        }
    }

    fn prose(&mut self, text: &str) {
        for (position, word) in text.split(char::is_whitespace).enumerate() {
            self.gap |= position > 0;
            if !word.is_empty() {
                self.word(word);
            }
        }
    }

    fn word(&mut self, word: &str) {
        if token::is_plain_word(word) {
            self.close_gap();
            self.out.push_str(word);
            return;
        }
        let (before, core, after) = token::peel(word);
        let first = self.at_start;
        if !before.is_empty() {
            self.escaped(before);
        }
        if token::is_active(core) {
            self.close_gap();
            code::span(self.out, core);
        } else if !core.is_empty() {
            self.escaped(core);
        }
        let is_number = !core.is_empty() && core.bytes().all(|byte| byte.is_ascii_digit());
        if first && before.is_empty() && is_number && after.starts_with(['.', ')']) {
            self.out.push('\\');
        }
        if !after.is_empty() {
            self.escaped(after);
        }
    }

    fn escaped(&mut self, text: &str) {
        let mut first = self.at_start;
        self.close_gap();
        let mut previous = ' ';
        for c in text.chars() {
            let escape = match c {
                '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '^' | '|' => true,
                '#' => !previous.is_alphanumeric(),
                '-' | '+' | '=' | ':' | '/' => first,
                _ => false,
            };
            if escape {
                self.out.push('\\');
            }
            self.out.push(c);
            previous = c;
            first = false;
        }
    }

    fn close_gap(&mut self) {
        if self.gap && !self.at_start {
            self.out.push(' ');
        }
        self.gap = false;
        self.at_start = false;
    }
}

/// Splits `text` at the first run of exactly `length` backticks: what is before it and after it.
fn find_closing(text: &str, length: usize) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('`').map(|at| from + at) {
        let after = text.get(at..)?.trim_start_matches('`');
        let run = text.len() - at - after.len();
        if run == length {
            return Some((text.get(..at)?, after));
        }
        from = at + run;
    }
    None
}
