//! What a path is for by the conventions of languages and services: tests, or delivery.

use crate::planner::draft::{Draft, Operation};
use crate::planner::verify::lookup::Files;
use crate::repository::test_files::{self, TestName};

/// What a file is for that no plan of this kind touches unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It tests others.
    Test,
    /// It builds, releases or runs the product elsewhere.
    Delivery,
}

/// The files of the repository and those that the plan adds.
pub(super) struct Known<'a, 'f> {
    files: &'a Files<'f>,
    added: Vec<&'a str>,
}

impl<'a, 'f> Known<'a, 'f> {
    pub(super) fn of(draft: &'a Draft, files: &'a Files<'f>) -> Self {
        let changes = draft.changes.iter();
        let added = changes.filter(|change| change.op == Operation::Add);
        Self {
            files,
            added: added.map(|change| change.path.as_str()).collect(),
        }
    }

    /// Whether a file of this name stands anywhere.
    fn has_name(&self, name: &str) -> bool {
        let is_so = |path: &&str| path.rsplit('/').next() == Some(name);
        self.added.iter().any(is_so) || !self.files.with_tail(name).is_empty()
    }

    /// Whether a file of this name stands in `folder`.
    fn has_in(&self, folder: &str, name: &str) -> bool {
        let path = match folder {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        self.added.contains(&path.as_str()) || self.files.has_file(&path)
    }
}

/// The purpose of a path, when it is one of these beyond doubt.
pub(super) fn purpose_of(path: &str, known: &Known<'_, '_>) -> Option<Purpose> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let by_name = match test_files::judge(name) {
        Some(TestName::Certain) => true,
        Some(TestName::Usual) => !is_product(folder),
        None => false,
    };
    if by_name || is_test_of(folder, name, known) || is_in_test_folder(path, known.files) {
        Some(Purpose::Test)
    } else if is_delivery(path, name) {
        Some(Purpose::Delivery)
    } else {
        None
    }
}

/// Whether a folder is one of what is shipped by the convention of Maven, Gradle and Kotlin: there a test
/// framework keeps its `RepeatedTest.java`.
fn is_product(folder: &str) -> bool {
    let mut segments = folder.split('/');
    segments.any(|segment| segment == "main" || segment.ends_with("Main"))
}

/// Whether a name is that of another file with a word for tests before or behind it. Where a framework may have
/// a `TestResult` and somebody a `Result`, the two must stand side by side.
fn is_test_of(folder: &str, name: &str, known: &Known<'_, '_>) -> bool {
    let Some((stem, endings)) = test_files::tested(name) else {
        return false;
    };
    let is_doubtful = test_files::is_helper(stem) || is_product(folder) || name.starts_with("Test");
    endings.iter().any(|ending| {
        let tested = format!("{stem}.{ending}");
        match is_doubtful {
            true => known.has_in(folder, &tested),
            false => known.has_name(&tested),
        }
    })
}

/// Folders that hold nothing but tests wherever they stand.
const TEST_FOLDERS: &[&str] = &[
    "tests",
    "__tests__",
    "__mocks__",
    "testdata",
    "e2e",
    "__snapshots__",
];

/// What the names of projects end with that hold nothing but tests, as .NET and Swift have them.
const TEST_PROJECTS: &[&str] = &[
    ".Tests",
    ".Test",
    ".UnitTests",
    ".IntegrationTests",
    ".FunctionalTests",
    ".Specs",
];

/// Folders that hold tests where they stand beside code.
const BESIDE_CODE: &[&str] = &["test", "spec", "specs"];

/// What stands beside a folder of tests.
const SOURCES: &[&str] = &["src", "lib", "app", "include", "pkg"];

fn is_in_test_folder(path: &str, files: &Files<'_>) -> bool {
    let folders: Vec<&str> = path.split('/').rev().skip(1).collect();
    let mut above = String::new();
    for folder in folders.iter().rev() {
        let lower = folder.to_lowercase();
        let is_project = || TEST_PROJECTS.iter().any(|end| folder.ends_with(end));
        if TEST_FOLDERS.contains(&lower.as_str()) || is_project() {
            return true;
        }
        // Maven's and Gradle's `src/test` and `src/integrationTest` beside `src/main`.
        let is_named = *folder == "test" || folder.ends_with("Test") || *folder == "testFixtures";
        let is_source_set = is_named && (above == "src" || above.ends_with("/src"));
        let has = |set: &str| files.has_folder(&format!("{above}/{set}"));
        if is_source_set && (has("main") || has("commonMain")) {
            return true;
        }
        let is_beside = || {
            SOURCES.iter().any(|source| match above.as_str() {
                "" => files.has_folder(source),
                above => files.has_folder(&format!("{above}/{source}")),
            })
        };
        if BESIDE_CODE.contains(&lower.as_str()) && (above.is_empty() || is_beside()) {
            return true;
        }
        if !above.is_empty() {
            above.push('/');
        }
        above.push_str(folder);
    }
    false
}

/// Files of continuous integration services.
const DELIVERY_FILES: &[&str] = &[
    ".gitlab-ci.yml",
    ".travis.yml",
    "azure-pipelines.yml",
    "Jenkinsfile",
    "appveyor.yml",
    ".appveyor.yml",
    "bitbucket-pipelines.yml",
    ".drone.yml",
    ".cirrus.yml",
    "cloudbuild.yaml",
    "fly.toml",
    "Procfile",
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yaml",
    "compose.yml",
    "Dockerfile",
];

/// Where they are kept, and where the product is rolled out from.
const DELIVERY_FOLDERS: &[&str] = &[
    ".github/workflows/",
    ".circleci/",
    ".buildkite/",
    "ci/",
    ".ci/",
    ".gitlab/ci/",
    "deploy/",
    "deployment/",
    "k8s/",
    "kubernetes/",
    "helm/",
    "terraform/",
    "ansible/",
];

fn is_delivery(path: &str, name: &str) -> bool {
    DELIVERY_FILES.contains(&name)
        || name.starts_with("Dockerfile.")
        || name.starts_with(".gitlab-ci.")
        || DELIVERY_FOLDERS
            .iter()
            .any(|folder| path.starts_with(folder))
}
