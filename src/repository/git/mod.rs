//! A local git repository, read through the user's `git` with fixed, hardened arguments.

mod archive;
mod blobs;
mod command;
mod diff;
mod history;

use std::path::{Path, PathBuf};

use crate::domain::repository::{BlobId, CommitSha};

pub use diff::GitChange;
pub use history::GitStep;

/// The mode of a symbolic link.
pub const MODE_SYMLINK: u32 = 0o120_000;

/// The mode of a submodule.
pub const MODE_SUBMODULE: u32 = 0o160_000;

/// A local git repository, bare or with a work tree.
#[derive(Debug, Clone)]
pub struct GitRepository {
    directory: PathBuf,
    common_directory: PathBuf,
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
    /// Size in bytes; `None` for submodules, and for blobs that a partial clone does not have.
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
        let is_folder = tokio::fs::metadata(directory)
            .await
            .is_ok_and(|metadata| metadata.is_dir());
        if !is_folder {
            return Err(GitError::NotARepository(directory.to_owned()));
        }
        let doing = "opening the repository";
        let arguments = ["rev-parse", "--git-common-dir"];
        let output = command::run(directory, doing, &arguments).await?;
        if !output.success && output.complaint.starts_with("not a git repository") {
            return Err(GitError::NotARepository(directory.to_owned()));
        }
        let printed = output.checked(doing)?;
        let printed = printed.strip_suffix(b"\n").unwrap_or(&printed);
        let failed = |error| command::failed(doing, &error);
        let common_directory = directory.join(command::as_path(printed).map_err(failed)?);
        Ok(Self {
            directory: directory.to_owned(),
            common_directory: tokio::fs::canonicalize(common_directory)
                .await
                .map_err(failed)?,
        })
    }

    /// The folder that holds the objects, by its one true name: the same for all work trees of a
    /// repository, and however its folder was spelled.
    pub fn common_directory(&self) -> &Path {
        &self.common_directory
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
        let unknown = || GitError::UnknownRevision(revision.chars().take(200).collect());
        if revision.is_empty() || revision.contains('\0') {
            return Err(unknown());
        }
        let doing = "looking up the revision";
        let wanted = format!("{revision}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ];
        let output = command::run(&self.directory, doing, &arguments).await?;
        let printed = String::from_utf8_lossy(&output.stdout);
        match CommitSha::parse(&printed) {
            Ok(commit) if output.success => Ok(commit),
            _ if self.has_commits().await? => Err(unknown()),
            _ => Err(GitError::NoCommits),
        }
    }

    /// Whether any reference leads to a commit; a detached `HEAD` counts.
    async fn has_commits(&self) -> Result<bool, GitError> {
        let doing = "looking for commits";
        let references = ["for-each-ref", "--count=1", "--format=%(objectname)"];
        let output = command::run(&self.directory, doing, &references).await?;
        if !output.checked(doing)?.is_empty() {
            return Ok(true);
        }
        let head = ["rev-parse", "--verify", "--quiet", "HEAD"];
        Ok(command::run(&self.directory, doing, &head).await?.success)
    }

    async fn has_commit(&self, commit: &CommitSha) -> Result<bool, GitError> {
        let object = format!("{commit}^{{commit}}");
        let arguments = ["cat-file", "-e", &object];
        let output = command::run(&self.directory, "looking for a commit", &arguments).await?;
        Ok(output.success)
    }

    /// The name of the branch that `HEAD` is on; `main` when it is detached.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn default_branch(&self) -> Result<String, GitError> {
        let arguments = ["symbolic-ref", "--quiet", "--short", "HEAD"];
        let output = command::run(&self.directory, "reading the branch", &arguments).await?;
        let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if name.is_empty() {
            return Ok("main".to_owned());
        }
        Ok(name)
    }

    /// All entries of `commit`, folders left out, in git's order.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`] when there is no such commit here, or [`GitError::Failed`].
    pub async fn tree(&self, commit: &CommitSha) -> Result<Vec<GitEntry>, GitError> {
        let doing = "listing the files";
        let arguments = [
            "ls-tree",
            "-r",
            "-z",
            "--long",
            "--full-tree",
            commit.as_str(),
        ];
        let output = command::run(&self.directory, doing, &arguments).await?;
        let missing = ["Not a valid object name", "not a tree object"];
        let missing = missing.iter().any(|words| output.complaint.contains(words));
        // git says the same of a commit whose tree was lost.
        if missing && !self.has_commit(commit).await? {
            return Err(GitError::UnknownRevision(commit.to_string()));
        }
        let listing = output.checked(doing)?;
        listing
            .split(|byte| *byte == 0)
            .filter(|line| !line.is_empty())
            .map(|line| {
                parse_entry(line).ok_or_else(|| GitError::Failed {
                    doing,
                    why: format!("unexpected line `{}`", String::from_utf8_lossy(line)),
                })
            })
            .collect()
    }

    /// The entry of `commit` at a plain path of its root folder, when there is one.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn entry(
        &self,
        commit: &CommitSha,
        name: &str,
    ) -> Result<Option<GitEntry>, GitError> {
        let doing = "looking for a file";
        let arguments = [
            "ls-tree",
            "-z",
            "--long",
            "--full-tree",
            commit.as_str(),
            "--",
            name,
        ];
        let output = command::run(&self.directory, doing, &arguments).await?;
        let listing = output.checked(doing)?;
        Ok(listing.split(|byte| *byte == 0).find_map(parse_entry))
    }

    /// The commit object itself: headers and message.
    ///
    /// # Errors
    /// [`GitError::Failed`].
    pub async fn commit_object(&self, commit: &CommitSha) -> Result<Vec<u8>, GitError> {
        let doing = "reading a commit";
        let arguments = ["cat-file", "commit", commit.as_str()];
        let output = command::run(&self.directory, doing, &arguments).await?;
        output.checked(doing)
    }

    /// The contents of a blob; `None` when there is no such blob.
    ///
    /// # Errors
    /// [`GitError::Failed`], also for blobs above 100 MiB.
    pub async fn blob(&self, id: &BlobId) -> Result<Option<Vec<u8>>, GitError> {
        let mut found = None;
        let mut take = |_position, bytes| found = bytes;
        self.blobs(std::slice::from_ref(id), &mut take).await?;
        Ok(found)
    }

    /// The contents of many blobs, in the order asked, through one process: `take` is called for
    /// each, with `None` where there is no such blob.
    ///
    /// # Errors
    /// [`GitError::Failed`], also when a blob is above 100 MiB.
    pub async fn blobs(
        &self,
        ids: &[BlobId],
        take: &mut (dyn FnMut(usize, Option<Vec<u8>>) + Send),
    ) -> Result<(), GitError> {
        blobs::read(&self.directory, ids, take).await
    }

    /// The gzipped tar archive of `commit` under one top folder `prefix`; no attribute or filter of
    /// the repository takes part, so it holds every file as committed.
    ///
    /// # Errors
    /// [`GitError::UnknownRevision`], or [`GitError::Failed`], also above 512 MiB.
    pub async fn archive(&self, commit: &CommitSha, prefix: &str) -> Result<Vec<u8>, GitError> {
        archive::pack(self, commit, prefix).await
    }
}

/// Reads `<mode> <type> <id> <size>\t<path>`; the size is `-` for submodules and `BAD` for blobs
/// that are not there.
fn parse_entry(line: &[u8]) -> Option<GitEntry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (facts, path) = line.split_at_checked(tab)?;
    let mut words = std::str::from_utf8(facts).ok()?.split_ascii_whitespace();
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let _kind = words.next()?;
    Some(GitEntry {
        path: path.get(1..)?.to_owned(),
        mode,
        id: BlobId::parse(words.next()?).ok()?,
        size_bytes: words.next()?.parse().ok(),
    })
}

#[cfg(test)]
mod tests;
