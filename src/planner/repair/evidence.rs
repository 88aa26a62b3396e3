//! What a repair must see: the code where a claim failed, and where the offered candidates are.

use crate::domain::repository::LineRange;
use crate::planner::draft::{Change, Draft};
use crate::planner::pack::Pick;
use crate::planner::places::{best_place, find_file, find_line, last_segment};
use crate::planner::verify::Finding;
use crate::repository::index::Index;

/// Most places shown for one repair.
const MAX_PLACES: usize = 12;

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
