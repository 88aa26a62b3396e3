//! The line that says what an expert for this repository must know.

use super::declared::Declared;
use super::labels;
use super::manifests::Manifest;
use crate::domain::repository::RepoPath;
use crate::repository::index::Index;

/// Frameworks and services named.
const LABELS: usize = 8;

/// Characters of the description that are kept.
const DOMAIN_CHARS: usize = 120;

/// Files at the root that tell how the repository is built, where its language does not.
const BUILD_SYSTEMS: [(&str, &str); 17] = [
    ("MODULE.bazel", "Bazel"),
    ("WORKSPACE", "Bazel"),
    ("WORKSPACE.bazel", "Bazel"),
    ("nx.json", "Nx"),
    ("turbo.json", "Turborepo"),
    ("lerna.json", "Lerna"),
    ("pnpm-workspace.yaml", "a pnpm workspace"),
    ("build.sbt", "sbt"),
    ("settings.gradle.kts", "Gradle"),
    ("settings.gradle", "Gradle"),
    ("build.gradle.kts", "Gradle"),
    ("build.gradle", "Gradle"),
    ("pom.xml", "Maven"),
    ("CMakeLists.txt", "CMake"),
    ("meson.build", "Meson"),
    ("configure.ac", "Autotools"),
    ("poetry.lock", "Poetry"),
];

/// One line such as `Rust (edition 2021) — axum 0.8, tokio 1; domain: webhook delivery`.
pub(super) fn line(
    languages: &[String],
    manifests: &[Manifest],
    declared: &Declared,
    index: &Index,
) -> String {
    let named: Vec<String> = languages
        .iter()
        .map(|language| {
            let level = manifests
                .iter()
                .find_map(|manifest| manifest.level(language));
            level.map_or_else(
                || language.clone(),
                |level| one_line(&format!("{language} ({level})")),
            )
        })
        .collect();
    let mut line = match named.as_slice() {
        [] => "software".to_owned(),
        named => named.join(", "),
    };
    let mut labels = labels::labels(&declared.dependencies);
    labels.truncate(LABELS);
    if !labels.is_empty() {
        line.push_str(" — ");
        line.push_str(&labels.join(", "));
    }
    if let Some(system) = build_system(index) {
        line.push_str("; built with ");
        line.push_str(system);
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

fn build_system(index: &Index) -> Option<&'static str> {
    let exists = |path: &str| RepoPath::parse(path).is_ok_and(|path| index.find(&path).is_some());
    let found = BUILD_SYSTEMS.iter().find(|(path, _)| exists(path));
    found.map(|(_, system)| *system)
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
