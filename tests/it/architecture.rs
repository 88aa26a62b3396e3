//! The rules of `docs/ARCHITECTURE.md` that a machine can check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lowest layer first. A module may use modules of the rows above its own, and none of its own row.
const LAYERS: &[&[&str]] = &[
    &["domain", "text"],
    &["config", "render", "redact"],
    &["http", "telemetry", "shutdown"],
    &["forge", "model", "registry", "store"],
    &["repository"],
    &["planner"],
    &["service"],
    &["web", "worker"],
    &["sandbox"],
    &["cli"],
];

/// Files that hold no production code.
const TEST_ONLY: &[&str] = &["testing/", "tests.rs"];

/// The crate roots, which belong to no module.
const ROOTS: &[&str] = &["lib.rs", "main.rs"];

/// Production lines a file may have.
const MAX_LINES: usize = 400;

#[test]
fn modules_use_only_lower_layers() {
    let ranks = ranks();
    let mut broken = Vec::new();
    for source in sources() {
        let path = source.path.display();
        let own = ranks.get(source.module.as_str());
        for used in used_modules(&source.text) {
            if used.is_empty() {
                broken.push(format!(
                    "{path}: write `use crate::module::…`, one line per module"
                ));
            } else if used != source.module && own <= ranks.get(used) {
                broken.push(format!("{path}: `{}` must not use `{used}`", source.module));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    let ranks = ranks();
    let unranked: Vec<_> = sources()
        .into_iter()
        .map(|source| source.module)
        .filter(|module| !ranks.contains_key(module.as_str()))
        .collect();
    assert!(unranked.is_empty(), "add to LAYERS: {unranked:?}");
}

#[test]
fn files_stay_short() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.lines().count() > MAX_LINES)
        .map(|source| source.path)
        .collect();
    assert!(long.is_empty(), "split these files: {long:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<_> = sources()
        .into_iter()
        .filter(|source| !source.text.starts_with("//!"))
        .map(|source| source.path)
        .collect();
    assert!(
        silent.is_empty(),
        "start these files with a `//!` sentence: {silent:?}"
    );
}

#[test]
fn documents_are_rendered_in_one_place_after_redaction() {
    let places: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("render::document("))
        .map(|source| source.path)
        .collect();
    assert_eq!(places, [Path::new("service/comment.rs")]);
}

#[test]
fn models_are_opened_in_one_place_behind_redaction() {
    let places: Vec<_> = sources()
        .into_iter()
        .filter(|source| source.text.contains("model::open("))
        .map(|source| source.path)
        .collect();
    assert_eq!(places, [Path::new("cli/compose/mod.rs")]);
}

struct Source {
    /// Top-level module the file belongs to.
    module: String,
    /// Path below `src/`.
    path: PathBuf,
    /// The production part of the text.
    text: String,
}

fn ranks() -> BTreeMap<&'static str, usize> {
    LAYERS
        .iter()
        .enumerate()
        .flat_map(|(rank, row)| row.iter().map(move |module| (*module, rank)))
        .collect()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path.strip_prefix(&root).unwrap().to_owned();
                let name = relative.to_string_lossy().replace('\\', "/");
                let test_only = TEST_ONLY
                    .iter()
                    .any(|part| name.starts_with(part) || name.ends_with(part));
                if test_only || ROOTS.contains(&name.as_str()) {
                    continue;
                }
                let module = name
                    .split('/')
                    .next()
                    .unwrap()
                    .trim_end_matches(".rs")
                    .to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let text = text
                    .split("#[cfg(test)]\nmod tests")
                    .next()
                    .unwrap()
                    .to_owned();
                sources.push(Source {
                    module,
                    path: relative,
                    text,
                });
            }
        }
    }
    sources
}

/// The module after each `crate::`; empty for a `crate::{…}` group.
fn used_modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        })
}
