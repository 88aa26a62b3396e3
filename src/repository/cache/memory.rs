//! Values that are not on disk: those not yet saved, and all of them where there is no folder.

use std::collections::HashMap;

use bytes::Bytes;

use super::key::Key;

/// A value, packed where that makes it smaller, and its mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its bytes as they are kept.
    pub(super) bytes: Bytes,
    /// How many they are unpacked; the same number when they are not packed at all.
    pub(super) unpacked: u32,
    /// What whoever keeps the value wants to know of it without unpacking it.
    pub(super) mark: u8,
}

impl Packed {
    /// Packs a value; `None` when it is too large to keep.
    pub(super) fn new(value: &[u8], mark: u8) -> Option<Self> {
        let unpacked = u32::try_from(value.len())
            .ok()
            .filter(|length| *length <= VALUE_BYTES)?;
        let packed = lz4_flex::block::compress(value);
        let bytes = if packed.len() < value.len() {
            Bytes::from(packed)
        } else {
            Bytes::copy_from_slice(value)
        };
        Some(Self {
            bytes,
            unpacked,
            mark,
        })
    }

    /// The mark that the value was put with.
    pub fn mark(&self) -> u8 {
        self.mark
    }

    /// How many bytes the value has.
    pub fn length(&self) -> usize {
        self.unpacked as usize
    }

    /// The value; `None` when the bytes are none of ours.
    pub fn unpack(&self) -> Option<Vec<u8>> {
        let length = self.length();
        if self.unpacked > VALUE_BYTES {
            return None;
        }
        if self.bytes.len() == length {
            return Some(self.bytes.to_vec());
        }
        let value = lz4_flex::block::decompress(&self.bytes, length).ok()?;
        (value.len() == length).then_some(value)
    }
}

/// Largest value kept; the largest blob that is ever read has 100 MiB.
const VALUE_BYTES: u32 = 256 * 1024 * 1024;

/// Values by key, in two generations: when the younger one is full, the older one is forgotten.
#[derive(Debug, Default)]
pub(super) struct Memory {
    young: HashMap<Key, (u64, Packed)>,
    old: HashMap<Key, (u64, Packed)>,
    young_bytes: usize,
    /// How many values have come, for their order.
    count: u64,
}

/// Packed bytes of one generation: together they hold the text of a repository of 150 MB.
const GENERATION_BYTES: usize = 32 * 1024 * 1024;

impl Memory {
    /// The value of a key.
    pub(super) fn get(&self, key: &Key) -> Option<&Packed> {
        let place = self.young.get(key).or_else(|| self.old.get(key));
        place.map(|(_, value)| value)
    }

    /// Remembers a value.
    pub(super) fn put(&mut self, key: Key, value: Packed) {
        if self.young_bytes >= GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += value.bytes.len();
        self.count += 1;
        self.young.insert(key, (self.count, value));
    }

    /// Forgets a value.
    pub(super) fn remove(&mut self, key: &Key) {
        if let Some((_, value)) = self.young.remove(key) {
            self.young_bytes -= value.bytes.len();
        }
        self.old.remove(key);
    }

    /// Whether so much has come that it should be saved.
    pub(super) fn is_full(&self) -> bool {
        self.young_bytes >= GENERATION_BYTES / 2
    }

    /// All values, in the order in which they came.
    pub(super) fn values(&self) -> Vec<(Key, Packed)> {
        let mut places: Vec<_> = self.young.iter().chain(&self.old).collect();
        places.sort_by_key(|(_, (count, _))| *count);
        let values = places.into_iter();
        values
            .map(|(key, (_, value))| (*key, value.clone()))
            .collect()
    }

    /// The keys of all values.
    pub(super) fn keys(&self) -> impl Iterator<Item = &Key> {
        self.young.keys().chain(self.old.keys())
    }
}
