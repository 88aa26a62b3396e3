//! A request as people see it, within a budget: hidden parts are taken out and counted, and long texts
//! keep their beginning and their end.

mod changes;
mod markup;

use crate::domain::request::{Brief, Remark};
use crate::text::clean;

/// Shares of the budget, in percent; what one source leaves unused falls to the next.
const TITLE_PERCENT: usize = 5;
const FOCUS_PERCENT: usize = 20;
const FEEDBACK_PERCENT: usize = 20;
const BODY_PERCENT: usize = 50;
const REMARK_PERCENT: usize = 20;

/// What a change request changes has a budget of its own, as large as this share of the other one.
const CHANGES_PERCENT: usize = 100;

/// Share of a cut text that is its beginning, in percent.
const HEAD_PERCENT: usize = 70;

/// Most remarks used, newest first.
const MAX_REMARKS: usize = 20;

/// Longest text that is looked at, twice what fits into a comment of GitHub; what is behind it is not even
/// searched for hidden parts.
const MAX_TEXT_BYTES: usize = 128 * 1024;

/// The readable part of `brief` in at most about `bytes`. Every source has a share, so that a long
/// one cannot push out the others.
pub(in crate::planner) fn take_in(brief: &Brief, bytes: u64) -> Brief {
    let total = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut budget = Budget { total, left: total };
    let mut reader = Reader {
        hidden_parts: brief.hidden_parts,
    };
    let title = budget.cut(&reader.plain(&brief.title), TITLE_PERCENT);
    let focus = budget.cut(&reader.plain(&brief.focus), FOCUS_PERCENT);
    let feedback = budget.cut(&reader.plain(&brief.feedback), FEEDBACK_PERCENT);
    let body = budget.cut(&reader.markdown(&brief.body), BODY_PERCENT);
    let mut discussion = Vec::new();
    for remark in brief.discussion.iter().rev().take(MAX_REMARKS) {
        let text = budget.cut(&reader.markdown(&remark.text), REMARK_PERCENT);
        if !text.is_empty() {
            discussion.push(Remark {
                text,
                ..remark.clone()
            });
        }
    }
    discussion.reverse();
    let room = total / 100 * CHANGES_PERCENT;
    let changes = brief.changes.as_ref();
    let changes = changes.map(|changes| changes::take_in(changes, room, &mut reader));
    Brief {
        title,
        body,
        discussion,
        focus,
        feedback,
        changes,
        hidden_parts: reader.hidden_parts,
    }
}

/// Whether a request only asks: its title, or what to focus on, is a question and no polite wish. Feedback
/// on a plan wants another one.
pub(in crate::planner) fn is_question(brief: &Brief) -> bool {
    if !brief.feedback.is_empty() {
        return false;
    }
    const ASKING: [&str; 16] = [
        "how", "why", "what", "where", "which", "who", "when", "is", "are", "does", "do", "can",
        "could", "should", "would", "will",
    ];
    let asked = if brief.focus.is_empty() {
        &brief.title
    } else {
        &brief.focus
    };
    let first = asked.split_whitespace().next().unwrap_or_default();
    let first = first.to_lowercase();
    let polite = asked.to_lowercase();
    let is_wish = [
        "can you",
        "could you",
        "would you",
        "can we",
        "could we",
        "please",
    ]
    .iter()
    .any(|wish| polite.contains(wish));
    asked.trim_end().ends_with('?') && ASKING.contains(&first.as_str()) && !is_wish
}

/// Reads texts and counts what they hide.
struct Reader {
    hidden_parts: usize,
}

impl Reader {
    /// A text of one line or so, in which nothing is markup.
    fn plain(&mut self, text: &str) -> String {
        self.visible(text).trim().to_owned()
    }

    /// A text in Markdown: pictures become their descriptions and raw HTML its text.
    fn markdown(&mut self, text: &str) -> String {
        let visible = self.visible(text);
        let spoken = markup::spoken(&visible);
        self.hidden_parts += spoken.disguised;
        // What was written as an entity shows only now.
        self.visible(&spoken.text).trim().to_owned()
    }

    /// Code, in which comments count as what they are; only what shows nothing goes.
    fn code(text: &str) -> String {
        let text = text.get(..text.floor_char_boundary(MAX_TEXT_BYTES));
        clean::clean(text.unwrap_or_default()).into_owned()
    }

    fn visible(&mut self, text: &str) -> String {
        let text = text.get(..text.floor_char_boundary(MAX_TEXT_BYTES));
        let visible = clean::visible(text.unwrap_or_default());
        self.hidden_parts += visible.removed;
        visible.text
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
    let head = text.floor_char_boundary(room * HEAD_PERCENT / 100);
    let tail = text.ceil_char_boundary(text.len() - (room - room * HEAD_PERCENT / 100));
    let (head, tail) = (text.get(..head), text.get(tail..));
    format!(
        "{}{MARK}{}",
        head.unwrap_or_default(),
        tail.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests;
