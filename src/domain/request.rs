//! A request for a plan: who asked, where, and what for.

use crate::domain::change_set::ChangeSet;
use crate::domain::thread::{Author, CommentId, CommentPlace, ReactionTarget, ThreadAddress};

/// What made somebody's wish for a plan known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// A configured label was put on the thread.
    Label {
        /// The label's name.
        name: String,
    },
    /// `/plan` was written in a comment.
    Command {
        /// The comment that holds the command.
        comment: CommentId,
        /// Where the comment was written.
        place: CommentPlace,
        /// What follows `/plan`; empty when nothing does. Raw text.
        focus: String,
    },
    /// Whoever runs the bot asked at its command line, where nobody's role is to be judged.
    Operator {
        /// What to focus on; empty for everything. Raw text.
        focus: String,
    },
}

impl Trigger {
    /// What to focus on: the words after `/plan` or of the command line, empty for labels.
    pub fn focus(&self) -> &str {
        match self {
            Self::Label { .. } => "",
            Self::Command { focus, .. } | Self::Operator { focus } => focus,
        }
    }

    /// Where to show, by reaction, that the request was seen; `None` when nobody on the forge asked.
    pub fn reaction_target(&self) -> Option<ReactionTarget> {
        match self {
            Self::Label { .. } => Some(ReactionTarget::Thread),
            Self::Command { comment, place, .. } => Some(match place {
                CommentPlace::Discussion => ReactionTarget::Comment(*comment),
                CommentPlace::Diff => ReactionTarget::ReviewComment(*comment),
                // Reviews themselves take no reactions.
                CommentPlace::Review => ReactionTarget::Thread,
            }),
            Self::Operator { .. } => None,
        }
    }
}

/// One request for a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The thread to plan for and to answer in.
    pub thread: ThreadAddress,
    /// Who asked; their right to ask is judged when the work begins.
    pub sender: Author,
    /// How they asked.
    pub trigger: Trigger,
}

impl Request {
    /// The same wish told twice has the same key: a comment's id, or somebody's label or the
    /// operator's wish while it waits.
    pub fn semantic_key(&self) -> String {
        let subject = self.thread.subject();
        match &self.trigger {
            Trigger::Label { name } => format!("{subject}/label/{name}/{}", self.sender.id.0),
            Trigger::Command { comment, place, .. } => {
                format!("{subject}/{}/{}", place.as_str(), comment.0)
            }
            Trigger::Operator { .. } => format!("{subject}/operator"),
        }
    }
}

/// What the planner is told of a request; all texts are raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief {
    /// The title of the thread, or the first line of a request from the command line.
    pub title: String,
    /// The description.
    pub body: String,
    /// The discussion that follows it, oldest first, automation's comments left out.
    pub discussion: Vec<Remark>,
    /// The words after `/plan`.
    pub focus: String,
    /// The words after `/plan revise`: what is to be different from the plan that stands.
    pub feedback: String,
    /// What a change request changes so far; `None` for issues and for requests from the command line.
    pub changes: Option<ChangeSet>,
    /// How many parts that a page does not show were taken out of these texts.
    pub hidden_parts: usize,
}

/// Who speaks in a discussion, as far as it matters to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Speaker {
    /// Somebody who may change the repository.
    Maintainer,
    /// Whoever opened the thread.
    Author,
    /// Anybody else, or nobody knows.
    #[default]
    Other,
}

impl Speaker {
    /// The word for models.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Maintainer => "maintainer",
            Self::Author => "author",
            Self::Other => "other",
        }
    }
}

/// One comment of a discussion, as the planner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The login of its author; raw text.
    pub login: String,
    /// What they are in this thread.
    pub speaker: Speaker,
    /// What it says; raw text.
    pub text: String,
}

impl Brief {
    /// Splits a request written as one text: its first line that is not blank is the title.
    pub fn from_text(text: &str) -> Self {
        let text = text.trim();
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        Self {
            title: title.trim().to_owned(),
            body: body.trim().to_owned(),
            ..Self::default()
        }
    }

    /// Everything that was asked, as one text: title, feedback, description, focus, the discussion, then
    /// what reviewers wait for.
    pub fn full_text(&self) -> String {
        let mut parts = vec![self.title.as_str(), &self.feedback, &self.body, &self.focus];
        let reviews = self.changes.iter().flat_map(|changes| &changes.reviews);
        let reviews = reviews.flat_map(|thread| &thread.remarks);
        let remarks = self.discussion.iter().chain(reviews);
        parts.extend(remarks.map(|remark| remark.text.as_str()));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }
}
