//! From a saved request to what was asked: a plan, an answer, a check, an end.
//!
//! What all of them need stands here; each has a file of its own.

use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::OnceCell;

use crate::domain::command::Command;
use crate::domain::document::Document;
use crate::domain::request::Trigger;
use crate::domain::thread::{Reaction, ThreadAddress};
use crate::forge::{Forge, ForgeError, Glance};
use crate::render::{Notice, Site, marker};
use crate::repository::cache::Shelf;
use crate::repository::snapshot::SnapshotError;
use crate::service::App;
use crate::service::comment;
use crate::service::study::{self, ReadError};
use crate::store::document::{self, DocumentError};
use crate::store::{Claim, Lease, Millis, Progress, Published, Settlement, StoreError};

/// Tells the time.
pub type Clock = fn() -> Millis;

/// Why an attempt ended before its comment was published.
#[derive(Debug)]
pub(super) enum Stop {
    /// The store failed or the lease is lost: nothing more may be done.
    Store(StoreError),
    /// The forge did not do what was asked.
    Forge(ForgeError),
    /// The model is busy or out of reach; asking again after a pause makes sense.
    Model(Duration),
    /// The work itself failed inside.
    Broken(&'static str),
    /// Nothing is to be done, or nothing more may be done; the reason is for operators.
    Settled(Settlement),
}

impl Stop {
    /// Nothing may be posted, for a reason that operators read.
    pub(super) fn abandoned(reason: impl Into<String>) -> Self {
        Self::Settled(Settlement::Abandoned {
            reason: reason.into(),
        })
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ForgeError> for Stop {
    fn from(error: ForgeError) -> Self {
        Self::Forge(error)
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Snapshot(SnapshotError::Forge(error)) => Self::Forge(error),
            ReadError::Snapshot(SnapshotError::Git(_)) => {
                Self::Broken("the repository could not be read")
            }
            ReadError::Analysis => Self::Broken("the repository's contents could not be analysed"),
        }
    }
}

/// One attempt at a job.
pub(super) struct Attempt<'a> {
    pub(super) app: &'a App,
    pub(super) forge: &'a dyn Forge,
    pub(super) claim: &'a Claim,
    pub(super) clock: Clock,
    /// What is known of the repository, from when it is looked at to the end: what was read for one
    /// thing is there for the next.
    shelf: OnceCell<Shelf>,
}

impl App {
    /// Works on a claimed job until it has an end. Safe to call again for the same job: what
    /// earlier attempts saved is used, and the thread's comment is looked for before one is posted.
    ///
    /// # Errors
    /// [`StoreError`] when the lease is lost or the store fails; the job is then due again later.
    pub async fn work(&self, claim: &Claim, clock: Clock) -> Result<Settlement, StoreError> {
        let Some(attempt) = self.attempt(claim, clock) else {
            return Ok(Settlement::Abandoned {
                reason: "this forge is not configured".to_owned(),
            });
        };
        if claim.attempt > self.settings.worker.max_attempts {
            // Every attempt so far ended without a word: the job takes the process down with it.
            let reason = "the job ended the process each time".to_owned();
            return attempt.tell_failure(reason).await;
        }
        let settlement = match attempt.run().boxed().await {
            Ok(settlement) => settlement,
            Err(stop) => attempt.settle_stop(stop).await?,
        };
        Ok(comment::without_secrets(settlement, &self.redactor))
    }

    /// An attempt at a claimed job; `None` when its forge is not served.
    fn attempt<'a>(&'a self, claim: &'a Claim, clock: Clock) -> Option<Attempt<'a>> {
        let forge = self.forges.find(&claim.request.thread.repository)?;
        Some(Attempt {
            app: self,
            forge,
            claim,
            clock,
            shelf: OnceCell::new(),
        })
    }

    /// Ends a job that was cut off by a panic or by its deadline: once more, or a visible failure.
    ///
    /// # Errors
    /// As [`App::work`].
    pub async fn give_up(
        &self,
        claim: &Claim,
        clock: Clock,
        why: &'static str,
    ) -> Result<Settlement, StoreError> {
        let Some(attempt) = self.attempt(claim, clock) else {
            return Ok(Settlement::Failed {
                reason: why.to_owned(),
            });
        };
        attempt.retry_or_tell(why.to_owned()).await
    }
}

impl Attempt<'_> {
    pub(super) fn thread(&self) -> &ThreadAddress {
        &self.claim.request.thread
    }

    /// What is known of the repository from earlier reading.
    pub(super) async fn shelf(&self) -> Result<&Shelf, ReadError> {
        let repository = &self.thread().repository;
        let open = || study::shelf(repository, &self.app.tools);
        self.shelf.get_or_try_init(open).await
    }

    pub(super) async fn save(&self, progress: &Progress) -> Result<(), StoreError> {
        let lease: &Lease = &self.claim.lease;
        self.app
            .store
            .save_progress(lease, (self.clock)(), progress)
            .await
    }

    /// Does what was asked.
    async fn run(&self) -> Result<Settlement, Stop> {
        match &self.claim.request.trigger {
            Trigger::Label { .. } | Trigger::Operator { .. } => self.plan_thread().await,
            Trigger::Push { tip } => self.check_unasked(tip).await,
            Trigger::Withdrawn => self.mend(&Notice::Cancelled).await,
            Trigger::Command { command, .. } => match command {
                Command::Plan { .. } | Command::Revise { .. } => self.plan_thread().await,
                Command::Check => self.check_asked().await,
                Command::Cancel => self.cancel().await,
                Command::Help | Command::Config | Command::Unknown { .. } => {
                    self.tell(command).await
                }
            },
        }
    }

    /// The comment that the thread has from us, as far as we know.
    pub(super) async fn published(&self) -> Result<Option<Published>, StoreError> {
        self.app.store.published(self.thread()).await
    }

    /// What the thread's comment shows, as far as it was kept and still can be read.
    pub(super) async fn shown(&self, published: &Published) -> Result<Option<Document>, Stop> {
        let Some(kept) = &published.document else {
            return Ok(None);
        };
        let key = self.app.store.marker_key().await?;
        match document::read(kept, &key, &self.thread().subject()) {
            Ok(document) => Ok(Some(document)),
            Err(error) => {
                tracing::warn!(job.id = self.claim.lease.job.0, %error, "a document is lost");
                Ok(None)
            }
        }
    }

    /// The document as it is kept; nothing when it cannot be, which only costs later comfort.
    pub(super) fn keep(&self, document: &Document, key: &[u8; 32]) -> Option<String> {
        let kept: Result<_, DocumentError> =
            document::write(document, key, &self.thread().subject());
        kept.inspect_err(|error| {
            tracing::warn!(job.id = self.claim.lease.job.0, %error, "a document is not kept");
        })
        .ok()
    }

    /// Passes while the lease is ours: nothing may be written for a request that was taken back.
    pub(super) async fn hold(&self) -> Result<(), StoreError> {
        let now = (self.clock)();
        let until = now.plus(self.app.settings.worker.lease);
        let lease: &Lease = &self.claim.lease;
        self.app.store.extend(lease, now, until).await
    }

    /// What the forge tells of the thread in one call, the role of whoever has to have one included.
    pub(super) async fn glance(&self) -> Result<Glance, Stop> {
        let request = &self.claim.request;
        let user = request.trigger.is_asked().then_some(&request.sender);
        Ok(self.forge.glance(self.thread(), user).await?)
    }

    /// Where the comment stands, with the marker of its thread.
    pub(super) fn site(&self, key: &[u8; 32]) -> Site {
        let marker = marker::marker(key, &self.thread().subject());
        let repository = &self.thread().repository;
        let web_url = self.app.forges.web_url(repository);
        let web_url = web_url.unwrap_or(&self.app.settings.github.web_url);
        study::site(web_url, repository, marker)
    }

    /// Shows by reaction how far we are; that it fails is no reason to stop.
    pub(super) async fn react(&self, reaction: Reaction) {
        if let Err(error) = self.try_react(reaction).await {
            tracing::debug!(job.id = self.claim.lease.job.0, %error, "reaction was not put");
        }
    }

    /// Puts a reaction on what asked, if anything on the forge did.
    pub(super) async fn try_react(&self, reaction: Reaction) -> Result<(), ForgeError> {
        match self.claim.request.trigger.reaction_target() {
            Some(target) => {
                self.forge
                    .acknowledge(self.thread(), target, reaction)
                    .await
            }
            None => Ok(()),
        }
    }
}
