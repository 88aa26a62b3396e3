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
    while let Some(start) = find_from(text, "<!--", from) {
        let in_code = code.iter().find(|range| range.contains(&start));
        let before = text.get(..start).unwrap_or_default();
        if let Some(range) = in_code {
            from = range.end.max(start + 1);
        } else if before.ends_with('\\') {
            from = start + 1;
        } else {
            let end = end_of_comment(text, start, before);
            comments.push(start..end);
            from = end;
        }
    }
    comments
}

/// Where the comment at `start` ends: behind its `-->`, else with its block.
fn end_of_comment(text: &str, start: usize, before: &str) -> usize {
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = before.get(line_start..).unwrap_or_default();
    let is_block = indent.len() <= 3 && indent.trim().is_empty();
    let block_end = if is_block {
        text.len()
    } else {
        end_of_paragraph(text, start)
    };
    // `<!-->` is a whole comment, so its end may overlap its beginning.
    let closing = find_from(text, "-->", start + 2).map(|at| at + "-->".len());
    closing.map_or(block_end, |end| end.min(block_end))
}

fn end_of_paragraph(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let mut end = from;
    for (count, line) in rest.split_inclusive('\n').enumerate() {
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
