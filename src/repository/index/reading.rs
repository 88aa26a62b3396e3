//! Reading a snapshot's texts; what was read before comes from the shelf.

use std::collections::HashMap;
use std::collections::HashSet;

use super::codec;
use super::defined::Defined;
use super::pack::{Analysis, Pack, Packer, key};
use crate::repository::cache::{Key, Kind, Shelf};
use crate::repository::parallel;
use crate::repository::{File, Text};

/// Threads that read; more gain nothing on the machines this runs on.
const THREADS: usize = 2;

/// Packs above which they are put together: each brings words of its own that must be looked up.
const MANY_PACKS: usize = 6;

/// Larger packs stay as they are: looking their words up is the smaller part of reading them.
const LARGE_PACK_BYTES: usize = 48 * 1024 * 1024;

/// What all files of a snapshot hold.
#[derive(Debug)]
pub(super) struct Reading {
    /// The packs; numbers mean something only within one.
    packs: Vec<Pack>,
    /// For each file its pack, and its place in there; `None` for a file without text.
    places: Vec<Option<(usize, usize)>>,
    /// How many of the packs were known before.
    known: usize,
}

/// Packs from the shelf, still encoded.
#[derive(Default)]
pub(super) struct Known(Vec<Encoded>);

struct Encoded {
    key: Key,
    bytes: Vec<u8>,
    blobs: Vec<Key>,
    /// Which blobs the snapshot has, and no pack before this one.
    wanted: Vec<bool>,
    /// It cannot be decoded.
    is_broken: bool,
}

impl Reading {
    /// Reads the files with a text, as far as `known` does not have them.
    pub(super) fn new(files: &[File], known: &mut Known) -> Self {
        let keys = files
            .iter()
            .map(|file| file.text.as_ref().map(|_| key(file)));
        let keys: Vec<Option<Key>> = keys.collect();
        let mut packs = known.decode(&keys);
        let known = packs.len();
        let found: HashSet<Key> = packs.iter().flat_map(keys_of).collect();
        packs.extend(read_missing(files, &keys, found));
        let mut by_key = HashMap::new();
        for (pack, contents) in packs.iter().enumerate() {
            for (at, key) in keys_of(contents).enumerate() {
                by_key.insert(key, (pack, at));
            }
        }
        let place = |key: &Option<Key>| by_key.get(key.as_ref()?).copied();
        Self {
            places: keys.iter().map(place).collect(),
            packs,
            known,
        }
    }

    /// For each file its pack and what was read of it; `None` for a file without text.
    pub(super) fn analyses(&self) -> impl Iterator<Item = Option<(usize, &Analysis)>> + Clone {
        self.places.iter().map(|place| {
            let (pack, at) = (*place)?;
            let (_, analysis) = self.packs.get(pack)?.blobs.get(at)?;
            Some((pack, analysis))
        })
    }

    /// The packs.
    pub(super) fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// What the files define.
    pub(super) fn into_defined(self) -> Defined {
        let spans = self.analyses().map(|analysis| {
            let (pack, analysis) = analysis?;
            Some((pack, analysis.definitions))
        });
        let spans = spans.collect();
        let outlines = self.packs.into_iter().map(|pack| pack.outlines);
        Defined::new(outlines.collect(), spans)
    }

    /// Puts what was read anew on the shelf; where there are many packs, one takes their place.
    pub(super) fn keep(&self, shelf: &Shelf, known: &Known) {
        let (old, fresh) = self.packs.split_at_checked(self.known).unwrap_or_default();
        let fresh: Vec<&Pack> = fresh.iter().filter(|pack| !pack.blobs.is_empty()).collect();
        let small: Vec<_> = known
            .0
            .iter()
            .zip(old)
            .filter(|(known, _)| known.is_small())
            .collect();
        if fresh.is_empty() {
            return;
        }
        for broken in known.0.iter().filter(|known| known.is_broken) {
            shelf.remove(&broken.key);
        }
        if small.len() + fresh.len() <= MANY_PACKS {
            for pack in fresh {
                put(shelf, pack);
            }
            return shelf.keep();
        }
        let mut packer = Packer::default();
        let all: usize = small.iter().map(|(known, _)| known.blobs.len()).sum();
        // Blobs of other commits may come again, but must not be what most of the time goes into.
        let with_others = all <= self.places.len().saturating_mul(2);
        for (known, decoded) in &small {
            match known.decode(with_others) {
                Some(whole) if with_others => packer.take_over(&whole),
                _ => packer.take_over(decoded),
            }
        }
        for pack in fresh {
            packer.take_over(pack);
        }
        if put(shelf, &packer.finish()) {
            for (known, _) in small {
                shelf.remove(&known.key);
            }
        }
        shelf.keep();
    }
}

impl Known {
    /// All packs of a shelf; those that are no good are taken back.
    pub(super) fn load(shelf: &Shelf) -> Self {
        let packs = parallel::map(&shelf.keys(Kind::Words), |key| {
            let bytes = shelf.get(key)?;
            let blobs = codec::keys(&bytes);
            if blobs.is_none() {
                shelf.remove(key);
            }
            Some(Encoded {
                key: *key,
                blobs: blobs?,
                bytes,
                wanted: Vec::new(),
                is_broken: false,
            })
        });
        Self(packs.into_iter().flatten().collect())
    }

    /// Decodes what of the packs belongs to `keys`. A pack that cannot be decoded gives nothing.
    fn decode(&mut self, keys: &[Option<Key>]) -> Vec<Pack> {
        let mut missing: HashSet<&Key> = keys.iter().flatten().collect();
        for pack in &mut self.0 {
            pack.wanted = pack.blobs.iter().map(|key| missing.remove(key)).collect();
        }
        let packs = parallel::map(&self.0, |pack| pack.decode(false));
        for (known, decoded) in self.0.iter_mut().zip(&packs) {
            known.is_broken = decoded.is_none();
        }
        packs.into_iter().map(Option::unwrap_or_default).collect()
    }
}

impl Encoded {
    fn decode(&self, whole: bool) -> Option<Pack> {
        if whole {
            return codec::decode(&self.bytes, &vec![true; self.blobs.len()]);
        }
        codec::decode(&self.bytes, &self.wanted)
    }

    fn is_small(&self) -> bool {
        self.bytes.len() <= LARGE_PACK_BYTES
    }
}

fn keys_of(pack: &Pack) -> impl Iterator<Item = Key> {
    pack.blobs.iter().map(|(key, _)| *key)
}

fn put(shelf: &Shelf, pack: &Pack) -> bool {
    let bytes = codec::encode(pack);
    let key = Key::of_value(Kind::Words, &bytes);
    shelf.put(key, &bytes);
    shelf.has(&key)
}

/// Reads every blob that is not in `found` once, about the same number of bytes in each thread.
fn read_missing(files: &[File], keys: &[Option<Key>], mut found: HashSet<Key>) -> Vec<Pack> {
    let pairs = files.iter().zip(keys);
    let missing: Vec<(Key, &File)> = pairs
        .filter_map(|(file, key)| Some(((*key)?, file)))
        .filter(|(key, _)| found.insert(*key))
        .collect();
    let bytes = |(_, file): &(Key, &File)| file.text.as_ref().map_or(0, Text::len);
    let total: usize = missing.iter().map(bytes).sum();
    let mut sum = 0;
    let first = missing
        .iter()
        .take_while(|file| {
            sum += bytes(file);
            sum * THREADS <= total
        })
        .count();
    let (first, second) = missing.split_at_checked(first).unwrap_or_default();
    parallel::map(&[first, second], |files| {
        let mut packer = Packer::default();
        for (key, file) in *files {
            packer.read(*key, file);
        }
        packer.finish()
    })
}
