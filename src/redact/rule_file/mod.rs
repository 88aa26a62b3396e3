//! Rules of an operator's own, in the form of Gitleaks' configuration.
//!
//! What a rule or an allow list says of paths is not heeded: texts are looked at without one, and
//! leaving a secret in for the sake of a path would be the worse mistake.

mod allow;
mod problem;
mod read;

use std::fs::File;
use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use regex::bytes::Regex;

use crate::redact::finding::Finding;
use crate::redact::likely::entropy;
use allow::{Allow, Place};
pub use problem::RuleFileError;

/// Largest file; Gitleaks' own has 150,000 bytes.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// The rank of the file's rules: where they meet ours, ours name the kind.
const RANK: u32 = 5_000;

/// The rules of one file.
#[derive(Debug)]
pub struct RuleFile {
    rules: Vec<FileRule>,
    allow: Vec<Allow>,
    /// All keywords of all rules.
    keywords: Option<AhoCorasick>,
    /// For each keyword, the rules that ask for it.
    owners: Vec<Vec<usize>>,
    notes: Vec<String>,
}

/// One rule.
#[derive(Debug)]
struct FileRule {
    kind: String,
    regex: Regex,
    /// The group that is the secret; `None` for the first one that took part, or the whole match.
    group: Option<usize>,
    entropy: f64,
    has_keywords: bool,
    allow: Vec<Arc<Allow>>,
}

impl RuleFile {
    /// Reads the rules of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or holds a rule that cannot work. The message names the
    /// file, the line, the rule and what to do.
    pub fn load(path: &Path) -> Result<Self, RuleFileError> {
        let shown = path.to_string_lossy().escape_debug().to_string();
        let unreadable = |why: String| RuleFileError::Unreadable {
            path: shown.clone(),
            why,
        };
        let mut text = String::new();
        File::open(path)
            .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text))
            .map_err(|error| unreadable(error.to_string()))?;
        if text.len() as u64 > MAX_FILE_BYTES {
            return Err(unreadable(format!(
                "it has more than {MAX_FILE_BYTES} bytes"
            )));
        }
        Self::parse(&shown, &text)
    }

    /// Takes the rules from the text of a file that messages call `name`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self, RuleFileError> {
        read::read(name, text)
    }

    /// What of the file has no effect, a sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Adds what the rules find in `text`.
    pub(super) fn scan<'k>(&'k self, text: &str, findings: &mut Vec<Finding<'k>>) {
        let mut wanted = vec![false; self.rules.len()];
        for hit in self
            .keywords
            .iter()
            .flat_map(|all| all.find_overlapping_iter(text))
        {
            for rule in self
                .owners
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if let Some(wanted) = wanted.get_mut(*rule) {
                    *wanted = true;
                }
            }
        }
        for (rule, wanted) in self.rules.iter().zip(wanted) {
            if wanted || !rule.has_keywords {
                rule.scan(text, findings);
            }
        }
    }

    /// Whether the file's allow list for all rules excuses what was found at `range`.
    pub(super) fn allows(&self, text: &str, range: &Range<usize>) -> bool {
        let place = Place {
            text,
            found: range.clone(),
            secret: range.clone(),
        };
        self.allow.iter().any(|allow| allow.excuses(&place))
    }
}

impl FileRule {
    fn scan<'k>(&'k self, text: &str, findings: &mut Vec<Finding<'k>>) {
        for captures in self.regex.captures_iter(text.as_bytes()) {
            let whole = captures.get(0);
            let secret = match self.group {
                Some(group) => captures.get(group),
                None => captures
                    .iter()
                    .skip(1)
                    .flatten()
                    .find(|group| !group.is_empty()),
            };
            let (Some(whole), Some(secret)) = (whole, secret.or(whole)) else {
                continue;
            };
            let place = Place {
                text,
                found: whole.range(),
                secret: secret.range(),
            };
            let random = self.entropy <= 0.0 || entropy(secret.as_bytes()) > self.entropy;
            if random && !self.allow.iter().any(|allow| allow.excuses(&place)) {
                findings.push(Finding {
                    range: place.secret,
                    kind: &self.kind,
                    rank: RANK,
                });
            }
        }
    }
}
