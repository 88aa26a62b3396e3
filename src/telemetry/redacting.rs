//! A writer that takes secrets out of what it is given.

use std::io;
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;

use crate::redact::Redactor;

/// Makes writers that redact. An event must come in one call of `write`, as it does from `fmt`.
pub(super) struct Redacting<W> {
    inner: W,
    redactor: Arc<Redactor>,
}

impl<W> Redacting<W> {
    /// Puts `redactor` before what `inner` makes.
    pub(super) fn new(inner: W, redactor: Redactor) -> Self {
        Self {
            inner,
            redactor: Arc::new(redactor),
        }
    }
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redacting<W> {
    type Writer = RedactingWriter<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter {
            inner: self.inner.make_writer(),
            redactor: Arc::clone(&self.redactor),
        }
    }
}

/// Writes one event.
pub(super) struct RedactingWriter<W> {
    inner: W,
    redactor: Arc<Redactor>,
}

impl<W: io::Write> io::Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (clean, _) = self.redactor.redact_bytes(bytes);
        self.inner.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
