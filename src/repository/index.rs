//! What is known of a snapshot's contents: terms, definitions, and who uses what.

use crate::domain::repository::RepoPath;
use crate::repository::{Definition, File, Snapshot};

/// A snapshot with everything that searching it needs.
#[derive(Debug)]
pub struct Index {
    snapshot: Snapshot,
}

impl Index {
    /// Reads all texts of `snapshot` once. Runs for seconds on large repositories: call it where
    /// blocking is allowed.
    pub fn build(snapshot: Snapshot) -> Self {
        Self { snapshot }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The file at `path`, case-exact, with its position.
    pub fn find(&self, _path: &RepoPath) -> Option<(usize, &File)> {
        None
    }

    /// The definitions of a file, in the order of their lines.
    pub fn definitions(&self, _file: usize) -> &[Definition] {
        &[]
    }

    /// All definitions of exactly this name: position of the file, and the definition.
    pub fn find_definitions(&self, _name: &str) -> Vec<(usize, &Definition)> {
        Vec::new()
    }

    /// Positions of the files whose text uses `identifier`, in order.
    pub fn find_users(&self, _identifier: &str) -> Vec<usize> {
        Vec::new()
    }
}
