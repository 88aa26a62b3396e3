//! What the plan itself brings into being: that is no claim about the repository.

use std::collections::HashSet;

use crate::planner::draft::{Change, Draft};
use crate::planner::verify::paths::Added;
use crate::planner::verify::symbols::segments;

/// Names and words that a plan introduces.
pub(super) struct Own {
    /// Last segments of the names of interfaces and data structures.
    names: HashSet<String>,
    /// Every word of signatures, parameters, settings, snippets, imports and new paths.
    words: HashSet<String>,
    /// Files that it adds, by path.
    added: HashSet<String>,
}

impl Own {
    pub(super) fn of(draft: &Draft, added: &Added) -> Self {
        let mut own = Self {
            names: HashSet::new(),
            words: HashSet::new(),
            added: added.keys().cloned().collect(),
        };
        for change in &draft.changes {
            own.take(change);
        }
        for dependency in &draft.dependencies {
            own.take_words(&dependency.name);
        }
        for path in added.keys() {
            own.take_words(path);
        }
        own
    }

    fn take(&mut self, change: &Change) {
        for interface in &change.interfaces {
            self.names.extend(segments(&interface.name).pop());
            for text in [&interface.name, &interface.signature, &interface.returns] {
                self.take_words(text);
            }
            for parameter in &interface.params {
                self.take_words(&parameter.name);
                self.take_words(&parameter.type_name);
            }
        }
        for structure in &change.data_structures {
            self.names.extend(segments(&structure.name).pop());
            self.take_words(&structure.name);
            self.take_words(&structure.change);
        }
        for entry in &change.config {
            self.take_words(&entry.key);
            self.take_words(&entry.value);
        }
        for import in &change.imports {
            self.take_words(import);
        }
        self.take_words(&change.snippet.code);
    }

    fn take_words(&mut self, text: &str) {
        self.words.extend(words(text).map(ToOwned::to_owned));
    }

    /// Takes `word` as introduced by the plan's prose.
    pub(super) fn introduce(&mut self, text: &str) {
        self.take_words(text);
    }

    /// Whether the plan adds a file at `path`.
    pub(super) fn adds(&self, path: &str) -> bool {
        self.added.contains(path)
    }

    /// Whether the plan adds a file whose path ends with `tail`, at a folder's border.
    pub(super) fn adds_tail(&self, tail: &str) -> bool {
        let ends = |path: &String| {
            let rest = path.strip_suffix(tail);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        self.added.iter().any(ends)
    }

    /// Whether the plan adds a file in a folder, or in one inside of it.
    pub(super) fn adds_in(&self, folder: &str) -> bool {
        let inside = |path: &String| {
            let rest = path.strip_prefix(folder);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.added.iter().any(inside)
    }

    /// Whether a folder, or a file without its ending, of an added path is called `name`.
    pub(super) fn has_added_segment(&self, name: &str) -> bool {
        let mut segments = self.added.iter().flat_map(|path| path.split('/'));
        segments.any(|segment| segment.split('.').next() == Some(name))
    }

    /// Whether `symbol` is an interface or a data structure of the plan.
    pub(super) fn has(&self, symbol: &str) -> bool {
        segments(symbol)
            .last()
            .is_some_and(|name| self.names.contains(name))
    }

    /// Whether the plan introduces `word` anywhere.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }
}

/// Identifiers and other words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}
