//! The definitions that fit a request best, over all of the best files and in each of them.

use std::collections::{BTreeMap, HashMap};

use super::feature::{Table, normalised};
use super::mentions::{Named, Place};
use super::question::Question;
use super::score::Ranking;
use super::windows::{Windows, WordLines};
use crate::repository::Definition;
use crate::repository::index::terms::{terms, words};
use crate::repository::index::{Asked, Index, to_float};

/// Files whose definitions are ranked.
const FILES: usize = 40;

/// Definitions told of one file.
const SYMBOLS: usize = 5;

/// Definitions looked at in one file; more is generated code.
const LOOKED_AT: usize = 3_000;

/// Lines of a definition whose own text counts: a long type's text is that of its methods, which
/// stand for themselves.
const BODY_LINES: usize = 400;

/// What speaks for a definition, in the order of a row.
pub(super) const FEATURES: [&str; 12] = [
    "file",
    "file-rank",
    "body",
    "title-body",
    "name",
    "title-name",
    "container",
    "identifier",
    "pointed",
    "frame",
    "lines",
    "test",
];

type Row = [f64; FEATURES.len()];

/// A definition with what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Symbol<'a> {
    /// Its file's position.
    pub(super) file: usize,
    /// The definition.
    pub(super) definition: &'a Definition,
    /// Its features.
    pub(super) row: Row,
    /// Its score.
    pub(super) score: f64,
}

/// The definitions of the best files of `ranked`, best first.
pub(super) fn rank<'a>(
    index: &'a Index,
    question: &Question,
    named: &Named,
    ranking: &Ranking,
) -> Vec<Symbol<'a>> {
    let reader = Reader::new(index, question, named);
    let ranked = &ranking.files;
    let top = ranked.first().map_or(0.0, |scored| scored.score);
    let mut symbols = Vec::new();
    for (position, scored) in ranked.iter().take(FILES).enumerate() {
        let own = [scored.score - top, 1.0 / to_float(1 + position as u64)];
        let read;
        let lines = match ranking.words.get(&scored.file) {
            Some(lines) => lines,
            None => {
                read = WordLines::of(index, scored.file, |_| {});
                &read
            }
        };
        symbols.extend(reader.read(scored.file, lines, own));
    }
    for column in [BODY, TITLE_BODY, NAME, TITLE_NAME, CONTAINER] {
        let values = symbols.iter().map(|symbol| at(&symbol.row, column));
        let values = normalised(values.collect());
        for (symbol, value) in symbols.iter_mut().zip(values) {
            if let Some(place) = symbol.row.get_mut(column) {
                *place = value;
            }
        }
    }
    let weights = Table::symbols();
    for symbol in &mut symbols {
        symbol.score = weights.score(&symbol.row);
    }
    // Stable: equal ones stay in the order of files and lines.
    symbols.sort_by(|left, right| right.score.total_cmp(&left.score));
    symbols
}

/// The best definitions of each file, best first.
pub(super) fn by_file(symbols: &[Symbol<'_>]) -> HashMap<usize, Vec<Definition>> {
    let mut files: HashMap<usize, Vec<Definition>> = HashMap::new();
    for symbol in symbols {
        let best = files.entry(symbol.file).or_default();
        if best.len() < SYMBOLS {
            best.push(symbol.definition.clone());
        }
    }
    files
}

const BODY: usize = 2;
const TITLE_BODY: usize = 3;
const NAME: usize = 4;
const TITLE_NAME: usize = 5;
const CONTAINER: usize = 6;

fn at(row: &Row, column: usize) -> f64 {
    row.get(column).copied().unwrap_or(0.0)
}

/// Reads the definitions of files for one request.
#[derive(Debug)]
struct Reader<'a, 'q> {
    index: &'a Index,
    question: &'q Question,
    named: &'q Named,
    all: Windows,
    title: Windows,
    rarities: BTreeMap<u32, f64>,
    title_rarities: BTreeMap<u32, f64>,
}

impl<'a, 'q> Reader<'a, 'q> {
    fn new(index: &'a Index, question: &'q Question, named: &'q Named) -> Self {
        let rarities = |asked: &[Asked]| -> BTreeMap<u32, f64> {
            let rarity = |asked: &Asked| (asked.term, index.rarity(asked.term));
            asked.iter().map(rarity).collect()
        };
        Self {
            index,
            question,
            named,
            all: Windows::new(index, &question.all),
            title: Windows::new(index, &question.title),
            rarities: rarities(&question.all),
            title_rarities: rarities(&question.title),
        }
    }

    /// The definitions of a file; `of_file` is what the file itself lends to each.
    fn read(&self, file: usize, lines: &WordLines, of_file: [f64; 2]) -> Vec<Symbol<'a>> {
        let index = self.index;
        let definitions = index.definitions(file).iter().take(LOOKED_AT);
        definitions
            .map(|definition| Symbol {
                file,
                definition,
                row: self.row(file, definition, lines, of_file),
                score: 0.0,
            })
            .collect()
    }

    fn row(
        &self,
        file: usize,
        definition: &Definition,
        lines: &WordLines,
        [score, rank]: [f64; 2],
    ) -> Row {
        let first = (definition.lines.start() as usize).saturating_sub(1);
        let end = (definition.lines.end() as usize).min(lines.len());
        let length = end.saturating_sub(first);
        let is_short = length <= BODY_LINES;
        let end = if is_short { end } else { first };
        let name = &definition.name;
        let held = |names: &[String]| f64::from(u8::from(names.contains(name)));
        let in_frame = |place: &Place| {
            place.leads_to(file)
                && place
                    .line
                    .is_some_and(|line| definition.lines.contains(line))
        };
        let in_frame = is_short && self.named.places.iter().any(in_frame);
        let is_test = definition
            .container
            .split('.')
            .any(|name| name.starts_with("test"))
            || name.starts_with("test");
        [
            score,
            rank,
            self.all.whole(lines, first, end),
            self.title.whole(lines, first, end),
            self.fit(name, &self.rarities),
            self.fit(name, &self.title_rarities),
            self.fit(&definition.container, &self.rarities),
            held(&self.question.identifiers),
            held(&self.question.pointed),
            f64::from(u8::from(in_frame)),
            to_float(length as u64).ln_1p() / 5.0,
            f64::from(u8::from(is_test)),
        ]
    }

    /// The rarity of the terms that a name shares with the request, against all terms of the name.
    fn fit(&self, name: &str, rarities: &BTreeMap<u32, f64>) -> f64 {
        let own: Vec<String> = words(name).flat_map(terms).collect();
        let shared = own.iter().filter_map(|term| self.index.term(term));
        let sum: f64 = shared.filter_map(|term| rarities.get(&term)).sum();
        sum / to_float(own.len().max(1) as u64).sqrt()
    }
}
