//! Secrets out of texts: before a model sees them, before anything is posted, logged or saved.
//!
//! What is looked for are our own secrets by their exact values, and other people's by their form.
//! A marker such as `[redacted:github-token]` takes the place of each; names and lines stay. Nothing
//! here knows where texts come from or go to.

mod assigned;
mod blocks;
mod brief;
mod document;
mod finding;
mod likely;
mod normal;
mod own;
mod rule_file;
mod rules;
mod scanner;
mod tally;
#[cfg(test)]
mod tests;
mod wrapped;

pub use own::SHORTEST_OWN_SECRET;
pub use rule_file::{RuleFile, RuleFileError};
pub use tally::Tally;

use std::borrow::Cow;
use std::fmt;

use regex::Regex;
use secrecy::SecretString;

use crate::redact::finding::Finding;
use crate::redact::normal::Normal;
use crate::redact::own::OwnSecrets;
use crate::redact::scanner::{Scanner, Scope};

/// How often a text is gone through at most: a marker may bare what stood beside the secret.
const MAX_ROUNDS: usize = 64;

/// Finds secrets in texts and puts markers in their place.
pub struct Redactor {
    own: OwnSecrets,
    scanner: Scanner,
    rule_file: Option<RuleFile>,
    allow: Vec<Regex>,
}

/// A text without secrets, and what was in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted<'t> {
    /// The text; borrowed when there was nothing to redact.
    pub text: Cow<'t, str>,
    /// The secrets that it held.
    pub tally: Tally,
}

impl Redactor {
    /// Looks for everything that there are rules for, and for the exact values of `own` secrets of at
    /// least [`SHORTEST_OWN_SECRET`] bytes.
    pub fn new(own: &[SecretString]) -> Self {
        Self::with_scope(own, Scope::All)
    }

    /// Looks for `own` secrets and for the forms that cannot be mistaken: for logs, which are to stay
    /// readable.
    pub fn for_logs(own: &[SecretString]) -> Self {
        Self::with_scope(own, Scope::Sharp)
    }

    fn with_scope(own: &[SecretString], scope: Scope) -> Self {
        Self {
            own: OwnSecrets::new(own),
            scanner: Scanner::new(scope),
            rule_file: None,
            allow: Vec::new(),
        }
    }

    /// Adds the rules of a file.
    #[must_use]
    pub fn with_rules(mut self, rules: RuleFile) -> Self {
        self.rule_file = Some(rules);
        self
    }

    /// Leaves alone what one of `patterns` matches, except our own secrets.
    #[must_use]
    pub fn allowing(mut self, patterns: Vec<Regex>) -> Self {
        self.allow = patterns;
        self
    }

    /// The text without secrets. Doing it twice changes nothing more, and every line keeps its number.
    pub fn redact<'t>(&self, text: &'t str) -> Redacted<'t> {
        let mut text = Cow::Borrowed(text);
        let mut tally = Tally::default();
        for _ in 0..MAX_ROUNDS {
            let findings = self.find(&text);
            if findings.is_empty() {
                break;
            }
            text = Cow::Owned(finding::replace(&text, &findings, &mut tally));
        }
        Redacted { text, tally }
    }

    /// The text without secrets; what they were is added to `tally`.
    pub fn redact_into(&self, text: &str, tally: &mut Tally) -> String {
        let redacted = self.redact(text);
        tally.merge(redacted.tally);
        redacted.text.into_owned()
    }

    /// The bytes without secrets. What is no text stays as it is.
    pub fn redact_bytes(&self, bytes: &[u8]) -> (Vec<u8>, Tally) {
        let mut out = Vec::with_capacity(bytes.len());
        let mut tally = Tally::default();
        for chunk in bytes.utf8_chunks() {
            let redacted = self.redact(chunk.valid());
            out.extend_from_slice(redacted.text.as_bytes());
            out.extend_from_slice(chunk.invalid());
            tally.merge(redacted.tally);
        }
        (out, tally)
    }

    fn find(&self, text: &str) -> Vec<Finding<'_>> {
        let normal = Normal::of(text);
        let mut own = Vec::new();
        self.own.scan(&normal.text, &mut own);
        let mut others = Vec::new();
        self.scanner.scan(&normal.text, &mut others);
        if let Some(rules) = &self.rule_file {
            rules.scan(&normal.text, &mut others);
        }
        others.retain(|found| !self.is_allowed(&normal.text, found));
        own.append(&mut others);
        for found in &mut own {
            found.range = normal.original(&found.range);
        }
        finding::merge(text, own)
    }

    fn is_allowed(&self, text: &str, found: &Finding<'_>) -> bool {
        let secret = text.get(found.range.clone()).unwrap_or_default();
        let by_file = self.rule_file.as_ref();
        self.allow.iter().any(|allow| allow.is_match(secret))
            || by_file.is_some_and(|rules| rules.allows(text, &found.range))
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Redactor(…)")
    }
}
