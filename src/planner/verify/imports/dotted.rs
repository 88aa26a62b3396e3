//! Imports by the names of namespaces: Java and its kin, C#, PHP.

use super::sources::Sources;
use super::{Line, Missing};

/// Packages that come with the platform.
const JVM_PLATFORM: &[&str] = &[
    "java", "javax", "jdk", "sun", "kotlin", "scala", "groovy", "android",
];
const JVM_PREFIXES: &[&str] = &[
    "com.sun.",
    "org.w3c.",
    "org.xml.",
    "org.ietf.",
    "netscape.javascript.",
];
const CSHARP_PLATFORM: &[&str] = &[
    "System",
    "Microsoft",
    "Windows",
    "Mono",
    "UnityEngine",
    "UnityEditor",
];

/// What of a line of Java, Kotlin, Scala or Groovy leads nowhere.
pub(super) fn read_jvm(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text.trim_end_matches(';').trim();
    let rest = text.strip_prefix("import ")?.trim_start();
    let rest = rest.strip_prefix("static ").unwrap_or(rest);
    let name = rest
        .split([' ', '{'])
        .next()?
        .trim_end_matches(['*', '_', '.']);
    let segments: Vec<&str> = name.split('.').collect();
    let head = *segments.first()?;
    let is_platform =
        JVM_PLATFORM.contains(&head) || JVM_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if name.is_empty() || is_platform || segments.len() < 2 {
        return None;
    }
    let is_upper = |segment: &&str| segment.starts_with(char::is_uppercase);
    let packages: Vec<&str> = segments
        .iter()
        .copied()
        .take_while(|one| !is_upper(one))
        .collect();
    let class = segments.get(packages.len()).copied();
    let folder = packages.join("/");
    let is_here = !folder.is_empty() && sources.check.files.has_folder_tail(&folder);
    if is_here {
        let unknown = class.filter(|class| !sources.is_known(class));
        return unknown.map(|_| Missing::local(name));
    }
    if is_own_package(&packages, line, sources) {
        return Some(Missing::local(name));
    }
    let foreign = |count: usize| {
        let prefix = packages.get(..count)?.join(".");
        let word = *packages.get(count - 1)?;
        Some(
            sources.is_imported(line.file, word, &format!("import {prefix}."))
                || sources.is_imported(line.file, word, &format!("import static {prefix}.")),
        )
    };
    let known = foreign(packages.len().clamp(1, 3)).unwrap_or(false)
        || (packages.len() > 1
            && packages
                .get(..2)
                .is_some_and(|group| sources.is_in_manifest(&group.join("."))))
        || packages
            .iter()
            .rev()
            .take(2)
            .any(|one| one.len() > 3 && sources.is_proposed(one))
        || sources.is_proposed(&packages.join("."));
    (!known).then(|| Missing::package(name))
}

/// Whether files of the repository are in a package above this one, and nobody imports anything from where
/// the two part: then the package would be the repository's own, if it existed.
fn is_own_package(packages: &[&str], line: &Line<'_>, sources: &Sources<'_, '_>) -> bool {
    let prefix = |count: usize| packages.get(..count).unwrap_or_default().join(".");
    let is_declared = |count: &usize| {
        let (name, word) = (prefix(*count), packages.get(count - 1));
        let declares = |end: &str| {
            let declaration = format!("package {name}{end}");
            word.is_some_and(|word| sources.is_written(line.file, word, &declaration))
        };
        declares(";") || declares("\n") || declares("\r")
    };
    let own = (2..packages.len()).rev().find(is_declared);
    own.is_some_and(|count| {
        let word = packages.get(count).copied().unwrap_or_default();
        let needle = format!("{}.", prefix(count + 1));
        !sources.is_imported(line.file, word, &needle)
    })
}

/// What of a line of C# leads nowhere.
pub(super) fn read_csharp(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text.trim_end_matches(';').trim();
    let text = text.strip_prefix("global ").unwrap_or(text);
    let rest = text.strip_prefix("using ")?.trim_start();
    let rest = rest.strip_prefix("static ").unwrap_or(rest);
    let name = rest.split_once('=').map_or(rest, |(_, name)| name).trim();
    let name = name.split('<').next().unwrap_or(name);
    let head = name.split('.').next()?;
    let plain = name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    if !plain || head.is_empty() || CSHARP_PLATFORM.contains(&head) {
        return None;
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let is_here = sources.is_imported(line.file, last, name)
        || (sources.is_own(head)
            && sources.is_own(last)
            && name.split('.').all(|segment| sources.is_known(segment)))
        || sources.is_written(line.file, last, &format!("namespace {name}"));
    let is_named = is_here || sources.is_in_manifest(name);
    if sources.is_written(line.file, head, &format!("namespace {head}")) {
        let found = is_named || sources.is_proposed(name);
        return (!found).then(|| Missing::local(name));
    }
    let known = is_named
        || sources.is_in_manifest(head)
        || sources.is_proposed(head)
        || sources.is_imported(line.file, head, &format!("using {head}"));
    (!known).then(|| Missing::package(name))
}

/// What of a line of PHP leads nowhere.
pub(super) fn read_php(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let text = line.text.trim_end_matches(';').trim();
    let rest = text.strip_prefix("use ")?.trim_start();
    let rest = rest
        .strip_prefix("function ")
        .or_else(|| rest.strip_prefix("const "))
        .unwrap_or(rest);
    let name = rest.split([' ', ',', '{']).next()?.trim_matches('\\');
    let (namespace, class) = name.rsplit_once('\\')?;
    let head = name.split('\\').next()?;
    let tail = format!("{class}.php");
    let is_here = sources.is_written(line.file, head, &format!("namespace {head}"));
    let found = sources.has_tail(&tail) && is_here
        || sources.is_imported(line.file, class, &format!("use {name}"));
    if found {
        return None;
    }
    if is_here {
        let is_known = sources.is_known(class)
            && namespace
                .split('\\')
                .all(|segment| sources.is_known(segment));
        return (!is_known).then(|| Missing::local(name));
    }
    let known = sources.is_imported(line.file, head, &format!("use {head}\\"))
        || sources.is_in_manifest(&head.to_lowercase())
        || sources.is_proposed(head);
    (!known).then(|| Missing::package(name))
}
