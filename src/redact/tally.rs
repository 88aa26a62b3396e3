//! How many secrets were found, by kind, each value counted once.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// Secrets found in one or several texts. It keeps no value, only what tells two apart within this
/// process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally(BTreeMap<String, HashMap<u64, u64>>);

impl Tally {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Different secrets by kind.
    pub fn secrets(&self) -> BTreeMap<String, u64> {
        let count = |values: &HashMap<u64, u64>| values.len() as u64;
        let kinds = self.0.iter();
        kinds.map(|(kind, it)| (kind.clone(), count(it))).collect()
    }

    /// Places where a secret stood, by kind.
    pub fn places(&self) -> BTreeMap<String, u64> {
        let kinds = self.0.iter();
        kinds
            .map(|(kind, values)| (kind.clone(), values.values().sum()))
            .collect()
    }

    /// Adds what was found elsewhere; a value that both have seen stays one.
    pub fn merge(&mut self, other: Self) {
        for (kind, values) in other.0 {
            let known = self.0.entry(kind).or_default();
            for (value, places) in values {
                *known.entry(value).or_default() += places;
            }
        }
    }

    /// Counts one more place.
    pub(super) fn add(&mut self, kind: &str, value: &str) {
        // The seed is this process's own, so that a value's number says nothing outside of it.
        static SEED: OnceLock<RandomState> = OnceLock::new();
        let number = SEED.get_or_init(RandomState::new).hash_one(value);
        let known = match self.0.get_mut(kind) {
            Some(known) => known,
            None => self.0.entry(kind.to_owned()).or_default(),
        };
        *known.entry(number).or_default() += 1;
    }
}
