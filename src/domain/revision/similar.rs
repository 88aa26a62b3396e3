//! How alike two parts of plans are, in thousandths.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::plan::{Change, Decision, Operation};

/// All of it.
pub(super) const WHOLE: usize = 1_000;

/// Shortest word that tells anything, in bytes; numbers always do.
const MIN_WORD_BYTES: usize = 3;

/// A text as the words in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    text: String,
    counts: BTreeMap<String, usize>,
}

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut counts = BTreeMap::new();
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            if word.len() >= MIN_WORD_BYTES || is_number {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
        Self {
            text: folded(text),
            counts,
        }
    }

    /// How many of the words the other text has too.
    pub(super) fn likeness(&self, other: &Self) -> usize {
        if self.text == other.text {
            return WHOLE;
        }
        let shared: usize = (self.counts.iter())
            .map(|(word, count)| other.counts.get(word).map_or(0, |there| *there.min(count)))
            .sum();
        let count = |words: &Self| words.counts.values().sum::<usize>();
        dice(shared, count(self) + count(other))
    }
}

/// The share of `shared` pairs among `all` things.
pub(super) fn dice(shared: usize, all: usize) -> usize {
    (2 * shared * WHOLE).checked_div(all).unwrap_or(0)
}

/// A text on one line, so that line breaks and spaces make no difference.
pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a change takes place, without lines, which move when somebody else edits the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) operation: Operation,
    pub(super) path: String,
    pub(super) new_path: String,
    /// The symbols of its anchors, or what they quote where they name none.
    pub(super) symbols: BTreeSet<String>,
}

impl Place {
    pub(super) fn of(change: &Change) -> Self {
        let symbols = change.anchors.iter().map(|anchor| {
            let symbol = anchor.symbol.trim().trim_end_matches("()");
            let name = match symbol {
                "" => &anchor.quote,
                symbol => symbol,
            };
            folded(name)
        });
        Self {
            operation: change.operation,
            path: change.target.text().to_owned(),
            new_path: change.new_path.clone(),
            symbols: symbols.filter(|name| !name.is_empty()).collect(),
        }
    }
}

/// A change as far as likeness goes.
pub(super) struct ChangeView {
    place: Place,
    words: Words,
}

impl ChangeView {
    pub(super) fn of(change: &Change) -> Self {
        Self {
            place: Place::of(change),
            words: Words::of(&change.what),
        }
    }

    /// How likely the two are one change; `None` when they are not. The file weighs most, then what is
    /// done with it, the symbols in it, and the words about it.
    pub(super) fn likeness(&self, other: &Self) -> Option<usize> {
        let (place, there) = (&self.place, &other.place);
        let same_path = place.path == there.path;
        let same_operation = place.operation == there.operation;
        let words = self.words.likeness(&other.words);
        let shared = place.symbols.intersection(&there.symbols).count();
        let symbols = match (place.symbols.is_empty(), there.symbols.is_empty()) {
            (true, true) => WHOLE,
            _ => dice(shared, place.symbols.len() + there.symbols.len()),
        };
        // Such a change is about its file as a whole: no file has two of them.
        let whole_file = same_operation && place.operation != Operation::Modify;
        let is_same = match same_path {
            true => whole_file || shared > 0 || words >= WHOLE * 3 / 10,
            false if shared > 0 => words >= WHOLE * 4 / 10,
            false => words >= WHOLE * 6 / 10,
        };
        let weight = |holds: bool, weight: usize| usize::from(holds) * weight * WHOLE;
        let score = weight(same_path, 4) + weight(same_operation, 1) + 2 * symbols + words;
        is_same.then_some(score)
    }
}

/// A step as far as likeness goes: its words, and the earlier changes that it makes.
pub(super) struct StepView {
    pub(super) title: Words,
    pub(super) detail: Words,
    pub(super) changes: BTreeSet<String>,
}

impl StepView {
    /// How likely the two are one step; `None` when they are not.
    pub(super) fn likeness(&self, other: &Self) -> Option<usize> {
        const ENOUGH: usize = 1_600;
        let title = self.title.likeness(&other.title);
        let detail = self.detail.likeness(&other.detail);
        let shared = match self.changes.is_empty() || other.changes.is_empty() {
            // Nothing but words tells them apart.
            true => title,
            false => {
                let shared = self.changes.intersection(&other.changes).count();
                dice(shared, self.changes.len() + other.changes.len())
            }
        };
        let score = 2 * shared + 2 * title + detail;
        (score >= ENOUGH).then_some(score)
    }
}

/// A decision as far as likeness goes.
pub(super) struct DecisionView {
    question: Words,
    options: Words,
}

impl DecisionView {
    pub(super) fn of(decision: &Decision) -> Self {
        let names = decision.options.iter().map(|option| option.name.as_str());
        Self {
            question: Words::of(&decision.question),
            options: Words::of(&names.collect::<Vec<_>>().join(" ")),
        }
    }

    /// How likely the two are one decision; `None` when they are not.
    pub(super) fn likeness(&self, other: &Self) -> Option<usize> {
        const ENOUGH: usize = 1_200;
        let question = self.question.likeness(&other.question);
        let options = self.options.likeness(&other.options);
        let score = 2 * question + options;
        (score >= ENOUGH).then_some(score)
    }
}

/// The pairs of an earlier and a new position that belong together: the likeliest first, each position
/// once, ties in the order of the plans.
pub(super) fn pairs(
    (earlier, new): (usize, usize),
    likeness: impl Fn(usize, usize) -> Option<usize>,
) -> Vec<(usize, usize)> {
    let all = (0..earlier).flat_map(|i| (0..new).map(move |j| (i, j)));
    let mut scored: Vec<_> = all
        .filter_map(|(i, j)| Some((std::cmp::Reverse(likeness(i, j)?), i, j)))
        .collect();
    scored.sort_unstable();
    let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (_, i, j) in scored {
        if !before.contains(&i) && !after.contains(&j) {
            before.insert(i);
            after.insert(j);
            found.push((i, j));
        }
    }
    found
}
