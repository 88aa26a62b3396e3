//! The entries of a commit, sorted out: files, what is no file, what has no usable name.

use std::collections::BTreeMap;

use super::filter::{Reason, Tally};
use crate::config::repository_file::PathFilter;
use crate::domain::repository::{BlobId, RepoPath};
use crate::forge::{EntryKind, TreeEntry};
use crate::repository::Limits;
use crate::repository::git::{self, GitEntry};
use crate::repository::priors::Standing;

/// Comparisons with the patterns of left-out paths: some seconds at worst, for patterns made to take
/// long. What comes after that is left out.
const MOST_STEPS: u64 = 100_000_000;

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
    paths: PathFilter,
    steps_left: u64,
    /// Entries that came, whether they were kept or not.
    pub(super) seen: usize,
}

impl Listing {
    /// A listing that keeps as many files as `limits` allow, at the paths that they allow.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            files: BTreeMap::new(),
            special: Vec::new(),
            tally: Tally::default(),
            limit: usize::try_from(limits.files).unwrap_or(usize::MAX),
            paths: limits.paths.clone(),
            steps_left: MOST_STEPS,
            seen: 0,
        }
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: Entry) {
        self.seen += 1;
        match (entry.path, entry.kind) {
            (None, _) => self.tally.add(Reason::UnusualName),
            (Some(path), _) if !self.paths.allows(&path, &mut self.steps_left) => {
                self.add_special(path, Reason::Excluded);
            }
            (Some(path), EntryKind::File) => {
                let listed = Listed {
                    blob: entry.blob,
                    size_bytes: entry.size_bytes,
                };
                self.files.insert(path, listed);
            }
            (Some(path), EntryKind::Submodule) => self.add_special(path, Reason::Submodule),
            (Some(path), EntryKind::Symlink) => self.add_special(path, Reason::Symlink),
        }
        // Cut now and then, so that endless listings take bounded memory.
        if self.files.len() > self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    fn add_special(&mut self, path: RepoPath, reason: Reason) {
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
