//! Two rankings: a quick one of all files, and a close one of its best.

use std::collections::HashMap;

use super::close::Close;
use super::context::Context;
use super::feature::{FEATURES, Feature, Row, Table, normalised, set};
use super::mentions::Named;
use super::question::Question;
use super::windows::WordLines;
use crate::repository::Text;
use crate::repository::index::{Index, to_float};

/// Files that are ranked a second time: nine of ten cases have nothing to find behind the first hundred.
const SECOND: usize = 400;

/// A file with its features and its score.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scored {
    /// The file's position.
    pub(super) file: usize,
    /// Its features.
    pub(super) row: Row,
    /// Its score.
    pub(super) score: f64,
}

/// Files in their order.
#[derive(Debug)]
pub(super) struct Ranking {
    /// Best first.
    pub(super) files: Vec<Scored>,
    /// The words of the files that were looked into.
    pub(super) words: HashMap<usize, WordLines>,
}

/// All files that anything speaks for, best first; equal ones in the order of their paths.
pub(super) fn rank(index: &Index, question: &Question, named: &Named) -> Ranking {
    let mut rows = rows(index, question, named);
    rows.retain(|scored| has_evidence(&scored.row));
    sort(&mut rows, Table::first());
    let second = rows.len().min(SECOND);
    let (best, rest) = rows.split_at_mut(second);
    let words = Close::new(index, question).fill(best);
    sort(best, Table::first());
    Context::new(index, best).fill(best);
    // What is left behind stays behind, in its own order.
    let offset = rest.first().map_or(0.0, |scored| scored.score);
    sort(best, Table::last());
    let worst = best.last().map_or(0.0, |scored| scored.score);
    for scored in rest {
        scored.score += (worst - offset).min(0.0);
    }
    Ranking { files: rows, words }
}

fn rows(index: &Index, question: &Question, named: &Named) -> Vec<Scored> {
    let (title, all) = (&question.title, &question.all);
    let columns = [
        (Feature::Contents, normalised(index.score_contents(all))),
        (
            Feature::TitleContents,
            normalised(index.score_contents(title)),
        ),
        (Feature::Names, normalised(index.score_names(all))),
        (Feature::TitleNames, normalised(index.score_names(title))),
        (Feature::Path, normalised(index.score_paths(all))),
        (Feature::TitlePath, normalised(index.score_paths(title))),
        (Feature::TitleWords, title_words(index, question)),
        (Feature::Mention, mentions(index, named)),
        (Feature::RareIdentifier, identifiers(index, question)),
        (Feature::DefinedIdentifier, defined(index, question)),
        (Feature::Definitions, definitions(index)),
        (Feature::Bytes, bytes(index)),
    ];
    let files = 0..index.snapshot().files.len();
    files
        .map(|file| {
            let mut row = standing(index, file);
            for (feature, column) in &columns {
                set(&mut row, *feature, column.get(file).copied().unwrap_or(0.0));
            }
            Scored {
                file,
                row,
                score: 0.0,
            }
        })
        .collect()
}

/// Whether the request itself speaks for a file.
fn has_evidence(row: &Row) -> bool {
    let mut values = Feature::ALL.into_iter().zip(row);
    values.any(|(feature, value)| feature.is_evidence() && *value > 0.0)
}

fn sort(rows: &mut [Scored], weights: &Table) {
    for scored in rows.iter_mut() {
        scored.score = weights.score(&scored.row);
    }
    // Files are in the order of their paths, and the sort is stable.
    rows.sort_by(|left, right| {
        let by_score = right.score.total_cmp(&left.score);
        by_score.then(left.file.cmp(&right.file))
    });
}

/// Which share of the title's terms each file has.
fn title_words(index: &Index, question: &Question) -> Vec<f64> {
    let mut column = vec![0.0; index.snapshot().files.len()];
    let share = 1.0 / to_float(question.title.len().max(1) as u64);
    for asked in &question.title {
        for file in index.files_with(asked.term) {
            if let Some(value) = column.get_mut(file) {
                *value += share;
            }
        }
    }
    column
}

/// How plainly the request names each file by its path, 1 at most.
fn mentions(index: &Index, named: &Named) -> Vec<f64> {
    let mut column = vec![0.0; index.snapshot().files.len()];
    for place in &named.places {
        let files = to_float(place.files.len() as u64).sqrt();
        for found in &place.files {
            let depth = index.snapshot().files.get(found.file);
            let depth = depth.map_or(0, |file| file.path.as_str().split('/').count());
            // The whole path of one file, folders and all, leaves no doubt.
            let is_whole = place.files.len() == 1 && found.segments == depth && depth > 1;
            let value = match is_whole {
                true => 1.0,
                false => (to_float(found.segments as u64) / files).min(3.0) / 3.0,
            };
            raise(&mut column, found.file, value);
        }
    }
    column
}

/// How rare the rarest identifier of the request is that a file uses.
fn identifiers(index: &Index, question: &Question) -> Vec<f64> {
    let mut column = vec![0.0; index.snapshot().files.len()];
    for name in &question.identifiers {
        let files = index.find_users(name);
        let value = 1.0 / to_float(files.len() as u64).sqrt();
        for file in files {
            raise(&mut column, file, value);
        }
    }
    column
}

/// How rare the rarest identifier is that the title names, or prose names as code, and a file
/// defines.
fn defined(index: &Index, question: &Question) -> Vec<f64> {
    let mut column = vec![0.0; index.snapshot().files.len()];
    for name in &question.pointed {
        let files = index.find_definers(name);
        let value = 1.0 / to_float(files.len() as u64).sqrt();
        for file in files {
            raise(&mut column, file, value);
        }
    }
    column
}

fn raise(column: &mut [f64], file: usize, value: f64) {
    if let Some(best) = column.get_mut(file) {
        *best = value.max(*best);
    }
}

/// How many things a file defines, against the mean of all code.
fn definitions(index: &Index) -> Vec<f64> {
    let size = |file: usize| to_float(index.count_definitions(file) as u64).ln_1p();
    let files = 0..index.snapshot().files.len();
    let code = files.clone().filter(|file| index.standing(*file).is_code());
    let count = to_float(code.clone().count() as u64).max(1.0);
    let mean = code.map(size).sum::<f64>() / count;
    files.map(|file| (size(file) - mean) / 3.0).collect()
}

/// How long a file is, as a logarithm.
fn bytes(index: &Index) -> Vec<f64> {
    let files = index.snapshot().files.iter();
    // The text itself stays packed.
    let length = |text: &Text| to_float(text.len() as u64).ln_1p() / 10.0;
    files
        .map(|file| file.text.as_ref().map_or(0.0, length))
        .collect()
}

fn standing(index: &Index, file: usize) -> Row {
    let standing = index.standing(file);
    let mut row = [0.0; FEATURES];
    let marks = [
        (Feature::Test, standing.is_test()),
        (Feature::Aside, standing.is_aside() || !standing.is_code()),
        (Feature::Support, standing.is_support()),
        (Feature::Derived, standing.is_derived()),
    ];
    for (feature, holds) in marks {
        set(&mut row, feature, f64::from(u8::from(holds)));
    }
    row
}
