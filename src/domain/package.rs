//! Libraries by name: where they are published, how their names compare, what is known of them.

use crate::domain::day::Day;

/// Where libraries are published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Rust.
    Cargo,
    /// JavaScript and TypeScript.
    Npm,
    /// Python.
    Pypi,
    /// Go modules.
    Go,
    /// Java, Kotlin, Scala.
    Maven,
    /// Ruby.
    Rubygems,
    /// Elixir and Erlang.
    Hex,
    /// .NET.
    Nuget,
    /// PHP.
    Packagist,
    /// C and C++, whatever fetches it.
    Native,
    /// Anything else.
    Other,
}

impl Ecosystem {
    /// The name used in plans and comments.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Go => "go",
            Self::Maven => "maven",
            Self::Rubygems => "rubygems",
            Self::Hex => "hex",
            Self::Nuget => "nuget",
            Self::Packagist => "packagist",
            Self::Native => "native",
            Self::Other => "other",
        }
    }

    /// The ecosystem of that name.
    pub fn find(name: &str) -> Option<Self> {
        const ALL: [Ecosystem; 11] = [
            Ecosystem::Cargo,
            Ecosystem::Npm,
            Ecosystem::Pypi,
            Ecosystem::Go,
            Ecosystem::Maven,
            Ecosystem::Rubygems,
            Ecosystem::Hex,
            Ecosystem::Nuget,
            Ecosystem::Packagist,
            Ecosystem::Native,
            Ecosystem::Other,
        ];
        ALL.into_iter().find(|ecosystem| ecosystem.as_str() == name)
    }

    /// `name` in the one spelling by which the registry tells packages apart.
    pub fn normalise(self, name: &str) -> String {
        let name = name.trim();
        match self {
            // Runs of `-`, `_` and `.` are one `-`, and case does not count.
            Self::Pypi => {
                let mut normal = String::with_capacity(name.len());
                for c in name.chars() {
                    let c = if matches!(c, '_' | '.') { '-' } else { c };
                    if c != '-' || !normal.ends_with('-') {
                        normal.extend(c.to_lowercase());
                    }
                }
                normal
            }
            Self::Nuget | Self::Packagist | Self::Native => name.to_lowercase(),
            // Two crates cannot differ in these alone, although only one spelling can be asked for.
            Self::Cargo => name.to_lowercase().replace('_', "-"),
            Self::Npm | Self::Go | Self::Maven | Self::Rubygems | Self::Hex | Self::Other => {
                name.to_owned()
            }
        }
    }

    /// Whether packages can be called so: letters, digits and the few signs that the registry takes.
    pub fn allows(self, name: &str) -> bool {
        let name = name.trim();
        // Features in brackets are no part of a name.
        let bare = name.split('[').next().unwrap_or(name);
        let (name, signs) = match self {
            Self::Cargo => (name, "-_"),
            Self::Npm => (name, "-_.~@/"),
            Self::Pypi => (bare, "-_."),
            Self::Go => (name, "-_.~/+"),
            Self::Maven => (name, "-_.:"),
            Self::Rubygems | Self::Nuget => (name, "-_."),
            Self::Hex => (name, "_"),
            Self::Packagist => (name, "-_./"),
            Self::Native | Self::Other => return !name.contains(char::is_control),
        };
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || signs.contains(c);
        (1..=214).contains(&name.len()) && name.chars().all(is_allowed)
    }

    /// Whether two names mean the same package.
    pub fn same(self, left: &str, right: &str) -> bool {
        self.normalise(left) == self.normalise(right)
    }
}

/// What is known of a library that a plan proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// It was not looked up, or the answer did not come.
    Unverified {
        /// Why, in our words.
        why: String,
    },
    /// It exists and was judged.
    Verified(Box<Upkeep>),
}

/// How a library is kept up, as far as it is known; the texts are the registry's, raw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Upkeep {
    /// The release that was judged.
    pub version: String,
    /// How many releases there are.
    pub releases: usize,
    /// The first release.
    pub first_release: Option<Day>,
    /// The newest release.
    pub last_release: Option<Day>,
    /// Licences, as SPDX expressions.
    pub licences: Vec<String>,
    /// Ids of advisories that concern the judged release.
    pub advisories: Vec<String>,
    /// Where its code lies, such as `github.com/owner/name`.
    pub repository: Option<String>,
    /// Who was asked, such as `deps.dev`.
    pub source: String,
    /// When.
    pub checked: Option<Day>,
    /// What a reader should know beside it, a sentence each, in our words.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::Ecosystem;

    #[test]
    fn names_compare_as_their_registry_compares_them() {
        let same = [
            (Ecosystem::Pypi, "Zope.Interface", "zope-interface"),
            (Ecosystem::Pypi, "ruamel__yaml", "ruamel.yaml"),
            (Ecosystem::Nuget, "Newtonsoft.Json", "newtonsoft.json"),
            (Ecosystem::Cargo, "serde_json", "serde-json"),
            (Ecosystem::Npm, " react ", "react"),
        ];
        for (ecosystem, left, right) in same {
            assert!(ecosystem.same(left, right), "{left} {right}");
        }
        let different = [
            (Ecosystem::Npm, "JSONStream", "jsonstream"),
            (Ecosystem::Go, "github.com/Azure/x", "github.com/azure/x"),
            (Ecosystem::Pypi, "zopeinterface", "zope-interface"),
            (Ecosystem::Maven, "a:b", "a:c"),
        ];
        for (ecosystem, left, right) in different {
            assert!(!ecosystem.same(left, right), "{left} {right}");
        }
    }

    #[test]
    fn every_ecosystem_is_found_by_its_name() {
        for name in [
            "cargo", "npm", "pypi", "go", "maven", "rubygems", "hex", "nuget", "other",
        ] {
            assert_eq!(Ecosystem::find(name).map(Ecosystem::as_str), Some(name));
        }
        assert_eq!(Ecosystem::find("crates"), None);
    }
}
