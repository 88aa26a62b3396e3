//! Runs of words that a request and a text share: messages, signatures, sentences of documentation.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::repository::index::terms::words;
use crate::repository::index::to_float;

/// Words of one phrase.
const WORDS: usize = 3;

/// Phrases of one request; longer ones hold logs.
const PHRASES: usize = 20_000;

/// The phrases of a request, as hashes.
#[derive(Debug)]
pub(super) struct Phrases(HashSet<u64, RandomState>);

impl Phrases {
    /// Takes all phrases of a text that stand on one line.
    pub(super) fn new(text: &str) -> Self {
        let phrases = text.lines().flat_map(|line| {
            let mut run = Run::default();
            words(line).filter_map(move |word| run.push(word))
        });
        Self(phrases.take(PHRASES).collect())
    }

    /// Looks for the phrases of the request in a text, word by word.
    pub(super) fn reader(&self) -> PhraseReader<'_> {
        PhraseReader {
            wanted: &self.0,
            run: Run::default(),
            found: HashSet::new(),
        }
    }
}

/// Which phrases of a request stand in a text.
#[derive(Debug)]
pub(super) struct PhraseReader<'a> {
    wanted: &'a HashSet<u64, RandomState>,
    run: Run,
    /// Those that were met.
    pub(super) found: HashSet<u64>,
}

impl PhraseReader<'_> {
    /// Takes the next word of the text.
    pub(super) fn read(&mut self, word: &str) {
        if self.wanted.is_empty() {
            return;
        }
        if let Some(phrase) = self.run.push(word)
            && self.wanted.contains(&phrase)
        {
            self.found.insert(phrase);
        }
    }
}

/// For each text, by the phrases that it shares with the request, the sum over them: 1 for one that
/// no other text has, less for common ones.
pub(super) fn shares(found: &[&HashSet<u64>]) -> Vec<f64> {
    let mut spread: HashMap<u64, u64> = HashMap::new();
    for phrase in found.iter().copied().flatten() {
        *spread.entry(*phrase).or_default() += 1;
    }
    let share = |phrase: &u64| 1.0 / to_float(spread.get(phrase).copied().unwrap_or(1));
    let sum = |found: &&HashSet<u64>| {
        // A fixed order keeps the sum the same everywhere.
        let mut shares: Vec<f64> = found.iter().map(share).collect();
        shares.sort_by(f64::total_cmp);
        shares.iter().sum()
    };
    found.iter().map(sum).collect()
}

/// The last words of a text, as hashes, without regard to case.
#[derive(Debug, Default)]
struct Run {
    last: [u64; WORDS],
    count: usize,
}

impl Run {
    /// Takes the next word; the hash of it and of those before it, when there are enough.
    fn push(&mut self, word: &str) -> Option<u64> {
        self.last.rotate_left(1);
        if let Some(place) = self.last.last_mut() {
            *place = hash_word(word);
        }
        self.count += 1;
        let mix = |hash: u64, word: &u64| (hash.rotate_left(23) ^ word).wrapping_mul(SPREAD);
        (self.count >= WORDS).then(|| self.last.iter().fold(0, mix))
    }
}

/// An odd number whose bits are spread evenly: that of the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// FNV-1a over the letters in lower case; any mix does that is the same everywhere.
fn hash_word(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}
