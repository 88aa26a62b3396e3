//! What people do with pull requests on the forge, for stories of tests.

use crate::domain::thread::{CommentId, ThreadNumber};
use crate::sandbox::world::pulls::Pull;
use crate::sandbox::world::{Refusal, State};
use crate::sandbox::{Sandbox, SandboxError};

impl Sandbox {
    /// Opens a pull request as `user` that is to bring the commits of `branch` into the default branch.
    ///
    /// # Errors
    /// When there is no such user or branch, or the forge does not take the texts.
    pub async fn open_pull_request(
        &self,
        user: &str,
        (title, body): (&str, &str),
        branch: &str,
    ) -> Result<ThreadNumber, SandboxError> {
        let pull = self.pull_of(branch).await?;
        let now = self.now();
        let opened = self.world.change(|state| {
            let actor = state.actor(user)?;
            state.open_pull(&actor, (title, body), pull, now)
        });
        Ok(ThreadNumber(opened?))
    }

    async fn pull_of(&self, branch: &str) -> Result<Pull, SandboxError> {
        let head = self.source.resolve(branch).await?;
        let (base, files) = self.source.compare(&head).await?;
        Ok(Pull::new((base, head), branch, files))
    }

    /// Puts what `branch` has into a pull request in place of its commits.
    ///
    /// # Errors
    /// When there is no such branch or pull request.
    pub async fn force_push(&self, pull: ThreadNumber, branch: &str) -> Result<(), SandboxError> {
        let pushed = self.pull_of(branch).await?;
        let now = self.now();
        Ok(self
            .world
            .change(|state| state.force_push(pull.0, pushed, now))?)
    }

    /// Makes a pull request a draft, or ready, as `user`.
    ///
    /// # Errors
    /// When there is no such user or pull request.
    pub fn set_draft(&self, pull: ThreadNumber, user: &str, is_draft: bool) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.set_draft(&actor, pull.0, is_draft, now)
        })
    }

    /// Marks a pull request as merged, as `user`.
    ///
    /// # Errors
    /// When there is no such user or pull request, or the user may not merge.
    pub fn merge(&self, pull: ThreadNumber, user: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.merge(&actor, pull.0, now)
        })
    }

    /// Deletes the fork that a pull request came from.
    ///
    /// # Errors
    /// When there is no such pull request.
    pub fn delete_fork(&self, pull: ThreadNumber) -> Result<(), Refusal> {
        self.world.change(|state| state.delete_fork(pull.0))
    }

    /// Says something about a line of a pull request's diff as `user`.
    ///
    /// # Errors
    /// When there is no such user or pull request, or the forge does not take the text.
    pub fn review(
        &self,
        pull: ThreadNumber,
        user: &str,
        place: (&str, u32),
        body: &str,
    ) -> Result<CommentId, Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            Ok(CommentId(state.review(
                &actor,
                (pull.0, place.0, place.1),
                body,
                now,
            )?))
        })
    }

    /// Submits a review whose summary says `body`, as `user`.
    ///
    /// # Errors
    /// When there is no such user or pull request, or the forge does not take the text.
    pub fn submit_review(&self, pull: ThreadNumber, user: &str, body: &str) -> Result<(), Refusal> {
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.submit_review(&actor, pull.0, body, now)
        })
    }

    /// Marks the conversation that holds a review's comment as resolved.
    ///
    /// # Errors
    /// When there is none.
    pub fn resolve_review(&self, pull: ThreadNumber, comment: CommentId) -> Result<(), Refusal> {
        let resolve = |state: &mut State| state.resolve_review(pull.0, comment.0);
        self.world.change(resolve)
    }
}
