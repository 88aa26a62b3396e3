//! The entries of a commit, sorted out: files, what is no file, what has no usable name.

use std::collections::BTreeMap;

use super::filter::{Reason, Tally};
use crate::domain::repository::{BlobId, RepoPath};
use crate::forge::{EntryKind, TreeEntry};
use crate::repository::git::{self, GitEntry};
use crate::repository::priors::Standing;

/// One entry of a tree, from either source.
pub(super) struct Entry {
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

/// A file that is listed.
pub(super) struct Listed {
    pub(super) blob: BlobId,
    pub(super) size_bytes: Option<u64>,
}

/// All entries so far, of which only the best are kept.
pub(super) struct Listing {
    pub(super) files: BTreeMap<RepoPath, Listed>,
    pub(super) special: Vec<RepoPath>,
    pub(super) tally: Tally,
    limit: usize,
    /// Entries that came, whether they were kept or not.
    pub(super) seen: usize,
}

impl Listing {
    /// A listing that keeps `limit` files.
    pub(super) fn new(limit: u64) -> Self {
        Self {
            files: BTreeMap::new(),
            special: Vec::new(),
            tally: Tally::default(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            seen: 0,
        }
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: Entry) {
        self.seen += 1;
        match (entry.path, entry.kind) {
            (None, _) => self.tally.add(Reason::UnusualName),
            (Some(path), EntryKind::File) => {
                let listed = Listed {
                    blob: entry.blob,
                    size_bytes: entry.size_bytes,
                };
                self.files.insert(path, listed);
            }
            (Some(path), kind) => self.add_special(path, kind),
        }
        // Cut now and then, so that endless listings take bounded memory.
        if self.files.len() > self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    fn add_special(&mut self, path: RepoPath, kind: EntryKind) {
        let reason = match kind {
            EntryKind::Submodule => Reason::Submodule,
            _ => Reason::Symlink,
        };
        self.tally.add(reason);
        if self.special.len() < self.limit {
            self.special.push(path);
        }
    }

    /// Keeps the files that are most worth knowing, and counts the rest.
    pub(super) fn cut(&mut self) {
        if self.files.len() <= self.limit {
            return;
        }
        let mut paths: Vec<RepoPath> = self.files.keys().cloned().collect();
        paths.sort_by_cached_key(|path| Standing::of(path).reading_order());
        for path in paths.iter().skip(self.limit) {
            self.files.remove(path);
            self.tally.add(Reason::Budget);
        }
    }
}
