//! What goes where: data to standard output, progress and errors to standard error.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::failure::Failure;

/// Writes for people and for scripts.
pub(super) struct Printer {
    quiet: bool,
}

impl Printer {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Writes data to standard output, with a line break at its end. A reader that went away is
    /// no error.
    pub(super) fn data(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let line_break = if text.ends_with('\n') { "" } else { "\n" };
        let written = write!(out, "{text}{line_break}").and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::environment(
                error,
                "standard output could not be written",
            )),
            _ => Ok(()),
        }
    }

    /// Writes bytes to standard output as they are. A reader that went away is no error.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::environment(
                error,
                "standard output could not be written",
            )),
            _ => Ok(()),
        }
    }

    /// Writes one JSON document to standard output, on one line.
    pub(super) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_string(value)
            .map_err(|error| Failure::environment(error, "the result could not be printed"))?;
        self.data(&json)
    }

    /// Writes a line for people to standard error.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            // Nothing can be done when nobody can be told.
            writeln!(io::stderr().lock(), "{text}").ok();
        }
    }

    /// Writes an error to standard error, also when quiet.
    pub(super) fn error(&self, failure: &Failure) {
        writeln!(io::stderr().lock(), "{failure}").ok();
    }

    /// Shows that long work is under way; invisible when standard error is no terminal.
    pub(super) fn progress(&self, message: &'static str) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(message);
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }
}
