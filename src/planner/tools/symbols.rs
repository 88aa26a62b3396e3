//! Definitions and what names them.

use super::arguments::Arguments;
use super::files::{named, text_of};
use super::page::Page;
use super::search::{Hits, show};
use super::{Answer, nearest};

use crate::repository::Definition;
use crate::repository::index::Index;

/// Most definitions of one name.
const MAX_DEFINITIONS: usize = 20;

/// Most definitions of an outline.
const MAX_OUTLINE: usize = 150;

pub(super) fn find_definitions(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let name = arguments.needed(&["name", "symbol", "query"])?;
    let found = definitions(index, &name);
    if found.is_empty() {
        return Err(undefined(index, &name));
    }
    let mut page = Page::new();
    page.line(&format!("{} definitions", found.len()));
    for (file, definition) in found.iter().take(MAX_DEFINITIONS) {
        let path = index.snapshot().files.get(*file);
        let path = path.map_or("", |file| file.path.as_str());
        page.line(&format!("{path}:{}", describe(definition)));
    }
    if found.len() > MAX_DEFINITIONS {
        let more = found.len() - MAX_DEFINITIONS;
        page.line(&format!("[{more} more definitions]"));
    }
    Ok(page.answer())
}

/// The definitions of a name. What qualifies it narrows them where that leaves any.
fn definitions<'a>(index: &'a Index, name: &str) -> Vec<(usize, &'a Definition)> {
    let name = name.trim_end_matches("()").trim_matches('`');
    let segments: Vec<_> = name
        .split(['.', ':', '#', '/'])
        .filter(|segment| !segment.is_empty())
        .collect();
    let Some((last, outer)) = segments.split_last() else {
        return Vec::new();
    };
    let mut found = index.find_definitions(last);
    if let Some(owner) = outer.last() {
        let inside = |(_, definition): &&(usize, &Definition)| {
            let mut parts = definition.container.split(['.', ':']);
            parts.any(|part| part == *owner)
        };
        let narrowed: Vec<_> = found.iter().filter(inside).copied().collect();
        if !narrowed.is_empty() {
            found = narrowed;
        }
    }
    found
}

fn undefined(index: &Index, name: &str) -> String {
    let all = (0..index.snapshot().files.len()).flat_map(|file| index.definitions(file));
    let nearest = nearest::names(all.map(|definition| definition.name.as_str()), name);
    match nearest.as_slice() {
        [] => format!("`{name}` is not defined here; `search` finds other uses of the word"),
        some => format!(
            "`{name}` is not defined here; there is: {}",
            some.join(", ")
        ),
    }
}

fn describe(definition: &Definition) -> String {
    let (start, end) = (definition.lines.start(), definition.lines.end());
    let (kind, path) = (definition.kind, definition.path());
    format!("{start}-{end} {kind} {path} — {}", definition.signature)
}

pub(super) fn find_references(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let symbol = arguments.needed(&["symbol", "name", "query"])?;
    let name = symbol.trim_end_matches("()").rsplit(['.', ':', '#']).next();
    let name = name.unwrap_or_default().trim_matches('`').to_owned();
    let below = arguments.path();
    let is_below = |path: &str| {
        let rest = path.strip_prefix(&below);
        below.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let found: Vec<_> = (index.find_users(&name).into_iter())
        .filter_map(|file| text_of(index, file))
        .filter(|text| is_below(text.path.as_str()))
        .filter_map(|text| {
            let lines = (1..).zip(text.text.lines());
            let lines: Vec<_> = lines.filter(|(_, line)| has_word(line, &name)).collect();
            (!lines.is_empty()).then_some(Hits { text, lines })
        })
        .collect();
    if found.is_empty() {
        return Err(match below.as_str() {
            "" => undefined(index, &name),
            below => format!("nothing in `{below}` names `{name}`"),
        });
    }
    Ok(show(index, found))
}

/// Whether a line has the word by itself.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(start, found)| {
        let before = line.get(..start).unwrap_or_default().chars().next_back();
        let after = line.get(start + found.len()..).unwrap_or_default();
        !is_part(before) && !is_part(after.chars().next())
    })
}

pub(super) fn outline(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let text = named(index, arguments)?;
    let definitions = index.definitions(text.file);
    let count = text.text.lines().count();
    let mut page = Page::new();
    page.line(&format!("{}, {count} lines", text.path));
    if definitions.is_empty() {
        page.line("no definitions are known; read it by lines");
    }
    for definition in definitions.iter().take(MAX_OUTLINE) {
        page.line(&describe(definition));
    }
    if definitions.len() > MAX_OUTLINE {
        let more = definitions.len() - MAX_OUTLINE;
        page.line(&format!("[{more} more definitions]"));
    }
    Ok(page.answer())
}
