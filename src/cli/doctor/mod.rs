//! `planwright doctor`: is everything that the bot needs there, and what to do where it is not.
//!
//! It changes nothing on a forge, posts nothing, and may run beside `planwright serve`.

mod github;
mod local;
mod model;
mod report;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::doctor::report::Report;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::{self, Loaded, Severity};

/// Check everything that the bot needs: keys, clock, permissions, webhook, model, store.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  planwright doctor --config /etc/planwright/planwright.toml\n\nA configured model is asked one short question, which costs a fraction of a cent. Exit status: 0 when\nnothing fails (there may be warnings), 1 when something does, 2 when the configuration cannot be used,\n3 when a forge, the model or the machine could not be asked."
)]
pub(super) struct DoctorArguments {
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each check, with what to do below it
    Text,
    /// One JSON object
    Json,
}

pub(super) async fn run(
    arguments: DoctorArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let loaded = super::config::load(&arguments.config)?;
    let progress = printer.progress("looking at everything");
    let report = examine(&loaded).await;
    progress.finish_and_clear();
    match arguments.format {
        Format::Text => printer.data(&report.text())?,
        Format::Json => printer.json(&report)?,
    }
    Ok(report.exit_code())
}

/// Makes all checks, each whatever came of the others.
async fn examine(loaded: &Loaded) -> Report {
    let mut report = Report::default();
    examine_settings(loaded, &mut report);
    github::examine(loaded, &mut report).await;
    model::examine(loaded, &mut report).await;
    local::examine(loaded, &mut report).await;
    report
}

/// What `config check` says.
fn examine_settings(loaded: &Loaded, report: &mut Report) {
    const TOPIC: &str = "settings";
    let problems = match config::check_for_serve(loaded) {
        Ok(warnings) => warnings,
        Err(error) => error.problems,
    };
    if problems.is_empty() {
        report.ok(TOPIC, "complete");
    }
    for problem in problems {
        let (message, hint) = match problem.message.split_once("\nhint: ") {
            Some((message, hint)) => (message.to_owned(), hint.to_owned()),
            None => (problem.message, String::new()),
        };
        match problem.severity {
            Severity::Error => report.unusable(TOPIC, message, hint),
            Severity::Warning => report.warn(TOPIC, message, hint),
        }
    }
}
