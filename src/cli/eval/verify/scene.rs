//! What a mistake is seeded into: a gold plan, its repository and its commit.

use std::collections::BTreeSet;

use crate::cli::eval::verify::commits::{Commit, is_source};
use crate::cli::eval::verify::dice::Dice;
use crate::cli::eval::verify::gold::Gold;
use crate::domain::repository::RepoPath;
use crate::planner::draft::{Change, Draft, Operation, Snippet, Step};
use crate::repository::File;
use crate::repository::index::Index;

/// How often something random is looked for before giving up.
const TRIES: usize = 60;

/// A gold plan with all that is needed to spoil it.
pub(super) struct Scene<'a> {
    pub(super) gold: &'a Gold,
    pub(super) index: &'a Index,
    pub(super) commit: &'a Commit,
    pub(super) dice: Dice,
}

/// A spoiled plan.
#[derive(Debug, Clone)]
pub(super) struct Seeded {
    pub(super) draft: Draft,
    /// Where the mistake is, as a JSON pointer.
    pub(super) at: String,
}

impl Seeded {
    pub(super) fn new(draft: Draft, at: impl Into<String>) -> Self {
        Self {
            draft,
            at: at.into(),
        }
    }
}

impl<'a> Scene<'a> {
    /// A copy of the gold plan.
    pub(super) fn draft(&self) -> Draft {
        self.gold.draft.clone()
    }

    /// The position of a change that modifies a file and quotes it.
    pub(super) fn modified(&mut self) -> Option<usize> {
        let changes = self.gold.draft.changes.iter().enumerate();
        let fitting = changes
            .filter(|(_, change)| change.op == Operation::Modify && !change.anchors.is_empty());
        let positions: Vec<usize> = fitting.map(|(position, _)| position).collect();
        self.dice.pick(&positions).copied()
    }

    /// A change of the gold plan.
    pub(super) fn change(&self, position: usize) -> Option<&'a Change> {
        self.gold.draft.changes.get(position)
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        let path = RepoPath::parse(path).ok()?;
        self.index.find(&path)?.1.text.as_deref()
    }

    /// Whether something stands at a path, or the plan puts it there.
    pub(super) fn is_taken(&self, path: &str) -> bool {
        let lower = path.to_lowercase();
        let folder = format!("{lower}/");
        let snapshot = self.index.snapshot();
        let paths = snapshot.files.iter().map(|file| &file.path);
        let mut lowers = paths
            .chain(&snapshot.special)
            .map(|path| path.as_str().to_lowercase());
        let planned = self.gold.draft.changes.iter();
        lowers.any(|other| other == lower || other.starts_with(&folder))
            || planned
                .flat_map(|change| [&change.path, &change.new_path])
                .any(|other| other.to_lowercase() == lower)
    }

    /// Whether nothing in the repository has this word.
    pub(super) fn is_nowhere(&self, word: &str) -> bool {
        self.index.find_users(word).is_empty() && self.index.find_definitions(word).is_empty()
    }

    /// A file of source code that the plan does not touch and that holds what `fits` finds.
    pub(super) fn other_file<T>(
        &mut self,
        mut fits: impl FnMut(&'a File, &'a str) -> Option<T>,
    ) -> Option<T> {
        let files = &self.index.snapshot().files;
        for _ in 0..TRIES {
            let Some(file) = self.dice.pick(files) else {
                break;
            };
            let planned = self.gold.draft.changes.iter();
            let touched = planned
                .flat_map(|change| [&change.path, &change.new_path])
                .any(|path| path == file.path.as_str());
            let Some(text) = file.text.as_deref() else {
                continue;
            };
            if touched || !is_source(&file.path) {
                continue;
            }
            if let Some(found) = fits(file, text) {
                return Some(found);
            }
        }
        None
    }

    /// A name like `model` that is nowhere in the repository.
    pub(super) fn invented(&mut self, model: &str) -> Option<String> {
        const SNAKE: &[&str] = &[
            "_resolver",
            "_internal",
            "_dispatch",
            "_with_policy",
            "_registry",
        ];
        const CAMEL: &[&str] = &["Resolver", "Internal", "Dispatch", "WithPolicy", "Registry"];
        let model = model.trim_matches('_').trim_end_matches(['?', '!']);
        let model = if model.len() < 3 { "context" } else { model };
        let humps = model.chars().any(char::is_uppercase);
        let endings = if humps { CAMEL } else { SNAKE };
        for _ in 0..TRIES {
            let name = format!("{model}{}", self.dice.pick(endings)?);
            if self.is_nowhere(&name) {
                return Some(name);
            }
        }
        None
    }

    /// An invented name that fits to the symbol, or else to the path, of a change.
    pub(super) fn invented_for(&mut self, change: &Change) -> Option<String> {
        let symbols = change.anchors.iter().map(|anchor| &anchor.symbol);
        let symbol = symbols.into_iter().find(|symbol| !symbol.is_empty());
        let stem = stem(&change.path).to_owned();
        self.invented(symbol.unwrap_or(&stem))
    }

    /// A free path in the folder of `path`, with the same ending.
    pub(super) fn free_sibling(&mut self, path: &str) -> Option<String> {
        const NAMES: &[&str] = &["_helpers", "_manager", "_registry", "_internal", "_adapter"];
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (stem, ending) = name.split_once('.')?;
        let slash = if folder.is_empty() { "" } else { "/" };
        for _ in 0..TRIES {
            let suffix = self.dice.pick(NAMES)?;
            let sibling = format!("{folder}{slash}{stem}{suffix}.{ending}");
            if !self.is_taken(&sibling) {
                return Some(sibling);
            }
        }
        None
    }

    /// A free path with the name of `path` in another folder of the repository.
    pub(super) fn misplaced(&mut self, path: &str) -> Option<String> {
        let name = path.rsplit('/').next()?;
        let files = self.index.snapshot().files.iter();
        let folders: BTreeSet<&str> = files.map(|file| file.path.folder()).collect();
        let mut folders: Vec<&str> = folders.into_iter().collect();
        self.dice.shuffle(&mut folders);
        let moved = folders.into_iter().map(|folder| match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        });
        let mut moved = moved.take(TRIES);
        moved.find(|moved| !self.is_taken(moved))
    }

    /// The gold plan with a file added beside one that it modifies, and the position of that change.
    pub(super) fn with_added(&mut self) -> Option<(Draft, usize)> {
        let beside = self.modified()?;
        let model = self.change(beside)?;
        let path = self.free_sibling(&model.path)?;
        let reused = model.reuses.first()?.clone();
        let mut change = self.blank(&path);
        change.what =
            "Put the comparison that both callers need into a file of its own.".to_owned();
        change.why = "Two places need it, and neither of them is the right owner.".to_owned();
        change.why_new = "Each existing file serves one of the two callers only.".to_owned();
        change.reuses = vec![reused];
        change.covers.clone_from(&model.covers);
        let mut draft = self.draft();
        let modified = |change: &&Change| change.op == Operation::Modify;
        let added = |change: &&Change| change.op == Operation::Add;
        if draft.changes.iter().filter(added).count()
            >= draft.changes.iter().filter(modified).count()
        {
            return None;
        }
        append(&mut draft, change);
        let position = draft.changes.len().checked_sub(1)?;
        Some((draft, position))
    }

    /// A change that adds `path` and says nothing else.
    pub(super) fn blank(&self, path: &str) -> Change {
        Change {
            id: format!("C{}", self.gold.draft.changes.len() + 1),
            op: Operation::Add,
            path: path.to_owned(),
            new_path: String::new(),
            anchors: Vec::new(),
            evidence: Vec::new(),
            what: String::new(),
            why: String::new(),
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

/// Adds a change with a step of its own.
pub(super) fn append(draft: &mut Draft, change: Change) {
    draft.steps.push(Step {
        id: format!("T{}", draft.steps.len() + 1),
        title: "Put it into place".to_owned(),
        detail: change.what.clone(),
        changes: vec![change.id.clone()],
    });
    draft.changes.push(change);
}

/// The name of a file without its endings.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

/// The ending of a file, in lower case.
pub(super) fn ending(path: &str) -> String {
    RepoPath::parse(path)
        .ok()
        .and_then(|path| path.extension())
        .unwrap_or_default()
}
