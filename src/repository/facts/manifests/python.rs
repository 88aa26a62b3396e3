//! `pyproject.toml`, requirement files, `setup.cfg`, `setup.py` and `Pipfile`.

use serde_json::Value;

use super::scan::{bracketed, ini, values};
use super::{DependencyKind, Manifest, entries_at, text_at, texts_at, toml};
use crate::domain::package::Ecosystem;

pub(super) fn pyproject(text: &str) -> Manifest {
    let toml = toml(text);
    let mut manifest = Manifest::of(Ecosystem::Pypi);
    add_all(
        texts_at(&toml, "/project/dependencies"),
        DependencyKind::Normal,
        &mut manifest,
    );
    let groups = [
        ("/project/optional-dependencies", DependencyKind::Optional),
        ("/dependency-groups", DependencyKind::Development),
        ("/tool/pdm/dev-dependencies", DependencyKind::Development),
    ];
    for (pointer, kind) in groups {
        for (_, group) in entries_at(&toml, pointer) {
            add_all(texts_at(group, ""), kind, &mut manifest);
        }
    }
    add_all(
        texts_at(&toml, "/tool/uv/dev-dependencies"),
        DependencyKind::Development,
        &mut manifest,
    );
    add_all(
        texts_at(&toml, "/build-system/requires"),
        DependencyKind::Build,
        &mut manifest,
    );
    poetry(&toml, &mut manifest);
    let python = text_at(&toml, "/project/requires-python");
    let python = python.or_else(|| text_at(&toml, "/tool/poetry/dependencies/python"));
    manifest.add_level("Python", python);
    for section in ["/project", "/tool/poetry"] {
        manifest
            .own
            .extend(text_at(&toml, &format!("{section}/name")));
        let description = text_at(&toml, &format!("{section}/description"));
        manifest.description = manifest.description.or(description);
    }
    manifest
}

fn poetry(toml: &Value, manifest: &mut Manifest) {
    let mut tables = vec![
        (
            "/tool/poetry/dependencies".to_owned(),
            DependencyKind::Normal,
        ),
        (
            "/tool/poetry/dev-dependencies".to_owned(),
            DependencyKind::Development,
        ),
    ];
    for (group, _) in entries_at(toml, "/tool/poetry/group") {
        // A group whose name holds `/` or `~` cannot be written this way, and is not found.
        let pointer = format!("/tool/poetry/group/{group}/dependencies");
        tables.push((pointer, DependencyKind::Development));
    }
    for (pointer, kind) in tables {
        let packages = entries_at(toml, &pointer).filter(|(name, _)| *name != "python");
        for (name, entry) in packages {
            let optional = entry.get("optional").and_then(Value::as_bool) == Some(true);
            let kind = if optional {
                DependencyKind::Optional
            } else {
                kind
            };
            manifest.add(name, &table_version(entry), kind);
        }
    }
}

pub(super) fn pipfile(text: &str) -> Manifest {
    let toml = toml(text);
    let mut manifest = Manifest::of(Ecosystem::Pypi);
    let tables = [
        ("/packages", DependencyKind::Normal),
        ("/dev-packages", DependencyKind::Development),
    ];
    for (table, kind) in tables {
        for (name, entry) in entries_at(&toml, table) {
            manifest.add(name, table_version(entry).trim_matches('*'), kind);
        }
    }
    manifest.add_level("Python", text_at(&toml, "/requires/python_version"));
    manifest
}

fn table_version(entry: &Value) -> String {
    let version = entry.as_str().or_else(|| entry.get("version")?.as_str());
    version.unwrap_or_default().to_owned()
}

pub(super) fn requirements(name: &str, text: &str) -> Manifest {
    let development = ["dev", "test", "lint", "doc"]
        .iter()
        .any(|part| name.contains(part));
    let kind = match development {
        true => DependencyKind::Development,
        false => DependencyKind::Normal,
    };
    let mut manifest = Manifest::of(Ecosystem::Pypi);
    add_all(text.lines(), kind, &mut manifest);
    manifest
}

pub(super) fn setup_cfg(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Pypi);
    for (section, lines) in ini(text) {
        let mut key = "";
        for line in lines {
            let indented = line.starts_with(char::is_whitespace);
            let requirement = match line.split_once('=') {
                Some((name, value)) if !indented => {
                    key = name.trim();
                    value
                }
                _ => line,
            };
            match (section, key) {
                ("options", "install_requires") => {
                    add_one(requirement, DependencyKind::Normal, &mut manifest);
                }
                ("options", "tests_require") => {
                    add_one(requirement, DependencyKind::Development, &mut manifest);
                }
                ("options.extras_require", _) => {
                    add_one(requirement, DependencyKind::Optional, &mut manifest);
                }
                ("options", "python_requires") if !indented => {
                    manifest.add_level("Python", Some(requirement.trim().to_owned()));
                }
                ("metadata", "name") if !indented => {
                    manifest.own.push(requirement.trim().to_owned());
                }
                _ => {}
            }
        }
    }
    manifest
}

/// The quoted requirements in the lists behind the known words; nothing is run.
pub(super) fn setup_py(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Pypi);
    let words = [
        ("install_requires", DependencyKind::Normal),
        ("tests_require", DependencyKind::Development),
        ("extras_require", DependencyKind::Optional),
    ];
    for (word, kind) in words {
        for rest in text.split(word).skip(1) {
            let list = rest.trim_start().strip_prefix(['=', ':']);
            let list = list.and_then(|list| bracketed(list.trim_start()));
            for line in list.unwrap_or_default().lines() {
                let code = line.split(" #").next().unwrap_or_default();
                let comment = code.trim_start().starts_with('#');
                let texts = if comment { Vec::new() } else { values(code) };
                add_all(texts.into_iter(), kind, &mut manifest);
            }
        }
    }
    manifest
}

fn add_all<'a>(
    requirements: impl Iterator<Item = &'a str>,
    kind: DependencyKind,
    manifest: &mut Manifest,
) {
    for requirement in requirements {
        add_one(requirement, kind, manifest);
    }
}

/// Takes `name[extra]>=1; marker # comment`; passes over options, comments and addresses.
fn add_one(requirement: &str, kind: DependencyKind, manifest: &mut Manifest) {
    let requirement = requirement.split(" #").next().unwrap_or_default().trim();
    let requirement = requirement.split(';').next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement
        .find(|c| !is_name(c))
        .unwrap_or(requirement.len());
    let Some((name, rest)) = requirement.split_at_checked(end) else {
        return;
    };
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim_start(),
        None => rest,
    };
    let version = match rest.starts_with(['=', '<', '>', '~', '!', '(']) {
        true => rest.trim_matches(['(', ')', ' ', '\\']),
        false => "",
    };
    // `git+https://…` and `./folder` name no package, and prose does not look like a requirement.
    let fine = rest.is_empty() || !version.is_empty() || rest.starts_with('@');
    if fine && name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        manifest.add(name, version, kind);
    }
}
