//! What must survive: deliveries, jobs, leases, and which comment belongs to which thread.
//!
//! The store keeps values and their order. It decides nothing about forges, models or plans.

pub mod document;
mod sqlite;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::domain::repository::{CommitSha, InstallationId, RepositoryId};
use crate::domain::request::{Request, Withdrawn};
use crate::domain::thread::{CommentId, RepositoryAddress, ThreadAddress};

/// A point in time: milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Millis(pub i64);

impl Millis {
    /// The time `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// The time `duration` earlier.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

/// The store's id of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub i64);

/// A delivery that asks for work, to be saved before it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// Forge, host and the forge's own delivery id; the same for every redelivery.
    pub key: String,
    /// The request that it makes.
    pub request: Request,
    /// When it came in.
    pub received_at: Millis,
    /// How much one thread may ask; `None` where nobody is limited.
    pub limit: Option<ThreadLimit>,
}

/// How many requests of one thread are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadLimit {
    /// Most requests.
    pub requests: u32,
    /// From when on they count.
    pub since: Millis,
}

/// Something that happened, which what is saved has to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Wishes of a thread were taken back. Jobs that serve them end, whoever works on them; where one of
    /// them had already said that it works, a job is queued that mends this.
    Withdraw {
        /// The thread.
        thread: ThreadAddress,
        /// Which wishes.
        which: Withdrawn,
    },
    /// A thread was closed or opened again: only open ones are checked when the code moves.
    Standing {
        /// The thread.
        thread: ThreadAddress,
        /// Whether it is open.
        open: bool,
    },
    /// A thread is no longer there: its jobs end, and nothing of it is kept.
    Gone {
        /// The thread.
        thread: ThreadAddress,
    },
    /// Repositories are no longer there: what is saved for them goes.
    RepositoriesGone {
        /// Host name of the forge's web pages.
        host: String,
        /// Which.
        repositories: Vec<RepositoryId>,
        /// The one installation for which they are gone: what is saved for others stays. `None` for all.
        installation: Option<InstallationId>,
    },
    /// An installation is no longer there: what is saved for it goes.
    InstallationGone {
        /// Which.
        installation: InstallationId,
    },
    /// An installation may be worked for again: its jobs that wait are due.
    InstallationBack {
        /// Which.
        installation: InstallationId,
    },
    /// The default branch moved: a check of every open issue that has a plan is queued, unless one waits.
    Pushed {
        /// The repository.
        repository: RepositoryAddress,
        /// Where the branch is.
        tip: CommitSha,
        /// When the checks are due.
        pace: Pace,
    },
    /// The head of a change request moved: a check of its plan is queued, unless one waits.
    HeadMoved {
        /// The change request.
        thread: ThreadAddress,
        /// Where its head is.
        tip: CommitSha,
        /// When the check is due.
        pace: Pace,
    },
}

/// When the checks that one push asks for are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long the first one waits.
    pub delay: Duration,
    /// The time between two of them.
    pub gap: Duration,
    /// Most of them.
    pub most: u32,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// A job was queued.
    Queued(JobId),
    /// The request joins the job of the same sender that waits for the same thread, which now serves
    /// it.
    Joined(JobId),
    /// The delivery, or one that says the same, is known; nothing changed.
    Duplicate,
    /// The delivery was known and its job had failed: the job is queued again.
    Rearmed(JobId),
    /// The thread has asked more than it may; nothing changed.
    TooMany,
}

/// The right to work on a job; every write of a job needs it.
///
/// From its end on, another claim may take the job, and the right is lost. Until that happens it
/// still holds: the token alone is compared, because refusing work that nobody repeats helps no one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// The fencing token: a later claim of the same job has a larger one.
    pub token: i64,
}

/// A job that was claimed, with what an earlier attempt saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The right to work on it.
    pub lease: Lease,
    /// What to do.
    pub request: Request,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// What earlier attempts saved.
    pub progress: Progress,
}

/// How far a job has come; each part is saved as soon as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The pinned commit.
    pub commit: Option<CommitSha>,
    /// The comment as rendered, ready to post.
    pub body: Option<String>,
    /// The document that the body shows, as it is kept.
    pub document: Option<String>,
    /// Which revision of the thread's plan the body is.
    pub revision: Option<u32>,
    /// Whether a post was begun whose outcome may be unknown, by this job or, in a [`Claim`], by
    /// any of its thread since a comment was last published there.
    pub posting: bool,
}

/// How a job ends, or why it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// A comment was published.
    Published {
        /// The comment.
        comment: CommentId,
        /// Its revision; 0 as long as it holds no plan.
        revision: u32,
        /// The document that it shows, as saved by whoever rendered it; `None` when it shows none.
        document: Option<String>,
    },
    /// What was asked is done, and no comment was to be written for it.
    Done {
        /// What was done, for operators.
        what: String,
    },
    /// Nothing may or can be posted; the reason is kept.
    Abandoned {
        /// Why, for operators.
        reason: String,
    },
    /// Try again at a time.
    Retry {
        /// When.
        at: Millis,
        /// Why, for operators.
        reason: String,
    },
    /// Given up after an error of ours; operators are told.
    Failed {
        /// Why, for operators.
        reason: String,
    },
}

/// The comment that a thread has from us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The comment.
    pub comment: CommentId,
    /// Its revision; 0 as long as it holds no plan.
    pub revision: u32,
    /// The document that it shows, as it was saved; `None` when it shows none.
    pub document: Option<String>,
}

/// The state of a job, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Waits to be claimed.
    Ready,
    /// A worker holds its lease.
    Running,
    /// Its comment is published.
    Published,
    /// What was asked is done without a comment.
    Done,
    /// Nothing was to be posted.
    Abandoned,
    /// Given up.
    Failed,
}

/// A job as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSummary {
    /// Its id.
    pub id: JobId,
    /// Its thread's subject key.
    pub subject: String,
    /// Its state.
    pub state: JobState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it came in.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// Why it waits, was abandoned or failed; empty otherwise.
    pub reason: String,
}

/// What came of a person's wish for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intervention {
    /// It was done.
    Done,
    /// There is no such job.
    Missing,
    /// The job is in a state in which that cannot be done.
    Unfit(JobState),
    /// A newer job of the same thread and sender waits, which serves as well.
    Superseded,
}

/// How many jobs are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Waiting.
    pub ready: u64,
    /// Under way.
    pub running: u64,
    /// Published.
    pub published: u64,
    /// Done without a comment.
    pub done: u64,
    /// Abandoned.
    pub abandoned: u64,
    /// Failed.
    pub failed: u64,
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The lease was taken over, or its job has ended; the work must stop.
    #[error("the lease of job {} is lost", .0.0)]
    LeaseLost(JobId),
    /// The store is busy, full or broken; nothing was changed.
    #[error("the store is unavailable while {doing}: {why}")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        why: String,
    },
    /// What is saved cannot be understood.
    #[error("the store holds something unreadable while {doing}: {why}")]
    Corrupt {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        why: String,
    },
}

/// One store.
#[async_trait]
pub trait Store: Send + Sync {
    /// Saves a delivery and its job in one durable transaction.
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError>;

    /// Lets what is saved follow something that happened, in one durable transaction, and returns how
    /// many jobs and threads it changed. Doing it again changes nothing more.
    async fn follow(&self, change: &Change, now: Millis) -> Result<u64, StoreError>;

    /// Claims the job that has waited longest, if one is due: never two of one thread at a time,
    /// but for one that ends others. A job whose lease ran out is due again.
    async fn claim(&self, now: Millis, lease: Duration) -> Result<Option<Claim>, StoreError>;

    /// Puts the end of a lease to `until`.
    async fn extend(&self, lease: &Lease, now: Millis, until: Millis) -> Result<(), StoreError>;

    /// Saves how far a job has come.
    async fn save_progress(
        &self,
        lease: &Lease,
        now: Millis,
        progress: &Progress,
    ) -> Result<(), StoreError>;

    /// Remembers the comment of the lease's thread that says how far the work is. It stands for the
    /// thread's comment from here on, without a plan.
    async fn note_status(
        &self,
        lease: &Lease,
        now: Millis,
        comment: CommentId,
    ) -> Result<(), StoreError>;

    /// Ends a job or puts it back, and gives up its lease.
    async fn settle(
        &self,
        lease: &Lease,
        now: Millis,
        settlement: &Settlement,
    ) -> Result<(), StoreError>;

    /// The comment that a thread has from us, as far as we know.
    async fn published(&self, thread: &ThreadAddress) -> Result<Option<Published>, StoreError>;

    /// Forgets the comment of a thread, which somebody has deleted.
    async fn forget_comment(&self, thread: &ThreadAddress) -> Result<(), StoreError>;

    /// When the next job is due, if one waits: its `run_at`, or the end of a running lease.
    async fn next_due(&self) -> Result<Option<Millis>, StoreError>;

    /// Returns when a job may have become due through [`Store::accept`] or [`Store::settle`] of this
    /// process; one waiting caller is woken for each, and another by every [`Store::claim`] that
    /// finds a job, so that none is left alone.
    async fn wait_for_work(&self);

    /// Returns when a job was ended from outside by this process, so that whoever works on one looks
    /// whether its lease still holds; all who wait are woken.
    async fn wait_for_withdrawal(&self);

    /// The key that markers are signed with; made once and kept.
    async fn marker_key(&self) -> Result<[u8; 32], StoreError>;

    /// Whether a delivery of that key was accepted and is still remembered.
    async fn knows(&self, key: &str) -> Result<bool, StoreError>;

    /// The time that was noted under `name`, which each use of it chooses.
    async fn noted(&self, name: &str) -> Result<Option<Millis>, StoreError>;

    /// Notes a time under `name`, in place of what was there.
    async fn note(&self, name: &str, at: Millis) -> Result<(), StoreError>;

    /// What the database finds wrong with itself, a few things at most; nothing when it is whole.
    async fn examine(&self) -> Result<Vec<String>, StoreError>;

    /// How many jobs there are.
    async fn stats(&self) -> Result<Stats, StoreError>;

    /// The job of that id; `None` when it was never there or is purged.
    async fn job(&self, id: JobId) -> Result<Option<JobSummary>, StoreError>;

    /// The newest jobs, at most `limit`.
    async fn jobs(&self, limit: u32) -> Result<Vec<JobSummary>, StoreError>;

    /// Makes a job due at `now`: one that waits, or one that failed or was abandoned, which then begins
    /// anew.
    async fn retry(&self, id: JobId, now: Millis) -> Result<Intervention, StoreError>;

    /// Abandons a job that waits or is under way, for a `reason` that operators read; whoever works on
    /// it loses the lease.
    async fn cancel(
        &self,
        id: JobId,
        now: Millis,
        reason: &str,
    ) -> Result<Intervention, StoreError>;

    /// Deletes ended jobs and known deliveries that are older than `before`, a few at a time so that
    /// others can write in between; returns how many rows went. Which comment belongs to which
    /// thread is kept.
    async fn purge(&self, before: Millis) -> Result<u64, StoreError>;

    /// Writes what is pending and closes.
    async fn close(&self);
}

/// Opens the store in the file at `path`, making it when it is missing; markers of a new one are signed
/// with `key`. For a process that has no key of its own.
///
/// # Errors
/// As [`open`].
pub async fn open_with_key(path: &Path, key: &[u8; 32]) -> Result<Arc<dyn Store>, StoreError> {
    let store = sqlite::Sqlite::open(path).await?;
    store.set_marker_key(key).await?;
    Ok(Arc::new(store))
}

/// Opens the store in the file at `path`, making it when it is missing.
///
/// # Errors
/// [`StoreError::Unavailable`] when the file cannot be written or is no database.
pub async fn open(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    Ok(Arc::new(sqlite::Sqlite::open(path).await?))
}
