//! Looking for what matters in manifests that are programs: line by line, without running them.

/// The lines of `text` without comments that start with one of `marks`, and without empty ones.
pub(super) fn code_lines<'a>(text: &'a str, marks: &[&str]) -> impl Iterator<Item = &'a str> {
    text.lines()
        .map(str::trim)
        .filter(move |line| !line.is_empty() && !marks.iter().any(|mark| line.starts_with(mark)))
}

/// The quoted texts of a line, in order.
pub(super) fn quoted(line: &str) -> Vec<&str> {
    let found = with_rests(line).into_iter();
    found.map(|(text, _)| text).collect()
}

/// The same without those that are keys, which stand before a `:`.
pub(super) fn values(line: &str) -> Vec<&str> {
    let found = with_rests(line).into_iter();
    let values = found.filter(|(_, rest)| !rest.trim_start().starts_with(':'));
    values.map(|(text, _)| text).collect()
}

/// The quoted texts of a line, each with what follows it.
fn with_rests(line: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let (Some(mark), Some(inner)) = (rest.get(start..=start), rest.get(start + 1..)) else {
            break;
        };
        let Some((text, behind)) = inner.split_once(mark) else {
            break;
        };
        found.push((text, behind));
        rest = behind;
    }
    found
}

/// The quoted text behind `key` and `:` or `=`, as in `version: "1"`.
pub(super) fn value_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.match_indices(key).find_map(|(position, _)| {
        let before = line.get(..position)?.chars().next_back();
        let rest = line.get(position + key.len()..)?.trim_start();
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let whole = !before.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let value = rest.strip_prefix(['"', '\''])?;
        let end = value.find(['"', '\''])?;
        whole.then(|| value.get(..end)).flatten()
    })
}

/// The identifier that starts a line.
pub(super) fn first_word(line: &str) -> &str {
    let end = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    line.get(..end.unwrap_or(line.len())).unwrap_or_default()
}

/// The sections of an ini text, each with its lines.
pub(super) fn ini(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut sections = vec![("", Vec::new())];
    for line in text.lines() {
        let plain = line.trim();
        let name = plain
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        match (name, sections.last_mut()) {
            (Some(name), _) => sections.push((name.trim(), Vec::new())),
            (None, Some((_, lines))) if !plain.starts_with(['#', ';']) => lines.push(line),
            _ => {}
        }
    }
    sections
}

/// What stands between the bracket that starts `text` and the one that closes it; quoted brackets
/// and those of comments close nothing.
pub(super) fn bracketed(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut comment = false;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('\n', _) => (quote, comment) = (None, false),
            _ if comment => {}
            (_, Some(mark)) if c == mark => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('#', None) => comment = true,
            ('[' | '{' | '(', None) => depth += 1,
            (']' | '}' | ')', None) => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(1..at);
                }
            }
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    None
}
