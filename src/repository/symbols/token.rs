//! The first words and signs of a line.

/// Tokens looked at; the head of a definition is shorter.
const TOKENS: usize = 64;

/// Bytes of a line looked at.
const BYTES: usize = 600;

/// A word or a sign; `::` and `=>` and `->` are one sign each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Sign(&'a str),
}

impl<'a> Token<'a> {
    pub(super) fn word(self) -> Option<&'a str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Sign(_) => None,
        }
    }

    pub(super) fn is(self, text: &str) -> bool {
        match self {
            Self::Word(own) | Self::Sign(own) => own == text,
        }
    }
}

/// The tokens at the beginning of a masked line; strings are left out. `$` is a letter.
pub(super) fn tokens(line: &[u8]) -> Vec<Token<'_>> {
    let line = line.get(..BYTES).unwrap_or(line);
    let mut tokens = Vec::new();
    let mut at = 0;
    while tokens.len() < TOKENS {
        let rest = line.get(at..).unwrap_or_default();
        let Some(first) = rest.first() else { break };
        let length = if is_letter(*first) {
            rest.iter().take_while(|byte| is_letter(**byte)).count()
        } else if [b"::", b"=>", b"->"]
            .iter()
            .any(|sign| rest.starts_with(*sign))
        {
            2
        } else {
            1
        };
        let text = rest.get(..length).map(std::str::from_utf8);
        if let Some(Ok(text)) = text {
            if is_letter(*first) {
                tokens.push(Token::Word(text));
            } else if !first.is_ascii_whitespace() && *first != b'"' {
                tokens.push(Token::Sign(text));
            }
        }
        at += length;
    }
    tokens
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// What follows after the brackets that `rest` begins with, if it begins with `open`.
pub(super) fn skip_brackets<'t, 'a>(
    rest: &'t [Token<'a>],
    open: &str,
    close: &str,
) -> &'t [Token<'a>] {
    let mut depth = 0_usize;
    for (position, token) in rest.iter().enumerate() {
        if token.is(open) {
            depth += 1;
        } else if token.is(close) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            let skipped = position + usize::from(position > 0);
            return rest.get(skipped..).unwrap_or_default();
        }
    }
    rest.get(rest.len()..).unwrap_or_default()
}
