//! What the best files of a ranking say of the others: words they have in common, definitions that
//! they use, folders that they share.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::feature::{Feature, normalised, set};
use super::score::Scored;
use crate::repository::index::terms::{terms, words};
use crate::repository::index::{Asked, Index, to_float};

/// Files whose words are taken.
const FEEDBACK: usize = 5;

/// Words taken of one file; longer ones are tables.
const WORDS: usize = 20_000;

/// Terms asked for in return.
const TERMS: usize = 30;

/// Files whose uses of others' definitions are followed.
const HOPS: usize = 10;

/// Shorter names are common words.
const NAME_BYTES: usize = 4;

/// Files of a folder that stand for it.
const FOLDER: usize = 3;

/// What the best files of a ranking say.
#[derive(Debug)]
pub(super) struct Context<'a> {
    index: &'a Index,
    /// The best files' share of the best score, best first.
    scores: Vec<(usize, f64)>,
    /// Terms of each of the best files with their weight in it.
    profiles: Vec<BTreeMap<u32, f64>>,
}

impl<'a> Context<'a> {
    /// Reads the best files of `ranked`.
    pub(super) fn new(index: &'a Index, ranked: &[Scored]) -> Self {
        let top = ranked.first().map_or(1.0, |scored| scored.score).max(0.1);
        let scores: Vec<(usize, f64)> = ranked
            .iter()
            .map(|scored| (scored.file, scored.score / top))
            .collect();
        let best = scores.iter().take(FEEDBACK);
        let profiles = best.map(|(file, _)| profile(index, *file)).collect();
        Self {
            index,
            scores,
            profiles,
        }
    }

    /// Sets what follows for each row.
    pub(super) fn fill(&self, rows: &mut [Scored]) {
        let asked = self.common_terms();
        let columns = [
            (Feature::Feedback, self.index.score_contents(&asked)),
            (Feature::Reached, self.reached()),
        ];
        for (feature, column) in columns {
            let column = normalised(column);
            for scored in rows.iter_mut() {
                let value = column.get(scored.file).copied().unwrap_or(0.0);
                set(&mut scored.row, feature, value);
            }
        }
        let folders = self.folders();
        for (scored, value) in rows.iter_mut().zip(folders) {
            set(&mut scored.row, Feature::Folder, value);
        }
    }

    /// The terms that the first files have in common, those that say most.
    fn common_terms(&self) -> Vec<Asked> {
        let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
        for profile in &self.profiles {
            for (term, weight) in profile {
                *weights.entry(*term).or_default() += weight;
            }
        }
        let mut weights: Vec<(u32, f64)> = weights.into_iter().collect();
        weights.sort_by(|left, right| right.1.total_cmp(&left.1));
        weights.truncate(TERMS);
        let most = weights.first().map_or(1.0, |(_, weight)| *weight);
        let asked = weights.into_iter().map(|(term, weight)| Asked {
            term,
            weight: weight / most,
        });
        asked.collect()
    }

    /// How much of what the best files use is defined in each file, and nowhere else.
    fn reached(&self) -> Vec<f64> {
        let mut column = vec![0.0; self.index.snapshot().files.len()];
        let best = self.scores.iter();
        let best = best.filter(|(file, _)| !self.index.standing(*file).is_test());
        for (file, score) in best.take(HOPS) {
            let uses = self.uses(*file);
            let all: f64 = uses.values().sum();
            for (used, weight) in &uses {
                if let Some(value) = column.get_mut(*used) {
                    *value += score.max(0.0) * weight.min(1.0) / all.max(1.0).sqrt();
                }
            }
        }
        column
    }

    /// The files whose own definitions a file uses, with how particular these are.
    fn uses(&self, file: usize) -> BTreeMap<usize, f64> {
        let names: BTreeSet<&str> = words(text(self.index, file))
            .filter(|word| word.len() >= NAME_BYTES)
            .take(WORDS)
            .collect();
        let mut uses: BTreeMap<usize, f64> = BTreeMap::new();
        for name in names {
            let Some(owner) = self.owner(name).filter(|owner| *owner != file) else {
                continue;
            };
            let users = self.index.find_users(name).len().max(1);
            *uses.entry(owner).or_default() += 1.0 / to_float(users as u64).sqrt();
        }
        uses
    }

    /// The only file that defines a name, tests left out.
    fn owner(&self, name: &str) -> Option<usize> {
        let files = self.index.find_definers(name).into_iter();
        let mut files = files.filter(|file| {
            let standing = self.index.standing(*file);
            standing.is_code() && !standing.is_test()
        });
        let owner = files.next()?;
        files.all(|file| file == owner).then_some(owner)
    }

    /// The mean of the best scores of the other files in the same folder.
    fn folders(&self) -> Vec<f64> {
        let mut folders: HashMap<&str, Vec<(usize, f64)>> = HashMap::new();
        for (file, score) in &self.scores {
            let best = folders.entry(self.folder(*file)).or_default();
            // Scores come best first; one more than needed, for the file itself.
            if best.len() <= FOLDER {
                best.push((*file, *score));
            }
        }
        let mean = |(file, _): &(usize, f64)| {
            let best = folders.get(self.folder(*file)).into_iter().flatten();
            let others = best.filter(|(other, _)| other != file).take(FOLDER);
            others.map(|(_, score)| score).sum::<f64>() / to_float(FOLDER as u64)
        };
        self.scores.iter().map(mean).collect()
    }

    fn folder(&self, file: usize) -> &'a str {
        let path = self.index.snapshot().files.get(file);
        let path = path.map_or("", |file| file.path.as_str());
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// The terms of a file, each with its share of the text and its rarity.
fn profile(index: &Index, file: usize) -> BTreeMap<u32, f64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for word in words(text(index, file)).take(WORDS) {
        *counts.entry(word).or_default() += 1;
    }
    let mut profile: BTreeMap<u32, f64> = BTreeMap::new();
    let mut total = 0;
    for (word, count) in counts {
        for term in terms(word).iter().filter_map(|term| index.term(term)) {
            *profile.entry(term).or_default() += to_float(count);
            total += count;
        }
    }
    for (term, weight) in &mut profile {
        *weight *= index.rough_rarity(*term) / to_float(total);
    }
    profile
}

fn text(index: &Index, file: usize) -> &str {
    let file = index.snapshot().files.get(file);
    file.and_then(|file| file.text.as_deref())
        .unwrap_or_default()
}
