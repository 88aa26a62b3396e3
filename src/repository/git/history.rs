//! The commits before a commit.

use super::{GitError, GitRepository, command};
use crate::domain::repository::CommitSha;

/// A commit with one parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitStep {
    /// The commit.
    pub commit: CommitSha,
    /// The one before it.
    pub parent: CommitSha,
}

impl GitRepository {
    /// The commits with exactly one parent that lead to `tip`, newest first, at most `most`.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn steps(&self, tip: &CommitSha, most: usize) -> Result<Vec<GitStep>, GitError> {
        let doing = "listing the commits";
        let count = format!("--max-count={most}");
        let arguments = [
            "rev-list",
            "--parents",
            "--min-parents=1",
            "--max-parents=1",
            &count,
            tip.as_str(),
        ];
        let output = command::run(self.directory(), doing, &arguments).await?;
        let printed = output.checked(doing)?;
        let printed = String::from_utf8_lossy(&printed);
        let steps = printed.lines().filter_map(|line| {
            let (commit, parent) = line.split_once(' ')?;
            Some(GitStep {
                commit: CommitSha::parse(commit).ok()?,
                parent: CommitSha::parse(parent).ok()?,
            })
        });
        Ok(steps.collect())
    }
}
