//! What is wrong with the settings, in words for the operator.

use std::fmt;
use std::path::PathBuf;

/// Where the value of a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File { path, line } => {
                let path = path.to_string_lossy();
                write!(out, "{}:{line}", path.escape_debug())
            }
            Self::Variable { name } => write!(out, "{}", name.escape_debug()),
        }
    }
}

/// Whether a problem stops the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It does.
    Error,
    /// It does not, but somebody should look at it.
    Warning,
}

/// One thing that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// Whether it stops the program.
    pub severity: Severity,
    /// Where the value comes from.
    pub origin: Origin,
    /// What is wrong, with the key and what to do; never a secret's value.
    pub message: String,
}

impl Problem {
    /// A problem that stops the program.
    pub(super) fn error(origin: Origin, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            origin,
            message: message.into(),
        }
    }

    /// A problem that does not stop the program.
    pub(super) fn warning(origin: Origin, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            origin,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.severity == Severity::Warning {
            out.write_str("warning: ")?;
        }
        if self.origin != Origin::Default {
            write!(out, "{}: ", self.origin)?;
        }
        out.write_str(&self.message)
    }
}

/// The settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// Why; never empty. Those of a file come in the order of its lines.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    /// Takes `problems`, in an order that people can follow.
    pub(super) fn new(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|left, right| left.origin.cmp(&right.origin));
        Self { problems }
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self::new(vec![problem])
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, problem) in self.problems.iter().enumerate() {
            if position > 0 {
                out.write_str("\n")?;
            }
            write!(out, "{problem}")?;
        }
        Ok(())
    }
}
