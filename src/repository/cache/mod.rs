//! What was read from repositories, and what was derived from it, by blob id, on local disk.
//!
//! Contents under a blob id never change, so nothing here is ever out of date: it can only be
//! missing. Whatever is damaged, half written or unreadable counts as missing, and a plan goes on
//! without it. It knows no forge, no git and no language: the values are bytes to it.

mod evict;
mod folder;
mod key;
mod memory;
mod segment;
mod shelf;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

pub use key::{Key, Kind};
pub use memory::Packed;
pub use shelf::Shelf;

use folder::Root;

/// Why nothing can be kept.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The folder cannot be made, read or written.
    #[error("the cache `{}` cannot be used: {why}", .path.display())]
    Unusable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// Others could change what is kept.
    #[error(
        "the cache `{}` belongs to another user, or others may write to it\nhint: name a folder of \
         your own in `cache.dir`", .0.display()
    )]
    NotOurs(PathBuf),
}

/// All repositories' shelves; clones share them.
#[derive(Debug, Clone)]
pub struct Cache {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// `None` keeps everything in memory.
    root: Option<Root>,
    /// Shelves that somebody holds, by repository.
    shelves: Mutex<HashMap<String, Weak<shelf::Inner>>>,
}

impl Cache {
    /// A cache in `dir`, which is made when it is missing; it may take `max_bytes` on disk.
    ///
    /// # Errors
    /// [`CacheError`] when the folder cannot be made or does not belong to this user alone.
    pub fn open(dir: &Path, max_bytes: u64) -> Result<Self, CacheError> {
        Ok(Self::new(Some(Root::open(dir, max_bytes)?)))
    }

    /// A cache that keeps nothing beyond the life of its shelves.
    pub fn none() -> Self {
        Self::new(None)
    }

    /// The cache in `dir` when there is a folder to use; failing that one that keeps nothing, with
    /// a warning in the log.
    pub fn open_or_none(dir: Option<&Path>, max_bytes: u64) -> Self {
        let Some(dir) = dir else {
            return Self::none();
        };
        Self::open(dir, max_bytes).unwrap_or_else(|error| {
            tracing::warn!(%error, "going on without a cache");
            Self::none()
        })
    }

    /// What is known of one repository. `repository` names it for good and for all: a forge's host
    /// with its id of the repository, or the folder of a local one. As long as somebody holds the
    /// shelf, others get the same. Reads an index on disk: call it where blocking is allowed.
    pub fn shelf(&self, repository: &str) -> Shelf {
        let mut shelves = self
            .inner
            .shelves
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shelves.get(repository).and_then(Weak::upgrade) {
            return Shelf::from(known);
        }
        shelves.retain(|_, shelf| shelf.strong_count() > 0);
        let folder = self.inner.root.as_ref().map(|root| root.folder(repository));
        let shelf = Arc::new(shelf::Inner::open(folder));
        shelves.insert(repository.to_owned(), Arc::downgrade(&shelf));
        Shelf::from(shelf)
    }

    fn new(root: Option<Root>) -> Self {
        let shelves = Mutex::new(HashMap::new());
        Self {
            inner: Arc::new(Inner { root, shelves }),
        }
    }
}

#[cfg(test)]
mod tests;
