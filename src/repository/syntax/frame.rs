//! What passes between parent and child: a byte of greeting, then questions and answers.
//!
//! A question is the code of a language, the length of the text and the text; an answer is a
//! length and the bytes of a [`super::Parsed`]. Lengths are four bytes, the lowest first.

use super::SYNTAX_VERSION;
use super::grammar::Grammar;

/// What a child says when it has limited itself and is ready.
pub(super) const GREETING: u8 = SYNTAX_VERSION;

/// Bytes before the text of a question.
pub(super) const QUESTION_HEAD: usize = 5;

/// Bytes before an answer.
pub(super) const ANSWER_HEAD: usize = 4;

/// Largest text that a child takes; the parent sends less.
pub(super) const QUESTION_BYTES: usize = 4 << 20;

/// Largest answer that the parent takes. Files of the size that is parsed have answers of a few
/// hundred kilobytes.
pub(super) const ANSWER_BYTES: usize = 8 << 20;

/// The bytes before a text; `None` when it is too long to be asked for.
pub(super) fn question_head(grammar: Grammar, text: &str) -> Option<[u8; QUESTION_HEAD]> {
    let length = u32::try_from(text.len()).ok()?;
    let [a, b, c, d] = length.to_le_bytes();
    (text.len() <= QUESTION_BYTES).then_some([grammar.code(), a, b, c, d])
}

/// The language and length that such bytes name.
pub(super) fn read_question_head(head: [u8; QUESTION_HEAD]) -> Option<(Grammar, usize)> {
    let [code, a, b, c, d] = head;
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
    let grammar = Grammar::from_code(code)?;
    (length <= QUESTION_BYTES).then_some((grammar, length))
}

/// The bytes before an answer; `None` when it is too long to be sent.
pub(super) fn answer_head(answer: &[u8]) -> Option<[u8; ANSWER_HEAD]> {
    let length = u32::try_from(answer.len()).ok()?;
    (answer.len() <= ANSWER_BYTES).then_some(length.to_le_bytes())
}

/// The length that such bytes name.
pub(super) fn read_answer_head(head: [u8; ANSWER_HEAD]) -> Option<usize> {
    let length = usize::try_from(u32::from_le_bytes(head)).ok()?;
    (length <= ANSWER_BYTES).then_some(length)
}
