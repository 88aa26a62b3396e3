//! What a repair must see: the code where a claim failed, and where the offered candidates are.

use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{Change, Draft};
use crate::planner::pack::Pick;
use crate::planner::verify::Finding;
use crate::repository::index::Index;

/// Most places shown for one repair.
const MAX_PLACES: usize = 12;

/// Lines shown on each side of a line.
const AROUND_LINES: u32 = 8;

/// Lines shown of a file of which nothing better is known.
const HEAD_LINES: u32 = 40;

/// Shortest line that is looked for: shorter ones stand everywhere.
const MIN_LINE_BYTES: usize = 8;

/// The places that `findings` on `draft` are about, in their order: the definition that a false anchor
/// names, lines that resemble a false quote, files and symbols offered instead.
pub(in crate::planner) fn places(index: &Index, draft: &Draft, findings: &[&Finding]) -> Vec<Pick> {
    let mut places: Vec<Pick> = Vec::new();
    for finding in findings {
        let change = change_of(finding).and_then(|position| draft.changes.get(position));
        let own = change.and_then(|change| find_file(index, &change.path));
        let names = change
            .map(|change| names_of(change, finding))
            .unwrap_or_default();
        let mut found = Vec::new();
        for candidate in &finding.candidates {
            let place = match (find_file(index, candidate), own) {
                (Some(file), _) => Some(best_place(index, file, &names)),
                (None, Some(file)) => find_candidate(index, file, candidate),
                (None, None) => None,
            };
            found.extend(place);
        }
        if let Some(file) = own {
            found.push(best_place(index, file, &names));
        }
        places.extend(found.into_iter().map(|(file, lines)| Pick {
            file,
            lines,
            symbol: String::new(),
            reason: format!("for {}", finding.at),
        }));
    }
    places.truncate(MAX_PLACES);
    places
}

/// The position of the change that a finding is about.
pub(in crate::planner) fn change_of(finding: &Finding) -> Option<usize> {
    let rest = finding.at.strip_prefix("/changes/")?;
    rest.split('/').next()?.parse().ok()
}

fn find_file(index: &Index, path: &str) -> Option<usize> {
    let path = RepoPath::parse(path).ok()?;
    index.find(&path).map(|(file, _)| file)
}

/// Names that the finding's part of the change is about, the anchor's own first.
fn names_of(change: &Change, finding: &Finding) -> Vec<String> {
    let segments: Vec<_> = finding.at.split('/').collect();
    let anchor = match segments.as_slice() {
        [_, _, _, "anchors", position, ..] => position.parse().ok(),
        _ => None,
    };
    let own = anchor.and_then(|position: usize| change.anchors.get(position));
    let anchors = own.into_iter().chain(&change.anchors);
    let symbols = anchors.map(|anchor| anchor.symbol.as_str());
    let interfaces = change.interfaces.iter().map(|one| one.name.as_str());
    let names = symbols.chain(interfaces).map(last_segment);
    let names = names.filter(|name| !name.is_empty());
    names.map(ToOwned::to_owned).collect()
}

/// The last name of a qualified one.
fn last_segment(symbol: &str) -> &str {
    let name = symbol.trim_end_matches("()");
    name.rsplit(['.', ':', '#']).next().unwrap_or_default()
}

/// Where a file defines or mentions the first of `names` that it knows, else its beginning.
fn best_place(index: &Index, file: usize, names: &[String]) -> (usize, LineRange) {
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

/// A candidate that is no file: a symbol of the file, or a line of it.
fn find_candidate(index: &Index, file: usize, candidate: &str) -> Option<(usize, LineRange)> {
    let name = last_segment(candidate);
    let mut definitions = index.definitions(file).iter();
    let defined = definitions.find(|definition| definition.name == name);
    let lines = match defined {
        Some(definition) => definition.lines,
        None => find_line(index, file, candidate)?,
    };
    Some((file, lines))
}

/// The lines around the first one that has `text`, whatever the spaces in it.
fn find_line(index: &Index, file: usize, text: &str) -> Option<LineRange> {
    let fold = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = fold(text.lines().next()?);
    if wanted.len() < MIN_LINE_BYTES.min(text.len()) || wanted.is_empty() {
        return None;
    }
    let text = index.snapshot().files.get(file)?.text.as_deref()?;
    let mut lines = (1_u32..).zip(text.lines());
    let (number, _) = lines.find(|(_, line)| fold(line).contains(&wanted))?;
    Some(LineRange::new(
        number.saturating_sub(AROUND_LINES),
        number.saturating_add(AROUND_LINES),
    ))
}
