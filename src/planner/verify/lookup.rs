//! Paths of a snapshot in the forms that the checks ask for.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::domain::repository::RepoPath;
use crate::repository::index::Index;

/// Files and folders of a snapshot, by exact and by case-folded name.
pub(super) struct Files<'a> {
    index: &'a Index,
    folded: HashMap<String, &'a str>,
    folders: HashSet<&'a str>,
    special: HashSet<&'a str>,
    stems: HashSet<&'a str>,
    /// Positions of files by their last segment; made when first asked for.
    names: OnceCell<HashMap<&'a str, Vec<usize>>>,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A file, at this position of the snapshot.
    File(usize),
    /// A link or a submodule, or something inside a submodule.
    Special,
    /// A folder.
    Folder,
    /// Nothing.
    Free,
}

impl<'a> Files<'a> {
    pub(super) fn of(index: &'a Index) -> Self {
        let snapshot = index.snapshot();
        let files = snapshot.files.iter().map(|file| &file.path);
        let all = || files.clone().chain(&snapshot.special);
        Self {
            index,
            folded: all()
                .map(|path| (path.as_str().to_lowercase(), path.as_str()))
                .collect(),
            folders: all().flat_map(folders_above).collect(),
            special: snapshot.special.iter().map(RepoPath::as_str).collect(),
            stems: all()
                .flat_map(|path| path.as_str().split('/'))
                .map(|segment| segment.split_once('.').map_or(segment, |(stem, _)| stem))
                .collect(),
            names: OnceCell::new(),
        }
    }

    /// Paths of all files and special entries, in lower case, with their true spelling.
    pub(super) fn folded(&self) -> impl Iterator<Item = (&str, &'a str)> {
        self.folded
            .iter()
            .map(|(folded, path)| (folded.as_str(), *path))
    }

    /// Positions of the files whose path is `tail`, or ends with it behind a `/`.
    pub(super) fn with_tail(&self, tail: &str) -> Vec<usize> {
        let files = &self.index.snapshot().files;
        let names = self.names.get_or_init(|| {
            let mut names: HashMap<_, Vec<usize>> = HashMap::new();
            for (position, file) in files.iter().enumerate() {
                names
                    .entry(file.path.file_name())
                    .or_default()
                    .push(position);
            }
            names
        });
        let name = tail.rsplit('/').next().unwrap_or(tail);
        let ends = |position: &&usize| {
            let path = files.get(**position).map(|file| file.path.as_str());
            let rest = path.and_then(|path| path.strip_suffix(tail));
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let named = names.get(name).into_iter().flatten();
        named.filter(ends).copied().collect()
    }

    /// Whether there is a file at `path`, case-exact.
    pub(super) fn has_file(&self, path: &str) -> bool {
        RepoPath::parse(path).is_ok_and(|path| self.index.find(&path).is_some())
    }

    /// Whether there is a folder at `path`.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// Whether there is a folder whose path is `tail`, or ends with it behind a `/`.
    pub(super) fn has_folder_tail(&self, tail: &str) -> bool {
        let ends = |folder: &&str| {
            let rest = folder.strip_suffix(tail);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        self.folders.contains(tail) || self.folders.iter().any(ends)
    }

    /// What stands at `path`, case-exact.
    pub(super) fn standing(&self, path: &RepoPath) -> Standing {
        if let Some((position, _)) = self.index.find(path) {
            return Standing::File(position);
        }
        let text = path.as_str();
        let inside_special = || folders_above(path).any(|folder| self.special.contains(folder));
        if self.special.contains(text) || inside_special() {
            Standing::Special
        } else if self.folders.contains(text) {
            Standing::Folder
        } else {
            Standing::Free
        }
    }

    /// A path that differs from `path` in case only.
    pub(super) fn case_twin(&self, path: &str) -> Option<&'a str> {
        let twin = self.folded.get(&path.to_lowercase()).copied();
        twin.filter(|twin| *twin != path)
    }

    /// A folder above `path` that is a file in the repository.
    pub(super) fn file_above(&self, path: &RepoPath) -> Option<String> {
        folders_above(path)
            .find(|folder| {
                RepoPath::parse(folder).is_ok_and(|above| self.index.find(&above).is_some())
            })
            .map(ToOwned::to_owned)
    }

    /// Whether a folder, or a file without its extension, has this name: modules are called so.
    pub(super) fn has_folder_or_stem(&self, name: &str) -> bool {
        self.stems.contains(name)
    }

    /// How many of the folders above `path` do not exist.
    pub(super) fn missing_folders(&self, path: &RepoPath) -> usize {
        folders_above(path)
            .filter(|folder| !self.folders.contains(folder))
            .count()
    }
}

/// The folders above a path, innermost first, without the root.
fn folders_above(path: &RepoPath) -> impl Iterator<Item = &str> {
    let mut rest = path.as_str();
    std::iter::from_fn(move || {
        let (above, _) = rest.rsplit_once('/')?;
        rest = above;
        Some(above)
    })
}

/// `folder` and a relative path in one, without dots.
pub(super) fn join(folder: &str, relative: &str) -> String {
    let mut segments: Vec<&str> = folder
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}
