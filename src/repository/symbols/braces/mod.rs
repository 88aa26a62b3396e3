//! Definitions of languages whose blocks stand in braces.

mod lines;
mod state;

use super::heads::{Head, Shape};
use super::language::{Calls, Language, Role};
use super::token::tokens;
use super::{CHAIN_BYTES, Found};
use crate::repository::joined;
use state::{Group, Open, Pending};

/// Lines that a head may wait for its body; longer parameter lists are not written.
const HEAD_LINES: u32 = 60;

/// Scans masked text.
pub(super) fn scan(masked: &[u8], language: &'static Language, is_header: bool) -> Vec<Found> {
    let mut scanner = Scanner {
        language,
        is_header,
        found: Vec::new(),
        stack: Vec::new(),
        parens: 0,
        pending: None,
        group: None,
        sections: Vec::new(),
        line: 0,
        column: 0,
    };
    for line in masked.split(|byte| *byte == b'\n') {
        scanner.line += 1;
        scanner.take_line(line);
    }
    scanner.finish()
}

/// The container of what a definition holds.
fn chain(pending: &Pending) -> String {
    if pending.container.len() + pending.head.name.len() > CHAIN_BYTES {
        return pending.container.clone();
    }
    joined(&pending.container, &pending.head.name)
}

/// Whether a line up to a brace is `… new Type(…)`, whose class has no name.
fn makes_instance(before: &[u8]) -> bool {
    before.trim_ascii_end().ends_with(b")") && before.windows(4).any(|word| word == b"new ")
}

struct Scanner {
    language: &'static Language,
    is_header: bool,
    found: Vec<Found>,
    stack: Vec<Open>,
    parens: usize,
    pending: Option<Pending>,
    /// The kind that `const (` gives to the lines below it.
    group: Option<Group>,
    sections: Vec<(Option<Vec<Open>>, usize)>,
    line: u32,
    /// The byte of the line that is looked at.
    column: usize,
}

impl Scanner {
    fn take_line(&mut self, line: &[u8]) {
        let line = line.trim_ascii_end();
        let start = line.trim_ascii_start();
        if self.language.calls == Calls::C && start.first() == Some(&b'#') {
            self.directive(start);
            return;
        }
        if self.parens == 0 || self.group.is_some() {
            self.look_for_head(line, start);
        }
        for (position, byte) in line.iter().enumerate() {
            self.take_byte(*byte, line, position);
        }
        self.end_line(line.last().copied());
    }

    fn begin(&mut self, head: Head, in_type: bool, line: &[u8]) {
        self.drop_or_keep_pending();
        let container = joined(&self.container(), &head.container);
        if head.shape == Shape::Line {
            self.add(head, container, self.line);
            return;
        }
        let name = head.name.as_bytes();
        let column = line
            .windows(name.len().max(1))
            .position(|part| part == name);
        self.pending = Some(Pending {
            column: column.unwrap_or(0),
            in_type: in_type || !head.container.is_empty(),
            head,
            container,
            line: self.line,
            depth: self.stack.len(),
            closed: false,
            typed: false,
        });
    }

    fn take_byte(&mut self, byte: u8, line: &[u8], position: usize) {
        if !byte.is_ascii_whitespace() {
            self.judge_call(byte);
        }
        self.column = position;
        match byte {
            b'(' | b'[' => self.parens += 1,
            b')' | b']' => self.close_paren(),
            b'{' => self.open_brace(line.get(..position).unwrap_or_default()),
            b'}' => self.close_brace(line.get(position + 1..).unwrap_or_default()),
            b';' => self.semicolon(),
            _ => {}
        }
    }

    /// Drops a call head that turns out to be a mere call.
    fn judge_call(&mut self, byte: u8) {
        let is_script = self.language.calls == Calls::Script;
        let Some(pending) = &mut self.pending else {
            return;
        };
        let waits = is_script
            && pending.head.shape == Shape::Call
            && pending.closed
            && !pending.typed
            && pending.depth == self.stack.len()
            && self.parens == 0;
        if waits && byte == b':' {
            pending.typed = true;
        } else if waits && byte != b'{' {
            self.pending = None;
        }
    }

    fn close_paren(&mut self) {
        self.parens = self.parens.saturating_sub(1);
        if self.parens == 0 {
            self.group.take_if(|group| group.depth == self.stack.len());
            if let Some(pending) = &mut self.pending
                && pending.depth == self.stack.len()
                && (pending.column < self.column || pending.line < self.line)
            {
                pending.closed = true;
            }
        }
    }

    fn open_brace(&mut self, before: &[u8]) {
        let depth = self.stack.len();
        let parens = std::mem::take(&mut self.parens);
        let is_body = |pending: &mut Pending| {
            let is_value = pending.head.role == Role::Value;
            let called = pending.head.shape != Shape::Call || pending.closed;
            is_value || (pending.depth == depth && parens == 0 && called)
        };
        let mut open = Open {
            definition: None,
            role: None,
            name: String::new(),
            chain: String::new(),
            named: self.stack.last().and_then(|outer| outer.named),
            parens,
            name_behind: None,
            line: self.line,
        };
        if let Some(pending) = self.pending.take_if(is_body) {
            open.role = Some(pending.head.role);
            open.name.clone_from(&pending.head.name);
            open.line = pending.line;
            // A value that is an object is not what its functions are called by.
            if !open.name.is_empty() && pending.head.role != Role::Value {
                open.named = Some(depth);
                open.chain = chain(&pending);
            }
            if pending.head.shape == Shape::NameBehind {
                open.name_behind = Some(pending.head.clone());
            }
            open.definition = self.add_pending(pending);
        } else if self.language.name == "Java" && makes_instance(before) {
            open.role = Some(Role::Type);
        }
        self.stack.push(open);
    }

    fn close_brace(&mut self, rest: &[u8]) {
        let Some(open) = self.stack.pop() else {
            return;
        };
        self.parens = open.parens;
        if self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.depth > self.stack.len())
        {
            self.drop_or_keep_pending();
        }
        let line = self.line;
        if let Some(found) = open.definition.and_then(|index| self.found.get_mut(index)) {
            found.end = line;
        }
        if let Some(mut head) = open.name_behind
            && let Some(name) = tokens(rest).iter().find_map(|token| token.word())
        {
            name.clone_into(&mut head.name);
            let index = self.add(head, String::new(), open.line);
            if let Some(found) = index.and_then(|index| self.found.get_mut(index)) {
                found.end = line;
            }
        }
    }

    fn semicolon(&mut self) {
        let depth = self.stack.len();
        let at_level = |pending: &Pending| pending.depth == depth;
        if self.parens == 0 && self.pending.as_ref().is_some_and(at_level) {
            self.drop_or_keep_pending();
        }
    }

    fn end_line(&mut self, last: Option<u8>) {
        let Some(pending) = &self.pending else {
            return;
        };
        let too_old = self.line.saturating_sub(pending.line) > HEAD_LINES;
        let is_whole = pending.head.role == Role::Value
            && pending.depth == self.stack.len()
            && self.parens == 0
            && self.language.ends_by_line()
            && !last.is_some_and(|byte| b"=,({[:&|+?-<>.".contains(&byte));
        // `key: (a) => a,`
        let is_arrow = self.language.calls == Calls::Script
            && pending.head.role == Role::Function
            && pending.head.shape == Shape::Open
            && pending.depth == self.stack.len()
            && self.parens == 0
            && last == Some(b',');
        if too_old || is_whole || is_arrow {
            self.drop_or_keep_pending();
        }
    }

    /// Ends a head without a body: a declaration where those count, else nothing.
    fn drop_or_keep_pending(&mut self) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        let keep = match pending.head.shape {
            Shape::Open => true,
            Shape::Block | Shape::NameBehind | Shape::Line => false,
            Shape::Call => {
                pending.closed
                    && match self.language.calls {
                        Calls::C => pending.in_type || self.is_header,
                        Calls::Script => pending.typed && pending.in_type,
                        _ => self.language.calls == Calls::Java,
                    }
            }
        };
        if keep {
            self.add_pending(pending);
        }
    }

    fn add_pending(&mut self, pending: Pending) -> Option<usize> {
        let mut head = pending.head;
        if head.kind == "function" && pending.in_type {
            head.kind = "method";
        }
        self.add(head, pending.container, pending.line)
    }

    /// Adds a definition and returns its position; what only lends its name is not added.
    fn add(&mut self, head: Head, container: String, line: u32) -> Option<usize> {
        if head.kind.is_empty() || head.name.is_empty() {
            return None;
        }
        self.found.push(Found {
            name: head.name,
            container,
            kind: head.kind,
            start: line,
            end: line,
        });
        Some(self.found.len() - 1)
    }

    fn finish(mut self) -> Vec<Found> {
        self.drop_or_keep_pending();
        let last = self.line;
        for open in &self.stack {
            if let Some(found) = open.definition.and_then(|index| self.found.get_mut(index)) {
                found.end = last;
            }
        }
        self.found
    }
}
