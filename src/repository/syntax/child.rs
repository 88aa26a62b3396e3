//! The child: reads texts, answers with what their trees tell, and ends with its input.

use std::io::{ErrorKind, Read, Write};

use super::analyse::Analyser;
use super::frame::{self, GREETING, QUESTION_HEAD};
use super::limits::{Allowance, confine};
use super::{Breakage, Parsed};

/// Why a child ended early.
#[derive(Debug, thiserror::Error)]
pub enum ChildFailure {
    /// The system did not let it limit itself; it has read nothing.
    #[error("the process could not limit itself")]
    Confine(#[source] std::io::Error),
    /// Its parent is gone, or said what no parent says.
    #[error("there was no proper question on standard input")]
    Question(#[source] std::io::Error),
    /// Its parent does not listen.
    #[error("the answer could not be written")]
    Answer(#[source] std::io::Error),
}

/// Limits this process for good, then answers the questions in `input` until it ends.
///
/// # Errors
/// When the process cannot be limited, or the two streams are not those of a parent.
pub fn parse_files(input: &mut impl Read, output: &mut impl Write) -> Result<(), ChildFailure> {
    confine().map_err(ChildFailure::Confine)?;
    output
        .write_all(&[GREETING])
        .map_err(ChildFailure::Answer)?;
    output.flush().map_err(ChildFailure::Answer)?;
    let mut analyser = Analyser::default();
    let mut text = Vec::new();
    while let Some(head) = next_head(input)? {
        let (grammar, length) = frame::read_question_head(head).ok_or_else(garbled)?;
        text.resize(length, 0);
        input
            .read_exact(&mut text)
            .map_err(ChildFailure::Question)?;
        let text = std::str::from_utf8(&text).map_err(|_error| garbled())?;
        let allowance = Allowance::begin().map_err(ChildFailure::Confine)?;
        let parsed = analyser.analyse(grammar, text, &mut || allowance.is_spent());
        answer(&parsed, output).map_err(ChildFailure::Answer)?;
    }
    Ok(())
}

/// The next bytes before a text; `None` at the end of the input.
fn next_head(input: &mut impl Read) -> Result<Option<[u8; QUESTION_HEAD]>, ChildFailure> {
    let mut head = [0; QUESTION_HEAD];
    match input.read_exact(&mut head) {
        Ok(()) => Ok(Some(head)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(ChildFailure::Question(error)),
    }
}

fn garbled() -> ChildFailure {
    ChildFailure::Question(ErrorKind::InvalidData.into())
}

fn answer(parsed: &Parsed, output: &mut impl Write) -> std::io::Result<()> {
    let mut bytes = parsed.encode();
    let head = frame::answer_head(&bytes).unwrap_or_else(|| {
        bytes = Parsed::Broken(Breakage::TooLarge).encode();
        [u8::try_from(bytes.len()).unwrap_or(0), 0, 0, 0]
    });
    output.write_all(&head)?;
    output.write_all(&bytes)?;
    output.flush()
}
