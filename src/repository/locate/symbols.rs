//! The definitions of a file that fit a request best.

use super::mentions::{Named, Place};
use super::question::Question;
use super::windows::Windows;
use crate::repository::Definition;
use crate::repository::index::terms::{terms, words};
use crate::repository::index::{Index, to_float};

/// Definitions told of one file.
const SYMBOLS: usize = 5;

/// Definitions looked at in one file; more is generated code.
const LOOKED_AT: usize = 3_000;

/// What naming a definition exactly adds, against sums of rarities of a few units each.
const NAMED: f64 = 8.0;

/// What a line of a stack frame inside a definition adds.
const IN_FRAME: f64 = 10.0;

/// Ranks the definitions of files for one request.
#[derive(Debug)]
pub(super) struct Symbols<'a> {
    index: &'a Index,
    question: &'a Question,
    named: &'a Named,
    windows: Windows<'a>,
}

impl<'a> Symbols<'a> {
    /// Prepares a request.
    pub(super) fn new(index: &'a Index, question: &'a Question, named: &'a Named) -> Self {
        Self {
            index,
            question,
            named,
            windows: Windows::new(index, &question.all),
        }
    }

    /// The best definitions of a file, best first.
    pub(super) fn of(&self, file: usize) -> Vec<Definition> {
        let text = self.index.snapshot().files.get(file);
        let text = text
            .and_then(|file| file.text.as_deref())
            .unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let definitions = self.index.definitions(file).iter().take(LOOKED_AT);
        let mut scored: Vec<(f64, &Definition)> = definitions
            .map(|definition| (self.score(file, definition, &lines), definition))
            .filter(|(score, _)| *score > 0.0)
            .collect();
        // Stable: equal ones stay in the order of their lines.
        scored.sort_by(|left, right| right.0.total_cmp(&left.0));
        let best = scored.into_iter().take(SYMBOLS);
        best.map(|(_, definition)| definition.clone()).collect()
    }

    fn score(&self, file: usize, definition: &Definition, lines: &[&str]) -> f64 {
        let start = definition.lines.start() as usize;
        let body = definition.lines.end() as usize + 1;
        let body = lines.get(start.saturating_sub(1)..body.saturating_sub(1).min(lines.len()));
        // A type's own text is that of its methods, which stand for themselves.
        let is_short = body.is_some_and(|body| body.len() <= 200);
        let body = body.filter(|_| is_short).unwrap_or_default();
        let mut score = self.windows.whole(body.iter().copied());
        score += 2.0 * self.name_fit(definition);
        if self.question.identifiers.contains(&definition.name) {
            score += NAMED;
        }
        let in_frame = |place: &Place| {
            place.leads_to(file)
                && place
                    .line
                    .is_some_and(|line| definition.lines.contains(line))
        };
        if is_short && self.named.places.iter().any(in_frame) {
            score += IN_FRAME;
        }
        score
    }

    /// The rarity of the request's terms in the name, shared by all terms of the name.
    fn name_fit(&self, definition: &Definition) -> f64 {
        let own: Vec<u32> = words(&definition.name)
            .flat_map(terms)
            .filter_map(|term| self.index.term(&term))
            .collect();
        let shared = self
            .question
            .all
            .iter()
            .filter(|asked| own.contains(&asked.term));
        let sum: f64 = shared.map(|asked| self.index.rarity(asked.term)).sum();
        sum / to_float(own.len().max(1) as u64).sqrt()
    }
}
