//! `use` and `extern crate` lines.

use super::sources::Sources;
use super::{Line, Missing};

/// Crates that come with the compiler.
const OWN_CRATES: &[&str] = &["std", "core", "alloc", "proc_macro", "test"];

/// Path segments that stand for a place of the repository.
const ANCHORS: &[&str] = &["crate", "self", "super"];

/// What of a line leads nowhere.
pub(super) fn read(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text.trim_end_matches(';').trim();
    let text = match text.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')')?.1.trim_start(),
        Some(rest) if rest.starts_with(' ') => rest.trim_start(),
        _ => text,
    };
    if let Some(name) = text.strip_prefix("extern crate ") {
        let name = name.split_whitespace().next()?;
        return (!is_crate(name, line, sources)).then(|| Missing::package(name));
    }
    let path = text.strip_prefix("use ")?.trim().trim_start_matches("::");
    let names: Vec<&str> = names(path).collect();
    let head = *names.first()?;
    if OWN_CRATES.contains(&head) || head.starts_with('$') {
        return None;
    }
    if ANCHORS.contains(&head) {
        let unknown = names
            .iter()
            .find(|name| !ANCHORS.contains(name) && **name != "Self" && !sources.is_known(name));
        return unknown.map(|name| Missing::local(name));
    }
    (!sources.is_own(head) && !is_crate(head, line, sources)).then(|| Missing::package(head))
}

fn is_crate(name: &str, line: &Line<'_>, sources: &Sources<'_, '_>) -> bool {
    OWN_CRATES.contains(&name)
        || sources.is_proposed(name)
        || sources.is_in_manifest(name)
        || sources.is_imported(line.file, name, &format!("use {name}::"))
        || sources.is_imported(line.file, name, &format!("crate {name}"))
}

/// All names of a path, those in braces included, without what they are renamed to.
fn names(path: &str) -> impl Iterator<Item = &str> {
    let mut is_alias = false;
    path.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
        .filter(|name| !name.is_empty())
        .filter(move |name| {
            let was_alias = std::mem::replace(&mut is_alias, *name == "as");
            !was_alias && *name != "as"
        })
}
