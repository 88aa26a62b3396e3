//! What blobs turned out to be, so that none is fetched or judged twice.

use std::collections::HashMap;

use super::filter::Reason;
use super::reading::Verdict;
use crate::domain::repository::BlobId;

/// Blobs of this snapshot so far; the same contents may lie at several paths.
#[derive(Default)]
pub(super) struct Known {
    seen: HashMap<BlobId, Verdict>,
}

impl Known {
    /// What the blob is, if that is known.
    pub(super) fn find(&self, id: &BlobId) -> Option<Verdict> {
        self.seen.get(id).cloned()
    }

    /// Remembers what a blob is, unless that lies in how it was fetched.
    pub(super) fn remember(&mut self, id: &BlobId, verdict: &Verdict) {
        if matches!(
            verdict,
            Ok(_) | Err(Reason::Binary | Reason::Lfs | Reason::Denied)
        ) {
            self.seen.insert(id.clone(), verdict.clone());
        }
    }
}
