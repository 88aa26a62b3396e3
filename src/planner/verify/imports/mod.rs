//! G9: import lines name modules that are there: of the repository, of the plan, of a dependency, or of
//! the language's own library.
//!
//! Each language reads its lines leniently: what it does not understand is no finding. A package that some
//! file of the repository imports already, or that a manifest names, is taken as given.

mod c;
mod dotted;
mod go;
mod python;
mod quoted;
mod rust;
mod script;
mod sources;
mod standard;

use crate::domain::repository::RepoPath;
use crate::planner::draft::{Change, Draft};
use crate::planner::verify::Check;
use crate::planner::verify::own::Own;
use sources::Sources;

/// Longest import line that is read, in bytes.
const MAX_LINE_BYTES: usize = 1_000;

/// Lines of one plan that are read.
const MAX_LINES: usize = 400;

/// An import line, and where it would stand.
struct Line<'a> {
    text: &'a str,
    file: &'a RepoPath,
}

/// What of an import line leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Missing {
    /// The package or module.
    module: String,
    /// Whether it would be one of the repository's own.
    is_local: bool,
}

impl Missing {
    fn package(module: &str) -> Self {
        Self {
            module: module.to_owned(),
            is_local: false,
        }
    }

    fn local(module: &str) -> Self {
        Self {
            module: module.to_owned(),
            is_local: true,
        }
    }
}

/// Reads one line of a language.
type Reader = fn(&Line<'_>, &Sources<'_, '_>) -> Option<Missing>;

/// Checks the import lines of all changes.
pub(super) fn check_imports(draft: &Draft, own: &Own, check: &mut Check<'_>) {
    let lines: Vec<_> = (draft.changes.iter().enumerate())
        .flat_map(|(i, change)| lines_of(i, change))
        .take(MAX_LINES + 1)
        .collect();
    let sources = Sources::new(check, own, draft);
    let found: Vec<_> = (lines.iter().take(MAX_LINES))
        .filter_map(|(at, file, text)| {
            let missing = reader_of(file)?(&Line { text, file }, &sources)?;
            Some((at.clone(), missing))
        })
        .collect();
    if lines.len() > MAX_LINES {
        let message = format!("more than {MAX_LINES} import lines; the rest was not looked up");
        check.log.soft("G9", "/changes", message);
    }
    for (at, Missing { module, is_local }) in found {
        let message = if is_local {
            format!("`{module}` is no module of the repository or of this plan")
        } else {
            format!(
                "`{module}` is neither part of the repository nor a dependency, and not proposed as one"
            )
        };
        let candidates = check.nearest_paths(&module.replace(['.', ':', '\\'], "/"));
        check.log.note("G9", &at, message, candidates);
    }
}

/// The import lines of a change that are short enough to be read: pointer, file and text.
fn lines_of(position: usize, change: &Change) -> Vec<(String, RepoPath, &str)> {
    let place = if change.new_path.is_empty() {
        &change.path
    } else {
        &change.new_path
    };
    let Ok(file) = RepoPath::parse(place) else {
        return Vec::new();
    };
    let imports = change.imports.iter().enumerate();
    let lines = imports.flat_map(|(j, import)| import.lines().map(move |line| (j, bare(line))));
    lines
        .filter(|(_, line)| line.len() <= MAX_LINE_BYTES)
        .map(|(j, line)| {
            let at = format!("/changes/{position}/imports/{j}");
            (at, file.clone(), line)
        })
        .collect()
}

/// An import line without what people put before it to say that it comes or goes.
fn bare(text: &str) -> &str {
    let mut text = text.trim().trim_matches('`').trim();
    for start in [
        "+", "-", "add:", "remove:", "Add:", "Remove:", "Add ", "Remove ", "add ", "remove ",
    ] {
        text = text.strip_prefix(start).unwrap_or(text).trim();
    }
    text.trim_matches('`')
}

fn reader_of(file: &RepoPath) -> Option<Reader> {
    Some(match file.extension()?.as_str() {
        "rs" => rust::read,
        "py" | "pyi" | "pyx" => python::read,
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" | "svelte" => {
            script::read
        }
        "go" => go::read,
        "java" | "kt" | "kts" | "scala" | "groovy" => dotted::read_jvm,
        "cs" => dotted::read_csharp,
        "c" | "h" | "cc" | "cpp" | "cxx" | "hh" | "hpp" | "hxx" | "inl" | "ipp" | "cu" => c::read,
        "rb" | "rake" => quoted::read_ruby,
        "php" => dotted::read_php,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
