//! Facts of small repositories of each ecosystem.

use super::imports::provides;
use super::manifests::Manifest;
use super::{Declared, gather};
use crate::domain::package::Ecosystem;
use crate::repository::tests::index_of;

fn dependencies(path: &str, text: &str) -> String {
    let read = Manifest::read(path, text).dependencies;
    let names: Vec<String> = read.into_iter().map(|known| known.name).collect();
    names.join(" ")
}

/// A line for each dependency: name, requirement, kind, and the alias if there is one.
fn read(path: &str, text: &str) -> String {
    let line = |known: super::ManifestDependency| {
        assert_eq!(known.manifest, path);
        let alias = known.alias.map(|alias| format!(" as {alias}"));
        let alias = alias.unwrap_or_default();
        format!(
            "{} [{}] {:?}{alias}",
            known.name, known.requirement, known.kind
        )
    };
    let read = Manifest::read(path, text).dependencies.into_iter();
    read.map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn cargo_tables_targets_and_aliases_are_read() {
    let cargo = "[package]\nname = \"a\"\n[dependencies]\nserde = \"1\"\n\
        tokio = { version = \"1.2\", optional = true }\njson = { package = \"serde_json\", version = \"1\" }\n\
        near = { path = \"../near\" }\n[dev-dependencies]\ninsta = \"1\"\n\
        [target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[build-dependencies]\ncc = \"1\"\n";
    insta::assert_snapshot!(read("Cargo.toml", cargo), @"
    serde_json [1] Normal as json
    near [] Normal
    serde [1] Normal
    tokio [1.2] Optional
    insta [1] Development
    cc [1] Build
    libc [0.2] Normal
    ");
}

#[test]
fn package_json_tables_and_aliases_are_read() {
    let package = r#"{"dependencies": {"react": "^18", "old": "npm:@scope/new@^2", "bare": "npm:left"},
        "peerDependencies": {"vue": "*"}, "devDependencies": {"vite": "5"}, "optionalDependencies": {"x": 1}}"#;
    insta::assert_snapshot!(read("web/package.json", package), @"
    left [] Normal as bare
    @scope/new [^2] Normal as old
    react [^18] Normal
    vue [*] Normal
    vite [5] Development
    x [] Optional
    ");
}

#[test]
fn pyproject_is_read_in_all_its_dialects() {
    let pyproject = r#"
[build-system]
requires = ["hatchling>=1"]
[project]
dependencies = ["Django>=4,<6; python_version>'3'", "httpx[http2]", "zope.interface == 5", "git+https://x.y/z", "pkg @ https://x.y/z"]
[project.optional-dependencies]
fast = ["uvloop"]
[dependency-groups]
dev = ["pytest~=8.0", {include-group = "other"}]
[tool.poetry.dependencies]
python = "^3"
Flask_Login = { version = "^1", optional = true }
[tool.poetry.group.lint.dependencies]
ruff = "*"
[tool.uv]
dev-dependencies = ["mypy"]
"#;
    insta::assert_snapshot!(read("pyproject.toml", pyproject), @"
    django [>=4,<6] Normal
    httpx [] Normal
    zope-interface [== 5] Normal
    pkg [] Normal
    uvloop [] Optional
    pytest [~=8.0] Development
    mypy [] Development
    hatchling [>=1] Build
    flask-login [^1] Optional
    ruff [*] Development
    ");
}

#[test]
fn requirement_files_skip_options_addresses_and_comments() {
    let requirements = "# comment\n-r other.txt\nFlask==2.0 # web\nsix\n\n--hash=x\n./local\n\
        https://a.b/c.whl\nnumpy (>=1)\nthis is prose\n";
    insta::assert_snapshot!(read("requirements-dev.txt", requirements), @"
    flask [==2.0] Development
    six [] Development
    numpy [>=1] Development
    ");
}

#[test]
fn older_python_manifests_are_read_without_running_them() {
    let setup = "X = ['no']\nsetup(\n  install_requires=['numpy>=1', \"scipy[all]\"],  # ] no\n\
        extras_require={'fast': ['numba', # more\n 'cython'], \"io\": [\"h5py\"]},\n\
        entry_points={'console_scripts': ['run = a:b']})";
    insta::assert_snapshot!(read("setup.py", setup), @"
    numpy [>=1] Normal
    scipy [] Normal
    numba [] Optional
    cython [] Optional
    h5py [] Optional
    ");
    let cfg = "[options]\npython_requires = >=3\ninstall_requires =\n    attrs>=1\n    wcwidth\nzip_safe = false\n\
        [options.extras_require]\nfast = uvloop\ndocs =\n    sphinx\n[other]\nx = 1\n";
    insta::assert_snapshot!(read("setup.cfg", cfg), @"
    attrs [>=1] Normal
    wcwidth [] Normal
    uvloop [] Optional
    sphinx [] Optional
    ");
    let pipfile = "[packages]\nflask = \"*\"\nrequests = {version = \">=2\"}\n[dev-packages]\npytest = \"8\"\n";
    insta::assert_snapshot!(read("Pipfile", pipfile), @"
    flask [] Normal
    requests [>=2] Normal
    pytest [8] Development
    ");
}

#[test]
fn go_modules_that_are_needed_directly_are_read() {
    let go = "module a\n\ngo 1.22\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\tgithub.com/c/d v1 // indirect\n)\n\
        replace (\n\tgithub.com/no/x => ../x\n)\nexclude github.com/no/y v1\nrequire github.com/e/f v2 // why\ntool golang.org/x/tools/cmd/stringer\n";
    insta::assert_snapshot!(read("go.mod", go), @"
    github.com/a/b [v1.0.0] Normal
    github.com/e/f [v2] Normal
    golang.org/x/tools/cmd/stringer [] Build
    ");
}

#[test]
fn poms_are_read_with_scopes_properties_and_without_exclusions() {
    let pom = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY e 'x'>]><project><parent><groupId>org.p</groupId>\
        <artifactId>up</artifactId><version>3</version></parent><artifactId>own</artifactId>\
        <properties><j.v>5.1</j.v></properties><dependencies>\
        <dependency><groupId>junit</groupId>\n<artifactId>junit</artifactId><version>${j.v}</version><scope>test</scope>\
        <exclusions><exclusion><groupId>no</groupId><artifactId>no</artifactId></exclusion></exclusions></dependency>\
        <!-- <dependency><groupId>no</groupId><artifactId>no</artifactId></dependency> -->\
        <dependency><groupId>org.a</groupId><artifactId>b</artifactId><optional>true</optional></dependency></dependencies>\
        <build><plugins><plugin><dependencies><dependency><groupId>org.c</groupId><artifactId>d</artifactId></dependency>\
        </dependencies></plugin></plugins></build></project>";
    insta::assert_snapshot!(read("pom.xml", pom), @"
    org.p:up [3] Build
    junit:junit [5.1] Development
    org.a:b [] Optional
    org.c:d [] Build
    ");
}

#[test]
fn gradle_scripts_catalogs_and_sbt_are_read() {
    let gradle = "implementation(\"io.ktor:ktor-server-core:2.0\")\napi 'com.a:b:1'\nurl \"https://x.y\"\n\
        testImplementation 'junit:junit:4.13'\n// api 'no.no:no:1'\nkapt(\"com.g:h:1@jar\")\n\
        implementation group: 'org.x', name: 'y', version: '2'\ntask \"a:b\"\n";
    insta::assert_snapshot!(read("build.gradle.kts", gradle), @"
    io.ktor:ktor-server-core [2.0] Normal
    com.a:b [1] Normal
    junit:junit [4.13] Development
    com.g:h [1] Build
    org.x:y [2] Normal
    ");
    let catalog = "[versions]\nk = \"1.9\"\n[libraries]\na = \"g.a:a:1\"\n\
        b = { module = \"g.b:b\", version.ref = \"k\" }\nc = { group = \"g\", name = \"c\", version = { strictly = \"3\" } }\n";
    insta::assert_snapshot!(read("gradle/libs.versions.toml", catalog), @"
    g.a:a [1] Normal
    g.b:b [1.9] Normal
    g:c [3] Normal
    ");
    let sbt = "libraryDependencies += \"org.typelevel\" %% \"cats-core\" % \"2.9\"\n\"a.b\" % \"c\" % \"1\" % Test,\n";
    insta::assert_snapshot!(read("build.sbt", sbt), @"
    org.typelevel:cats-core [2.9] Normal
    a.b:c [1] Development
    ");
}

#[test]
fn ruby_php_and_elixir_manifests_are_read() {
    let gemfile = "ruby '3.2'\ngem 'rails', '~> 7', '>= 7.1', require: 'x'\n# gem 'no'\ngroup :test do\n  gem \"rspec\"\nend\n\
        gem 'puma', group: :development\ngemspec\n";
    insta::assert_snapshot!(read("Gemfile", gemfile), @"
    rails [~> 7, >= 7.1] Normal
    rspec [] Development
    puma [] Development
    ");
    let blocks = "group :development, :test do\n  platforms :mri do\n    gem 'byebug'\n  end\n  gem 'rspec'\nend\nif ENV['X']\n\
        gem 'rack'\nend\ngem 'old', :group => :test\n";
    insta::assert_snapshot!(read("gems.rb", blocks), @"
    byebug [] Development
    rspec [] Development
    rack [] Normal
    old [] Development
    ");
    let gemspec = "Gem::Specification.new do |gem|\n gem.name = 'own'\n gem.add_development_dependency(\"rspec\")\n\
        s.add_runtime_dependency 'msgpack', '1'\n s.add_dependency 'rack'";
    insta::assert_snapshot!(read("a.gemspec", gemspec), @"
    rspec [] Development
    msgpack [1] Normal
    rack [] Normal
    ");
    let composer = r#"{"require": {"php": ">=8", "ext-json": "*", "symfony/console": "6"}, "require-dev": {"phpunit/phpunit": "10"}}"#;
    insta::assert_snapshot!(read("composer.json", composer), @"
    symfony/console [6] Normal
    phpunit/phpunit [10] Development
    ");
    let mix = "elixir: \"~> 1.15\"\n[{:phoenix, \"~> 1.7\"}, {:ex_doc, \">= 0.0.0\", only: :dev},\n{:own, path: \"../own\"}]";
    insta::assert_snapshot!(read("mix.exs", mix), @"
    phoenix [~> 1.7] Normal
    ex_doc [>= 0.0.0] Development
    own [] Normal
    ");
}

#[test]
fn dotnet_and_native_manifests_are_read() {
    let csproj = "<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup><ItemGroup>\
        <PackageReference Include=\"MediatR\" Version=\"12\" />\
        <PackageReference Include='Dapper'><Version>2</Version></PackageReference>\
        <PackageReference Include=\"StyleCop\" PrivateAssets=\"all\" Version=\"$(V)\"/></ItemGroup></Project>";
    insta::assert_snapshot!(read("src/A.csproj", csproj), @"
    MediatR [12] Normal
    Dapper [2] Normal
    StyleCop [] Build
    ");
    let shared = "<Project><ItemGroup><PackageReference Include=\"SourceLink\" Version=\"8\" PrivateAssets=\"all\" /></ItemGroup></Project>";
    insta::assert_snapshot!(read("Directory.Build.props", shared), @"SourceLink [8] Build");
    let config = "<packages><package id=\"EntityFramework\" version=\"6.1\" developmentDependency=\"true\" /></packages>";
    insta::assert_snapshot!(read("packages.config", config), @"EntityFramework [6.1] Build");
    let vcpkg = r#"{"dependencies": ["zlib", {"name": "fmt", "version>=": "10"}, {"name": "cmake-tool", "host": true}]}"#;
    insta::assert_snapshot!(read("vcpkg.json", vcpkg), @"
    zlib [] Normal
    fmt [10] Normal
    cmake-tool [] Build
    ");
    let conan =
        "[requires]\nzlib/1.2.13@user/ch\n# no/1\n[tool_requires]\ncmake/3\n[options]\na/b\n";
    insta::assert_snapshot!(read("conanfile.txt", conan), @"
    zlib [1.2.13] Normal
    cmake [3] Build
    ");
    let python = "class A:\n  requires = \"fmt/10\", \"zlib/1\"\n  def build(self):\n    self.tool_requires('cmake/3')\n";
    insta::assert_snapshot!(read("conanfile.py", python), @"
    fmt [10] Normal
    zlib [1] Normal
    cmake [3] Build
    ");
    let cmake = "project(own)\nfind_package(Qt6 6.5 REQUIRED)\nFIND_PACKAGE( Boost COMPONENTS x)\nFetchContent_Declare(\n  googletest\n)\nfind_package(${X})\n";
    insta::assert_snapshot!(read("CMakeLists.txt", cmake), @"
    Qt6 [6.5] Normal
    Boost [] Normal
    googletest [] Normal
    ");
}

#[test]
fn versions_left_to_another_manifest_are_taken_from_there() {
    let index = index_of(&[
        ("Cargo.toml", "[workspace.dependencies]\nserde = \"1.0\"\n"),
        (
            "a/Cargo.toml",
            "[package]\nname = \"own-crate\"\n[dependencies]\nserde = { workspace = true }\n",
        ),
        (
            "Directory.Packages.props",
            "<Project><PackageVersion Include=\"Dapper\" Version=\"2.1\"/></Project>",
        ),
        (
            "b/B.csproj",
            "<Project><PackageReference Include=\"dapper\"/></Project>",
        ),
        (
            "pom.xml",
            "<project><dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>7</version></dependency></dependencies></dependencyManagement></project>",
        ),
        (
            "m/pom.xml",
            "<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></project>",
        ),
    ]);
    let declared = Declared::of(&index);
    let shown: Vec<String> = (declared.dependencies.iter())
        .map(|known| format!("{} {} {}", known.manifest, known.name, known.requirement))
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @"
    Cargo.toml serde 1.0
    a/Cargo.toml serde 1.0
    b/B.csproj dapper 2.1
    m/pom.xml g:a 7
    ");
    assert!(declared.is_own_import("Rust", "own_crate::thing"));
    assert!(!declared.is_own_import("Rust", "serde"));
}

#[test]
fn imports_are_traced_to_their_packages() {
    let provided = [
        (
            Ecosystem::Cargo,
            "tokio-util",
            "tokio_util::sync::CancellationToken",
        ),
        (Ecosystem::Cargo, "serde", "::serde::Deserialize"),
        (Ecosystem::Npm, "@scope/name", "@scope/name/deep/part"),
        (Ecosystem::Npm, "@types/node__core", "@node/core"),
        (Ecosystem::Npm, "react", "react"),
        (Ecosystem::Pypi, "PyYAML", "yaml"),
        (Ecosystem::Pypi, "python-dateutil", "dateutil.parser"),
        (
            Ecosystem::Pypi,
            "google-cloud-storage",
            "google.cloud.storage.blob",
        ),
        (Ecosystem::Pypi, "Flask-Login", "flask_login"),
        (
            Ecosystem::Go,
            "github.com/jackc/pgx/v5",
            "github.com/jackc/pgx/v5/pgxpool",
        ),
        (
            Ecosystem::Maven,
            "com.google.guava:guava",
            "com.google.common.collect.ImmutableList",
        ),
        (
            Ecosystem::Maven,
            "com.fasterxml.jackson.core:jackson-databind",
            "com.fasterxml.jackson.databind.ObjectMapper",
        ),
        (Ecosystem::Maven, "org.projectlombok:lombok", "lombok.Data"),
        (
            Ecosystem::Rubygems,
            "activesupport",
            "active_support/core_ext",
        ),
        (Ecosystem::Nuget, "Newtonsoft.Json", "Newtonsoft.Json.Linq"),
        (
            Ecosystem::Packagist,
            "symfony/console",
            "Symfony\\Component\\Console\\Application",
        ),
        (
            Ecosystem::Packagist,
            "guzzlehttp/guzzle",
            "GuzzleHttp\\Client",
        ),
        (Ecosystem::Hex, "phoenix", "Phoenix.Controller"),
        (Ecosystem::Native, "fmt", "fmt/core.h"),
    ];
    for (ecosystem, package, module) in provided {
        assert!(provides(ecosystem, package, module), "{package} {module}");
    }
}

#[test]
fn imports_of_other_packages_are_not_taken() {
    let not = [
        (Ecosystem::Cargo, "tokio", "tokio_util::x"),
        (Ecosystem::Npm, "react", "react-dom"),
        (Ecosystem::Npm, "@scope/name", "@scope/other"),
        (Ecosystem::Pypi, "yaml-extra", "yaml"),
        (Ecosystem::Pypi, "requests", "requests_oauthlib"),
        (Ecosystem::Go, "github.com/a/b", "github.com/a/bc"),
        (
            Ecosystem::Maven,
            "org.slf4j:slf4j-api",
            "org.apache.log4j.Logger",
        ),
        (Ecosystem::Nuget, "Newtonsoft.Json", "NewtonsoftX"),
        (Ecosystem::Other, "a", "a"),
    ];
    for (ecosystem, package, module) in not {
        assert!(!provides(ecosystem, package, module), "{package} {module}");
    }
}

#[test]
fn an_aliased_dependency_is_found_by_its_alias() {
    let index = index_of(&[(
        "Cargo.toml",
        "[dependencies]\njson = { package = \"serde_json\" }\n",
    )]);
    let declared = Declared::of(&index);
    let found = declared.provides_import("Rust", "json::Value");
    assert_eq!(found.map(|known| &*known.name), Some("serde_json"));
    assert!(declared.find(Ecosystem::Cargo, "serde-json").is_some());
    assert!(declared.provides_import("Shell", "json").is_none());
}

#[test]
fn hostile_manifests_are_bounded() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let many = (0..5000)
        .map(|i| format!("\"p{i}\": \"1\""))
        .collect::<Vec<_>>();
    let many = format!("{{\"dependencies\": {{{}}}}}", many.join(","));
    let nested = format!("{}<dependency><groupId>a</groupId>", "<a>".repeat(100_000));
    let words = "install_requires=[".repeat(50_000);
    for (path, text) in [
        ("package.json", &deep),
        ("pyproject.toml", &format!("x = {deep}")),
        ("pom.xml", &nested),
        ("setup.py", &words),
        ("CMakeLists.txt", &"find_package(".repeat(70_000)),
        ("a.csproj", &"<PackageReference Include=\"".repeat(30_000)),
    ] {
        assert_eq!(dependencies(path, text), "", "{path}");
    }
    assert_eq!(
        Manifest::read("package.json", &many).dependencies.len(),
        500
    );
    let large = format!("{}\nsix\n", "#".repeat(2_000_000));
    assert_eq!(dependencies("requirements.txt", &large), "");
    let names = format!("{}\n{}\nfine\n", "x".repeat(300), "a\u{7}b==1");
    assert_eq!(dependencies("requirements.txt", &names), "fine");
}

#[test]
fn expertise_names_versions_of_frameworks_and_build_systems() {
    let index = index_of(&[
        (
            "pom.xml",
            "<project><properties><java.version>17</java.version></properties><dependencies>\
            <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId><version>3.2.1</version></dependency>\
            <dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42</version></dependency>\
            </dependencies></project>",
        ),
        ("src/A.java", "class A {}"),
    ]);
    let facts = gather(&index);
    assert_eq!(
        facts.expertise,
        "Java (17) — Spring Boot 3, PostgreSQL; built with Maven"
    );
    assert_eq!(
        facts.consequences,
        [
            "Spring Boot: beans are injected by constructor; controllers stay thin; settings bind to typed properties"
        ]
    );
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
