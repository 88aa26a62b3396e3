//! How far a plan is, told in its thread while it is made.
//!
//! Only a thread without a comment of ours is told: where a plan stands, it stays until the next one
//! takes its place. What takes a moment only is not told at all.

use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use crate::domain::repository::CommitSha;
use crate::domain::thread::CommentId;
use crate::forge::{ForgeError, Glance};
use crate::planner::Stage;
use crate::render::{self, CommentBody, Notice, Progress as Told};
use crate::service::work::{Attempt, Stop};
use crate::store::{Progress, StoreError};

/// What is told of one plan in the making.
pub(super) struct Status<'a> {
    attempt: &'a Attempt<'a>,
    commit: CommitSha,
    stages: Receiver<Stage>,
    /// When the next word may be said; `None` when there is nothing to say any more.
    next: Option<Instant>,
    /// The comment that tells it, once there is one.
    comment: Option<CommentId>,
    said: Option<Stage>,
}

impl<'a> Status<'a> {
    /// Nothing said yet. A thread whose comment holds a plan is told nothing.
    pub(super) async fn new(
        attempt: &'a Attempt<'a>,
        commit: CommitSha,
        stages: Receiver<Stage>,
    ) -> Result<Self, StoreError> {
        let published = attempt.published().await?;
        let has_plan = published.as_ref().is_some_and(|one| one.revision > 0);
        let pause = attempt.app.settings.worker.status_after;
        let silent = has_plan || pause == Duration::ZERO;
        Ok(Self {
            attempt,
            commit,
            stages,
            next: (!silent).then(|| Instant::now() + pause),
            comment: published.filter(|_| !has_plan).map(|one| one.comment),
            said: None,
        })
    }

    /// Returns when there is something to say.
    pub(super) async fn due(&mut self) {
        let Some(next) = self.next else {
            return std::future::pending().await;
        };
        sleep_until(next).await;
        let said = self.said;
        if self
            .stages
            .wait_for(|stage| Some(*stage) != said)
            .await
            .is_err()
        {
            // Whoever told the stages is gone: no other one will come.
            std::future::pending::<()>().await;
        }
    }

    /// Says at once how far the plan is, in a thread that is told at all.
    pub(super) async fn write_now(
        &mut self,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        match self.next {
            Some(_) => self.write(glance, progress).await,
            None => Ok(()),
        }
    }

    /// Says how far the plan is. That the forge does not take it now is no reason to stop planning; where
    /// it takes no comment at all, a plan would be made for nothing.
    pub(super) async fn write(
        &mut self,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let stage = *self.stages.borrow_and_update();
        self.said = Some(stage);
        self.next = Some(Instant::now() + self.attempt.app.settings.worker.status_after);
        let body = self.body(stage).await?;
        let is_new = self.comment.is_none();
        let written = match self.comment {
            Some(comment) => self.edit(comment, &body).await,
            None => self.post(&body, glance, progress).await,
        };
        match written {
            Err(Stop::Forge(error)) if is_final(&error, is_new) => {
                Err(Stop::abandoned(error.to_string()))
            }
            Err(Stop::Forge(error)) => {
                self.next = None;
                let job = self.attempt.claim.lease.job.0;
                tracing::info!(job.id = job, %error, "the thread was not told how far its plan is");
                Ok(())
            }
            other => other,
        }
    }

    async fn body(&self, stage: Stage) -> Result<CommentBody, StoreError> {
        let key = self.attempt.app.store.marker_key().await?;
        let notice = Notice::Working {
            commit: self.commit.clone(),
            progress: match stage {
                Stage::Locating | Stage::Exploring => Told::Reading,
                Stage::Writing => Told::Writing,
                Stage::Verifying => Told::Verifying,
            },
        };
        Ok(render::notice(&notice, &self.attempt.site(&key)))
    }

    async fn edit(&self, comment: CommentId, body: &CommentBody) -> Result<(), Stop> {
        self.attempt.hold().await?;
        let thread = self.attempt.thread();
        Ok(self
            .attempt
            .forge
            .edit_comment(thread, comment, body)
            .await?)
    }

    /// Posts the comment, unless the thread turns out to have one of ours: it may hold a plan.
    async fn post(
        &mut self,
        body: &CommentBody,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<(), Stop> {
        let attempt = self.attempt;
        if attempt
            .find_own_comment(glance, progress.posting)
            .await?
            .is_some()
        {
            self.next = None;
            return Ok(());
        }
        let comment = attempt.post(body, progress).await?;
        let (store, lease) = (&attempt.app.store, &attempt.claim.lease);
        store.note_status(lease, (attempt.clock)(), comment).await?;
        progress.posting = false;
        self.comment = Some(comment);
        Ok(())
    }
}

/// Whether a comment that was refused in this way will be refused again: a new one, or an edit of one
/// that is there.
fn is_final(error: &ForgeError, is_new: bool) -> bool {
    match error {
        ForgeError::Denied { .. } | ForgeError::Uninstalled { .. } => true,
        ForgeError::NotFound { .. } => is_new,
        _ => false,
    }
}
