//! The nearest things that do exist.

use crate::planner::verify::MAX_CANDIDATES;
use crate::planner::verify::lookup::Files;
use crate::repository::index::Index;

/// Longest name that distances are computed for; longer ones are only compared as a whole.
const MAX_NAME: usize = 120;

/// Files whose path resembles `claimed`: by the name of the file first, then by folder.
pub(super) fn nearest_files(files: &Files<'_>, claimed: &str) -> Vec<String> {
    rank(files.folded(), claimed)
}

fn rank<'f, 'p>(paths: impl Iterator<Item = (&'f str, &'p str)>, claimed: &str) -> Vec<String> {
    let claimed_lower = claimed.to_lowercase();
    let (folder, name) = split(&claimed_lower);
    let ranked = paths.filter_map(|(lower, path)| {
        let (other_folder, other_name) = split(lower);
        let distance = name_distance(name, other_name)?;
        let unshared = unshared_segments(folder, other_folder);
        Some((distance, unshared, path))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_unstable();
    (ranked.into_iter())
        .take(MAX_CANDIDATES)
        .map(|(_, _, path)| path.to_owned())
        .collect()
}

/// Names that the repository defines and that resemble `claimed`, nearest first.
pub(super) fn nearest_definitions(index: &Index, claimed: &str) -> Vec<String> {
    let files = 0..index.snapshot().files.len();
    let definitions = files.flat_map(|file| index.definitions(file));
    // A look at the length spares most comparisons.
    let near = definitions
        .map(|definition| definition.name.as_str())
        .filter(|name| name.len().abs_diff(claimed.len()) * 3 <= claimed.len());
    nearest_names(near, claimed)
}

/// Those of `names` that resemble `claimed`, nearest first.
pub(in crate::planner) fn nearest_names<'a>(
    names: impl Iterator<Item = &'a str>,
    claimed: &str,
) -> Vec<String> {
    let claimed = claimed.to_lowercase();
    let mut ranked: Vec<_> = names
        .filter_map(|name| Some((name_distance(&claimed, &name.to_lowercase())?, name)))
        .collect();
    ranked.sort_unstable();
    ranked.dedup();
    (ranked.into_iter())
        .take(MAX_CANDIDATES)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The distance of two names, when it is small for their length.
fn name_distance(left: &str, right: &str) -> Option<usize> {
    let limit = (left.len().min(right.len()) / 3).max(1);
    if left == right {
        return Some(0);
    }
    if left.len().abs_diff(right.len()) > limit || left.len().max(right.len()) > MAX_NAME {
        return None;
    }
    let distance = edit_distance(left.as_bytes(), right.as_bytes());
    (distance <= limit).then_some(distance)
}

/// How many segments of two folders have no twin in the other.
fn unshared_segments(left: &str, right: &str) -> usize {
    let unshared = |of: &str, against: &str| {
        of.split('/')
            .filter(|segment| !against.split('/').any(|other| other == *segment))
            .count()
    };
    unshared(left, right) + unshared(right, left)
}

/// Insertions, deletions and replacements of bytes that turn one text into the other.
fn edit_distance(left: &[u8], right: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(before);
        for (to, above) in right.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(from != to);
            before = replaced.min(above + 1).min(before + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
