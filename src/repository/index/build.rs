//! Reading all texts once: words, definitions, and the tables over them.

use std::collections::HashMap;

use super::postings::{Lengths, Lists, Posting};
use super::terms;
use crate::repository::priors::{self, Standing};
use crate::repository::symbols;
use crate::repository::{Definition, File};

/// Threads that read; more gain nothing on the machines this runs on.
const THREADS: usize = 2;

/// Bytes read of a file that is no code: tables of data would outweigh everything.
const PROSE_BYTES: usize = 256 * 1024;

/// Everything that is derived from the texts.
#[derive(Debug)]
pub(super) struct Tables {
    /// Identifiers as written, by number.
    pub(super) words: HashMap<Box<str>, u32>,
    /// Who uses a word.
    pub(super) users: Lists<Posting>,
    /// Terms by number.
    pub(super) terms: HashMap<Box<str>, u32>,
    /// The words that a term finds.
    pub(super) term_words: Lists<u32>,
    /// Terms per file.
    pub(super) contents: Lengths,
    /// Terms in the names that a file defines.
    pub(super) names: Field,
    /// Terms in a file's path.
    pub(super) paths: Field,
    /// What each file defines.
    pub(super) definitions: Vec<Vec<Definition>>,
    /// What a path promises.
    pub(super) standings: Vec<Standing>,
}

/// Terms in short texts that belong to files.
#[derive(Debug)]
pub(super) struct Field {
    /// Where a term occurs.
    pub(super) postings: Lists<Posting>,
    /// How long the texts are.
    pub(super) lengths: Lengths,
}

/// What one thread read.
#[derive(Default)]
struct Shard<'a> {
    numbers: HashMap<&'a str, u32>,
    words: Vec<&'a str>,
    /// Per file, its words and how often it uses them.
    files: Vec<Vec<(u32, u32)>>,
    definitions: Vec<Vec<Definition>>,
}

impl Tables {
    /// Reads all files.
    pub(super) fn new(files: &[File]) -> Self {
        let shards = read_in_parallel(files);
        let mut words: HashMap<Box<str>, u32> = HashMap::new();
        let mut spelled: Vec<&str> = Vec::new();
        let mut uses: Vec<Vec<(u32, u32)>> = Vec::with_capacity(files.len());
        let mut definitions = Vec::with_capacity(files.len());
        for shard in shards {
            let global: Vec<u32> = shard
                .words
                .iter()
                .map(|word| {
                    let next = number(words.len());
                    *words.entry(Box::from(*word)).or_insert_with(|| {
                        spelled.push(word);
                        next
                    })
                })
                .collect();
            for mut file in shard.files {
                for (word, _) in &mut file {
                    *word = global.get(*word as usize).copied().unwrap_or(0);
                }
                uses.push(file);
            }
            definitions.extend(shard.definitions);
        }
        let users = Lists::new(words.len(), postings(&uses));
        let mut terms = Terms::default();
        let word_terms: Vec<Vec<u32>> = spelled.iter().map(|word| terms.of(word)).collect();
        let names = names_field(&definitions, &mut terms);
        let paths = paths_field(files, &mut terms);
        Self {
            contents: Lengths::new(term_counts(&uses, &word_terms), 0.75),
            term_words: invert(terms.numbers.len(), &word_terms),
            standings: files.iter().map(|file| Standing::of(&file.path)).collect(),
            words,
            users,
            terms: terms.numbers,
            names,
            paths,
            definitions,
        }
    }
}

/// Halves the files by their bytes and reads each part in a thread of its own.
fn read_in_parallel(files: &[File]) -> Vec<Shard<'_>> {
    let bytes = |file: &File| file.text.as_ref().map_or(0, |text| text.len());
    let total: usize = files.iter().map(bytes).sum();
    let mut sum = 0;
    let half = files
        .iter()
        .take_while(|file| {
            sum += bytes(file);
            sum * THREADS <= total
        })
        .count();
    let (first, second) = files.split_at_checked(half).unwrap_or((files, &[]));
    std::thread::scope(|scope| {
        let other = scope.spawn(|| read(second));
        let own = read(first);
        match other.join() {
            Ok(other) => vec![own, other],
            // The thread could not finish: read its part here, where a panic is seen.
            Err(_panic) => vec![own, read(second)],
        }
    })
}

fn read(files: &[File]) -> Shard<'_> {
    let mut shard = Shard::default();
    let mut counts: Vec<u32> = Vec::new();
    for file in files {
        let text = file.text.as_deref().unwrap_or_default();
        let text = if priors::is_code(&file.path) {
            text
        } else {
            head(text, PROSE_BYTES)
        };
        let mut used = Vec::new();
        for word in terms::words(text) {
            let next = number(shard.words.len());
            let id = *shard.numbers.entry(word).or_insert_with(|| {
                shard.words.push(word);
                next
            });
            counts.resize(counts.len().max(id as usize + 1), 0);
            if let Some(count) = counts.get_mut(id as usize) {
                if *count == 0 {
                    used.push(id);
                }
                *count += 1;
            }
        }
        let taken = used
            .into_iter()
            .map(|id| (id, counts.get_mut(id as usize).map_or(0, std::mem::take)));
        shard.files.push(taken.collect());
        shard.definitions.push(symbols::scan(&file.path, text));
    }
    shard
}

/// The beginning of a text, cut between characters.
fn head(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn postings(uses: &[Vec<(u32, u32)>]) -> impl Iterator<Item = (u32, Posting)> + Clone {
    uses.iter().enumerate().flat_map(|(file, words)| {
        words.iter().map(move |(word, count)| {
            let posting = Posting {
                file: number(file),
                count: *count,
            };
            (*word, posting)
        })
    })
}

fn term_counts(uses: &[Vec<(u32, u32)>], word_terms: &[Vec<u32>]) -> Vec<u32> {
    let terms_of = |word: u32| word_terms.get(word as usize).map_or(0, Vec::len);
    let count = |(word, count): &(u32, u32)| number(terms_of(*word)).saturating_mul(*count);
    uses.iter()
        .map(|words| words.iter().map(count).fold(0, u32::saturating_add))
        .collect()
}

fn invert(keys: usize, lists: &[Vec<u32>]) -> Lists<u32> {
    let pairs = lists
        .iter()
        .enumerate()
        .flat_map(|(position, keys)| keys.iter().map(move |key| (*key, number(position))));
    Lists::new(keys, pairs)
}

#[derive(Default)]
struct Terms {
    numbers: HashMap<Box<str>, u32>,
}

impl Terms {
    fn of(&mut self, word: &str) -> Vec<u32> {
        let terms = terms::terms(word).into_iter().map(|term| {
            let next = number(self.numbers.len());
            *self.numbers.entry(term.into_boxed_str()).or_insert(next)
        });
        let mut terms: Vec<u32> = terms.collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }
}

fn names_field(definitions: &[Vec<Definition>], terms: &mut Terms) -> Field {
    let documents = definitions.iter().map(|definitions| {
        let names = definitions
            .iter()
            .flat_map(|definition| terms::words(&definition.name));
        names.flat_map(|name| terms.of(name)).collect()
    });
    let documents: Vec<Vec<u32>> = documents.collect();
    field(&documents, terms, 0.5)
}

/// The words of folders and file name; the stem counts twice.
fn paths_field(files: &[File], terms: &mut Terms) -> Field {
    let documents = files.iter().map(|file| {
        let stem = priors::stem(file.path.file_name());
        let words = terms::words(file.path.as_str()).chain(terms::words(stem));
        words.flat_map(|word| terms.of(word)).collect()
    });
    let documents: Vec<Vec<u32>> = documents.collect();
    field(&documents, terms, 0.3)
}

fn field(documents: &[Vec<u32>], terms: &Terms, weight: f64) -> Field {
    let lengths = documents.iter().map(|terms| number(terms.len())).collect();
    let mut pairs = Vec::new();
    for (file, document) in documents.iter().enumerate() {
        let mut sorted = document.clone();
        sorted.sort_unstable();
        for run in sorted.chunk_by(|left, right| left == right) {
            let posting = Posting {
                file: number(file),
                count: number(run.len()),
            };
            pairs.extend(run.first().map(|term| (*term, posting)));
        }
    }
    Field {
        postings: Lists::new(terms.numbers.len(), pairs.iter().copied()),
        lengths: Lengths::new(lengths, weight),
    }
}
