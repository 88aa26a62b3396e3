//! Packs as bytes.
//!
//! Numbers have seven bits to a byte, low ones first. Strings of one sort stand together, their
//! lengths before them. The blobs' keys come first, so that what nobody asks for is not decoded.

use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::dictionary::{Strings, number};
use super::pack::{Analysis, Pack, Rows};
use crate::domain::repository::LineRange;
use crate::repository::cache::Key;
use crate::repository::{Definition, DefinitionKind};

/// Different kinds of definitions taken from a cache; the languages have some fifty.
const KINDS: usize = 1_000;

/// A pack as bytes.
pub(super) fn encode(pack: &Pack) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out, number(pack.blobs.len()));
    for (key, _) in &pack.blobs {
        out.extend_from_slice(&key.to_bytes());
    }
    write_strings(&mut out, &pack.words);
    write_strings(&mut out, &pack.terms);
    for row in pack.word_terms.iter() {
        write_row(&mut out, row.len(), row.iter().copied());
    }
    write_definitions(&mut out, pack);
    // Last, because it is the largest part and can be skipped blob by blob.
    let mut one = Vec::new();
    for (_, analysis) in &pack.blobs {
        one.clear();
        write(&mut one, number(analysis.uses.len()));
        for (word, count) in &analysis.uses {
            write(&mut one, *word);
            write(&mut one, *count);
        }
        write(&mut out, number(one.len()));
        out.extend_from_slice(&one);
    }
    out
}

/// The blobs of an encoded pack; `None` when these are no bytes of ours.
pub(super) fn keys(bytes: &[u8]) -> Option<Vec<Key>> {
    Reader(bytes).keys()
}

/// The pack with the blobs at the places that `wanted` marks; `None` when these are no bytes of
/// ours.
pub(super) fn decode(bytes: &[u8], wanted: &[bool]) -> Option<Pack> {
    let mut reader = Reader(bytes);
    let keys = reader.keys()?;
    let words = reader.strings()?;
    let terms = reader.strings()?;
    let mut word_terms = Rows::default();
    for _ in 0..words.len() {
        let row = reader.row()?;
        if row.iter().any(|term| *term as usize >= terms.len()) {
            return None;
        }
        word_terms.push(row.into_iter());
    }
    let definitions = reader.definitions(wanted)?;
    let mut blobs = Vec::new();
    for ((key, definitions), is_wanted) in keys.iter().zip(definitions).zip(wanted) {
        let length = reader.number()?;
        let mut own = Reader(reader.0.split_off(..length as usize)?);
        if *is_wanted {
            let uses = own.uses(words.len())?;
            blobs.push((*key, Analysis { uses, definitions }));
        }
    }
    reader.0.is_empty().then_some(Pack {
        words,
        terms,
        word_terms,
        blobs,
    })
}

/// All strings of definitions are kept by number: names and kinds repeat themselves.
fn write_definitions(out: &mut Vec<u8>, pack: &Pack) {
    let all = pack.blobs.iter().flat_map(|(_, blob)| &*blob.definitions);
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut names = Strings::default();
    let mut signatures = Strings::default();
    for definition in all {
        for name in [&*definition.name, &*definition.container, definition.kind] {
            let next = number(names.len());
            numbers.entry(name).or_insert_with(|| {
                names.push(name);
                next
            });
        }
        signatures.push(&definition.signature);
    }
    write_strings(out, &names);
    write_strings(out, &signatures);
    let number_of = |name: &str| numbers.get(name).copied().unwrap_or(0);
    for (_, blob) in &pack.blobs {
        write(out, number(blob.definitions.len()));
        let mut line = 0;
        for definition in &*blob.definitions {
            let (start, end) = (definition.lines.start(), definition.lines.end());
            write(out, number_of(&definition.name));
            write(out, number_of(&definition.container));
            write(out, number_of(definition.kind));
            // In the order of their lines; wrapping keeps whatever else comes.
            write(out, start.wrapping_sub(line));
            write(out, end.wrapping_sub(start));
            line = start;
        }
    }
}

fn write_strings(out: &mut Vec<u8>, strings: &Strings) {
    write_row(
        out,
        strings.len(),
        strings.iter().map(|string| number(string.len())),
    );
    write(out, number(strings.text().len()));
    out.extend_from_slice(strings.text().as_bytes());
}

fn write_row(out: &mut Vec<u8>, count: usize, row: impl Iterator<Item = u32>) {
    write(out, number(count));
    for value in row {
        write(out, value);
    }
}

fn write(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            out.push(low & 0x7f);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Bytes that are yet to be read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn keys(&mut self) -> Option<Vec<Key>> {
        let count = self.number()?;
        let mut keys = Vec::new();
        for _ in 0..count {
            let (key, rest) = self.0.split_first_chunk()?;
            keys.push(Key::from_bytes(key));
            self.0 = rest;
        }
        Some(keys)
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let byte = *self.0.split_off_first()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn row(&mut self) -> Option<Vec<u32>> {
        let count = self.number()? as usize;
        // Each number has a byte at least, so that a false count does not cost memory.
        let mut row = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            row.push(self.number()?);
        }
        Some(row)
    }

    fn strings(&mut self) -> Option<Strings> {
        let lengths = self.row()?;
        let bytes = self.number()? as usize;
        let text = std::str::from_utf8(self.0.split_off(..bytes)?).ok()?;
        Strings::from_parts(text.to_owned(), &lengths)
    }

    fn uses(&mut self, words: usize) -> Option<Vec<(u32, u32)>> {
        let count = self.number()? as usize;
        let mut uses = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            let (word, count) = (self.number()?, self.number()?);
            if word as usize >= words {
                return None;
            }
            uses.push((word, count));
        }
        Some(uses)
    }

    /// The definitions of all blobs; those not wanted have none.
    fn definitions(&mut self, wanted: &[bool]) -> Option<Vec<Arc<[Definition]>>> {
        let names = self.strings()?;
        let signatures = self.strings()?;
        let mut kinds = Kinds::default();
        let mut signature = 0_u32;
        let mut all = Vec::with_capacity(wanted.len());
        for is_wanted in wanted {
            let count = self.number()?;
            let mut found = Vec::new();
            let mut line = 0_u32;
            for at in signature..signature.checked_add(count)? {
                let (name, container) = (self.number()?, self.number()?);
                let kind = self.number()?;
                let start = line.wrapping_add(self.number()?);
                let end = start.wrapping_add(self.number()?);
                line = start;
                if *is_wanted {
                    found.push(Definition {
                        name: names.get(name).to_owned(),
                        container: names.get(container).to_owned(),
                        kind: kinds.find(names.get(kind), kind)?,
                        lines: LineRange::new(start, end),
                        signature: signatures.get(at).to_owned(),
                    });
                }
            }
            signature += count;
            all.push(Arc::from(found));
        }
        Some(all)
    }
}

/// Words for kinds that were met in one pack, by their number there.
#[derive(Default)]
struct Kinds(HashMap<u32, DefinitionKind>);

impl Kinds {
    fn find(&mut self, name: &str, number: u32) -> Option<DefinitionKind> {
        if let Some(known) = self.0.get(&number) {
            return Some(known);
        }
        let kind = shared(name)?;
        self.0.insert(number, kind);
        Some(kind)
    }
}

/// A word for a kind that lives as long as the program; `None` when there are too many.
fn shared(name: &str) -> Option<DefinitionKind> {
    static SHARED: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    let shared = SHARED.get_or_init(Mutex::default);
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = shared.get(name) {
        return Some(known);
    }
    if shared.len() >= KINDS {
        return None;
    }
    let kept: &'static str = Box::leak(Box::from(name));
    shared.insert(kept);
    Some(kept)
}
