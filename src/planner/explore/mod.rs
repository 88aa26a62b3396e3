//! Looking around: the conversation in which a model calls tools, and when it ends.
//!
//! The transcript only grows, because some models refuse a conversation whose past was altered. All that
//! is kept of it afterwards is what the model noted and which places it read.

use std::collections::BTreeMap;
use std::collections::HashMap;

use crate::domain::document::ToolUse;
use crate::domain::repository::{LineRange, RepoPath};
use crate::model::{Message, Reply, ToolCall, ToolResult};
use crate::planner::marks::Marks;
use crate::planner::pack::{Discovery, Pick};
use crate::planner::tools;
use crate::planner::tools::{Conclusion, FINISH, NamedPlace, TOOLS};
use crate::repository::Definition;
use crate::repository::index::Index;

/// Most calls of tools for each turn that is allowed.
const CALLS_PER_ROUND: usize = 3;

/// Most bytes of all results: forty thousand tokens.
const MAX_RESULT_BYTES: usize = 120_000;

/// Wrong calls after which the model is not listened to any longer.
const MAX_WRONG_CALLS: usize = 6;

/// Lines shown around a symbol or of a file that was named without one.
const NAMED_LINES: u32 = 60;

/// Most bytes of words that are not calls but taken for notes.
const MAX_WORD_BYTES: usize = 3_600;

/// What comes after a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::planner) enum Turned {
    /// The results are in the transcript; it may go on.
    Onward,
    /// There is nothing more to gain.
    Over,
}

/// One looking around.
#[derive(Debug)]
pub(in crate::planner) struct Exploration {
    messages: Vec<Message>,
    marks: Marks,
    rounds_left: u32,
    calls_left: usize,
    bytes_left: usize,
    asked: HashMap<String, usize>,
    wrong_calls: usize,
    used: BTreeMap<&'static str, usize>,
    read: Vec<(usize, LineRange)>,
    conclusion: Conclusion,
}

impl Exploration {
    /// A conversation that begins with `first` and has at most `rounds` turns of the model.
    pub(in crate::planner) fn new(first: Message, marks: Marks, rounds: u32) -> Self {
        let rounds_as_calls = usize::try_from(rounds).unwrap_or(usize::MAX);
        Self {
            messages: vec![first],
            marks,
            rounds_left: rounds,
            calls_left: rounds_as_calls.saturating_mul(CALLS_PER_ROUND),
            bytes_left: MAX_RESULT_BYTES,
            asked: HashMap::new(),
            wrong_calls: 0,
            used: BTreeMap::new(),
            read: Vec::new(),
            conclusion: Conclusion::default(),
        }
    }

    /// The transcript.
    pub(in crate::planner) fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Bytes of the transcript, roughly: what the next turn sends.
    pub(in crate::planner) fn size(&self) -> usize {
        let texts = self.messages.iter().map(|message| match message {
            Message::User { parts } => parts.iter().map(String::len).sum(),
            // What a model said comes back as it was; it is short beside what it read.
            Message::Model(_) => 1_000,
            Message::Results(results) => results.iter().map(|result| result.text.len()).sum(),
        });
        texts.sum()
    }

    /// How often each tool was called, in the tools' order.
    pub(in crate::planner) fn tools_used(&self) -> Vec<ToolUse> {
        let used = TOOLS.iter().filter_map(|tool| {
            let count = *self.used.get(tool.name)?;
            Some(ToolUse {
                name: tool.name.to_owned(),
                count,
            })
        });
        used.collect()
    }

    /// The model said something: its calls are answered from `index`, unless it is done, says nothing to
    /// the point, repeats itself or has used up what it may.
    pub(in crate::planner) fn heard(&mut self, index: &Index, reply: Reply) -> Turned {
        self.rounds_left = self.rounds_left.saturating_sub(1);
        if let Some(finish) = find_finish(&reply.calls) {
            *self.used.entry(FINISH).or_default() += 1;
            self.conclusion = tools::conclude(finish);
            return Turned::Over;
        }
        if reply.calls.is_empty() || reply.truncated {
            let words = reply.text.trim();
            let end = words.floor_char_boundary(MAX_WORD_BYTES);
            words
                .get(..end)
                .unwrap_or_default()
                .clone_into(&mut self.conclusion.notes);
            return Turned::Over;
        }
        let mut repeats = false;
        let results: Vec<_> = (reply.calls.iter())
            .map(|call| self.answer(index, call, &mut repeats))
            .collect();
        self.messages.push(Message::Model(reply.verbatim));
        self.messages.push(Message::Results(results));
        let is_spent = self.rounds_left == 0 || self.calls_left == 0 || self.bytes_left == 0;
        if is_spent || repeats || self.wrong_calls >= MAX_WRONG_CALLS {
            Turned::Over
        } else {
            Turned::Onward
        }
    }

    /// One result for one call, within what is left. `repeats` is set when a call comes a third time.
    fn answer(&mut self, index: &Index, call: &ToolCall, repeats: &mut bool) -> ToolResult {
        let refuse = |why: &str| result(call, why.to_owned(), true);
        if self.calls_left == 0 {
            return refuse("no call is left; finish");
        }
        self.calls_left -= 1;
        let times = self.asked.entry(tools::key(call)).or_default();
        *times += 1;
        if *times > 1 {
            *repeats = *repeats || *times > 2;
            return refuse("this was asked and answered before; ask something else or finish");
        }
        match tools::find(&call.name) {
            Some(tool) => *self.used.entry(tool.name).or_default() += 1,
            None => self.wrong_calls += 1,
        }
        let answer = tools::run(index, call);
        if answer.is_error {
            self.wrong_calls += 1;
        }
        self.read.extend(answer.shown);
        let kept = answer.text.floor_char_boundary(self.bytes_left);
        let text = answer.text.get(..kept).unwrap_or_default();
        self.bytes_left -= kept;
        let number = self.asked.len();
        let kind = tools::find(&call.name).map_or("unknown", |tool| tool.name);
        let text = self.marks.enclose(&format!("result-{number}"), kind, text);
        result(call, text, answer.is_error)
    }

    /// What is kept of it: the notes, and places that the writer must see.
    pub(in crate::planner) fn conclude(self, index: &Index) -> Discovery {
        let Conclusion {
            notes,
            places,
            unknowns,
        } = &self.conclusion;
        let mut text = notes.clone();
        if !unknowns.is_empty() {
            text.push_str("\nNot found: ");
            text.push_str(&unknowns.join("; "));
        }
        let named = places.iter().filter_map(|place| find_place(index, place));
        let mut picks: Vec<Pick> = named.collect();
        // What was read last is what the search led to.
        picks.extend(self.read.iter().rev().map(|(file, lines)| Pick {
            file: *file,
            lines: *lines,
            symbol: String::new(),
            reason: "read while looking around".to_owned(),
        }));
        Discovery {
            notes: text.trim().to_owned(),
            picks,
        }
    }
}

fn find_finish(calls: &[ToolCall]) -> Option<&ToolCall> {
    calls.iter().find(|call| call.name.trim() == FINISH)
}

fn result(call: &ToolCall, text: String, is_error: bool) -> ToolResult {
    ToolResult {
        id: call.id.clone(),
        name: call.name.clone(),
        text,
        is_error,
    }
}

/// The place that a model named, if it exists: the symbol's lines, or the beginning of the file.
fn find_place(index: &Index, place: &NamedPlace) -> Option<Pick> {
    let path = RepoPath::parse(&place.path).ok()?;
    let (file, _) = index.find(&path)?;
    let name = place.symbol.rsplit(['.', ':', '#']).next();
    let name = name.unwrap_or_default().trim_end_matches("()");
    let found = index
        .definitions(file)
        .iter()
        .find(|definition| definition.name == name);
    Some(Pick {
        file,
        lines: found.map_or(LineRange::new(1, NAMED_LINES), |found| found.lines),
        symbol: found.map(Definition::path).unwrap_or_default(),
        reason: match place.why.as_str() {
            "" => "named while looking around".to_owned(),
            why => why.to_owned(),
        },
    })
}

#[cfg(test)]
mod tests;
