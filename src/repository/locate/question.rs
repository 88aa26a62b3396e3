//! What a request asks, in the terms of an index.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use super::clean::strip_noise;
use crate::domain::request::Brief;
use crate::repository::index::terms::{is_compound, placed_words, terms, words};
use crate::repository::index::{Asked, Index, to_float};

/// Bytes of a request that are looked at; longer ones are logs.
const QUESTION_BYTES: usize = 96 * 1024;

/// Different identifiers that are looked up.
const IDENTIFIERS: usize = 400;

/// A request in terms.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// Terms of the title and of the focus.
    pub(super) title: Vec<Asked>,
    /// Terms of everything.
    pub(super) all: Vec<Asked>,
    /// Names that look like code, as written, each once, in order.
    pub(super) identifiers: Vec<String>,
    /// Those of them that stand in the title, or in prose between back-quotes.
    pub(super) pointed: Vec<String>,
    /// The request without noise.
    pub(super) text: String,
    /// Title words by term, for reasons.
    pub(super) title_words: BTreeMap<u32, String>,
}

impl Question {
    /// Reads a request.
    pub(super) fn new(brief: &Brief, index: &Index) -> Self {
        let title = format!("{}\n{}\n{}", brief.title, brief.focus, brief.feedback);
        let full = strip_noise(&brief.full_text());
        let full = full.get(..full.floor_char_boundary(QUESTION_BYTES));
        let full = full.unwrap_or_default();
        let mut title_words = BTreeMap::new();
        for word in words(&title).filter(|word| !is_stop_word(word)) {
            for term in terms(word).iter().filter_map(|term| index.term(term)) {
                title_words.entry(term).or_insert_with(|| word.to_owned());
            }
        }
        let identifiers = identifiers(full);
        let pointers = format!("{title}\n{}", quoted(full));
        let pointed = identifiers.iter().filter(|name| pointers.contains(*name));
        Self {
            title: ask(&title, index),
            all: ask(full, index),
            pointed: pointed.cloned().collect(),
            identifiers,
            text: full.to_owned(),
            title_words,
        }
    }
}

/// The terms of a text that the index knows; saying a thing again adds less and less.
fn ask(text: &str, index: &Index) -> Vec<Asked> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for word in words(text).filter(|word| !is_stop_word(word)) {
        for term in terms(word).iter().filter_map(|term| index.term(term)) {
            *counts.entry(term).or_default() += 1;
        }
    }
    let counts = counts.into_iter();
    counts
        .map(|(term, count)| Asked {
            term,
            weight: 1.0 + to_float(count).ln(),
        })
        .collect()
}

/// What stands between back-quotes in prose, a line each.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    let mut in_block = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_block = !in_block;
        } else if !in_block {
            for piece in line.split('`').skip(1).step_by(2) {
                quoted.push_str(piece);
                quoted.push('\n');
            }
        }
    }
    quoted
}

/// Compound words, words in back-quotes, and parts of dotted and `::` names.
fn identifiers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut quoted = false;
    for (position, part) in text.split('`').enumerate() {
        // Every second piece is between back-quotes; three in a row give empty pieces.
        quoted = if position == 0 { false } else { !quoted };
        let in_code = quoted && !part.contains('\n') && part.len() < 200;
        for (start, word) in placed_words(part) {
            if in_code || is_compound(word) || is_qualified(part, start, word) {
                found.push(word);
            }
        }
    }
    let mut seen = HashSet::new();
    found.retain(|word| word.len() > 2 && !is_stop_word(word) && seen.insert(*word));
    found.truncate(IDENTIFIERS);
    found.into_iter().map(str::to_owned).collect()
}

/// Whether the word at `start` stands in `a.word`, `word.b`, `a::word` or `word(`.
fn is_qualified(text: &str, start: usize, word: &str) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(start + word.len()..).unwrap_or_default();
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    let joined = |rest: &str, sign: &str| {
        let rest = rest.strip_prefix(sign);
        rest.is_some_and(|rest| rest.starts_with(letter))
    };
    let follows = |sign: &str| {
        let rest = before.strip_suffix(sign);
        rest.is_some_and(|rest| rest.ends_with(letter))
    };
    follows(".")
        || before.ends_with("::")
        || joined(after, ".")
        || joined(after, "::")
        || after.starts_with('(')
}

/// Words of plain English and of issue templates that lead nowhere.
fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(word.to_lowercase().as_str())
}

static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a about above actual actually after again all already also although always am an and another \
     any anyone anything are as at be because been before behavior behaviour being below between \
     both bug but by can cannot com could current currently dear describe description did didn do \
     does doesn doing don done due during each either else en etc even every example expect \
     expected few following for from fully further get gets getting github give given gives go \
     goes going good got had happen happened happening happens has have having he hello help here \
     hi hope how however http https i if in info instead into is isn issue issues it its itself \
     just know latest least less let like likely ll look looking looks made make makes many may \
     maybe me mean means might more most much must my need needed needs never no not nothing now \
     of off often ok on once one only onto or org other others otherwise our out output over own \
     perhaps please possible probably problem propose proposed quite rather re really related \
     repro reproduce reproducible reproduction result results same see seem seems several she \
     should shouldn similar simply since so some something sometimes still such suggest sure take \
     than thank thanks that the their them then there these they thing things think this those \
     though through thus to today too tried try trying two under unfortunately until up upon us \
     use used uses using ve version very via want wants was wasn way we well were what when where \
     whether which while who whole whose why will wish with within without won work working works \
     would wouldn wrong www yes yet you your"
        .split_whitespace()
        .collect()
});
