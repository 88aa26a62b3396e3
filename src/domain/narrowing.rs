//! What a repository may narrow of its operator's settings, what can be wrong with that, and where
//! a setting comes from.

/// The file in which a repository narrows what its operator allows, at the root of its default branch.
pub const REPOSITORY_FILE: &str = ".planwright.toml";

/// Largest such file that is read; a long one has a few kilobytes.
pub const MAX_REPOSITORY_FILE_BYTES: u64 = 32 * 1024;

/// Most characters of a language's tag; the longest that are registered have about thirty.
const MAX_TAG: usize = 35;

/// The tag of a language in the form of BCP 47, such as `de` or `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageTag(String);

impl LanguageTag {
    /// Takes a language of two or three letters and what follows it: parts of two to eight letters or
    /// digits. `None` for anything else.
    pub fn find(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let first = parts.next().unwrap_or_default();
        let is_language =
            matches!(first.len(), 2..=3) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
        let are_parts = parts.all(|part| {
            matches!(part.len(), 2..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        (is_language && are_parts && text.len() <= MAX_TAG).then(|| Self(text.to_owned()))
    }

    /// The tag, as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Something in a repository's file that cannot be used, so that the operator's setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The key as it is written there, shortened; raw text. Empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a place of a repository's file, with what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The file is larger than what is read.
    TooLarge {
        /// How large it may be.
        most_bytes: u64,
    },
    /// The file is no text in UTF-8.
    NotText,
    /// The file is not TOML from this line on.
    NotToml,
    /// There is no such key.
    Unknown {
        /// The keys that there are.
        allowed: Vec<String>,
    },
    /// Only the operator can set this.
    OperatorOnly,
    /// A value of another kind is needed.
    Kind(Kind),
    /// A number is needed within these bounds, of which the upper one is the operator's.
    Range {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// One of these is needed: what the operator allows.
    OneOf {
        /// All of them; raw texts.
        allowed: Vec<String>,
    },
    /// This is no pattern of paths.
    Pattern,
    /// This is no tag of a language.
    Language,
    /// The text is empty or too long.
    Length {
        /// Most characters.
        most: usize,
    },
    /// There are more of them than are taken.
    Count {
        /// How many are taken.
        most: usize,
    },
}

/// A kind of value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text in quotes.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number.
    Number,
    /// A section of its own.
    Section,
    /// Sections, each of them in double brackets.
    Sections,
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Nobody set it.
    Default,
    /// The operator set it.
    Operator,
    /// The repository's file set it.
    Repository {
        /// The line, from 1.
        line: usize,
    },
}

/// A setting that holds for a repository, as it may be shown in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// Its key.
    pub key: String,
    /// Its value, as TOML writes it; raw text.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
}

#[cfg(test)]
mod tests {
    use super::LanguageTag;

    #[test]
    fn languages_are_tags_of_letters_and_nothing_else() {
        let good = ["de", "pt-BR", "zh-Hant-TW", "gsw", "es-419"];
        assert!(good.iter().all(|tag| LanguageTag::find(tag).is_some()));
        let bad = [
            "", "d", "deutsch", "de_DE", "de-", "-de", "de-A", "de DE", "d\u{435}", "12",
        ];
        assert!(bad.iter().all(|tag| LanguageTag::find(tag).is_none()));
        let long = format!("de{}", "-abcdefgh".repeat(4));
        assert_eq!(LanguageTag::find(&long), None);
    }
}
