//! What the manifests of a repository declare, put together.

use std::collections::HashMap;

use super::imports;
use super::manifests::{self, Manifest, ManifestDependency};
use crate::domain::package::Ecosystem;
use crate::repository::index::Index;

/// Manifests read for their dependencies, those nearest to the root first.
const MANIFESTS: usize = 400;

/// Bytes of manifests read in all.
const BYTES: usize = 8 * 1024 * 1024;

/// Direct dependencies and own names of all projects in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Declared {
    /// Direct dependencies, nearest manifest first, in its order.
    pub dependencies: Vec<ManifestDependency>,
    /// Names that the repository's own projects are published or imported by.
    pub own: Vec<(Ecosystem, String)>,
}

impl Declared {
    /// What the manifests of `index` declare; those of tests and examples are left out.
    pub fn of(index: &Index) -> Self {
        let found = find_manifests(index);
        let read = found.iter().map(|(path, text)| Manifest::read(path, text));
        Self::join(&read.collect::<Vec<_>>())
    }

    /// Puts manifests together; versions that one leaves to another are taken from there.
    pub(super) fn join(manifests: &[Manifest]) -> Self {
        let mut pinned: HashMap<(Ecosystem, String), &str> = HashMap::new();
        for manifest in manifests {
            let ecosystem = manifest.ecosystem();
            for (name, version) in manifest
                .pinned
                .iter()
                .filter(|(_, version)| !version.is_empty())
            {
                let key = (ecosystem, ecosystem.normalise(name));
                pinned.entry(key).or_insert(version);
            }
        }
        let mut declared = Self::default();
        for manifest in manifests {
            let ecosystem = manifest.ecosystem();
            let own = manifest.own.iter().cloned();
            declared.own.extend(own.map(|name| (ecosystem, name)));
            for dependency in &manifest.dependencies {
                let mut dependency = dependency.clone();
                if dependency.requirement.is_empty() {
                    let key = (ecosystem, ecosystem.normalise(&dependency.name));
                    let version = pinned.get(&key).copied().unwrap_or_default();
                    version.clone_into(&mut dependency.requirement);
                }
                declared.dependencies.push(dependency);
            }
        }
        declared
    }

    /// The dependency of that name, from the manifest nearest to the root. [`Ecosystem::Other`] means
    /// any of those that plans have no word for.
    pub fn find(&self, ecosystem: Ecosystem, name: &str) -> Option<&ManifestDependency> {
        let mut dependencies = self.dependencies.iter();
        dependencies.find(|known| {
            let unnamed = matches!(known.ecosystem, Ecosystem::Packagist | Ecosystem::Native);
            let alike = known.ecosystem == ecosystem || (ecosystem == Ecosystem::Other && unnamed);
            alike && known.ecosystem.same(&known.name, name)
        })
    }

    /// The dependency that provides what code in `language` imports as `module`: a module, namespace
    /// or path as the language writes it, such as `tokio::sync`, `yaml`, `@scope/name/part`.
    /// Lenient: it is used to find what is missing, so doubt counts as found.
    pub fn provides_import(&self, language: &str, module: &str) -> Option<&ManifestDependency> {
        let ecosystem = imports::ecosystem_of(language)?;
        let mut dependencies = self.dependencies.iter();
        dependencies.find(|dependency| {
            let alias = dependency.alias.as_deref();
            let names = [alias, Some(&*dependency.name)].into_iter().flatten();
            dependency.ecosystem == ecosystem
                && names
                    .into_iter()
                    .any(|name| imports::provides(ecosystem, name, module))
        })
    }

    /// Whether `module` belongs to one of the repository's own projects.
    pub fn is_own_import(&self, language: &str, module: &str) -> bool {
        let Some(ecosystem) = imports::ecosystem_of(language) else {
            return false;
        };
        let mut own = self.own.iter();
        own.any(|(of, name)| *of == ecosystem && imports::provides(ecosystem, name, module))
    }
}

/// Manifests with their texts, nearest to the root first; those of tests and examples left out.
pub(super) fn find_manifests(index: &Index) -> Vec<(&str, &str)> {
    let files = index.snapshot().files.iter().enumerate();
    let mut found: Vec<(&str, &str)> = files
        .filter(|(position, file)| {
            let standing = index.standing(*position);
            manifests::is_manifest(file.path.file_name())
                && !standing.is_test()
                && !standing.is_aside()
        })
        .filter_map(|(_, file)| Some((file.path.as_str(), file.text.as_deref()?)))
        .collect();
    found.sort_by_key(|(path, _)| path.matches('/').count());
    found.truncate(MANIFESTS);
    let mut left = BYTES;
    found.retain(|(_, text)| {
        let fits = text.len() <= left;
        left = left.saturating_sub(if fits { text.len() } else { 0 });
        fits
    });
    found
}
