//! Filling a snapshot, from a forge or from a local repository.

mod archive;
mod download;
mod filter;

use std::collections::{BTreeMap, HashMap};

use filter::{Reason, Tally, decode, judge_path};

use crate::domain::repository::{BlobId, CommitSha, RepoPath};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{EntryKind, Forge, ForgeError, TreeEntry};
use crate::repository::git::{self, GitEntry, GitError, GitRepository};
use crate::repository::priors::Standing;
use crate::repository::{File, Limits, Snapshot};

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
    repository: &GitRepository,
    commit: &CommitSha,
    limits: &Limits,
) -> Result<Snapshot, SnapshotError> {
    let entries = repository.tree(commit).await?;
    let mut reading = Reading::new(entries.into_iter().map(Entry::from), limits);
    let wanted = reading.take_wanted();
    let ids: Vec<BlobId> = wanted.iter().map(|file| file.blob.clone()).collect();
    repository
        .blobs(&ids, &mut |position, bytes| {
            let Some(file) = wanted.get(position) else {
                return;
            };
            match bytes {
                Some(bytes) => reading.accept(file.index, decode(bytes)),
                None => reading.accept(file.index, Err(Reason::Missing)),
            }
        })
        .await?;
    Ok(reading.finish(commit))
}

/// Reads `commit` through a forge: the tree, then one archive matched to the tree by blob id, then
/// blob by blob what the archive lacks.
///
/// # Errors
/// [`SnapshotError::Forge`].
pub async fn from_forge(
    forge: &dyn Forge,
    repository: &RepositoryAddress,
    commit: &CommitSha,
    limits: &Limits,
) -> Result<Snapshot, SnapshotError> {
    let tree = forge.tree(repository, commit).await?;
    let truncated = tree.truncated;
    let mut reading = Reading::new(tree.entries.into_iter().map(Entry::from), limits);
    if truncated {
        reading.leave_out(Reason::Truncated);
    }
    let source = download::Source {
        forge,
        repository,
        commit,
        limits,
    };
    let wanted = reading.take_wanted();
    let rest = source.archive(wanted, &mut reading).await?;
    source.blobs(rest, &mut reading).await?;
    Ok(reading.finish(commit))
}

/// One entry of a tree, from either source.
struct Entry {
    /// `None` when the name cannot be used.
    path: Option<RepoPath>,
    kind: EntryKind,
    blob: BlobId,
    size_bytes: Option<u64>,
}

impl From<GitEntry> for Entry {
    fn from(entry: GitEntry) -> Self {
        let text = String::from_utf8(entry.path).ok();
        Self {
            path: text.and_then(|text| RepoPath::parse(&text).ok()),
            kind: match entry.mode {
                git::MODE_SYMLINK => EntryKind::Symlink,
                git::MODE_SUBMODULE => EntryKind::Submodule,
                _ => EntryKind::File,
            },
            blob: entry.id,
            size_bytes: entry.size_bytes,
        }
    }
}

impl From<TreeEntry> for Entry {
    fn from(entry: TreeEntry) -> Self {
        // Forges put replacement characters where a name is not UTF-8.
        let spelled = !entry.path.contains(char::REPLACEMENT_CHARACTER);
        Self {
            path: RepoPath::parse(&entry.path).ok().filter(|_| spelled),
            kind: entry.kind,
            blob: entry.id,
            size_bytes: entry.size_bytes,
        }
    }
}

/// A file whose contents are to be fetched.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// Its position among the snapshot's files.
    pub(super) index: usize,
    /// Its path.
    pub(super) path: RepoPath,
    /// Its blob.
    pub(super) blob: BlobId,
    /// Its size, where the tree tells it.
    pub(super) size_bytes: Option<u64>,
}

/// A snapshot in the making.
struct Reading {
    files: Vec<File>,
    special: Vec<RepoPath>,
    wanted: Vec<Wanted>,
    tally: Tally,
    bytes_left: u64,
    bytes_read: u64,
}

impl Reading {
    /// Lists all entries and decides which are to be read, best first, within `limits`.
    fn new(entries: impl Iterator<Item = Entry>, limits: &Limits) -> Self {
        let mut tally = Tally::default();
        let mut listed = BTreeMap::new();
        let mut special = Vec::new();
        for entry in entries {
            match (entry.path, entry.kind) {
                (None, _) => tally.add(Reason::UnusualName),
                (Some(path), EntryKind::File) => {
                    listed.insert(path, (entry.blob, entry.size_bytes));
                }
                (Some(path), EntryKind::Symlink) => {
                    tally.add(Reason::Symlink);
                    special.push(path);
                }
                (Some(path), EntryKind::Submodule) => {
                    tally.add(Reason::Submodule);
                    special.push(path);
                }
            }
        }
        special.sort();
        special.dedup();
        cut(&mut listed, limits.files, &mut tally);
        let mut reading = Self {
            files: Vec::with_capacity(listed.len()),
            special,
            wanted: Vec::new(),
            tally,
            bytes_left: limits.bytes,
            bytes_read: 0,
        };
        for (path, (blob, size_bytes)) in listed {
            reading.list(path, blob, size_bytes, limits.file_bytes);
        }
        reading.spend(limits.bytes);
        reading
    }

    /// Adds a file, and wants it unless its name or size speaks against that.
    fn list(&mut self, path: RepoPath, blob: BlobId, size_bytes: Option<u64>, file_bytes: u64) {
        let too_large = size_bytes
            .is_some_and(|size| size > file_bytes)
            .then_some(Reason::TooLarge);
        match judge_path(&path).or(too_large) {
            Some(reason) => self.tally.add(reason),
            None => self.wanted.push(Wanted {
                index: self.files.len(),
                path: path.clone(),
                blob: blob.clone(),
                size_bytes,
            }),
        }
        let text = None;
        self.files.push(File { path, blob, text });
    }

    /// Puts the best files first and drops what the budget cannot pay for by the tree's sizes.
    fn spend(&mut self, bytes: u64) {
        self.wanted
            .sort_by_key(|file| Standing::of(&file.path).reading_order());
        let mut left = bytes;
        let tally = &mut self.tally;
        self.wanted.retain(|file| {
            let cost = file.size_bytes.unwrap_or(0);
            let affordable = cost <= left;
            if affordable {
                left -= cost;
            } else {
                tally.add(Reason::Budget);
            }
            affordable
        });
    }

    fn take_wanted(&mut self) -> Vec<Wanted> {
        std::mem::take(&mut self.wanted)
    }

    /// Keeps the text of a wanted file, or counts why it has none.
    fn accept(&mut self, index: usize, text: Result<String, Reason>) {
        let length = |text: &String| text.len() as u64;
        match text {
            Ok(text) if length(&text) > self.bytes_left => self.tally.add(Reason::Budget),
            Ok(text) => {
                self.bytes_left -= length(&text);
                self.bytes_read += length(&text);
                if let Some(file) = self.files.get_mut(index) {
                    file.text = Some(text.into());
                }
            }
            Err(reason) => self.leave_out(reason),
        }
    }

    /// Counts a wanted file that is not even asked for.
    fn leave_out(&mut self, reason: Reason) {
        self.tally.add(reason);
    }

    fn finish(self, commit: &CommitSha) -> Snapshot {
        let positions = self.files.iter().enumerate();
        let by_path: HashMap<RepoPath, usize> = positions
            .map(|(index, file)| (file.path.clone(), index))
            .collect();
        Snapshot {
            commit: commit.clone(),
            files: self.files,
            by_path,
            special: self.special,
            skipped: self.tally.skipped(),
            bytes_read: self.bytes_read,
        }
    }
}

/// Keeps the `limit` entries that are most worth knowing, and counts the rest.
fn cut(listed: &mut BTreeMap<RepoPath, (BlobId, Option<u64>)>, limit: u64, tally: &mut Tally) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if listed.len() <= limit {
        return;
    }
    let mut paths: Vec<RepoPath> = listed.keys().cloned().collect();
    paths.sort_by_cached_key(|path| Standing::of(path).reading_order());
    for path in paths.iter().skip(limit) {
        listed.remove(path);
        tally.add(Reason::Budget);
    }
}

#[cfg(test)]
mod tests;
