//! A request as people see it, within a budget: hidden parts are taken out, and long texts keep their
//! beginning and their end.

use crate::domain::request::{Brief, Remark};

/// Shares of the budget, in percent; what one source leaves unused falls to the next.
const TITLE_PERCENT: usize = 5;
const FOCUS_PERCENT: usize = 25;
const BODY_PERCENT: usize = 60;

/// Share of a cut text that is its beginning, in percent.
const HEAD_PERCENT: usize = 70;

/// Most remarks used, newest first.
const MAX_REMARKS: usize = 20;

/// The readable part of `brief` in at most about `bytes`. Every source has a share, so that a long
/// one cannot push out the others.
pub(in crate::planner) fn take_in(brief: &Brief, bytes: u64) -> Brief {
    let mut budget = Budget {
        total: usize::try_from(bytes).unwrap_or(usize::MAX),
        left: usize::try_from(bytes).unwrap_or(usize::MAX),
    };
    let title = budget.cut(&visible(&brief.title), TITLE_PERCENT);
    let focus = budget.cut(&visible(&brief.focus), FOCUS_PERCENT);
    let body = budget.cut(&visible(&brief.body), BODY_PERCENT);
    let mut discussion = Vec::new();
    for remark in brief.discussion.iter().rev().take(MAX_REMARKS) {
        let text = budget.cut(&visible(&remark.text), FOCUS_PERCENT);
        if !text.is_empty() {
            discussion.push(Remark {
                login: remark.login.clone(),
                text,
            });
        }
    }
    discussion.reverse();
    Brief {
        title,
        body,
        discussion,
        focus,
        changes: brief.changes.clone(),
    }
}

struct Budget {
    total: usize,
    left: usize,
}

impl Budget {
    /// At most that share of `text`, and no more than what is left.
    fn cut(&mut self, text: &str, percent: usize) -> String {
        let most = (self.total / 100).saturating_mul(percent).min(self.left);
        let kept = keep_ends(text, most);
        self.left = self.left.saturating_sub(kept.len());
        kept
    }
}

/// The beginning and the end of `text` when it is longer than `most` bytes.
fn keep_ends(text: &str, most: usize) -> String {
    const MARK: &str = "\n[… left out …]\n";
    if text.len() <= most {
        return text.to_owned();
    }
    let Some(room) = most.checked_sub(MARK.len()) else {
        return String::new();
    };
    let mut head = room * HEAD_PERCENT / 100;
    let mut tail = text.len() - (room - head);
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    while !text.is_char_boundary(tail) {
        tail += 1;
    }
    let (head, tail) = (text.get(..head), text.get(tail..));
    format!(
        "{}{MARK}{}",
        head.unwrap_or_default(),
        tail.unwrap_or_default()
    )
}

/// `text` without comments that pages do not show and without invisible characters.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, hidden)) = rest.split_once("<!--") {
        shown.push_str(before);
        rest = hidden.split_once("-->").map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    shown.retain(|c| !is_invisible(c));
    shown.trim().to_owned()
}

/// Controls, joiners, direction marks, variation selectors and tag characters.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
