//! Errors as the command line shows them: what happened, why, what to do next, and the exit status.

use std::fmt;
use std::process::ExitCode;

/// What kind of failure it is; the exit status follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything worked, and the answer is no: 1.
    Refused,
    /// Wrong usage or configuration: 2.
    Usage,
    /// The network, the forge, the model or the machine: 3.
    Environment,
}

/// Why a command ended without its result.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// The person asked for something that cannot be done as it was asked.
    pub(super) fn usage(error: impl Into<anyhow::Error>, doing: impl Into<String>) -> Self {
        Self::new(Kind::Usage, error, doing)
    }

    /// Something outside failed.
    pub(super) fn environment(error: impl Into<anyhow::Error>, doing: impl Into<String>) -> Self {
        Self::new(Kind::Environment, error, doing)
    }

    /// Wrong usage that has no deeper cause.
    pub(super) fn wrong(message: impl Into<String>) -> Self {
        Self::plain(Kind::Usage, message)
    }

    /// The answer is no; nothing went wrong.
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::plain(Kind::Refused, message)
    }

    /// Something outside failed, and the message tells all that is known.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::plain(Kind::Environment, message)
    }

    fn plain(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            error: anyhow::Error::msg(message.into()),
            hint: None,
        }
    }

    fn new(kind: Kind, error: impl Into<anyhow::Error>, doing: impl Into<String>) -> Self {
        Self {
            kind,
            error: error.into().context(doing.into()),
            hint: None,
        }
    }

    /// Adds what to do next.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Refused => 1,
            Kind::Usage => 2,
            Kind::Environment => 3,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut causes = self.error.chain().map(ToString::to_string);
        write!(formatter, "error: {}", causes.next().unwrap_or_default())?;
        let mut last = String::new();
        for cause in causes.filter(|cause| !cause.is_empty()) {
            if cause != last {
                write!(formatter, "\n  because: {cause}")?;
            }
            last = cause;
        }
        match &self.hint {
            Some(hint) => write!(formatter, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}
