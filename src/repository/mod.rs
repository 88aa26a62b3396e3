//! What a plan may look at: the files of one commit, their symbols, and where a request leads.
//!
//! A snapshot is filled from a forge or from a local git repository and never changes afterwards.
//! This module plans nothing and posts nothing.

pub mod cache;
mod contents;
pub mod drift;
pub mod facts;
pub mod git;
pub mod index;
pub mod locate;
mod parallel;
mod priors;
pub mod sharpen;
pub mod snapshot;
mod symbols;
pub mod syntax;
pub(crate) mod test_files;

use std::collections::HashMap;

pub use contents::Text;

use crate::config::Budgets;
use crate::config::repository_file::{Effective, PathFilter};
use crate::domain::document::Skipped;
use crate::domain::repository::{BlobId, CommitSha, LineRange, RepoPath};

/// Limits of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most entries listed.
    pub files: u64,
    /// Most bytes of contents, unpacked.
    pub bytes: u64,
    /// Largest file.
    pub file_bytes: u64,
    /// Most requests for contents beside the archive, be it for one blob or for many.
    pub blob_requests: u64,
    /// Paths that are looked at; all others are only counted.
    pub paths: PathFilter,
}

impl From<&Effective> for Limits {
    fn from(effective: &Effective) -> Self {
        Self {
            paths: effective.paths.clone(),
            ..Self::from(&effective.budgets)
        }
    }
}

impl From<&Budgets> for Limits {
    fn from(budgets: &Budgets) -> Self {
        Self {
            files: budgets.repository_files,
            bytes: budgets.repository_bytes,
            file_bytes: budgets.file_bytes,
            blob_requests: budgets.blob_requests,
            paths: PathFilter::OPEN,
        }
    }
}

/// A file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path.
    pub path: RepoPath,
    /// Its blob.
    pub blob: BlobId,
    /// Its text, when it was read: UTF-8, replacement characters where it was not.
    pub text: Option<Text>,
}

/// The files of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The commit.
    pub commit: CommitSha,
    /// All files that may be named, sorted by path; those left unread have no text.
    pub files: Vec<File>,
    /// Position in `files` by path.
    pub by_path: HashMap<RepoPath, usize>,
    /// Paths that exist but are no readable files (symlinks, submodules, what the repository leaves
    /// out), sorted.
    pub special: Vec<RepoPath>,
    /// What was left out, by reason, in a fixed order.
    pub skipped: Vec<Skipped>,
    /// Bytes of text read.
    pub bytes_read: u64,
}

/// What kind of thing a definition defines, in words for people (`function`, `struct`, `class`, …).
pub type DefinitionKind = &'static str;

/// A definition in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// The names of what encloses it, outermost first, joined by `.`; empty at top level. A name
    /// that is written with what qualifies it keeps that, in the language's own signs: the container
    /// of `RunContext::reset` in C++'s namespace `Catch` is `Catch.RunContext::`.
    pub container: String,
    /// What it is.
    pub kind: DefinitionKind,
    /// Its lines, as far as they could be told.
    pub lines: LineRange,
    /// Its first line, trimmed, shortened to 200 characters.
    pub signature: String,
}

impl Definition {
    /// The container and the name: `Outer.inner`, `Catch.RunContext::reset`.
    pub fn path(&self) -> String {
        joined(&self.container, &self.name)
    }

    /// Whether it holds statements that run when it is called.
    pub fn is_callable(&self) -> bool {
        CALLABLE.contains(&self.kind)
    }
}

/// Kinds of definitions that are called.
const CALLABLE: [&str; 5] = ["function", "method", "constructor", "macro", "getter"];

/// `outer.inner`; without a dot where a side is empty or the outer one brings its own `::`.
fn joined(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || outer.ends_with("::") {
        ""
    } else {
        "."
    };
    format!("{outer}{dot}{inner}")
}

/// The text of the file at `path` with its comments and strings blanked byte for byte, so that what
/// is left is code at its old place; `None` where the language is unknown.
pub fn code_only(path: &RepoPath, text: &str) -> Option<Vec<u8>> {
    symbols::mask_comments(path, text)
}

/// The name of the language that a file's ending stands for; `None` where its definitions are not known.
pub fn language_of(path: &RepoPath) -> Option<&'static str> {
    Some(symbols::Language::of(path)?.name)
}

/// A file that a text is probably about.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// Position in [`Snapshot::files`].
    pub file: usize,
    /// Its score; larger is better, comparable within one search.
    pub score: f64,
    /// Why, strongest first.
    pub reasons: Vec<String>,
    /// Its definitions that fit best, best first, at most five.
    pub symbols: Vec<Definition>,
}

#[cfg(test)]
mod tests;
