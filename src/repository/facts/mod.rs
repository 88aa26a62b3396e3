//! What kind of repository it is: languages, manifests, frameworks, conventions.

mod consequences;
mod conventions;
mod declared;
mod expertise;
pub mod imports;
mod labels;
mod manifests;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::document::Convention;
use crate::repository::Text;
use crate::repository::index::Index;
use crate::repository::symbols::Language;
use declared::find_manifests;
use manifests::Manifest;

pub use declared::Declared;
pub use manifests::{DependencyKind, ManifestDependency};

/// Facts of a repository, gathered without a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Languages with at least a tenth of the code, largest share first.
    pub languages: Vec<String>,
    /// Paths of manifests (`Cargo.toml`, `package.json`, …).
    pub manifests: Vec<String>,
    /// Names of direct dependencies, sorted, each once.
    pub dependencies: Vec<String>,
    /// The same with all that the manifests say of them, and the names of the projects themselves.
    pub declared: Declared,
    /// What follows from the frameworks in use for whoever plans a change: at most six lines.
    pub consequences: Vec<String>,
    /// One line such as `Rust (edition 2021) — axum, tokio, sqlx; domain: webhook delivery`.
    pub expertise: String,
    /// Conventions with an example each.
    pub conventions: Vec<Convention>,
}

/// Manifests listed, those nearest to the root first.
const LISTED: usize = 50;

/// Gathers the facts of `index`.
pub fn gather(index: &Index) -> Facts {
    let found = find_manifests(index);
    let read: Vec<Manifest> = found
        .iter()
        .map(|(path, text)| Manifest::read(path, text))
        .collect();
    let declared = Declared::join(&read);
    let names: BTreeSet<&String> = (declared.dependencies.iter())
        .map(|dependency| &dependency.name)
        .collect();
    let languages = languages(index);
    let paths = found.into_iter().take(LISTED);
    Facts {
        expertise: expertise::line(&languages, &read, &declared, index),
        languages,
        manifests: paths.map(|(path, _)| path.to_owned()).collect(),
        dependencies: names.into_iter().cloned().collect(),
        consequences: consequences::consequences(&declared.dependencies),
        conventions: conventions::find(index),
        declared,
    }
}

/// Languages by bytes of code; headers belong to C++ where that prevails.
fn languages(index: &Index) -> Vec<String> {
    let mut bytes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut headers = 0;
    for file in &index.snapshot().files {
        let length = file.text.as_ref().map_or(0, Text::len);
        if file.path.extension().as_deref() == Some("h") {
            headers += length;
        } else if let Some(language) = Language::of(&file.path) {
            *bytes.entry(language.name).or_default() += length;
        }
    }
    let of = |name: &str| bytes.get(name).copied().unwrap_or(0);
    let owner = if of("C++") > of("C") { "C++" } else { "C" };
    *bytes.entry(owner).or_default() += headers;
    let total: usize = bytes.values().sum();
    let mut shares: Vec<(&str, usize)> = bytes
        .into_iter()
        .filter(|(_, length)| *length > 0 && length * 10 >= total)
        .collect();
    shares.sort_by_key(|(_, length)| std::cmp::Reverse(*length));
    shares
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect()
}

#[cfg(test)]
mod tests;
