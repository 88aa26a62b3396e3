//! What a webhook tells, in words that all forges share.

use crate::domain::repository::{CommitSha, InstallationId, RepositoryId};
use crate::domain::thread::{Author, CommentId, CommentPlace, RepositoryAddress, ThreadAddress};

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
    /// A label was taken off a thread.
    Unlabeled {
        /// The thread.
        thread: ThreadAddress,
        /// The label's name; raw text.
        label: String,
        /// Who took it off.
        sender: Author,
    },
    /// Something was said in a thread, in its description or below it, or was changed there.
    Commented(Box<Spoken>),
    /// A comment was deleted.
    Uncommented {
        /// The thread.
        thread: ThreadAddress,
        /// The comment.
        comment: CommentId,
        /// Where it stood.
        place: CommentPlace,
    },
    /// A thread was closed or opened again.
    Standing {
        /// The thread.
        thread: ThreadAddress,
        /// Whether it is open.
        open: bool,
    },
    /// A thread was deleted, or is another repository's from here on.
    Gone {
        /// The thread as it was.
        thread: ThreadAddress,
    },
    /// The default branch moved.
    Pushed {
        /// The repository.
        repository: RepositoryAddress,
        /// Where the branch is.
        tip: CommitSha,
    },
    /// The head of a change request moved.
    HeadMoved {
        /// The change request.
        thread: ThreadAddress,
        /// Where its head is.
        tip: CommitSha,
    },
    /// Repositories were deleted, or are no longer ours to work for.
    RepositoriesGone {
        /// Host name of the forge's web pages.
        host: String,
        /// Which.
        repositories: Vec<RepositoryId>,
        /// The one installation for which they are gone; `None` for all.
        installation: Option<InstallationId>,
    },
    /// The bot was taken off an account.
    InstallationGone {
        /// The installation.
        installation: InstallationId,
    },
    /// The bot may work for an account again: it is no longer suspended, or was given more rights.
    InstallationBack {
        /// The installation.
        installation: InstallationId,
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

/// What somebody said in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// The thread.
    pub thread: ThreadAddress,
    /// The comment; 0 for the thread's description.
    pub comment: CommentId,
    /// Where it was said.
    pub place: CommentPlace,
    /// What it says; raw text.
    pub body: String,
    /// What it said before it was edited; `None` for what is new. Raw text.
    pub before: Option<String>,
    /// Who caused the event: for an edit, the editor.
    pub sender: Author,
    /// Who wrote it; `None` for deleted accounts.
    pub author: Option<Author>,
    /// Whether an App wrote it.
    pub via_app: bool,
}
