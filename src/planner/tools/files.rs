//! Folders, paths and lines of files.

use std::collections::BTreeMap;

use super::arguments::Arguments;
use super::page::Page;
use super::{Answer, glob, nearest, symbols};
use crate::domain::repository::{LineRange, RepoPath};

use crate::repository::File;
use crate::repository::index::Index;

/// Most entries of a folder.
const MAX_ENTRIES: usize = 200;

/// Most files found by a pattern.
const MAX_FILES: usize = 50;

/// Most lines shown of a file at one time.
const MAX_LINES: u32 = 200;

/// Longer files are shown by their outline when no lines were asked for.
const LONG_FILE: usize = 400;

/// A file of the snapshot that has a text.
pub(super) struct Text<'a> {
    pub(super) file: usize,
    pub(super) path: &'a RepoPath,
    pub(super) text: &'a str,
}

/// The text of a file; `None` when it was not read.
pub(super) fn text_of(index: &Index, file: usize) -> Option<Text<'_>> {
    let File { path, text, .. } = index.snapshot().files.get(file)?;
    Some(Text {
        file,
        path,
        text: text.as_deref()?,
    })
}

/// The file that the arguments name; who names none gets the nearest ones to choose from.
pub(super) fn named<'a>(index: &'a Index, arguments: &Arguments) -> Result<Text<'a>, String> {
    let path = arguments.path();
    let found = RepoPath::parse(&path)
        .ok()
        .and_then(|path| index.find(&path));
    let Some((file, _)) = found else {
        return Err(missing(index, &path));
    };
    text_of(index, file).ok_or_else(|| {
        format!("`{path}` exists but was not read: it is no text, or too large, or kept out")
    })
}

/// That there is no such file, and which ones resemble it.
fn missing(index: &Index, path: &str) -> String {
    let nearest = nearest::paths(index, path);
    match nearest.as_slice() {
        [] => format!("there is no file `{path}`"),
        some => format!("there is no file `{path}`; there is: {}", some.join(", ")),
    }
}

pub(super) fn list_folder(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let folder = arguments.path();
    let prefix = match folder.as_str() {
        "" => String::new(),
        folder => format!("{folder}/"),
    };
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    let mut files = Vec::new();
    for file in &index.snapshot().files {
        let Some(rest) = file.path.as_str().strip_prefix(&prefix) else {
            continue;
        };
        match rest.split_once('/') {
            Some((folder, _)) => *folders.entry(folder).or_default() += 1,
            None => files.push(rest),
        }
    }
    if folders.is_empty() && files.is_empty() {
        return Err(missing(index, &folder));
    }
    let mut page = Page::new();
    let count = folders.len() + files.len();
    let folders = folders.iter().map(|(name, count)| match count {
        1 => format!("{name}/ (1 file)"),
        _ => format!("{name}/ ({count} files)"),
    });
    let files = files.into_iter().map(ToOwned::to_owned);
    for entry in folders.chain(files).take(MAX_ENTRIES) {
        page.line(&entry);
    }
    if count > MAX_ENTRIES {
        page.line(&format!("[{} more entries]", count - MAX_ENTRIES));
    }
    Ok(page.answer())
}

pub(super) fn find(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let pattern = arguments.needed(&["pattern", "glob", "query", "path", "name"])?;
    let matcher = glob::of_paths(&pattern)?;
    let paths = index.snapshot().files.iter().map(|file| file.path.as_str());
    let found: Vec<_> = paths.filter(|path| matcher.is_match(path)).collect();
    if found.is_empty() {
        let nearest = nearest::paths(index, &pattern);
        return Err(match nearest.as_slice() {
            [] => format!("no file matches `{pattern}`"),
            some => format!("no file matches `{pattern}`; there is: {}", some.join(", ")),
        });
    }
    let mut page = Page::new();
    page.line(&format!("{} files", found.len()));
    for path in found.iter().take(MAX_FILES) {
        page.line(path);
    }
    if found.len() > MAX_FILES {
        page.line(&format!("[{} more files]", found.len() - MAX_FILES));
    }
    Ok(page.answer())
}

pub(super) fn read(index: &Index, arguments: &Arguments) -> Result<Answer, String> {
    let Text { file, path, text } = named(index, arguments)?;
    let count = text.lines().count();
    let start = arguments.line(&["start", "start_line", "from", "offset"]);
    let end = arguments.line(&["end", "end_line", "to"]);
    if start.is_none() && end.is_none() && count > LONG_FILE {
        return symbols::outline(index, arguments);
    }
    let total = u32::try_from(count).unwrap_or(u32::MAX);
    let start = start.unwrap_or(1);
    if start > total.max(1) {
        return Err(format!("`{path}` has only {total} lines"));
    }
    let end = end.unwrap_or(u32::MAX).max(start);
    let end = end
        .min(total.max(1))
        .min(start.saturating_add(MAX_LINES - 1));
    let mut page = Page::new();
    page.line(&format!("{path}:{start}-{end} of {total} lines"));
    let wanted = LineRange::new(start, end);
    let mut last = start;
    for (number, line) in (1..).zip(text.lines()) {
        if wanted.contains(number) {
            if !page.line(line) {
                break;
            }
            last = number;
        }
    }
    page.shows(file, LineRange::new(start, last));
    Ok(page.answer())
}
