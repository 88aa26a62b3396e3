//! The languages whose syntax is known, and how files tell theirs.

use tree_sitter::Language;

use super::rules::{self, Rules};
use crate::domain::repository::RepoPath;

/// A language that can be parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grammar {
    /// Rust.
    Rust,
    /// Python and its stubs.
    Python,
    /// JavaScript, with JSX.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Go.
    Go,
    /// Java.
    Java,
    /// C.
    C,
    /// C++.
    Cpp,
    /// Headers of C and C++, whose declarations are definitions to their readers.
    Header,
    /// C#.
    CSharp,
    /// Ruby.
    Ruby,
    /// PHP, with the HTML around it.
    Php,
}

impl Grammar {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 13] = [
        Self::Rust,
        Self::Python,
        Self::JavaScript,
        Self::TypeScript,
        Self::Tsx,
        Self::Go,
        Self::Java,
        Self::C,
        Self::Cpp,
        Self::Header,
        Self::CSharp,
        Self::Ruby,
        Self::Php,
    ];

    /// The language of a file by its ending; `None` where there is no grammar for it.
    pub fn of(path: &RepoPath) -> Option<Self> {
        Some(match path.extension()?.as_str() {
            "rs" => Self::Rust,
            "py" | "pyi" => Self::Python,
            "js" | "mjs" | "cjs" | "jsx" => Self::JavaScript,
            "ts" | "mts" | "cts" => Self::TypeScript,
            "tsx" => Self::Tsx,
            "go" => Self::Go,
            "java" => Self::Java,
            "c" => Self::C,
            "cc" | "cpp" | "cxx" | "c++" | "cu" => Self::Cpp,
            "h" | "hh" | "hpp" | "hxx" | "inl" | "ipp" => Self::Header,
            "cs" => Self::CSharp,
            "rb" | "rake" => Self::Ruby,
            "php" => Self::Php,
            _ => return None,
        })
    }

    /// The byte that stands for this language between parent and child.
    pub(super) fn code(self) -> u8 {
        let position = Self::ALL.iter().position(|grammar| *grammar == self);
        position
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(u8::MAX)
    }

    /// The language of a code.
    pub(super) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The parse tables.
    pub(super) fn language(self) -> Language {
        match self {
            Self::Rust => tree_sitter_rust::LANGUAGE,
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::JavaScript => tree_sitter_javascript::LANGUAGE,
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX,
            Self::Go => tree_sitter_go::LANGUAGE,
            Self::Java => tree_sitter_java::LANGUAGE,
            Self::C => tree_sitter_c::LANGUAGE,
            Self::Cpp | Self::Header => tree_sitter_cpp::LANGUAGE,
            Self::CSharp => tree_sitter_c_sharp::LANGUAGE,
            Self::Ruby => tree_sitter_ruby::LANGUAGE,
            Self::Php => tree_sitter_php::LANGUAGE_PHP,
        }
        .into()
    }

    /// What its nodes mean.
    pub(super) fn rules(self) -> Rules {
        match self {
            Self::Rust => rules::rust::RULES,
            Self::Python => rules::python::RULES,
            Self::JavaScript => rules::script::JAVASCRIPT,
            Self::TypeScript | Self::Tsx => rules::script::TYPESCRIPT,
            Self::Go => rules::go::RULES,
            Self::Java => rules::java::RULES,
            Self::C => rules::c::RULES,
            Self::Cpp => rules::c::CPP,
            Self::Header => rules::c::HEADER,
            Self::CSharp => rules::csharp::RULES,
            Self::Ruby => rules::ruby::RULES,
            Self::Php => rules::php::RULES,
        }
    }
}
