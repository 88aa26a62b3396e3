//! Strings by number, each once, in one block of memory.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;
use hashbrown::HashTable;

/// Strings one after the other.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Takes strings that were written one after the other; `None` when they do not fit the text.
    pub(super) fn from_parts(text: String, lengths: &[u32]) -> Option<Self> {
        let mut end = 0_u32;
        let mut ends = Vec::with_capacity(lengths.len());
        for length in lengths {
            end = end.checked_add(*length)?;
            if !text.is_char_boundary(end as usize) {
                return None;
            }
            ends.push(end);
        }
        (end as usize == text.len()).then_some(Self { text, ends })
    }

    /// All strings as one text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Appends a string.
    pub(super) fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(number(self.text.len()));
    }

    /// The string of a number; empty for unknown ones.
    pub(super) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or(0);
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// All strings in the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..number(self.len())).map(|at| self.get(at))
    }
}

/// Strings that can be looked up.
///
/// The hash has a seed of its own in every process, so that nobody can prepare words that all fall
/// together.
#[derive(Debug, Default, Clone)]
pub(in crate::repository) struct Dictionary {
    strings: Strings,
    table: HashTable<Slot>,
    hasher: RandomState,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Half of the hash: enough to tell nearly all strings apart, and a smaller table is a quicker one.
    hash: u32,
    number: u32,
}

impl Slot {
    /// The hash that the table goes by.
    fn spread(self) -> u64 {
        spread(self.hash)
    }
}

/// A hash for the table from half of one. The table takes its high and its low bits.
fn spread(hash: u32) -> u64 {
    (u64::from(hash) << 32) | u64::from(hash)
}

impl Dictionary {
    /// An empty one with room for `count` strings.
    pub(super) fn with_capacity(count: usize) -> Self {
        let mut dictionary = Self::default();
        dictionary.table.reserve(count, |slot| slot.spread());
        dictionary.strings.ends.reserve(count);
        dictionary
    }

    /// The number of a string.
    pub(in crate::repository) fn get(&self, string: &str) -> Option<&u32> {
        let hash = self.hash(string);
        let is_it = |slot: &Slot| self.is(*slot, hash, string);
        let slot = self.table.find(spread(hash), is_it);
        slot.map(|slot| &slot.number)
    }

    /// The number of a string, which is taken in when it is new; tells which.
    pub(super) fn intern(&mut self, string: &str) -> (u32, bool) {
        let hash = self.hash(string);
        let is_it = |slot: &Slot| self.is(*slot, hash, string);
        if let Some(slot) = self.table.find(spread(hash), is_it) {
            return (slot.number, false);
        }
        let number = number(self.strings.len());
        self.strings.push(string);
        let slot = Slot { hash, number };
        self.table
            .insert_unique(spread(hash), slot, |slot| slot.spread());
        (number, true)
    }

    /// The strings.
    #[cfg(test)]
    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The strings, without the means to look them up.
    pub(super) fn into_strings(self) -> Strings {
        self.strings
    }

    /// How many strings there are.
    pub(in crate::repository) fn len(&self) -> usize {
        self.strings.len()
    }

    fn hash(&self, string: &str) -> u32 {
        let hash = self.hasher.hash_one(string);
        let [a, b, c, d, ..] = hash.to_le_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    fn is(&self, slot: Slot, hash: u32, string: &str) -> bool {
        slot.hash == hash && self.strings.get(slot.number) == string
    }
}

/// Positions are far below 2^32: a snapshot has at most some hundred megabytes of text.
pub(super) fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
