//! What is said of a repository's own settings, and on the page of a workflow's run.

use crate::domain::narrowing::Kind;
use crate::render::messages::{and_more, counted};
use crate::render::numbers::thousands;

/// Above the list of `/plan config`.
pub(in crate::render) const CONFIG: &str = "**Settings that hold for this repository.** The file \
    `.planwright.toml` on its default branch can narrow them and never widen them.";

pub(in crate::render) const FROM_DEFAULT: &str = "the default";
pub(in crate::render) const FROM_OPERATOR: &str = "set by the bot's operator";
pub(in crate::render) const NOT_TOML: &str = "is not TOML";
pub(in crate::render) const FILE_NOT_TEXT: &str = "must be a file of text in UTF-8";
pub(in crate::render) const OPERATOR_ONLY: &str = "can only be set by the bot's operator";
pub(in crate::render) const WANTED_PATTERN: &str = "must be patterns of paths as in `.gitignore`, \
    without `!`, such as `src/**`";
pub(in crate::render) const WANTED_LANGUAGE: &str = "must be the tag of a language, such as `de` \
    or `pt-BR`";

/// Above what the page of a workflow's run shows.
pub(in crate::render) const RUN_TITLE: &str = "## Planwright";
pub(in crate::render) const RUN_NOTHING: &str = "Nothing to do: ";
pub(in crate::render) const RUN_FAILED: &str = "No plan: ";

pub(in crate::render) fn run_posted(url: &str) -> String {
    format!("Posted [the comment in the thread]({url}).")
}

/// Above the faults of a repository's file.
pub(in crate::render) fn faulty(count: usize) -> String {
    let places = counted(count, "place", "places");
    format!(
        "**`.planwright.toml` has {places} that cannot be used.** The operator's settings stand \
         there."
    )
}

/// One fault: where it is, and what would be right.
pub(in crate::render) fn fault(line: usize, key: Option<&str>, wanted: &str) -> String {
    let key = key.unwrap_or("the file");
    match line {
        0 => format!("{key} {wanted}"),
        line => format!("line {line}: {key} {wanted}"),
    }
}

pub(in crate::render) fn from_repository(file: &str, line: usize) -> String {
    format!("{file}, line {line}")
}

pub(in crate::render) fn file_too_large(most_bytes: u64) -> String {
    format!("must not have more than {} bytes", thousands(most_bytes))
}

pub(in crate::render) fn unknown_key(known: &[String]) -> String {
    format!("is not known; what can be set here: {}", known.join(", "))
}

pub(in crate::render) fn wanted_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "must be a text in quotes",
        Kind::Texts => "must be a list of texts",
        Kind::Number => "must be a whole number",
        Kind::Section => "must be a section in brackets",
        Kind::Sections => "must be sections in double brackets",
    }
}

pub(in crate::render) fn wanted_range(least: u64, most: u64) -> String {
    let (least, most) = (thousands(least), thousands(most));
    format!("must be from {least} to {most}, which is what the operator allows")
}

pub(in crate::render) fn wanted_one_of(allowed: &[String], more: usize) -> String {
    match allowed {
        [] => "can hold nothing, because the operator allows none".to_owned(),
        [one] => format!("can only be {one}, which is what the operator allows"),
        several => format!(
            "must be one of {}{}, which the operator allows",
            several.join(", "),
            if more > 0 {
                and_more(more)
            } else {
                String::new()
            }
        ),
    }
}

pub(in crate::render) fn wanted_length(most: usize) -> String {
    format!("must have from 1 to {most} characters")
}

pub(in crate::render) fn wanted_count(most: usize) -> String {
    format!("must not have more than {most} entries")
}
