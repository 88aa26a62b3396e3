//! `planwright redact`: text without secrets.

use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;

/// Largest input.
const MAX_INPUT_BYTES: u64 = 64 * 1024 * 1024;

/// Copy standard input to standard output with a marker such as `[redacted:jwt]` in the place of each
/// secret, and say on standard error how many there were of each kind.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  planwright redact < build.log > shareable.log\n  git diff | planwright redact --rules gitleaks.toml"
)]
pub(super) struct RedactArguments {
    /// Further rules, in the form of Gitleaks' configuration, in place of the configured file
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) fn run(arguments: &RedactArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let loaded = super::config::load(&arguments.config)?;
    let file = arguments.rules.as_deref();
    let file = file.or(loaded.settings.redaction.rules_file.as_deref());
    let (redactor, notes) = compose::redactor_with(&loaded, file)?;
    for note in notes {
        printer.note(&format!("warning: {note}"));
    }
    let mut input = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_INPUT_BYTES + 1)
        .read_to_end(&mut input)
        .map_err(|error| Failure::environment(error, "standard input could not be read"))?;
    if input.len() as u64 > MAX_INPUT_BYTES {
        let message = format!("standard input has more than {MAX_INPUT_BYTES} bytes");
        let hint = "split it between lines, and redact the parts one by one";
        return Err(Failure::wrong(message).hint(hint));
    }
    let (clean, tally) = redactor.redact_bytes(&input);
    printer.bytes(&clean)?;
    let mut counts = String::new();
    for (kind, places) in tally.places() {
        // Writing to a `String` does not fail.
        let _ = write!(counts, "{places} {kind}, ");
    }
    match counts.strip_suffix(", ") {
        Some(counts) => printer.note(&format!("redacted: {counts}")),
        None => printer.note("nothing to redact"),
    }
    Ok(ExitCode::SUCCESS)
}
