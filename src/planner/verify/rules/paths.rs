//! What a path is for by the conventions of languages and services: tests, or delivery.

use crate::planner::verify::lookup::Files;

/// What a file is for that no plan of this kind touches unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It tests others.
    Test,
    /// It builds, releases or runs the product elsewhere.
    Delivery,
}

/// The purpose of a path, when it is one of these beyond doubt.
pub(super) fn purpose_of(path: &str, files: &Files<'_>) -> Option<Purpose> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if is_test_name(name, folder) || is_test_of(name, files) || is_in_test_folder(path, files) {
        Some(Purpose::Test)
    } else if is_delivery(path, name) {
        Some(Purpose::Delivery)
    } else {
        None
    }
}

/// Whether test runners of the file's language pick it up by its name.
fn is_test_name(name: &str, folder: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return false;
    };
    let ends = |endings: &[&str]| {
        endings
            .iter()
            .any(|end| stem.len() > end.len() && stem.ends_with(end))
    };
    let is_main = folder.split('/').any(|segment| segment == "main");
    match ending {
        "go" | "exs" | "dart" => ends(&["_test"]),
        "py" => stem.starts_with("test_") || ends(&["_test"]) || stem == "conftest",
        "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx" | "vue" => ends(&[
            ".test", ".spec", ".e2e", ".cy", "-test", "-spec", "_test", "_spec",
        ]),
        "rb" => ends(&["_spec", "_test"]) || stem == "spec_helper" || stem == "test_helper",
        "rs" => stem == "tests" || ends(&["_test", "_tests"]),
        "java" | "kt" | "scala" | "groovy" | "cs" => {
            !is_main && ends(&["Test", "Tests", "TestCase", "IT"])
        }
        "php" => ends(&["Test", "TestCase"]),
        "swift" => ends(&["Tests"]),
        "c" | "cc" | "cpp" | "cxx" => ends(&["_test", "_tests", "_unittest", "-test", ".tests"]),
        _ => false,
    }
}

/// Whether a name is that of another file with a word for tests before or behind it.
fn is_test_of(name: &str, files: &Files<'_>) -> bool {
    let Some((stem, ending)) = name.split_once('.') else {
        return false;
    };
    let (stem, ending) = match ending.split_once('.') {
        Some(("test" | "tests" | "spec", rest)) => (Some(stem), rest),
        _ => {
            let behind = ["_test", "_tests", "_spec", "-test", "-spec"];
            let stripped = stem
                .strip_prefix("test_")
                .or_else(|| stem.strip_prefix("test-"));
            let stripped =
                stripped.or_else(|| behind.iter().find_map(|end| stem.strip_suffix(end)));
            (stripped, ending)
        }
    };
    let tested = stem.filter(|stem| !stem.is_empty());
    tested.is_some_and(|stem| !files.with_tail(&format!("{stem}.{ending}")).is_empty())
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

/// Folders that hold tests where they stand beside code.
const BESIDE_CODE: &[&str] = &["test", "spec", "specs"];

/// What stands beside a folder of tests.
const SOURCES: &[&str] = &["src", "lib", "app", "include", "pkg"];

fn is_in_test_folder(path: &str, files: &Files<'_>) -> bool {
    let folders: Vec<&str> = path.split('/').rev().skip(1).collect();
    let mut above = String::new();
    for folder in folders.iter().rev() {
        if TEST_FOLDERS.contains(folder) {
            return true;
        }
        // Maven's and Gradle's `src/test` beside `src/main`.
        let is_source_set = *folder == "test" && (above == "src" || above.ends_with("/src"));
        if is_source_set && files.has_folder(&format!("{above}/main")) {
            return true;
        }
        let is_beside = || {
            SOURCES.iter().any(|source| match above.as_str() {
                "" => files.has_folder(source),
                above => files.has_folder(&format!("{above}/{source}")),
            })
        };
        if BESIDE_CODE.contains(folder) && (above.is_empty() || is_beside()) {
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
