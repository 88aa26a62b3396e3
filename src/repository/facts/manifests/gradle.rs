//! `build.gradle`, version catalogs, and `build.sbt`: all of them publish to Maven's registries.

use serde_json::Value;

use super::scan::{code_lines, first_word, quoted, value_of};
use super::{DependencyKind, Manifest, entries_at, text_at, toml};
use crate::domain::package::Ecosystem;

/// Words that begin a dependency.
const CONFIGURATIONS: [&str; 9] = [
    "implementation",
    "api",
    "compile",
    "compileOnly",
    "runtimeOnly",
    "runtime",
    "kapt",
    "ksp",
    "classpath",
];

pub(super) fn read(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Maven);
    for line in code_lines(text, &["//", "*", "/*"]) {
        let configuration = first_word(line);
        let kind = kind_of(configuration);
        let known = CONFIGURATIONS.contains(&configuration) || kind != DependencyKind::Normal;
        let named = (value_of(line, "group"), value_of(line, "name"));
        if let (Some(group), Some(name)) = named {
            let version = value_of(line, "version").unwrap_or_default();
            manifest.add(&format!("{group}:{name}"), version, kind);
            continue;
        }
        for text in quoted(line) {
            if let Some((name, version)) = coordinates(text)
                && (known
                    || name
                        .split(':')
                        .next()
                        .is_some_and(|group| group.contains('.')))
            {
                manifest.add(&name, version, kind);
            }
        }
        for key in ["jvmTarget", "sourceCompatibility"] {
            let level = value_of(line, key).map(str::to_owned);
            manifest.add_level("Java", level);
        }
    }
    manifest
}

/// `gradle/libs.versions.toml`.
pub(super) fn catalog(text: &str) -> Manifest {
    let toml = toml(text);
    let mut manifest = Manifest::of(Ecosystem::Maven);
    for (_, entry) in entries_at(&toml, "/libraries") {
        if let Some((name, version)) = entry.as_str().and_then(coordinates) {
            manifest.add(&name, version, DependencyKind::Normal);
            continue;
        }
        let text = |key: &str| entry.get(key).and_then(Value::as_str);
        let module = text("module").map(str::to_owned);
        let module = module.or_else(|| Some(format!("{}:{}", text("group")?, text("name")?)));
        let reference = text_at(entry, "/version/ref");
        let referred = reference.and_then(|name| version_of(toml.get("versions")?.get(&name)?));
        let version = entry.get("version").and_then(version_of).or(referred);
        if let Some(module) = module {
            manifest.add(
                &module,
                &version.unwrap_or_default(),
                DependencyKind::Normal,
            );
        }
    }
    manifest
}

/// `"group" %% "artifact" % "version"`.
pub(super) fn sbt(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Maven);
    for line in code_lines(text, &["//"]) {
        if let Some(level) = value_of(line, "scalaVersion :") {
            manifest.add_level("Scala", Some(level.to_owned()));
        }
        let mut parts = line
            .split('%')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let mut rest = parts.next().unwrap_or_default();
        while let Some(next) = parts.next() {
            let (group, artifact) = (quoted(rest).pop(), quoted(next).first().copied());
            let version = parts.next().unwrap_or_default();
            if let (Some(group), Some(artifact)) = (group, artifact) {
                let kind = match line.contains("% Test") || line.contains("% \"test\"") {
                    true => DependencyKind::Development,
                    false => DependencyKind::Normal,
                };
                let number = quoted(version).first().copied().unwrap_or_default();
                manifest.add(&format!("{group}:{artifact}"), number, kind);
            }
            rest = version;
        }
    }
    manifest
}

fn version_of(value: &Value) -> Option<String> {
    let keys = ["strictly", "require", "prefer"];
    let rich = || keys.iter().find_map(|key| value.get(key)?.as_str());
    value.as_str().or_else(rich).map(str::to_owned)
}

/// `group:artifact` and the version of `group:artifact:version`.
fn coordinates(text: &str) -> Option<(String, &str)> {
    let mut parts = text.split(':');
    let (group, artifact) = (parts.next()?, parts.next()?);
    let version = parts.next().unwrap_or_default();
    let plain = |part: &str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !part.is_empty() && part.chars().all(fine)
    };
    let version = version.split('@').next().unwrap_or_default();
    (plain(group) && plain(artifact)).then(|| (format!("{group}:{artifact}"), version))
}

fn kind_of(configuration: &str) -> DependencyKind {
    let lower = configuration.to_lowercase();
    if lower.contains("test") {
        DependencyKind::Development
    } else if ["kapt", "ksp", "classpath"].contains(&&*lower) || lower.ends_with("processor") {
        DependencyKind::Build
    } else {
        DependencyKind::Normal
    }
}
