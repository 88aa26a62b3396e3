//! O1: nothing in a plan's texts acts on whoever reads them.
//!
//! The renderer escapes every text and has the last word. Here the same things are found at their field
//! and taken out, so that whoever reads the plan as a file is no worse off, and so that it can be seen.

mod active;

use std::cell::Cell;
use std::sync::LazyLock;

use crate::planner::draft::Draft;
use crate::planner::verify::Check;
use crate::planner::verify::fields::{Field, visit_texts};
use crate::redact::Redactor;
use active::{clean_sentences, copied_mark, is_link};

/// Characters of all texts together that one comment holds.
const MAX_CHARACTERS: usize = 60_000;

/// Names behind an `@` that are looked up in the code; those behind them count as people.
const MAX_ANNOTATIONS: usize = 50;

/// Finds secrets whose form cannot be mistaken. What is posted is redacted again, with all rules.
static SECRETS: LazyLock<Redactor> = LazyLock::new(|| Redactor::for_logs(&[]));

/// Checks and cleans all texts of `draft`.
pub(super) fn check_output(draft: &mut Draft, check: &mut Check<'_>) {
    let mut characters = 0;
    let index = check.index;
    let left = Cell::new(MAX_ANNOTATIONS);
    let is_annotation = |name: &str| {
        left.set(left.get().saturating_sub(1));
        let users = index.find_users(&format!("@{name}"));
        left.get() > 0 && users.into_iter().any(|file| index.is_product_code(file))
    };
    let log = &mut check.log;
    visit_texts(draft, &mut |field: Field, at: &str, text: &mut String| {
        characters += text.chars().count();
        if let Some(kinds) = redact(field, at, text) {
            log.fixed(
                "O1",
                at,
                format!("has a secret, which was taken out: {kinds}"),
            );
        }
        if field.is_sentences() {
            let (cleaned, reasons) = clean_sentences(text, &is_annotation);
            if !reasons.is_empty() {
                *text = cleaned;
                let message = format!("has {}, which was taken out", reasons.join(" and "));
                log.fixed("O1", at, message);
            }
        } else if let Some(reason) = copied_mark(text) {
            text.clear();
            log.fixed("O1", at, format!("has {reason}; it was left out"));
        } else if field == Field::Name && is_link(text) {
            text.clear();
            log.fixed(
                "O1",
                at,
                "is a link to elsewhere; it was left out".to_owned(),
            );
        }
    });
    if characters > MAX_CHARACTERS {
        let message = format!(
            "the texts have {characters} characters, more than the {MAX_CHARACTERS} of a comment; it will be shortened"
        );
        log.soft("O1", "/", message);
    }
}

/// Takes secrets out of a text and tells their kinds. Quotes, paths and symbols are compared with the
/// repository as they are.
fn redact(field: Field, at: &str, text: &mut String) -> Option<String> {
    if field == Field::Name || at.ends_with("/quote") {
        return None;
    }
    let redacted = SECRETS.redact(text);
    if redacted.tally.is_empty() {
        return None;
    }
    let kinds: Vec<_> = redacted.tally.secrets().into_keys().collect();
    *text = redacted.text.into_owned();
    Some(kinds.join(", "))
}

#[cfg(test)]
mod tests;
