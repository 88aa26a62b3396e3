//! What kind of repository it is: languages, manifests, frameworks, conventions.

use crate::domain::document::Convention;
use crate::repository::index::Index;

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

/// Gathers the facts of `index`.
pub fn gather(_index: &Index) -> Facts {
    Facts::default()
}
