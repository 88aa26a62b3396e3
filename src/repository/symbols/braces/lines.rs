//! What a line begins: heads of definitions, directives, groups.

use super::Scanner;
use super::state::Group;
use crate::repository::symbols::calls::{Place, call_head};
use crate::repository::symbols::heads::{Head, Shape, keyword_head};
use crate::repository::symbols::language::{Calls, Role};
use crate::repository::symbols::token::{Token, tokens};

/// Conditional sections whose start is remembered, and the deepest nesting that is copied for one.
const SECTIONS: usize = 32;

impl Scanner {
    /// Follows a line of the C preprocessor.
    pub(super) fn directive(&mut self, start: &[u8]) {
        let tokens = tokens(start);
        if let Some(head) = call_head(&tokens, self.language, &Place::Inside) {
            self.add(head, String::new(), self.line);
        }
        match tokens.get(1).and_then(|token| token.word()) {
            Some("if" | "ifdef" | "ifndef") => {
                let few = self.sections.len() < SECTIONS && self.stack.len() < SECTIONS;
                let stack = few.then(|| self.stack.clone());
                self.sections.push((stack, self.parens));
            }
            // Each branch starts from where the first one did.
            Some("else" | "elif") => {
                if let Some((Some(stack), parens)) = self.sections.last() {
                    self.stack.clone_from(stack);
                    self.parens = *parens;
                }
            }
            Some("endif") => {
                self.sections.pop();
            }
            _ => {}
        }
    }

    /// Begins the definition whose head this line is, if it is one.
    pub(super) fn look_for_head(&mut self, line: &[u8], start: &[u8]) {
        let may_begin = start.first().is_some_and(|byte| {
            byte.is_ascii_alphabetic()
                || matches!(byte, b'_' | b'$' | b'@' | b'#' | b'[' | b'*' | b'~' | b'<')
                || *byte >= 0x80
        });
        if !may_begin {
            return;
        }
        let tokens = tokens(start);
        if self.language.name == "Go" && self.go_group(&tokens) {
            return;
        }
        if self.parens != 0 || !self.may_start(line) {
            return;
        }
        let place = self.place();
        let head = keyword_head(&tokens, self.language)
            .or_else(|| self.c_space(&tokens))
            .or_else(|| call_head(&tokens, self.language, &place))
            .filter(|head| head.role != Role::Value || place != Place::Inside);
        let in_type = matches!(place, Place::Type(_));
        if let Some(head) = head {
            self.begin(head, in_type, line);
        }
    }

    /// Indented lines behind a C parameter list initialise members.
    fn may_start(&self, line: &[u8]) -> bool {
        let is_indented = line.first().is_some_and(u8::is_ascii_whitespace);
        let waits = self.pending.as_ref().is_some_and(|pending| {
            self.language.calls == Calls::C && pending.head.shape == Shape::Call && pending.closed
        });
        !(is_indented && waits && self.place() == Place::Outside)
    }

    /// `const (`, `type (`: the lines up to `)` are definitions without a keyword.
    fn go_group(&mut self, tokens: &[Token<'_>]) -> bool {
        match (self.group, tokens) {
            (
                None,
                [
                    Token::Word(word @ ("const" | "var" | "type")),
                    Token::Sign("("),
                    ..,
                ],
            ) => {
                let kind = match *word {
                    "const" => "constant",
                    "var" => "variable",
                    _ => "type",
                };
                let depth = self.stack.len();
                self.group = Some(Group { kind, depth });
                true
            }
            (Some(Group { kind, depth }), [Token::Word(name), rest @ ..])
                if self.parens == 1 && depth == self.stack.len() =>
            {
                let is_type = kind == "type";
                let head = Head {
                    name: (*name).to_owned(),
                    container: String::new(),
                    kind: match rest.first() {
                        Some(Token::Word("struct")) if is_type => "struct",
                        Some(Token::Word("interface")) if is_type => "interface",
                        _ => kind,
                    },
                    role: Role::Value,
                    shape: Shape::Line,
                };
                self.add(head, String::new(), self.line);
                true
            }
            (group, _) => group.is_some(),
        }
    }

    /// `extern "C" {`, whose string is masked.
    fn c_space(&self, tokens: &[Token<'_>]) -> Option<Head> {
        let is_extern = matches!(tokens, [Token::Word("extern"), Token::Sign("{")]);
        (is_extern && self.language.calls == Calls::C).then(|| Head {
            name: String::new(),
            container: String::new(),
            kind: "namespace",
            role: Role::Namespace,
            shape: Shape::Block,
        })
    }

    fn place(&self) -> Place<'_> {
        match self.stack.last() {
            None => Place::Outside,
            Some(open) => match open.role {
                Some(Role::Namespace) => Place::Outside,
                Some(Role::Type | Role::Extension) => Place::Type(&open.name),
                _ => Place::Inside,
            },
        }
    }

    /// The name that what begins here is inside of.
    pub(super) fn container(&self) -> String {
        let named = self
            .stack
            .last()
            .and_then(|open| self.stack.get(open.named?));
        named.map_or_else(String::new, |open| open.chain.clone())
    }
}
