//! Secrets that are written over several lines, or in several strings: the pieces put together, and the way back.

/// Most pieces of one secret.
const MAX_PIECES: usize = 8;

/// Fewest bytes of a piece: shorter ones are words.
const MIN_PIECE: usize = 6;

/// Bytes by which secrets of one form are alike.
const SAME_BEGINNING: usize = 4;

/// Bytes of one secret that are put together.
const MAX_BYTES: usize = 1024;

/// What begins like a secret, with the breaks between its pieces left out.
#[derive(Debug)]
pub(super) struct Joined {
    /// The pieces.
    pub(super) bytes: Vec<u8>,
    /// Where each byte stands in the text.
    places: Vec<usize>,
    /// Where the first piece ends.
    first: usize,
}

impl Joined {
    /// The pieces of what `text` begins with; `None` where it is not broken, or what follows is no piece of a
    /// secret.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let mut joined = Self {
            bytes: Vec::new(),
            places: Vec::new(),
            first: 0,
        };
        let mut at = 0;
        for number in 0..MAX_PIECES {
            let piece = piece_at(text, at);
            // Where the first piece stands is betrayed by its beginning; the others have only their look, and
            // what begins like the first one is another secret.
            let begins_anew = || piece.get(..SAME_BEGINNING) == joined.bytes.get(..SAME_BEGINNING);
            if piece.is_empty() || number > 0 && (!is_random(piece) || begins_anew()) {
                break;
            }
            joined.places.extend(at..at + piece.len());
            joined.bytes.extend_from_slice(piece);
            if number == 0 {
                joined.first = piece.len();
            }
            let end = at + piece.len();
            match find_break(text.get(end..).unwrap_or_default()) {
                Some(length) if joined.bytes.len() < MAX_BYTES => at = end + length,
                _ => break,
            }
        }
        (joined.bytes.len() > joined.first).then_some(joined)
    }

    /// Where bytes of the pieces stand in the text, if they are more than the first piece.
    pub(super) fn original(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let last = end.checked_sub(1).filter(|last| *last >= self.first)?;
        Some((*self.places.get(start)?, self.places.get(last)? + 1))
    }
}

fn piece_at(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    let length = rest
        .iter()
        .take(MAX_BYTES)
        .take_while(|byte| is_of_secret(**byte))
        .count();
    rest.get(..length).unwrap_or_default()
}

fn is_of_secret(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'=' | b'~')
}

/// Whether a piece has letters and digits, as pieces of secrets have and words have not.
fn is_random(piece: &[u8]) -> bool {
    piece.len() >= MIN_PIECE
        && piece.iter().any(u8::is_ascii_digit)
        && piece.iter().any(u8::is_ascii_alphabetic)
}

/// How long the break is that `text` begins with: the end of a line, or the end of one string and the
/// beginning of the next; 0 is none.
fn find_break(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    let peek = |at: usize| text.get(at).copied();
    let quote = peek(0).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'));
    at += usize::from(quote.is_some());
    at += spaces(text, at);
    let mut is_joined = false;
    let mut has_line_end = false;
    // An operator stands at the end of a line, or at the beginning of the next one.
    for _ in 0..2 {
        if peek(at).is_some_and(|byte| {
            byte == b'\\' || quote.is_some() && matches!(byte, b'+' | b'.' | b'&')
        }) {
            is_joined = true;
            at += 1;
            at += spaces(text, at);
        }
        if !has_line_end {
            let length = match (peek(at), peek(at + 1)) {
                (Some(b'\r'), Some(b'\n')) => 2,
                (Some(b'\n'), _) => 1,
                _ => 0,
            };
            has_line_end = length > 0;
            at += length;
            at += spaces(text, at);
        }
    }
    if let Some(quote) = quote {
        if peek(at) != Some(quote) {
            return None;
        }
        at += 1;
    }
    (has_line_end || quote.is_some() && is_joined).then_some(at)
}

fn spaces(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default().iter();
    rest.take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}
