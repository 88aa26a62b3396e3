//! Which lines of a text are which lines of another.
//!
//! Lines that are equal from both ends belong together, then those that occur once on either side,
//! in the longest row that keeps their order; then the same between each two of them. Edits that put
//! fresh lines in or in the place of others never mislead it, and what it leaves open stays open.

use std::collections::HashMap;
use std::ops::Range;

use crate::domain::repository::LineRange;

/// How often what lies between is looked at anew: enough for texts of thousands of edits, and a bound
/// for texts made to be slow.
const MOST_LEVELS: usize = 32;

/// Letters and digits that lines must have to be looked for elsewhere: a brace or `return` stands
/// in many places by chance.
const TELLING_CHARACTERS: usize = 8;

/// Two texts, line by line.
pub(super) struct Alignment {
    /// The lines as numbers: equal lines have the same.
    before: Vec<u32>,
    now: Vec<u32>,
    /// For each line before, its place now.
    places: Vec<Option<usize>>,
    /// For each line before, how many letters and digits it has.
    telling: Vec<usize>,
}

impl Alignment {
    /// Compares two texts.
    pub(super) fn new(before: &str, now: &str) -> Self {
        let mut numbers = HashMap::new();
        let telling =
            lines(before).map(|line| line.chars().filter(|c| c.is_alphanumeric()).count());
        let telling = telling.collect();
        let before = number(before, &mut numbers);
        let now = number(now, &mut numbers);
        let places = align(&before, &now);
        Self {
            before,
            now,
            places,
            telling,
        }
    }

    /// Where `lines` of the text before stand in the text now, all of them and nothing between.
    pub(super) fn find(&self, lines: LineRange) -> Option<LineRange> {
        let first = usize::try_from(lines.start()).ok()?.checked_sub(1)?;
        let end = usize::try_from(lines.end()).ok()?;
        let block = self.before.get(first..end)?;
        let start = match self.find_in_place(first..end) {
            Some(start) => start,
            None => self.find_elsewhere(first, block)?,
        };
        let line = |index: usize| u32::try_from(index).ok();
        Some(LineRange::new(line(start + 1)?, line(start + block.len())?))
    }

    fn find_in_place(&self, lines: Range<usize>) -> Option<usize> {
        let places = self.places.get(lines)?;
        let start = (*places.first()?)?;
        let mut expected = start..;
        let in_a_row = places.iter().all(|place| *place == expected.next());
        in_a_row.then_some(start)
    }

    /// The nearest place of lines that stood nowhere else before: whoever moved them moved them there.
    fn find_elsewhere(&self, first: usize, block: &[u32]) -> Option<usize> {
        let telling = self.telling.iter().skip(first).take(block.len());
        if telling.sum::<usize>() < TELLING_CHARACTERS
            || occurrences(&self.before, block).count() > 1
        {
            return None;
        }
        occurrences(&self.now, block).min_by_key(|start| start.abs_diff(first))
    }
}

/// The lines of a text without what does not count.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_terminator('\n').map(str::trim_end)
}

fn number<'t>(text: &'t str, numbers: &mut HashMap<&'t str, u32>) -> Vec<u32> {
    let numbered = lines(text).map(|line| {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        *numbers.entry(line).or_insert(next)
    });
    numbered.collect()
}

/// Where `block` begins in `lines`.
fn occurrences<'l>(lines: &'l [u32], block: &'l [u32]) -> impl Iterator<Item = usize> {
    let windows = lines.windows(block.len().max(1)).enumerate();
    windows.filter_map(move |(start, window)| (window == block).then_some(start))
}

/// A part of the text before and the part of the text now that it may have become.
struct Gap {
    before: Range<usize>,
    now: Range<usize>,
}

fn align(before: &[u32], now: &[u32]) -> Vec<Option<usize>> {
    let mut places = vec![None; before.len()];
    let mut gaps = vec![Gap {
        before: 0..before.len(),
        now: 0..now.len(),
    }];
    for _ in 0..MOST_LEVELS {
        let mut smaller = Vec::new();
        for gap in gaps {
            let gap = trim(gap, (before, now), &mut places);
            let anchors = anchors(&gap, before, now);
            if !anchors.is_empty() {
                smaller.extend(between(&gap, &anchors));
            }
            for (old, new) in anchors {
                put(&mut places, old, new);
            }
        }
        gaps = smaller;
    }
    places
}

fn put(places: &mut [Option<usize>], old: usize, new: usize) {
    if let Some(place) = places.get_mut(old) {
        *place = Some(new);
    }
}

/// Takes what is equal at both ends off a gap.
fn trim(mut gap: Gap, (before, now): (&[u32], &[u32]), places: &mut [Option<usize>]) -> Gap {
    let same = |old: usize, new: usize| before.get(old) == now.get(new);
    while !gap.before.is_empty() && !gap.now.is_empty() && same(gap.before.start, gap.now.start) {
        put(places, gap.before.start, gap.now.start);
        gap.before.start += 1;
        gap.now.start += 1;
    }
    while !gap.before.is_empty() && !gap.now.is_empty() && same(gap.before.end - 1, gap.now.end - 1)
    {
        gap.before.end -= 1;
        gap.now.end -= 1;
        put(places, gap.before.end, gap.now.end);
    }
    gap
}

/// Lines that occur once in either part, in the longest row that is in order on both sides.
fn anchors(gap: &Gap, before: &[u32], now: &[u32]) -> Vec<(usize, usize)> {
    let old = once(before, &gap.before);
    let new = once(now, &gap.now);
    let mut pairs: Vec<(usize, usize)> = old
        .iter()
        .filter_map(|(line, old)| Some((*old, *new.get(line)?)))
        .collect();
    pairs.sort_unstable();
    longest_row(&pairs)
}

/// The lines that occur once in a part, with their place.
fn once(lines: &[u32], part: &Range<usize>) -> HashMap<u32, usize> {
    let mut counts: HashMap<u32, (usize, usize)> = HashMap::new();
    let inside = lines.iter().enumerate().take(part.end).skip(part.start);
    for (at, line) in inside {
        counts.entry(*line).or_insert((0, at)).0 += 1;
    }
    let single = counts.into_iter().filter(|(_, (count, _))| *count == 1);
    single.map(|(line, (_, at))| (line, at)).collect()
}

/// The longest row of pairs, sorted by their first, whose second ones rise.
fn longest_row(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair that ends a row of that length lowest; for each pair, the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |index: usize| pairs.get(index).map_or(0, |(_, new)| *new);
    for (index, (_, new)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(*end) < *new);
        previous.push(
            length
                .checked_sub(1)
                .and_then(|shorter| ends.get(shorter).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        row.extend(pairs.get(index).copied());
        next = previous.get(index).copied().flatten();
    }
    row.reverse();
    row
}

/// The gaps before, between and after anchors.
fn between(gap: &Gap, anchors: &[(usize, usize)]) -> Vec<Gap> {
    let starts = std::iter::once((gap.before.start, gap.now.start))
        .chain(anchors.iter().map(|(old, new)| (old + 1, new + 1)));
    let ends = anchors
        .iter()
        .copied()
        .chain(std::iter::once((gap.before.end, gap.now.end)));
    let gaps = starts.zip(ends).map(|(start, end)| Gap {
        before: start.0..end.0,
        now: start.1..end.1,
    });
    gaps.filter(|gap| !gap.before.is_empty() && !gap.now.is_empty())
        .collect()
}
