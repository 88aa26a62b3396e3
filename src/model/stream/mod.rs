//! Streams of bytes become events: server-sent events, or lines of JSON.
//!
//! Bytes may come in pieces of any size, cut anywhere.

use std::mem;

/// Most bytes of one line: the last event of some streams repeats the whole answer.
const MAX_LINE_BYTES: usize = 8 * 1024 * 1024;

/// The mark that may stand at the start of a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A line or an event is longer than any answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Overlong;

/// What pieces of a stream are put together to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// Server-sent events; only their data counts, because all formats repeat the name inside.
    Events,
    /// A document on each line.
    Lines,
}

/// Takes a stream apart.
#[derive(Debug)]
pub(super) struct Splitter {
    framing: Framing,
    /// The line that has not ended.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it ends no line.
    after_return: bool,
    at_start: bool,
    /// The data of the event that has not ended; `None` while it has none.
    data: Option<Vec<u8>>,
}

impl Splitter {
    /// Takes apart what follows.
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            line: Vec::new(),
            after_return: false,
            at_start: true,
            data: None,
        }
    }

    /// The documents that `piece` completes.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>, Overlong> {
        let mut done = Vec::new();
        for byte in piece {
            let after_return = mem::replace(&mut self.after_return, *byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => self.end_line(&mut done)?,
                _ if self.line.len() >= MAX_LINE_BYTES => return Err(Overlong),
                _ => self.line.push(*byte),
            }
        }
        Ok(done)
    }

    /// What is left when the stream ends. A last line of JSON needs no line end; an event that its
    /// empty line did not end is not complete, yet some servers leave that line out.
    pub(super) fn finish(mut self) -> Result<Option<Vec<u8>>, Overlong> {
        let mut done = Vec::new();
        if !self.line.is_empty() {
            self.end_line(&mut done)?;
        }
        Ok(done.pop().or(self.data))
    }

    fn end_line(&mut self, done: &mut Vec<Vec<u8>>) -> Result<(), Overlong> {
        let mut line = mem::take(&mut self.line);
        if mem::take(&mut self.at_start) && line.starts_with(MARK) {
            line.drain(..MARK.len());
        }
        match self.framing {
            Framing::Lines if line.trim_ascii().is_empty() => {}
            Framing::Lines => done.push(line),
            Framing::Events if line.is_empty() => done.extend(self.data.take()),
            Framing::Events => self.take_field(&line)?,
        }
        Ok(())
    }

    /// `data: text`, where one space belongs to the colon; comments and other fields are passed over.
    fn take_field(&mut self, line: &[u8]) -> Result<(), Overlong> {
        let value = match line.strip_prefix(b"data") {
            Some([]) => [].as_slice(),
            Some([b':', value @ ..]) => value.strip_prefix(b" ").unwrap_or(value),
            _ => return Ok(()),
        };
        match &mut self.data {
            None => self.data = Some(value.to_vec()),
            Some(data) if data.len() + value.len() >= MAX_LINE_BYTES => return Err(Overlong),
            Some(data) => {
                data.push(b'\n');
                data.extend_from_slice(value);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
