//! From TOML to rules.

use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use regex::bytes::Regex;
use regex::bytes::RegexBuilder;
use serde::Deserialize;
use toml::Spanned;

use super::allow::{Against, Allow};
use super::{FileRule, RuleFile, RuleFileError};
use crate::redact::finding::MAX_KIND_BYTES;

/// Most rules of a file.
const MAX_RULES: usize = 5_000;

/// Most bytes of a compiled pattern. Gitleaks' largest takes about a tenth of it.
const MAX_PATTERN_BYTES: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    rules: Vec<Spanned<RawRule>>,
    #[serde(default)]
    allowlist: Option<Spanned<RawAllow>>,
    #[serde(default)]
    allowlists: Vec<Spanned<RawAllow>>,
    #[serde(default)]
    extend: Option<toml::Table>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRule {
    #[serde(default)]
    id: String,
    #[serde(default)]
    regex: Option<Spanned<String>>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    entropy: Option<toml::Value>,
    #[serde(default)]
    secret_group: Option<usize>,
    #[serde(default)]
    allowlist: Option<Spanned<RawAllow>>,
    #[serde(default)]
    allowlists: Vec<Spanned<RawAllow>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAllow {
    #[serde(default)]
    regexes: Vec<Spanned<String>>,
    #[serde(default)]
    regex_target: String,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    commits: Vec<String>,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    target_rules: Vec<String>,
}

/// The file that is being read, for messages.
struct Source<'f> {
    name: &'f str,
    text: &'f str,
}

/// The rule that is being read.
struct Spot<'f> {
    source: &'f Source<'f>,
    rule: &'f str,
}

pub(super) fn read(name: &str, text: &str) -> Result<RuleFile, RuleFileError> {
    let source = Source { name, text };
    let document: Document = toml::from_str(text).map_err(|error| {
        source.shape(error.span().unwrap_or_default(), error.message().to_owned())
    })?;
    if document.rules.len() > MAX_RULES {
        return Err(source.shape(0..0, format!("it has more than {MAX_RULES} rules")));
    }
    let mut notes = Vec::new();
    if document.extend.is_some() {
        let what =
            "`[extend]` has no effect: our own rules are always at work, and no other file is read";
        notes.push(format!("{name}: {what}"));
    }
    let mut rules = Vec::new();
    let mut keywords = Keywords::default();
    for (number, raw) in (1..).zip(document.rules) {
        let wanted = raw.get_ref().keywords.clone();
        if let Some(rule) = source.rule(number, raw, &mut notes)? {
            keywords.add(&wanted, rules.len());
            rules.push(rule);
        }
    }
    let mut allow = Vec::new();
    let spot = Spot {
        source: &source,
        rule: "allowlist",
    };
    for raw in document.allowlists.into_iter().chain(document.allowlist) {
        let targets = raw.get_ref().target_rules.clone();
        let Some(list) = spot.allow(raw, &mut notes)? else {
            continue;
        };
        if targets.is_empty() {
            allow.push(list);
        } else {
            let list = Arc::new(list);
            let targets: Vec<_> = targets.iter().map(|id| kind(id)).collect();
            for rule in rules
                .iter_mut()
                .filter(|rule: &&mut FileRule| targets.contains(&rule.kind))
            {
                rule.allow.push(Arc::clone(&list));
            }
        }
    }
    Ok(RuleFile {
        keywords: keywords.automaton(),
        owners: keywords.owners,
        allow,
        rules,
        notes,
    })
}

/// The keywords of all rules, each once.
#[derive(Default)]
struct Keywords {
    texts: Vec<String>,
    owners: Vec<Vec<usize>>,
}

impl Keywords {
    fn add(&mut self, texts: &[String], rule: usize) {
        for text in texts {
            let text = text.to_ascii_lowercase();
            let known = self.texts.iter().position(|known| *known == text);
            match known.and_then(|at| self.owners.get_mut(at)) {
                Some(owners) => owners.push(rule),
                None => {
                    self.texts.push(text);
                    self.owners.push(vec![rule]);
                }
            }
        }
    }

    fn automaton(&self) -> Option<AhoCorasick> {
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).build(&self.texts).ok()
    }
}

impl Source<'_> {
    /// The line at which a span begins, from 1.
    fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.as_bytes().iter().take(span.start);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn shape(&self, span: Range<usize>, why: String) -> RuleFileError {
        RuleFileError::Shape {
            path: self.name.to_owned(),
            line: self.line(&span),
            why,
        }
    }

    /// One rule; `None` for one that looks at paths only, of which `notes` tells.
    fn rule(
        &self,
        number: usize,
        raw: Spanned<RawRule>,
        notes: &mut Vec<String>,
    ) -> Result<Option<FileRule>, RuleFileError> {
        let span = raw.span();
        let raw = raw.into_inner();
        let id = match raw.id.trim() {
            "" => format!("number {number}"),
            id => id.to_owned(),
        };
        let spot = Spot {
            source: self,
            rule: &id,
        };
        let Some(pattern) = raw.regex else {
            if raw.path.is_none() {
                let hint = "give it a `regex`, or take it out";
                return Err(spot.broken(&span, "it has no `regex`".to_owned(), hint));
            }
            let line = self.line(&span);
            let name = self.name;
            notes.push(format!("{name}:{line}: rule `{id}` has no effect: it only looks at paths, and texts come without one"));
            return Ok(None);
        };
        let regex = spot.regex(&pattern)?;
        if raw
            .secret_group
            .is_some_and(|group| group >= regex.captures_len())
        {
            let why = format!(
                "its `regex` has no group {}",
                raw.secret_group.unwrap_or_default()
            );
            return Err(spot.broken(
                &span,
                why,
                "count the opening brackets of the pattern, or leave `secretGroup` out",
            ));
        }
        let mut allow = Vec::new();
        for list in raw.allowlists.into_iter().chain(raw.allowlist) {
            allow.extend(spot.allow(list, notes)?.map(Arc::new));
        }
        Ok(Some(FileRule {
            kind: kind(&id),
            regex,
            group: raw.secret_group.filter(|group| *group > 0),
            entropy: spot.entropy(raw.entropy.as_ref(), &span)?,
            has_keywords: !raw.keywords.is_empty(),
            allow,
        }))
    }
}

impl Spot<'_> {
    fn broken(&self, span: &Range<usize>, why: String, hint: &'static str) -> RuleFileError {
        RuleFileError::Rule {
            path: self.source.name.to_owned(),
            line: self.source.line(span),
            rule: self.rule.to_owned(),
            why,
            hint,
        }
    }

    /// A pattern. Classes such as `\w` are those of ASCII, as they are for Gitleaks.
    fn regex(&self, pattern: &Spanned<String>) -> Result<Regex, RuleFileError> {
        let compile = |unicode: bool| {
            RegexBuilder::new(&literal_braces(pattern.get_ref()))
                .unicode(unicode)
                .size_limit(MAX_PATTERN_BYTES)
                .build()
        };
        compile(false).or_else(|_| compile(true)).map_err(|error| {
            let (why, hint) = match &error {
                regex::Error::CompiledTooBig(_) => (
                    format!("its pattern takes more than {MAX_PATTERN_BYTES} bytes when compiled"),
                    "repeat less in it, such as `{20,}` in place of `{20,2000}`",
                ),
                error => (
                    format!(
                        "its pattern cannot be understood: {}",
                        last_line(&error.to_string())
                    ),
                    "write it in the syntax of RE2: no look-around, no references to groups",
                ),
            };
            self.broken(&pattern.span(), why, hint)
        })
    }

    fn entropy(
        &self,
        value: Option<&toml::Value>,
        span: &Range<usize>,
    ) -> Result<f64, RuleFileError> {
        let number = match value {
            None => Some(0.0),
            Some(toml::Value::Float(number)) => Some(*number),
            Some(toml::Value::Integer(number)) => i32::try_from(*number).ok().map(f64::from),
            Some(_) => None,
        };
        number
            .filter(|bits| (0.0..=8.0).contains(bits))
            .ok_or_else(|| {
                let why = "its `entropy` is no number of bits".to_owned();
                self.broken(span, why, "give a number from 0 to 8; 3.5 is usual")
            })
    }

    /// An allow list; `None` for one that holds nothing for texts without a path.
    fn allow(
        &self,
        raw: Spanned<RawAllow>,
        notes: &mut Vec<String>,
    ) -> Result<Option<Allow>, RuleFileError> {
        let span = raw.span();
        let raw = raw.into_inner();
        let for_paths = !raw.paths.is_empty() || !raw.commits.is_empty();
        let needs_all = matches!(raw.condition.to_ascii_uppercase().as_str(), "AND" | "&&");
        let holds_nothing = raw.regexes.is_empty() && raw.stopwords.is_empty();
        if for_paths && (needs_all || holds_nothing) {
            let (name, line, rule) = (self.source.name, self.source.line(&span), self.rule);
            notes.push(format!("{name}:{line}: an allow list of `{rule}` has no effect: it asks for paths or commits, and texts come without them"));
            return Ok(None);
        }
        let against = match raw.regex_target.as_str() {
            "" | "secret" => Against::Secret,
            "match" => Against::Match,
            "line" => Against::Line,
            other => {
                let why = format!("`regexTarget` is `{}`", other.escape_debug());
                return Err(self.broken(&span, why, "use `secret`, `match` or `line`"));
            }
        };
        let regexes: Result<_, _> = raw.regexes.iter().map(|one| self.regex(one)).collect();
        Ok(Some(Allow {
            regexes: regexes?,
            stop_words: raw
                .stopwords
                .iter()
                .map(|word| word.to_ascii_lowercase())
                .collect(),
            against,
            needs_both: needs_all,
        }))
    }
}

/// The pattern with a `\` before each brace that repeats nothing, which RE2 takes for itself.
fn literal_braces(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                out.push(c);
                let escaped = rest.next();
                out.extend(escaped);
                // `\p{…}` and `\x{…}` are of one piece.
                if matches!(escaped, Some('p' | 'P' | 'x')) && rest.as_str().starts_with('{') {
                    out.extend(rest.by_ref().take(1));
                }
                continue;
            }
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '{' if !in_class && !repeats(rest.as_str()) => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Whether what follows a brace makes it a repetition, such as `{2,5}`.
fn repeats(after: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    after.split_once('}').is_some_and(|(count, _)| {
        let (least, most) = count.split_once(',').unwrap_or((count, ""));
        !least.is_empty() && is_number(least) && is_number(most)
    })
}

/// What markers call the findings of a rule.
fn kind(id: &str) -> String {
    let mut kind: String = id
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        })
        .collect();
    kind.truncate(MAX_KIND_BYTES);
    kind
}

fn last_line(text: &str) -> &str {
    let line = text.lines().next_back().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line)
}
