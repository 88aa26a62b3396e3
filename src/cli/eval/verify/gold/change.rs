//! One change of a gold plan.

use std::collections::BTreeSet;

use super::words;
use crate::cli::eval::verify::heads::{self, Head, enclosing, is_comment};
use crate::cli::eval::verify::imports::first_import;
use crate::cli::eval::verify::patch::{Deed, FileChange, Hunk};
use crate::cli::eval::verify::signature::interface;
use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{Anchor, Change, Operation, Relation, SideEffect, Snippet};
use crate::planner::pack::{EvidencePack, Excerpt};
use crate::repository::index::Index;

/// Most anchors of one change.
const MAX_ANCHORS: usize = 2;

/// Most files named as affected; whoever affects more than these gets no gold plan.
const MAX_AFFECTED: usize = 40;

/// Lines of evidence on each side of a quote.
const EVIDENCE_LINES: u32 = 12;

/// A line that can be quoted.
#[derive(Debug, Clone)]
pub(in crate::cli::eval::verify) struct Quoted {
    pub(in crate::cli::eval::verify) text: String,
    pub(in crate::cli::eval::verify) number: u32,
    /// Whether no other line of the file reads the same.
    pub(in crate::cli::eval::verify) unique: bool,
    removed: bool,
}

/// Makes changes one after the other.
pub(super) struct Maker<'a> {
    pub(super) index: &'a Index,
    /// Paths that the commit changed.
    pub(super) touched: BTreeSet<&'a str>,
    pub(super) pack: EvidencePack,
    pub(super) changes: Vec<Change>,
    pub(super) lines: Vec<(String, u32)>,
}

/// Why a line is no good as a quote: it is short, a comment, or made of signs.
pub(in crate::cli::eval::verify) fn unquotable(line: &str) -> bool {
    let line = line.trim();
    let significant = line.chars().filter(|c| !c.is_whitespace()).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    significant < 14 || letters < 8 || line.len() > 160 || is_comment(line)
}

/// A quotable line of a text, its own line number given.
pub(in crate::cli::eval::verify) fn quote_from(text: &str, number: u32) -> Option<Quoted> {
    let position = usize::try_from(number).ok()?.checked_sub(1)?;
    let line = text.lines().nth(position)?;
    if unquotable(line) {
        return None;
    }
    let folded = fold(line);
    let alike = text
        .lines()
        .filter(|other| fold(other).contains(&folded))
        .count();
    Some(Quoted {
        text: line.to_owned(),
        number,
        unique: alike == 1,
        removed: false,
    })
}

fn fold(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Maker<'_> {
    /// Adds the change of `file`, when it can be told well.
    pub(super) fn take(&mut self, file: &FileChange) {
        let made = match file.deed {
            Deed::Added => self.added(file),
            Deed::Modified => self.existing(file, Operation::Modify),
            Deed::Deleted => self.existing(file, Operation::Delete),
            Deed::Moved => self.existing(file, Operation::Rename),
        };
        self.changes.extend(made);
    }

    fn added(&self, file: &FileChange) -> Option<Change> {
        let path = RepoPath::parse(&file.path).ok()?;
        let mut files = self.index.snapshot().files.iter();
        let folder_exists = files.any(|other| other.path.folder() == path.folder());
        let other = self.changes.iter().find_map(words::subject)?.to_owned();
        if !folder_exists || self.index.find(&path).is_some() {
            return None;
        }
        let mut change = self.blank(Operation::Add, &file.path, None);
        change.why_new = "The existing files each serve one of the two callers, and neither should know the other.".to_owned();
        change.reuses = vec![other];
        Some(change)
    }

    fn existing(&mut self, file: &FileChange, op: Operation) -> Option<Change> {
        let path = RepoPath::parse(&file.path).ok()?;
        let text = self.index.find(&path)?.1.text.clone()?;
        let extension = path.extension()?;
        let quotes = choose_quotes(file, &text);
        let first = quotes.first()?.clone();
        let head = enclosing(&text, &extension, first.number);
        let symbol = head.as_ref().map(|head| head.name);
        let mut change = self.blank(op, &file.path, symbol);
        if op != Operation::Modify {
            change.side_effects = self.affected(&text, &path, op)?;
        }
        if op == Operation::Rename {
            let new_path = RepoPath::parse(&file.new_path).ok()?;
            let mut files = self.index.snapshot().files.iter();
            if !files.any(|other| other.path.folder() == new_path.folder()) {
                return None;
            }
            change.new_path.clone_from(&file.new_path);
        }
        for (position, quoted) in quotes.iter().enumerate() {
            let place = format!("/changes/{}/anchors/{position}", self.changes.len());
            self.lines.push((place, quoted.number));
            let head = enclosing(&text, &extension, quoted.number);
            let symbol = head.map_or("", |head| head.name);
            change.anchors.push(anchor(quoted, symbol, op));
        }
        change.evidence = vec![self.show(&path, &text, first.number)];
        if op == Operation::Modify {
            change.imports = first_import(&text, &extension)
                .map(ToOwned::to_owned)
                .into_iter()
                .collect();
            if let Some(head) = &head {
                self.describe(&mut change, head, &extension);
            }
        }
        Some(change)
    }

    /// What is known of the function that changes, and of somebody who uses it.
    fn describe(&self, change: &mut Change, head: &Head<'_>, extension: &str) {
        change.reuses = vec![head.name.to_owned()];
        change.side_effects = self.user_of(head.name).into_iter().collect();
        let declared = head.line.trim_end_matches(['{', ':', ' ']);
        if !head.is_function || declared.len() > 180 {
            return;
        }
        change.snippet = Snippet {
            language: extension.to_owned(),
            code: declared.to_owned(),
        };
        if let Some(interface) = interface(declared, head.name, extension) {
            change.interfaces = vec![interface];
        }
    }

    /// A file beyond the commit that names `symbol`.
    fn user_of(&self, symbol: &str) -> Option<SideEffect> {
        let users = self.index.find_users(symbol).into_iter();
        let mut files = users.filter_map(|user| self.index.snapshot().files.get(user));
        let file = files.find(|file| {
            let path = file.path.as_str();
            !self.touched.contains(path) && !words::is_tested(path) && file.text.is_some()
        })?;
        Some(effect(file.path.as_str()))
    }

    /// All files that name anything that a file defines, or the file itself; `None` when there are
    /// too many of them.
    fn affected(&self, text: &str, path: &RepoPath, op: Operation) -> Option<Vec<SideEffect>> {
        let stem = path.file_name().split('.').next().unwrap_or_default();
        let folder = path.folder().rsplit('/').next().unwrap_or_default();
        let extension = path.extension().unwrap_or_default();
        let mut names: Vec<&str> = vec![stem];
        if matches!(stem, "mod" | "index" | "__init__") {
            names.push(folder);
        }
        if op == Operation::Delete {
            names.extend(heads::heads(text, &extension).iter().map(|head| head.name));
        }
        let mut affected = BTreeSet::new();
        for name in names.into_iter().filter(|name| name.len() > 2) {
            affected.extend(self.index.find_users(name));
            if affected.len() > MAX_AFFECTED * 4 {
                return None;
            }
        }
        let files = affected.into_iter();
        let files = files.filter_map(|file| self.index.snapshot().files.get(file));
        let paths = files.map(|file| file.path.as_str());
        let paths: Vec<_> = paths
            .filter(|other| !self.touched.contains(other) && !words::is_tested(other))
            .collect();
        (paths.len() <= MAX_AFFECTED).then(|| paths.into_iter().map(effect).collect())
    }

    /// Puts the lines around `number` into the evidence, and says their id.
    fn show(&mut self, path: &RepoPath, text: &str, number: u32) -> String {
        let id = format!("E{}", self.pack.excerpts.len() + 1);
        let start = number.saturating_sub(EVIDENCE_LINES).max(1);
        let end = number + EVIDENCE_LINES;
        let lines = (1_u32..).zip(text.lines());
        let shown: Vec<&str> = lines
            .filter(|(line, _)| (start..=end).contains(line))
            .map(|(_, line)| line)
            .collect();
        let count = u32::try_from(shown.len()).unwrap_or(1).max(1);
        self.pack.excerpts.push(Excerpt {
            id: id.clone(),
            path: path.clone(),
            lines: LineRange::new(start, start + count - 1),
            symbol: String::new(),
            reason: String::new(),
            text: shown.join("\n"),
        });
        id
    }

    fn blank(&self, op: Operation, path: &str, symbol: Option<&str>) -> Change {
        Change {
            id: format!("C{}", self.changes.len() + 1),
            op,
            path: path.to_owned(),
            new_path: String::new(),
            anchors: Vec::new(),
            evidence: Vec::new(),
            what: words::what(op, symbol, path),
            why: words::why(op).to_owned(),
            interfaces: Vec::new(),
            data_structures: Vec::new(),
            imports: Vec::new(),
            config: Vec::new(),
            snippet: Snippet {
                language: String::new(),
                code: String::new(),
            },
            reuses: Vec::new(),
            why_new: String::new(),
            side_effects: Vec::new(),
            covers: Vec::new(),
            depends_on: Vec::new(),
        }
    }
}

fn effect(path: &str) -> SideEffect {
    SideEffect {
        path: path.to_owned(),
        symbol: String::new(),
        effect: "It meets the changed outcome.".to_owned(),
        action: "Follow it.".to_owned(),
    }
}

fn anchor(quoted: &Quoted, symbol: &str, op: Operation) -> Anchor {
    let relation = match (op, quoted.removed) {
        (Operation::Delete, _) => Relation::Remove,
        (_, true) => Relation::Replace,
        (_, false) => Relation::InsertAfter,
    };
    Anchor {
        symbol: symbol.to_owned(),
        quote: quoted.text.clone(),
        line_hint: if quoted.unique {
            0
        } else {
            i64::from(quoted.number)
        },
        relation,
    }
}

/// One line of each of the first hunks: unique lines first, and those that the commit took away.
fn choose_quotes(file: &FileChange, text: &str) -> Vec<Quoted> {
    let quotes = file.hunks.iter().filter_map(|hunk| best_quote(hunk, text));
    let mut quotes: Vec<_> = quotes.take(MAX_ANCHORS).collect();
    if quotes.is_empty() {
        let mut numbers = 1..=200;
        quotes.extend(numbers.find_map(|number| quote_from(text, number)));
    }
    quotes
}

fn best_quote(hunk: &Hunk, text: &str) -> Option<Quoted> {
    let candidates = hunk.old.iter().filter_map(|line| {
        let quoted = quote_from(text, line.number)?;
        (quoted.text == line.text).then_some(Quoted {
            removed: line.removed,
            ..quoted
        })
    });
    candidates.min_by_key(|quoted| (!quoted.unique, !quoted.removed, quoted.number))
}
