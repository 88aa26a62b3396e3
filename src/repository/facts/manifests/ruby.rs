//! `Gemfile`, `gems.rb` and gemspecs, and Elixir's `mix.exs`, which reads much alike.

use super::scan::{code_lines, first_word, quoted, value_of};
use super::{DependencyKind, Manifest};
use crate::domain::package::Ecosystem;

pub(super) fn gemfile(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Rubygems);
    // For each block that is open, whether its gems are for developing.
    let mut blocks: Vec<bool> = Vec::new();
    for line in code_lines(text, &["#"]) {
        let within = blocks.last().copied().unwrap_or(false);
        if opens_block(line) {
            let of_group = line.starts_with("group") && is_development(line);
            blocks.push(within || of_group);
        } else if line == "end" {
            blocks.pop();
        } else if let Some(version) = line.strip_prefix("ruby ").map(quoted) {
            manifest.add_level("Ruby", version.first().map(|version| (*version).to_owned()));
        } else if let Some(gem) = argument(line, "gem") {
            let kind = match within || (line.contains("group") && is_development(line)) {
                true => DependencyKind::Development,
                false => DependencyKind::Normal,
            };
            add(gem, kind, &mut manifest);
        }
    }
    manifest
}

pub(super) fn gemspec(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Rubygems);
    for line in code_lines(text, &["#"]) {
        let (_, call) = line.split_once('.').unwrap_or(("", line));
        let calls = [
            ("add_development_dependency", DependencyKind::Development),
            ("add_runtime_dependency", DependencyKind::Normal),
            ("add_dependency", DependencyKind::Normal),
        ];
        for (name, kind) in calls {
            if let Some(rest) = argument(call, name) {
                add(rest, kind, &mut manifest);
            }
        }
        let value = |key| value_of(call, key).map(str::to_owned);
        manifest.own.extend(value("name"));
        manifest.add_level("Ruby", value("required_ruby_version"));
        manifest.description = manifest.description.or_else(|| value("summary"));
    }
    manifest
}

/// `{:phoenix, "~> 1.7", only: :test}`.
pub(super) fn mix(text: &str) -> Manifest {
    let mut manifest = Manifest::of(Ecosystem::Hex);
    for line in code_lines(text, &["#"]) {
        if let Some(level) = value_of(line, "elixir") {
            manifest.add_level("Elixir", Some(level.to_owned()));
        }
        for entry in line.split("{:").skip(1) {
            let Some((name, rest)) = entry.split_once(',') else {
                continue;
            };
            let kind = match rest.contains("only:") && !rest.contains(":prod") {
                true => DependencyKind::Development,
                false => DependencyKind::Normal,
            };
            let version = rest.trim_start().starts_with('"').then(|| quoted(rest));
            let version = version.and_then(|texts| texts.first().copied());
            manifest.add(name, version.unwrap_or_default(), kind);
        }
    }
    manifest
}

/// Whether a line begins what an `end` of its own ends: `group :test do`, `if ENV["X"]`.
fn opens_block(line: &str) -> bool {
    let word = first_word(line);
    matches!(word, "if" | "unless" | "case" | "def") || line.ends_with(" do") || line.ends_with('|')
}

fn is_development(line: &str) -> bool {
    line.contains(":development") || line.contains(":test")
}

/// What follows the call of `name`.
fn argument<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(name)?;
    rest.starts_with([' ', '(']).then_some(rest)
}

/// Takes `'name', '~> 1', '>= 1.2', key: …`.
fn add(arguments: &str, kind: DependencyKind, manifest: &mut Manifest) {
    let plain = arguments.split(": ").next().unwrap_or_default();
    let plain = plain.split("=> ").next().unwrap_or_default();
    let mut texts = quoted(plain).into_iter();
    if let Some(name) = texts.next() {
        let requirement: Vec<&str> = texts.collect();
        manifest.add(name, &requirement.join(", "), kind);
    }
}
