//! Which known name somebody probably meant.

/// The known name that is most like `name`, if one is like it: few letters differ, or it is the
/// same word in another section.
pub(super) fn find_nearest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    let most = (name.chars().count() / 3).clamp(1, 4);
    known
        .clone()
        .map(|candidate| (edits(name, candidate), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min()
        .map(|(_, candidate)| candidate)
        .or_else(|| {
            let mut known = known;
            known.find(|candidate| last_word(candidate) == last_word(name))
        })
}

/// What follows the section in a key or the name of a variable.
fn last_word(name: &str) -> &str {
    let after_dot = name.rsplit_once('.').map_or(name, |(_, last)| last);
    after_dot
        .rsplit_once("__")
        .map_or(after_dot, |(_, last)| last)
}

/// How many letters must be put in, taken out or exchanged to make one text the other.
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (position, letter) in left.chars().enumerate() {
        let mut before = position;
        let mut last = position + 1;
        let mut next = vec![last];
        for (above, other) in row.iter().skip(1).zip(&right) {
            let exchanged = before + usize::from(letter != *other);
            last = exchanged.min(above + 1).min(last + 1);
            next.push(last);
            before = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
