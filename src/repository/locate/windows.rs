//! The part of a file that fits a question best.

use std::collections::HashMap;

use crate::repository::index::terms::words;
use crate::repository::index::{Asked, Index, saturate, to_float};

/// Lines of half a window; windows overlap by half.
const HALF: usize = 20;

/// Words in a window of usual density.
const USUAL_WORDS: f64 = 200.0;

/// Finds how well windows of texts fit the terms of one question.
#[derive(Debug)]
pub(super) struct Windows<'a> {
    index: &'a Index,
    rarities: Vec<f64>,
    /// Word number → positions of the question's terms that it stands for.
    terms_of: HashMap<u32, Vec<usize>>,
}

/// Counts in half a window.
#[derive(Debug, Clone, Default)]
struct Half {
    counts: Vec<(usize, u32)>,
    words: u64,
}

impl<'a> Windows<'a> {
    /// Prepares a question.
    pub(super) fn new(index: &'a Index, asked: &[Asked]) -> Self {
        let mut terms_of: HashMap<u32, Vec<usize>> = HashMap::new();
        for (position, question) in asked.iter().enumerate() {
            for word in index.words_of(question.term) {
                terms_of.entry(*word).or_default().push(position);
            }
        }
        let rarity = |question: &Asked| index.rarity(question.term) * question.weight;
        Self {
            index,
            rarities: asked.iter().map(rarity).collect(),
            terms_of,
        }
    }

    /// BM25 of the best window of `text`.
    pub(super) fn best(&self, text: &str) -> f64 {
        let mut best = 0.0_f64;
        let mut previous = Half::default();
        let mut lines = text.lines().peekable();
        while lines.peek().is_some() {
            let half = self.count(lines.by_ref().take(HALF));
            best = best.max(self.fit(&previous, &half));
            previous = half;
        }
        best
    }

    /// BM25 of these lines as one window.
    pub(super) fn whole<'t>(&self, lines: impl Iterator<Item = &'t str>) -> f64 {
        self.fit(&Half::default(), &self.count(lines))
    }

    fn count<'t>(&self, lines: impl Iterator<Item = &'t str>) -> Half {
        let mut half = Half::default();
        for word in lines.flat_map(words) {
            half.words += 1;
            let number = self.index.words().get(word);
            let Some(terms) = number.and_then(|number| self.terms_of.get(number)) else {
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
