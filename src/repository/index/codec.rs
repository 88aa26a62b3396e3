//! Packs as bytes.
//!
//! Numbers have seven bits to a byte, low ones first. Strings of one sort stand together, their
//! lengths before them. The blobs' keys come first, so that what nobody asks for is not decoded.

use std::collections::HashSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::dictionary::{Strings, number};
use super::outlines::{Outlines, Row, Span};
use super::pack::{Analysis, Pack, Rows};
use crate::repository::DefinitionKind;
use crate::repository::cache::Key;

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
        let count = reader.number()? as usize;
        let mut term = || {
            let term = reader.number()?;
            ((term as usize) < terms.len()).then_some(term)
        };
        word_terms.read(count, &mut term)?;
    }
    let (outlines, definitions) = reader.definitions(wanted)?;
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
        outlines,
        blobs,
    })
}

fn write_definitions(out: &mut Vec<u8>, pack: &Pack) {
    let outlines = &pack.outlines;
    write_strings(out, outlines.names());
    let blobs = pack.blobs.iter();
    let rows = blobs.map(|(_, blob)| outlines.rows(blob.definitions));
    let mut signatures = Strings::default();
    for row in rows.clone().flatten() {
        signatures.push(outlines.signature(row));
    }
    write_strings(out, &signatures);
    for rows in rows {
        write(out, number(rows.len()));
        let mut line = 0;
        for row in rows {
            let (start, end) = row.lines;
            write(out, row.name);
            write(out, row.container);
            write(out, row.kind);
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
    fn definitions(&mut self, wanted: &[bool]) -> Option<(Outlines, Vec<Span>)> {
        let names = self.strings()?;
        let signatures = self.strings()?;
        let mut kinds: Vec<(u32, DefinitionKind)> = Vec::new();
        let mut all = Vec::with_capacity(wanted.len());
        let mut rows = Vec::new();
        let mut signature = 0_u32;
        for is_wanted in wanted {
            let count = self.number()?;
            let first = rows.len();
            let mut line = 0_u32;
            for signature in signature..signature.checked_add(count)? {
                let row = self.definition(line, signature)?;
                (line, _) = row.lines;
                if !*is_wanted {
                    continue;
                }
                if !kinds.iter().any(|(known, _)| *known == row.kind) {
                    kinds.push((row.kind, shared(names.get(row.kind))?));
                }
                rows.push(row);
            }
            signature += count;
            all.push(rows.len() - first);
        }
        let mut outlines = Outlines::new(names, signatures, kinds);
        let mut rows = rows.into_iter();
        let spans = all.into_iter();
        let spans = spans.map(|count| outlines.push(rows.by_ref().take(count)));
        let spans = spans.collect();
        Some((outlines, spans))
    }

    /// A definition behind one that begins at `line`.
    fn definition(&mut self, line: u32, signature: u32) -> Option<Row> {
        let (name, container, kind) = (self.number()?, self.number()?, self.number()?);
        let start = line.wrapping_add(self.number()?);
        let end = start.wrapping_add(self.number()?);
        Some(Row {
            name,
            container,
            kind,
            lines: (start, end),
            signature,
        })
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
