//! G3 to G5: the places in a file, by symbol and quote, and the lines that follow from them.

use crate::domain::repository::{LineRange, RepoPath};
use crate::planner::draft::{Anchor, Draft, Place};
use crate::planner::verify::lookup::Standing;
use crate::planner::verify::quotes::{files_with, is_telling};
use crate::planner::verify::symbols::{Symbol, look_up};
use crate::planner::verify::{Check, MAX_CANDIDATES, Reference};

/// Checks the anchors of the change at `position`.
pub(super) fn check_anchors(draft: &mut Draft, position: usize, check: &mut Check<'_>) {
    let Some(change) = draft.changes.get_mut(position) else {
        return;
    };
    let at = format!("/changes/{position}");
    let place = check.log.places.get(&format!("{at}/path")).cloned();
    match place {
        None => count_unlocated(&change.anchors, check),
        Some(place) if place.new => {
            if !change.anchors.is_empty() {
                let message = "an added file has no places yet; its anchors were left out";
                let at = format!("{at}/anchors");
                check.log.fixed("G3", &at, message.to_owned());
                change.anchors.clear();
            }
        }
        Some(place) => {
            if change.anchors.is_empty() {
                let message = format!("names no place in `{}`", place.path);
                check.log.soft("G3", &format!("{at}/anchors"), message);
            }
            for (j, anchor) in change.anchors.iter_mut().enumerate() {
                check_anchor(anchor, &format!("{at}/anchors/{j}"), &place, check);
            }
        }
    }
}

/// In a file that does not exist nothing can be found.
fn count_unlocated(anchors: &[Anchor], check: &mut Check<'_>) {
    for anchor in anchors {
        for claim in [&anchor.symbol, &anchor.quote] {
            if !claim.trim().is_empty() {
                check.log.count(Reference::Located, false);
            }
        }
    }
}

fn check_anchor(anchor: &mut Anchor, at: &str, place: &Place, check: &mut Check<'_>) {
    let file = file_position(place, check).filter(|_| check.allowance.take_claim());
    let Some(file) = file else {
        count_unlocated(std::slice::from_ref(anchor), check);
        return;
    };
    let unread = (check.index.snapshot().files.get(file)).is_none_or(|file| file.text.is_none());
    let symbol = anchor.symbol.trim().to_owned();
    let quote = bare(&anchor.quote).to_owned();
    if symbol.is_empty() && quote.is_empty() {
        let message = "names neither a symbol nor a quote; a line number alone proves nothing";
        check.log.hard("G4", at, message.to_owned(), Vec::new());
        return;
    }
    if unread {
        count_unlocated(std::slice::from_ref(anchor), check);
        let message = format!("`{}` was not read, so nothing in it is known", place.path);
        check.log.hard("G4", at, message, Vec::new());
        return;
    }
    let quoted = check_quote(&quote, !symbol.is_empty(), (file, at), check);
    let named = check_symbol(&symbol, &quote, (file, at), check);
    let (Ok(quoted), Ok(named)) = (quoted, named) else {
        return;
    };
    let lines = match (quoted.as_slice(), named.as_slice()) {
        ([], []) => return,
        ([], named) => choose(named, &[], anchor, at, check),
        (quoted, named) => choose(quoted, named, anchor, at, check),
    };
    if let Some(lines) = lines {
        let located = Place {
            start: lines.start(),
            end: lines.end(),
            ..place.clone()
        };
        check.log.place(at, located);
    }
}

fn file_position(place: &Place, check: &Check<'_>) -> Option<usize> {
    let path = RepoPath::parse(&place.path).ok()?;
    match check.files.standing(&path) {
        Standing::File(position) => Some(position),
        _ => None,
    }
}

/// A quote without the back-ticks that may enclose it.
fn bare(quote: &str) -> &str {
    let quote = quote.trim();
    let inner = quote
        .strip_prefix('`')
        .and_then(|rest| rest.strip_suffix('`'));
    inner.filter(|inner| !inner.contains('`')).unwrap_or(quote)
}

/// The claim was found to be false, and that was noted.
struct Refused;

/// G4: where the quote stands. Empty when there is no quote, or when it is too short to tell
/// anything and a symbol is there to do so.
fn check_quote(
    quote: &str,
    has_symbol: bool,
    (file, at): (usize, &str),
    check: &mut Check<'_>,
) -> Result<Vec<LineRange>, Refused> {
    if quote.is_empty() {
        return Ok(Vec::new());
    }
    let at = format!("{at}/quote");
    let hits = check.quotes.find(check.index, file, quote);
    if !hits.is_empty() && is_telling(quote) {
        check.log.count(Reference::Located, true);
        return Ok(hits);
    }
    if !hits.is_empty() && has_symbol {
        let message = "the quote is too short to tell a place; the symbol decides".to_owned();
        check.log.soft("G4", &at, message);
        return Ok(Vec::new());
    }
    check.log.count(Reference::Located, false);
    if !hits.is_empty() {
        let message = "the quote is too short: copy a line with 12 characters, or two lines";
        check.log.hard("G4", &at, message.to_owned(), Vec::new());
        return Err(Refused);
    }
    let path = check.index.snapshot().files.get(file);
    let path = path.map_or("", |file| file.path.as_str());
    let may_search = check.may_search();
    let mut candidates = match may_search {
        true => files_with(check.index, file, quote, MAX_CANDIDATES),
        false => Vec::new(),
    };
    let message = if candidates.is_empty() {
        if may_search {
            candidates = check.quotes.nearest(check.index, file, quote);
        }
        format!("`{path}` does not have these lines")
    } else {
        format!("`{path}` does not have these lines, but another file does")
    };
    check.log.hard("G4", &at, message, candidates);
    Err(Refused)
}

/// G3: the lines of the symbol. Empty when none is named.
fn check_symbol(
    symbol: &str,
    quote: &str,
    (file, at): (usize, &str),
    check: &mut Check<'_>,
) -> Result<Vec<LineRange>, Refused> {
    if symbol.is_empty() {
        return Ok(Vec::new());
    }
    let found_quote = (!check.quotes.find(check.index, file, quote).is_empty()).then_some(quote);
    let at = format!("{at}/symbol");
    let found = look_up(check.index, file, symbol, found_quote);
    let verified = !matches!(found, Symbol::Missing { .. });
    check.log.count(Reference::Located, verified);
    match found {
        Symbol::Defined(lines) => Ok(lines),
        Symbol::Named(lines) => {
            if !check.index.definitions(file).is_empty() && found_quote.is_none() {
                let message = format!("`{symbol}` is named here, but no definition of it was seen");
                check.log.soft("G3", &at, message);
            }
            Ok(lines)
        }
        Symbol::Missing {
            message,
            candidates,
        } => {
            check.log.hard("G3", &at, message, candidates);
            Err(Refused)
        }
    }
}

/// G5: one of `hits`: inside `ranges` if that leaves any, then the nearest to the hint, then the first.
fn choose(
    hits: &[LineRange],
    ranges: &[LineRange],
    anchor: &mut Anchor,
    at: &str,
    check: &mut Check<'_>,
) -> Option<LineRange> {
    let inside = |hit: &&LineRange| ranges.iter().any(|range| overlap(range, hit));
    let mut left: Vec<_> = hits.iter().filter(inside).copied().collect();
    if left.is_empty() {
        if !ranges.is_empty() {
            let message = format!("the quote stands outside of `{}`", anchor.symbol.trim());
            check.log.soft("G5", at, message);
        }
        left = hits.to_vec();
    }
    let hint = u32::try_from(anchor.line_hint).unwrap_or(0);
    if hint > 0 {
        left.sort_by_key(|hit| (distance(hit, hint), hit.start()));
    } else if left.len() > 1 {
        let message = format!("stands at {} places; the first was taken", left.len());
        check.log.soft("G5", at, message);
    }
    let chosen = left.first().copied()?;
    if anchor.line_hint != 0 && distance(&chosen, hint) > 0 {
        let lines = describe(chosen);
        let message = format!("the line was given as {}; it is {lines}", anchor.line_hint);
        check.log.fixed("G5", &format!("{at}/line_hint"), message);
        anchor.line_hint = i64::from(chosen.start());
    }
    Some(chosen)
}

fn overlap(left: &LineRange, right: &LineRange) -> bool {
    left.contains(right.start()) || right.contains(left.start())
}

fn distance(range: &LineRange, line: u32) -> u32 {
    if range.contains(line) {
        0
    } else {
        (range.start().abs_diff(line)).min(range.end().abs_diff(line))
    }
}

fn describe(range: LineRange) -> String {
    if range.start() == range.end() {
        format!("line {}", range.start())
    } else {
        format!("lines {} to {}", range.start(), range.end())
    }
}
