//! The map of a repository, and who uses what, in a few lines.

use std::collections::BTreeMap;

use crate::planner::pack::shorten;
use crate::repository::index::Index;
use crate::repository::locate::Location;

/// Deepest folder that is listed.
const MAX_DEPTH: usize = 3;

/// Files that are listed by name with their symbols.
const MAX_FILES: usize = 60;

/// Symbols named for each file.
const MAX_SYMBOLS: usize = 6;

/// Symbols whose users are listed.
const MAX_USED_SYMBOLS: usize = 12;

/// Users listed for each symbol.
const MAX_USERS: usize = 12;

/// Folders with their number of files.
pub(super) fn draw_folders(index: &Index) -> String {
    let mut folders: BTreeMap<String, usize> = BTreeMap::new();
    for file in &index.snapshot().files {
        let folder: Vec<_> = file.path.folder().split('/').take(MAX_DEPTH).collect();
        *folders.entry(folder.join("/")).or_default() += 1;
    }
    let lines = folders.into_iter().map(|(folder, count)| match count {
        1 => format!("{folder}/ 1 file"),
        _ => format!("{folder}/ {count} files"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The candidates with their symbols.
pub(super) fn draw_candidates(index: &Index, location: &Location, bytes: usize) -> String {
    let mut candidates = String::new();
    for located in location.files.iter().take(MAX_FILES) {
        let Some(file) = index.snapshot().files.get(located.file) else {
            continue;
        };
        let best = located.symbols.iter().map(|symbol| &*symbol.name);
        let all = (index.definitions(located.file).iter()).map(|symbol| &*symbol.name);
        let mut names: Vec<&str> = Vec::new();
        for name in best.chain(all) {
            if names.len() < MAX_SYMBOLS && !names.contains(&name) {
                names.push(name);
            }
        }
        candidates.push_str(&format!("{}: {}\n", file.path, names.join(", ")));
    }
    shorten(&mut candidates, bytes);
    candidates.trim_end().to_owned()
}

/// For the symbols that fit best, the files that use them.
pub(super) fn list_users(index: &Index, location: &Location, bytes: usize) -> String {
    let snapshot = index.snapshot();
    let mut lines = String::new();
    let mut seen = Vec::new();
    let candidates = (location.files.iter())
        .filter_map(|located| Some((located.file, located.symbols.first()?)))
        .take(MAX_USED_SYMBOLS);
    for (file, symbol) in candidates {
        if seen.contains(&&symbol.name) {
            continue;
        }
        seen.push(&symbol.name);
        let mut users = index.find_users(&symbol.name);
        users.retain(|user| *user != file);
        let paths: Vec<_> = (users.iter().take(MAX_USERS))
            .filter_map(|user| snapshot.files.get(*user))
            .map(|file| file.path.as_str())
            .collect();
        let Some(path) = snapshot.files.get(file).map(|file| &file.path) else {
            continue;
        };
        let (name, count) = (&symbol.name, users.len());
        lines.push_str(&match count {
            0 => format!("{name} ({path}): used in no other file\n"),
            _ => format!(
                "{name} ({path}): named in {count} other files: {}\n",
                paths.join(", ")
            ),
        });
    }
    shorten(&mut lines, bytes);
    lines.trim_end().to_owned()
}
