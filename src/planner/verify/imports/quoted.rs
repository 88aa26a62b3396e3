//! `require` lines of Ruby.

use super::sources::Sources;
use super::standard::{RUBY, has};
use super::{Line, Missing};
use crate::planner::verify::lookup::join;

/// What of a line leads nowhere.
pub(super) fn read_ruby(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text;
    let name = text.split(['"', '\'']).nth(1)?;
    if name.is_empty() || name.contains("#{") {
        return None;
    }
    let file = if name.ends_with(".rb") {
        name.to_owned()
    } else {
        format!("{name}.rb")
    };
    if text.starts_with("require_relative") {
        let path = join(line.file.folder(), &file);
        return (!sources.has_file(std::iter::once(path))).then(|| Missing::local(name));
    }
    if !text.starts_with("require") && !text.starts_with("gem ") {
        return None;
    }
    let head = name.split('/').next().unwrap_or(name);
    let word = head.rsplit('-').next().unwrap_or(head);
    // What lies below the repository's own name is its own, or a gem's that a manifest names.
    let mut above = name
        .match_indices('/')
        .filter_map(|(end, _)| name.get(..end));
    if above.any(|above| sources.has_tail(&format!("lib/{above}.rb"))) {
        let found = sources.has_tail(&file)
            || sources.is_in_manifest(&name.replace('/', "-"))
            || sources.is_proposed(name)
            || sources.is_imported(line.file, word, &format!("'{name}'"))
            || sources.is_imported(line.file, word, &format!("\"{name}\""));
        return (!found).then(|| Missing::local(name));
    }
    let found = has(RUBY, head)
        || sources.has_tail(&file)
        || sources.is_proposed(head)
        || sources.is_in_manifest(head)
        || sources.is_in_manifest(&name.replace('/', "-"))
        || sources.is_imported(line.file, word, &format!("'{head}"))
        || sources.is_imported(line.file, word, &format!("\"{head}"));
    (!found).then(|| Missing::package(name))
}
