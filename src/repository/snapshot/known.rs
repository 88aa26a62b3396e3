//! What blobs turned out to be, so that none is fetched or judged twice: within a snapshot, where
//! the same contents may lie at several paths, and from one snapshot to the next.

use std::collections::HashMap;

use super::filter::Reason;
use super::reading::{Readable, Verdict};
use crate::domain::repository::BlobId;
use crate::repository::Text;
use crate::repository::cache::{Key, Kind, Packed, Shelf};

/// What is known.
pub(super) struct Known {
    shelf: Shelf,
    seen: HashMap<BlobId, Verdict>,
    /// What is not on the shelf yet.
    fresh: Vec<BlobId>,
}

impl Known {
    /// What earlier snapshots left on `shelf`.
    pub(super) fn new(shelf: Shelf) -> Self {
        Self {
            shelf,
            seen: HashMap::new(),
            fresh: Vec::new(),
        }
    }

    /// What the blob is, if that is known; see [`Known::look_up`].
    pub(super) fn find(&self, id: &BlobId) -> Option<Verdict> {
        self.seen.get(id).cloned()
    }

    /// Looks on the shelf for those of `ids` that were not seen in this snapshot.
    pub(super) async fn look_up(&mut self, mut ids: Vec<BlobId>) {
        ids.retain(|id| !self.seen.contains_key(id));
        if ids.is_empty() {
            return;
        }
        let shelf = self.shelf.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let keys: Vec<Key> = ids.iter().map(|id| Key::new(Kind::Text, id)).collect();
            let found = ids.into_iter().zip(shelf.find(&keys));
            let found = found.filter_map(|(id, packed)| Some((id, verdict(packed?)?)));
            found.collect::<Vec<_>>()
        });
        // Whatever went wrong, what is not found is fetched.
        self.seen.extend(looked.await.unwrap_or_default());
    }

    /// Remembers what a blob is, unless that lies in how it was fetched.
    pub(super) fn remember(&mut self, id: &BlobId, verdict: &Verdict) {
        if sign(verdict).is_some() && self.seen.insert(id.clone(), verdict.clone()).is_none() {
            self.fresh.push(id.clone());
        }
    }

    /// Puts on the shelf what was not there. Packs it, which takes a moment for much text.
    pub(super) fn put(&mut self) {
        for id in self.fresh.drain(..) {
            let verdict = self.seen.get(&id);
            if let Some((verdict, sign)) =
                verdict.and_then(|verdict| Some((verdict, sign(verdict)?)))
            {
                let text = verdict.as_ref().map_or("", |found| &found.text);
                self.shelf
                    .put_marked(Key::new(Kind::Text, &id), text.as_bytes(), sign);
            }
        }
    }

    /// Does what [`Known::put`] does, where that holds nobody up, and saves the shelf.
    pub(super) async fn save(mut self) {
        let saved = tokio::task::spawn_blocking(move || {
            self.put();
            self.shelf.keep();
        });
        // A panic there loses what would have been kept, and nothing else.
        saved.await.ok();
    }
}

/// The sign of a verdict that follows from the bytes alone.
fn sign(verdict: &Verdict) -> Option<u8> {
    match verdict {
        Ok(found) if found.is_generated => Some(b'G'),
        Ok(_) => Some(b'T'),
        Err(Reason::Binary) => Some(b'B'),
        Err(Reason::Lfs) => Some(b'L'),
        Err(Reason::Denied) => Some(b'D'),
        Err(_) => None,
    }
}

/// The verdict that is kept as a sign and, for a text, the text itself.
fn verdict(packed: Packed) -> Option<Verdict> {
    let is_generated = packed.mark() == b'G';
    match packed.mark() {
        b'T' | b'G' => Some(Ok(Readable {
            text: Text::packed(packed),
            is_generated,
        })),
        b'B' => Some(Err(Reason::Binary)),
        b'L' => Some(Err(Reason::Lfs)),
        b'D' => Some(Err(Reason::Denied)),
        _ => None,
    }
}
