//! What follows from commits that somebody made in the local repository: the forge takes note of them
//! and tells.

use crate::domain::repository::CommitSha;
use crate::domain::thread::ThreadNumber;
use crate::sandbox::hooks::payloads::{self, Push};
use crate::sandbox::world::pulls::Pull;
use crate::sandbox::{Sandbox, SandboxError};

impl Sandbox {
    /// Tells that the default branch was pushed to: it was at `before` and is where the local
    /// repository has it.
    ///
    /// # Errors
    /// [`SandboxError::Git`] when the repository cannot be read.
    pub async fn announce_push(&self, user: &str, before: &CommitSha) -> Result<(), SandboxError> {
        let after = self.source.resolve("HEAD").await?;
        let listing = self.source.listing(&after).await?;
        let now = self.now();
        self.world.change(|state| {
            let Ok(actor) = state.actor(user) else {
                return;
            };
            let push = Push {
                branch: &state.repository.default_branch,
                before: before.as_str(),
                after: after.as_str(),
                tree: listing.root(),
                at: now,
            };
            let payload = payloads::push(state, &push, &actor);
            state.repository.pushed_at = now;
            state.emit("push", None, &payload, now);
        });
        Ok(())
    }

    /// Takes note that the branch of a pull request was pushed to, and tells.
    ///
    /// # Errors
    /// When there is no such user or pull request, or the repository cannot be read.
    pub async fn push_to_pull_request(
        &self,
        pull: ThreadNumber,
        user: &str,
    ) -> Result<(), SandboxError> {
        let branch = self
            .world
            .read(|state| state.pull(pull.0).map(|known| known.branch.clone()))?;
        let head = self.source.resolve(&branch).await?;
        let (base, files) = self.source.compare(&head).await?;
        let pushed = Pull::new((base, head), &branch, files);
        let now = self.now();
        self.world.change(|state| {
            let actor = state.actor(user)?;
            state.push_pull(&actor, pull.0, pushed, now)
        })?;
        Ok(())
    }
}
