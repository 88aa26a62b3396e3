//! Reading manifests for direct dependencies, language level and description. What cannot be read
//! is left out: a broken manifest is its owner's affair.

mod cargo;
mod dotnet;
mod go;
mod gradle;
mod maven;
mod native;
mod npm;
mod php;
mod python;
mod ruby;
mod scan;
mod xml;

use serde_json::Value;

use crate::domain::package::Ecosystem;

/// Dependencies taken from one manifest.
const DEPENDENCIES: usize = 500;

/// Longest name of a package, in bytes; registries allow 214 and less.
const NAME_BYTES: usize = 256;

/// Longest requirement kept, in bytes.
const REQUIREMENT_BYTES: usize = 120;

/// Largest manifest read, in bytes: people write a few thousand lines at most.
const MANIFEST_BYTES: usize = 1024 * 1024;

/// What a dependency is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DependencyKind {
    /// To run.
    Normal,
    /// To run with some features.
    Optional,
    /// To build.
    Build,
    /// To develop and test.
    Development,
}

/// A direct dependency that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestDependency {
    /// Its name, as its registry spells it.
    pub name: String,
    /// Where it is published.
    pub ecosystem: Ecosystem,
    /// The versions asked for, as written; empty when any will do or another file says.
    pub requirement: String,
    /// What it is needed for.
    pub kind: DependencyKind,
    /// The name that code imports it by, where the manifest gives it one.
    pub alias: Option<String>,
    /// The path of the manifest.
    pub manifest: String,
}

/// What a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Whose manifest it is.
    ecosystem: Ecosystem,
    /// Direct dependencies, in the manifest's order.
    pub(super) dependencies: Vec<ManifestDependency>,
    /// Versions that other manifests leave to this one.
    pub(super) pinned: Vec<(String, String)>,
    /// Names that the project itself is imported or published by.
    pub(super) own: Vec<String>,
    /// What the project is about, in its own words; raw text.
    pub(super) description: Option<String>,
    /// The language that the manifest belongs to and its level, such as `edition 2021`.
    levels: Vec<(&'static str, String)>,
}

/// Whether a file of this name is a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    let exact = [
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "Pipfile",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "libs.versions.toml",
        "composer.json",
        "Gemfile",
        "gems.rb",
        "Directory.Packages.props",
        "Directory.Build.props",
        "packages.config",
        "vcpkg.json",
        "conanfile.txt",
        "conanfile.py",
        "CMakeLists.txt",
        "build.sbt",
        "mix.exs",
        "Package.swift",
    ];
    exact.contains(&name)
        || (name.starts_with("requirements") && name.ends_with(".txt"))
        || [".csproj", ".fsproj", ".vbproj", ".gemspec"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub(super) fn read(path: &str, text: &str) -> Self {
        if text.len() > MANIFEST_BYTES {
            return Self::of(Ecosystem::Other);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut manifest = match name {
            "Cargo.toml" => cargo::read(text),
            "package.json" => npm::read(text),
            "pyproject.toml" => python::pyproject(text),
            "setup.py" => python::setup_py(text),
            "setup.cfg" => python::setup_cfg(text),
            "Pipfile" => python::pipfile(text),
            "go.mod" => go::read(text),
            "pom.xml" => maven::read(text),
            "build.gradle" | "build.gradle.kts" => gradle::read(text),
            "libs.versions.toml" => gradle::catalog(text),
            "build.sbt" => gradle::sbt(text),
            "composer.json" => php::read(text),
            "Gemfile" | "gems.rb" => ruby::gemfile(text),
            "mix.exs" => ruby::mix(text),
            "Directory.Packages.props" | "Directory.Build.props" | "packages.config" => {
                dotnet::read(text)
            }
            "vcpkg.json" => native::vcpkg(text),
            "conanfile.txt" => native::conan_text(text),
            "conanfile.py" => native::conan_python(text),
            "CMakeLists.txt" => native::cmake(text),
            _ if name.ends_with(".gemspec") => ruby::gemspec(text),
            _ if name.ends_with("proj") => dotnet::read(text),
            _ if name.starts_with("requirements") => python::requirements(name, text),
            _ => Self::of(Ecosystem::Other),
        };
        manifest.dependencies.truncate(DEPENDENCIES);
        for dependency in &mut manifest.dependencies {
            path.clone_into(&mut dependency.manifest);
        }
        manifest
    }

    /// The level of `language` that this manifest asks for.
    pub(super) fn level(&self, language: &str) -> Option<&str> {
        let mut levels = self.levels.iter();
        let (_, level) = levels.find(|(own, _)| *own == language)?;
        Some(level)
    }

    /// Whose manifest it is.
    pub(super) fn ecosystem(&self) -> Ecosystem {
        self.ecosystem
    }

    fn of(ecosystem: Ecosystem) -> Self {
        Self {
            ecosystem,
            dependencies: Vec::new(),
            pinned: Vec::new(),
            own: Vec::new(),
            description: None,
            levels: Vec::new(),
        }
    }

    /// Takes a dependency, unless its name cannot be one.
    fn add(&mut self, name: &str, requirement: &str, kind: DependencyKind) {
        let name = name.trim();
        let fine = !name.is_empty()
            && name.len() <= NAME_BYTES
            && !name.contains(|c: char| c.is_whitespace() || c.is_control());
        if !fine || self.dependencies.len() >= DEPENDENCIES {
            return;
        }
        let requirement = requirement.trim();
        let kept = requirement.len() <= REQUIREMENT_BYTES
            && !requirement.contains(|c: char| c.is_control());
        self.dependencies.push(ManifestDependency {
            name: match self.ecosystem {
                Ecosystem::Pypi => self.ecosystem.normalise(name),
                _ => name.to_owned(),
            },
            ecosystem: self.ecosystem,
            requirement: if kept { requirement } else { "" }.to_owned(),
            kind,
            alias: None,
            manifest: String::new(),
        });
    }

    fn add_level(&mut self, language: &'static str, level: Option<String>) {
        self.levels.extend(level.map(|level| (language, level)));
    }
}

fn toml(text: &str) -> Value {
    toml::from_str(text).unwrap_or(Value::Null)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or(Value::Null)
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

/// The entries of the table at `pointer`; none when there is no table.
fn entries_at<'a>(
    value: &'a Value,
    pointer: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> + use<'a> {
    let table = value.pointer(pointer).and_then(Value::as_object);
    table.into_iter().flatten()
}

/// The texts of the list at `pointer`.
fn texts_at<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}
