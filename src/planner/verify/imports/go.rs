//! Import paths of Go.

use super::sources::Sources;
use super::standard::{GO, has};
use super::{Line, Missing};

/// Hosts whose paths begin with an owner or a family, so that a repository takes three segments.
const OWNED: [&str; 5] = [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "codeberg.org",
    "golang.org",
];

/// What of a line leads nowhere.
pub(super) fn read(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let mut paths = line.text.split(['"', '`']).skip(1).step_by(2);
    paths.find_map(|path| missing(path, line, sources))
}

fn missing(path: &str, line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let segments: Vec<&str> = path.split('/').collect();
    let head = *segments.first()?;
    let last = *segments.last()?;
    if head.is_empty() || path.contains(char::is_whitespace) || path == "C" {
        return None;
    }
    let word = last.rsplit(['-', '.']).next().unwrap_or(last);
    if sources.is_imported(line.file, word, &format!("\"{path}\"")) {
        return None;
    }
    if let Some(folder) = own_folder(path, sources) {
        let is_there = folder.is_empty()
            || sources.check.files.has_folder_tail(&folder)
            || sources.is_added_folder(&folder);
        return (!is_there).then(|| Missing::local(path));
    }
    if !head.contains('.') {
        return (!has(GO, path) && !sources.is_own(head)).then(|| Missing::package(path));
    }
    // Any module of a required repository comes with it; other repositories of its owner do not.
    let shortest = if OWNED.contains(&head) { 3 } else { 2 };
    let mut prefixes = (shortest..=segments.len())
        .rev()
        .filter_map(|count| Some(segments.get(..count)?.join("/")));
    let is_required = prefixes.any(|prefix| sources.is_in_manifest(&prefix));
    let repository = segments
        .get(..3.min(segments.len()))
        .unwrap_or_default()
        .join("/");
    let name = segments.get(2).unwrap_or(&last);
    let word = name.split(['-', '.']).next().unwrap_or(name);
    let is_dependency = is_required
        || sources.is_proposed(&repository)
        || sources.is_proposed(path)
        || sources.is_imported(line.file, word, &format!("\"{repository}"));
    (!is_dependency).then(|| Missing::package(path))
}

/// The folder of the repository that a path stands for, when it begins with the repository's own module.
fn own_folder(path: &str, sources: &Sources<'_, '_>) -> Option<String> {
    let files = &sources.check.index.snapshot().files;
    let manifests = sources.check.files.with_tail("go.mod");
    manifests.into_iter().find_map(|manifest| {
        let manifest = files.get(manifest)?;
        let mut lines = manifest.text.as_deref()?.lines();
        let module = lines.find_map(|line| line.trim().strip_prefix("module "))?;
        let module = module.split_whitespace().next()?.trim_matches('"');
        let rest = path.strip_prefix(module)?;
        let inner = rest.strip_prefix('/').or((rest.is_empty()).then_some(""))?;
        let folder = manifest.path.folder();
        Some(match (folder, inner) {
            ("", inner) => inner.to_owned(),
            (folder, "") => folder.to_owned(),
            (folder, inner) => format!("{folder}/{inner}"),
        })
    })
}
