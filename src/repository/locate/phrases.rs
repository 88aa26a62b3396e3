//! Runs of words that a request and a text share: messages, signatures, sentences of documentation.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::repository::index::terms::words;
use crate::repository::index::to_float;

/// Words of one phrase.
const WORDS: usize = 3;

/// Phrases of one request; longer ones hold logs.
const PHRASES: usize = 20_000;

/// The phrases of a request, as hashes.
#[derive(Debug)]
pub(super) struct Phrases(HashSet<u64>);

impl Phrases {
    /// Takes all phrases of a text that stand on one line.
    pub(super) fn new(text: &str) -> Self {
        let phrases = text.lines().flat_map(|line| phrases(words(line)));
        Self(phrases.take(PHRASES).collect())
    }

    /// The phrases of the request that stand in `text`.
    pub(super) fn find(&self, text: &str) -> HashSet<u64> {
        if self.0.is_empty() {
            return HashSet::new();
        }
        phrases(words(text))
            .filter(|phrase| self.0.contains(phrase))
            .collect()
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

/// The hashes of all runs of words, without regard to case.
fn phrases<'t>(words: impl Iterator<Item = &'t str>) -> impl Iterator<Item = u64> {
    let mut last = [0_u64; WORDS];
    let mut count = 0_usize;
    words.filter_map(move |word| {
        last.rotate_left(1);
        if let Some(place) = last.last_mut() {
            *place = hash_word(word);
        }
        count += 1;
        let mut hasher = DefaultHasher::new();
        last.hash(&mut hasher);
        (count >= WORDS).then(|| hasher.finish())
    })
}

/// FNV-1a over the letters in lower case; any mix does that is the same everywhere.
fn hash_word(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}
