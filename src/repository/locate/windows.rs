//! The part of a file that fits a question best.

use std::collections::BTreeMap;

use crate::repository::index::terms::words;
use crate::repository::index::{Asked, Index, saturate, to_float};

/// Lines of half a window; windows overlap by half.
const HALF: usize = 20;

/// Words in a window of usual density.
const USUAL_WORDS: f64 = 200.0;

/// A text as the numbers of its words, line by line.
#[derive(Debug, Default)]
pub(super) struct WordLines {
    numbers: Vec<u32>,
    /// Where each line's words end.
    ends: Vec<u32>,
}

/// The number of a word that the index does not know.
const UNKNOWN: u32 = u32::MAX;

impl WordLines {
    /// Looks up all words of a file, and shows them to `look`; nothing where its text was not read.
    pub(super) fn of(index: &Index, file: usize, mut look: impl FnMut(&str)) -> Self {
        let entry = index.snapshot().files.get(file);
        let text = entry.and_then(|file| file.text.as_deref());
        let mut lines = Self::default();
        for line in text.unwrap_or_default().lines() {
            for word in words(line) {
                look(word);
                let number = index.words().get(word).copied();
                lines.numbers.push(number.unwrap_or(UNKNOWN));
            }
            lines
                .ends
                .push(u32::try_from(lines.numbers.len()).unwrap_or(u32::MAX));
        }
        lines
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The words of lines `first..end`, counted from 0.
    fn between(&self, first: usize, end: usize) -> &[u32] {
        let at = |line: usize| match line.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(u32::MAX) as usize,
            None => 0,
        };
        let end = at(end.min(self.len()));
        self.numbers.get(at(first)..end).unwrap_or_default()
    }
}

/// Finds how well windows of texts fit the terms of one question.
#[derive(Debug)]
pub(super) struct Windows {
    rarities: Vec<f64>,
    /// Word number → its place in `terms`, from 1; 0 where the question does not ask for it.
    places: Vec<u32>,
    /// Positions of the question's terms that a word stands for.
    terms: Vec<Vec<usize>>,
}

/// Counts in half a window.
#[derive(Debug, Clone, Default)]
struct Half {
    counts: Vec<(usize, u32)>,
    words: u64,
}

impl Windows {
    /// Prepares a question.
    pub(super) fn new(index: &Index, asked: &[Asked]) -> Self {
        let mut terms_of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (position, question) in asked.iter().enumerate() {
            for word in index.words_of(question.term) {
                terms_of.entry(*word).or_default().push(position);
            }
        }
        let mut places = vec![0; index.words().len()];
        for (word, place) in terms_of.keys().zip(1..) {
            if let Some(slot) = places.get_mut(*word as usize) {
                *slot = place;
            }
        }
        let rarity = |question: &Asked| index.rarity(question.term) * question.weight;
        Self {
            rarities: asked.iter().map(rarity).collect(),
            places,
            terms: terms_of.into_values().collect(),
        }
    }

    /// BM25 of the best window of a text.
    pub(super) fn best(&self, lines: &WordLines) -> f64 {
        let mut best = 0.0_f64;
        let mut previous = Half::default();
        for first in (0..lines.len()).step_by(HALF) {
            let half = self.count(lines.between(first, first + HALF));
            best = best.max(self.fit(&previous, &half));
            previous = half;
        }
        best
    }

    /// BM25 of lines `first..end`, counted from 0, as one window.
    pub(super) fn whole(&self, lines: &WordLines, first: usize, end: usize) -> f64 {
        self.fit(&Half::default(), &self.count(lines.between(first, end)))
    }

    fn count(&self, numbers: &[u32]) -> Half {
        let mut half = Half {
            words: numbers.len() as u64,
            ..Half::default()
        };
        for number in numbers {
            let place = self.places.get(*number as usize).copied().unwrap_or(0);
            let Some(terms) = (place as usize)
                .checked_sub(1)
                .and_then(|place| self.terms.get(place))
            else {
                continue;
            };
            for term in terms {
                match half.counts.iter_mut().find(|(known, _)| known == term) {
                    Some((_, count)) => *count += 1,
                    None => half.counts.push((*term, 1)),
                }
            }
        }
        half
    }

    fn fit(&self, first: &Half, second: &Half) -> f64 {
        let length = to_float(first.words + second.words) / USUAL_WORDS;
        let mut counts = second.counts.clone();
        for (term, count) in &first.counts {
            match counts.iter_mut().find(|(known, _)| known == term) {
                Some((_, sum)) => *sum += count,
                None => counts.push((*term, *count)),
            }
        }
        // A fixed order of terms keeps the sum, and so the ranking, the same everywhere.
        counts.sort_unstable();
        let fit = |(term, count): &(usize, u32)| {
            self.rarities.get(*term).copied().unwrap_or(0.0) * saturate(*count, length, 0.75)
        };
        counts.iter().map(fit).sum()
    }
}
