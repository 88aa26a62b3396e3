//! What acts on readers, found in sentences: markup, links, mentions, commands, marks of the prompt.
//!
//! What stands between back-ticks is shown as it is, and left alone.

use std::borrow::Cow;

use crate::text::clean;

/// What stands in the place of a link.
const NO_LINK: &str = "(link removed)";

/// Marks that enclose text of strangers in prompts; an answer that has them copies its prompt.
const PROMPT_MARKS: [&str; 2] = ["⟦src", "⟦/src"];

/// Hosts whose pages say something about a library, or that lead nowhere.
const FAMILIAR_HOSTS: &[&str] = &[
    "crates.io",
    "docs.rs",
    "npmjs.com",
    "pypi.org",
    "pkg.go.dev",
    "mvnrepository.com",
    "central.sonatype.com",
    "nuget.org",
    "rubygems.org",
    "packagist.org",
    "hex.pm",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "[::1]",
    "example.com",
    "example.org",
    "example.net",
    "example.test",
];

/// Elements that act or hide.
const ACTIVE_ELEMENTS: &[&str] = &[
    "script", "iframe", "style", "object", "embed", "details", "meta", "base",
];

/// Elements that act when they have attributes; without them, they are spoken of.
const ATTRIBUTED_ELEMENTS: &[&str] = &[
    "a", "img", "form", "input", "button", "link", "svg", "video", "audio", "picture", "source",
    "div", "span", "p", "table", "body", "math",
];

/// Words that close an issue when its number follows.
const CLOSING: &[&str] = &[
    "fix",
    "fixes",
    "fixed",
    "close",
    "closes",
    "closed",
    "resolve",
    "resolves",
    "resolved",
    "implements",
    "implement",
];

/// Whether a text has marks of the prompt.
pub(super) fn copied_mark(text: &str) -> Option<&'static str> {
    let has = PROMPT_MARKS.iter().any(|mark| text.contains(mark));
    has.then_some("a mark of the prompt")
}

/// Whether a name is a link.
pub(super) fn is_link(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| foreign_link(word).is_some())
}

/// `text` without what acts, and what that was, in words.
pub(super) fn clean_sentences(
    text: &str,
    is_annotation: &dyn Fn(&str) -> bool,
) -> (String, Vec<&'static str>) {
    let mut cleaner = Cleaner {
        is_annotation,
        reasons: Vec::new(),
    };
    let mut cleaned = String::with_capacity(text.len());
    let visible = clean::clean(text);
    if visible.len() != text.replace("\r\n", "\n").len() {
        cleaner.note("invisible characters");
    }
    let mut visible = visible;
    for mark in PROMPT_MARKS {
        if visible.contains(mark) {
            cleaner.note("a mark of the prompt");
            visible = Cow::Owned(visible.replace(mark, ""));
        }
    }
    for (plain, code) in pieces(&visible) {
        cleaned
            .push_str(&cleaner.clean_plain(plain, cleaned.is_empty() || cleaned.ends_with('\n')));
        cleaned.push_str(code);
    }
    (cleaned, cleaner.reasons)
}

/// A text as plain text and the code in back-ticks that follows it, in turn.
fn pieces(text: &str) -> Vec<(&str, &str)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (plain, behind) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let run = behind.bytes().take_while(|byte| *byte == b'`').count();
        let fence = behind.get(..run).unwrap_or_default();
        let inner = behind.get(run..).unwrap_or_default();
        let Some(length) = inner.find(fence) else {
            break;
        };
        let used = run + length + run;
        pieces.push((plain, behind.get(..used).unwrap_or_default()));
        rest = behind.get(used..).unwrap_or_default();
    }
    pieces.push((rest, ""));
    pieces
}

struct Cleaner<'a> {
    is_annotation: &'a dyn Fn(&str) -> bool,
    reasons: Vec<&'static str>,
}

impl Cleaner<'_> {
    fn note(&mut self, reason: &'static str) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    fn clean_plain(&mut self, plain: &str, at_line_start: bool) -> String {
        let plain = self.without_markup(plain);
        let mut cleaned = String::with_capacity(plain.len());
        for (i, line) in plain.split_inclusive('\n').enumerate() {
            let line = match command(line).filter(|_| i > 0 || at_line_start) {
                Some(command) => {
                    self.note("a command");
                    line.replacen(&format!("/{command}"), command, 1)
                }
                None => line.to_owned(),
            };
            self.clean_line(&line, &mut cleaned);
        }
        cleaned
    }

    fn clean_line(&mut self, line: &str, cleaned: &mut String) {
        let mut before = String::new();
        for piece in line.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            let space = piece.get(word.len()..).unwrap_or_default();
            let kept = self.clean_word(word, &before);
            cleaned.push_str(&kept);
            cleaned.push_str(space);
            if !word.is_empty() {
                before = word.trim_end_matches(':').to_lowercase();
            }
        }
    }

    fn clean_word(&mut self, word: &str, before: &str) -> String {
        if let Some(kept) = foreign_link(word) {
            self.note("a link to elsewhere");
            return kept;
        }
        if let Some((before, behind)) = mail(word) {
            self.note("an address of mail");
            return format!("{before}(address removed){behind}");
        }
        if is_number(word) && CLOSING.contains(&before) {
            self.note("a word that closes an issue");
            return word.replace('#', "").replace("GH-", "");
        }
        if let Some(at) = self.mention(word) {
            self.note("a mention");
            let (before, behind) = word.split_at_checked(at).unwrap_or((word, ""));
            return format!("{before}{}", behind.replace('@', ""));
        }
        word.to_owned()
    }

    /// Where a mention begins. What code calls by this name is an annotation.
    fn mention(&self, word: &str) -> Option<usize> {
        let at = word.find('@')?;
        let before = word.get(..at)?.chars().next_back();
        let name: String = word
            .get(at + 1..)?
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        let is_name = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        let is_part = before.is_some_and(|c| c.is_alphanumeric() || "._%+-/".contains(c));
        (is_name && !is_part && !(self.is_annotation)(&name)).then_some(at)
    }

    /// Leaves out comments and elements that act.
    fn without_markup(&mut self, text: &str) -> String {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            let (before, behind) = rest.split_at_checked(start).unwrap_or((rest, ""));
            kept.push_str(before);
            let length = markup(behind);
            if length > 0 {
                self.note("markup");
                rest = behind.get(length..).unwrap_or_default();
            } else {
                kept.push('<');
                rest = behind.get(1..).unwrap_or_default();
            }
        }
        kept.push_str(rest);
        kept
    }
}

/// How many bytes of `text`, which begins with `<`, are a comment or an element that acts; 0 for none.
fn markup(text: &str) -> usize {
    if text.starts_with("<!--") {
        return text.find("-->").map_or(text.len(), |end| end + 3);
    }
    let Some(end) = text.find('>') else { return 0 };
    let inner = text.get(1..end).unwrap_or_default();
    let name: String = inner
        .trim_start_matches('/')
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let name = name.to_lowercase();
    let has_attribute = inner.contains('=');
    let acts =
        ACTIVE_ELEMENTS.contains(&&*name) || ATTRIBUTED_ELEMENTS.contains(&&*name) && has_attribute;
    if acts { end + 1 } else { 0 }
}

/// The command that a line begins with: a word behind a slash, as forges and bots take them.
fn command(line: &str) -> Option<&str> {
    let word = line.trim_start().strip_prefix('/')?;
    let end = word.find(char::is_whitespace).unwrap_or(word.len());
    let word = word.get(..end)?;
    let is_command = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '-'));
    is_command.then_some(word)
}

/// What is to be left of a word that is a link to elsewhere; `None` when it is none.
fn foreign_link(word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let starts = [
        "http://",
        "https://",
        "ftp://",
        "javascript:",
        "data:text",
        "//www.",
        "www.",
    ];
    let start = starts.iter().filter_map(|start| lower.find(start)).min()?;
    let is_inside = lower
        .get(..start)
        .and_then(|before| before.chars().next_back())
        .is_some_and(char::is_alphanumeric);
    if is_inside {
        return None;
    }
    let link = lower.get(start..)?;
    let host = link.split_once("//").map_or(link, |(_, rest)| rest);
    let host = host
        .split(['/', '?', '#', ')', '>', '"', '\'', ','])
        .next()?;
    // A name before `@` is no host, and a port says nothing.
    let host = host.rsplit('@').next()?;
    let host = if host.starts_with('[') {
        host
    } else {
        host.split(':').next()?
    };
    let host = host.trim_start_matches("www.").trim_end_matches('.');
    let is_bare = host.is_empty() && !link.starts_with("javascript:");
    if is_bare || FAMILIAR_HOSTS.contains(&host) {
        return None;
    }
    // `[text](address)` keeps its text.
    let before = word.get(..start)?;
    let text = before.trim_start_matches('!').strip_suffix("](");
    Some(match text {
        Some(text) => format!("{} {NO_LINK}", text.trim_start_matches('[')),
        None => format!("{before}{NO_LINK}"),
    })
}

/// What stands before and behind an address of mail in a word; `None` where there is none.
fn mail(word: &str) -> Option<(&str, &str)> {
    let (name, host) = word.split_once('@')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let start = name.trim_end_matches(is_name).len();
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let end = host.find(|c: char| !is_host(c)).unwrap_or(host.len());
    let (host, _) = host.split_at_checked(end)?;
    let host = host.trim_end_matches(['.', '-']);
    let (_, last) = host.rsplit_once('.')?;
    let is_host = last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    if start == name.len() || !is_host || FAMILIAR_HOSTS.contains(&host) {
        return None;
    }
    let behind = word.get(name.len() + 1 + host.len()..)?;
    Some((name.get(..start)?, behind))
}

/// `#12`, `owner/name#12` or `GH-12`.
fn is_number(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_punctuation());
    let digits = match word.rsplit_once('#') {
        Some((_, digits)) => digits,
        None => match word.strip_prefix("GH-") {
            Some(digits) => digits,
            None => return false,
        },
    };
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
