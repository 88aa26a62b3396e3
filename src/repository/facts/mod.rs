//! What kind of repository it is: languages, manifests, frameworks, conventions.

mod conventions;
mod labels;
mod manifests;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::document::Convention;
use crate::repository::Text;
use crate::repository::index::Index;
use crate::repository::symbols::Language;
use manifests::Manifest;

/// Facts of a repository, gathered without a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Languages with at least a tenth of the code, largest share first.
    pub languages: Vec<String>,
    /// Paths of manifests (`Cargo.toml`, `package.json`, …).
    pub manifests: Vec<String>,
    /// Direct dependencies named by the manifests, sorted.
    pub dependencies: Vec<String>,
    /// One line such as `Rust (edition 2021) — axum, tokio, sqlx; domain: webhook delivery`.
    pub expertise: String,
    /// Conventions with an example each.
    pub conventions: Vec<Convention>,
}

/// Manifests listed, those nearest to the root first.
const MANIFESTS: usize = 50;

/// Frameworks named in the line of expertise.
const LABELS: usize = 8;

/// Characters of the description that are kept.
const DOMAIN_CHARS: usize = 120;

/// Gathers the facts of `index`.
pub fn gather(index: &Index) -> Facts {
    let found = find_manifests(index);
    let read: Vec<Manifest> = found
        .iter()
        .map(|(path, text)| Manifest::read(path, text))
        .collect();
    let dependencies: BTreeSet<&String> = read
        .iter()
        .flat_map(|manifest| &manifest.dependencies)
        .collect();
    let languages = languages(index);
    Facts {
        expertise: expertise(&languages, &read, index),
        languages,
        manifests: found.into_iter().map(|(path, _)| path.to_owned()).collect(),
        dependencies: dependencies.into_iter().cloned().collect(),
        conventions: conventions::find(index),
    }
}

/// Manifests with their texts, nearest to the root first; those of tests and examples left out.
fn find_manifests(index: &Index) -> Vec<(&str, &str)> {
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
    found
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

fn expertise(languages: &[String], manifests: &[Manifest], index: &Index) -> String {
    let named: Vec<String> = languages
        .iter()
        .map(|language| {
            let level = manifests
                .iter()
                .find_map(|manifest| manifest.level(language));
            level.map_or_else(|| language.clone(), |level| format!("{language} ({level})"))
        })
        .collect();
    let mut line = match named.as_slice() {
        [] => "software".to_owned(),
        named => named.join(", "),
    };
    let labels = labels::labels(manifests.iter().flat_map(|manifest| &manifest.dependencies));
    if !labels.is_empty() {
        let labels: Vec<&str> = labels.into_iter().take(LABELS).collect();
        line.push_str(" — ");
        line.push_str(&labels.join(", "));
    }
    let described = manifests
        .iter()
        .find_map(|manifest| manifest.description.clone());
    if let Some(domain) = described.or_else(|| first_sentence(index)) {
        line.push_str("; domain: ");
        line.push_str(&one_line(&domain));
    }
    line
}

/// The first sentence of the README that is prose.
fn first_sentence(index: &Index) -> Option<String> {
    let files = index.snapshot().files.iter();
    let mut readmes = files.filter(|file| {
        let path = file.path.as_str().to_lowercase();
        path.starts_with("readme") && !path.contains('/')
    });
    let text = readmes.find_map(|file| file.text.as_deref())?;
    let is_prose =
        |line: &&str| line.starts_with(char::is_alphabetic) && line.split_whitespace().count() >= 4;
    let line = text.lines().map(str::trim).take(100).find(is_prose)?;
    Some(line.split(". ").next()?.trim_end_matches('.').to_owned())
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let visible = words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .collect::<String>();
    let line: String = visible.chars().take(DOMAIN_CHARS).collect();
    line.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
