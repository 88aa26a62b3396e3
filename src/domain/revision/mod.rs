//! Plans that follow each other in one thread: what asked for each, what it changed, and which parts of
//! a plan keep the names that they had in the one before.

mod difference;
mod names;
mod similar;

use crate::domain::document::OutlineReason;
use crate::domain::repository::CommitSha;

pub use difference::{Aspect, Changed, Difference, find_differences};
pub use names::{Highest, Names, choose_names};

/// Most revisions that a thread's log tells of; older ones interest nobody any more.
const MAX_ENTRIES: usize = 20;

/// Most characters kept of what somebody asked for.
const MAX_ASKED_CHARACTERS: usize = 200;

/// What asked for a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A label.
    Label {
        /// Its name; raw text.
        name: String,
    },
    /// `/plan`.
    Plan {
        /// What to focus on; may be empty. Raw text.
        focus: String,
    },
    /// `/plan revise`.
    Revise {
        /// What is to be different; may be empty. Raw text.
        feedback: String,
    },
    /// Whoever runs the bot, at its command line.
    Operator {
        /// What to focus on; may be empty. Raw text.
        focus: String,
    },
}

impl Cause {
    /// Whether the plan that stands is to be revised, rather than made anew.
    pub fn is_revision(&self) -> bool {
        matches!(self, Self::Revise { .. })
    }

    /// What was said in asking; raw text.
    pub fn words(&self) -> &str {
        match self {
            Self::Label { name } => name,
            Self::Plan { focus } | Self::Operator { focus } => focus,
            Self::Revise { feedback } => feedback,
        }
    }

    /// The same with its words on one line and cut to what a log has room for.
    pub fn shortened(&self) -> Self {
        let words = self.words().split_whitespace().collect::<Vec<_>>();
        let words = shorten(&words.join(" "));
        match self {
            Self::Label { .. } => Self::Label { name: words },
            Self::Plan { .. } => Self::Plan { focus: words },
            Self::Revise { .. } => Self::Revise { feedback: words },
            Self::Operator { .. } => Self::Operator { focus: words },
        }
    }
}

fn shorten(text: &str) -> String {
    if text.chars().nth(MAX_ASKED_CHARACTERS).is_none() {
        return text.to_owned();
    }
    let kept = text.chars().take(MAX_ASKED_CHARACTERS - 1);
    kept.chain(std::iter::once('…')).collect()
}

/// What came of a wish for a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevisionResult {
    /// The first plan of the thread.
    First {
        /// How many steps it has.
        steps: usize,
    },
    /// Another plan.
    Revised(Difference),
    /// An outline, where no plan stood.
    Outline {
        /// Why no plan.
        reason: OutlineReason,
    },
    /// Nothing: the plan that stood before still stands.
    Kept {
        /// Why no other plan.
        reason: OutlineReason,
    },
}

/// What asking a model took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spending {
    /// Calls made.
    pub calls: u32,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// What it cost, with the currency; empty where no prices are known.
    pub cost: String,
}

/// One line of a thread's log of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionEntry {
    /// The revision's number; a failed attempt takes one as well.
    pub revision: u32,
    /// The commit that was read.
    pub commit: CommitSha,
    /// What asked for it, its words shortened.
    pub cause: Cause,
    /// What came of it.
    pub result: RevisionResult,
    /// What it took.
    pub spending: Spending,
    /// The highest numbers ever given to parts of the thread's plans, this one included.
    pub highest: Highest,
}

/// The log with another entry: newest first, and no longer than bearable.
pub fn log_with(entry: RevisionEntry, history: &[RevisionEntry]) -> Vec<RevisionEntry> {
    let mut log = vec![entry];
    log.extend(history.iter().take(MAX_ENTRIES - 1).cloned());
    log
}

#[cfg(test)]
mod tests;
