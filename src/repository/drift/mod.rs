//! What became of cited places: which stand as they were, which moved, which changed, which are gone.
//!
//! It compares the files of two commits and asks nobody: who calls it brings the texts that
//! [`Comparison::wanted`] names. Lines are the same when they differ in nothing but their ends and the
//! blanks before them; indentation counts, since in many languages it is code. What cannot be told
//! for sure is called changed, because a reader loses less by looking once more.

mod align;
mod alike;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub use tree::Tree;

use crate::domain::age::{self, Fate, Source};
use crate::domain::document::Content;
use crate::domain::plan::Target;
use crate::domain::repository::{BlobId, LineRange, RepoPath};
use crate::repository::{Snapshot, Text};
use align::Alignment;
use alike::find_likeness;

/// Files of the same name that are searched for the lines of one that is gone. Names that are more
/// frequent, such as `mod.rs`, say nothing.
const MOST_NAMESAKES: usize = 8;

/// Files added since that are compared with one that is gone: those nearest to it.
const MOST_ADDED: usize = 8;

/// Texts by blob, as far as they came.
pub type Texts = HashMap<BlobId, Text>;

/// What the files that `content` cites hold in `snapshot`, in the order of their paths.
pub fn sources(content: &Content, snapshot: &Snapshot) -> Vec<Source> {
    let places = age::places(content);
    let cited: BTreeSet<&RepoPath> = places
        .iter()
        .filter_map(|place| match place {
            Target::Verified { path, .. } => Some(path),
            _ => None,
        })
        .collect();
    let files = cited.into_iter().filter_map(|path| {
        let file = snapshot.files.get(*snapshot.by_path.get(path)?)?;
        Some(Source {
            path: path.clone(),
            blob: file.blob.clone(),
        })
    });
    files.collect()
}

/// Cited places, and where the files lie at the later commit.
pub struct Comparison<'a> {
    places: &'a [Target],
    before: HashMap<&'a RepoPath, &'a BlobId>,
    tree: &'a Tree,
    /// Files that came since the document's commit, as far as that is known.
    added: Vec<(&'a RepoPath, &'a BlobId)>,
    /// Files of which lines are cited: these speak for the file as a whole.
    in_lines: HashSet<&'a RepoPath>,
}

/// Where a cited file is now.
enum Whereabouts<'a> {
    /// It was not listed at either commit.
    Unknown,
    /// At its path, with the same contents.
    Untouched,
    /// At its path, with other contents.
    Edited { before: &'a BlobId, now: &'a BlobId },
    /// The same contents, at another path only.
    Renamed(&'a RepoPath),
    /// Nothing is at its path; these have its name, and these are new.
    Missing {
        before: &'a BlobId,
        namesakes: Vec<(&'a RepoPath, &'a BlobId)>,
        added: Vec<(&'a RepoPath, &'a BlobId)>,
    },
}

impl<'a> Comparison<'a> {
    /// A comparison of `places`, whose files were `sources`, with `tree`.
    pub fn new(places: &'a [Target], sources: &'a [Source], tree: &'a Tree) -> Self {
        let before = sources.iter().map(|source| (&source.path, &source.blob));
        let in_lines = places.iter().filter_map(|place| match place {
            Target::Verified {
                path,
                lines: Some(_),
            } => Some(path),
            _ => None,
        });
        Self {
            places,
            before: before.collect(),
            tree,
            added: Vec::new(),
            in_lines: in_lines.collect(),
        }
    }

    /// The same when it is known where the files lay at the document's commit: then one that is gone is
    /// looked for among those that came since.
    #[must_use]
    pub fn since(self, earlier: Option<&Tree>) -> Self {
        let added = earlier.map(|earlier| self.tree.added_since(earlier));
        Self {
            added: added.unwrap_or_default(),
            ..self
        }
    }

    /// Whether a cited file is not there any more under any name.
    pub fn has_missing(&self) -> bool {
        let mut cited = self.cited().into_iter();
        cited.any(|path| matches!(self.find(path), Whereabouts::Missing { .. }))
    }

    /// The files that are cited, as a whole or in lines.
    fn cited(&self) -> BTreeSet<&'a RepoPath> {
        let places = self.places.iter();
        let cited = places.filter_map(|place| match place {
            Target::Verified { path, .. } => Some(path),
            _ => None,
        });
        cited.collect()
    }

    /// What has to be read to tell where lines are, each contents once, those of files that are still
    /// there first.
    pub fn wanted(&self) -> Vec<Source> {
        let mut wanted: Vec<(&RepoPath, &BlobId)> = Vec::new();
        let mut guesses: Vec<(&RepoPath, &BlobId)> = Vec::new();
        for path in self.cited() {
            let in_lines = self.in_lines.contains(path);
            match self.find(path) {
                Whereabouts::Edited { before, now } if in_lines => {
                    wanted.extend([(path, before), (path, now)]);
                }
                Whereabouts::Missing {
                    before,
                    mut namesakes,
                    added,
                } => {
                    namesakes.retain(|_| in_lines);
                    if !namesakes.is_empty() || !added.is_empty() {
                        guesses.push((path, before));
                    }
                    guesses.extend(namesakes.into_iter().chain(added));
                }
                _ => {}
            }
        }
        let mut seen = HashSet::new();
        let all = wanted.into_iter().chain(guesses);
        all.filter(|(_, blob)| seen.insert(*blob))
            .map(|(path, blob)| Source {
                path: path.clone(),
                blob: blob.clone(),
            })
            .collect()
    }

    /// What became of each place, in their order.
    pub fn judge(&self, texts: &Texts) -> Vec<Fate> {
        let mut by_file: BTreeMap<&RepoPath, (Whereabouts<'_>, File<'_>)> = BTreeMap::new();
        for path in self.cited() {
            let found = self.find(path);
            let file = File::new(&found, texts);
            by_file.insert(path, (found, file));
        }
        let fate = |place: &Target| match place {
            Target::Verified {
                path,
                lines: Some(lines),
            } => by_file
                .get(path)
                .map_or(Fate::Unknown, |(_, file)| file.lines(path, *lines)),
            Target::Verified { path, lines: None } => by_file
                .get(path)
                .map_or(Fate::Unknown, |found| self.whole(path, found)),
            Target::New { path } if self.tree.is_taken(path) => Fate::Taken,
            Target::New { path } if self.tree.is_unlisted(path) => Fate::Unknown,
            Target::New { .. } => Fate::Same,
            Target::Unverified { .. } => Fate::Unknown,
        };
        let mut fates: Vec<Fate> = self.places.iter().map(fate).collect();
        self.follow(&mut fates);
        fates
    }

    /// Whole files that went where all of their cited lines went.
    fn follow(&self, fates: &mut [Fate]) {
        let mut homes: HashMap<&RepoPath, Option<RepoPath>> = HashMap::new();
        for (place, fate) in self.places.iter().zip(fates.iter()) {
            if let Target::Verified {
                path,
                lines: Some(_),
            } = place
            {
                let home = match fate {
                    Fate::Moved { path, .. } => Some(path.clone()),
                    _ => None,
                };
                let known = homes.entry(path).or_insert_with(|| home.clone());
                if *known != home {
                    *known = None;
                }
            }
        }
        for (place, fate) in self.places.iter().zip(fates.iter_mut()) {
            let Target::Verified { path, lines: None } = place else {
                continue;
            };
            if let (Fate::Gone, Some(Some(home))) = (&*fate, homes.get(path)) {
                *fate = Fate::Moved {
                    path: home.clone(),
                    lines: None,
                };
            }
        }
    }

    /// What became of a file as a whole. One that was edited is as planned when its lines speak for it.
    fn whole(&self, path: &RepoPath, (found, file): &(Whereabouts<'_>, File<'_>)) -> Fate {
        let in_lines = self.in_lines.contains(path);
        let moved = |path: &RepoPath| Fate::Moved {
            path: path.clone(),
            lines: None,
        };
        match (found, file) {
            (Whereabouts::Unknown, _) => Fate::Unknown,
            (Whereabouts::Untouched, _) => Fate::Same,
            (Whereabouts::Edited { .. }, _) if in_lines => Fate::Same,
            (Whereabouts::Edited { .. }, _) => Fate::Changed,
            (Whereabouts::Renamed(home), _) => moved(home),
            (Whereabouts::Missing { .. }, File::Followed(home, _)) if in_lines => moved(home),
            (Whereabouts::Missing { .. }, File::Followed(..)) => Fate::Changed,
            (Whereabouts::Missing { .. }, _) => Fate::Gone,
        }
    }

    /// The files that came since and are nearest to `path`: of its name, of its kind, in its folder.
    fn nearest_added(&self, path: &RepoPath) -> Vec<(&'a RepoPath, &'a BlobId)> {
        let mut added = self.added.clone();
        let kind = path.extension();
        added.sort_by_key(|(file, _)| {
            let named = file.file_name() == path.file_name();
            let elsewhere = file.folder() != path.folder();
            (!named, file.extension() != kind, elsewhere)
        });
        added.truncate(MOST_ADDED);
        added
    }

    fn find(&self, path: &RepoPath) -> Whereabouts<'a> {
        let Some(before) = self.before.get(path).copied() else {
            return Whereabouts::Unknown;
        };
        match self.tree.find(path) {
            Some(now) if now == before => Whereabouts::Untouched,
            Some(now) => Whereabouts::Edited { before, now },
            None if self.tree.is_unlisted(path) => Whereabouts::Unknown,
            None => match self.tree.holders(before).as_slice() {
                [one] => Whereabouts::Renamed(one),
                _ => Whereabouts::Missing {
                    before,
                    namesakes: self.tree.namesakes(path, MOST_NAMESAKES),
                    added: self.nearest_added(path),
                },
            },
        }
    }
}

/// A cited file, ready for questions about its lines.
enum File<'a> {
    Unknown,
    Untouched,
    Edited(Alignment),
    Renamed(&'a RepoPath),
    /// It has another name and other contents, most of which are still its own.
    Followed(&'a RepoPath, Alignment),
    /// Its text beside those of files that may be it.
    Missing(Vec<(&'a RepoPath, Alignment)>),
}

impl<'a> File<'a> {
    fn new(whereabouts: &Whereabouts<'a>, texts: &Texts) -> Self {
        let align = |before: &BlobId, now: &BlobId| {
            Some(Alignment::new(texts.get(before)?, texts.get(now)?))
        };
        match whereabouts {
            Whereabouts::Unknown => Self::Unknown,
            Whereabouts::Untouched => Self::Untouched,
            Whereabouts::Edited { before, now } => {
                align(before, now).map_or(Self::Unknown, Self::Edited)
            }
            Whereabouts::Renamed(path) => Self::Renamed(path),
            Whereabouts::Missing {
                before,
                namesakes,
                added,
            } => {
                if let Some((home, now)) = find_likeness(before, added, texts)
                    && let Some(alignment) = align(before, now)
                {
                    return Self::Followed(home, alignment);
                }
                let readable = namesakes.iter();
                let readable =
                    readable.filter_map(|(path, now)| Some((*path, align(before, now)?)));
                Self::Missing(readable.collect())
            }
        }
    }

    /// What became of `lines` of the file, which was at `path`.
    fn lines(&self, path: &RepoPath, lines: LineRange) -> Fate {
        match self {
            Self::Unknown => Fate::Unknown,
            Self::Untouched => Fate::Same,
            Self::Renamed(path) => Fate::Moved {
                path: (*path).clone(),
                lines: Some(lines),
            },
            Self::Followed(home, alignment) => match alignment.find(lines) {
                Some(now) => Fate::Moved {
                    path: (*home).clone(),
                    lines: Some(now),
                },
                None => Fate::Changed,
            },
            Self::Edited(alignment) => match alignment.find(lines) {
                Some(now) if now == lines => Fate::Same,
                Some(now) => Fate::Moved {
                    path: path.clone(),
                    lines: Some(now),
                },
                None => Fate::Changed,
            },
            Self::Missing(namesakes) => {
                let mut homes = namesakes
                    .iter()
                    .filter_map(|(path, alignment)| Some((*path, alignment.find(lines)?)));
                match (homes.next(), homes.next()) {
                    (Some((path, now)), None) => Fate::Moved {
                        path: path.clone(),
                        lines: Some(now),
                    },
                    _ => Fate::Gone,
                }
            }
        }
    }
}
