//! What reading blobs gave: words with counts, the terms of words, and definitions.
//!
//! Everything in a pack follows from the texts and the endings of their paths. Numbers mean
//! something only within the pack.

use super::dictionary::{Dictionary, Strings, number};
use super::outlines::{Outliner, Outlines, Span};
use super::terms;
use crate::repository::File;
use crate::repository::cache::{Key, Kind};
use crate::repository::priors;
use crate::repository::symbols;

/// Bytes read of a file that is no code: tables of data would outweigh everything.
const PROSE_BYTES: usize = 256 * 1024;

/// How the words and definitions of a text are found; raise it when `terms` or `symbols` find
/// others in the same text.
const ANALYSER: &str = "scan 1";

/// What a blob's analysis is known by. A path takes part in it by its ending alone, which decides
/// on the language and on whether it is code.
pub(super) fn key(file: &File) -> Key {
    let ending = file.path.extension().unwrap_or_default();
    Key::derived(Kind::Words, &file.blob, &format!("{ANALYSER} {ending}"))
}

/// What was read of one blob.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Analysis {
    /// Its words in the order in which they occur first, with how often.
    pub(super) uses: Vec<(u32, u32)>,
    /// What it defines, among the pack's outlines.
    pub(super) definitions: Span,
}

/// The analyses of many blobs.
#[derive(Debug, Default)]
pub(super) struct Pack {
    /// The words of all blobs.
    pub(super) words: Strings,
    /// The terms of these words.
    pub(super) terms: Strings,
    /// The terms of each word, each once, in the order that `terms` gives.
    pub(super) word_terms: Rows,
    /// What the blobs define.
    pub(super) outlines: Outlines,
    /// The blobs, in the order in which they were read.
    pub(super) blobs: Vec<(Key, Analysis)>,
}

/// Lists of numbers under numbers `0..n`, in one block of memory.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Rows {
    ends: Vec<u32>,
    values: Vec<u32>,
}

impl Rows {
    /// Appends a list.
    pub(super) fn push(&mut self, row: impl Iterator<Item = u32>) {
        self.values.extend(row);
        self.ends.push(number(self.values.len()));
    }

    /// Appends a list of `count` numbers, as far as `next` gives them; `None` when it does not give all.
    pub(super) fn read(
        &mut self,
        count: usize,
        mut next: impl FnMut() -> Option<u32>,
    ) -> Option<()> {
        for _ in 0..count {
            self.values.push(next()?);
        }
        self.ends.push(number(self.values.len()));
        Some(())
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The list under `at`; empty for unknown ones.
    pub(super) fn of(&self, at: u32) -> &[u32] {
        let at = at as usize;
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(at).copied().unwrap_or(0);
        self.values
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    /// All lists.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> + Clone {
        (0..number(self.ends.len())).map(|at| self.of(at))
    }
}

/// A pack in the making.
#[derive(Debug, Default)]
pub(super) struct Packer {
    words: Dictionary,
    terms: Dictionary,
    word_terms: Rows,
    outlines: Outliner,
    blobs: Vec<(Key, Analysis)>,
    /// How often each word occurs in the blob at hand; all zero between blobs.
    counts: Vec<u32>,
    /// The words of the blob at hand; empty between blobs.
    used: Vec<u32>,
}

impl Packer {
    /// Reads a file.
    pub(super) fn read(&mut self, key: Key, file: &File) {
        let text = file.text.as_deref().unwrap_or_default();
        let text = if priors::is_code(&file.path) {
            text
        } else {
            head(text, PROSE_BYTES)
        };
        let mut used = std::mem::take(&mut self.used);
        for word in terms::words(text) {
            let id = self.intern(word);
            if let Some(count) = self.counts.get_mut(id as usize) {
                if *count == 0 {
                    used.push(id);
                }
                *count += 1;
            }
        }
        let counts = &mut self.counts;
        let mut take = |id: u32| counts.get_mut(id as usize).map_or(0, std::mem::take);
        let analysis = Analysis {
            uses: used.drain(..).map(|id| (id, take(id))).collect(),
            definitions: self.outlines.add(&symbols::scan(&file.path, text)),
        };
        self.used = used;
        self.blobs.push((key, analysis));
    }

    /// Takes all analyses over from another pack.
    pub(super) fn take_over(&mut self, pack: &Pack) {
        let mut own: Vec<Option<u32>> = vec![None; pack.words.len()];
        for (key, analysis) in &pack.blobs {
            let translate = |(word, count): &(u32, u32)| {
                let known = own.get_mut(*word as usize)?;
                let word = match known {
                    Some(word) => *word,
                    None => *known.insert(self.adopt(pack, *word)),
                };
                Some((word, *count))
            };
            let uses = analysis.uses.iter().filter_map(translate).collect();
            let definitions = self
                .outlines
                .take_over(&pack.outlines, analysis.definitions);
            self.blobs.push((*key, Analysis { uses, definitions }));
        }
    }

    /// The pack.
    pub(super) fn finish(self) -> Pack {
        Pack {
            words: self.words.into_strings(),
            terms: self.terms.into_strings(),
            word_terms: self.word_terms,
            outlines: self.outlines.finish(),
            blobs: self.blobs,
        }
    }

    fn intern(&mut self, word: &str) -> u32 {
        let (id, is_new) = self.words.intern(word);
        if is_new {
            self.counts.push(0);
            self.add_terms(terms::terms(word).iter().map(String::as_str));
        }
        id
    }

    fn adopt(&mut self, pack: &Pack, word: u32) -> u32 {
        let (id, is_new) = self.words.intern(pack.words.get(word));
        if is_new {
            self.counts.push(0);
            let terms = pack.word_terms.of(word).iter();
            self.add_terms(terms.map(|term| pack.terms.get(*term)));
        }
        id
    }

    /// Notes the terms of the word that came last.
    fn add_terms<'a>(&mut self, terms: impl Iterator<Item = &'a str>) {
        let mut numbers: Vec<u32> = Vec::new();
        for term in terms {
            let (term, _) = self.terms.intern(term);
            if !numbers.contains(&term) {
                numbers.push(term);
            }
        }
        self.word_terms.push(numbers.into_iter());
    }
}

/// The beginning of a text, cut between characters.
fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}
