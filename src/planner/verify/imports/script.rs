//! `import`, `export … from` and `require` of JavaScript and TypeScript.

use super::sources::Sources;
use super::standard::{NODE, has};
use super::{Line, Missing};
use crate::planner::verify::lookup::join;

/// What may be left out at the end of a module's path.
const ENDINGS: &[&str] = &[
    "",
    ".js",
    ".mjs",
    ".cjs",
    ".jsx",
    ".ts",
    ".mts",
    ".cts",
    ".tsx",
    ".d.ts",
    ".json",
    ".vue",
    ".svelte",
    ".css",
    ".scss",
    "/index.js",
    "/index.mjs",
    "/index.ts",
    "/index.tsx",
    "/index.jsx",
    "/index.d.ts",
    "/index.vue",
    "/package.json",
];

/// What of a line leads nowhere.
pub(super) fn read(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let module = module(line.text)?;
    if module.is_empty() || module.contains(['*', '$', '{', '!', '?']) {
        return None;
    }
    if module.starts_with("./") || module.starts_with("../") || module == "." || module == ".." {
        return relative(module, line, sources);
    }
    // Addresses, and aliases of folders that build tools resolve.
    if module.starts_with(['/', '~', '#', '@']) && !is_scoped(module) || module.contains(':') {
        let builtin = module.strip_prefix("node:")?;
        let head = builtin.split('/').next().unwrap_or(builtin);
        return (!has(NODE, head)).then(|| Missing::package(module));
    }
    let package = package(module);
    if has(NODE, package) {
        return None;
    }
    let head = module.split('/').next().unwrap_or(module);
    // With a base folder set, modules of the repository begin with a folder's name.
    let is_based = module.contains('/') && !is_scoped(module) && sources.is_own(head);
    let word = package.rsplit(['/', '@']).next().unwrap_or(package);
    let is_dependency = is_based
        || sources.is_proposed(package)
        || sources.is_in_manifest(package)
        || sources.is_imported(line.file, word, &format!("'{package}"))
        || sources.is_imported(line.file, word, &format!("\"{package}"))
        || (!is_scoped(module) && sources.has_tail(&format!("{package}/package.json")));
    (!is_dependency).then(|| Missing::package(package))
}

fn relative(module: &str, line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let module = module.split('?').next().unwrap_or(module);
    let path = join(line.file.folder(), module);
    // Sources are written in another language than what is built from them.
    let bare = [".js", ".mjs", ".cjs", ".jsx"]
        .iter()
        .find_map(|end| path.strip_suffix(end));
    let stems: Vec<&str> = std::iter::once(path.as_str()).chain(bare).collect();
    let mut paths = Vec::new();
    for stem in stems {
        paths.extend(ENDINGS.iter().map(|ending| format!("{stem}{ending}")));
    }
    // What a build writes is not in the repository, nor is its folder.
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_output = |segment: &str| matches!(segment, "dist" | "build" | "lib" | "generated");
    let is_built = path.split('/').any(is_output) && !sources.check.files.has_folder(folder);
    (!path.is_empty() && !is_built && !sources.has_file(paths.into_iter()))
        .then(|| Missing::local(module))
}

/// The module that a line names: the last quoted text of an import, or of a call that loads.
fn module(text: &str) -> Option<&str> {
    let is_import = ["import", "export", "require", "from"]
        .iter()
        .any(|word| text.contains(word));
    let is_bare = text.starts_with(['"', '\'']);
    if !is_import && !is_bare {
        return None;
    }
    let mut quoted = text.split(['"', '\'', '`']).skip(1).step_by(2);
    quoted.next()
}

fn is_scoped(module: &str) -> bool {
    module.strip_prefix('@').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.contains('/')
    })
}

/// The package of a module: its first segment, two with a scope.
fn package(module: &str) -> &str {
    let count = if is_scoped(module) { 2 } else { 1 };
    let end = module.match_indices('/').nth(count - 1).map(|(at, _)| at);
    module.get(..end.unwrap_or(module.len())).unwrap_or(module)
}
