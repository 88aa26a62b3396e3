//! What only a look into the text of a file tells: windows, phrases, names spelled in words.

use std::collections::{HashMap, HashSet};

use super::feature::{Feature, normalised, set};
use super::phrases::{Phrases, shares};
use super::question::Question;
use super::score::Scored;
use super::windows::{Windows, WordLines};
use crate::repository::index::Index;
use crate::repository::index::terms::{parts, stem};
use crate::repository::parallel;

/// Files whose text is looked into.
const LOOKED_INTO: usize = 150;

/// Definitions whose names are compared in one file; more is generated code.
const NAMES: usize = 3_000;

/// What one file's text tells.
struct Look {
    lines: WordLines,
    /// How well its best window fits the title, and everything.
    title: f64,
    all: f64,
    name: f64,
    phrases: HashSet<u64>,
}

/// Looks into the best files of a ranking.
#[derive(Debug)]
pub(super) struct Close<'a> {
    index: &'a Index,
    title: Windows,
    all: Windows,
    phrases: Phrases,
    /// Terms of the request with their rarity.
    rarities: HashMap<u32, f64>,
}

impl<'a> Close<'a> {
    /// Prepares a request.
    pub(super) fn new(index: &'a Index, question: &Question) -> Self {
        let rarity = |term: u32| (term, index.rarity(term));
        Self {
            index,
            title: Windows::new(index, &question.title),
            all: Windows::new(index, &question.all),
            phrases: Phrases::new(&question.text),
            rarities: question
                .all
                .iter()
                .map(|asked| rarity(asked.term))
                .collect(),
        }
    }

    /// Sets what it finds in the first rows; gives back their words.
    pub(super) fn fill(&self, rows: &mut [Scored]) -> HashMap<usize, WordLines> {
        let looked_into = rows.len().min(LOOKED_INTO);
        let (rows, _) = rows.split_at_mut(looked_into);
        let looks = parallel::map(rows, |scored| self.look(scored.file));
        let column = |value: fn(&Look) -> f64| normalised(looks.iter().map(value).collect());
        let phrases: Vec<_> = looks.iter().map(|look| &look.phrases).collect();
        let columns = [
            (Feature::TitleWindow, column(|look| look.title)),
            (Feature::Window, column(|look| look.all)),
            (Feature::CoveredName, column(|look| look.name)),
            (Feature::Phrases, normalised(shares(&phrases))),
        ];
        for (feature, column) in columns {
            for (scored, value) in rows.iter_mut().zip(column) {
                set(&mut scored.row, feature, value);
            }
        }
        let files = rows.iter().map(|scored| scored.file);
        files
            .zip(looks.into_iter().map(|look| look.lines))
            .collect()
    }

    fn look(&self, file: usize) -> Look {
        let mut phrases = self.phrases.reader();
        let lines = WordLines::of(self.index, file, |word| phrases.read(word));
        Look {
            title: self.title.best(&lines),
            all: self.all.best(&lines),
            name: self.covered_name(file),
            phrases: phrases.found,
            lines,
        }
    }

    /// The rarity of the best name that the file defines and the request spells in words.
    fn covered_name(&self, file: usize) -> f64 {
        let definitions = self.index.definitions(file).iter().take(NAMES);
        let mut seen = HashSet::new();
        definitions
            .filter(|definition| seen.insert(definition.name.as_str()))
            .map(|definition| self.cover(&definition.name))
            .fold(0.0, f64::max)
    }

    fn cover(&self, name: &str) -> f64 {
        let mut terms: Vec<u32> = Vec::new();
        for part in parts(name) {
            let term = self.index.term(&stem(&part.to_lowercase()));
            match term.filter(|term| self.rarities.contains_key(term)) {
                Some(term) => terms.push(term),
                None => return 0.0,
            }
        }
        terms.sort_unstable();
        terms.dedup();
        terms
            .iter()
            .filter_map(|term| self.rarities.get(term))
            .sum()
    }
}
