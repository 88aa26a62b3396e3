//! What the scanner must know of a language.

use super::tables::LANGUAGES;
use crate::domain::repository::RepoPath;

/// How blocks of a language begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    /// `{` and `}`.
    Braces,
    /// Deeper indentation.
    Indent,
    /// The word `end` at the indentation of the beginning.
    End,
}

/// What may follow from a definition's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Holds methods and fields.
    Type,
    /// Holds anything.
    Namespace,
    /// Holds statements.
    Function,
    /// Counts only outside of functions.
    Value,
    /// Lends its name to what it holds and is no definition itself (`impl`, `extension`).
    Extension,
}

/// How functions without a keyword look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calls {
    /// There are none.
    None,
    /// `type name(…) {` outside of functions.
    C,
    /// `type name(…) {` inside of types.
    Java,
    /// `name(…) {` anywhere, `name = (…) =>` and `name: function`.
    Script,
    /// `name() {` at the start of a line.
    Shell,
}

/// What of a language's lexis matters when comments and strings are blanked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lexis {
    /// `//`, `/* */`, quotes that end with their line.
    C,
    /// Like C with nested comments, lifetimes and `r#""#`.
    Rust,
    /// Like C with back-quoted strings.
    Go,
    /// Like C with back-quoted strings and regular expressions.
    Script,
    /// Like C with `"""` strings.
    Triple,
    /// `//`, `#` and `/* */`.
    Php,
    /// `#`, and `"""` and `'''` strings.
    Python,
    /// `#`, and quotes that end with their line.
    Hash,
}

/// A word that starts a definition, the kind it makes, and what follows from it.
pub(super) type Keyword = (&'static str, &'static str, Role);

/// One language.
#[derive(Debug)]
pub(in crate::repository) struct Language {
    /// Its name for people.
    pub(in crate::repository) name: &'static str,
    pub(super) extensions: &'static [&'static str],
    pub(super) blocks: Blocks,
    pub(super) lexis: Lexis,
    pub(super) calls: Calls,
    /// Words that may stand before a keyword or a type.
    pub(super) modifiers: &'static [&'static str],
    pub(super) keywords: &'static [Keyword],
}

impl Language {
    /// The language of a file by its ending; `None` where its definitions are not known.
    pub(in crate::repository) fn of(path: &RepoPath) -> Option<&'static Self> {
        let extension = path.extension()?;
        LANGUAGES
            .iter()
            .find(|language| language.extensions.contains(&extension.as_str()))
    }

    pub(super) fn keyword(&self, word: &str) -> Option<&'static Keyword> {
        self.keywords
            .iter()
            .find(|(keyword, _, _)| *keyword == word)
    }

    /// Whether a line's end may end a statement without `;`.
    pub(super) fn ends_by_line(&self) -> bool {
        !matches!(self.name, "Rust" | "C" | "C++" | "Java" | "C#" | "PHP")
    }
}
