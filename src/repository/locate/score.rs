//! The features of every file, and the weights that turn them into one score.

use super::mentions::Named;
use super::question::Question;
use super::windows::Windows;
use crate::repository::index::{Index, to_float};

/// Files whose windows are looked at: the best by everything else.
const WINDOWED: usize = 120;

/// Number of features.
const FEATURES: usize = 13;

/// What speaks for or against a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feature {
    Contents,
    TitleContents,
    Names,
    TitleWindow,
    Path,
    TitlePath,
    Mention,
    RareIdentifier,
    Size,
    Test,
    Aside,
    Support,
    Derived,
}

impl Feature {
    /// All of them, in the order of [`WEIGHTS`].
    pub(super) const ALL: [Self; FEATURES] = [
        Self::Contents,
        Self::TitleContents,
        Self::Names,
        Self::TitleWindow,
        Self::Path,
        Self::TitlePath,
        Self::Mention,
        Self::RareIdentifier,
        Self::Size,
        Self::Test,
        Self::Aside,
        Self::Support,
        Self::Derived,
    ];

    /// Whether it compares words, and so says little of one file in particular.
    pub(super) fn is_likeness(self) -> bool {
        matches!(
            self,
            Self::Contents | Self::TitleContents | Self::TitleWindow | Self::Path | Self::TitlePath
        )
    }

    /// What it adds to a score per unit.
    pub(super) fn weight(self) -> f64 {
        WEIGHTS.get(self as usize).copied().unwrap_or(0.0)
    }
}

/// Fitted on some 400 issues of public repositories; judged on repositories left out of a fit, they
/// do as well. Test and support files are rarely what a request is about, however well they match.
const WEIGHTS: [f64; FEATURES] = [
    1.81, 1.53, 1.48, 1.24, 1.12, 0.71, 1.66, 1.01, 0.72, -3.96, -2.16, -1.59, -0.73,
];

/// The features of one file.
pub(super) type Row = [f64; FEATURES];

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

/// All files that anything speaks for, best first; equal ones in the order of their paths.
pub(super) fn rank(index: &Index, question: &Question, named: &Named) -> Vec<Scored> {
    let mut rows = rows(index, question, named);
    rows.retain(|scored| has_evidence(&scored.row));
    sort(&mut rows);
    let windows = Windows::new(index, &question.title);
    let head = rows.len().min(WINDOWED);
    let (best, _) = rows.split_at_mut(head);
    let fits = best.iter().map(|scored| {
        let file = index.snapshot().files.get(scored.file);
        let text = file.and_then(|file| file.text.as_deref());
        text.map_or(0.0, |text| windows.best(text))
    });
    let mut fits: Vec<f64> = fits.collect();
    normalise(&mut fits);
    for (scored, fit) in best.iter_mut().zip(fits) {
        set(&mut scored.row, Feature::TitleWindow, fit);
    }
    sort(&mut rows);
    rows
}

fn rows(index: &Index, question: &Question, named: &Named) -> Vec<Scored> {
    let columns = [
        (
            Feature::Contents,
            normalised(index.score_contents(&question.all)),
        ),
        (
            Feature::TitleContents,
            normalised(index.score_contents(&question.title)),
        ),
        (Feature::Names, normalised(index.score_names(&question.all))),
        (Feature::Path, normalised(index.score_paths(&question.all))),
        (
            Feature::TitlePath,
            normalised(index.score_paths(&question.title)),
        ),
        (Feature::Mention, mentions(index, named)),
        (Feature::RareIdentifier, identifiers(index, question)),
        (Feature::Size, sizes(index)),
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

/// Whether the request itself speaks for a file; size and standing do not count.
fn has_evidence(row: &Row) -> bool {
    let head = row.iter().take(Feature::Size as usize);
    head.into_iter().any(|value| *value > 0.0)
}

fn sort(rows: &mut [Scored]) {
    for scored in rows.iter_mut() {
        let pairs = scored.row.iter().zip(WEIGHTS);
        scored.score = pairs.map(|(value, weight)| value * weight).sum();
    }
    // Files are in the order of their paths, and the sort is stable.
    rows.sort_by(|left, right| {
        let by_score = right.score.total_cmp(&left.score);
        by_score.then(left.file.cmp(&right.file))
    });
}

fn set(row: &mut Row, feature: Feature, value: f64) {
    if let Some(place) = row.get_mut(feature as usize) {
        *place = value;
    }
}

fn normalised(mut column: Vec<f64>) -> Vec<f64> {
    normalise(&mut column);
    column
}

fn normalise(column: &mut [f64]) {
    let most = column.iter().copied().fold(0.0, f64::max);
    if most > 0.0 {
        for value in column {
            *value /= most;
        }
    }
}

/// How plainly the request names each file by its path, 1 at most.
fn mentions(index: &Index, named: &Named) -> Vec<f64> {
    let mut column = vec![0.0; index.snapshot().files.len()];
    for place in &named.places {
        let files = to_float(place.files.len() as u64).sqrt();
        for found in &place.files {
            let value = (to_float(found.segments as u64) / files).min(3.0) / 3.0;
            if let Some(best) = column.get_mut(found.file) {
                *best = value.max(*best);
            }
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
            if let Some(best) = column.get_mut(file) {
                *best = value.max(*best);
            }
        }
    }
    column
}

/// How many things a file defines, against the mean of all code.
fn sizes(index: &Index) -> Vec<f64> {
    let size = |file: usize| to_float(index.definitions(file).len() as u64).ln_1p();
    let files = 0..index.snapshot().files.len();
    let code = files.clone().filter(|file| index.standing(*file).is_code());
    let count = to_float(code.clone().count() as u64).max(1.0);
    let mean = code.map(size).sum::<f64>() / count;
    files.map(|file| (size(file) - mean) / 3.0).collect()
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
