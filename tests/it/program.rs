//! The real program, run as a user's script would.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// How a run of the program ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The exit status; `None` when a signal ended it.
    pub(crate) status: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Run {
    /// Standard output of a run that succeeded and said nothing else.
    #[track_caller]
    pub(crate) fn data(self) -> String {
        assert_eq!((self.status, self.err.as_str()), (Some(0), ""));
        self.out
    }

    /// Standard error of a run that ended with `status` and printed no data.
    #[track_caller]
    pub(crate) fn refusal(self, status: i32) -> String {
        assert_eq!((self.status, self.out.as_str()), (Some(status), ""));
        self.err
    }
}

/// The program, to be run in `folder` with nothing configured and nothing to read.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_planwright"));
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _value) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLANWRIGHT_") {
            command.env_remove(name);
        }
    }
    // No cache of the user's, in which runs would find what others left.
    command.env_remove("XDG_CACHE_HOME").env_remove("HOME");
    command
}

/// Runs the program in `folder`.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Run {
    finish(command(folder).args(arguments))
}

/// Runs the program in `folder`, with `input` as its standard input.
pub(crate) fn run_reading(folder: &Path, arguments: &[&str], input: &[u8]) -> Run {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), input).unwrap();
    let input = File::open(file.path()).unwrap();
    finish(command(folder).args(arguments).stdin(input))
}

/// Runs a command to its end. No run may panic, whatever it is given.
pub(crate) fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let run = Run {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!run.err.contains("panicked"), "{}", run.err);
    run
}
