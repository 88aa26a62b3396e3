//! G1 and G2: files that a plan touches exist, and places where it adds one are free.

use std::collections::BTreeMap;

use crate::domain::repository::RepoPath;
use crate::planner::draft::{Draft, Operation, Place};
use crate::planner::verify::lookup::Standing;
use crate::planner::verify::{Check, Reference};
use crate::repository::snapshot::why_unread;

/// Files that the plan brings into being: the path, and the position of the change.
pub(super) type Added = BTreeMap<String, usize>;

/// Checks the paths of all changes and returns what the plan adds.
pub(super) fn check_paths(draft: &mut Draft, check: &mut Check<'_>) -> Added {
    let mut added = Added::new();
    for (i, change) in draft.changes.iter_mut().enumerate() {
        let at = format!("/changes/{i}/path");
        tidy(&mut change.path, &at, check);
        match change.op {
            Operation::Add => check_target(&change.path, &at, i, (check, &mut added)),
            Operation::Rename => {
                let at = format!("/changes/{i}/new_path");
                tidy(&mut change.new_path, &at, check);
                check_target(&change.new_path, &at, i, (check, &mut added));
            }
            Operation::Modify | Operation::Delete => {}
        }
        if change.op != Operation::Rename && !change.new_path.is_empty() {
            change.new_path.clear();
            let message = "only a rename has a new path; it was left out".to_owned();
            check
                .log
                .fixed("G1", &format!("/changes/{i}/new_path"), message);
        }
    }
    for (i, change) in draft.changes.iter().enumerate() {
        if change.op != Operation::Add {
            check_source(&change.path, &format!("/changes/{i}/path"), &added, check);
        }
    }
    added
}

/// Spells a path as git does, when that leads to a file.
fn tidy(path: &mut String, at: &str, check: &mut Check<'_>) {
    let exists = |text: &str| {
        RepoPath::parse(text).is_ok_and(|path| check.files.standing(&path) != Standing::Free)
    };
    if exists(path) {
        return;
    }
    let slashes = path.trim().trim_matches('`').replace('\\', "/");
    let tidied = (slashes.split('/'))
        .filter(|segment| !matches!(*segment, "" | "."))
        .collect::<Vec<_>>()
        .join("/");
    let relative = !path.starts_with('/') && RepoPath::parse(path).is_err();
    if tidied != *path && (exists(&tidied) || relative) {
        let message = format!("`{path}` was read as `{tidied}`");
        check.log.fixed("G1", at, message);
        *path = tidied;
    }
}

/// G1: the file to work on exists.
fn check_source(claimed: &str, at: &str, added: &Added, check: &mut Check<'_>) {
    if added.contains_key(claimed) {
        check.log.count(Reference::Located, true);
        if let Ok(path) = RepoPath::parse(claimed) {
            check.log.place(at, Place::new_file(&path));
        }
        return;
    }
    let found = RepoPath::parse(claimed).map(|path| (check.files.standing(&path), path));
    let message = match found {
        Ok((Standing::File(_), path)) => {
            check.log.count(Reference::Located, true);
            check.log.place(at, Place::existing(&path, None));
            return;
        }
        Ok((Standing::Special, _)) => {
            format!("`{claimed}` is a link or part of a submodule, not a file of this repository")
        }
        Ok((Standing::Folder, _)) => format!("`{claimed}` is a folder"),
        Ok((Standing::Free, _)) => match check.files.case_twin(claimed) {
            Some(twin) => format!("`{claimed}` does not exist; `{twin}` differs in case"),
            None => format!("`{claimed}` does not exist at this commit"),
        },
        Err(_) => format!("`{claimed}` is not a path inside the repository"),
    };
    check.log.count(Reference::Located, false);
    let candidates = check.nearest_paths(claimed);
    check.log.hard("G1", at, message, candidates);
}

/// G2: the place for a file is free.
fn check_target(
    claimed: &str,
    at: &str,
    change: usize,
    (check, added): (&mut Check<'_>, &mut Added),
) {
    let refused = match RepoPath::parse(claimed) {
        Err(_) => Some(format!(
            "`{claimed}` is not a path inside the repository; an added or renamed file needs one"
        )),
        Ok(path) => why_taken(&path, check, added),
    };
    check.log.count(Reference::Located, refused.is_none());
    if let Some(message) = refused {
        check.log.hard("G2", at, message, Vec::new());
        return;
    }
    if let Ok(path) = RepoPath::parse(claimed) {
        let missing = check.files.missing_folders(&path);
        if missing > 1 {
            let message = format!("`{claimed}` needs {missing} new folders");
            check.log.soft("G2", at, message);
        }
        if let Some(reason) = why_unread(&path) {
            let message = format!("`{claimed}` is where files are {reason}, which nobody edits");
            check.log.soft("G2", at, message);
        } else if let Some(pattern) = ignored_by(&path, check) {
            let message =
                format!("`{claimed}` would be ignored by git: `.gitignore` has `{pattern}`");
            check.log.soft("G2", at, message);
        }
        check.log.place(at, Place::new_file(&path));
        added.insert(claimed.to_owned(), change);
    }
}

/// The line of the root's `.gitignore` that is about `path`, as far as lines are names, folders or endings. A
/// later exception undoes it.
fn ignored_by(path: &RepoPath, check: &Check<'_>) -> Option<String> {
    let file = RepoPath::parse(".gitignore").ok()?;
    let (_, file) = check.index.find(&file)?;
    let mut ignoring = None;
    for line in file.text.as_deref()?.lines().map(str::trim) {
        match line.strip_prefix('!') {
            Some(pattern) if is_about(pattern, path) => ignoring = None,
            None if is_about(line, path) => ignoring = Some(line.to_owned()),
            _ => {}
        }
    }
    ignoring
}

fn is_about(pattern: &str, path: &RepoPath) -> bool {
    let (path, name) = (path.as_str(), path.file_name());
    let wanted = pattern.trim_start_matches("**/");
    let inner = wanted.trim_matches('/');
    if inner.is_empty() || inner.starts_with('#') {
        return false;
    }
    if let Some(ending) = inner.strip_prefix("*.") {
        return !ending.contains(['*', '?', '[', '/']) && name.ends_with(&format!(".{ending}"));
    }
    if inner.contains(['*', '?', '[']) {
        return false;
    }
    if wanted.starts_with('/') || inner.contains('/') {
        let rest = path.strip_prefix(inner);
        return rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    let is_folder = pattern.ends_with('/');
    let folders = path.split('/').take(path.matches('/').count());
    folders.into_iter().any(|folder| folder == inner) || (!is_folder && name == inner)
}

fn why_taken(path: &RepoPath, check: &Check<'_>, added: &Added) -> Option<String> {
    let text = path.as_str();
    if text.split('/').any(|segment| segment == ".git") {
        return Some(format!("`{text}` lies in git's own folder"));
    }
    match check.files.standing(path) {
        Standing::File(_) => return Some(format!("`{text}` already exists")),
        Standing::Special => return Some(format!("`{text}` is a link or part of a submodule")),
        Standing::Folder => return Some(format!("`{text}` is a folder")),
        Standing::Free => {}
    }
    if let Some(twin) = check.files.case_twin(text) {
        return Some(format!("`{text}` differs from `{twin}` in case only"));
    }
    if let Some(file) = check.files.file_above(path) {
        return Some(format!(
            "`{file}` is a file, so nothing can be put below it"
        ));
    }
    let folded = text.to_lowercase();
    let twin = added.keys().find(|other| other.to_lowercase() == folded)?;
    Some(format!("another change of this plan already adds `{twin}`"))
}
