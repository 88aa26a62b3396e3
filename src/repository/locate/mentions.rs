//! Names in a request that can be looked up: paths, stack frames, dotted names, symbols.

use std::collections::HashSet;

use super::directory::{Directory, Match};
use super::question::Question;
use crate::domain::document::Mention;
use crate::domain::plan::Target;
use crate::domain::repository::LineRange;
use crate::domain::request::Brief;
use crate::repository::index::Index;
use crate::repository::index::terms::is_compound;

/// Pieces of a request that are looked at; longer ones hold logs.
const PIECES: usize = 30_000;

/// Mentions reported.
const MENTIONS: usize = 30;

/// Targets reported of one mention; what stands for more is told by its first ones.
const TARGETS: usize = 5;

/// A symbol defined in more files than this is a common word, and names nothing.
const COMMON_SYMBOL_FILES: usize = 8;

/// Names that were found, or looked for in vain.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Paths and modules, in the order of the text, each once.
    pub(super) places: Vec<Place>,
}

/// A path or module as written, with the files that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// As written.
    pub(super) text: String,
    /// The files; empty for a path that leads nowhere.
    pub(super) files: Vec<Match>,
    /// The line written behind it.
    pub(super) line: Option<u32>,
}

impl Place {
    /// Whether it stands for this file, perhaps among others.
    pub(super) fn leads_to(&self, file: usize) -> bool {
        self.files.iter().any(|found| found.file == file)
    }
}

impl Named {
    /// Looks up all paths of a request.
    pub(super) fn new(brief: &Brief, directory: &Directory<'_>) -> Self {
        let text = brief.full_text();
        let pieces: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || "\"'`()[]{}<>,;|*=".contains(c))
            .filter(|piece| !piece.is_empty())
            .take(PIECES)
            .collect();
        let mut named = Self::default();
        let mut seen = HashSet::new();
        for (position, piece) in pieces.iter().enumerate() {
            let Some(mut place) = look_up(piece, directory) else {
                continue;
            };
            // `File "x.py", line 12, in name`
            if let (Some(&"line"), Some(number)) =
                (pieces.get(position + 1), pieces.get(position + 2))
            {
                place.line = place.line.or(number.parse().ok());
            }
            if seen.insert((place.text.clone(), place.line)) {
                named.places.push(place);
            }
        }
        named
    }

    /// What is reported: paths first, then symbols.
    pub(super) fn report(&self, question: &Question, index: &Index) -> Vec<Mention> {
        let places = self.places.iter().map(|place| Mention {
            text: place.text.clone(),
            targets: place
                .files
                .iter()
                .take(TARGETS)
                .filter_map(|found| {
                    target(
                        index,
                        found.file,
                        place.line.map(|line| LineRange::new(line, line)),
                    )
                })
                .collect(),
        });
        // A folder or file name that was written inside a path was not meant as a symbol too.
        let segments: HashSet<&str> = self
            .places
            .iter()
            .filter(|place| place.text.contains('/'))
            .flat_map(|place| place.text.split(['/', '.']))
            .collect();
        let symbols = question
            .identifiers
            .iter()
            .filter(|name| is_compound(name) || !segments.contains(name.as_str()))
            .filter_map(|name| symbol(name, index));
        let mut seen = HashSet::new();
        let mut mentions: Vec<Mention> = places.chain(symbols).collect();
        mentions.retain(|mention| seen.insert(mention.text.clone()));
        mentions.truncate(MENTIONS);
        mentions
    }
}

/// The definitions of an identifier; those in code that is not test first.
fn symbol(name: &str, index: &Index) -> Option<Mention> {
    if index.find_definers(name).len() > COMMON_SYMBOL_FILES {
        return None;
    }
    let mut found = index.find_definitions(name);
    let is_absent = found.is_empty();
    if is_absent && (!is_compound(name) || !index.find_users(name).is_empty()) {
        return None;
    }
    found.sort_by_key(|(file, _)| index.standing(*file).is_test());
    let targets = found
        .into_iter()
        .take(TARGETS)
        .filter_map(|(file, definition)| target(index, file, Some(definition.lines)))
        .collect();
    let text = name.to_owned();
    Some(Mention { text, targets })
}

fn target(index: &Index, file: usize, lines: Option<LineRange>) -> Option<Target> {
    let path = index.snapshot().files.get(file)?.path.clone();
    Some(Target::Verified { path, lines })
}

/// The place that a piece of text names, if it looks like one.
fn look_up(piece: &str, directory: &Directory<'_>) -> Option<Place> {
    let piece = piece.trim_matches(|c: char| ".:?!&#-".contains(c) && c != '.' || c == '\u{feff}');
    let piece = piece.trim_end_matches('.');
    if piece.len() < 4 || piece.len() > 400 {
        return None;
    }
    if let Some((_, address)) = piece.split_once("://") {
        return in_address(address, directory);
    }
    let (path, line) = split_line(piece);
    let path = path.replace('\\', "/");
    if path.contains('/') || has_extension(&path) {
        let mut files = directory.find_path(&path);
        if files.is_empty() && !has_extension(&path) {
            let names: Vec<&str> = path.split('/').filter(|name| is_name(name)).collect();
            files = directory.find_module(&names).0;
        }
        let looks_like_file = path.contains('/') && has_extension(&path) && !path.starts_with('/');
        if !files.is_empty() || looks_like_file {
            let text = path;
            return Some(Place { text, files, line });
        }
    }
    dotted(piece, directory)
}

/// `a.b.c`, `a::b::c`, `A#b`: the module that begins it.
fn dotted(piece: &str, directory: &Directory<'_>) -> Option<Place> {
    let plain = piece.replace("::", ".").replace(['#', '$'], ".");
    let names: Vec<&str> = plain.split('.').collect();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return None;
    }
    let (files, _) = directory.find_module(&names);
    (!files.is_empty()).then(|| Place {
        text: piece.to_owned(),
        files,
        line: None,
    })
}

/// The path behind `/blob/<revision>/` of a forge's page.
fn in_address(address: &str, directory: &Directory<'_>) -> Option<Place> {
    let address = address.split(['?']).next()?;
    let (address, fragment) = address.split_once('#').unwrap_or((address, ""));
    let marks = ["/blob/", "/tree/", "/raw/", "/blame/", "/src/"];
    let (_, path) = marks.iter().find_map(|mark| address.split_once(mark))?;
    let line = fragment.strip_prefix('L').and_then(leading_number);
    // A branch name may hold slashes itself.
    let mut path = path;
    for _ in 0..3 {
        path = path.split_once('/')?.1;
        let files = directory.find_path(path);
        let segments = path.split('/').count();
        if files.iter().any(|found| found.segments == segments) {
            let text = path.to_owned();
            return Some(Place { text, files, line });
        }
    }
    None
}

/// `a.rs:12:5`, `a.rs#L12`: the path and the line.
fn split_line(piece: &str) -> (&str, Option<u32>) {
    if let Some((path, line)) = piece.split_once("#L") {
        return (path, leading_number(line));
    }
    match piece.split_once(':') {
        Some((path, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            (path, leading_number(rest))
        }
        _ => (piece, None),
    }
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

/// Whether the last segment ends like a file: a dot and a few letters, at least one of them.
fn has_extension(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty()
            && (1..=6).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric())
            && extension.starts_with(|c: char| c.is_ascii_alphabetic())
    })
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
