//! From what code imports to the package that provides it.
//!
//! Only Go, Rust and npm tie the two together. Elsewhere there are habits and a table of exceptions,
//! so these functions lean towards "provided".

use crate::domain::package::Ecosystem;

/// Where code in `language` gets its libraries from.
pub fn ecosystem_of(language: &str) -> Option<Ecosystem> {
    Some(match language {
        "Rust" => Ecosystem::Cargo,
        "JavaScript" | "TypeScript" => Ecosystem::Npm,
        "Python" => Ecosystem::Pypi,
        "Go" => Ecosystem::Go,
        "Java" | "Kotlin" | "Scala" | "Groovy" => Ecosystem::Maven,
        "Ruby" => Ecosystem::Rubygems,
        "Elixir" => Ecosystem::Hex,
        "C#" | "F#" => Ecosystem::Nuget,
        "PHP" => Ecosystem::Packagist,
        "C" | "C++" => Ecosystem::Native,
        _ => return None,
    })
}

/// Segments of a Python module that may spell the name of its package.
const SEGMENTS: usize = 6;

/// Packages whose import name has nothing to do with their own.
const EXCEPTIONS: &[(Ecosystem, &str, &[&str])] = &[
    (Ecosystem::Pypi, "attrs", &["attr", "attrs"]),
    (Ecosystem::Pypi, "beautifulsoup4", &["bs4"]),
    (Ecosystem::Pypi, "discord-py", &["discord"]),
    (Ecosystem::Pypi, "djangorestframework", &["rest_framework"]),
    (Ecosystem::Pypi, "dnspython", &["dns"]),
    (Ecosystem::Pypi, "faiss-cpu", &["faiss"]),
    (Ecosystem::Pypi, "gitpython", &["git"]),
    (Ecosystem::Pypi, "grpcio", &["grpc"]),
    (Ecosystem::Pypi, "mysqlclient", &["MySQLdb"]),
    (Ecosystem::Pypi, "opencv-python", &["cv2"]),
    (Ecosystem::Pypi, "opencv-python-headless", &["cv2"]),
    (Ecosystem::Pypi, "pillow", &["PIL"]),
    (Ecosystem::Pypi, "protobuf", &["google.protobuf"]),
    (Ecosystem::Pypi, "psycopg2-binary", &["psycopg2"]),
    (Ecosystem::Pypi, "pycryptodome", &["Crypto"]),
    (Ecosystem::Pypi, "pycryptodomex", &["Cryptodome"]),
    (Ecosystem::Pypi, "pyjwt", &["jwt"]),
    (Ecosystem::Pypi, "pynacl", &["nacl"]),
    (Ecosystem::Pypi, "pyopenssl", &["OpenSSL"]),
    (Ecosystem::Pypi, "pyserial", &["serial"]),
    (
        Ecosystem::Pypi,
        "pywin32",
        &["win32api", "win32con", "win32com", "pythoncom"],
    ),
    (Ecosystem::Pypi, "pyyaml", &["yaml"]),
    (Ecosystem::Pypi, "pyzmq", &["zmq"]),
    (Ecosystem::Pypi, "scikit-image", &["skimage"]),
    (Ecosystem::Pypi, "scikit-learn", &["sklearn"]),
    (
        Ecosystem::Pypi,
        "setuptools",
        &["setuptools", "pkg_resources"],
    ),
    (Ecosystem::Pypi, "websocket-client", &["websocket"]),
    (Ecosystem::Cargo, "md-5", &["md5"]),
    (
        Ecosystem::Maven,
        "com.google.guava:guava",
        &["com.google.common"],
    ),
    (
        Ecosystem::Maven,
        "com.squareup.okhttp3:okhttp",
        &["okhttp3"],
    ),
    (Ecosystem::Maven, "com.squareup.okio:okio", &["okio"]),
    (
        Ecosystem::Maven,
        "com.squareup.retrofit2:retrofit",
        &["retrofit2"],
    ),
    (
        Ecosystem::Maven,
        "commons-codec:commons-codec",
        &["org.apache.commons.codec"],
    ),
    (
        Ecosystem::Maven,
        "commons-io:commons-io",
        &["org.apache.commons.io"],
    ),
    (
        Ecosystem::Maven,
        "commons-lang:commons-lang",
        &["org.apache.commons.lang"],
    ),
    (
        Ecosystem::Maven,
        "io.projectreactor:reactor-core",
        &["reactor"],
    ),
    (Ecosystem::Maven, "junit:junit", &["org.junit", "junit"]),
    (
        Ecosystem::Maven,
        "mysql:mysql-connector-java",
        &["com.mysql"],
    ),
    (Ecosystem::Maven, "org.projectlombok:lombok", &["lombok"]),
    (Ecosystem::Maven, "org.scala-lang:scala-library", &["scala"]),
    (Ecosystem::Packagist, "laravel/framework", &["Illuminate"]),
    (Ecosystem::Packagist, "nesbot/carbon", &["Carbon"]),
    (Ecosystem::Packagist, "symfony/symfony", &["Symfony"]),
    (Ecosystem::Rubygems, "rails", &["rails", "active", "action"]),
    (Ecosystem::Rubygems, "pg", &["pg"]),
    (Ecosystem::Native, "gtest", &["gtest", "gmock"]),
    (Ecosystem::Native, "nlohmann_json", &["nlohmann"]),
];

/// Whether `package` provides the import `module`.
pub fn provides(ecosystem: Ecosystem, package: &str, module: &str) -> bool {
    let module = module
        .trim()
        .trim_start_matches("::")
        .trim_start_matches("r#");
    let exceptions = EXCEPTIONS
        .iter()
        .find(|(of, name, _)| *of == ecosystem && *name == ecosystem.normalise(package));
    let prefixes = exceptions.map_or(&[][..], |(_, _, prefixes)| prefixes);
    prefixes.iter().any(|prefix| is_within(module, prefix)) || usual(ecosystem, package, module)
}

fn usual(ecosystem: Ecosystem, package: &str, module: &str) -> bool {
    match ecosystem {
        Ecosystem::Cargo => first(module).replace('_', "-") == package.replace('_', "-"),
        Ecosystem::Npm => npm(package, module),
        Ecosystem::Go => is_within_path(module, package),
        Ecosystem::Pypi => python(package, module),
        Ecosystem::Maven => maven(package, module),
        Ecosystem::Nuget => {
            let (package, module) = (package.to_lowercase(), module.to_lowercase());
            is_within(&module, &package) || is_within(&package, &module)
        }
        Ecosystem::Packagist => {
            let mut parts = package.split(['/', '\\']);
            parts.any(|part| squash(part) == squash(first(module)))
        }
        Ecosystem::Rubygems => {
            let (package, module) = (squash(package), squash(module));
            !package.is_empty()
                && !module.is_empty()
                && (module.starts_with(&package) || package.starts_with(&module))
        }
        Ecosystem::Hex => squash(package) == squash(first(module)),
        Ecosystem::Native => {
            let (package, header) = (squash(package), squash(first(module)));
            !header.is_empty()
                && !package.is_empty()
                && (package.starts_with(&header) || header.starts_with(&package))
        }
        Ecosystem::Other => false,
    }
}

fn npm(package: &str, module: &str) -> bool {
    // The types of `name` are published as `@types/name`, those of `@a/b` as `@types/a__b`.
    let typed = package
        .strip_prefix("@types/")
        .map(|name| match name.split_once("__") {
            Some((scope, name)) => format!("@{scope}/{name}"),
            None => name.to_owned(),
        });
    is_within_path(module, package) || typed.is_some_and(|name| is_within_path(module, &name))
}

/// `google-cloud-storage` provides `google.cloud.storage`, `python-dateutil` provides `dateutil`.
fn python(package: &str, module: &str) -> bool {
    let package = Ecosystem::Pypi.normalise(package);
    let bare = package.strip_prefix("python-").unwrap_or(&package);
    let bare = bare.strip_suffix("-python").unwrap_or(bare);
    let bare = bare.strip_suffix("-binary").unwrap_or(bare);
    let mut joined = String::new();
    module.split('.').take(SEGMENTS).any(|segment| {
        if !joined.is_empty() {
            joined.push('-');
        }
        joined.push_str(segment);
        let name = Ecosystem::Pypi.normalise(&joined);
        name == package || name == bare
    })
}

/// A group is usually the beginning of its packages, or shares its own beginning with them.
fn maven(package: &str, module: &str) -> bool {
    let (group, artifact) = package.split_once(':').unwrap_or((package, ""));
    let shared = group.split('.').zip(module.split('.'));
    let shared = shared.take_while(|(group, module)| group == module).count();
    let needed = group.split('.').count().min(2);
    shared >= needed || (group == artifact && is_within(module, group))
}

/// The first segment of a module, however the language separates them.
fn first(module: &str) -> &str {
    let module = module.trim_start_matches(['\\', '/', '<', '"']);
    module.split(['.', ':', '/', '\\']).next().unwrap_or(module)
}

/// Whether `module` is `prefix` or lies within it.
fn is_within(module: &str, prefix: &str) -> bool {
    let rest = module.strip_prefix(prefix);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

fn is_within_path(module: &str, prefix: &str) -> bool {
    let rest = module.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Letters and digits alone, in lower case.
fn squash(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
