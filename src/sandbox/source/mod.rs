//! The local git repository, seen as the forge's own: revisions, listings by tree id, blobs.

pub(crate) mod commit;
mod compare;
mod disguise;
pub(crate) mod listing;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::domain::change_set::ChangedFile;
use crate::domain::repository::{BlobId, CommitSha};
use crate::repository::git::{GitEntry, GitError, GitRepository};
use crate::sandbox::source::commit::CommitDetails;
use crate::sandbox::source::disguise::Disguise;
use crate::sandbox::source::listing::{FoundTree, Listing};

/// Listings kept; each is some 10 MB for 50,000 files.
const MOST_LISTINGS: usize = 4;

/// The repository behind the forge.
#[derive(Debug)]
pub(crate) struct Source {
    repository: GitRepository,
    listings: Mutex<VecDeque<Arc<Listing>>>,
    disguise: Disguise,
}

impl Source {
    /// The forge's view of `repository`.
    pub(crate) fn new(repository: GitRepository) -> Self {
        Self {
            repository,
            listings: Mutex::new(VecDeque::new()),
            disguise: Disguise::default(),
        }
    }

    /// Lists these files from now on, whatever the repository has.
    pub(crate) fn pretend_tree(&self, entries: Vec<GitEntry>) {
        self.disguise.set_entries(entries);
        let listings = self.listings.lock();
        listings.unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Gives these bytes out under `id` from now on.
    pub(crate) fn pretend_blob(&self, id: BlobId, bytes: Bytes) {
        self.disguise.set_blob(id, bytes);
    }

    /// Gives these bytes out for every archive from now on.
    pub(crate) fn pretend_archive(&self, bytes: Bytes) {
        self.disguise.set_archive(bytes);
    }

    /// The commit that a branch, a tag, a full reference or an id stands for.
    ///
    /// # Errors
    /// Those of [`GitRepository::resolve`]; git's own syntax for revisions is refused as unknown.
    pub(crate) async fn resolve(&self, revision: &str) -> Result<CommitSha, GitError> {
        let plain = !revision.starts_with('-')
            && !revision.contains("..")
            && !revision.contains("@{")
            && !revision.contains([':', '^', '~', '?', '*', '[', '\\', ' ']);
        if !plain {
            return Err(GitError::UnknownRevision(revision.to_owned()));
        }
        self.repository.resolve(revision).await
    }

    /// Who made a commit, when, from what.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub(crate) async fn details(&self, sha: &CommitSha) -> Result<CommitDetails, GitError> {
        let object = self.repository.commit_object(sha).await?;
        CommitDetails::parse(&object).ok_or(GitError::Failed {
            doing: "reading a commit",
            why: "it has no author".to_owned(),
        })
    }

    /// The bytes of a blob, when there is one of that id.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub(crate) async fn blob(&self, id: &BlobId) -> Result<Option<Vec<u8>>, GitError> {
        match self.disguise.blob(id) {
            Some(bytes) => Ok(Some(bytes.to_vec())),
            None => self.repository.blob(id).await,
        }
    }

    /// The id of the file at `path` at the tip of the default branch, when there is one.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub(crate) async fn find_at_tip(&self, path: &str) -> Result<Option<BlobId>, GitError> {
        let tip = match self.resolve("HEAD").await {
            Err(GitError::NoCommits) => return Ok(None),
            tip => tip?,
        };
        let listing = self.listing(&tip).await?;
        let id = listing.file(path).map(|node| BlobId::parse(node.id()));
        Ok(id.and_then(Result::ok))
    }

    /// The gzipped tar archive of a commit under one top folder.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub(crate) async fn archive(&self, sha: &CommitSha, top: &str) -> Result<Bytes, GitError> {
        match self.disguise.archive() {
            Some(bytes) => Ok(bytes),
            None => Ok(self.repository.archive(sha, top).await?.into()),
        }
    }

    /// Where `head` left the default branch, and the files that it changes since.
    ///
    /// # Errors
    /// [`GitError::NoCommits`] or [`GitError::Failed`].
    pub(crate) async fn compare(
        &self,
        head: &CommitSha,
    ) -> Result<(CommitSha, Vec<(ChangedFile, BlobId)>), GitError> {
        let tip = self.repository.resolve("HEAD").await?;
        let base = self.repository.merge_base(&tip, head).await?.unwrap_or(tip);
        let changes = self.repository.diff(&base, head).await?;
        let files = changes.into_iter().map(compare::changed_file).collect();
        Ok((base, files))
    }

    /// All files and folders of a commit, kept for the next time.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub(crate) async fn listing(&self, sha: &CommitSha) -> Result<Arc<Listing>, GitError> {
        if let Some(known) = self.known(|listing| listing.commit() == sha) {
            return Ok(known);
        }
        let listing = match self.disguise.entries() {
            Some(entries) => Listing::build(sha, &entries),
            None => Listing::build(sha, &self.repository.tree(sha).await?),
        };
        let listing = Arc::new(listing);
        let listings = self.listings.lock();
        let mut listings = listings.unwrap_or_else(PoisonError::into_inner);
        if listings.len() >= MOST_LISTINGS {
            listings.pop_front();
        }
        listings.push_back(Arc::clone(&listing));
        Ok(listing)
    }

    /// The tree that a commit, a branch or a tree's own id stands for. Trees are found by id when
    /// they are part of a commit that was listed before, or of the default branch.
    ///
    /// # Errors
    /// [`GitError::NoCommits`] or [`GitError::Failed`].
    pub(crate) async fn find_tree(&self, name: &str) -> Result<Option<FoundTree>, GitError> {
        if let Some(found) = self.known_tree(name) {
            return Ok(Some(found));
        }
        match self.resolve(name).await {
            Ok(sha) => {
                let listing = self.listing(&sha).await?;
                return Ok(Some(FoundTree::of_commit(listing)));
            }
            Err(GitError::UnknownRevision(_)) => {}
            Err(error) => return Err(error),
        }
        let head = self.resolve("HEAD").await?;
        self.listing(&head).await?;
        Ok(self.known_tree(name))
    }

    fn known_tree(&self, id: &str) -> Option<FoundTree> {
        let listing = self.known(|listing| listing.folder(id).is_some())?;
        FoundTree::of_folder(listing, id)
    }

    fn known(&self, fits: impl Fn(&Listing) -> bool) -> Option<Arc<Listing>> {
        let listings = self.listings.lock();
        let listings = listings.unwrap_or_else(PoisonError::into_inner);
        listings.iter().find(|listing| fits(listing)).cloned()
    }
}

#[cfg(test)]
mod tests;
