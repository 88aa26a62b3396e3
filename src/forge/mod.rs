//! The forges: one trait, and an adapter for each kind.
//!
//! An adapter speaks its forge's API and webhooks in private wire shapes and hands out values of
//! `domain`. It knows nothing of plans, of the store, or of any other adapter.

pub mod event;
pub mod github;
pub mod verified;

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;

use crate::domain::change_set::ChangeSet;
use crate::domain::repository::{BlobId, CommitSha, RepositoryName, TreeId};
use crate::domain::thread::{
    Author, Comment, CommentId, Reaction, ReactionTarget, RepositoryAddress, Role, Thread,
    ThreadAddress, ThreadNumber,
};
use crate::render::CommentBody;

/// Which commit of a repository is meant, before it is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// The tip of the default branch.
    DefaultBranch,
    /// The head of a change request, read through the repository that it targets.
    ChangeRequestHead(ThreadNumber),
}

/// What a revision stands for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// Its commit.
    pub commit: CommitSha,
    /// Whether only some may see the repository, where that was learned on the way.
    pub private: Option<bool>,
}

/// What a tree entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A symbolic link; its blob holds the target.
    Symlink,
    /// A submodule; it has no blob here.
    Submodule,
}

/// Which tree is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreeRoot<'a> {
    /// The root folder of a commit.
    Commit(&'a CommitSha),
    /// One folder, by its tree's id; paths in the answer begin below it.
    Folder(&'a TreeId),
}

/// How deep a listing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Everything below, without the folders themselves.
    Whole,
    /// What lies directly inside, folders included.
    Direct,
}

/// A folder in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its path as the forge spells it; raw text.
    pub path: String,
    /// The id of its tree.
    pub id: TreeId,
}

/// One entry of a tree that is no folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// The path as the forge spells it; raw text, possibly with replacement characters.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// The blob's id; for a submodule the id of its commit.
    pub id: BlobId,
    /// Size in bytes, where the forge tells it.
    pub size_bytes: Option<u64>,
}

/// The files of one commit or folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// All entries that the forge listed, in its order.
    pub entries: Vec<TreeEntry>,
    /// The folders, for [`Depth::Direct`] only.
    pub folders: Vec<Folder>,
    /// Whether the forge left entries out.
    pub truncated: bool,
}

/// A blob that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobWish {
    /// Its id.
    pub id: BlobId,
    /// Its size, where the tree told it.
    pub size_bytes: Option<u64>,
}

/// What came of the first wishes of a list: each of them is in one of the two parts.
#[derive(Debug, Default)]
pub struct Batch {
    /// Contents, as the forge gave them; they need not fit the id.
    pub blobs: Vec<(BlobId, Bytes)>,
    /// Those that only come one by one.
    pub alone: Vec<BlobId>,
    /// How many requests it took.
    pub requests: u64,
}

/// A small file at the tip of the default branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TipFile {
    /// There is none of that name.
    Missing,
    /// It is larger than what was asked for.
    TooLarge,
    /// It is no file, or no text.
    NotText,
    /// Its bytes.
    Found(Bytes),
}

/// What one call may tell of a thread. Whatever is missing has to be asked for by itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// The thread.
    pub thread: Option<Thread>,
    /// Its newest comments, oldest first.
    pub comments: Option<Vec<Comment>>,
    /// Whether these are all its comments.
    pub has_all_comments: bool,
    /// What the person asked about may do.
    pub role: Option<Role>,
    /// The commit that a plan for the thread is made at.
    pub tip: Option<CommitSha>,
    /// The repository's own settings, [`REPOSITORY_FILE`](crate::domain::narrowing::REPOSITORY_FILE).
    pub settings: Option<TipFile>,
    /// Whether only some may see the repository.
    pub private: Option<bool>,
}

/// An event that a forge could not deliver to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissedDelivery {
    /// The key under which it would have been saved; the same as of every further attempt.
    pub key: String,
    /// The newest attempt at it.
    pub attempt: DeliveryAttempt,
}

/// An attempt of a forge to deliver something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryAttempt {
    /// Which of our accounts on the forge it was for, by its place.
    pub account: usize,
    /// The forge's id of it.
    pub id: u64,
}

/// Bytes as they arrive.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, ForgeError>> + Send>>;

/// How the message of [`ForgeError::Denied`] begins, by which it is known where only messages are kept.
pub const REFUSED: &str = "the forge refused";

/// Why a forge did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ForgeError {
    /// The thing does not exist, or must not be known to us.
    #[error("{what} was not found")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// We may not do this; waiting does not help.
    #[error("{REFUSED} {what}: {why}")]
    Denied {
        /// What was asked for.
        what: String,
        /// The cause as far as the forge tells it, such as a missing permission.
        why: String,
    },
    /// Our installation is suspended. Its owner may end that, and until then nothing can be done for
    /// any repository of it.
    #[error("the forge refused {what}: the App's installation is suspended")]
    Suspended {
        /// What was asked for.
        what: String,
    },
    /// Our installation was removed, or does not reach the repository any more.
    #[error("the forge refused {what}: the App is not installed there any more")]
    Uninstalled {
        /// What was asked for.
        what: String,
    },
    /// The repository has no commit yet.
    #[error("the repository is empty")]
    Empty,
    /// A rate limit was hit.
    #[error("the forge asks to wait {}s before {what}", retry_after.as_secs())]
    RateLimited {
        /// What was asked for.
        what: String,
        /// How long to wait.
        retry_after: Duration,
    },
    /// The answer was larger than what we take.
    #[error("{what} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// What was asked for.
        what: String,
        /// The limit.
        limit_bytes: u64,
    },
    /// The forge could not be reached or failed; a read may be tried again, and the outcome of a
    /// write is unknown.
    #[error("the forge did not answer {what}: {why}")]
    Unavailable {
        /// What was asked for.
        what: String,
        /// The cause, without addresses or bodies.
        why: String,
    },
    /// The forge answered something that cannot be used; trying again does not help.
    #[error("the forge gave an unexpected answer to {what}: {why}")]
    Unexpected {
        /// What was asked for.
        what: String,
        /// The cause, without bodies.
        why: String,
    },
}

/// One forge, as far as Planwright uses it. Reads are retried inside within a deadline; writes are
/// sent once, and their caller looks before trying again.
#[async_trait]
pub trait Forge: Send + Sync {
    /// The repository of that name with its id and installation, for callers that have only an
    /// address. Its present name stands in the answer when it was renamed.
    async fn repository(&self, name: &RepositoryName) -> Result<RepositoryAddress, ForgeError>;

    /// The issue or change request at `at`.
    async fn thread(&self, at: &ThreadAddress) -> Result<Thread, ForgeError>;

    /// The comments of a thread, oldest first, at most the `limit` newest.
    async fn comments(&self, at: &ThreadAddress, limit: usize) -> Result<Vec<Comment>, ForgeError>;

    /// What the change request at `at` changes, at most the first `limit` files of it, and what its
    /// reviewers wait for.
    async fn changes(&self, at: &ThreadAddress, limit: usize) -> Result<ChangeSet, ForgeError>;

    /// What `user` may do in the repository; [`Role::None`] for strangers.
    async fn role(&self, repository: &RepositoryAddress, user: &Author)
    -> Result<Role, ForgeError>;

    /// Whether only some may see the repository; `None` where the forge does not tell.
    async fn is_private(&self, repository: &RepositoryAddress) -> Result<Option<bool>, ForgeError>;

    /// What `revision` stands for now.
    async fn resolve(
        &self,
        repository: &RepositoryAddress,
        revision: Revision,
    ) -> Result<Pinned, ForgeError>;

    /// The thread at `at`, its newest comments, the role of `user` and the commit to plan at, as far
    /// as the forge tells them in one call. Forges that cannot do that tell nothing.
    async fn glance(
        &self,
        _at: &ThreadAddress,
        _user: Option<&Author>,
    ) -> Result<Glance, ForgeError> {
        Ok(Glance::default())
    }

    /// The files of a commit or folder.
    async fn tree(
        &self,
        repository: &RepositoryAddress,
        root: TreeRoot<'_>,
        depth: Depth,
    ) -> Result<Tree, ForgeError>;

    /// The repository's own settings, [`REPOSITORY_FILE`](crate::domain::narrowing::REPOSITORY_FILE) at the tip of the default branch.
    async fn settings_file(&self, repository: &RepositoryAddress) -> Result<TipFile, ForgeError>;

    /// The gzipped tar archive of `commit`; [`ForgeError::NotFound`] where there is none.
    async fn archive(
        &self,
        repository: &RepositoryAddress,
        commit: &CommitSha,
    ) -> Result<ByteStream, ForgeError>;

    /// The bytes of one blob, at most `limit_bytes` of them.
    async fn blob(
        &self,
        repository: &RepositoryAddress,
        id: &BlobId,
        limit_bytes: u64,
    ) -> Result<Bytes, ForgeError>;

    /// The bytes of the first of `wanted`, of one at least, as many as come in one go.
    async fn blobs(
        &self,
        _repository: &RepositoryAddress,
        wanted: &[BlobWish],
    ) -> Result<Batch, ForgeError> {
        Ok(Batch {
            alone: wanted.iter().map(|wish| wish.id.clone()).collect(),
            ..Batch::default()
        })
    }

    /// How many blobs one request brings, as far as is known.
    fn blobs_per_request(&self) -> usize {
        1
    }

    /// Posts a comment, once, and returns its id.
    async fn post_comment(
        &self,
        at: &ThreadAddress,
        body: &CommentBody,
    ) -> Result<CommentId, ForgeError>;

    /// Replaces the body of a comment of ours.
    async fn edit_comment(
        &self,
        at: &ThreadAddress,
        comment: CommentId,
        body: &CommentBody,
    ) -> Result<(), ForgeError>;

    /// Takes a label off a thread; one that is not there is no error.
    async fn remove_label(&self, at: &ThreadAddress, label: &str) -> Result<(), ForgeError>;

    /// Puts a reaction; putting the same one again changes nothing.
    async fn acknowledge(
        &self,
        at: &ThreadAddress,
        target: ReactionTarget,
        reaction: Reaction,
    ) -> Result<(), ForgeError>;

    /// What happened since `since` and could not be delivered to us, oldest first;
    /// [`ForgeError::NotFound`] where the forge keeps no list of that.
    async fn missed_deliveries(
        &self,
        _since: SystemTime,
    ) -> Result<Vec<MissedDelivery>, ForgeError> {
        Err(ForgeError::NotFound {
            what: "the list of deliveries".to_owned(),
        })
    }

    /// Asks for one more attempt at a delivery; it arrives as a webhook like any other.
    async fn redeliver(&self, attempt: &DeliveryAttempt) -> Result<(), ForgeError> {
        Err(ForgeError::NotFound {
            what: format!("delivery {}", attempt.id),
        })
    }
}
