//! `Cargo.toml`.

use serde_json::Value;

use super::{DependencyKind, Manifest, entries_at, text_at, toml};
use crate::domain::package::Ecosystem;

pub(super) fn read(text: &str) -> Manifest {
    let toml = toml(text);
    let mut manifest = Manifest::of(Ecosystem::Cargo);
    add_tables(&toml, &mut manifest);
    for (_, target) in entries_at(&toml, "/target") {
        add_tables(target, &mut manifest);
    }
    for (name, entry) in entries_at(&toml, "/workspace/dependencies") {
        let pinned = (package(name, entry), requirement(entry));
        manifest
            .pinned
            .push((pinned.0.to_owned(), pinned.1.clone()));
        add(name, entry, DependencyKind::Normal, &mut manifest);
    }
    let edition = text_at(&toml, "/package/edition");
    let edition = edition.or_else(|| text_at(&toml, "/workspace/package/edition"));
    manifest.add_level("Rust", edition.map(|edition| format!("edition {edition}")));
    manifest.description = text_at(&toml, "/package/description");
    manifest.own.extend(text_at(&toml, "/package/name"));
    manifest.own.extend(text_at(&toml, "/lib/name"));
    manifest
}

fn add_tables(toml: &Value, manifest: &mut Manifest) {
    let tables = [
        ("/dependencies", DependencyKind::Normal),
        ("/dev-dependencies", DependencyKind::Development),
        ("/build-dependencies", DependencyKind::Build),
    ];
    for (table, kind) in tables {
        for (name, entry) in entries_at(toml, table) {
            add(name, entry, kind, manifest);
        }
    }
}

fn add(name: &str, entry: &Value, kind: DependencyKind, manifest: &mut Manifest) {
    let optional = entry.get("optional").and_then(Value::as_bool) == Some(true);
    let kind = match kind {
        DependencyKind::Normal if optional => DependencyKind::Optional,
        kind => kind,
    };
    let package = package(name, entry);
    let before = manifest.dependencies.len();
    manifest.add(package, &requirement(entry), kind);
    if package != name
        && let Some(added) = manifest.dependencies.get_mut(before)
    {
        added.alias = Some(name.to_owned());
    }
}

fn package<'a>(name: &'a str, entry: &'a Value) -> &'a str {
    entry.get("package").and_then(Value::as_str).unwrap_or(name)
}

fn requirement(entry: &Value) -> String {
    let version = entry.as_str().or_else(|| entry.get("version")?.as_str());
    version.unwrap_or_default().to_owned()
}
