//! Definitions of languages whose blocks are told by indentation.

use super::Found;
use super::heads::{Head, Shape, keyword_head};
use super::language::{Blocks, Language, Role};
use super::token::{Token, tokens};
use crate::repository::joined;

/// Columns that a tab advances to.
const TAB: usize = 8;

/// Scans masked text.
pub(super) fn scan(masked: &[u8], language: &'static Language) -> Vec<Found> {
    let mut scanner = Scanner {
        language,
        found: Vec::new(),
        stack: Vec::new(),
        parens: 0,
        last_line: 0,
    };
    for (line, number) in masked.split(|byte| *byte == b'\n').zip(1_u32..) {
        let text = line.trim_ascii();
        if !text.is_empty() {
            scanner.take_line(indentation(line), text, number);
            scanner.last_line = number;
        }
    }
    scanner.close(0, None);
    scanner.found
}

/// A definition whose block goes on.
#[derive(Debug)]
struct Open {
    indent: usize,
    definition: usize,
    role: Role,
}

struct Scanner {
    language: &'static Language,
    found: Vec<Found>,
    stack: Vec<Open>,
    parens: usize,
    /// The last line that was not blank.
    last_line: u32,
}

impl Scanner {
    fn take_line(&mut self, indent: usize, text: &[u8], number: u32) {
        let uses_end = self.language.blocks == Blocks::End;
        if indent == 0
            && [b"def ".as_slice(), b"class "]
                .iter()
                .any(|word| text.starts_with(word))
        {
            // A bracket left open above is a mistake, or meant to hide the rest of the file.
            self.parens = 0;
        }
        // A line that begins inside of a string says nothing of blocks.
        if (self.parens == 0 || uses_end) && !text.starts_with(b"\"") {
            let is_end = uses_end && tokens(text).first().is_some_and(|token| token.is("end"));
            self.close(indent, is_end.then_some(number));
            self.look_for_head(indent, text, number);
        }
        for byte in text {
            match byte {
                b'(' | b'[' | b'{' => self.parens += 1,
                b')' | b']' | b'}' => self.parens = self.parens.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Ends all definitions that a line at `indent` is not inside of; a Ruby `end` belongs to the
    /// one that it is aligned with.
    fn close(&mut self, indent: usize, end: Option<u32>) {
        while let Some(open) = self.stack.pop_if(|open| open.indent >= indent) {
            let line = match end {
                Some(line) if open.indent == indent => line,
                _ => self.last_line,
            };
            if let Some(found) = self.found.get_mut(open.definition) {
                found.end = line.max(found.start);
            }
        }
    }

    fn look_for_head(&mut self, indent: usize, text: &[u8], number: u32) {
        let tokens = tokens(text);
        let role = self.stack.last().map(|open| open.role);
        let in_type = role == Some(Role::Type);
        let head = keyword_head(&tokens, self.language).or_else(|| {
            let may_assign = role.is_none() || in_type;
            may_assign
                .then(|| assignment(&tokens, self.language))
                .flatten()
        });
        let Some(head) = head else {
            return;
        };
        let outer = self
            .stack
            .last()
            .and_then(|open| self.found.get(open.definition));
        let outer = outer.map_or_else(String::new, Found::chain);
        let container = joined(&outer, &head.container);
        let is_method = head.kind == "function" && in_type;
        let definition = self.found.len();
        self.found.push(Found {
            name: head.name,
            container,
            kind: if is_method { "method" } else { head.kind },
            start: number,
            end: number,
        });
        if head.shape == Shape::Open && !ends_here(text) {
            self.stack.push(Open {
                indent,
                definition,
                role: head.role,
            });
        }
    }
}

/// Whether a Ruby head is whole in its line (`class Error < StandardError; end`).
fn ends_here(text: &[u8]) -> bool {
    text.ends_with(b"; end") || text.ends_with(b";end")
}

/// `NAME = …` and `name: Type = …` outside of functions.
fn assignment(tokens: &[Token<'_>], language: &Language) -> Option<Head> {
    let (name, next) = match tokens {
        [Token::Word(name), next, ..] => (*name, *next),
        _ => return None,
    };
    let is_constant = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
    let is_assigned = match language.blocks {
        Blocks::Indent => {
            let compared = tokens.get(2).is_some_and(|token| token.is("=")) && next.is("=");
            let typed = next.is(":") && tokens.len() > 2;
            (next.is("=") && !compared) || (typed && !PYTHON_WORDS.contains(&name))
        }
        _ => next.is("=") && name.starts_with(char::is_uppercase),
    };
    is_assigned.then(|| Head {
        name: name.to_owned(),
        container: String::new(),
        kind: if is_constant { "constant" } else { "variable" },
        role: Role::Value,
        shape: Shape::Line,
    })
}

/// Words before a `:` that name nothing.
const PYTHON_WORDS: &[&str] = &["else", "try", "finally", "lambda", "except"];

fn indentation(line: &[u8]) -> usize {
    let blank = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
    blank.fold(0, |column, byte| match byte {
        b'\t' => (column / TAB + 1) * TAB,
        _ => column + 1,
    })
}
