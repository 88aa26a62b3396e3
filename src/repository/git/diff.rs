//! What differs between two commits, file by file.

use super::{GitError, GitRepository, command};
use crate::domain::repository::{BlobId, CommitSha};

/// What all comparisons have in common: nothing of the repository's configuration takes part.
const PLAIN: [&str; 6] = [
    "diff-tree",
    "-r",
    "--find-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
];

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitChange {
    /// `A`, `M`, `D`, `R` or `T`, as git writes it.
    pub status: u8,
    /// The path afterwards, or before when it is gone; raw bytes.
    pub path: Vec<u8>,
    /// The path before a rename; raw bytes.
    pub previous_path: Option<Vec<u8>>,
    /// The blob afterwards, or before when it is gone.
    pub id: BlobId,
    /// The hunks; empty for binary files and for those that were only renamed.
    pub hunks: Vec<u8>,
}

impl GitRepository {
    /// The newest commit that both have; `None` when there is none.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn merge_base(
        &self,
        one: &CommitSha,
        other: &CommitSha,
    ) -> Result<Option<CommitSha>, GitError> {
        let arguments = ["merge-base", one.as_str(), other.as_str()];
        let doing = "finding where a branch began";
        let output = command::run(&self.directory, doing, &arguments).await?;
        let printed = String::from_utf8_lossy(&output.stdout);
        Ok(CommitSha::parse(printed.trim()).ok())
    }

    /// What `after` changes of `before`, in git's order.
    ///
    /// # Errors
    /// [`GitError::Failed`], also when the comparison has more than 128 MiB.
    pub async fn diff(
        &self,
        before: &CommitSha,
        after: &CommitSha,
    ) -> Result<Vec<GitChange>, GitError> {
        let doing = "comparing two commits";
        let commits = [before.as_str(), after.as_str()];
        let run = async |form: &[&str]| {
            let arguments = [&PLAIN, form, &commits].concat();
            let output = command::run(&self.directory, doing, &arguments).await?;
            output.checked(doing)
        };
        let listed = run(&["--raw", "-z", "--no-abbrev"]).await?;
        let mut changes = parse_list(&listed).ok_or_else(|| GitError::Failed {
            doing,
            why: "its list of files could not be read".to_owned(),
        })?;
        let patches = run(&["--patch"]).await?;
        for (change, hunks) in changes.iter_mut().zip(split(&patches)) {
            change.hunks = hunks;
        }
        Ok(changes)
    }
}

/// Reads `:<mode> <mode> <id> <id> <status>` and the paths that follow, each ended by NUL.
fn parse_list(listed: &[u8]) -> Option<Vec<GitChange>> {
    let mut parts = listed.split(|byte| *byte == 0);
    let mut changes = Vec::new();
    while let Some(facts) = parts.next().filter(|facts| !facts.is_empty()) {
        let words: Vec<_> = std::str::from_utf8(facts).ok()?.split(' ').collect();
        let [_, _, before, after, status] = words.as_slice() else {
            return None;
        };
        let status = *status.as_bytes().first()?;
        let first = parts.next()?.to_owned();
        let (path, previous_path) = match status {
            b'R' | b'C' => (parts.next()?.to_owned(), Some(first)),
            _ => (first, None),
        };
        let id = if status == b'D' { before } else { after };
        changes.push(GitChange {
            status,
            path,
            previous_path,
            id: BlobId::parse(id).ok()?,
            hunks: Vec::new(),
        });
    }
    Some(changes)
}

/// The hunks of each file of a patch.
fn split(patch: &[u8]) -> Vec<Vec<u8>> {
    let mut files: Vec<Vec<u8>> = Vec::new();
    let mut inside = false;
    for line in patch.split_inclusive(|byte| *byte == b'\n') {
        // Lines of hunks begin with a space, `+`, `-` or `\`.
        if line.starts_with(b"diff --git ") {
            files.push(Vec::new());
            inside = false;
        }
        inside = inside || line.starts_with(b"@@ ");
        if let (true, Some(hunks)) = (inside, files.last_mut()) {
            hunks.extend_from_slice(line);
        }
    }
    files
}
