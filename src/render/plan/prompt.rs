//! The plan as plain text for a coding agent, in one fenced block.

use std::borrow::Cow;

use crate::domain::plan::{Change, Target};
use crate::render::messages;
use crate::render::page::Frame;
use crate::render::plan::{Part, Planned, places};
use crate::text::clean::clean;
use crate::text::shorten;

/// Columns of the text: a block on a page does not wrap by itself.
const COLUMNS: usize = 100;

/// Most places named for one change.
const PLACES: usize = 6;

/// Most decisions told.
const DECISIONS: usize = 12;

impl Planned<'_> {
    pub(super) fn prompt(&self, frame: &Frame<'_>) -> String {
        if self.parts.is_empty() {
            return String::new();
        }
        let mut text = Wrapped::default();
        text.paragraph(0, &messages::prompt(frame.document.commit.as_str()));
        if !self.plan.restatement.trim().is_empty() {
            text.blank();
            text.paragraph(0, messages::PROMPT_REQUEST);
            text.paragraph(0, &self.field(frame, &self.plan.restatement));
        }
        text.blank();
        text.paragraph(0, messages::PROMPT_STEPS);
        for part in self.parts.iter().take(frame.extent.steps) {
            self.write_step(frame, &mut text, part);
        }
        if !self.plan.decisions.is_empty() {
            text.blank();
            text.paragraph(0, messages::PROMPT_DECISIONS);
        }
        for decision in self.plan.decisions.iter().take(DECISIONS) {
            let question = self.field(frame, &decision.question);
            text.paragraph(0, &format!("- {question}"));
        }
        let mut page = frame.page();
        page.verbatim(&text.out);
        page.into_markdown()
    }

    fn write_step(&self, frame: &Frame<'_>, text: &mut Wrapped, part: &Part<'_>) {
        let title = self.field(frame, part.title);
        let head = match part.id {
            "" => title.into_owned(),
            id => format!("{id}. {title}"),
        };
        text.paragraph(0, &head);
        text.paragraph(2, &self.field(frame, part.detail));
        for change in &part.changes {
            let operation = messages::operation(change.operation);
            let what = self.field(frame, &change.what);
            let place = describe(change);
            text.paragraph(2, &format!("- {operation} {place}: {what}"));
        }
    }

    fn field<'t>(&self, frame: &Frame<'_>, text: &'t str) -> Cow<'t, str> {
        let short = shorten::to_chars(text, frame.extent.characters);
        match clean(&short) {
            Cow::Borrowed(_) => short,
            Cow::Owned(text) => Cow::Owned(text),
        }
    }
}

/// The file of a change, with the lines where it is made.
fn describe(change: &Change) -> String {
    let path = match &change.target {
        Target::Unverified { claimed } => messages::prompt_unverified(claimed),
        Target::Verified { path, .. } | Target::New { path } => path.to_string(),
    };
    let lines: Vec<_> = places(change)
        .filter_map(|target| match target {
            Target::Verified {
                lines: Some(lines), ..
            } => Some(messages::prompt_lines(lines.start(), lines.end())),
            _ => None,
        })
        .take(PLACES)
        .collect();
    let path = match change.new_path.trim() {
        "" => path,
        new_path => format!("{path} -> {new_path}"),
    };
    match lines.as_slice() {
        [] => path,
        _ => format!("{path} ({})", lines.join(", ")),
    }
}

/// Plain text in lines of a bounded width.
#[derive(Default)]
struct Wrapped {
    out: String,
}

impl Wrapped {
    fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A paragraph behind `indent` columns; white space becomes single spaces.
    fn paragraph(&mut self, indent: usize, text: &str) {
        let mut column = 0;
        for word in text.split_whitespace() {
            let width = word.chars().count();
            if column > 0 && column + 1 + width > COLUMNS {
                self.out.push('\n');
                column = 0;
            }
            if column == 0 {
                self.out.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else {
                self.out.push(' ');
                column += 1;
            }
            self.out.push_str(word);
            column += width;
        }
        if column > 0 {
            self.out.push('\n');
        }
    }
}
