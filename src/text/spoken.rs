//! What the author of a comment says in their own voice, line by line.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::text::clean;
use crate::text::hidden::GFM;

/// The lines that a person speaks in a comment: its paragraphs, headings and list items as they
/// were typed, without quotes, code blocks, HTML and tables.
///
/// A command can only begin a line that begins with speech: a line whose first character belongs
/// to a code span, a link, an escape or the like never begins with `/` or `@` here. Neither does one
/// that a page folds away: nobody asks in secret.
pub fn spoken_lines(markdown: &str) -> Vec<String> {
    let text = clean::unify_newlines(markdown);
    let mut lines = Lines::of(&text);
    let mut silent = 0_usize;
    let mut linked = 0_usize;
    let mut folded = 0_usize;
    for (event, range) in Parser::new_ext(&text, GFM).into_offset_iter() {
        match event {
            Event::Start(tag) if is_silent(&tag) => silent += 1,
            Event::End(tag) if is_silent_end(tag) => silent = silent.saturating_sub(1),
            Event::Start(Tag::Link { .. }) => linked += 1,
            Event::End(TagEnd::Link) => linked = linked.saturating_sub(1),
            Event::Text(_) if silent == 0 => lines.speak(&range, linked + folded == 0),
            Event::Code(_) if silent == 0 => lines.speak(&range, false),
            Event::Html(html) => folded = fold(folded, &html),
            Event::InlineHtml(html) if silent == 0 => {
                folded = fold(folded, &html);
                lines.cut.push(range);
            }
            _ => {}
        }
    }
    lines.into_spoken(&text)
}

/// How many folds are open behind `html`, when there were `open` before.
fn fold(open: usize, html: &str) -> usize {
    let html = html.to_ascii_lowercase();
    let opened = open + html.matches("<details").count();
    opened.saturating_sub(html.matches("</details").count())
}

fn is_silent(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Table(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Image { .. }
    )
}

fn is_silent_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::Image
    )
}

/// One line of the source.
struct Line {
    range: Range<usize>,
    /// Whether anything in it is speech.
    spoken: bool,
    /// Whether its very first character is speech.
    open: bool,
}

/// The source line by line, with inline HTML to be cut out.
struct Lines {
    lines: Vec<Line>,
    cut: Vec<Range<usize>>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let range = start..start + line.trim_end_matches('\n').len();
            start += line.len();
            Line {
                range,
                spoken: false,
                open: false,
            }
        });
        Self {
            lines: lines.collect(),
            cut: Vec::new(),
        }
    }

    fn speak(&mut self, range: &Range<usize>, may_open: bool) {
        let first = self
            .lines
            .partition_point(|line| line.range.end < range.start);
        let touched = self.lines.iter_mut().skip(first);
        for line in touched.take_while(|line| line.range.start < range.end) {
            line.spoken = true;
            line.open |= may_open && line.range.start == range.start;
        }
    }

    fn into_spoken(self, text: &str) -> Vec<String> {
        let spoken = self.lines.iter().filter(|line| line.spoken);
        spoken
            .map(|line| {
                let mut said = self.without_cuts(text, &line.range);
                if !line.open && said.starts_with(['/', '@']) {
                    said.insert(0, ' ');
                }
                said
            })
            .collect()
    }

    fn without_cuts(&self, text: &str, line: &Range<usize>) -> String {
        let first = self.cut.partition_point(|cut| cut.end <= line.start);
        let mut said = String::new();
        let mut from = line.start;
        let cuts = self.cut.iter().skip(first);
        for cut in cuts.take_while(|cut| cut.start < line.end) {
            said.push_str(text.get(from..cut.start.max(from)).unwrap_or_default());
            from = cut.end.min(line.end);
        }
        said.push_str(text.get(from..line.end).unwrap_or_default());
        said.truncate(said.trim_end().len());
        said
    }
}
