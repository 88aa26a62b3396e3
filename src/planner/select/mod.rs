//! The model's choice among the candidates, and the ranking widened by it.
//!
//! A vague request is ranked by words that the code does not have. One cheap call lets the model say the
//! same in the repository's words; the ranking runs again with them.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::repository::RepoPath;
use crate::domain::request::{Brief, Remark, Speaker};
use crate::planner::RANKED_FILES;
use crate::repository::index::Index;
use crate::repository::locate::{Location, Search};
use crate::repository::{Definition, Located};

/// The schema of [`Selection`].
pub(in crate::planner) const SCHEMA: &str = include_str!("../select.schema.json");

/// Most bytes of the list of candidates: five thousand tokens.
const MAX_LIST_BYTES: usize = 15_000;

/// Symbols and reasons shown for each candidate.
const LISTED_SYMBOLS: usize = 4;
const LISTED_REASONS: usize = 2;

/// Most chosen files taken.
const MAX_FILES: usize = 20;

/// Most queries, symbols and points taken, and their longest text in characters.
const MAX_TEXTS: usize = 12;
const MAX_CHARACTERS: usize = 200;

/// How much the first of a ranking counts against the others when two are joined; the usual constant.
const RANK_OFFSET: f64 = 60.0;

/// What a model chose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::planner) struct Selection {
    /// Files, most important first.
    #[serde(default)]
    pub(in crate::planner) files: Vec<ChosenFile>,
    /// Names that the request is about.
    #[serde(default)]
    pub(in crate::planner) symbols: Vec<String>,
    /// Words to search for.
    #[serde(default)]
    pub(in crate::planner) queries: Vec<String>,
    /// What is asked, point by point.
    #[serde(default)]
    pub(in crate::planner) request_points: Vec<Point>,
}

/// A file that a model chose.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::planner) struct ChosenFile {
    /// Its path; not looked up yet.
    pub(in crate::planner) path: String,
    /// Why.
    #[serde(default)]
    pub(in crate::planner) why: String,
}

/// A thing that was asked, as a model understood it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(in crate::planner) struct Point {
    /// `R1` onwards.
    #[serde(default)]
    pub(in crate::planner) id: String,
    /// The thing.
    pub(in crate::planner) text: String,
}

impl Selection {
    /// The points, a line each.
    pub(in crate::planner) fn points(&self) -> String {
        let points = self.request_points.iter().take(MAX_TEXTS);
        let points = points.map(|point| format!("- {}", short(&point.text)));
        points.collect::<Vec<_>>().join("\n")
    }
}

/// The candidates for the model to choose from: path, symbols, and why the search found them.
pub(in crate::planner) fn list(index: &Index, location: &Location) -> String {
    let mut list = String::new();
    for located in &location.files {
        let Some(file) = index.snapshot().files.get(located.file) else {
            continue;
        };
        let symbols: Vec<_> = (located.symbols.iter().take(LISTED_SYMBOLS))
            .map(Definition::path)
            .collect();
        let reasons: Vec<_> = (located.reasons.iter().take(LISTED_REASONS))
            .map(|reason| short(reason))
            .collect();
        let (path, symbols, reasons) = (&file.path, symbols.join(", "), reasons.join("; "));
        let line = format!("{path} — {symbols} — {reasons}\n");
        if list.len() + line.len() > MAX_LIST_BYTES {
            break;
        }
        list.push_str(&line);
    }
    list.trim_end().to_owned()
}

/// The location of `brief`, widened: chosen files that exist come first, then both rankings joined.
/// What the request itself names stays what it was. Blocks.
pub(in crate::planner) fn widen(
    index: &Arc<Index>,
    brief: &Brief,
    before: &Location,
    selection: &Selection,
) -> Location {
    let again = search_again(index, brief, selection);
    let mut scores: HashMap<usize, f64> = HashMap::new();
    let mut known: HashMap<usize, Located> = HashMap::new();
    for ranking in [&before.files, &again] {
        for (rank, located) in (0_u32..).zip(ranking) {
            *scores.entry(located.file).or_default() += 1.0 / (RANK_OFFSET + f64::from(rank));
            known.entry(located.file).or_insert_with(|| located.clone());
        }
    }
    let mut joined: Vec<Located> = Vec::new();
    for chosen in selection.files.iter().take(MAX_FILES) {
        let path = RepoPath::parse(chosen.path.trim().trim_start_matches("./"));
        let Some((file, _)) = path.ok().and_then(|path| index.find(&path)) else {
            continue;
        };
        if joined.iter().any(|located| located.file == file) {
            continue;
        }
        let mut located = known.remove(&file).unwrap_or(Located {
            file,
            score: 0.0,
            reasons: Vec::new(),
            symbols: Vec::new(),
        });
        located
            .reasons
            .insert(0, format!("chosen: {}", short(&chosen.why)));
        joined.push(located);
    }
    let mut rest: Vec<Located> = known.into_values().collect();
    let score = |located: &Located| scores.get(&located.file).copied().unwrap_or_default();
    rest.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.file.cmp(&b.file)));
    joined.extend(rest);
    joined.truncate(RANKED_FILES);
    Location {
        mentions: before.mentions.clone(),
        files: joined,
    }
}

/// The ranking for the request with the model's words added to it.
fn search_again(index: &Arc<Index>, brief: &Brief, selection: &Selection) -> Vec<Located> {
    let words = selection.queries.iter().take(MAX_TEXTS);
    let words = words.chain(selection.symbols.iter().take(MAX_TEXTS));
    let words: Vec<_> = words.map(|text| short(text)).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut brief = brief.clone();
    brief.discussion.push(Remark {
        login: String::new(),
        speaker: Speaker::Other,
        text: words.join("\n"),
    });
    Search::new(index, &brief).location(RANKED_FILES).files
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_CHARACTERS).collect()
}

#[cfg(test)]
mod tests;
