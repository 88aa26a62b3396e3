//! `composer.json`.

use super::{DependencyKind, Manifest, entries_at, json, text_at};
use crate::domain::package::Ecosystem;

pub(super) fn read(text: &str) -> Manifest {
    let json = json(text);
    let mut manifest = Manifest::of(Ecosystem::Packagist);
    let tables = [
        ("/require", DependencyKind::Normal),
        ("/require-dev", DependencyKind::Development),
    ];
    for (table, kind) in tables {
        // `php` and `ext-json` are no packages: those have a vendor.
        let packages = entries_at(&json, table).filter(|(name, _)| name.contains('/'));
        for (name, requirement) in packages {
            manifest.add(name, requirement.as_str().unwrap_or_default(), kind);
        }
    }
    manifest.add_level("PHP", text_at(&json, "/require/php"));
    manifest.description = text_at(&json, "/description");
    manifest.own.extend(text_at(&json, "/name"));
    for autoload in ["/autoload/psr-4", "/autoload-dev/psr-4"] {
        let spaces = entries_at(&json, autoload).map(|(space, _)| space.trim_end_matches('\\'));
        manifest.own.extend(spaces.map(str::to_owned));
    }
    manifest
}
