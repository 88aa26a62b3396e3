//! The conversation with a model as a machine without input or output: what happened goes in, what to
//! do next comes out. Every ask costs one of the calls that the budget grants, whatever comes of it.

use std::time::Duration;

use crate::model::ModelError;
use crate::planner::draft::{Draft, DraftError};
use crate::planner::verify::Verification;

/// How long to wait before trying again after an outage that named no time.
const OUTAGE_PAUSE: Duration = Duration::from_secs(120);

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::planner) enum Next {
    /// Ask the model.
    Ask(Ask),
    /// Check this draft.
    Verify(Box<Draft>),
    /// Take out of this checked draft what is still wrong, and see whether it may be published.
    Settle(Box<Verification>),
    /// Nothing can be had from the model now.
    GiveUp {
        /// When trying again makes sense; `None` when it does not.
        retry_after: Option<Duration>,
    },
}

/// What to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::planner) enum Ask {
    /// A whole plan.
    Write {
        /// What was wrong with the previous answer.
        problems: Vec<String>,
    },
    /// Corrections to [`Session::best`].
    Repair,
}

/// Where the schema goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::planner) enum SchemaPlace {
    /// To the provider, which enforces it.
    Native,
    /// Into the prompt, because the provider does not take it.
    Prompt,
}

/// The state of the conversation.
#[derive(Debug)]
pub(in crate::planner) struct Session {
    calls_left: u32,
    schema: SchemaPlace,
    small_pack: bool,
    corrected: bool,
    pending: Ask,
    best: Option<Box<Verification>>,
}

impl Session {
    /// A conversation of at most `calls` calls.
    pub(in crate::planner) fn new(calls: u32) -> Self {
        Self {
            calls_left: calls,
            schema: SchemaPlace::Native,
            small_pack: false,
            corrected: false,
            pending: Ask::Write {
                problems: Vec::new(),
            },
            best: None,
        }
    }

    /// How the conversation begins.
    pub(in crate::planner) fn start(&mut self) -> Next {
        self.ask(self.pending.clone())
    }

    /// Where the schema goes in the next turn.
    pub(in crate::planner) fn schema(&self) -> SchemaPlace {
        self.schema
    }

    /// Whether the pack must be a small one.
    pub(in crate::planner) fn small_pack(&self) -> bool {
        self.small_pack
    }

    /// The draft that is being repaired, and what is wrong with it.
    pub(in crate::planner) fn best(&self) -> Option<&Verification> {
        self.best.as_deref()
    }

    /// The model answered, and this is what could be read. Shape is asked for again once.
    pub(in crate::planner) fn answered(&mut self, read: Result<Draft, DraftError>) -> Next {
        match read {
            Ok(draft) => Next::Verify(Box::new(draft)),
            Err(error) => self.correct(error.problems()),
        }
    }

    /// The model gave no answer.
    pub(in crate::planner) fn failed(&mut self, error: &ModelError) -> Next {
        let again = self.pending.clone();
        match error {
            ModelError::SchemaRejected if self.schema == SchemaPlace::Native => {
                self.schema = SchemaPlace::Prompt;
                self.ask(again)
            }
            ModelError::TooLong | ModelError::PromptCut { .. } if !self.small_pack => {
                self.small_pack = true;
                self.ask(again)
            }
            ModelError::Unusable { .. } => self.correct(Vec::new()),
            ModelError::RateLimited { retry_after } => self.stop(Some(*retry_after)),
            ModelError::Unavailable { .. } => self.stop(Some(OUTAGE_PAUSE)),
            ModelError::SchemaRejected
            | ModelError::ToolsRejected
            | ModelError::TooLong
            | ModelError::PromptCut { .. }
            | ModelError::Denied { .. }
            | ModelError::Refused => self.stop(None),
        }
    }

    /// A draft was checked. What is false in it is sent back once; of two drafts the one with fewer
    /// false claims is kept.
    pub(in crate::planner) fn verified(&mut self, verification: Verification) -> Next {
        if let Some(before) = self.best.take() {
            let better = verification.hard_count() <= before.hard_count();
            let kept = if better { verification } else { *before };
            return Next::Settle(Box::new(kept));
        }
        if verification.hard_count() == 0 || self.calls_left == 0 {
            return Next::Settle(Box::new(verification));
        }
        self.best = Some(Box::new(verification));
        self.ask(Ask::Repair)
    }

    fn correct(&mut self, problems: Vec<String>) -> Next {
        if self.corrected || self.best.is_some() {
            return self.stop(None);
        }
        self.corrected = true;
        self.ask(Ask::Write { problems })
    }

    fn ask(&mut self, ask: Ask) -> Next {
        let Some(left) = self.calls_left.checked_sub(1) else {
            return self.stop(None);
        };
        self.calls_left = left;
        self.pending = ask.clone();
        Next::Ask(ask)
    }

    /// What was reached so far counts; without a draft, nothing was.
    fn stop(&mut self, retry_after: Option<Duration>) -> Next {
        match self.best.take() {
            Some(best) => Next::Settle(best),
            None => Next::GiveUp { retry_after },
        }
    }
}

#[cfg(test)]
mod tests;
