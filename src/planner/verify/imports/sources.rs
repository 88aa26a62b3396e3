//! Where imports may come from: manifests, lines of other files, the plan, and names of the repository.

use std::cell::OnceCell;

use crate::domain::repository::RepoPath;
use crate::planner::draft::Draft;
use crate::planner::verify::Check;
use crate::planner::verify::lookup::Standing;
use crate::planner::verify::own::Own;
use crate::repository::language_of;

/// Files that are looked through for one import.
const MAX_FILES: usize = 300;

/// Names of files that say what a project depends on.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
    "tox.ini",
    "go.mod",
    "go.work",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "libs.versions.toml",
    "gradle.properties",
    "build.sbt",
    "composer.json",
    "Gemfile",
    "Rakefile",
    "CMakeLists.txt",
    "meson.build",
    "conanfile.txt",
    "conanfile.py",
    "vcpkg.json",
    "Directory.Packages.props",
    "Directory.Build.props",
    "packages.config",
    "deno.json",
    "tsconfig.json",
    "tsconfig.base.json",
    "jsconfig.json",
    "build.xml",
    "BUILD",
    "BUILD.bazel",
    "WORKSPACE",
    "MODULE.bazel",
    "Makefile",
];

const MANIFEST_ENDINGS: &[&str] = &[
    ".gemspec", ".csproj", ".fsproj", ".vbproj", ".cmake", ".nuspec",
];

/// Where imports may come from.
pub(super) struct Sources<'c, 'i> {
    pub(super) check: &'c Check<'i>,
    own: &'c Own,
    /// Names of the dependencies that the plan proposes, folded.
    proposed: Vec<String>,
    manifests: OnceCell<Vec<usize>>,
}

impl<'c, 'i> Sources<'c, 'i> {
    pub(super) fn new(check: &'c Check<'i>, own: &'c Own, draft: &Draft) -> Self {
        Self {
            check,
            own,
            proposed: draft
                .dependencies
                .iter()
                .map(|one| fold(&one.name))
                .collect(),
            manifests: OnceCell::new(),
        }
    }

    /// Whether the plan proposes a package of this name, or one whose name holds it.
    pub(super) fn is_proposed(&self, package: &str) -> bool {
        let wanted = fold(package);
        self.proposed.iter().any(|name| {
            *name == wanted
                || (wanted.len() > 3 && name.contains(&wanted))
                || (name.len() > 3 && wanted.starts_with(name.as_str()))
        })
    }

    /// Whether a manifest names the package, with `-` and `_` taken for the same.
    pub(super) fn is_in_manifest(&self, package: &str) -> bool {
        let wanted = package.replace('_', "-").to_lowercase();
        let files = &self.check.index.snapshot().files;
        let texts = self
            .manifests()
            .iter()
            .filter_map(|file| files.get(*file)?.text.as_deref());
        texts.into_iter().any(|text| {
            let text = text.replace('_', "-").to_lowercase();
            has_name(&text, &wanted)
        })
    }

    fn manifests(&self) -> &[usize] {
        self.manifests.get_or_init(|| {
            let files = self.check.index.snapshot().files.iter().enumerate();
            let manifests = files.filter(|(_, file)| {
                let name = file.path.file_name();
                MANIFESTS.contains(&name)
                    || (name.starts_with("requirements") && name.ends_with(".txt"))
                    || MANIFEST_ENDINGS.iter().any(|ending| name.ends_with(ending))
                    || file.path.folder().ends_with("requirements")
            });
            manifests.map(|(position, _)| position).collect()
        })
    }

    /// Whether some import line of the repository's files in the language of `file` has `needle`, a text
    /// with the word `word` in it.
    pub(super) fn is_imported(&self, file: &RepoPath, word: &str, needle: &str) -> bool {
        self.has_line(file, (word, needle), is_import)
    }

    /// Whether some file in the language of `file` has `needle`, a text with the word `word` in it.
    pub(super) fn is_written(&self, file: &RepoPath, word: &str, needle: &str) -> bool {
        self.has_line(file, (word, needle), |_| true)
    }

    fn has_line(
        &self,
        file: &RepoPath,
        (word, needle): (&str, &str),
        fits: impl Fn(&str) -> bool,
    ) -> bool {
        let language = language_of(file);
        let files = &self.check.index.snapshot().files;
        let users = self.check.index.find_users(word).into_iter();
        let users = users.filter_map(|user| files.get(user));
        let mut users = users
            .filter(|user| is_kin(language_of(&user.path), language))
            .take(MAX_FILES);
        users.any(|user| {
            let text = user.text.as_deref().unwrap_or("");
            text.match_indices(needle).any(|(at, _)| {
                let start = text.get(..at).and_then(|before| before.rfind('\n'));
                let line = text.get(start.map_or(0, |start| start + 1)..);
                let line = line.and_then(|line| line.lines().next());
                fits(line.unwrap_or_default()) && is_whole(text, at, needle)
            })
        })
    }

    /// Whether `name` is defined, or is the name of a file or folder, in the repository or in the plan.
    pub(super) fn is_own(&self, name: &str) -> bool {
        !self.check.index.find_definitions(name).is_empty()
            || self.check.files.has_folder_or_stem(name)
            || self.own.has(name)
            || self.own.has_added_segment(name)
    }

    /// Whether any text of the repository has the word, or the plan brings it.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.is_own(name) || !self.check.index.find_users(name).is_empty()
    }

    /// Whether a file is, or will be, at one of `paths`.
    pub(super) fn has_file(&self, mut paths: impl Iterator<Item = String>) -> bool {
        paths.any(|path| self.own.adds(&path) || self.stands(&path))
    }

    /// Whether a file has, or will have, a path that ends with `tail`.
    pub(super) fn has_tail(&self, tail: &str) -> bool {
        !self.check.files.with_tail(tail).is_empty() || self.own.adds_tail(tail)
    }

    /// Whether the plan adds a file in a folder.
    pub(super) fn is_added_folder(&self, folder: &str) -> bool {
        self.own.adds_in(folder)
    }

    fn stands(&self, path: &str) -> bool {
        RepoPath::parse(path).is_ok_and(|path| self.check.files.standing(&path) != Standing::Free)
    }
}

/// A package's name without case and signs.
fn fold(name: &str) -> String {
    let plain = name.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}

fn is_kin(left: Option<&'static str>, right: Option<&'static str>) -> bool {
    let family = |name: Option<&'static str>| match name {
        Some("JavaScript" | "TypeScript") => Some("script"),
        Some("C" | "C++") => Some("c"),
        Some("Java" | "Kotlin" | "Scala") => Some("jvm"),
        other => other,
    };
    family(left) == family(right)
}

/// Whether a line imports something, in any of the languages.
fn is_import(line: &str) -> bool {
    let line = line.trim_start();
    let starts = [
        "use ",
        "pub use ",
        "pub(crate) use ",
        "extern crate ",
        "import ",
        "import\t",
        "from ",
        "export ",
        "require",
        "#include",
        "# include",
        "#  include",
        "using ",
        "global using ",
        "\"",
        "_ \"",
        ". \"",
        "}",
        "gem ",
        "include ",
        "load ",
        "autoload ",
    ];
    let alias = || {
        line.split_once(" \"")
            .is_some_and(|(alias, _)| alias.chars().all(|c| c.is_alphanumeric() || c == '_'))
    };
    starts.iter().any(|start| line.starts_with(start))
        || line.contains("require(")
        || line.contains(" from ")
        || line.contains("import(")
        || alias()
}

/// Whether a needle found in a text is not cut out of a longer name. A sign at its end is a border of its own.
fn is_whole(text: &str, at: usize, needle: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + needle.len()..);
    let after = after.and_then(|text| text.chars().next());
    let begins = !(needle.starts_with(joins) && before.is_some_and(joins));
    begins && !(needle.ends_with(joins) && after.is_some_and(joins))
}

/// Whether a text has a name that no other name goes on.
fn has_name(text: &str, name: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '-';
    !name.is_empty()
        && text.match_indices(name).any(|(at, found)| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text
                .get(at + found.len()..)
                .and_then(|text| text.chars().next());
            !before.is_some_and(joins) && !after.is_some_and(joins)
        })
}
