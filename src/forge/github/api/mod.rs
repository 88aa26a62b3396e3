//! GitHub's API as a [`Forge`].

mod calls;
mod contents;
mod deliveries;
mod graphql;
mod identity;
pub(super) mod inspect;
mod names;
mod pulls;
mod threads;
mod trees;

use std::time::SystemTime;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::OnceCell;

use crate::domain::change_set::ChangeSet;
use crate::domain::repository::{BlobId, CommitSha, RepositoryName};
use crate::domain::thread::{
    Author, Comment, CommentId, Reaction, ReactionTarget, RepositoryAddress, Role, Thread,
    ThreadAddress,
};
use crate::forge::github::auth::Credentials;
use crate::forge::github::brakes::Brakes;
use crate::forge::github::origins::Origins;
use crate::forge::github::remembered::Remembered;
use crate::forge::github::tokens::Tokens;
use crate::forge::github::transport::{Timing, Transport};
use crate::forge::{
    Batch, BlobWish, ByteStream, DeliveryAttempt, Depth, Forge, ForgeError, Glance, MissedDelivery,
    Pinned, Revision, TipFile, Tree, TreeRoot,
};
use crate::render::CommentBody;

use graphql::{Batches, Support};
use identity::Identity;

/// One GitHub, seen by one App or one token.
pub struct GitHub {
    transport: Transport,
    brakes: Brakes,
    tokens: Tokens,
    remembered: Remembered,
    /// Who each App is, or the holder of the token.
    identities: Vec<OnceCell<Identity>>,
    batches: Batches,
    glances: Support,
    reviews: Support,
}

impl GitHub {
    /// Makes the adapter; nothing is sent yet. `client` sets the deadlines and must follow no
    /// redirects: those are followed here, where it is known which may be.
    pub fn new(
        client: reqwest::Client,
        origins: Origins,
        credentials: Credentials,
        timing: Timing,
    ) -> Self {
        let accounts = match &credentials {
            Credentials::Apps(logins) => logins.len(),
            Credentials::Token(_) | Credentials::Workflow { .. } => 1,
        };
        Self {
            transport: Transport::new(client, origins, timing),
            brakes: Brakes::default(),
            tokens: Tokens::new(credentials),
            remembered: Remembered::default(),
            identities: (0..accounts).map(|_| OnceCell::new()).collect(),
            batches: Batches::default(),
            glances: Support::default(),
            reviews: Support::default(),
        }
    }
}

#[async_trait]
impl Forge for GitHub {
    async fn repository(&self, name: &RepositoryName) -> Result<RepositoryAddress, ForgeError> {
        self.find_repository(name).await
    }

    async fn thread(&self, at: &ThreadAddress) -> Result<Thread, ForgeError> {
        self.load_thread(at).await
    }

    async fn comments(&self, at: &ThreadAddress, limit: usize) -> Result<Vec<Comment>, ForgeError> {
        self.load_comments(at, limit).await
    }

    async fn changes(&self, at: &ThreadAddress, limit: usize) -> Result<ChangeSet, ForgeError> {
        self.load_changes(at, limit).await
    }

    async fn role(
        &self,
        repository: &RepositoryAddress,
        user: &Author,
    ) -> Result<Role, ForgeError> {
        self.load_role(repository, user).await
    }

    async fn is_private(&self, repository: &RepositoryAddress) -> Result<Option<bool>, ForgeError> {
        self.load_visibility(repository).await
    }

    async fn resolve(
        &self,
        repository: &RepositoryAddress,
        revision: Revision,
    ) -> Result<Pinned, ForgeError> {
        match revision {
            Revision::DefaultBranch => self.load_default_tip(repository).await,
            Revision::ChangeRequestHead(number) => Ok(Pinned {
                commit: self.load_head(repository, number).await?,
                private: None,
            }),
        }
    }

    async fn glance(
        &self,
        at: &ThreadAddress,
        user: Option<&Author>,
    ) -> Result<Glance, ForgeError> {
        self.load_glance(at, user).await
    }

    async fn tree(
        &self,
        repository: &RepositoryAddress,
        root: TreeRoot<'_>,
        depth: Depth,
    ) -> Result<Tree, ForgeError> {
        self.load_tree(repository, root, depth).await
    }

    async fn settings_file(&self, repository: &RepositoryAddress) -> Result<TipFile, ForgeError> {
        self.load_settings_file(repository).await
    }

    async fn archive(
        &self,
        repository: &RepositoryAddress,
        commit: &CommitSha,
    ) -> Result<ByteStream, ForgeError> {
        self.open_archive(repository, commit).await
    }

    async fn blob(
        &self,
        repository: &RepositoryAddress,
        id: &BlobId,
        limit_bytes: u64,
    ) -> Result<Bytes, ForgeError> {
        self.load_blob(repository, id, limit_bytes).await
    }

    async fn blobs(
        &self,
        repository: &RepositoryAddress,
        wanted: &[BlobWish],
    ) -> Result<Batch, ForgeError> {
        self.load_blobs(repository, wanted).await
    }

    fn blobs_per_request(&self) -> usize {
        self.batches.per_request()
    }

    async fn post_comment(
        &self,
        at: &ThreadAddress,
        body: &CommentBody,
    ) -> Result<CommentId, ForgeError> {
        self.send_comment(at, body).await
    }

    async fn edit_comment(
        &self,
        at: &ThreadAddress,
        comment: CommentId,
        body: &CommentBody,
    ) -> Result<(), ForgeError> {
        self.send_edit(at, comment, body).await
    }

    async fn remove_label(&self, at: &ThreadAddress, label: &str) -> Result<(), ForgeError> {
        self.send_unlabel(at, label).await
    }

    async fn acknowledge(
        &self,
        at: &ThreadAddress,
        target: ReactionTarget,
        reaction: Reaction,
    ) -> Result<(), ForgeError> {
        self.send_reaction(at, target, reaction).await
    }

    async fn missed_deliveries(
        &self,
        since: SystemTime,
    ) -> Result<Vec<MissedDelivery>, ForgeError> {
        self.load_missed(since).await
    }

    async fn redeliver(&self, attempt: &DeliveryAttempt) -> Result<(), ForgeError> {
        self.send_redelivery(attempt).await
    }
}

#[cfg(test)]
mod tests;
