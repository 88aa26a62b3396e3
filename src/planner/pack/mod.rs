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
pub(in crate::planner) const BYTES_PER_TOKEN: usize = 3;

/// Share of the pack that facts and map may take, in percent.
const MAP_PERCENT: usize = 15;

/// Share of the pack that the list of users may take, in percent.
const USERS_PERCENT: usize = 7;

/// Most bytes of a model's notes: fifteen hundred tokens.
const MAX_NOTE_BYTES: usize = 4_500;

/// Most dependencies named.
const MAX_DEPENDENCIES: usize = 120;

/// What a model is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvidencePack {
    /// Languages, manifests, dependencies, one a line.
    pub facts: String,
    /// Folders with their number of files: the same for every request at one commit.
    pub map: String,
    /// Files that the request may be about, with their symbols.
    pub candidates: String,
    /// Which files use the most likely symbols.
    pub users: String,
    /// What a model noted while it looked around; its words, not ours.
    pub notes: String,
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

/// A place that must be shown before what the ranking found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The file's position.
    pub file: usize,
    /// The lines; at most sixty of them are shown.
    pub lines: LineRange,
    /// What they show; may be empty. Raw text.
    pub symbol: String,
    /// Why they are shown. Raw text.
    pub reason: String,
}

/// What a model found out by looking around.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Discovery {
    /// Its notes; raw text.
    pub notes: String,
    /// Places that it read or wants to quote, most important first.
    pub picks: Vec<Pick>,
}

impl EvidencePack {
    /// Compiles the pack for what `location` found, within `tokens`.
    pub fn compile(index: &Index, location: &Location, facts: &Facts, tokens: usize) -> Self {
        let nothing = Discovery::default();
        Self::compile_with(index, (location, &nothing), facts, tokens)
    }

    /// The same, with what a model found out: its picks are shown first.
    pub fn compile_with(
        index: &Index,
        (location, discovery): (&Location, &Discovery),
        facts: &Facts,
        tokens: usize,
    ) -> Self {
        let bytes = tokens * BYTES_PER_TOKEN;
        let share = bytes * MAP_PERCENT / 100;
        let mut pack = Self {
            facts: describe(facts),
            map: map::draw_folders(index),
            notes: discovery.notes.clone(),
            ..Self::default()
        };
        shorten(&mut pack.notes, (bytes / 10).min(MAX_NOTE_BYTES));
        shorten(&mut pack.facts, share);
        let room = share.saturating_sub(pack.facts.len() / 2);
        shorten(&mut pack.map, room / 3);
        pack.candidates = map::draw_candidates(index, location, room * 2 / 3);
        pack.users = map::list_users(index, location, bytes * USERS_PERCENT / 100);
        let left = bytes.saturating_sub(pack.around());
        pack.excerpts = excerpts::choose(index, location, &discovery.picks, left);
        pack
    }

    /// Shows `picks` too, as far as `bytes` reach; the positions in the pack of those that are shown,
    /// be it anew or because they were before.
    pub fn extend(&mut self, index: &Index, picks: &[Pick], bytes: usize) -> Vec<usize> {
        excerpts::extend(&mut self.excerpts, index, picks, bytes)
    }

    /// Bytes of everything but the excerpts.
    fn around(&self) -> usize {
        let texts = [
            &self.facts,
            &self.map,
            &self.candidates,
            &self.users,
            &self.notes,
        ];
        texts.into_iter().map(String::len).sum()
    }

    /// The excerpt of that id.
    pub fn find(&self, id: &str) -> Option<&Excerpt> {
        self.excerpts.iter().find(|excerpt| excerpt.id == id)
    }

    /// Its size in tokens, estimated from above.
    pub fn tokens(&self) -> usize {
        let excerpts: usize = self.excerpts.iter().map(Excerpt::size).sum();
        (self.around() + excerpts).div_ceil(BYTES_PER_TOKEN)
    }

    /// The pack as plain text, for people and for tools that fill it in another way.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (title, part) in [
            ("Facts", &self.facts),
            ("Map", &self.map),
            ("Candidates", &self.candidates),
            ("Users", &self.users),
            ("Notes", &self.notes),
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
pub(in crate::planner) fn shorten(text: &mut String, bytes: usize) {
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
