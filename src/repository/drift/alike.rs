//! Which of the files that came is the one that went: by the lines that they share, as git follows renames.

use std::collections::HashMap;

use crate::domain::repository::{BlobId, RepoPath};
use crate::repository::drift::Texts;

/// Letters and digits that a file must have to be known by them: of a few words, half are found by chance.
const LEAST_CHARACTERS: usize = 24;

/// The one of `added` that shares most with `before`, and at least half of the larger one of both, as git
/// has it by default. Two that share as much are none.
pub(super) fn find_likeness<'a>(
    before: &BlobId,
    added: &[(&'a RepoPath, &'a BlobId)],
    texts: &Texts,
) -> Option<(&'a RepoPath, &'a BlobId)> {
    let before = Bag::new(texts.get(before)?);
    if before.characters < LEAST_CHARACTERS {
        return None;
    }
    let likeness = added.iter().filter_map(|(path, blob)| {
        let now = Bag::new(texts.get(*blob)?);
        let (shared, of) = before.shared_with(&now);
        // In thousandths, so that the size of what it is a part of does not count.
        let share = shared.saturating_mul(1_000).checked_div(of)?;
        (share >= 500).then_some((share, (*path, *blob)))
    });
    let mut likeness: Vec<_> = likeness.collect();
    likeness.sort_by_key(|(share, _)| std::cmp::Reverse(*share));
    match likeness.as_slice() {
        [(best, _), (second, _), ..] if best == second => None,
        [(_, found), ..] => Some(*found),
        [] => None,
    }
}

/// The lines of a text without their order: how often each stands there. Lines count by their letters and
/// digits, so that braces make no file like another.
struct Bag<'t> {
    lines: HashMap<&'t str, usize>,
    characters: usize,
}

impl<'t> Bag<'t> {
    fn new(text: &'t str) -> Self {
        let mut lines = HashMap::new();
        let mut characters = 0;
        for line in text.lines().map(str::trim) {
            characters += weight(line);
            *lines.entry(line).or_default() += 1;
        }
        Self { lines, characters }
    }

    /// How much two texts share, and how much the larger one has.
    fn shared_with(&self, other: &Self) -> (usize, usize) {
        let shared = self.lines.iter().map(|(line, count)| {
            let there = other.lines.get(line).copied().unwrap_or(0);
            weight(line).saturating_mul(there.min(*count))
        });
        (shared.sum(), self.characters.max(other.characters))
    }
}

fn weight(line: &str) -> usize {
    line.chars().filter(|c| c.is_alphanumeric()).count()
}
