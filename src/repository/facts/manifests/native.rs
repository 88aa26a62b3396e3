//! C and C++: `vcpkg.json`, Conan's files, and what `CMakeLists.txt` looks for.

use serde_json::Value;

use super::scan::{code_lines, ini, quoted};
use super::{DependencyKind, Manifest, json, text_at};
use crate::domain::package::Ecosystem;

pub(super) fn vcpkg(text: &str) -> Manifest {
    let json = json(text);
    let mut manifest = Manifest::of(Ecosystem::Native);
    let listed = json.get("dependencies").and_then(Value::as_array);
    for entry in listed.into_iter().flatten() {
        let name = entry.as_str().or_else(|| entry.get("name")?.as_str());
        let version = entry.get("version>=").and_then(Value::as_str);
        let host = entry.get("host").and_then(Value::as_bool) == Some(true);
        let kind = match host {
            true => DependencyKind::Build,
            false => DependencyKind::Normal,
        };
        manifest.add(name.unwrap_or_default(), version.unwrap_or_default(), kind);
    }
    manifest.description = text_at(&json, "/description");
    manifest.own.extend(text_at(&json, "/name"));
    manifest
}

pub(super) fn conan_text(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Native);
    for (section, lines) in ini(text) {
        let kind = match section {
            "requires" => DependencyKind::Normal,
            "tool_requires" | "build_requires" => DependencyKind::Build,
            "test_requires" => DependencyKind::Development,
            _ => continue,
        };
        for line in lines {
            add_reference(line.trim(), kind, &mut manifest);
        }
    }
    manifest
}

pub(super) fn conan_python(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Native);
    for line in code_lines(text, &["#"]) {
        let kind = match line.split(['(', '=']).next().unwrap_or_default().trim() {
            "requires" | "self.requires" => DependencyKind::Normal,
            "tool_requires" | "self.tool_requires" | "build_requires" => DependencyKind::Build,
            "test_requires" | "self.test_requires" => DependencyKind::Development,
            _ => continue,
        };
        for reference in quoted(line) {
            add_reference(reference, kind, &mut manifest);
        }
    }
    manifest
}

/// Takes `name/version@user/channel`.
fn add_reference(reference: &str, kind: DependencyKind, manifest: &mut Manifest) {
    if let Some((name, version)) = reference.split_once('/') {
        let version = version.split(['@', '#']).next().unwrap_or_default();
        manifest.add(name, version.trim_matches(['[', ']']), kind);
    }
}

/// `find_package(Name 1.2 …)` and `FetchContent_Declare(name …)`.
pub(super) fn cmake(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Native);
    let mut lines = code_lines(text, &["#"]).peekable();
    while let Some(line) = lines.next() {
        let Some((call, arguments)) = line.split_once('(') else {
            continue;
        };
        let inner = match (arguments.trim(), lines.peek()) {
            ("", Some(next)) => next,
            (arguments, _) => arguments,
        };
        let mut words = inner
            .split([' ', ')', '\t'])
            .filter(|word| !word.is_empty());
        let name = words.next().unwrap_or_default();
        match call.trim().to_lowercase().as_str() {
            "find_package" | "fetchcontent_declare" if !name.contains('$') => {
                let version = words.next().unwrap_or_default();
                let numbered = version.starts_with(|c: char| c.is_ascii_digit());
                manifest.add(
                    name,
                    if numbered { version } else { "" },
                    DependencyKind::Normal,
                );
            }
            "project" => manifest.own.push(name.to_owned()),
            "set" if name == "CMAKE_CXX_STANDARD" => {
                let level = words.next().map(|standard| format!("C++{standard}"));
                manifest.add_level("C++", level);
            }
            _ => {}
        }
    }
    manifest
}
