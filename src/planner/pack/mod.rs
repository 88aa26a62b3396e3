//! The evidence pack: all that a model is shown of a repository, within a budget.
//!
//! The pack holds only text of files that the snapshot read; what is kept out of snapshots is kept
//! out of packs. The same inputs give the same pack.

mod excerpts;
mod map;

use std::fmt::Write as _;

use crate::domain::repository::{LineRange, RepoPath};
use crate::repository::facts::Facts;
use crate::repository::index::Index;
use crate::repository::locate::Location;

/// Tokens of a whole pack: models lose the thread in more, however large their window is.
pub const PACK_TOKENS: usize = 28_000;

/// Tokens of a pack for a model that refused the full one.
pub const SMALL_PACK_TOKENS: usize = 10_000;

/// Tokens are estimated as a third of the bytes, which overestimates for code.
const BYTES_PER_TOKEN: usize = 3;

/// Share of the pack that facts and map may take, in percent.
const MAP_PERCENT: usize = 15;

/// Share of the pack that the list of users may take, in percent.
const USERS_PERCENT: usize = 7;

/// Most dependencies named.
const MAX_DEPENDENCIES: usize = 120;

/// What a model is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvidencePack {
    /// Languages, manifests, dependencies, one a line.
    pub facts: String,
    /// Folders, and the candidate files with their symbols.
    pub map: String,
    /// Which files use the most likely symbols.
    pub users: String,
    /// Code, with an id for each piece.
    pub excerpts: Vec<Excerpt>,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// `E1` onwards.
    pub id: String,
    /// The file.
    pub path: RepoPath,
    /// Its lines.
    pub lines: LineRange,
    /// What it shows; empty when it is the beginning of a file.
    pub symbol: String,
    /// Why it is included.
    pub reason: String,
    /// The lines themselves.
    pub text: String,
}

impl EvidencePack {
    /// Compiles the pack for what `location` found, within `tokens`.
    pub fn compile(index: &Index, location: &Location, facts: &Facts, tokens: usize) -> Self {
        let bytes = tokens * BYTES_PER_TOKEN;
        let mut pack = Self {
            facts: describe(facts),
            ..Self::default()
        };
        shorten(&mut pack.facts, bytes * MAP_PERCENT / 100);
        let map_bytes = (bytes * MAP_PERCENT / 100).saturating_sub(pack.facts.len() / 2);
        pack.map = map::draw(index, location, map_bytes);
        pack.users = map::list_users(index, location, bytes * USERS_PERCENT / 100);
        let left = bytes.saturating_sub(pack.facts.len() + pack.map.len() + pack.users.len());
        pack.excerpts = excerpts::choose(index, location, left);
        pack
    }

    /// The excerpt of that id.
    pub fn find(&self, id: &str) -> Option<&Excerpt> {
        self.excerpts.iter().find(|excerpt| excerpt.id == id)
    }

    /// Its size in tokens, estimated from above.
    pub fn tokens(&self) -> usize {
        let excerpts: usize = self.excerpts.iter().map(Excerpt::size).sum();
        let bytes = self.facts.len() + self.map.len() + self.users.len() + excerpts;
        bytes.div_ceil(BYTES_PER_TOKEN)
    }

    /// The pack as plain text, for people and for tools that fill it in another way.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (title, part) in [
            ("Facts", &self.facts),
            ("Map", &self.map),
            ("Users", &self.users),
        ] {
            if !part.is_empty() {
                // Writing to a `String` does not fail.
                let _ = writeln!(text, "# {title}\n{part}");
            }
        }
        for excerpt in &self.excerpts {
            let _ = writeln!(text, "# {}\n{}", excerpt.header(), excerpt.text);
        }
        text
    }
}

impl Excerpt {
    /// `E7 path:120-163 Symbol — why included`.
    pub fn header(&self) -> String {
        let (start, end) = (self.lines.start(), self.lines.end());
        let mut header = format!("{} {}:{start}-{end}", self.id, self.path);
        if !self.symbol.is_empty() {
            header.push(' ');
            header.push_str(&self.symbol);
        }
        if !self.reason.is_empty() {
            header.push_str(" — ");
            header.push_str(&self.reason);
        }
        header
    }

    /// Bytes that it takes in a prompt, fences included.
    fn size(&self) -> usize {
        const FENCES: usize = 160;
        self.header().len() + self.text.len() + FENCES
    }
}

fn describe(facts: &Facts) -> String {
    let mut lines = Vec::new();
    let mut add = |label: &str, values: &[String]| {
        if !values.is_empty() {
            lines.push(format!("{label}: {}", values.join(", ")));
        }
    };
    add("languages", &facts.languages);
    add("manifests", &facts.manifests);
    let dependencies: Vec<_> = (facts.dependencies.iter())
        .take(MAX_DEPENDENCIES)
        .cloned()
        .collect();
    add("dependencies at hand", &dependencies);
    for convention in &facts.conventions {
        lines.push(format!(
            "convention, {}: see {}",
            convention.topic,
            convention.target.text()
        ));
    }
    lines.join("\n")
}

/// Cuts `text` after its last line that fits.
fn shorten(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        let mut end = bytes;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let kept = text.get(..end).unwrap_or_default();
        let end = kept.rfind('\n').unwrap_or(end);
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests;
