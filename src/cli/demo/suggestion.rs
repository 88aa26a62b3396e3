//! What to ask of a repository that nobody asked anything of yet.

use crate::repository::Definition;
use crate::repository::index::Index;

/// Names shorter than this say too little to ask about.
const SHORTEST_NAME: usize = 8;

/// Kinds of definitions that can fail and so can report it.
const CALLABLE: &[&str] = &["function", "method"];

/// An issue to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) title: String,
    pub(super) body: String,
}

/// An issue about the function that most other files use, among those that one file defines.
pub(super) fn suggest(index: &Index) -> Suggestion {
    let snapshot = index.snapshot();
    let best = (0..snapshot.files.len())
        .flat_map(|file| index.definitions(file).iter().map(move |found| (file, found)))
        .filter(|(_, definition)| is_askable(index, definition))
        .map(|(file, definition)| (index.find_users(&definition.name).len(), file, definition))
        // The first of equals wins, so that the same repository gives the same issue.
        .fold(None, |best: Option<(usize, usize, &Definition)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        });
    let found = best.and_then(|(_, file, definition)| {
        let path = snapshot.files.get(file)?.path.as_str();
        Some(about(&definition.name, path))
    });
    found.unwrap_or_else(general)
}

/// An issue for a repository without code.
pub(super) fn general() -> Suggestion {
    Suggestion {
        title: "Explain how to get started".to_owned(),
        body: "Somebody who sees this repository for the first time should learn:\n\n\
               - what it is for,\n- how it is built,\n- and where to begin reading.\n"
            .to_owned(),
    }
}

fn is_askable(index: &Index, definition: &Definition) -> bool {
    CALLABLE.contains(&definition.kind)
        && definition.name.len() >= SHORTEST_NAME
        && is_compound(&definition.name)
        && !definition.name.to_ascii_lowercase().contains("test")
        && index.find_definitions(&definition.name).len() == 1
}

/// Whether a name is made of several words: single ones are found in prose everywhere.
fn is_compound(name: &str) -> bool {
    let inner = name.trim_matches('_');
    inner.contains('_') || inner.chars().skip(1).any(char::is_uppercase)
}

fn about(name: &str, path: &str) -> Suggestion {
    Suggestion {
        title: format!("Say more when `{name}` fails"),
        body: format!(
            "When `{name}` in `{path}` is given something that it cannot handle, its callers learn \
             too little to act on it.\n\nIt should report:\n\n- what was wrong,\n- where it was,\n\
             - and what to do next.\n\nCallers that work today must keep working.\n"
        ),
    }
}
