//! Finding files by what people write of their paths.

use std::collections::HashMap;

use crate::repository::Snapshot;
use crate::repository::priors::stem;

/// The files of a snapshot by their last names.
#[derive(Debug)]
pub(super) struct Directory<'a> {
    paths: Vec<Vec<&'a str>>,
    by_name: HashMap<&'a str, Vec<usize>>,
    /// By the name that imports use: the stem, or the folder of `mod.rs` and its like.
    by_module: HashMap<&'a str, Vec<usize>>,
    modules: Vec<Vec<&'a str>>,
}

/// A file that a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    /// Its position.
    pub(super) file: usize,
    /// How many segments of its path were named.
    pub(super) segments: usize,
}

/// Files that stand for their folder.
const FOLDER_FILES: &[&str] = &["mod", "__init__", "index", "lib", "main"];

/// Folders that imports leave out.
const SILENT_FOLDERS: &[&str] = &["src", "lib", "main", "java", "kotlin", "python"];

impl<'a> Directory<'a> {
    /// Lists all files.
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        let mut directory = Self {
            paths: Vec::with_capacity(snapshot.files.len()),
            by_name: HashMap::new(),
            by_module: HashMap::new(),
            modules: Vec::with_capacity(snapshot.files.len()),
        };
        for (file, entry) in snapshot.files.iter().enumerate() {
            let path: Vec<&str> = entry.path.as_str().split('/').collect();
            let module = module_of(&path);
            if let Some(name) = path.last() {
                directory.by_name.entry(name).or_default().push(file);
            }
            if let Some(name) = module.last() {
                directory.by_module.entry(name).or_default().push(file);
            }
            directory.paths.push(path);
            directory.modules.push(module);
        }
        directory
    }

    /// The files that a path stands for: all of it is the end of theirs, or, where a path leads
    /// from somebody's disk into a copy of the repository, at least two segments are.
    pub(super) fn find_path(&self, written: &str) -> Vec<Match> {
        let is_absolute = written.starts_with('/') || written.starts_with('~') || {
            let drive = written.get(1..3);
            drive == Some(":/")
        };
        let segments: Vec<&str> = written
            .split('/')
            .filter(|segment| !matches!(*segment, "" | "." | ".."))
            .collect();
        let Some(name) = segments.last() else {
            return Vec::new();
        };
        let found = best(self.by_name.get(name), &self.paths, &segments);
        let wanted = if is_absolute { 2 } else { segments.len() };
        let whole = |found: &Match| {
            let all = self.paths.get(found.file).map_or(0, Vec::len);
            found.segments >= wanted.min(segments.len()) || (found.segments == all && all > 1)
        };
        found.into_iter().filter(whole).collect()
    }

    /// The files that `a.b.c` or `a/b/c` stand for as modules, and how many of the names are left
    /// for symbols inside.
    pub(super) fn find_module(&self, names: &[&str]) -> (Vec<Match>, usize) {
        for taken in (2..=names.len()).rev() {
            let Some((path, rest)) = names.split_at_checked(taken) else {
                continue;
            };
            let found = best(
                path.last().and_then(|name| self.by_module.get(name)),
                &self.modules,
                path,
            );
            let fits = |found: &Match| {
                // The first name is often that of the package, and no folder.
                let all = self.modules.get(found.file).map_or(0, Vec::len);
                found.segments == taken || (found.segments + 1 == taken && found.segments == all)
            };
            let found: Vec<Match> = found.into_iter().filter(fits).collect();
            if !found.is_empty() {
                return (found, rest.len());
            }
        }
        (Vec::new(), names.len())
    }
}

/// The candidates that share the most last segments with `segments`.
fn best(candidates: Option<&Vec<usize>>, paths: &[Vec<&str>], segments: &[&str]) -> Vec<Match> {
    let matches = candidates.into_iter().flatten().map(|file| {
        let path = paths.get(*file).map_or(&[][..], Vec::as_slice);
        let pairs = path.iter().rev().zip(segments.iter().rev());
        Match {
            file: *file,
            segments: pairs.take_while(|(own, other)| own == other).count(),
        }
    });
    let matches: Vec<Match> = matches.collect();
    let most = matches.iter().map(|found| found.segments).max();
    matches
        .into_iter()
        .filter(|found| Some(found.segments) == most)
        .collect()
}

/// The path as imports spell it.
fn module_of<'a>(path: &[&'a str]) -> Vec<&'a str> {
    let Some((name, folders)) = path.split_last() else {
        return Vec::new();
    };
    let name = stem(name);
    let spoken = |folder: &&&str| !SILENT_FOLDERS.contains(*folder);
    let mut module: Vec<&str> = folders.iter().filter(spoken).copied().collect();
    if !FOLDER_FILES.contains(&name) || module.is_empty() {
        module.push(name);
    }
    module
}
