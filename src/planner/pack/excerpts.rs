//! Which pieces of which files a model is shown.

use crate::domain::plan::Target;
use crate::domain::repository::LineRange;
use crate::planner::pack::{Excerpt, Pick};
use crate::repository::index::Index;
use crate::repository::locate::Location;
use crate::repository::{Definition, File};

/// Most excerpts of a pack.
const MAX_EXCERPTS: usize = 40;

/// Most lines of an excerpt.
const MAX_LINES: u32 = 60;

/// Lines shown before a definition: its documentation and attributes.
const LEAD_LINES: u32 = 4;

/// Lines shown on each side of a use.
const USE_LINES: u32 = 6;

/// Symbols of which a use elsewhere is shown.
const USED_SYMBOLS: usize = 6;

/// Longest reason of a pick, in characters.
const MAX_REASON: usize = 160;

/// Files whose symbols are shown.
const MAX_FILES: usize = 24;

/// Longest line shown whole: longer ones are generated or data, and would crowd out the rest.
const MAX_LINE_BYTES: usize = 600;

/// A piece that may be shown.
struct Wish {
    file: usize,
    lines: LineRange,
    symbol: String,
    reason: String,
}

/// Chooses excerpts within `bytes`, most telling first: what the request names, then what a model
/// picked, then the best symbol of each candidate, then uses of those symbols, then further symbols.
pub(super) fn choose(
    index: &Index,
    location: &Location,
    picks: &[Pick],
    bytes: usize,
) -> Vec<Excerpt> {
    let mut shelf = Shelf {
        excerpts: Vec::new(),
        left: bytes,
    };
    let mut wishes = named_places(index, location);
    wishes.extend(picks.iter().map(picked));
    wishes.extend(ranked(index, location));
    for wish in wishes {
        if shelf.excerpts.len() < MAX_EXCERPTS {
            shelf.show(index, &wish);
        }
    }
    shelf.excerpts
}

/// Adds `picks` to what is shown, within `bytes`; where in `excerpts` each of them is.
pub(super) fn extend(
    excerpts: &mut Vec<Excerpt>,
    index: &Index,
    picks: &[Pick],
    bytes: usize,
) -> Vec<usize> {
    let mut shelf = Shelf {
        excerpts: std::mem::take(excerpts),
        left: bytes,
    };
    let mut places = Vec::new();
    for pick in picks {
        if let Some(place) = shelf.show(index, &picked(pick))
            && !places.contains(&place)
        {
            places.push(place);
        }
    }
    *excerpts = shelf.excerpts;
    places
}

/// Excerpts, and the room that is left for more.
struct Shelf {
    excerpts: Vec<Excerpt>,
    left: usize,
}

impl Shelf {
    /// Shows a piece, unless most of it is shown already; where it is shown, if at all.
    fn show(&mut self, index: &Index, wish: &Wish) -> Option<usize> {
        let path = &index.snapshot().files.get(wish.file)?.path;
        let shown = self.excerpts.iter().position(|excerpt| {
            let lines = excerpt.lines;
            excerpt.path == *path
                && lines.contains(wish.lines.start())
                && (lines.contains(wish.lines.end()) || lines.end() > middle(wish.lines))
        });
        if shown.is_some() {
            return shown;
        }
        let place = self.excerpts.len();
        let excerpt = cut(index, wish, format!("E{}", place + 1))?;
        self.left = self.left.checked_sub(excerpt.size())?;
        self.excerpts.push(excerpt);
        Some(place)
    }
}

fn picked(pick: &Pick) -> Wish {
    let (start, end) = (pick.lines.start(), pick.lines.end());
    Wish {
        file: pick.file,
        lines: LineRange::new(start, end.min(start.saturating_add(MAX_LINES - 1))),
        symbol: pick.symbol.chars().take(80).collect(),
        reason: pick.reason.chars().take(MAX_REASON).collect(),
    }
}

fn middle(lines: LineRange) -> u32 {
    lines.start() + (lines.end() - lines.start()) / 2
}

fn ranked(index: &Index, location: &Location) -> Vec<Wish> {
    let mut wishes = Vec::new();
    let files: Vec<_> = location.files.iter().take(MAX_FILES).collect();
    for located in &files {
        let reason = located.reasons.first().cloned().unwrap_or_default();
        wishes.push(match located.symbols.first() {
            Some(symbol) => around(located.file, symbol, reason),
            None => Wish {
                file: located.file,
                lines: LineRange::new(1, MAX_LINES),
                symbol: String::new(),
                reason,
            },
        });
    }
    let best = files
        .iter()
        .filter_map(|located| Some((located.file, located.symbols.first()?)));
    for (file, symbol) in best.take(USED_SYMBOLS) {
        wishes.extend(first_use(index, file, symbol));
    }
    for rank in 1..5 {
        for located in &files {
            if let Some(symbol) = located.symbols.get(rank) {
                let reason = "fits the request too".to_owned();
                wishes.push(around(located.file, symbol, reason));
            }
        }
    }
    wishes
}

/// Places that the request itself names.
fn named_places(index: &Index, location: &Location) -> Vec<Wish> {
    let targets = location
        .mentions
        .iter()
        .flat_map(|mention| mention.targets.iter().map(move |target| (mention, target)));
    targets
        .filter_map(|(mention, target)| {
            let Target::Verified {
                path,
                lines: Some(lines),
            } = target
            else {
                return None;
            };
            let (file, _) = index.find(path)?;
            let end = lines.end().min(lines.start() + MAX_LINES - 1);
            Some(Wish {
                file,
                lines: LineRange::new(lines.start().saturating_sub(LEAD_LINES), end),
                symbol: mention.text.chars().take(80).collect(),
                reason: "named in the request".to_owned(),
            })
        })
        .take(12)
        .collect()
}

fn around(file: usize, symbol: &Definition, reason: String) -> Wish {
    let start = symbol.lines.start().saturating_sub(LEAD_LINES).max(1);
    let end = symbol.lines.end().min(start + MAX_LINES - 1);
    Wish {
        file,
        lines: LineRange::new(start, end),
        symbol: symbol.path(),
        reason,
    }
}

/// The first line of another file that uses `symbol`.
fn first_use(index: &Index, file: usize, symbol: &Definition) -> Option<Wish> {
    let user = (index.find_users(&symbol.name).into_iter()).find(|user| *user != file)?;
    let text = index.snapshot().files.get(user)?.text.as_deref()?;
    let (line, _) = (1..)
        .zip(text.lines())
        .find(|(_, line)| line.contains(&symbol.name))?;
    Some(Wish {
        file: user,
        lines: LineRange::new(u32::saturating_sub(line, USE_LINES), line + USE_LINES),
        symbol: String::new(),
        reason: format!("uses {}", symbol.name),
    })
}

/// The piece itself; `None` when the file was not read or the lines are not there.
fn cut(index: &Index, wish: &Wish, id: String) -> Option<Excerpt> {
    let File { path, text, .. } = index.snapshot().files.get(wish.file)?;
    let mut last = wish.lines.start();
    let lines: Vec<_> = (1..)
        .zip(text.as_deref()?.lines())
        .filter(|(number, _)| wish.lines.contains(*number))
        .inspect(|(number, _)| last = *number)
        .map(|(_, line)| shortened(line))
        .collect();
    if lines.iter().all(|line| line.trim().is_empty()) {
        return None;
    }
    Some(Excerpt {
        id,
        path: path.clone(),
        lines: LineRange::new(wish.lines.start(), last),
        symbol: wish.symbol.clone(),
        reason: wish.reason.clone(),
        text: lines.join("\n"),
    })
}

fn shortened(line: &str) -> String {
    if line.len() <= MAX_LINE_BYTES {
        return line.to_owned();
    }
    let mut end = MAX_LINE_BYTES;
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let kept = line.get(..end).unwrap_or_default();
    format!("{kept} [line cut here; do not quote it]")
}
