//! What the forge shows in place of what the repository has: the worlds that no repository on a
//! disk would hold, and lies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::domain::repository::BlobId;
use crate::repository::git::GitEntry;

/// What is shown instead.
#[derive(Debug, Default)]
pub(super) struct Disguise(Mutex<Parts>);

#[derive(Debug, Default)]
struct Parts {
    entries: Option<Arc<Vec<GitEntry>>>,
    blobs: HashMap<BlobId, Bytes>,
    archive: Option<Bytes>,
}

impl Disguise {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_entries(&self, entries: Vec<GitEntry>) {
        self.parts().entries = Some(Arc::new(entries));
    }

    pub(super) fn entries(&self) -> Option<Arc<Vec<GitEntry>>> {
        self.parts().entries.clone()
    }

    pub(super) fn set_blob(&self, id: BlobId, bytes: Bytes) {
        self.parts().blobs.insert(id, bytes);
    }

    pub(super) fn blob(&self, id: &BlobId) -> Option<Bytes> {
        self.parts().blobs.get(id).cloned()
    }

    pub(super) fn set_archive(&self, bytes: Bytes) {
        self.parts().archive = Some(bytes);
    }

    pub(super) fn archive(&self) -> Option<Bytes> {
        self.parts().archive.clone()
    }
}
