//! What a path alone says of a file: code or not, written by hand or not, test or not.

use crate::domain::repository::RepoPath;
use crate::repository::test_files;

/// What kind of file a path promises; several marks may hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Standing(u8);

impl Standing {
    const NO_CODE: u8 = 1;
    const TEST: u8 = 2;
    const ASIDE: u8 = 4;
    const SUPPORT: u8 = 8;
    const DERIVED: u8 = 16;

    /// Judges a path.
    pub(super) fn of(path: &RepoPath) -> Self {
        let lower = path.as_str().to_lowercase();
        let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
        let folders: Vec<&str> = folders.split('/').collect();
        let in_any = |names: &[&str]| folders.iter().any(|folder| names.contains(folder));
        let mut marks = 0;
        if !is_code(path) {
            marks |= Self::NO_CODE;
        }
        if folders.iter().any(|folder| is_test_folder(folder)) || is_test_name(path) {
            marks |= Self::TEST;
        }
        if in_any(ASIDE_FOLDERS) {
            marks |= Self::ASIDE;
        }
        let is_stub = name.ends_with(".pyi") || name.ends_with(".d.ts");
        if in_any(SUPPORT_FOLDERS) || SUPPORT_NAMES.contains(&name) || is_stub {
            marks |= Self::SUPPORT;
        }
        let ends = |ending: &&str| name.ends_with(ending);
        if in_any(DERIVED_FOLDERS)
            || DERIVED_ENDINGS.iter().any(ends)
            || DERIVED_STEMS.contains(&stem(name))
        {
            marks |= Self::DERIVED;
        }
        Self(marks)
    }

    /// Its language is a programming language.
    pub(super) fn is_code(self) -> bool {
        self.0 & Self::NO_CODE == 0
    }

    /// It tests others.
    pub(super) fn is_test(self) -> bool {
        self.0 & Self::TEST != 0
    }

    /// It documents, shows or measures others, or repeats them in another form.
    pub(super) fn is_aside(self) -> bool {
        self.0 & Self::ASIDE != 0
    }

    /// It builds, stubs or supports others.
    pub(super) fn is_support(self) -> bool {
        self.0 & Self::SUPPORT != 0
    }

    /// Mostly written by tools, or a table of data.
    pub(super) fn is_derived(self) -> bool {
        self.0 & Self::DERIVED != 0
    }

    /// The order in which files are read while the budget lasts; smaller comes first.
    pub(super) fn reading_order(self) -> u8 {
        match self {
            Self(0) => 0,
            _ if self.is_code() && !self.is_test() => 1,
            _ if self.is_code() => 2,
            _ => 3,
        }
    }
}

/// Whether the file's ending is that of a programming language.
pub(super) fn is_code(path: &RepoPath) -> bool {
    path.extension()
        .is_some_and(|extension| CODE_EXTENSIONS.contains(&extension.as_str()))
}

fn is_test_folder(folder: &str) -> bool {
    TEST_FOLDERS.contains(&folder)
        || ["test-", "tests-", "test_", "tests_"]
            .iter()
            .any(|start| folder.starts_with(start))
        || ["-test", "-tests", "_test", "_tests"]
            .iter()
            .any(|ending| folder.ends_with(ending))
}

/// Whether a file name is one of tests, or close to one: a file that is ranked lower is not lost.
fn is_test_name(path: &RepoPath) -> bool {
    let name = path.file_name();
    let stem_as_written = stem(name);
    let lower = name.to_lowercase();
    let first = stem(&lower);
    let inner = [".test.", ".tests.", ".spec.", "_test.", "_tests.", "-test."];
    test_files::judge(name).is_some()
        || first.starts_with("test_")
        || matches!(first, "test" | "tests")
        || inner.iter().any(|part| lower.contains(part))
        || ["Test", "Tests", "TestCase", "Spec"]
            .iter()
            .any(|ending| stem_as_written.len() > ending.len() && stem_as_written.ends_with(ending))
}

/// The part of a file name before its first dot.
pub(super) fn stem(name: &str) -> &str {
    match name.split('.').next() {
        Some(stem) if !stem.is_empty() => stem,
        _ => name,
    }
}

const CODE_EXTENSIONS: &[&str] = &[
    "rs", "py", "pyi", "pyx", "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "go", "java",
    "kt", "kts", "c", "h", "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "inl", "ipp", "m", "mm",
    "cs", "fs", "vb", "rb", "php", "swift", "scala", "sc", "sh", "bash", "zsh", "ex", "exs", "erl",
    "hrl", "hs", "ml", "mli", "clj", "cljs", "dart", "lua", "pl", "pm", "r", "jl", "nim", "zig",
    "vue", "svelte", "groovy", "gradle", "proto", "sql", "cu", "s", "asm", "nu", "rake", "ps1",
];

const TEST_FOLDERS: &[&str] = &[
    "test",
    "tests",
    "spec",
    "specs",
    "__tests__",
    "__mocks__",
    "testdata",
    "testsuite",
    "testsuites",
    "testcases",
    "unittest",
    "unittests",
    "fixtures",
    "fixture",
    "e2e",
    "snapshots",
    "__snapshots__",
];

const ASIDE_FOLDERS: &[&str] = &[
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "_examples",
    "sample",
    "samples",
    "tutorial",
    "tutorials",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "perf",
    "website",
    "vendor",
    "third_party",
    "dist",
    "single_include",
    "single-include",
    "single_header",
];

const SUPPORT_FOLDERS: &[&str] = &[
    "amalgamated",
    "amalgamation",
    "stubs",
    "typings",
    "types",
    "extra",
    "extras",
    "demo",
    "demos",
    "script",
    "scripts",
    "tool",
    "tools",
    "build",
    "build-scripts",
    "ci",
    ".github",
    ".gitlab",
    ".circleci",
    "contrib",
    "mock",
    "mocks",
    "fuzz",
    "fuzzing",
    "fuzzers",
    "xtask",
    "hack",
    "support",
    "packaging",
];

const SUPPORT_NAMES: &[&str] = &[
    "setup.py",
    "build.rs",
    "noxfile.py",
    "rollup.config.js",
    "webpack.config.js",
    "vite.config.ts",
    "vite.config.js",
    "gulpfile.js",
    "gruntfile.js",
    "karma.conf.js",
    "babel.config.js",
    "jest.config.js",
    "module-info.java",
    "package-info.java",
];

const DERIVED_FOLDERS: &[&str] = &[
    "migrations",
    "generated",
    "__generated__",
    "gen",
    "locale",
    "locales",
    "lang",
    "langs",
    "i18n",
    "l10n",
    "translations",
];

const DERIVED_ENDINGS: &[&str] = &[
    ".pb.go",
    "_pb2.py",
    "_pb2_grpc.py",
    ".pb.cc",
    ".pb.h",
    ".g.dart",
    ".g.cs",
    ".designer.cs",
    "_generated.go",
    "_generated.rs",
    "_gen.go",
    ".gen.go",
    ".generated.ts",
    ".generated.cs",
];

const DERIVED_STEMS: &[&str] = &["version", "_version", "__version__", "changelog"];
