//! The rules at work: one pass over a text for all keywords, then a look at each place that has one.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use aho_corasick::AhoCorasickKind;
use regex::bytes::Regex;
use regex::bytes::RegexBuilder;

use crate::redact::assigned;
use crate::redact::blocks;
use crate::redact::finding::Finding;
use crate::redact::likely::entropy;
use crate::redact::likely::is_blank;
use crate::redact::likely::is_stand_in;
use crate::redact::rules::Place;
use crate::redact::rules::Shape;
use crate::redact::rules::shapes;
use crate::redact::wrapped::Joined;

/// Bytes after a keyword that a pattern is tried on; the longest tokens have about 2,000.
const REACH: usize = 4096;

/// How the name before a value goes on after its keyword, and what may stand between name and value.
const ASSIGNMENT: &str = r"[0-9A-Za-z_.-]{1,64}[\x22'`\])]{0,3}[ \t]{0,8}(?::[ \t]?&?(?:'static )?[A-Za-z]{1,12}[ \t]=|=>|:=|={1,3}|:|,|\()[ \t]{0,8}\\?[\x22'`]?";

/// Which rules are at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// Those that hardly ever err.
    Sharp,
}

/// What to do where a keyword stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Shape(usize),
    Assigned,
    Begin,
    End,
    Putty,
}

#[derive(Debug)]
struct Rule {
    shape: Shape,
    regex: OnceLock<Option<Regex>>,
}

/// All rules of ours.
#[derive(Debug)]
pub(super) struct Scanner {
    keywords: Option<AhoCorasick>,
    /// What to do for each keyword of the automaton.
    looks: Vec<Vec<Look>>,
    rules: Vec<Rule>,
}

/// The rank of what only a name betrays: any other rule knows more.
const ASSIGNED_RANK: u32 = 10_000;

impl Scanner {
    pub(super) fn new(scope: Scope) -> Self {
        let rules: Vec<Rule> = shapes()
            .filter(|shape| {
                let is_loose = matches!(shape.place, Place::Assigned | Place::Command);
                scope == Scope::All || !is_loose
            })
            .map(|shape| Rule {
                shape,
                regex: OnceLock::new(),
            })
            .collect();
        let mut keywords: Vec<&str> = Vec::new();
        let mut looks: Vec<Vec<Look>> = Vec::new();
        let mut add = |keyword, look| match keywords.iter().position(|known| *known == keyword) {
            Some(at) => looks
                .get_mut(at)
                .into_iter()
                .for_each(|known| known.push(look)),
            None => {
                keywords.push(keyword);
                looks.push(vec![look]);
            }
        };
        for (number, rule) in rules.iter().enumerate() {
            for keyword in rule.shape.keywords {
                add(*keyword, Look::Shape(number));
            }
        }
        add(blocks::BEGIN, Look::Begin);
        add(blocks::END, Look::End);
        add(blocks::PUTTY, Look::Putty);
        if scope == Scope::All {
            for keyword in assigned::KEYWORDS {
                add(keyword, Look::Assigned);
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&keywords);
        Self {
            keywords: automaton.ok(),
            looks,
            rules,
        }
    }

    /// Adds what the rules find in `text`.
    pub(super) fn scan<'k>(&'k self, text: &str, findings: &mut Vec<Finding<'k>>) {
        let Some(keywords) = &self.keywords else {
            return;
        };
        for hit in keywords.find_overlapping_iter(text) {
            let looks = self.looks.get(hit.pattern().as_usize());
            for look in looks.into_iter().flatten() {
                findings.extend(self.look(*look, text, &hit.range()));
            }
        }
    }

    fn look<'k>(&'k self, look: Look, text: &str, hit: &Range<usize>) -> Option<Finding<'k>> {
        let key = |range| Finding {
            range,
            kind: "private-key",
            rank: 0,
        };
        match look {
            Look::Shape(number) => self.try_rule(number, text.as_bytes(), hit),
            Look::Assigned => assigned::find(text, hit).map(|range| Finding {
                range,
                kind: "assigned-secret",
                rank: ASSIGNED_RANK,
            }),
            Look::Begin => blocks::find_after(text, hit).map(key),
            Look::End => blocks::find_before(text, hit).map(key),
            Look::Putty => blocks::find_putty(text, hit).map(key),
        }
    }

    fn try_rule<'k>(
        &'k self,
        number: usize,
        text: &[u8],
        hit: &Range<usize>,
    ) -> Option<Finding<'k>> {
        let rule = self.rules.get(number)?;
        let shape = &rule.shape;
        let start = match shape.place {
            Place::Sharp | Place::Assigned => hit.start,
            Place::Word => Some(hit.start).filter(|start| begins_word(text, *start))?,
            Place::Command => {
                let is_sign = text
                    .get(hit.start)
                    .is_some_and(|byte| !byte.is_ascii_alphanumeric());
                Some(hit.start).filter(|start| is_sign || begins_word(text, *start))?
            }
            Place::Back(bytes) => {
                let start = hit.start.checked_sub(bytes)?;
                Some(start).filter(|start| begins_word(text, *start))?
            }
        };
        let part = text.get(start..text.len().min(hit.end + REACH))?;
        let range = rule.find_wrapped(part).or_else(|| rule.find(part))?;
        Some(Finding {
            range: start + range.start..start + range.end,
            kind: shape.kind,
            rank: u32::try_from(number).unwrap_or(ASSIGNED_RANK) + 1,
        })
    }
}

impl Rule {
    /// Where the secret is that `part` begins with.
    fn find(&self, part: &[u8]) -> Option<Range<usize>> {
        let captures = self.regex()?.captures(part)?;
        let first = captures.iter().skip(1).flatten().next();
        let found = first.or_else(|| captures.get(0))?;
        let value = found.as_bytes();
        let random = self.shape.entropy <= 0.0 || entropy(value) >= self.shape.entropy;
        (random && !self.shape.is_excused(value)).then(|| found.range())
    }

    /// The same for a secret that goes on in the next line or string.
    fn find_wrapped(&self, part: &[u8]) -> Option<Range<usize>> {
        if !matches!(self.shape.place, Place::Sharp | Place::Word) {
            return None;
        }
        let joined = Joined::of(part)?;
        let found = self.find(&joined.bytes)?;
        let (start, end) = joined.original(found.start, found.end)?;
        Some(start..end)
    }

    /// The pattern, made when it is first needed: most texts need few.
    fn regex(&self) -> Option<&Regex> {
        self.regex
            .get_or_init(|| compile(&self.shape).ok())
            .as_ref()
    }
}

/// The regular expression of a shape, which matches from where it is put.
pub(super) fn compile(shape: &Shape) -> Result<Regex, regex::Error> {
    let pattern = match shape.place {
        Place::Assigned => {
            let value = shape.pattern;
            format!(r"\A{ASSIGNMENT}({value})(?:[^0-9A-Za-z+/=_-]|\z)")
        }
        Place::Sharp | Place::Word | Place::Back(_) | Place::Command => {
            format!(r"\A(?:{})", shape.pattern)
        }
    };
    RegexBuilder::new(&pattern).unicode(false).build()
}

impl Shape {
    /// Whether a value that fits is none after all.
    fn is_excused(&self, value: &[u8]) -> bool {
        let of_url = matches!(self.kind, "database-url" | "url-password");
        // Forty signs of Base64 behind this name are no words, even where the documentation's own key ends in one.
        let is_named = self.place == Place::Assigned && self.kind != "aws-secret-key";
        let is_told = of_url || self.place == Place::Command;
        let loose = is_told || is_named || self.kind == "authorization";
        is_blank(value)
            || loose && std::str::from_utf8(value).is_ok_and(is_stand_in)
            || is_told && WEAK_PASSWORDS.contains(&value.to_ascii_lowercase().as_slice())
            || self.place == Place::Command && is_port(value)
    }
}

/// Whether a value is a port, or addresses and ports: options are called alike in other programs.
fn is_port(value: &[u8]) -> bool {
    let is_number = |byte: &u8| byte.is_ascii_digit();
    let is_address = |byte: &u8| is_number(byte) || matches!(byte, b':' | b'.');
    value.len() <= 5 && value.iter().all(is_number)
        || value.contains(&b':') && value.iter().all(is_address)
}

/// What addresses in examples have for a password.
const WEAK_PASSWORDS: [&[u8]; 8] = [
    b"pass",
    b"pwd",
    b"user",
    b"root",
    b"postgres",
    b"admin",
    b"guest",
    b"mysql",
];

/// Whether no letter or digit stands before `at`; the letter of an escape such as `\n` is none.
fn begins_word(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| text.get(before)) else {
        return true;
    };
    let escaped = || {
        matches!(before, b'n' | b'r' | b't')
            && at.checked_sub(2).and_then(|at| text.get(at)) == Some(&b'\\')
    };
    !before.is_ascii_alphanumeric() || escaped()
}
