//! What a repository's `.gitattributes` say of its files: `linguist-generated` and
//! `linguist-vendored`, by which forges hide files in diffs and statistics.

use std::collections::HashMap;

use crate::domain::repository::RepoPath;
use crate::text::pattern::Pattern;

/// The name of the files, in whatever folder.
pub(super) const FILE_NAME: &str = ".gitattributes";

/// Longest line that is read; git ignores longer ones too.
const LONGEST_LINE_BYTES: usize = 2048;

/// Rules taken of one repository. Real ones have a few dozen.
const MOST_RULES: usize = 1000;

/// Macros within macros that are resolved.
const DEEPEST_MACRO: usize = 4;

/// Comparisons for one snapshot: some seconds at worst, for rules made to take long. What is asked
/// after that is told as if there were no rules.
const MOST_STEPS: u64 = 100_000_000;

/// Something that rules say of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trait {
    Generated,
    Vendored,
}

impl Trait {
    fn find(name: &str) -> Option<Self> {
        match name {
            "linguist-generated" => Some(Self::Generated),
            "linguist-vendored" => Some(Self::Vendored),
            _ => None,
        }
    }
}

/// What the rules say of one file; `None` where they say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// Whether tools wrote it.
    pub(super) generated: Option<bool>,
    /// Whether it is a copy of others' work.
    pub(super) vendored: Option<bool>,
}

/// A value that a rule gives; `None` takes back what rules before it say.
type Assignment = (Trait, Option<bool>);

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    /// In the order of the line; later ones win.
    assignments: Vec<Assignment>,
}

/// The rules of a repository.
#[derive(Debug)]
pub(super) struct Attributes {
    /// Rules by the folder of their file, in the order of its lines; later ones win.
    by_folder: HashMap<String, Vec<Rule>>,
    macros: HashMap<String, Vec<Assignment>>,
    rules: usize,
    steps: u64,
    most_steps: u64,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            by_folder: HashMap::new(),
            macros: HashMap::new(),
            rules: 0,
            steps: 0,
            most_steps: MOST_STEPS,
        }
    }
}

impl Attributes {
    /// Adds the file at `path`. Files nearer to the root come first: the root's alone defines
    /// macros.
    pub(super) fn add(&mut self, path: &RepoPath, text: &str) {
        let folder = path.folder();
        let mut rules = Vec::new();
        for line in text.lines().filter(|line| line.len() <= LONGEST_LINE_BYTES) {
            let line = line.trim_start_matches([' ', '\t']);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(definition) = line.strip_prefix("[attr]") {
                if folder.is_empty() {
                    self.define(definition);
                }
                continue;
            }
            let (pattern, words) = split_pattern(line);
            let assignments = self.read_assignments(words, 0);
            if assignments.is_empty() || self.rules >= MOST_RULES {
                continue;
            }
            if let Some(pattern) = Pattern::parse(&pattern) {
                self.rules += 1;
                rules.push(Rule {
                    pattern,
                    assignments,
                });
            }
        }
        if !rules.is_empty() {
            self.by_folder.insert(folder.to_owned(), rules);
        }
    }

    fn define(&mut self, definition: &str) {
        let (name, words) = definition
            .split_once([' ', '\t'])
            .unwrap_or((definition, ""));
        let assignments = self.read_assignments(words, 0);
        if self.macros.len() < MOST_RULES {
            self.macros.insert(name.to_owned(), assignments);
        }
    }

    fn read_assignments(&self, words: &str, depth: usize) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for word in words.split([' ', '\t', '\r']) {
            let (name, value) = match word.split_once('=') {
                Some((name, "true")) => (name, Some(true)),
                Some((name, "false")) => (name, Some(false)),
                Some(_) => continue,
                None => match word.strip_prefix('-') {
                    Some(name) => (name, Some(false)),
                    None => match word.strip_prefix('!') {
                        Some(name) => (name, None),
                        None => (word, Some(true)),
                    },
                },
            };
            match (Trait::find(name), self.macros.get(name)) {
                (Some(found), _) => assignments.push((found, value)),
                (None, Some(expanded)) if value == Some(true) && depth < DEEPEST_MACRO => {
                    assignments.extend(expanded);
                }
                _ => {}
            }
        }
        assignments
    }

    /// What the rules say of the file at `path`.
    pub(super) fn marks(&mut self, path: &RepoPath) -> Marks {
        if self.by_folder.is_empty() {
            return Marks::default();
        }
        let (mut generated, mut vendored) = (None, None);
        let mut folder = path.folder();
        loop {
            for rule in self.by_folder.get(folder).into_iter().flatten().rev() {
                if self.steps > self.most_steps || !rule.applies(path, folder, &mut self.steps) {
                    continue;
                }
                for (about, value) in rule.assignments.iter().rev() {
                    match about {
                        Trait::Generated => generated = generated.or(Some(*value)),
                        Trait::Vendored => vendored = vendored.or(Some(*value)),
                    }
                }
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        Marks {
            generated: generated.flatten(),
            vendored: vendored.flatten(),
        }
    }
}

impl Rule {
    fn applies(&self, path: &RepoPath, folder: &str, steps: &mut u64) -> bool {
        *steps += 1;
        let below = match folder {
            "" => Some(path.as_str()),
            folder => path
                .as_str()
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/')),
        };
        below.is_some_and(|below| self.pattern.matches(below, steps))
    }
}

/// Splits a line into its pattern, quotes resolved, and the words behind it.
fn split_pattern(line: &str) -> (Vec<u8>, &str) {
    if let Some(split) = line.strip_prefix('"').and_then(unquote) {
        return split;
    }
    let (pattern, words) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    (pattern.trim_end_matches('\r').as_bytes().to_vec(), words)
}

/// Resolves the escapes of C up to the closing quote, and returns what is behind it.
fn unquote(quoted: &str) -> Option<(Vec<u8>, &str)> {
    let mut bytes = Vec::new();
    let mut rest = quoted;
    loop {
        let first = rest.chars().next()?;
        rest = rest.get(first.len_utf8()..)?;
        match first {
            '"' => return Some((bytes, rest)),
            '\\' => {
                let escaped = rest.chars().next()?;
                if escaped.is_digit(8) {
                    let digits = rest.get(..3)?;
                    bytes.push(u8::from_str_radix(digits, 8).ok()?);
                    rest = rest.get(3..)?;
                    continue;
                }
                bytes.push(match escaped {
                    'a' => 7,
                    'b' => 8,
                    't' => b'\t',
                    'n' => b'\n',
                    'v' => 11,
                    'f' => 12,
                    'r' => b'\r',
                    '\\' | '"' => u8::try_from(escaped).ok()?,
                    _ => return None,
                });
                rest = rest.get(1..)?;
            }
            other => bytes.extend(other.to_string().as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests;
