//! What a webhook tells, in words that all forges share.

use crate::domain::thread::{Author, CommentId, CommentPlace, ThreadAddress};

/// Something that happened on a forge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A label was put on a thread.
    Labeled {
        /// The thread.
        thread: ThreadAddress,
        /// The label's name; raw text.
        label: String,
        /// Who put it.
        sender: Author,
    },
    /// A comment was written in a thread; edits are not told.
    Commented {
        /// The thread.
        thread: ThreadAddress,
        /// The comment.
        comment: CommentId,
        /// Where it was written.
        place: CommentPlace,
        /// What it says; raw text.
        body: String,
        /// Who caused the event.
        sender: Author,
        /// Who wrote the comment; `None` for deleted accounts.
        author: Option<Author>,
        /// Whether an App wrote it.
        via_app: bool,
    },
    /// The forge tests the connection.
    Ping,
    /// An event that asks nothing of us: its name and action.
    Other {
        /// The event's name; raw text.
        name: String,
        /// Its action; raw text, empty where the event has none.
        action: String,
    },
}
