//! Where in the repository something is that a plan or a person names.

use crate::domain::repository::{LineRange, RepoPath};
use crate::repository::index::Index;

/// Lines shown on each side of a line.
const AROUND_LINES: u32 = 8;

/// Lines shown of a file of which nothing better is known.
const HEAD_LINES: u32 = 40;

/// Shortest line that is looked for: shorter ones stand everywhere.
const MIN_LINE_BYTES: usize = 8;

/// The lines around one.
pub(in crate::planner) fn around(line: u32) -> LineRange {
    LineRange::new(
        line.saturating_sub(AROUND_LINES).max(1),
        line.saturating_add(AROUND_LINES),
    )
}

/// The position of the file of that path.
pub(in crate::planner) fn find_file(index: &Index, path: &str) -> Option<usize> {
    let path = RepoPath::parse(path).ok()?;
    index.find(&path).map(|(file, _)| file)
}

/// The last name of a qualified one.
pub(in crate::planner) fn last_segment(symbol: &str) -> &str {
    let name = symbol.trim_end_matches("()");
    name.rsplit(['.', ':', '#']).next().unwrap_or_default()
}

/// Where a file defines or mentions the first of `names` that it knows, else its beginning.
pub(in crate::planner) fn best_place(
    index: &Index,
    file: usize,
    names: &[String],
) -> (usize, LineRange) {
    let definitions = index.definitions(file);
    let defined = names.iter().find_map(|name| {
        let found = definitions
            .iter()
            .find(|definition| definition.name == *name);
        found.map(|definition| definition.lines)
    });
    let mentioned = || names.iter().find_map(|name| find_line(index, file, name));
    let lines = defined.or_else(mentioned);
    (file, lines.unwrap_or(LineRange::new(1, HEAD_LINES)))
}

/// The lines around the first one that has `text`, whatever the spaces in it.
pub(in crate::planner) fn find_line(index: &Index, file: usize, text: &str) -> Option<LineRange> {
    let fold = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = fold(text.lines().next()?);
    if wanted.len() < MIN_LINE_BYTES.min(text.len()) || wanted.is_empty() {
        return None;
    }
    let text = index.snapshot().files.get(file)?.text.as_deref()?;
    let mut lines = (1_u32..).zip(text.lines());
    let (number, _) = lines.find(|(_, line)| fold(line).contains(&wanted))?;
    Some(around(number))
}
