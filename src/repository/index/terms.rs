//! Words of code and prose, and the terms that they are found by.

/// Longest word taken, in bytes; longer runs are encoded data.
const WORD_BYTES: usize = 100;

/// Digits that make a number worth finding (status codes, years, ports).
const NUMBER_DIGITS: usize = 3;

/// The identifiers and long numbers of a text, in order.
pub(in crate::repository) fn words(text: &str) -> impl Iterator<Item = &str> {
    placed_words(text).map(|(_, word)| word)
}

/// The words of a text, each with the byte that it begins at.
pub(in crate::repository) fn placed_words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..)?;
            let start = at + rest.iter().position(|byte| is_word_byte(*byte))?;
            let run = bytes.get(start..)?;
            let length = run.iter().position(|byte| !is_word_byte(*byte));
            let end = start + length.unwrap_or(run.len());
            at = end;
            let word = text.get(start..end)?;
            if is_word(word) {
                return Some((start, word));
            }
        }
    })
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn is_word(word: &str) -> bool {
    match word.as_bytes() {
        [first, ..] if first.is_ascii_digit() => {
            let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
            is_number && (NUMBER_DIGITS..=NUMBER_DIGITS * 2).contains(&word.len())
        }
        _ => word.len() <= WORD_BYTES,
    }
}

/// Whether a word is made of several: `retry_after`, `RetryAfter`, `HTTPServer`.
pub(in crate::repository) fn is_compound(word: &str) -> bool {
    parts(word).nth(1).is_some()
}

/// The parts of a word at underscores and changes of case; single characters are left out.
pub(in crate::repository) fn parts(word: &str) -> impl Iterator<Item = &str> {
    word.split('_')
        .flat_map(humps)
        .filter(|part| part.len() > 1)
}

/// `HTTPServer2` → `HTTP`, `Server2`.
fn humps(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = hump_end(rest.as_bytes());
        let (hump, next) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = next;
        Some(hump)
    })
}

/// Where a new part begins: before a capital that follows a small letter, and before the last of
/// several capitals when a small letter follows it.
fn hump_end(bytes: &[u8]) -> usize {
    let triples = bytes.iter().zip(bytes.iter().skip(1)).enumerate();
    for (position, (first, second)) in triples {
        let third = bytes.get(position + 2).copied().unwrap_or(b' ');
        let rises = !first.is_ascii_uppercase() && second.is_ascii_uppercase();
        let falls =
            first.is_ascii_uppercase() && second.is_ascii_uppercase() && third.is_ascii_lowercase();
        if rises || falls {
            return position + 1;
        }
    }
    bytes.len()
}

/// The terms of a word: the stems of its parts, and for a compound its parts joined.
pub(in crate::repository) fn terms(word: &str) -> Vec<String> {
    let lower = word.to_lowercase();
    let mut terms: Vec<String> = parts(word).map(|part| stem(&part.to_lowercase())).collect();
    if terms.len() > 1 {
        terms.push(lower.replace('_', ""));
    } else if terms.is_empty() {
        terms.push(lower);
    }
    terms
}

/// Takes the endings off that English gives to one and the same thing.
pub(in crate::repository) fn stem(word: &str) -> String {
    let mut stem = word;
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() > 1) {
        return format!("{base}y");
    }
    if let Some(base) = word.strip_suffix('s')
        && base.len() > 2
        && !base.ends_with(['s', 'u', 'i'])
    {
        stem = base;
    }
    for ending in ["ing", "ed"] {
        if let Some(base) = stem.strip_suffix(ending).filter(|base| base.len() > 2) {
            return undouble(base).to_owned();
        }
    }
    match stem.strip_suffix('e') {
        Some(base) if base.len() > 2 => base.to_owned(),
        _ => stem.to_owned(),
    }
}

/// `stopp` → `stop`; what is doubled in the word itself stays (`call`, `pass`).
fn undouble(base: &str) -> &str {
    let mut last = base.bytes().rev();
    match (last.next(), last.next()) {
        (Some(first), Some(second))
            if first == second && !matches!(first, b'l' | b's' | b'f' | b'e' | b'o') =>
        {
            base.get(..base.len() - 1).unwrap_or(base)
        }
        _ => base
            .strip_suffix('e')
            .filter(|base| base.len() > 2)
            .unwrap_or(base),
    }
}
