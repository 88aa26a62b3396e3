//! Searching all texts, line by line.

use regex::Regex;

use super::arguments::Arguments;
use super::files::{Text, text_of};
use super::page::Page;
use super::{Answer, glob};
use crate::repository::index::Index;

/// Most lines shown.
const MAX_HITS: usize = 40;

/// Most lines shown of one file: the others may be more telling.
const MAX_HITS_OF_FILE: usize = 6;

/// Shortest query: shorter ones are everywhere.
const MIN_CHARACTERS: usize = 2;

/// The lines of one file that match.
pub(super) struct Hits<'a> {
    pub(super) text: Text<'a>,
    pub(super) lines: Vec<(u32, &'a str)>,
}

pub(super) fn search(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let query = arguments.needed(&["query", "pattern", "q", "text"])?;
    if query.chars().count() < MIN_CHARACTERS {
        return Err(format!(
            "the query has fewer than {MIN_CHARACTERS} characters"
        ));
    }
    let is_regex = arguments.flag(&["regex", "is_regex"]);
    let expression = match is_regex {
        true => query.clone(),
        false => regex::escape(&query),
    };
    let matcher = glob::compile(&expression, !query.chars().any(char::is_uppercase))?;
    let narrowing = arguments.text(&["path_glob", "glob", "path"]);
    let paths = match narrowing.as_str() {
        "" => None,
        narrowing => Some(glob::of_paths(narrowing)?),
    };
    let found = find(index, &matcher, paths.as_ref());
    if found.is_empty() {
        return Err(match narrowing.as_str() {
            "" => format!("nothing matches `{query}`"),
            narrowing => format!("nothing matches `{query}` in `{narrowing}`"),
        });
    }
    Ok(show(index, found))
}

/// Code first: files that define something go before those that do not.
fn find<'a>(index: &'a Index, matcher: &Regex, paths: Option<&Regex>) -> Vec<Hits<'a>> {
    let files = 0..index.snapshot().files.len();
    let texts = files.filter_map(|file| text_of(index, file));
    let mut found: Vec<_> = texts
        .filter(|text| paths.is_none_or(|paths| paths.is_match(text.path.as_str())))
        .filter_map(|text| {
            let lines = matching_lines(text.text, matcher);
            (!lines.is_empty()).then_some(Hits { text, lines })
        })
        .collect();
    found.sort_by_key(|hits| index.definitions(hits.text.file).is_empty());
    found
}

/// Lines with their numbers in which a match begins, each once.
fn matching_lines<'a>(text: &'a str, matcher: &Regex) -> Vec<(u32, &'a str)> {
    if !matcher.is_match(text) {
        return Vec::new();
    }
    let lines = (1..).zip(text.lines());
    lines.filter(|(_, line)| matcher.is_match(line)).collect()
}

/// The hits by file, each line with the symbol around it.
pub(super) fn show(index: &Index, found: Vec<Hits<'_>>) -> Answer {
    let files = found.len();
    let count: usize = found.iter().map(|hits| hits.lines.len()).sum();
    let mut page = Page::new();
    page.line(&format!("{count} lines in {files} files"));
    let mut left = MAX_HITS;
    for hits in found {
        if left == 0 {
            page.line("[lines of more files were left out]");
            break;
        }
        page.line(hits.text.path.as_str());
        let shown = hits.lines.len().min(MAX_HITS_OF_FILE).min(left);
        for (number, line) in hits.lines.iter().take(shown) {
            let symbol = enclosing(index, hits.text.file, *number);
            page.line(&format!("  {number}{symbol}: {}", line.trim()));
        }
        if hits.lines.len() > shown {
            page.line(&format!("  [{} more lines]", hits.lines.len() - shown));
        }
        left -= shown;
    }
    page.answer()
}

/// The innermost definition around a line, in brackets.
fn enclosing(index: &Index, file: usize, line: u32) -> String {
    let around = index
        .definitions(file)
        .iter()
        .filter(|definition| definition.lines.contains(line))
        .min_by_key(|definition| definition.lines.end() - definition.lines.start());
    around.map_or_else(String::new, |definition| {
        format!(" ({})", definition.path())
    })
}
