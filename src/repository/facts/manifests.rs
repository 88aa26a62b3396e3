//! Reading manifests for direct dependencies, language level and description. What cannot be read
//! is left out: a broken manifest is its owner's affair.

use serde_json::Value;

/// What a manifest says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Direct dependencies, in the manifest's order.
    pub(super) dependencies: Vec<String>,
    /// What the project is about, in its own words; raw text.
    pub(super) description: Option<String>,
    /// The language that the manifest belongs to and its level, such as `edition 2021`.
    levels: Vec<(&'static str, String)>,
}

/// Dependencies taken from one manifest.
const DEPENDENCIES: usize = 500;

/// Whether a file of this name is a manifest.
pub(super) fn is_manifest(name: &str) -> bool {
    let exact = [
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "setup.py",
        "setup.cfg",
        "go.mod",
        "pom.xml",
        "build.gradle",
        "build.gradle.kts",
        "composer.json",
        "Gemfile",
        "Package.swift",
        "build.sbt",
        "CMakeLists.txt",
    ];
    exact.contains(&name)
        || (name.starts_with("requirements") && name.ends_with(".txt"))
        || [".csproj", ".gemspec"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

impl Manifest {
    /// Reads the manifest at `path`.
    pub(super) fn read(path: &str, text: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut manifest = match name {
            "Cargo.toml" => toml(text).map_or_else(Self::default, |toml| cargo(&toml)),
            "pyproject.toml" => toml(text).map_or_else(Self::default, |toml| pyproject(&toml)),
            "package.json" => json(text).map_or_else(Self::default, |json| package_json(&json)),
            "composer.json" => json(text).map_or_else(Self::default, |json| composer(&json)),
            "go.mod" => go_mod(text),
            "pom.xml" => of_names(pom(text)),
            "build.gradle" | "build.gradle.kts" => of_names(gradle(text)),
            "setup.py" | "setup.cfg" => of_names(setup(text)),
            "Gemfile" => of_names(quoted_after(text, "gem ")),
            _ if name.ends_with(".gemspec") => of_names(quoted_after(text, "_dependency")),
            _ if name.ends_with(".csproj") => {
                of_names(quoted_after(text, "PackageReference Include="))
            }
            _ if name.starts_with("requirements") => of_names(requirements(text)),
            _ => Self::default(),
        };
        manifest
            .dependencies
            .retain(|name| !name.is_empty() && name.len() <= 200);
        manifest.dependencies.truncate(DEPENDENCIES);
        manifest
    }

    /// The level of `language` that this manifest asks for.
    pub(super) fn level(&self, language: &str) -> Option<&str> {
        let mut levels = self.levels.iter();
        let (_, level) = levels.find(|(own, _)| *own == language)?;
        Some(level)
    }
}

fn of_names(dependencies: Vec<String>) -> Manifest {
    Manifest {
        dependencies,
        ..Manifest::default()
    }
}

fn toml(text: &str) -> Option<Value> {
    toml::from_str(text).ok()
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

fn text_at(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

fn keys_at(value: &Value, pointer: &str) -> Vec<String> {
    let table = value.pointer(pointer).and_then(Value::as_object);
    table.map_or_else(Vec::new, |table| table.keys().cloned().collect())
}

fn cargo(toml: &Value) -> Manifest {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let mut dependencies: Vec<String> = tables
        .iter()
        .flat_map(|table| keys_at(toml, &format!("/{table}")))
        .collect();
    dependencies.extend(keys_at(toml, "/workspace/dependencies"));
    let targets = toml.pointer("/target").and_then(Value::as_object);
    for target in targets.into_iter().flat_map(serde_json::Map::values) {
        dependencies.extend(keys_at(target, "/dependencies"));
    }
    let edition = text_at(toml, "/package/edition");
    let edition = edition.or_else(|| text_at(toml, "/workspace/package/edition"));
    Manifest {
        dependencies,
        description: text_at(toml, "/package/description"),
        levels: edition
            .map(|edition| ("Rust", format!("edition {edition}")))
            .into_iter()
            .collect(),
    }
}

fn package_json(json: &Value) -> Manifest {
    let tables = [
        "dependencies",
        "peerDependencies",
        "devDependencies",
        "optionalDependencies",
    ];
    let tables = tables.iter().map(|table| format!("/{table}"));
    let node = text_at(json, "/engines/node").map(|version| format!("Node {version}"));
    let levels = ["JavaScript", "TypeScript"].into_iter();
    Manifest {
        dependencies: tables.flat_map(|table| keys_at(json, &table)).collect(),
        description: text_at(json, "/description"),
        levels: node
            .map(|node| levels.map(|language| (language, node.clone())).collect())
            .unwrap_or_default(),
    }
}

fn composer(json: &Value) -> Manifest {
    let mut dependencies = keys_at(json, "/require");
    dependencies.extend(keys_at(json, "/require-dev"));
    dependencies.retain(|name| name.contains('/'));
    Manifest {
        dependencies,
        description: text_at(json, "/description"),
        levels: text_at(json, "/require/php")
            .map(|version| ("PHP", version))
            .into_iter()
            .collect(),
    }
}

fn pyproject(toml: &Value) -> Manifest {
    let listed = |value: &Value| {
        let items = value.as_array().into_iter().flatten();
        let names = items.filter_map(|item| requirement_name(item.as_str()?));
        names.collect::<Vec<_>>()
    };
    let mut dependencies = toml
        .pointer("/project/dependencies")
        .map(listed)
        .unwrap_or_default();
    for groups in ["/project/optional-dependencies", "/dependency-groups"] {
        let groups = toml.pointer(groups).and_then(Value::as_object);
        dependencies.extend(
            groups
                .into_iter()
                .flat_map(|groups| groups.values().flat_map(listed)),
        );
    }
    dependencies.extend(keys_at(toml, "/tool/poetry/dependencies"));
    dependencies.extend(keys_at(toml, "/tool/poetry/dev-dependencies"));
    dependencies.retain(|name| name != "python");
    let python = text_at(toml, "/project/requires-python");
    let python = python.or_else(|| text_at(toml, "/tool/poetry/dependencies/python"));
    let description = text_at(toml, "/project/description");
    Manifest {
        dependencies,
        description: description.or_else(|| text_at(toml, "/tool/poetry/description")),
        levels: python
            .map(|version| ("Python", version))
            .into_iter()
            .collect(),
    }
}

fn go_mod(text: &str) -> Manifest {
    let mut manifest = Manifest::default();
    let mut in_require = false;
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["go", version] => manifest.levels.push(("Go", (*version).to_owned())),
            ["require", "("] => in_require = true,
            [")"] => in_require = false,
            [.., "//", "indirect"] => {}
            ["require", name, ..] => manifest.dependencies.push((*name).to_owned()),
            [name, _version, ..] if in_require => manifest.dependencies.push((*name).to_owned()),
            _ => {}
        }
    }
    manifest
}

/// `group:artifact` of each `<dependency>`.
fn pom(text: &str) -> Vec<String> {
    let inner = |block: &str, tag: &str| {
        let (_, rest) = block.split_once(&format!("<{tag}>"))?;
        let (value, _) = rest.split_once('<')?;
        Some(value.trim().to_owned())
    };
    let blocks = text.split("<dependency>").skip(1);
    blocks
        .filter_map(|block| {
            let block = block.split("</dependency>").next()?;
            Some(format!(
                "{}:{}",
                inner(block, "groupId")?,
                inner(block, "artifactId")?
            ))
        })
        .collect()
}

/// `group:artifact` of each `"group:artifact:version"`.
fn gradle(text: &str) -> Vec<String> {
    let quoted = text
        .lines()
        .filter_map(|line| line.split(['"', '\'']).nth(1));
    quoted
        .filter_map(|coordinates| {
            let mut parts = coordinates.split(':');
            let (group, artifact) = (parts.next()?, parts.next()?);
            let plain = |part: &str| {
                !part.is_empty()
                    && part
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
            };
            (plain(group) && plain(artifact) && group.contains('.'))
                .then(|| format!("{group}:{artifact}"))
        })
        .collect()
}

/// The quoted names, or the indented lines, behind `install_requires`.
fn setup(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once("install_requires") else {
        return Vec::new();
    };
    let rest = rest.trim_start_matches([' ', '=', '\t']);
    if let Some(list) = rest.strip_prefix('[') {
        let list = list.split(']').next().unwrap_or_default();
        let quoted = list.split(['"', '\'']).skip(1).step_by(2);
        return quoted.filter_map(requirement_name).collect();
    }
    let lines = rest.lines().skip(1);
    let indented = lines.take_while(|line| line.starts_with(char::is_whitespace));
    indented
        .filter_map(|line| requirement_name(line.trim()))
        .collect()
}

fn requirements(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| requirement_name(line.trim()))
        .collect()
}

/// The name that begins `name[extra]>=1; marker`; nothing for options and comments.
fn requirement_name(requirement: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = requirement
        .find(|c| !is_name(c))
        .unwrap_or(requirement.len());
    let name = requirement.get(..end)?;
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        .then(|| name.to_lowercase())
}

/// The first quoted text behind `mark`, on each line that has it and is no comment.
fn quoted_after(text: &str, mark: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let rests = lines.filter_map(|line| line.split_once(mark));
    rests
        .filter_map(|(_, rest)| rest.split(['"', '\'']).nth(1))
        .map(str::to_owned)
        .collect()
}
