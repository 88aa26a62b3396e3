//! Project files, `Directory.Packages.props` and `packages.config`.

use super::xml::{Event, attribute, events};
use super::{DependencyKind, Manifest};
use crate::domain::package::Ecosystem;

pub(super) fn read(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Nuget);
    // The name of the package that is open, and of the element within it.
    let (mut package, mut field) = ("", "");
    for event in events(text) {
        match event {
            Event::Open("PackageReference" | "GlobalPackageReference", attributes, ended) => {
                let name = attribute(attributes, "Include").unwrap_or_default();
                let version = attribute(attributes, "Version").unwrap_or_default();
                add(name, version, attributes, &mut manifest);
                package = if ended { "" } else { name };
            }
            Event::Open("PackageVersion", attributes, _) => {
                let name = attribute(attributes, "Include").unwrap_or_default();
                let version = attribute(attributes, "Version").unwrap_or_default();
                manifest.pinned.push((name.to_owned(), version.to_owned()));
            }
            Event::Open("package", attributes, _) => {
                let name = attribute(attributes, "id").unwrap_or_default();
                let version = attribute(attributes, "version").unwrap_or_default();
                add(name, version, attributes, &mut manifest);
            }
            Event::Open(name, _, ended) => field = if ended { "" } else { name },
            Event::Text(text) if field == "Version" && !package.is_empty() => {
                if let Some(last) = manifest.dependencies.last_mut() {
                    text.clone_into(&mut last.requirement);
                }
            }
            Event::Text(text) if field == "TargetFramework" => {
                manifest.add_level("C#", Some(text.to_owned()));
            }
            Event::Text(text) if field == "Description" => {
                manifest.description = Some(text.to_owned());
            }
            Event::Text(_) => {}
            Event::Close("PackageReference" | "GlobalPackageReference") => package = "",
            Event::Close(_) => field = "",
        }
    }
    manifest
}

fn add(name: &str, version: &str, attributes: &str, manifest: &mut Manifest) {
    let development = attribute(attributes, "developmentDependency") == Some("true");
    let kind = match development || attribute(attributes, "PrivateAssets") == Some("all") {
        true => DependencyKind::Build,
        false => DependencyKind::Normal,
    };
    // `$(Variable)` stands for what another file says.
    manifest.add(name, if version.contains('$') { "" } else { version }, kind);
}
