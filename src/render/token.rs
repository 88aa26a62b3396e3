//! Which words of a foreign text a forge, a browser or a mail program would act on.

/// Closing punctuation and quotation marks that may follow a word without belonging to it.
const TRAILING: [char; 15] = [
    '.', ',', ';', ':', '!', '?', '"', '\'', '…', '“', '”', '‘', '’', '»', '«',
];

/// Quotation marks that may come before a word.
const LEADING: [char; 8] = ['"', '\'', '“', '”', '‘', '’', '«', '»'];

/// Brackets that may stand around several words, and so on one side of a word only.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Lengths that forges take for abbreviated or full commit ids.
const COMMIT_DIGITS: std::ops::RangeInclusive<usize> = 7..=64;

/// Whether a word is nothing but letters, with at most one mark after it, and no commit id: most
/// words are, and need no closer look.
pub(super) fn is_plain_word(word: &str) -> bool {
    let letters = word.trim_end_matches([',', '.']).as_bytes();
    // Full-width signs, which stand in for others, are encoded with this first byte.
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || (!byte.is_ascii() && *byte != 0xEF);
    word.len() - letters.len() <= 1
        && letters.iter().all(is_letter)
        && !ends_with(letters, b"www")
        && (letters.len() < *COMMIT_DIGITS.start() || !has_commit_id(letters))
}

/// Splits a word into what stands before it, the word itself, and what stands after it.
pub(super) fn peel(word: &str) -> (&str, &str, &str) {
    let bytes = word.as_bytes();
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    if is_bare(bytes.first()) && is_bare(bytes.last()) {
        // Nothing stands around it, as around most words.
        return ("", word, "");
    }
    if bytes.windows(2).any(|pair| pair == b"::") {
        // Only what can belong to nothing but the sentence: GitLab acts on words with `::` in them.
        let core = word.trim_end_matches(['.', ',']);
        return ("", core, word.get(core.len()..).unwrap_or_default());
    }
    let mut core = word;
    let mut before = 0;
    loop {
        let length = core.len();
        core = core.trim_end_matches(TRAILING);
        let trimmed = core.trim_start_matches(LEADING);
        before += core.len() - trimmed.len();
        core = trimmed;
        for (open, close) in BRACKETS {
            let (inner, opened) = peel_bracket(core, open, close);
            before += usize::from(opened);
            core = inner;
        }
        if core.len() == length {
            break;
        }
    }
    let after = word.get(before + core.len()..).unwrap_or_default();
    (word.get(..before).unwrap_or_default(), core, after)
}

/// Takes off a bracket without its partner, or parentheses around the whole word. Tells whether
/// the opening one was taken off.
fn peel_bracket(core: &str, open: char, close: char) -> (&str, bool) {
    let opened = core.strip_prefix(open);
    let closed = core.strip_suffix(close);
    match (opened, closed) {
        (Some(inner), None) if !core.contains(close) && inner.starts_with(is_wordy) => {
            (inner, true)
        }
        (None, Some(inner)) if !core.contains(open) && inner.ends_with(is_wordy) => (inner, false),
        (Some(inner), Some(_)) if open == '(' => match inner.strip_suffix(close) {
            Some(inner) if !inner.contains([open, close]) => (inner, true),
            _ => (core, false),
        },
        _ => (core, false),
    }
}

/// Whether a bracket beside this character is just a bracket.
fn is_wordy(c: char) -> bool {
    c.is_alphanumeric() || TRAILING.contains(&c)
}

/// Whether a word means something to a forge or a browser, or reads better as code.
///
/// Forges look for references after entities and escapes are resolved, and not only at the borders
/// of words; so one suspicious character anywhere is enough.
pub(super) fn is_active(core: &str) -> bool {
    let bytes = core.as_bytes();
    let marks = bytes.iter().fold(0, |marks, byte| marks | mark(*byte));
    let has = |mark| marks & mark != 0;
    has(SIGIL)
        || (has(BRACKET) && bytes.len() > 1)
        || (has(PAIR) && has_sigil_pair(bytes))
        || (has(SLASH) && is_path(bytes))
        || (bytes.len() >= *COMMIT_DIGITS.start() && has_commit_id(bytes))
        || (has(HYPHEN) && has_tracker_key(bytes))
        || (has(FOREIGN) && core.contains(['\u{FF20}', '\u{FE6B}', '\u{FF03}']))
        || (has(W) && has_www(bytes))
}

/// Makes a word suspicious wherever it is in it.
const SIGIL: u8 = 1;

/// The same, in a word of several characters.
const BRACKET: u8 = 2;

/// May be suspicious because of its neighbours.
const PAIR: u8 = 4;

/// What paths, trackers' keys, full-width signs and addresses cannot do without.
const SLASH: u8 = 8;
const HYPHEN: u8 = 16;
const FOREIGN: u8 = 32;
const W: u8 = 64;

/// What a byte may mean in a word.
fn mark(byte: u8) -> u8 {
    match byte {
        b'@' | b'$' | b'~' => SIGIL,
        b'\\' | b'|' | b'^' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' => BRACKET,
        b'#' | b'!' | b'&' | b'%' | b':' | b'(' | b'_' => PAIR,
        b'/' => PAIR | SLASH,
        b'-' => HYPHEN,
        b'w' | b'W' => W,
        _ if byte.is_ascii() => 0,
        _ => FOREIGN,
    }
}

/// Characters that are suspicious because of their neighbours.
fn has_sigil_pair(bytes: &[u8]) -> bool {
    let before = std::iter::once(b' ').chain(bytes.iter().copied());
    let pairs = bytes.iter().copied().zip(bytes.iter().copied().skip(1));
    let is_time = || (bytes.iter()).all(|byte| byte.is_ascii_digit() || *byte == b':');
    before
        .zip(pairs)
        .any(|(before, (first, second))| match first {
            b'#' | b'!' => second.is_ascii_digit() || !second.is_ascii(),
            b'&' => is_letter(second) || second == b'#',
            b'%' => is_letter(second) || second == b'"',
            b'/' => second == b'/',
            b':' => !(second.is_ascii_digit() && is_time()),
            b'(' => second == b')',
            b'_' => is_letter(before) && is_letter(second),
            _ => false,
        })
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || byte == b'_'
}

/// Whether it begins like a command or a route, or looks like a path.
fn is_path(bytes: &[u8]) -> bool {
    let slashes = bytes.iter().filter(|byte| **byte == b'/').count();
    match bytes {
        [b'/', second, ..] => is_letter(*second),
        _ => slashes > 1 || (slashes == 1 && bytes.contains(&b'.')),
    }
}

/// Whether a run of letters and digits could be a commit id.
fn has_commit_id(bytes: &[u8]) -> bool {
    let runs = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    let mut ids = runs.filter(|run| COMMIT_DIGITS.contains(&run.len()));
    ids.any(|run| run.iter().all(u8::is_ascii_hexdigit))
}

/// Whether it holds the key of a tracker's issue, such as `GH-7` or `ABC-12`.
fn has_tracker_key(bytes: &[u8]) -> bool {
    let mut parts = bytes.split(|byte| *byte == b'-');
    let mut before = parts.next().unwrap_or_default();
    for after in parts {
        let numbered = after.first().is_some_and(u8::is_ascii_digit);
        if numbered && ends_like_project(before) {
            return true;
        }
        before = after;
    }
    false
}

fn ends_like_project(bytes: &[u8]) -> bool {
    let capital = |byte: &&u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let name: Vec<_> = bytes.iter().rev().take_while(capital).collect();
    (name.len() > 1 && name.iter().any(|byte| byte.is_ascii_uppercase()))
        || ends_with(bytes, b"gh")
        || ends_with(bytes, b"gl")
}

fn has_www(bytes: &[u8]) -> bool {
    let mut windows = bytes.windows(4);
    ends_with(bytes, b"www") || windows.any(|window| window.eq_ignore_ascii_case(b"www."))
}

fn ends_with(bytes: &[u8], end: &[u8]) -> bool {
    let last = bytes.get(bytes.len().saturating_sub(end.len())..);
    last.is_some_and(|last| last.eq_ignore_ascii_case(end))
}
