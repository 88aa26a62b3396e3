//! `#include` lines.

use super::sources::Sources;
use super::standard::{C_HEADERS, has};
use super::{Line, Missing};

/// Folders of systems and their libraries.
const SYSTEM_FOLDERS: &[&str] = &[
    "sys",
    "linux",
    "asm",
    "arpa",
    "net",
    "netinet",
    "mach",
    "machine",
    "bits",
    "experimental",
    "ext",
    "CoreFoundation",
    "Foundation",
    "IOKit",
    "Security",
    "libkern",
    "os",
    "dispatch",
    "windows",
    "cuda",
];

/// What of a line leads nowhere.
pub(super) fn read(line: &Line<'_>, sources: &Sources<'_, '_>) -> Option<Missing> {
    let rest = line
        .text
        .strip_prefix('#')?
        .trim_start()
        .strip_prefix("include")?
        .trim_start();
    let is_system = rest.starts_with('<');
    let name = rest.split(['<', '>', '"']).nth(1)?.trim();
    if name.is_empty() {
        return None;
    }
    let plain: Vec<&str> = name
        .split('/')
        .filter(|one| !matches!(*one, "." | ".."))
        .collect();
    let tail = plain.join("/");
    let head = plain.first().copied().unwrap_or_default();
    let last = plain.last().copied().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or(last);
    let is_standard = has(C_HEADERS, &tail) || (plain.len() > 1 && SYSTEM_FOLDERS.contains(&head));
    let found = is_standard
        || sources.has_tail(&tail)
        || sources.is_imported(line.file, stem, name)
        // What the build writes stands as a template.
        || sources.has_tail(&format!("{tail}.in"))
        || (plain.len() > 1 && (sources.is_proposed(head) || sources.is_in_manifest(head)))
        || sources.is_proposed(stem);
    let missing = if is_system {
        Missing::package
    } else {
        Missing::local
    };
    (!found).then(|| missing(name))
}
