//! `planwright eval`: how well a part does on cases with known answers.

mod locate;
mod verify;

use std::process::ExitCode;

use crate::cli::failure::Failure;
use crate::cli::printer::Printer;

/// Measure a part on many cases in one process.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  planwright eval locate --cases cases.jsonl --repos ~/clones --out predictions.jsonl\n  planwright eval verify --repos ~/clones --plans 20"
)]
pub(super) struct EvalArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Rank the files of each case's repository by its text
    Locate(locate::EvalLocateArguments),
    /// Seed known mistakes into true plans and count which the checks find
    Verify(verify::EvalVerifyArguments),
}

pub(super) async fn run(arguments: EvalArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    match arguments.what {
        What::Locate(arguments) => locate::run(arguments, printer).await,
        What::Verify(arguments) => verify::run(arguments, printer).await,
    }
}
