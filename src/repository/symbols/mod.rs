//! Definitions in a file's text, found line by line.
//!
//! Comments and strings are blanked first, then the head of each line is matched against the
//! language's words, and blocks are followed by braces or indentation. The work is linear in the
//! text, whatever it holds; nothing is parsed in full.

mod braces;
mod calls;
mod heads;
mod indent;
mod language;
mod mask;
mod tables;
mod token;

use crate::domain::repository::{LineRange, RepoPath};
use crate::repository::Definition;
use crate::repository::joined;
use language::Blocks;

pub(super) use language::Language;

/// Most definitions of one file; hand-written files have a few thousand at most.
const DEFINITIONS: usize = 20_000;

/// Longest signature kept, in characters.
const SIGNATURE_CHARS: usize = 200;

/// Longest name taken, in bytes; longer ones are data.
const NAME_BYTES: usize = 200;

/// Longest chain of containers, in bytes; deeper definitions stop adding to it.
const CHAIN_BYTES: usize = 600;

/// The definitions of a file, in the order of their lines; none where the language is unknown.
pub(super) fn scan(path: &RepoPath, text: &str) -> Vec<Definition> {
    let Some(language) = Language::of(path) else {
        return Vec::new();
    };
    let masked = mask::mask(text, language);
    let found = match language.blocks {
        Blocks::Braces => braces::scan(&masked, language, is_header(path)),
        Blocks::Indent | Blocks::End => indent::scan(&masked, language),
    };
    complete(found, text)
}

/// The text of a file with comments and strings blanked, byte for byte, but for code inside of strings;
/// `None` where the language is unknown.
pub(super) fn mask_comments(path: &RepoPath, text: &str) -> Option<Vec<u8>> {
    Some(mask::mask_but_inner_code(text, Language::of(path)?))
}

/// A definition without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    name: String,
    container: String,
    kind: &'static str,
    start: u32,
    end: u32,
}

impl Found {
    /// What things inside of it have as their container.
    fn chain(&self) -> String {
        if self.container.len() + self.name.len() > CHAIN_BYTES {
            return self.container.clone();
        }
        joined(&self.container, &self.name)
    }
}

fn complete(mut found: Vec<Found>, text: &str) -> Vec<Definition> {
    found.retain(|definition| {
        definition.name.len() <= NAME_BYTES && definition.container.len() <= CHAIN_BYTES * 2
    });
    found.sort_by_key(|definition| definition.start);
    let mut lines = text.lines().zip(1_u32..).peekable();
    let mut complete = Vec::with_capacity(found.len().min(DEFINITIONS));
    for definition in found.into_iter().take(DEFINITIONS) {
        while lines
            .next_if(|(_, line)| *line < definition.start)
            .is_some()
        {}
        let first = lines.peek().map_or("", |(line, _)| *line);
        complete.push(Definition {
            name: definition.name,
            container: definition.container,
            kind: definition.kind,
            lines: LineRange::new(definition.start, definition.end.max(definition.start)),
            signature: first.trim().chars().take(SIGNATURE_CHARS).collect(),
        });
    }
    complete
}

/// Whether declarations without a body count: those of a C or C++ header are its interface.
fn is_header(path: &RepoPath) -> bool {
    path.extension()
        .is_some_and(|extension| matches!(extension.as_str(), "h" | "hh" | "hpp" | "hxx"))
}

#[cfg(test)]
mod tests;
