//! Definitions by their exact name.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::repository::Definition;

/// Where each name is defined.
#[derive(Debug)]
pub(super) struct Names {
    hasher: RandomState,
    /// Sorted by the name's hash, then by place.
    places: Vec<Named>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    hash: u64,
    file: u32,
    at: u32,
}

impl Names {
    /// Takes the names of all definitions of all files.
    pub(super) fn new(definitions: &[Arc<[Definition]>]) -> Self {
        let hasher = RandomState::default();
        let mut places = Vec::with_capacity(definitions.iter().map(|found| found.len()).sum());
        for (definitions, file) in definitions.iter().zip(0_u32..) {
            for (definition, at) in definitions.iter().zip(0_u32..) {
                let hash = hasher.hash_one(definition.name.as_str());
                places.push(Named { hash, file, at });
            }
        }
        places.sort_unstable();
        Self { hasher, places }
    }

    /// File and position of the definitions that may have this name, in the order of their places.
    pub(super) fn find(&self, name: &str) -> impl Iterator<Item = (usize, usize)> {
        let hash = self.hasher.hash_one(name);
        let start = self.places.partition_point(|named| named.hash < hash);
        let places = self.places.get(start..).unwrap_or_default().iter();
        places
            .take_while(move |named| named.hash == hash)
            .map(|named| (named.file as usize, named.at as usize))
    }
}
