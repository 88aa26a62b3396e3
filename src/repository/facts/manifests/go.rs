//! `go.mod`.

use super::{DependencyKind, Manifest};
use crate::domain::package::Ecosystem;

pub(super) fn read(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Go);
    let mut block = "";
    for line in text.lines().map(str::trim) {
        let indirect = line.ends_with("// indirect");
        let line = line.split("//").next().unwrap_or_default();
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["go", version] => manifest.add_level("Go", Some((*version).to_owned())),
            ["module", name] => manifest.own.push((*name).trim_matches('"').to_owned()),
            [directive, "("] => block = directive,
            [")"] => block = "",
            ["require", name, version] => add(name, version, indirect, &mut manifest),
            [name, version] if block == "require" => add(name, version, indirect, &mut manifest),
            ["tool", name] => add_tool(name, &mut manifest),
            [name] if block == "tool" => add_tool(name, &mut manifest),
            _ => {}
        }
    }
    manifest
}

fn add(name: &str, version: &str, indirect: bool, manifest: &mut Manifest) {
    if !indirect {
        manifest.add(name.trim_matches('"'), version, DependencyKind::Normal);
    }
}

fn add_tool(name: &str, manifest: &mut Manifest) {
    manifest.add(name, "", DependencyKind::Build);
}
