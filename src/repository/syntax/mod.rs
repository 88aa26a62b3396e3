//! What a file defines, uses and imports, read from its syntax tree in a process of its own.
//!
//! The grammars are C and the text is a stranger's: a few kilobytes can take gigabytes or end the
//! process. So [`Parsers`] hands the text to a child of the same program, which limits itself
//! before it reads anything; only what the child says comes back, and that is checked too. Here is
//! no knowledge of repositories, caches or ranking.

mod analyse;
mod child;
mod codec;
mod frame;
mod grammar;
mod limits;
mod parsers;
mod rules;
mod scene;
mod signature;
mod walk;

pub use child::{ChildFailure, parse_files};
pub use grammar::Grammar;
pub use parsers::{ParseJob, ParserLimits, Parsers};

use std::collections::HashMap;

use crate::domain::repository::LineRange;
use crate::repository::Definition;

/// Version of everything that a [`Parsed`] depends on: grammars, rules and encoding. What was
/// saved under another version is not read.
pub const SYNTAX_VERSION: u8 = 1;

/// Most definitions kept of one file; hand-written files have a few thousand at most.
const DEFINITIONS: usize = 20_000;

/// Most names whose uses are kept, and most lines of each: enough to say who uses a thing.
const NAMES: usize = 4_000;
const LINES_PER_NAME: usize = 16;

/// Most imports kept of one file.
const IMPORTS: usize = 2_000;

/// Longest name kept, in bytes; longer ones are data.
const NAME_BYTES: usize = 200;

/// Longest chain of containers kept, in bytes; deeper definitions stop adding to it.
const CHAIN_BYTES: usize = 600;

/// Longest signature kept, in characters.
const SIGNATURE_CHARS: usize = 200;

/// What the syntax tree of a file tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Syntax {
    /// The definitions, in the order of their lines.
    pub definitions: Vec<Definition>,
    /// Where names of functions, types and constants are used, sorted by name and line.
    pub references: Vec<Reference>,
    /// What is imported, in the order of the text.
    pub imports: Vec<Import>,
    /// Whether the text breaks the rules of its language; the rest is then what could be had.
    pub is_broken: bool,
}

impl Syntax {
    /// Whether the code is seen to call, name as a type or import `name`.
    pub fn uses(&self, name: &str) -> bool {
        let at = self
            .references
            .partition_point(|reference| reference.name.as_str() < name);
        let mut found = self.references.get(at..).unwrap_or_default().iter();
        let is_used = found.next().is_some_and(|reference| reference.name == name);
        let mut imports = self.imports.iter();
        is_used
            || imports.any(|import| {
                let mut words = import
                    .module
                    .split(|c: char| !c.is_alphanumeric() && c != '_');
                words.any(|word| word == name) || import.names.iter().any(|taken| taken == name)
            })
    }

    /// Adds what a plain scan of the same text found and the tree has not, when the text is broken:
    /// a tree loses whole functions around a bracket too many. Call it once.
    pub fn complete(&mut self, scanned: Vec<Definition>) {
        if !self.is_broken {
            return;
        }
        let mut known: HashMap<String, Vec<LineRange>> = HashMap::new();
        for definition in &self.definitions {
            let lines = known.entry(definition.name.clone()).or_default();
            lines.push(definition.lines);
        }
        let meets = |one: LineRange, other: LineRange| {
            one.start() <= other.end() && other.start() <= one.end()
        };
        let missing = scanned.into_iter().filter(|definition| {
            let own = known.get(&definition.name).map_or(&[][..], Vec::as_slice);
            !own.iter().any(|lines| meets(*lines, definition.lines))
        });
        let room = DEFINITIONS.saturating_sub(self.definitions.len());
        self.definitions.extend(missing.take(room));
        self.definitions
            .sort_by_key(|definition| definition.lines.start());
    }
}

/// A use of a name: a call, a type, or a constant. At most 16 lines of each name are kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The name, without what qualifies it.
    pub name: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// An import, include, use or require.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What is imported from, as the language spells it: `std::fmt`, `..models`, `./a.js`,
    /// `"zstd.h"` or `<stdio.h>` with their marks, `./lib/x` for Ruby's `require_relative`.
    pub module: String,
    /// The names taken from it; `*` for all; empty when the module itself is meant.
    pub names: Vec<String>,
    /// The line, counted from 1.
    pub line: u32,
}

/// What became of a text that was to be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// It was read.
    Done(Syntax),
    /// It was not; the line scanner must do.
    Broken(Breakage),
}

/// Why a text was not parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakage {
    /// It has more bytes than are parsed.
    TooLarge,
    /// It has a line that nobody wrote by hand.
    LongLine,
    /// The grammar took too much processor time for it.
    TooSlow,
    /// The grammar needed too much memory for it, or ended its process.
    Crashed,
    /// There was no process to parse it: the text is not to blame, and may be tried again.
    Unavailable,
}

impl Breakage {
    /// Whether the text itself is the reason, so that there is no use in trying again.
    pub fn is_lasting(self) -> bool {
        self != Self::Unavailable
    }
}

#[cfg(test)]
mod tests;
