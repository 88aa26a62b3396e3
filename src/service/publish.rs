//! One comment for each thread, whatever was cut off and repeated.
//!
//! A forge has no idempotency key for comments, so the order is: edit the comment that we know,
//! else look for one of ours with a valid marker, else note down that a post begins, then post. An
//! attempt that finds the note looks twice before it posts again.

use std::time::Duration;

use crate::domain::request::Trigger;
use crate::domain::thread::{Comment, CommentId};
use crate::forge::{ForgeError, Glance};
use crate::render::CommentBody;
use crate::render::marker;
use crate::service::work::{Attempt, Stop};
use crate::store::{Progress, Published, Settlement};

/// Time between two looks for a comment whose post had an unknown outcome: forges answer reads
/// from replicas that lag behind for a moment.
const SECOND_LOOK: Duration = Duration::from_secs(2);

/// Most comments searched for one of ours; GitHub stops commenting at 2,500 of them.
const SEARCHED_COMMENTS: usize = 3_000;

impl Attempt<'_> {
    /// Publishes `body` as the thread's one comment and tells how the job ends. It shows the document
    /// that is kept in `progress`.
    pub(super) async fn publish(
        &self,
        body: &CommentBody,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<Settlement, Stop> {
        let comment = self.put(body, glance, progress).await?;
        Ok(Settlement::Published {
            comment,
            revision: progress.revision.unwrap_or(1),
            document: progress.document.clone(),
        })
    }

    /// Edits the comment of ours in this thread, or posts one.
    pub(super) async fn put(
        &self,
        body: &CommentBody,
        glance: &Glance,
        progress: &mut Progress,
    ) -> Result<CommentId, Stop> {
        if let Some(known) = self.find_own_comment(glance, progress.posting).await? {
            self.hold().await?;
            match self.forge.edit_comment(self.thread(), known, body).await {
                Ok(()) => return Ok(known),
                // Somebody deleted it; whoever asks again gets a new one.
                Err(ForgeError::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.post(body, progress).await
    }

    /// Edits the comment that stands in the thread, which then shows the document of `published`. One that
    /// somebody has deleted is forgotten, so that nobody looks after it again; then there is `None`.
    pub(super) async fn edit_standing(
        &self,
        body: &CommentBody,
        published: Published,
    ) -> Result<Option<Settlement>, Stop> {
        self.hold().await?;
        let Published {
            comment,
            revision,
            document,
        } = published;
        match self.forge.edit_comment(self.thread(), comment, body).await {
            Ok(()) => Ok(Some(Settlement::Published {
                comment,
                revision,
                document,
            })),
            Err(ForgeError::NotFound { .. }) => {
                self.app.store.forget_comment(self.thread()).await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Posts a comment, after it was noted that a post begins.
    pub(super) async fn post(
        &self,
        body: &CommentBody,
        progress: &mut Progress,
    ) -> Result<CommentId, Stop> {
        progress.posting = true;
        self.save(progress).await?;
        Ok(self.forge.post_comment(self.thread(), body).await?)
    }

    /// The comment of ours in this thread: from the store, else by looking. What the attempt saw at
    /// its beginning does for a look, as nobody else posts for this job, unless an earlier attempt
    /// may have.
    pub(super) async fn find_own_comment(
        &self,
        glance: &Glance,
        may_be_new: bool,
    ) -> Result<Option<CommentId>, Stop> {
        if let Some(published) = self.published().await? {
            return Ok(Some(published.comment));
        }
        if let (Some(comments), true, false) =
            (&glance.comments, glance.has_all_comments, may_be_new)
        {
            return self.find_own(comments).await;
        }
        let found = self.look_for_own_comment().await?;
        if found.is_some() || !may_be_new {
            return Ok(found);
        }
        tokio::time::sleep(SECOND_LOOK).await;
        self.look_for_own_comment().await
    }

    async fn look_for_own_comment(&self) -> Result<Option<CommentId>, Stop> {
        let comments = self.load_comments().await?;
        self.find_own(&comments).await
    }

    /// The comments that the thread has now.
    pub(super) async fn load_comments(&self) -> Result<Vec<Comment>, Stop> {
        let comments = self.forge.comments(self.thread(), SEARCHED_COMMENTS);
        Ok(comments.await?)
    }

    async fn find_own(&self, comments: &[Comment]) -> Result<Option<CommentId>, Stop> {
        let key = self.app.store.marker_key().await?;
        let subject = self.thread().subject();
        let is_ours =
            |comment: &&Comment| comment.own && marker::is_valid(&key, &subject, &comment.body);
        let ours = comments.iter().find(is_ours).or_else(|| {
            // An operator may have a store of their own, and the thread a comment of the bot's.
            let by_operator = matches!(self.claim.request.trigger, Trigger::Operator { .. });
            let is_marked =
                |comment: &&Comment| comment.own && marker::names(&subject, &comment.body);
            comments.iter().filter(|_| by_operator).find(is_marked)
        });
        Ok(ours.map(|comment| comment.id))
    }
}
