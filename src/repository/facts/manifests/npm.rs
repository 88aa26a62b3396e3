//! `package.json`.

use serde_json::Value;

use super::{DependencyKind, Manifest, entries_at, json, text_at};
use crate::domain::package::Ecosystem;

pub(super) fn read(text: &str) -> Manifest {
    let json = json(text);
    let mut manifest = Manifest::of(Ecosystem::Npm);
    let tables = [
        ("/dependencies", DependencyKind::Normal),
        ("/peerDependencies", DependencyKind::Normal),
        ("/devDependencies", DependencyKind::Development),
        ("/optionalDependencies", DependencyKind::Optional),
    ];
    for (table, kind) in tables {
        for (name, requirement) in entries_at(&json, table) {
            add(
                name,
                requirement.as_str().unwrap_or_default(),
                kind,
                &mut manifest,
            );
        }
    }
    let node = text_at(&json, "/engines/node").map(|version| format!("Node {version}"));
    manifest.add_level("JavaScript", node.clone());
    manifest.add_level("TypeScript", node);
    manifest.description = text_at(&json, "/description");
    manifest.own.extend(text_at(&json, "/name"));
    let imports = json.get("imports").and_then(Value::as_object);
    manifest
        .own
        .extend(imports.into_iter().flatten().map(|(name, _)| name.clone()));
    manifest
}

/// `"short": "npm:@scope/long@^1"` is imported as `short` and published as `@scope/long`.
fn add(name: &str, requirement: &str, kind: DependencyKind, manifest: &mut Manifest) {
    let Some(target) = requirement.strip_prefix("npm:") else {
        return manifest.add(name, requirement, kind);
    };
    let version = target.rfind('@').filter(|at| *at > 0);
    let (package, requirement) = match version.and_then(|at| target.split_at_checked(at)) {
        Some((package, version)) => (package, version.trim_start_matches('@')),
        None => (target, ""),
    };
    let before = manifest.dependencies.len();
    manifest.add(package, requirement, kind);
    if let Some(added) = manifest.dependencies.get_mut(before) {
        added.alias = Some(name.to_owned());
    }
}
