//! A copy of a text without disguises, and the way back to the places in the text itself.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::invisible::is_invisible;

/// Longest character reference, such as `&#x1F600;`.
const MAX_REFERENCE_BYTES: usize = 12;

/// Character references by name that stand for signs of secrets.
const NAMES: [(&str, char); 20] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("lowbar", '_'),
    ("period", '.'),
    ("hyphen", '-'),
    ("dash", '-'),
    ("colon", ':'),
    ("semi", ';'),
    ("sol", '/'),
    ("equals", '='),
    ("plus", '+'),
    ("num", '#'),
    ("dollar", '$'),
    ("commat", '@'),
    ("excl", '!'),
    ("ast", '*'),
];

/// A text with its invisible characters left out, its character references decoded and its
/// full-width letters narrowed.
#[derive(Debug)]
pub(super) struct Normal<'t> {
    pub(super) text: Cow<'t, str>,
    /// Places from which on copy and text run in step: the place in the copy, the place in the text.
    steps: Vec<(usize, usize)>,
}

impl<'t> Normal<'t> {
    /// Makes the copy; a text without disguises is borrowed.
    pub(super) fn of(text: &'t str) -> Self {
        let mut copy = String::new();
        let mut steps = Vec::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some((next, disguise)) = find_disguise(text, at) {
            if steps.is_empty() {
                copy.reserve(text.len());
            }
            copy.push_str(text.get(copied..next).unwrap_or_default());
            if let Some(shown) = disguise.shown {
                steps.push((copy.len(), next));
                copy.push(shown);
            }
            copied = next + disguise.bytes;
            steps.push((copy.len(), copied));
            at = copied;
        }
        if steps.is_empty() {
            return Self {
                text: Cow::Borrowed(text),
                steps,
            };
        }
        copy.push_str(text.get(copied..).unwrap_or_default());
        Self {
            text: Cow::Owned(copy),
            steps,
        }
    }

    /// Where a part of the copy stands in the text, invisible characters inside and after it included.
    pub(super) fn original(&self, part: &Range<usize>) -> Range<usize> {
        self.place(part.start)..self.place(part.end)
    }

    fn place(&self, at: usize) -> usize {
        let after = self.steps.partition_point(|(copy, _)| *copy <= at);
        match after.checked_sub(1).and_then(|last| self.steps.get(last)) {
            Some((copy, original)) => original + (at - copy),
            None => at,
        }
    }
}

/// A part of a text that is not what it shows.
struct Disguise {
    bytes: usize,
    shown: Option<char>,
}

/// The first disguise from `from` on.
fn find_disguise(text: &str, from: usize) -> Option<(usize, Disguise)> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        at += rest.iter().position(|byte| !is_plain(*byte))?;
        let rest = text.get(at..)?;
        let c = rest.chars().next()?;
        let disguise = match c {
            '\r' if rest.as_bytes().get(1) == Some(&b'\n') => None,
            '&' => read_reference(rest),
            _ if is_invisible(c) => Some(Disguise {
                bytes: c.len_utf8(),
                shown: None,
            }),
            _ => narrow(c).map(|shown| Disguise {
                bytes: c.len_utf8(),
                shown: Some(shown),
            }),
        };
        match disguise {
            Some(disguise) => return Some((at, disguise)),
            None => at += c.len_utf8(),
        }
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'%' | b'\''..=b'~' | b'\n' | b'\t')
}

/// The character reference that `text` starts with.
fn read_reference(text: &str) -> Option<Disguise> {
    let head = text.as_bytes().get(1..)?;
    let length = head
        .iter()
        .take(MAX_REFERENCE_BYTES)
        .position(|byte| *byte == b';')?;
    let name = text.get(1..=length)?;
    let shown = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        }
        .and_then(char::from_u32)?,
        None => NAMES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some(Disguise {
        bytes: length + 2,
        shown: (!is_invisible(shown)).then_some(shown),
    })
}

/// The ASCII character that a full-width one looks like.
fn narrow(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        _ => None,
    }
}
