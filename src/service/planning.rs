//! A plan for a thread: from the request to the document and its comment.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::config::repository_file::Effective;
use crate::domain::command::Command;
use crate::domain::document::{Document, OwnSettings};
use crate::domain::repository::CommitSha;
use crate::domain::request::{Brief, Trigger};
use crate::domain::revision::Cause;
use crate::domain::thread::{CommentPlace, Reaction, Role, Thread, ThreadKind};
use crate::forge::Glance;
use crate::model::{Conversation, Guarded, Model};
use crate::planner::budget::Allowance;
use crate::planner::{self, Job, Outcome, Stage};
use crate::render::{Audience, CommentBody, Notice};
use crate::repository::Limits;
use crate::service::admission::Admitted;
use crate::service::comment;
use crate::service::effective;
use crate::service::status::Status;
use crate::service::study::{self, Asked};
use crate::service::work::{Attempt, Clock, Stop};
use crate::store::{Progress, Settlement, StoreError};

impl Attempt<'_> {
    /// Plans the thread and publishes the plan, or what stands in for it.
    pub(super) async fn plan_thread(&self) -> Result<Settlement, Stop> {
        let mut progress = self.load_progress().await?;
        let key = self.app.store.marker_key().await?;
        let saved = progress.body.as_deref();
        if let Some((body, audience)) = saved.and_then(|text| CommentBody::restore(&key, text)) {
            let seen = Glance {
                private: Some(audience == Audience::Few),
                ..Glance::default()
            };
            self.require_unchanged(&seen).await?;
            return self.finish(&body, &seen, &mut progress).await;
        }
        let mut admitted = self.admit().await?;
        if admitted.thread.merged {
            return self
                .decline(&Notice::Merged, &admitted.glance, &mut progress)
                .await;
        }
        let document = match self.plan(&mut admitted, &mut progress).await {
            Ok(document) => document,
            Err(stop) => match comment::find_notice(&stop) {
                Some(notice) => {
                    return self.decline(&notice, &admitted.glance, &mut progress).await;
                }
                None => return Err(stop),
            },
        };
        let glance = &admitted.glance;
        progress.document = self.keep(&document, &key);
        let body = comment::render(document, &self.app.redactor, &self.site(&key));
        self.require_unchanged(glance).await?;
        let audience = match glance.private {
            Some(true) => Audience::Few,
            _ => Audience::Everyone,
        };
        progress.body = Some(body.seal(&key, audience));
        self.save(&progress).await?;
        self.finish(&body, glance, &mut progress).await
    }

    /// What earlier attempts saved, unless another job of the thread has published since: then the
    /// saved comment is older than what stands there.
    async fn load_progress(&self) -> Result<Progress, StoreError> {
        let progress = self.claim.progress.clone();
        let published = self.published().await?;
        let newest = published.map_or(0, |published| published.revision);
        if progress.revision.is_none_or(|revision| revision > newest) {
            return Ok(progress);
        }
        Ok(Progress {
            posting: progress.posting,
            ..Progress::default()
        })
    }

    /// Says in the thread why there is no plan; one that stands there is not lost for it.
    async fn decline(
        &self,
        notice: &Notice,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let published = self.published().await?;
        let settlement = self.answer(notice, (glance, progress), published).await?;
        self.react(Reaction::Confused).await;
        self.take_off().await;
        Ok(settlement)
    }

    /// Publishes, and shows by reaction that it is done; a label that asks once has then done so.
    async fn finish(
        &self,
        body: &CommentBody,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let settlement = self.publish(body, glance, progress).await?;
        self.react(Reaction::Rocket).await;
        self.take_off().await;
        Ok(settlement)
    }

    /// Takes off the label that asked if it asks once; that it fails does not undo the plan.
    async fn take_off(&self) {
        let Trigger::Label { name: label } = &self.claim.request.trigger else {
            return;
        };
        if !self.app.settings.triggers.label_policy().is_one_shot(label) {
            return;
        }
        if let Err(error) = self.forge.remove_label(self.thread(), label).await {
            tracing::warn!(job.id = self.claim.lease.job.0, %error, "a label was not taken off");
        }
    }

    async fn plan(
        &self,
        admitted: &mut Admitted,
        progress: &mut Progress,
    ) -> Result<Document, Stop> {
        let Admitted {
            thread,
            glance,
            effective,
            is_refused,
        } = admitted;
        let (revision, pinned) = self.pin(glance, progress).await?;
        study::add_comments(self.forge, self.thread(), glance).await?;
        let mut brief = self.brief(thread, (glance, effective)).await?;
        let commit = self.follow(pinned, &brief, progress).await?;
        let kept_back = self.app.redactor.redact_brief(&mut brief);
        let (told, stages) = watch::channel(Stage::Locating);
        let mut status = Status::new(self, commit.clone(), stages).await?;
        if *is_refused {
            // Better to learn now than after the plan that no comment may be written either.
            status.write_now(glance, progress).await?;
        }
        let work = self.read_and_plan((&brief, effective), (revision, &commit), &told);
        let (mut outcome, conversation) = visibly(work, status, (glance, progress)).await??;
        outcome.document.receipt.own_settings = self.own_settings(effective).await?;
        comment::clean(
            &mut outcome.document,
            &self.app.redactor,
            (kept_back, conversation),
        );
        let spending = &outcome.spending;
        self.app.metrics.model_usage(
            u64::from(spending.calls),
            spending.input_tokens,
            spending.output_tokens,
        );
        match outcome.retry_after {
            Some(pause) if self.may_wait_for_the_model() => Err(Stop::Model(pause)),
            _ => Ok(outcome.document),
        }
    }

    /// What the receipt says of the repository's own settings: what the thread was told of them before
    /// is not told again above the plan.
    async fn own_settings(&self, effective: &Effective) -> Result<OwnSettings, Stop> {
        let told = match self.published().await? {
            Some(published) if !effective.faults.is_empty() => self.shown(&published).await?,
            _ => None,
        };
        let told = told.and_then(|document| document.receipt.own_settings.file);
        Ok(effective::receipt(effective, told.as_ref()))
    }

    /// Reads the repository and plans; `told` hears how far that is.
    async fn read_and_plan(
        &self,
        (brief, effective): (&Brief, &Effective),
        (revision, commit): (u32, &CommitSha),
        told: &watch::Sender<Stage>,
    ) -> Result<(Outcome, Option<Conversation<'_>>), Stop> {
        let settings = &self.app.settings;
        let limits = Limits::from(effective);
        let budgets = &effective.budgets;
        let repository = &self.thread().repository;
        let search = study::read(
            self.forge,
            (repository, commit),
            &limits,
            &self.app.tools,
            (brief, budgets.request_bytes),
        )
        .await?;
        let previous = self.standing().await?;
        let conversation = self.app.model.as_ref().map(Guarded::converse);
        let job = Job {
            brief,
            index: Arc::clone(search.index()),
            search: Some(search),
            model: conversation.as_ref().map(|model| model as &dyn Model),
            registry: self.app.registry.as_deref(),
            profile: budgets.profile,
            expertise: &effective.expertise,
            language: effective.language.as_ref(),
            allowance: Allowance::from(budgets),
            clock: &|| since(self.clock),
            max_output_tokens: settings.model.max_output_tokens,
            request_bytes: budgets.request_bytes,
            heeds_guidelines: self.thread().kind == ThreadKind::Issue,
            revision,
            cause: self.cause(),
            previous: previous.as_ref(),
        };
        let job_id = self.claim.lease.job.0;
        let outcome = planner::plan(&job, &move |stage: Stage| {
            tracing::debug!(job.id = job_id, ?stage, "planning");
            told.send_replace(stage);
        })
        .await;
        Ok((outcome, conversation))
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
            None => study::pin(self.forge, self.thread()).await?.commit,
        };
        progress.revision = Some(revision);
        progress.commit = Some(commit.clone());
        self.save(progress).await?;
        Ok((revision, commit))
    }

    /// The commit to plan at after the diff was read: somebody may have pushed since the head was pinned,
    /// and what is read of the change request has to be of one head.
    async fn follow(
        &self,
        pinned: CommitSha,
        brief: &Brief,
        progress: &mut Progress,
    ) -> Result<CommitSha, Stop> {
        let changes = brief.changes.as_ref();
        match changes.and_then(|changes| changes.head.clone()) {
            Some(head) if head != pinned => {
                progress.commit = Some(head.clone());
                self.save(progress).await?;
                Ok(head)
            }
            _ => Ok(pinned),
        }
    }

    /// What the planner is told: the thread, and what a change request changes.
    async fn brief(
        &self,
        thread: &Thread,
        (glance, effective): (&Glance, &Effective),
    ) -> Result<Brief, Stop> {
        let asked = self.asked();
        let comments = glance.comments.as_deref().unwrap_or_default();
        let mut brief = study::brief_from(thread, comments, &asked);
        brief.changes = study::changes(self.forge, self.thread(), &effective.paths).await?;
        Ok(brief)
    }

    /// What of the request bears on what the planner is told. Whoever asked has shown their role.
    fn asked(&self) -> Asked<'_> {
        let request = &self.claim.request;
        let comment = match request.trigger {
            Trigger::Command {
                comment,
                place: CommentPlace::Discussion,
                ..
            } => Some(comment),
            _ => None,
        };
        let words = request.trigger.words();
        let (focus, feedback) = match self.cause().is_revision() {
            true => ("", words),
            false => (words, ""),
        };
        let may_write = self.app.settings.policy.minimum_role >= Role::Write;
        let by_somebody = request.trigger.is_asked();
        Asked {
            focus,
            feedback,
            comment,
            maintainer: (may_write && by_somebody).then_some(request.sender.id),
        }
    }

    /// What asked for the plan, for the thread's log.
    fn cause(&self) -> Cause {
        let trigger = &self.claim.request.trigger;
        let words = trigger.words().to_owned();
        match trigger {
            Trigger::Label { name } => Cause::Label { name: name.clone() },
            Trigger::Command {
                command: Command::Revise { .. },
                ..
            } => Cause::Revise { feedback: words },
            Trigger::Command { .. } => Cause::Plan { focus: words },
            Trigger::Operator { .. } | Trigger::Push { .. } | Trigger::Withdrawn => {
                Cause::Operator { focus: words }
            }
        }
    }

    /// What the thread's comment shows so far.
    async fn standing(&self) -> Result<Option<Document>, Stop> {
        match self.published().await? {
            Some(published) => self.shown(&published).await,
            None => Ok(None),
        }
    }

    async fn next_revision(&self) -> Result<u32, StoreError> {
        let published = self.published().await?;
        Ok(published.map_or(1, |published| published.revision.saturating_add(1)))
    }
}

/// Works, and lets the thread know how far that is when it takes long.
async fn visibly<T>(
    work: impl Future<Output = T>,
    mut status: Status<'_>,
    (glance, progress): (&Glance, &mut Progress),
) -> Result<T, Stop> {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Ok(done),
            () = status.due() => {}
        }
        // A write that was begun is not cut off: nobody would know what became of it.
        let write = status.write(glance, progress);
        tokio::pin!(write);
        tokio::select! {
            written = &mut write => written?,
            done = &mut work => {
                write.await?;
                return Ok(done);
            }
        }
    }
}

/// A clock's time as the time since some moment in the past.
fn since(clock: Clock) -> Duration {
    Duration::from_millis(u64::try_from(clock().0).unwrap_or(0))
}
