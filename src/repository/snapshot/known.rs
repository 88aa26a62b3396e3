//! What blobs turned out to be, so that none is fetched or judged twice: within a snapshot, where
//! the same contents may lie at several paths, and from one snapshot to the next.

use std::collections::HashMap;

use super::filter::Reason;
use super::reading::Verdict;
use crate::domain::repository::BlobId;
use crate::repository::cache::{Key, Kind, Shelf};

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
            let found = ids.into_iter().filter_map(|id| {
                let value = shelf.get(&Key::new(Kind::Text, &id))?;
                Some((id, from_value(&value)?))
            });
            found.collect::<Vec<_>>()
        });
        // Whatever went wrong, what is not found is fetched.
        self.seen.extend(looked.await.unwrap_or_default());
    }

    /// Remembers what a blob is, unless that lies in how it was fetched.
    pub(super) fn remember(&mut self, id: &BlobId, verdict: &Verdict) {
        if tag(verdict).is_some() && self.seen.insert(id.clone(), verdict.clone()).is_none() {
            self.fresh.push(id.clone());
        }
    }

    /// Puts on the shelf what was not there.
    pub(super) async fn save(self) {
        if self.fresh.is_empty() {
            return;
        }
        let saved = tokio::task::spawn_blocking(move || {
            for id in &self.fresh {
                if let Some(value) = self.seen.get(id).and_then(to_value) {
                    self.shelf.put(Key::new(Kind::Text, id), &value);
                }
            }
            self.shelf.keep();
        });
        // A panic there loses what would have been kept, and nothing else.
        saved.await.ok();
    }
}

/// The sign of a verdict that follows from the bytes alone.
fn tag(verdict: &Verdict) -> Option<u8> {
    match verdict {
        Ok(_) => Some(b'T'),
        Err(Reason::Binary) => Some(b'B'),
        Err(Reason::Lfs) => Some(b'L'),
        Err(Reason::Denied) => Some(b'D'),
        Err(_) => None,
    }
}

/// A verdict as it is kept: its sign, and the text behind it.
fn to_value(verdict: &Verdict) -> Option<Vec<u8>> {
    let text = verdict.as_ref().map_or("", |text| text);
    let mut value = Vec::with_capacity(1 + text.len());
    value.push(tag(verdict)?);
    value.extend_from_slice(text.as_bytes());
    Some(value)
}

fn from_value(value: &[u8]) -> Option<Verdict> {
    let (sign, text) = value.split_first()?;
    match sign {
        b'T' => Some(Ok(std::str::from_utf8(text).ok()?.into())),
        b'B' => Some(Err(Reason::Binary)),
        b'L' => Some(Err(Reason::Lfs)),
        b'D' => Some(Err(Reason::Denied)),
        _ => None,
    }
}
