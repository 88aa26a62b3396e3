//! Where the files of a commit lie.

use std::collections::BTreeMap;

use crate::domain::repository::{BlobId, RepoPath};

/// The files of a commit, as far as they were listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    files: BTreeMap<RepoPath, BlobId>,
    /// Folders that nobody looked into, without a trailing `/`; empty for the root.
    unlisted: Vec<String>,
}

impl Tree {
    /// The files that were listed, and the folders that were not.
    pub fn new(files: BTreeMap<RepoPath, BlobId>, unlisted: Vec<String>) -> Self {
        Self { files, unlisted }
    }

    /// The contents of the file at exactly that path; another spelling is another file.
    pub(super) fn find(&self, path: &RepoPath) -> Option<&BlobId> {
        self.files.get(path)
    }

    /// Whether the path, or one below it, is a file's.
    pub(super) fn is_taken(&self, path: &RepoPath) -> bool {
        self.files.keys().any(|file| {
            let rest = file.as_str().strip_prefix(path.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether the path may be a file's that was not listed.
    pub(super) fn is_unlisted(&self, path: &RepoPath) -> bool {
        self.unlisted.iter().any(|folder| {
            let rest = path.as_str().strip_prefix(folder.as_str());
            folder.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// The files with these contents, two at most.
    pub(super) fn holders(&self, blob: &BlobId) -> Vec<&RepoPath> {
        let files = self.files.iter();
        let holders = files.filter(|(_, held)| *held == blob);
        holders.map(|(path, _)| path).take(2).collect()
    }

    /// The files that are here and were not in `earlier`.
    pub(super) fn added_since(&self, earlier: &Self) -> Vec<(&RepoPath, &BlobId)> {
        let is_new = |file: &RepoPath| earlier.find(file).is_none() && !earlier.is_unlisted(file);
        self.files.iter().filter(|(file, _)| is_new(file)).collect()
    }

    /// The files elsewhere that have the name of `path`, in any case of letters; none when there are
    /// more than `limit`.
    pub(super) fn namesakes(&self, path: &RepoPath, limit: usize) -> Vec<(&RepoPath, &BlobId)> {
        let name = path.file_name().to_lowercase();
        let files = self.files.iter();
        let namesakes = files.filter(|(other, _)| other.file_name().to_lowercase() == name);
        let namesakes: Vec<_> = namesakes.take(limit + 1).collect();
        if namesakes.len() > limit {
            Vec::new()
        } else {
            namesakes
        }
    }
}
