//! Commits of a repository whose change a plan could have asked for.

use crate::cli::eval::verify::patch::{self, FileChange};
use crate::domain::repository::RepoPath;
use crate::repository::git::{GitError, GitRepository, GitStep};

/// Most commits looked at for each plan wanted: most change tests, documents or too much.
const LOOKED_AT: usize = 40;

/// Most source files of one commit; larger ones are sweeps that nobody plans.
const MAX_FILES: usize = 8;

/// Endings of the languages whose code is told apart.
const SOURCE: &[&str] = &[
    "rs", "py", "js", "jsx", "mjs", "cjs", "ts", "tsx", "go", "java", "c", "h", "cc", "cpp", "cxx",
    "hh", "hpp", "cs", "php", "rb",
];

/// Words of a path that make a file a test, a document, or a part of how things are built and shipped.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "testing",
    "spec",
    "specs",
    "testdata",
    "fixture",
    "fixtures",
    "e2e",
    "bench",
    "benches",
    "benchmark",
    "benchmarks",
    "example",
    "examples",
    "doc",
    "docs",
    "ci",
    "github",
    "gitlab",
    "circleci",
    "deploy",
    "deployment",
    "docker",
    "scripts",
    "vendor",
    "vendored",
    "dist",
    "generated",
    "migrations",
    "release",
    "mocks",
    "conftest",
    "testutil",
    "testutils",
    "fuzz",
    "snapshots",
    "third",
    "node",
    "build",
    "locale",
    "locales",
    "min",
    "gulpfile",
    "rollup",
    "demo",
    "demos",
    "sample",
    "samples",
    "playground",
    "tools",
    "ut",
    "contrib",
    "charts",
    "k8s",
    "setup",
];

/// A commit that changed a few files of source code.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    pub(super) step: GitStep,
    /// The files of source code, tests left out.
    pub(super) files: Vec<FileChange>,
}

/// Commits that lead to `HEAD`, newest first; those that cannot be compared are passed over.
pub(super) async fn find_commits(
    repository: &GitRepository,
    wanted: usize,
) -> Result<Vec<Commit>, GitError> {
    let head = repository.resolve("HEAD").await?;
    let steps = repository.steps(&head, wanted * LOOKED_AT).await?;
    let mut commits = Vec::new();
    for step in steps {
        if commits.len() >= wanted {
            break;
        }
        // A clone may lack the files of old commits.
        let Ok(diff) = repository.diff(&step.parent, &step.commit).await else {
            continue;
        };
        let files = sources(patch::read(diff));
        if (1..=MAX_FILES).contains(&files.len()) {
            commits.push(Commit { step, files });
        }
    }
    Ok(commits)
}

fn sources(mut files: Vec<FileChange>) -> Vec<FileChange> {
    files.retain(|file| {
        let clean = |path: &String| RepoPath::parse(path).is_ok_and(|path| is_source(&path));
        clean(&file.path) && clean(&file.new_path) && !file.binary
    });
    files
}

/// Whether a path is one of hand-written code that is neither test nor tool.
pub(super) fn is_source(path: &RepoPath) -> bool {
    let extension = path.extension();
    let known = extension.is_some_and(|extension| SOURCE.contains(&extension.as_str()));
    known && !words(path.as_str()).any(|word| ASIDE.contains(&word.as_str()))
}

/// The words of a path, split at signs and at changes of case.
fn words(path: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::with_capacity(path.len() * 2);
    let mut last_lower = false;
    for c in path.chars() {
        if c.is_uppercase() && last_lower {
            spaced.push(' ');
        }
        last_lower = c.is_lowercase() || c.is_ascii_digit();
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    let words: Vec<String> = spaced.split_whitespace().map(str::to_lowercase).collect();
    words.into_iter()
}
