//! What resembles a name that does not exist.

use crate::repository::index::Index;

/// Most names offered.
const MAX_NAMES: usize = 5;

/// Longest name that is compared letter by letter.
const MAX_BYTES: usize = 80;

/// Paths whose last segment resembles that of `claimed`; among equals those with more segments in common.
pub(super) fn paths(index: &Index, claimed: &str) -> Vec<String> {
    let segments = |path: &str| -> Vec<String> {
        let lower = path.to_lowercase();
        lower.split('/').map(ToOwned::to_owned).collect()
    };
    let wanted = segments(claimed);
    let Some(last) = wanted.last() else {
        return Vec::new();
    };
    let files = index.snapshot().files.iter();
    let ranked = files.filter_map(|file| {
        let found = segments(file.path.as_str());
        let distance = distance(last, found.last()?)?;
        let foreign = wanted.iter().filter(|part| !found.contains(part)).count();
        Some(((distance, foreign), file.path.as_str()))
    });
    best(ranked.collect())
}

/// Those of `names` that resemble `claimed`.
pub(super) fn names<'a>(names: impl Iterator<Item = &'a str>, claimed: &str) -> Vec<String> {
    let wanted = claimed.to_lowercase();
    let ranked = names.filter_map(|name| Some((distance(&wanted, &name.to_lowercase())?, name)));
    best(ranked.collect())
}

fn best<T: Ord>(mut ranked: Vec<(T, &str)>) -> Vec<String> {
    ranked.sort_unstable();
    ranked.dedup_by(|one, other| one.1 == other.1);
    let best = ranked.into_iter().take(MAX_NAMES);
    best.map(|(_, name)| name.to_owned()).collect()
}

/// How many letters two names differ by; `None` when that is more than a third of the shorter one.
fn distance(left: &str, right: &str) -> Option<usize> {
    let limit = (left.len().min(right.len()) / 3).max(1);
    let is_far = left.len().abs_diff(right.len()) > limit;
    if is_far || left.len().max(right.len()) > MAX_BYTES {
        return (left == right).then_some(0);
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in (1..).zip(left.bytes()) {
        let mut next = vec![i];
        for ((to, above), diagonal) in right.bytes().zip(row.iter().skip(1)).zip(&row) {
            let before = next.last().copied().unwrap_or(i);
            let replaced = diagonal + usize::from(from != to);
            next.push(replaced.min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().filter(|distance| *distance <= limit)
}
