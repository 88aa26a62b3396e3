//! What every file of a snapshot defines: counted and named at once, made when somebody looks.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use super::outlines::{Outlines, Row, Span};
use crate::repository::Definition;
use crate::repository::syntax::Syntax;

/// The definitions of all files.
#[derive(Debug, Default)]
pub(super) struct Defined {
    /// One for each pack.
    outlines: Vec<Outlines>,
    files: Vec<Held>,
    hasher: RandomState,
    /// Sorted by the name's hash, then by place.
    places: Vec<Named>,
}

/// What is known of one file.
#[derive(Debug, Default)]
struct Held {
    /// The pack that it was read into, and its rows there.
    place: Option<(usize, Span)>,
    /// What the line scanner found, once it is looked at.
    scanned: OnceLock<Vec<Definition>>,
    /// What a syntax tree holds, where there is one.
    sharp: OnceLock<Syntax>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    hash: u64,
    file: u32,
    at: u32,
}

impl Defined {
    /// Takes the outlines of all packs and, for each file, its pack and its rows there.
    pub(super) fn new(outlines: Vec<Outlines>, files: Vec<Option<(usize, Span)>>) -> Self {
        let hasher = RandomState::default();
        let hashes = |outlines: &Outlines| -> Vec<u64> {
            let names = outlines.names().iter();
            names.map(|name| hasher.hash_one(name)).collect()
        };
        let hashes: Vec<Vec<u64>> = outlines.iter().map(hashes).collect();
        let spans = files.iter().flatten();
        let mut places = Vec::with_capacity(spans.map(|(_, span)| span.len()).sum());
        for (file, place) in (0_u32..).zip(&files) {
            let Some((pack, span)) = place else { continue };
            let (Some(outlines), Some(hashes)) = (outlines.get(*pack), hashes.get(*pack)) else {
                continue;
            };
            for (row, at) in outlines.rows(*span).iter().zip(0_u32..) {
                let hash = hashes.get(row.name as usize).copied().unwrap_or(0);
                places.push(Named { hash, file, at });
            }
        }
        places.sort_unstable();
        let held = files.into_iter().map(|place| Held {
            place,
            ..Held::default()
        });
        Self {
            files: held.collect(),
            outlines,
            hasher,
            places,
        }
    }

    /// The definitions of a file, in the order of their lines.
    pub(super) fn of(&self, file: usize) -> &[Definition] {
        let Some(held) = self.files.get(file) else {
            return &[];
        };
        if let Some(sharp) = held.sharp.get() {
            return &sharp.definitions;
        }
        held.scanned.get_or_init(|| {
            let outlines = self.outlines(held);
            outlines.map_or_else(Vec::new, |(outlines, span)| outlines.definitions(span))
        })
    }

    /// How many definitions a file has.
    pub(super) fn count(&self, file: usize) -> usize {
        let held = self.files.get(file);
        held.map_or(0, |held| match held.sharp.get() {
            Some(sharp) => sharp.definitions.len(),
            None => held.place.map_or(0, |(_, span)| span.len()),
        })
    }

    /// Whether a file defines a name that fits.
    pub(super) fn any(&self, file: usize, fits: impl Fn(&str) -> bool) -> bool {
        let Some(held) = self.files.get(file) else {
            return false;
        };
        if let Some(sharp) = held.sharp.get() {
            let mut sharp = sharp.definitions.iter();
            return sharp.any(|definition| fits(&definition.name));
        }
        self.outlines(held).is_some_and(|(outlines, span)| {
            let mut rows = outlines.rows(span).iter();
            rows.any(|row| fits(outlines.names().get(row.name)))
        })
    }

    /// Puts a syntax tree in the scanner's place, once; a second time changes nothing.
    pub(super) fn sharpen(&self, file: usize, syntax: Syntax) {
        if let Some(held) = self.files.get(file) {
            held.sharp.set(syntax).ok();
        }
    }

    /// What the syntax tree of a file holds, where it was parsed.
    pub(super) fn syntax(&self, file: usize) -> Option<&Syntax> {
        self.files.get(file)?.sharp.get()
    }

    /// The files that define exactly this name, in their order, each once.
    pub(super) fn files(&self, name: &str) -> Vec<usize> {
        let hash = self.hasher.hash_one(name);
        let start = self.places.partition_point(|named| named.hash < hash);
        let places = self.places.get(start..).unwrap_or_default().iter();
        let mut files: Vec<usize> = places
            .take_while(|named| named.hash == hash)
            .filter(|named| self.has(**named, name))
            .map(|named| named.file as usize)
            .collect();
        files.dedup();
        files
    }

    /// Whether a definition that the scanner found has this name, or, where a syntax tree has taken the
    /// scanner's place, any of the file's has.
    fn has(&self, named: Named, name: &str) -> bool {
        let Some(held) = self.files.get(named.file as usize) else {
            return false;
        };
        if let Some(sharp) = held.sharp.get() {
            let mut sharp = sharp.definitions.iter();
            return sharp.any(|definition| definition.name == name);
        }
        self.outlines(held).is_some_and(|(outlines, span)| {
            let row = outlines.rows(span).get(named.at as usize);
            row.is_some_and(|row: &Row| outlines.names().get(row.name) == name)
        })
    }

    fn outlines(&self, held: &Held) -> Option<(&Outlines, Span)> {
        let (pack, span) = held.place?;
        Some((self.outlines.get(pack)?, span))
    }
}
