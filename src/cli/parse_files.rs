//! `planwright parse-files`: the child in which strangers' code is parsed. Not for people.

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::repository::syntax;

/// Answers the questions on standard input until it ends.
pub(super) fn run() -> Result<ExitCode, Failure> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    syntax::parse_files(&mut input, &mut output)
        .map_err(|error| Failure::environment(error, "files could not be parsed"))?;
    Ok(ExitCode::SUCCESS)
}
