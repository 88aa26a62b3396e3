//! One comment, whatever the size of the plan: parts, and the order in which they are left out.

use crate::render::body::CommentBody;
use crate::render::messages;

/// Most bytes of a comment. GitHub takes 65,536 characters and counts them in a way that it does
/// not tell; GitLab takes more, but nobody reads that.
const MAX_BYTES: usize = 60_000;

/// Room for the notice that something was left out.
const NOTICE_BYTES: usize = 1_000;

/// What a part is, as far as leaving it out goes. The order is the order of leaving out: what
/// repeats or illustrates goes first, what people have to act on goes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A snippet of code.
    Snippet,
    /// The prompt for a coding agent.
    Prompt,
    /// A line of details of a change.
    Detail,
    /// A line that explains or lists.
    Background,
    /// A place of an outline.
    Place,
    /// A place that is affected.
    Impact,
    /// A step.
    Step,
    /// A decision to take.
    Decision,
    /// What is always there; its size is bounded.
    Fixed,
}

impl Kind {
    const LEFT_OUT_IN_ORDER: [Self; 8] = [
        Self::Snippet,
        Self::Prompt,
        Self::Detail,
        Self::Background,
        Self::Place,
        Self::Impact,
        Self::Step,
        Self::Decision,
    ];

    /// So many of it, in words.
    fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Self::Snippet => ("snippet", "snippets"),
            Self::Prompt => return "the prompt for a coding agent".to_owned(),
            Self::Detail => ("line of details", "lines of details of the last steps"),
            Self::Background => ("line of background", "lines of background"),
            Self::Place => ("place", "places"),
            Self::Impact => ("line on the impact", "lines on the impact"),
            Self::Step => ("step", "steps"),
            Self::Decision => ("decision", "decisions"),
            Self::Fixed => ("line", "lines"),
        };
        messages::counted(count, one, many)
    }
}

/// How a part begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A block of its own, with an empty line after it.
    Block,
    /// A list item; items that follow each other make a list.
    Item,
}

#[derive(Debug)]
struct Part {
    kind: Kind,
    shape: Shape,
    text: String,
}

/// A group of parts with something around them; it goes when all its parts are gone.
#[derive(Debug)]
pub(super) struct Section {
    opening: String,
    parts: Vec<Part>,
    closing: &'static str,
}

impl Section {
    /// Parts with nothing around them.
    pub(super) fn bare() -> Self {
        Self::between(String::new(), "")
    }

    /// Parts under a heading.
    pub(super) fn headed(heading: &str) -> Self {
        Self::between(format!("### {heading}\n\n"), "")
    }

    /// Parts that are folded away behind a line of our words.
    pub(super) fn folded(summary: &str) -> Self {
        let opening = format!("<details>\n<summary>{summary}</summary>\n\n");
        Self::between(opening, "</details>\n\n")
    }

    fn between(opening: String, closing: &'static str) -> Self {
        Self {
            opening,
            parts: Vec::new(),
            closing,
        }
    }

    /// Adds a block; nothing when nothing is written.
    pub(super) fn block(&mut self, kind: Kind, write: impl FnOnce(&mut String)) {
        let mut text = String::new();
        write(&mut text);
        if text.trim().is_empty() {
            return;
        }
        text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
        self.parts.push(Part {
            kind,
            shape: Shape::Block,
            text,
        });
    }

    /// Adds a list item; nothing when nothing is written.
    pub(super) fn item(&mut self, kind: Kind, write: impl FnOnce(&mut String)) {
        self.list_item(kind, "- ", write);
    }

    /// Adds an item of a numbered list.
    pub(super) fn numbered(&mut self, kind: Kind, number: usize, write: impl FnOnce(&mut String)) {
        self.list_item(kind, &format!("{number}. "), write);
    }

    /// Adds a quoted line.
    pub(super) fn quoted(&mut self, kind: Kind, write: impl FnOnce(&mut String)) {
        self.list_item(kind, "> - ", write);
    }

    fn list_item(&mut self, kind: Kind, bullet: &str, write: impl FnOnce(&mut String)) {
        let mut text = bullet.to_owned();
        write(&mut text);
        let is_blank = text
            .get(bullet.len()..)
            .is_none_or(|text| text.trim().is_empty());
        if !is_blank {
            text.push('\n');
            self.parts.push(Part {
                kind,
                shape: Shape::Item,
                text,
            });
        }
    }

    /// Bytes of it, or a few more.
    fn size(&self) -> usize {
        let parts = self.parts.iter().map(|part| part.text.len() + 1);
        let around = self.opening.len() + self.closing.len() + 1;
        parts.sum::<usize>() + around
    }

    fn append(&self, out: &mut String) {
        let mut previous = None;
        for part in self.parts.iter().filter(|part| !part.text.is_empty()) {
            match previous {
                None => out.push_str(&self.opening),
                Some(Shape::Item) if part.shape == Shape::Block => out.push('\n'),
                Some(_) => {}
            }
            out.push_str(&part.text);
            previous = Some(part.shape);
        }
        if previous == Some(Shape::Item) {
            out.push('\n');
        }
        if previous.is_some() {
            out.push_str(self.closing);
        }
    }
}

/// Appends an item of a list inside a list item; nothing when nothing is written. An empty item
/// would turn the line before it into a heading.
pub(super) fn nested(out: &mut String, write: impl FnOnce(&mut String)) {
    let mut text = String::new();
    write(&mut text);
    if !text.trim().is_empty() {
        out.push_str("\n    - ");
        out.push_str(&text);
    }
}

/// A comment in the making.
#[derive(Debug)]
pub(super) struct Page {
    head: String,
    sections: Vec<Section>,
}

impl Page {
    /// A page that begins with `head`, whose size is bounded.
    pub(super) fn new(head: String) -> Self {
        Self {
            head,
            sections: Vec::new(),
        }
    }

    /// Puts a section before everything else, with a line below it.
    pub(super) fn put_before(&mut self, section: &Section) {
        let mut before = String::new();
        section.append(&mut before);
        before.push_str("---\n\n");
        self.head.insert_str(0, &before);
    }

    /// Adds a section at the end.
    pub(super) fn add(&mut self, section: Section) {
        self.sections.push(section);
    }

    /// The comment, with as many parts as fit, and with `marker` as its last line.
    pub(super) fn into_body(mut self, marker: &str) -> CommentBody {
        let notice = self.shrink(MAX_BYTES.saturating_sub(marker.len() + NOTICE_BYTES));
        let mut out = self.head;
        out.push_str(&notice);
        for section in &self.sections {
            section.append(&mut out);
        }
        out.truncate(out.trim_end().len());
        if !marker.is_empty() {
            out.push_str("\n\n");
            out.push_str(marker);
        }
        CommentBody::new(out)
    }

    /// Leaves parts out until the rest has at most `budget` bytes; tells what is missing.
    fn shrink(&mut self, budget: usize) -> String {
        let sections: usize = self.sections.iter().map(Section::size).sum();
        let mut size = self.head.len() + sections;
        let mut left_out = Vec::new();
        for kind in Kind::LEFT_OUT_IN_ORDER {
            let mut count = 0;
            let parts = self.sections.iter_mut().rev();
            let parts = parts.flat_map(|section| section.parts.iter_mut().rev());
            for part in parts.filter(|part| part.kind == kind) {
                if size <= budget {
                    break;
                }
                size = size.saturating_sub(part.text.len());
                part.text.clear();
                count += 1;
            }
            if count > 0 {
                left_out.push(kind.counted(count));
            }
        }
        if left_out.is_empty() {
            String::new()
        } else {
            messages::shortened(&left_out)
        }
    }
}
