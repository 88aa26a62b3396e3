//! Facts of small repositories of each ecosystem.

use super::gather;
use super::manifests::Manifest;
use crate::repository::tests::index_of;

fn dependencies(path: &str, text: &str) -> String {
    let read = Manifest::read(path, text).dependencies;
    let names: Vec<String> = read.into_iter().map(|known| known.name).collect();
    names.join(" ")
}

#[test]
fn manifests_of_every_ecosystem_name_their_direct_dependencies() {
    let cargo = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\ntokio = { version = \"1\" }\n\
        [dev-dependencies]\ninsta = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n";
    assert_eq!(dependencies("Cargo.toml", cargo), "serde tokio insta libc");
    let package = r#"{"dependencies": {"react": "^18"}, "devDependencies": {"vite": "5"}}"#;
    assert_eq!(dependencies("web/package.json", package), "react vite");
    let pyproject = "[project]\ndependencies = [\"Django>=4; python_version>'3'\", \"httpx[http2]\"]\n\
        [project.optional-dependencies]\ndev = [\"pytest\"]\n[tool.poetry.dependencies]\npython = \"^3\"\n";
    assert_eq!(
        dependencies("pyproject.toml", pyproject),
        "django httpx pytest"
    );
    let requirements = "# comment\n-r other.txt\nFlask==2.0 # web\nsix\n\n";
    assert_eq!(
        dependencies("requirements-dev.txt", requirements),
        "flask six"
    );
    let setup = "setup(\n  install_requires=[\n    'numpy>=1', \"scipy\"],\n)";
    assert_eq!(dependencies("setup.py", setup), "numpy scipy");
    let cfg = "[options]\ninstall_requires =\n    attrs>=1\n    wcwidth\n[other]\nx = 1\n";
    assert_eq!(dependencies("setup.cfg", cfg), "attrs wcwidth");
    let go = "module a\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1 // indirect\n)\n\
        require github.com/e/f v2\n";
    assert_eq!(dependencies("go.mod", go), "github.com/a/b github.com/e/f");
    let pom = "<dependencies><dependency><groupId>junit</groupId>\n<artifactId>junit</artifactId></dependency></dependencies>";
    assert_eq!(dependencies("pom.xml", pom), "junit:junit");
    let gradle =
        "implementation(\"io.ktor:ktor-server-core:2.0\")\napi 'com.a:b:1'\nurl \"https://x.y\"\n";
    assert_eq!(
        dependencies("build.gradle.kts", gradle),
        "io.ktor:ktor-server-core com.a:b"
    );
    let composer = r#"{"require": {"php": ">=8", "ext-json": "*", "symfony/console": "6"}}"#;
    assert_eq!(dependencies("composer.json", composer), "symfony/console");
    assert_eq!(
        dependencies("Gemfile", "gem 'rails', '~> 7'\n# gem 'no'\n"),
        "rails"
    );
    let gemspec =
        "gem.add_development_dependency(\"rspec\")\ns.add_runtime_dependency 'msgpack', '1'";
    assert_eq!(dependencies("a.gemspec", gemspec), "rspec msgpack");
    let csproj = "<PackageReference Include=\"MediatR\" Version=\"12\" />";
    assert_eq!(dependencies("src/A.csproj", csproj), "MediatR");
}

#[test]
fn broken_manifests_name_nothing() {
    for (path, text) in [
        ("Cargo.toml", "[dependencies\nserde"),
        ("package.json", "{"),
        ("pyproject.toml", "x"),
        ("go.mod", ")"),
        ("pom.xml", "<dependency><groupId>a"),
        ("setup.py", "install_requires=["),
    ] {
        assert_eq!(dependencies(path, text), "", "{path}");
    }
}

#[test]
fn expertise_tells_language_level_frameworks_and_domain() {
    let index = index_of(&[
        (
            "Cargo.toml",
            "[package]\nedition = \"2021\"\ndescription = \"Delivers\\n webhooks.\"\n\
             [dependencies]\ntokio = \"1\"\naxum = \"0.8\"\nhex = \"1\"\n",
        ),
        ("src/main.rs", "fn main() {}\n"),
        ("docs/tool.py", "x"),
        (
            "tests/data/package.json",
            "{\"dependencies\": {\"react\": \"1\"}}",
        ),
    ]);
    let facts = gather(&index);
    assert_eq!(
        facts.expertise,
        "Rust (edition 2021) — axum 0.8, tokio 1; domain: Delivers webhooks"
    );
    assert_eq!(facts.languages, ["Rust"]);
    assert_eq!(facts.manifests, ["Cargo.toml"]);
    assert_eq!(facts.dependencies, ["axum", "hex", "tokio"]);
}

#[test]
fn without_a_description_the_readme_speaks() {
    let index = index_of(&[
        (
            "README.md",
            "# Title\n\n[![badge](x)](y)\n\nA small tool for counting words. More text.\n",
        ),
        ("a.py", "print(1)\n"),
    ]);
    let expected = "Python; domain: A small tool for counting words";
    assert_eq!(gather(&index).expertise, expected);
}

#[test]
fn headers_belong_to_the_language_that_prevails() {
    let cpp = index_of(&[("a.cpp", "int a;int b;"), ("a.h", "int a;"), ("b.c", "int")]);
    assert_eq!(gather(&cpp).languages, ["C++", "C"]);
    let c = index_of(&[("a.c", "int a;int b;"), ("a.h", "int a;")]);
    assert_eq!(gather(&c).languages, ["C"]);
}

#[test]
fn conventions_show_what_several_files_share() {
    let index = index_of(&[
        (
            "src/error.rs",
            "pub enum StoreError { Gone }\nstruct RareError;\n",
        ),
        (
            "src/a.rs",
            "use tracing::info;\nfn a() -> Result<(), StoreError> { info!(\"x\") }\n",
        ),
        (
            "src/b.rs",
            "use tracing::warn;\nfn b(settings: Settings) -> StoreError {}\n",
        ),
        ("src/config.rs", "\npub struct Settings {\n    a: u8,\n}\n"),
        (
            "tests/t.rs",
            "struct TestError;\nStoreError Settings tracing",
        ),
    ]);
    let shown: Vec<String> = gather(&index)
        .conventions
        .iter()
        .map(|convention| format!("{}: {:?}", convention.topic, convention.target))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    error type: Verified { path: RepoPath("src/error.rs"), lines: Some(LineRange { start: 1, end: 1 }) }
    configuration: Verified { path: RepoPath("src/config.rs"), lines: Some(LineRange { start: 2, end: 4 }) }
    logging: Verified { path: RepoPath("src/a.rs"), lines: Some(LineRange { start: 1, end: 1 }) }
    "#);
}

#[test]
fn an_empty_repository_has_few_facts() {
    let facts = gather(&index_of(&[]));
    assert_eq!(facts.expertise, "software");
    assert_eq!(facts.languages, Vec::<String>::new());
}
