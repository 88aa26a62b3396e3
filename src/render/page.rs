//! A comment under construction: blocks of our own, with escaped foreign text inside.

use std::collections::BTreeSet;

use crate::domain::document::Document;
use crate::domain::plan::Target;
use crate::domain::repository::ForgeKind;
use crate::render::Site;
use crate::render::code::{self, Code};
use crate::render::escape;
use crate::render::limit::Extent;
use crate::render::links::Links;
use crate::render::messages;

/// Most lines of a code snippet: it shows a pattern, never the solution.
const SNIPPET_LINES: usize = 12;

/// What all parts of one comment need to know.
pub(super) struct Frame<'a> {
    pub(super) document: &'a Document,
    pub(super) site: &'a Site,
    pub(super) links: Links,
    pub(super) extent: Extent,
}

impl Frame<'_> {
    /// An empty page of this comment.
    pub(super) fn page(&self) -> Page<'_> {
        Page {
            frame: self,
            out: String::new(),
        }
    }

    /// Foreign text as prose on one line; empty when there is nothing to read.
    pub(super) fn text(&self, text: &str) -> String {
        let mut line = String::new();
        escape::inline(&mut line, text, self.extent.characters);
        line
    }

    /// Foreign text as code on one line; empty when there is nothing to read.
    pub(super) fn code(&self, text: &str) -> String {
        let mut line = String::new();
        code::span(&mut line, text);
        line
    }

    /// A place: linked when it was verified, else marked.
    pub(super) fn place(&self, target: &Target) -> String {
        let mut line = String::new();
        self.links.target(&mut line, target);
        line
    }

    /// Several places, each once, and how many more there are.
    pub(super) fn places<'t>(
        &self,
        targets: impl Iterator<Item = &'t Target>,
        limit: usize,
    ) -> String {
        let mut seen = BTreeSet::new();
        let mut shown: Vec<String> = Vec::new();
        for target in targets {
            if seen.insert(identity(target)) && shown.len() < limit {
                shown.push(self.place(target));
            }
        }
        if let Some(more) = seen.len().checked_sub(shown.len()).filter(|more| *more > 0) {
            shown.push(messages::and_more(more));
        }
        shown.join(", ")
    }

    /// The short commit, linked.
    pub(super) fn commit(&self) -> String {
        let mut line = String::new();
        self.links.commit(&mut line);
        line
    }
}

/// What makes two targets the same place for a reader.
fn identity(target: &Target) -> (&str, Option<(u32, u32)>) {
    let lines = match target {
        Target::Verified { lines, .. } => lines.map(|lines| (lines.start(), lines.end())),
        Target::New { .. } | Target::Unverified { .. } => None,
    };
    (target.text(), lines)
}

/// Blocks of Markdown, each apart from the one before it.
pub(super) struct Page<'a> {
    frame: &'a Frame<'a>,
    out: String,
}

impl Page<'_> {
    /// The Markdown so far.
    pub(super) fn into_markdown(self) -> String {
        self.out
    }

    /// The title of the comment.
    pub(super) fn title(&mut self, title: &'static str) {
        self.start_block();
        self.line(&["## ", title]);
    }

    /// A heading and what follows it; nothing when that is empty.
    pub(super) fn section(&mut self, heading: &'static str, body: &str) {
        if !body.is_empty() {
            self.start_block();
            self.line(&["### ", heading]);
            self.append(body);
        }
    }

    /// A folded part; nothing when it is empty.
    pub(super) fn fold(&mut self, summary: &'static str, body: &str) {
        if !body.is_empty() {
            self.start_block();
            self.line(&["<details><summary>", summary, "</summary>"]);
            self.append(body);
            self.out.push_str("\n</details>\n");
        }
    }

    /// A paragraph; nothing when the line is empty.
    pub(super) fn paragraph(&mut self, line: &str) {
        if !line.is_empty() {
            self.start_block();
            self.line(&[line]);
        }
    }

    /// Blocks that another page built.
    pub(super) fn append(&mut self, body: &str) {
        if !body.is_empty() {
            self.start_block();
            self.out.push_str(body);
        }
    }

    /// A list of lines; empty ones are left out, and so are those above the limit of this extent.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = String>) {
        self.list_with("- ", items.into_iter());
    }

    /// A list of what was quoted from somebody.
    pub(super) fn quoted_list(&mut self, items: impl IntoIterator<Item = String>) {
        self.list_with("> - ", items.into_iter());
    }

    /// A list of lines without a limit of its own.
    pub(super) fn whole_list(&mut self, items: impl IntoIterator<Item = String>) {
        self.list_up_to(usize::MAX, "- ", items.into_iter());
    }

    fn list_with(&mut self, bullet: &str, items: impl Iterator<Item = String>) {
        self.list_up_to(self.frame.extent.entries, bullet, items);
    }

    fn list_up_to(&mut self, most: usize, bullet: &str, items: impl Iterator<Item = String>) {
        let items: Vec<_> = items.filter(|item| !item.is_empty()).collect();
        if items.is_empty() {
            return;
        }
        self.start_block();
        for item in items.iter().take(most) {
            self.line(&[bullet, item]);
        }
        if let Some(more) = items.len().checked_sub(most).filter(|more| *more > 0) {
            self.line(&[bullet, &messages::and_more(more)]);
        }
    }

    /// A block of foreign code, of at most a few lines.
    pub(super) fn snippet(&mut self, language: &str, text: &str) {
        self.block(language, text, SNIPPET_LINES);
    }

    /// A block of foreign text as it is, in full.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.block("", text, usize::MAX);
    }

    fn block(&mut self, language: &str, text: &str, max_lines: usize) {
        self.start_block();
        let forge: ForgeKind = self.frame.site.forge;
        let code = Code {
            language,
            text,
            max_lines,
        };
        code::block(&mut self.out, forge, &code);
    }

    fn start_block(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn line(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.push_str(part);
        }
        self.out.push('\n');
    }
}

/// `Label: text`, or nothing without a text; both are Markdown.
pub(super) fn labelled(label: &str, text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("**{label}:** {text}")
    }
}

/// The parts that are not empty, with `between` in between.
pub(super) fn join(parts: &[&str], between: &str) -> String {
    let parts: Vec<_> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}
