//! A writer that takes secrets out of what it is given.

use std::io;
use std::sync::{Arc, PoisonError, RwLock};

use tracing_subscriber::fmt::MakeWriter;

use crate::redact::Redactor;

/// What takes secrets out of the logs of this process. More of them may come to be known.
#[derive(Clone)]
pub struct LogRedactor(Arc<RwLock<Arc<Redactor>>>);

impl From<Redactor> for LogRedactor {
    fn from(redactor: Redactor) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(redactor))))
    }
}

impl LogRedactor {
    /// Puts `redactor` in the place of what there was.
    pub fn replace(&self, redactor: Redactor) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(redactor);
    }

    fn current(&self) -> Arc<Redactor> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Makes writers that redact. An event must come in one call of `write`, as it does from `fmt`.
pub(super) struct Redacting<W> {
    inner: W,
    redactor: LogRedactor,
}

impl<W> Redacting<W> {
    /// Puts `redactor` before what `inner` makes.
    pub(super) fn new(inner: W, redactor: LogRedactor) -> Self {
        Self { inner, redactor }
    }
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Redacting<W> {
    type Writer = RedactingWriter<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        RedactingWriter {
            inner: self.inner.make_writer(),
            redactor: self.redactor.current(),
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
