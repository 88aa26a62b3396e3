//! Where a Markdown text holds something that its rendered page does not show.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// The Markdown that forges read.
pub(super) const GFM: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// The byte ranges of HTML comments outside of code and of link definitions, in order and apart.
pub(super) fn find_hidden(text: &str) -> Vec<Range<usize>> {
    if !text.contains("<!--") && !text.contains("]:") {
        return Vec::new();
    }
    let outline = Outline::of(text);
    let mut hidden = outline.definitions;
    hidden.extend(find_comments(text, &outline.code));
    hidden.sort_unstable_by_key(|range| range.start);
    merge(hidden)
}

/// What of a text is code, and what is between its blocks.
struct Outline {
    code: Vec<Range<usize>>,
    definitions: Vec<Range<usize>>,
}

impl Outline {
    fn of(text: &str) -> Self {
        let events = Parser::new_ext(text, GFM).into_offset_iter();
        let known = events.reference_definitions().iter();
        let mut definitions: Vec<_> = known.map(|(_, known)| known.span.clone()).collect();
        let mut code = Vec::new();
        let (mut depth, mut covered) = (0_usize, 0_usize);
        for (event, range) in events {
            if matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_))) {
                code.push(range.clone());
            }
            if depth == 0 {
                // Repeated definitions are no part of any block and are not listed by the parser.
                definitions.push(covered..range.start);
                covered = covered.max(range.end);
            }
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        definitions.push(covered..text.len());
        definitions.retain(|range| {
            !text
                .get(range.clone())
                .unwrap_or_default()
                .trim()
                .is_empty()
        });
        Self { code, definitions }
    }
}

fn find_comments(text: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut from = 0;
    // Where the next `-->` is, so that it is looked for only once.
    let mut closing = find_from(text, "-->", 0);
    while let Some(start) = find_from(text, "<!--", from) {
        let before = text.get(..start).unwrap_or_default();
        let next_code = code.partition_point(|range| range.end <= start);
        match code.get(next_code) {
            Some(range) if range.contains(&start) => from = range.end,
            _ if before.ends_with('\\') => from = start + 1,
            _ => {
                // `<!-->` is a whole comment, so its end may overlap its beginning.
                if closing.is_some_and(|at| at < start + 2) {
                    closing = find_from(text, "-->", start + 2);
                }
                let end = closing.map_or(text.len(), |at| at + "-->".len());
                from = end_of_comment(text, start..end, before);
                comments.push(start..from);
            }
        }
    }
    comments
}

/// Where a comment ends: a block goes on to its `-->`, others end with their paragraph.
fn end_of_comment(text: &str, comment: Range<usize>, before: &str) -> usize {
    let margin = before.trim_end_matches(' ');
    let at_margin = margin.is_empty() || margin.ends_with('\n');
    let is_block = at_margin && before.len() - margin.len() <= 3;
    if is_block {
        return comment.end;
    }
    let mut end = comment.start;
    let lines = text.get(comment).unwrap_or_default().split_inclusive('\n');
    for (count, line) in lines.enumerate() {
        if count > 0 && line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    end
}

fn find_from(text: &str, pattern: &str, from: usize) -> Option<usize> {
    text.get(from..)?.find(pattern).map(|at| from + at)
}

/// Joins ranges that overlap; they must come in order.
fn merge(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
