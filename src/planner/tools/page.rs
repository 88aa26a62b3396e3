//! An answer that is written line by line until it is full.

use super::{Answer, MAX_ANSWER_BYTES};
use crate::domain::repository::LineRange;

/// Longest line shown whole; longer ones are generated or data.
const MAX_LINE_BYTES: usize = 400;

/// Bytes kept free for the last word.
const LAST_WORD_BYTES: usize = 200;

/// A text that stops growing at its limit.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    is_full: bool,
    shown: Option<(usize, LineRange)>,
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            is_full: false,
            shown: None,
        }
    }

    /// Adds a line, cut when it is long; returns whether there was room.
    pub(super) fn line(&mut self, line: &str) -> bool {
        let line = line.trim_end();
        let cut = cut(line);
        let room = MAX_ANSWER_BYTES - LAST_WORD_BYTES;
        if self.is_full || self.text.len() + cut.len() + 1 > room {
            self.is_full = true;
            return false;
        }
        self.text.push_str(cut);
        if cut.len() < line.len() {
            self.text.push_str(" [line cut here]");
        }
        self.text.push('\n');
        true
    }

    /// Remembers which lines of which file the page shows.
    pub(super) fn shows(&mut self, file: usize, lines: LineRange) {
        self.shown = Some((file, lines));
    }

    /// The answer, which says so when something did not fit.
    pub(super) fn answer(mut self) -> Answer {
        if self.is_full {
            self.text
                .push_str("[more was left out; ask for something narrower]\n");
        }
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        Answer {
            text: self.text,
            is_error: false,
            shown: self.shown,
        }
    }
}

fn cut(line: &str) -> &str {
    match line.get(..line.floor_char_boundary(MAX_LINE_BYTES)) {
        Some(start) => start,
        None => line,
    }
}
