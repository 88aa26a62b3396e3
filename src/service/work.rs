//! From a saved request to one comment.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::domain::document::Document;
use crate::domain::policy;
use crate::domain::repository::CommitSha;
use crate::domain::request::{Brief, Trigger};
use crate::domain::thread::{Reaction, Role, Thread, ThreadAddress, ThreadKind};
use crate::forge::{Forge, ForgeError, Glance};
use crate::model::{Guarded, Model};
use crate::planner::budget::Allowance;
use crate::planner::{self, Job, Stage};
use crate::render::{self, CommentBody, Site, marker};
use crate::repository::Limits;
use crate::repository::snapshot::SnapshotError;
use crate::service::App;
use crate::service::comment;
use crate::service::study::{self, Asked, ReadError};
use crate::store::{Claim, Lease, Millis, Progress, Settlement, StoreError};

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

    pub(super) async fn save(&self, progress: &Progress) -> Result<(), StoreError> {
        let lease: &Lease = &self.claim.lease;
        self.app
            .store
            .save_progress(lease, (self.clock)(), progress)
            .await
    }

    async fn run(&self) -> Result<Settlement, Stop> {
        let mut progress = self.load_progress().await?;
        let key = self.app.store.marker_key().await?;
        let saved = progress.body.as_deref();
        if let Some(body) = saved.and_then(|sealed| CommentBody::restore(&key, sealed)) {
            let nothing = Glance::default();
            return self.publish_and_react(&body, &nothing, &mut progress).await;
        }
        let mut glance = self.glance().await?;
        if let Some(reason) = self.find_refusal(glance.role).await? {
            self.react(Reaction::Confused).await;
            return Ok(Settlement::Abandoned { reason });
        }
        let thread = match glance.thread.take() {
            Some(thread) => thread,
            None => self.forge.thread(self.thread()).await?,
        };
        if let Some(reason) = self.find_obstacle(&thread) {
            return Ok(Settlement::Abandoned { reason });
        }
        self.react(Reaction::Eyes).await;
        let body = match self.plan(&thread, &glance, &mut progress).await {
            Ok(document) => comment::render(document, &self.app.redactor, &self.site(&key)),
            Err(stop) => match comment::find_notice(&stop) {
                Some(notice) => render::notice(&notice, &self.site(&key)),
                None => return Err(stop),
            },
        };
        progress.body = Some(body.seal(&key));
        self.save(&progress).await?;
        self.publish_and_react(&body, &glance, &mut progress).await
    }

    /// What the forge tells in one call, the role of whoever has to have one included.
    async fn glance(&self) -> Result<Glance, Stop> {
        let request = &self.claim.request;
        let asks = !matches!(request.trigger, Trigger::Operator { .. });
        let user = asks.then_some(&request.sender);
        Ok(self.forge.glance(self.thread(), user).await?)
    }

    /// What earlier attempts saved, unless another job of the thread has published since: then the
    /// saved comment is older than what stands there.
    async fn load_progress(&self) -> Result<Progress, StoreError> {
        let progress = self.claim.progress.clone();
        let published = self.app.store.published(self.thread()).await?;
        let newest = published.map_or(0, |published| published.revision);
        if progress.revision.is_none_or(|revision| revision > newest) {
            return Ok(progress);
        }
        Ok(Progress {
            posting: progress.posting,
            ..Progress::default()
        })
    }

    async fn publish_and_react(
        &self,
        body: &CommentBody,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let settlement = self.publish(body, glance, progress).await?;
        self.react(Reaction::Rocket).await;
        Ok(settlement)
    }

    /// Why the sender may not ask; `None` when they may. Their role is asked for unless it is `known`.
    async fn find_refusal(&self, known: Option<Role>) -> Result<Option<String>, Stop> {
        let request = &self.claim.request;
        if matches!(request.trigger, Trigger::Operator { .. }) {
            return Ok(None);
        }
        let repository = &request.thread.repository;
        let role = match known {
            Some(role) => role,
            None => self.forge.role(repository, &request.sender).await?,
        };
        let minimum = self.app.settings.policy.minimum_role;
        Ok((!policy::may_ask(role, minimum)).then(|| {
            format!(
                "the sender has the role `{}`, and `{}` is asked for",
                role.as_str(),
                minimum.as_str()
            )
        }))
    }

    /// Why nothing is to be posted in this thread; `None` when it may be.
    fn find_obstacle(&self, thread: &Thread) -> Option<String> {
        let by_label = matches!(self.claim.request.trigger, Trigger::Label { .. });
        if thread.locked {
            Some("the thread is locked".to_owned())
        } else if by_label && !thread.open {
            Some("the thread was closed before the work began".to_owned())
        } else {
            None
        }
    }

    async fn plan(
        &self,
        thread: &Thread,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<Document, Stop> {
        let (revision, commit) = self.pin(glance, progress).await?;
        let mut brief = self.brief(thread, glance).await?;
        let kept_back = self.app.redactor.redact_brief(&mut brief);
        let settings = &self.app.settings;
        let limits = Limits::from(&settings.budgets);
        let repository = &self.thread().repository;
        let search = study::read(
            self.forge,
            (repository, &commit),
            &limits,
            &self.app.tools,
            (&brief, settings.budgets.request_bytes),
        )
        .await?;
        let conversation = self.app.model.as_ref().map(Guarded::converse);
        let job = Job {
            brief: &brief,
            index: Arc::clone(search.index()),
            search: Some(search),
            model: conversation.as_ref().map(|model| model as &dyn Model),
            registry: self.app.registry.as_deref(),
            profile: settings.budgets.profile,
            allowance: Allowance::from(&settings.budgets),
            clock: &|| since(self.clock),
            max_output_tokens: settings.model.max_output_tokens,
            request_bytes: settings.budgets.request_bytes,
            heeds_guidelines: self.thread().kind == ThreadKind::Issue,
            revision,
        };
        let job_id = self.claim.lease.job.0;
        let mut outcome = planner::plan(&job, &move |stage: Stage| {
            tracing::debug!(job.id = job_id, ?stage, "planning");
        })
        .await;
        comment::clean(
            &mut outcome.document,
            &self.app.redactor,
            (kept_back, conversation),
        );
        let receipt = &outcome.document.receipt;
        self.app.metrics.model_usage(
            u64::from(receipt.model_calls),
            receipt.input_tokens,
            receipt.output_tokens,
        );
        match outcome.retry_after {
            Some(pause) if self.may_wait_for_the_model() => Err(Stop::Model(pause)),
            _ => Ok(outcome.document),
        }
    }

    /// The revision and the commit of the plan, which later attempts keep.
    async fn pin(
        &self,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<(u32, CommitSha), Stop> {
        let revision = match progress.revision {
            Some(revision) => revision,
            None => self.next_revision().await?,
        };
        let commit = match progress.commit.as_ref().or(glance.tip.as_ref()) {
            Some(commit) => commit.clone(),
            None => study::pin(self.forge, self.thread()).await?,
        };
        progress.revision = Some(revision);
        progress.commit = Some(commit.clone());
        self.save(progress).await?;
        Ok((revision, commit))
    }

    /// What the planner is told: the thread, and what a change request changes.
    async fn brief(&self, thread: &Thread, glance: &Glance) -> Result<Brief, Stop> {
        let asked = self.asked();
        let mut brief = match &glance.comments {
            Some(comments) => study::brief_from(thread, comments, &asked),
            None => study::brief(self.forge, self.thread(), thread, &asked).await?,
        };
        brief.changes = study::changes(self.forge, self.thread()).await?;
        Ok(brief)
    }

    /// What of the request bears on what the planner is told. Whoever asked has shown their role.
    fn asked(&self) -> Asked<'_> {
        let request = &self.claim.request;
        let comment = match request.trigger {
            Trigger::Command { comment, .. } => Some(comment),
            Trigger::Label { .. } | Trigger::Operator { .. } => None,
        };
        let may_write = self.app.settings.policy.minimum_role >= Role::Write;
        let by_somebody = !matches!(request.trigger, Trigger::Operator { .. });
        Asked {
            focus: request.trigger.focus(),
            comment,
            maintainer: (may_write && by_somebody).then_some(request.sender.id),
        }
    }

    async fn next_revision(&self) -> Result<u32, Stop> {
        let published = self.app.store.published(self.thread()).await?;
        Ok(published.map_or(1, |published| published.revision.saturating_add(1)))
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
        let Some(target) = self.claim.request.trigger.reaction_target() else {
            return;
        };
        if let Err(error) = self
            .forge
            .acknowledge(self.thread(), target, reaction)
            .await
        {
            tracing::debug!(job.id = self.claim.lease.job.0, %error, "reaction was not put");
        }
    }
}

/// A clock's time as the time since some moment in the past.
fn since(clock: Clock) -> Duration {
    Duration::from_millis(u64::try_from(clock().0).unwrap_or(0))
}
