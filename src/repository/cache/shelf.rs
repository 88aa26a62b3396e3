//! What is known of one repository.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::CacheError;
use super::evict;
use super::folder::{Folder, unusable};
use super::key::{Key, Kind};
use super::memory::{Memory, Packed};
use super::segment::{self, Place, Segment};

/// What is known of one repository. Nothing on it ever answers for another one: who may read one
/// repository may not read others. Clones share it, between threads as well.
#[derive(Debug, Clone)]
pub struct Shelf {
    inner: Arc<Inner>,
}

/// Files above which the small ones are merged: each costs an open and an index at every use.
const MANY_SEGMENTS: usize = 8;

/// Larger files are not merged again: rewriting them costs more than they do.
const LARGE_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Inner {
    folder: Option<Folder>,
    state: RwLock<State>,
    /// Held while something is written.
    writing: Mutex<()>,
    /// The disk refused; what comes from here on stays in memory.
    gave_up: AtomicBool,
    trouble: Mutex<Option<String>>,
}

#[derive(Debug, Default)]
struct State {
    segments: Vec<Arc<Segment>>,
    places: HashMap<Key, (usize, Place)>,
    memory: Memory,
    /// Keys taken back by the files, wherever their values stand.
    taken_back: HashSet<Key>,
    /// Keys taken back since the last time something was written.
    removed: HashSet<Key>,
}

impl From<Arc<Inner>> for Shelf {
    fn from(inner: Arc<Inner>) -> Self {
        Self { inner }
    }
}

impl Shelf {
    /// The value under `key`; `None` when there is none, or none that can be read.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        self.find(std::slice::from_ref(key))
            .pop()
            .flatten()?
            .unpack()
    }

    /// The values under `keys`, still packed; `None` for those that are not there or cannot be read.
    pub fn find(&self, keys: &[Key]) -> Vec<Option<Packed>> {
        let mut values: Vec<Option<Packed>> = vec![None; keys.len()];
        // Where each value stands: its file, its place there, and what it is asked for.
        let mut places: Vec<(usize, Place, usize)> = Vec::new();
        let state = self.inner.read();
        for ((at, key), value) in keys.iter().enumerate().zip(&mut values) {
            *value = state.memory.get(key).cloned();
            if let (None, Some((segment, place))) = (&value, state.places.get(key)) {
                places.push((*segment, *place, at));
            }
        }
        let segments = state.segments.clone();
        drop(state);
        places.sort_unstable_by_key(|(segment, place, _)| (*segment, place.offset()));
        for group in places.chunk_by(|(left, ..), (right, ..)| left == right) {
            let segment = group
                .first()
                .and_then(|(segment, ..)| segments.get(*segment));
            let Some(segment) = segment else { continue };
            let asked = group
                .iter()
                .filter_map(|(_, place, at)| Some((*keys.get(*at)?, *place)));
            let found = segment.values(&asked.collect::<Vec<_>>());
            if found.iter().any(Option::is_none) {
                self.inner.give_up_on(segment);
            }
            for (found, (_, _, at)) in found.into_iter().zip(group) {
                if let Some(value) = values.get_mut(*at) {
                    *value = found;
                }
            }
        }
        values
    }

    /// Whether there is a value under `key`, readable or not.
    pub fn has(&self, key: &Key) -> bool {
        let state = self.inner.read();
        state.memory.get(key).is_some() || state.places.contains_key(key)
    }

    /// Keeps a value; the first one under a key stays, and
    /// one taken back stays away. It is on disk after [`Self::save`], or
    /// earlier when much has come: call it where blocking is allowed.
    pub fn put(&self, key: Key, value: &[u8]) {
        self.put_marked(key, value, 0);
    }

    /// Does what [`Self::put`] does, with a mark that can be read without the value.
    pub fn put_marked(&self, key: Key, value: &[u8], mark: u8) {
        if self.has(&key) {
            return;
        }
        let Some(value) = Packed::new(value, mark) else {
            return;
        };
        let mut state = self.inner.write();
        if state.removed.contains(&key) || state.taken_back.contains(&key) {
            return;
        }
        state.memory.put(key, value);
        let is_full = state.memory.is_full();
        drop(state);
        if is_full && !self.inner.gave_up.load(Ordering::Relaxed) {
            self.inner.flush().ok();
        }
    }

    /// Takes back a value that another one replaces.
    pub fn remove(&self, key: &Key) {
        let mut state = self.inner.write();
        state.memory.remove(key);
        if state.places.remove(key).is_some() {
            state.removed.insert(*key);
        }
    }

    /// The keys of all values of a kind, in a fixed order.
    pub fn keys(&self, kind: Kind) -> Vec<Key> {
        let state = self.inner.read();
        let keys = state.places.keys().chain(state.memory.keys());
        let mut keys: Vec<Key> = keys.filter(|key| key.is(kind)).copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Does what [`Self::save`] does; the first time that it fails, the log says why.
    pub fn keep(&self) {
        let Err(error) = self.save() else {
            return;
        };
        let mut trouble = self.inner.trouble();
        if trouble.is_none() {
            tracing::warn!(%error, "what was read is not kept");
            *trouble = Some(error.to_string());
        }
    }

    /// Why [`Self::keep`] failed, if it did.
    pub fn trouble(&self) -> Option<String> {
        self.inner.trouble().clone()
    }

    /// Writes what came since the last time, merges files when there are many, and makes room when
    /// the cache has outgrown its limit. Blocks.
    ///
    /// # Errors
    /// [`CacheError`] when the disk is full or refuses; everything stays known in memory.
    pub fn save(&self) -> Result<(), CacheError> {
        self.inner.flush()
    }
}

impl Inner {
    /// Reads the index of every file in the folder.
    pub(super) fn open(folder: Option<Folder>) -> Self {
        let mut state = State::default();
        if let Some(folder) = &folder {
            state.load(folder);
            if !state.segments.is_empty() {
                // Where it cannot be marked, it looks unused for longer than it is.
                folder.mark().ok();
            }
        }
        Self {
            folder,
            state: RwLock::new(state),
            writing: Mutex::new(()),
            gave_up: AtomicBool::new(false),
            trouble: Mutex::new(None),
        }
    }

    fn flush(&self) -> Result<(), CacheError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = self.write_memory(folder).and_then(|wrote| {
            if wrote {
                self.merge(folder)?;
                evict::make_room(folder)?;
            }
            Ok(())
        });
        self.gave_up.store(outcome.is_err(), Ordering::Relaxed);
        outcome.map_err(|why| unusable(&folder.directory, why))
    }

    /// Writes what is only in memory; returns whether there was anything.
    fn write_memory(&self, folder: &Folder) -> std::io::Result<bool> {
        let state = self.read();
        let values = state.memory.values();
        let removed: Vec<Key> = state.removed.iter().copied().collect();
        drop(state);
        if values.is_empty() && removed.is_empty() {
            return Ok(false);
        }
        let kept = values
            .iter()
            .map(|(key, value)| (*key, Some(value.clone())));
        let removals = removed.iter().map(|key| (*key, None));
        let (file, path) = folder.add(|file| segment::write(file, kept.chain(removals)))?;
        folder.mark()?;
        let Some((segment, entries)) = Segment::open(file, path)? else {
            return Err(std::io::Error::other("what was written cannot be read"));
        };
        let mut state = self.write();
        state.add(segment, entries);
        for (key, _) in &values {
            state.memory.remove(key);
        }
        for key in &removed {
            state.removed.remove(key);
        }
        Ok(true)
    }

    /// Rewrites the smaller files as one when there are many.
    fn merge(&self, folder: &Folder) -> std::io::Result<()> {
        let mut files = folder.segments()?;
        if files.len() <= MANY_SEGMENTS {
            return Ok(());
        }
        let all = files.len();
        files.retain(|(_, metadata)| metadata.len() <= LARGE_BYTES);
        let mut old = State::default();
        for (path, _) in &files {
            old.load_file(path);
        }
        let (_, merged) =
            folder.add(|file| segment::write(file, old.contents(files.len() < all)))?;
        for (path, _) in files.iter().filter(|(path, _)| *path != merged) {
            std::fs::remove_file(path).ok();
        }
        Ok(())
    }

    /// Deletes a damaged file. Whatever damaged one value may have damaged others, and all of it can be
    /// had anew.
    fn give_up_on(&self, damaged: &Arc<Segment>) {
        tracing::warn!("a damaged file of the cache is deleted");
        std::fs::remove_file(&damaged.path).ok();
        let mut state = self.write();
        let mut segments = state.segments.iter();
        let number = segments.position(|segment| Arc::ptr_eq(segment, damaged));
        state
            .places
            .retain(|_, (segment, _)| Some(*segment) != number);
    }

    fn trouble(&self) -> MutexGuard<'_, Option<String>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn load(&mut self, folder: &Folder) {
        let files = folder.segments().unwrap_or_else(|error| {
            tracing::warn!(%error, "a folder of the cache cannot be listed");
            Vec::new()
        });
        for (path, _) in files {
            self.load_file(&path);
        }
    }

    /// Takes a file in; one that is damaged is deleted, one that is gone is passed over.
    fn load_file(&mut self, path: &Path) {
        match File::open(path).and_then(|file| Segment::open(file, path.to_owned())) {
            Ok(Some((segment, entries))) => self.add(segment, entries),
            Ok(None) => {
                tracing::warn!("a damaged file of the cache is deleted");
                std::fs::remove_file(path).ok();
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, "a file of the cache cannot be read"),
        }
    }

    fn add(&mut self, segment: Segment, entries: Vec<(Key, Place)>) {
        let number = self.segments.len();
        self.segments.push(Arc::new(segment));
        for (key, place) in entries {
            if place.is_removal() {
                self.taken_back.insert(key);
                self.places.remove(&key);
            } else if !self.taken_back.contains(&key) {
                self.places.insert(key, (number, place));
            }
        }
    }

    /// What a file that replaces all these holds: values that this program can use, in the order of
    /// the files, and with `removals` the keys taken back.
    fn contents(&self, removals: bool) -> impl Iterator<Item = (Key, Option<Packed>)> {
        let places = self.places.iter();
        let mut places: Vec<_> = places.filter(|(key, _)| key.is_current()).collect();
        places.sort_by_key(|(_, (segment, place))| (*segment, place.offset()));
        let values = places.into_iter().filter_map(|(key, (segment, place))| {
            let value = self.segments.get(*segment)?.value(key, *place)?;
            Some((*key, Some(value)))
        });
        let taken_back = self.taken_back.iter().filter(move |_| removals);
        values.chain(taken_back.map(|key| (*key, None)))
    }
}
