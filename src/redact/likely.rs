//! Whether a value looks like a secret or like something that stands in for one.

/// Words in values that nobody means as a secret.
const STAND_INS: [&str; 45] = [
    "change",
    "example",
    "sample",
    "placeholder",
    "dummy",
    "fake",
    "your",
    "insert",
    "replace",
    "redacted",
    "todo",
    "fixme",
    "***",
    "...",
    "foobar",
    "lorem",
    "default",
    "undefined",
    "null",
    "none",
    "true",
    "false",
    "test",
    "mock",
    "stub",
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "credential",
    "username",
    "localhost",
    "hello",
    "world",
    "function",
    "string",
    "invalid",
    "expired",
    "missing",
    "required",
    "wrong",
    "abcdef",
];

/// What templates, variables and calls have.
const TEMPLATES: [&str; 12] = [
    "${",
    "{{",
    "<%",
    "$(",
    "#{",
    "%(",
    "%s",
    "%v",
    "environ",
    "getenv",
    "process.env",
    "://",
];

/// Entropy in bits for each character, after Shannon, over the bytes of `value`.
pub(super) fn entropy(value: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in value {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let length = value.len() as f64;
    let seen = counts.iter().filter(|count| **count > 0);
    seen.map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}

/// Whether a value has the form of a secret but shows none: `ghp_xxxxxxxx…`.
pub(super) fn is_blank(value: &[u8]) -> bool {
    let start = value
        .iter()
        .rposition(|byte| matches!(byte, b'_' | b'-'))
        .map_or(0, |at| at + 1);
    let body = value.get(start..).unwrap_or_default();
    !body.is_empty()
        && body
            .iter()
            .all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'.' | b'0'))
}

/// Whether a value stands where a secret would: a variable, a template, a word in brackets.
pub(super) fn is_stand_in(value: &str) -> bool {
    let bracketed = value.starts_with(['$', '<', '{', '[', '%', '@', '(', '/', '.', '~']);
    let lower = value.to_ascii_lowercase();
    let crossed = ["xxx", "XXX"].iter().any(|mark| value.contains(mark));
    bracketed
        || crossed
        || TEMPLATES.iter().any(|mark| lower.contains(mark))
        || STAND_INS.iter().any(|word| lower.contains(word))
}

/// What the name of a value promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Promise {
    /// Something that a person may have thought up.
    Password,
    /// Something that a machine made.
    Token,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// Between quotes, or as the whole of an element.
    Quoted,
    /// Bare, as names and calls are, too.
    Bare,
}

/// What a value is made of.
#[derive(Debug, Default)]
struct Makeup {
    lower: usize,
    upper: usize,
    digits: usize,
    signs: usize,
    others: usize,
    /// How often a letter is followed by a digit or the other way round.
    switches: usize,
    /// How often a small letter, a capital or a digit is followed by another of them.
    tumbles: usize,
}

impl Makeup {
    fn of(value: &str) -> Self {
        let mut makeup = Self::default();
        let mut was_digit = None;
        let mut was = ' ';
        for c in value.chars() {
            match c {
                'a'..='z' => makeup.lower += 1,
                'A'..='Z' => makeup.upper += 1,
                '0'..='9' => makeup.digits += 1,
                '!'..='~' => makeup.signs += 1,
                _ => makeup.others += 1,
            }
            let is_digit = match c {
                'a'..='z' | 'A'..='Z' => Some(false),
                '0'..='9' => Some(true),
                _ => None,
            };
            makeup.switches +=
                usize::from(is_digit.is_some() && was_digit.is_some() && is_digit != was_digit);
            was_digit = is_digit;
            let class = match c {
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                '0'..='9' => '0',
                _ => ' ',
            };
            makeup.tumbles += usize::from(was != ' ' && class != ' ' && was != class);
            was = class;
        }
        makeup
    }

    fn letters(&self) -> usize {
        self.lower + self.upper
    }
}

/// Whether the value of something called a password or a token is one.
pub(super) fn is_secret(value: &str, promise: Promise, writing: Writing) -> bool {
    if !(MIN_VALUE..=MAX_VALUE).contains(&value.len()) || is_stand_in(value) {
        return false;
    }
    if value.contains(' ') {
        return promise == Promise::Password && writing == Writing::Quoted && is_passphrase(value);
    }
    let makeup = Makeup::of(value);
    let bits = entropy(value.as_bytes());
    if makeup.others > 0 || makeup.letters() == 0 {
        return false;
    }
    let long = value.len() >= LONG_VALUE;
    // Names in camel case change every third letter, random letters two times in three.
    let tumbled =
        value.len() >= RANDOM_VALUE && bits >= 3.3 && makeup.tumbles * 5 >= value.len() * 2;
    match (promise, writing) {
        (Promise::Password, Writing::Quoted) => {
            let kinds = [makeup.lower, makeup.upper, makeup.digits, makeup.signs];
            let kinds = kinds.iter().filter(|count| **count > 0).count();
            tumbled
                || makeup.digits > 0 && bits >= 2.5 && (kinds >= 3 || makeup.switches >= 2 || long)
        }
        (Promise::Token, Writing::Quoted) => {
            tumbled || long && bits >= 3.0 && makeup.digits >= 2 && makeup.switches >= 2
        }
        (_, Writing::Bare) => {
            let names_only = value.bytes().all(|byte| {
                byte.is_ascii_alphanumeric()
                    || matches!(
                        byte,
                        b'_' | b'.'
                            | b'-'
                            | b'/'
                            | b'+'
                            | b'='
                            | b'~'
                            | b'!'
                            | b'@'
                            | b'#'
                            | b'%'
                            | b'^'
                            | b'*'
                            | b'$'
                            | b'?'
                    )
            });
            names_only && (tumbled || bits >= 3.0 && makeup.digits >= 2 && makeup.switches >= 3)
        }
    }
}

/// Whether a value with spaces is a password of several words: words alone, in small letters and without
/// those that sentences have, or one that letters and digits take turns in.
fn is_passphrase(value: &str) -> bool {
    let words: Vec<&str> = value.split(' ').collect();
    let is_word = |word: &&str| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_mixed = |word: &&str| {
        let makeup = Makeup::of(word);
        makeup.switches > 0 && makeup.others == 0 && word.len() >= 4
    };
    let is_sentence = words.iter().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        SENTENCE_WORDS.contains(&word.to_ascii_lowercase().as_str())
    });
    let is_phrase = (3..=12).contains(&words.len()) && words.iter().all(is_word);
    !is_sentence && (is_phrase || words.len() <= 12 && words.iter().any(is_mixed))
}

/// Words that sentences about passwords have, and passwords of words do not.
const SENTENCE_WORDS: [&str; 72] = [
    "a",
    "about",
    "account",
    "again",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "by",
    "can",
    "cannot",
    "check",
    "confirm",
    "contain",
    "correctly",
    "does",
    "email",
    "empty",
    "enter",
    "field",
    "for",
    "forgot",
    "from",
    "given",
    "has",
    "have",
    "if",
    "in",
    "incorrect",
    "is",
    "it",
    "its",
    "least",
    "link",
    "login",
    "match",
    "must",
    "new",
    "not",
    "of",
    "old",
    "on",
    "only",
    "or",
    "please",
    "provide",
    "reset",
    "set",
    "should",
    "sign",
    "strong",
    "than",
    "that",
    "the",
    "this",
    "to",
    "too",
    "user",
    "using",
    "value",
    "was",
    "weak",
    "were",
    "when",
    "will",
    "with",
    "without",
    "you",
];

/// Shorter values are words or numbers more often than not.
const MIN_VALUE: usize = 8;

/// From this length on, words rarely look random.
const LONG_VALUE: usize = 12;

/// From this length on, what looks random is.
const RANDOM_VALUE: usize = 16;

/// Longer values are data.
const MAX_VALUE: usize = 512;
