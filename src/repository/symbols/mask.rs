//! Blanking comments and strings, so that nothing inside them looks like code.

use super::language::{Language, Lexis};

/// What stands in the place of a string's bytes: no word, no bracket, no space.
const IN_STRING: u8 = b'"';

/// How deep code may stand in strings that stand in code in strings; what is deeper is all string.
const MAX_DEPTH: usize = 4;

/// `text` with every byte of comments replaced by a space and every byte of strings by `"`; line
/// breaks stay, so lines keep their numbers.
pub(super) fn mask(text: &str, language: &Language) -> Vec<u8> {
    masked(text, language, MAX_DEPTH)
}

/// The same, but code that stands inside of strings stays: `${name}`, `#{name}`.
pub(super) fn mask_but_inner_code(text: &str, language: &Language) -> Vec<u8> {
    masked(text, language, 0)
}

fn masked(text: &str, language: &Language, depth: usize) -> Vec<u8> {
    let mut masker = Masker {
        text: text.as_bytes(),
        at: 0,
        masked: Vec::with_capacity(text.len()),
        lexis: language.lexis,
        significant: b'\n',
        depth,
    };
    if language.lexis == Lexis::Php {
        masker.skip_html();
    }
    while masker.at < masker.text.len() {
        masker.step();
    }
    masker.masked
}

struct Masker<'a> {
    text: &'a [u8],
    at: usize,
    masked: Vec<u8>,
    lexis: Lexis,
    /// The last byte of code that is no space; tells a division from a regular expression.
    significant: u8,
    /// In how many strings the code at hand stands.
    depth: usize,
}

impl Masker<'_> {
    fn step(&mut self) {
        let byte = self.peek(0);
        match byte {
            b'/' if self.has_slashes() && self.peek(1) == b'/' => self.skip_line_rest(b' '),
            b'/' if self.has_slashes() && self.peek(1) == b'*' => self.block_comment(),
            b'/' if self.lexis == Lexis::Script && self.may_be_pattern() => self.pattern(),
            b'#' if self.has_hash() => self.skip_line_rest(b' '),
            b'=' if self.lexis == Lexis::Hash && self.starts(b"=begin") && self.at_line_start() => {
                self.until(b"\n=end", b' ');
            }
            b'?' if self.lexis == Lexis::Php && self.peek(1) == b'>' => self.skip_html(),
            b'<' if self.lexis == Lexis::Php && self.starts(b"<<<") => self.heredoc(),
            b'"' | b'\'' | b'`' => self.quote(byte),
            b'r' | b'R' | b'b' if self.raw_string() => {}
            _ => self.copy(),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn starts(&self, with: &[u8]) -> bool {
        self.text
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(with))
    }

    fn at_line_start(&self) -> bool {
        matches!(self.masked.last(), None | Some(b'\n'))
    }

    fn has_slashes(&self) -> bool {
        !matches!(self.lexis, Lexis::Python | Lexis::Hash)
    }

    /// Whether `#` begins a comment here: not inside a word or `${#…}`, and no PHP attribute.
    fn has_hash(&self) -> bool {
        let previous = self.masked.last().copied().unwrap_or(b'\n');
        match self.lexis {
            Lexis::Python => true,
            Lexis::Hash => previous.is_ascii_whitespace() || previous == b';',
            Lexis::Php => self.peek(1) != b'[',
            _ => false,
        }
    }

    fn copy(&mut self) {
        let byte = self.peek(0);
        if !byte.is_ascii_whitespace() {
            self.significant = byte;
        }
        self.masked.push(byte);
        self.at += 1;
    }

    /// Replaces the next `count` bytes, line breaks excepted.
    fn blank(&mut self, count: usize, with: u8) {
        let end = (self.at + count).min(self.text.len());
        let bytes = self.text.get(self.at..end).unwrap_or_default();
        let replaced = bytes.iter().map(|byte| match byte {
            b'\n' => b'\n',
            _ => with,
        });
        self.masked.extend(replaced);
        self.at = end;
        if with == IN_STRING {
            self.significant = IN_STRING;
        }
    }

    fn skip_line_rest(&mut self, with: u8) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        self.blank(length.unwrap_or(rest.len()), with);
    }

    /// Blanks up to and including the next `end`, or everything when there is none.
    fn until(&mut self, end: &[u8], with: u8) {
        while self.at < self.text.len() && !self.starts(end) {
            self.blank(1, with);
        }
        self.blank(end.len(), with);
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.text.len() {
            if self.starts(b"*/") {
                self.blank(2, b' ');
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            } else if self.starts(b"/*") && (depth == 0 || self.lexis == Lexis::Rust) {
                self.blank(2, b' ');
                depth += 1;
            } else {
                self.blank(1, b' ');
            }
        }
    }

    /// Blanks what is no PHP: all up to and including the next `<?php` or `<?=`.
    fn skip_html(&mut self) {
        self.until(b"<?", b' ');
        if self.starts(b"php") {
            self.blank(3, b' ');
        }
        self.significant = b'\n';
    }

    /// Blanks `<<<END` and what follows up to the line that begins with `END`.
    fn heredoc(&mut self) {
        let rest = self.text.get(self.at + 3..).unwrap_or_default();
        let mut lines = rest.split(|byte| *byte == b'\n');
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'' | b' ' | b'\t' | b'\r');
        let first = lines.next().unwrap_or_default();
        let label: Vec<_> = first
            .iter()
            .copied()
            .filter(|byte| !is_quote(byte))
            .collect();
        let is_label = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if label.is_empty() || !label.iter().all(is_label) {
            return self.copy();
        }
        let mut length = 3 + first.len();
        for line in lines {
            let text = line.trim_ascii_start();
            length += 1;
            if text
                .strip_prefix(label.as_slice())
                .is_some_and(|rest| !rest.first().is_some_and(is_label))
            {
                length += line.len() - text.len() + label.len();
                break;
            }
            length += line.len();
        }
        self.blank(length, IN_STRING);
    }

    fn quote(&mut self, quote: u8) {
        let triple = [quote; 3];
        match (self.lexis, quote) {
            (Lexis::Python, b'"' | b'\'') | (Lexis::Triple, b'"') if self.starts(&triple) => {
                self.blank(3, IN_STRING);
                self.until(&triple, IN_STRING);
            }
            (Lexis::Go | Lexis::Script, b'`') => self.string(b'`', Span::Lines),
            (_, b'`') => self.copy(),
            (Lexis::Rust, b'"') | (Lexis::Php, b'"' | b'\'') => self.string(quote, Span::Lines),
            (Lexis::Rust, b'\'') if !self.is_character() => self.copy(),
            (Lexis::C, b'\'') if self.significant.is_ascii_digit() => self.copy(),
            _ => self.string(quote, Span::Line),
        }
    }

    /// Whether `'` begins a Rust character and no lifetime.
    fn is_character(&self) -> bool {
        self.peek(1) == b'\\'
            || (1..=4).any(|width| self.peek(width + 1) == b'\'')
                && !(self.peek(1).is_ascii_alphanumeric() && self.peek(2) != b'\'')
    }

    fn string(&mut self, quote: u8, span: Span) {
        let raw = self.lexis == Lexis::Go && quote == b'`';
        let opening = self.opening(quote);
        self.blank(1, IN_STRING);
        while self.at < self.text.len() {
            let byte = self.peek(0);
            let opened = opening.filter(|opening| self.depth < MAX_DEPTH && self.starts(opening));
            if let Some(opening) = opened {
                self.blank(opening.len(), IN_STRING);
                match self.peek(0) {
                    // A doubled brace is a brace.
                    b'{' if opening == b"{" => self.blank(1, IN_STRING),
                    _ => self.inner_code(span),
                }
            } else if byte == b'\\' && !raw {
                self.blank(2, IN_STRING);
            } else if byte == quote {
                return self.blank(1, IN_STRING);
            } else if byte == b'\n' && span == Span::Line {
                return;
            } else {
                self.blank(1, IN_STRING);
            }
        }
    }

    /// What begins code inside of a string with these quotes, if anything does.
    fn opening(&self, quote: u8) -> Option<&'static [u8]> {
        let is_formatted = || {
            let before = self.masked.iter().rev();
            let mut prefix = before.take(2).take_while(|byte| byte.is_ascii_alphabetic());
            prefix.any(|byte| matches!(byte, b'f' | b'F'))
        };
        match (self.lexis, quote) {
            // C#'s `$"{name}"`, and what Kotlin and Scala write.
            (Lexis::Triple, b'"') if self.significant == b'$' => Some(b"{"),
            (Lexis::Script, b'`') | (Lexis::Triple, b'"') => Some(b"${"),
            (Lexis::Hash, b'"') => Some(b"#{"),
            (Lexis::Python, _) if is_formatted() => Some(b"{"),
            _ => None,
        }
    }

    /// Code inside of a string, up to and including the brace that ends it, or to the end of its line.
    fn inner_code(&mut self, span: Span) {
        self.depth += 1;
        let mut braces = 0_usize;
        while self.at < self.text.len() {
            match self.peek(0) {
                b'\n' if span == Span::Line => break,
                b'}' if braces == 0 => {
                    self.blank(1, IN_STRING);
                    break;
                }
                b'{' => braces += 1,
                b'}' => braces -= 1,
                _ => {}
            }
            self.step();
        }
        self.depth -= 1;
    }

    /// Blanks `r#"…"#` or `R"x(…)x"` when one begins here.
    fn raw_string(&mut self) -> bool {
        let previous = self.masked.last().copied().unwrap_or(b' ');
        if previous.is_ascii_alphanumeric() || previous == b'_' {
            return false;
        }
        match self.lexis {
            Lexis::Rust => self.rust_raw_string(),
            Lexis::C if self.starts(b"R\"") => {
                let rest = self.text.get(self.at + 2..).unwrap_or_default();
                let Some(length) = rest.iter().take(17).position(|byte| *byte == b'(') else {
                    return false;
                };
                let mut end = vec![b')'];
                end.extend_from_slice(rest.get(..length).unwrap_or_default());
                end.push(b'"');
                self.until(&end, IN_STRING);
                true
            }
            _ => false,
        }
    }

    fn rust_raw_string(&mut self) -> bool {
        let prefix = usize::from(self.peek(0) == b'b');
        if self.peek(prefix) != b'r' {
            return false;
        }
        let hashes = (0..255)
            .take_while(|count| self.peek(prefix + 1 + count) == b'#')
            .count();
        if self.peek(prefix + 1 + hashes) != b'"' {
            return false;
        }
        let mut end = vec![b'"'];
        end.resize(hashes + 1, b'#');
        self.blank(prefix + hashes + 2, IN_STRING);
        self.until(&end, IN_STRING);
        true
    }

    /// Whether `/` can begin a regular expression: an operand is expected here.
    fn may_be_pattern(&self) -> bool {
        matches!(
            self.significant,
            b'(' | b','
                | b'='
                | b':'
                | b'['
                | b'!'
                | b'&'
                | b'|'
                | b'?'
                | b'{'
                | b'}'
                | b';'
                | b'\n'
        )
    }

    /// Blanks a regular expression, when it ends in its line.
    fn pattern(&mut self) {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let mut escaped = false;
        let mut in_class = false;
        let end = rest.iter().take(1000).position(|byte| {
            let ends = !escaped && !in_class && *byte == b'/';
            match byte {
                b'[' if !escaped => in_class = true,
                b']' if !escaped => in_class = false,
                _ => {}
            }
            escaped = *byte == b'\\' && !escaped;
            ends || *byte == b'\n'
        });
        match end {
            Some(end) if rest.get(end) == Some(&b'/') => self.blank(end + 2, IN_STRING),
            _ => self.copy(),
        }
    }
}

/// How far a string may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// To the end of its line.
    Line,
    /// Over lines.
    Lines,
}
