//! `planwright config`: what is in force, and what is wrong with it.

use std::process::ExitCode;

use clap::Subcommand;

use crate::cli::ConfigFile;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::{self, Loaded};

/// Look at the configuration.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  planwright config check --config planwright.toml")]
pub(super) struct ConfigArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print the effective settings, each with where it comes from; secrets are not shown
    #[command(after_help = "Example:\n  planwright config show --config planwright.toml")]
    Show(ConfigFile),
    /// Say what keeps `planwright serve` from starting; exit status 1 when something does
    #[command(after_help = "Example:\n  planwright config check --config planwright.toml")]
    Check(ConfigFile),
    /// Print a JSON Schema of the configuration file, for editors and generators
    #[command(after_help = "Example:\n  planwright config schema > planwright.schema.json")]
    Schema,
}

/// Reads the example, the file and the environment.
pub(super) fn load(file: &ConfigFile) -> Result<Loaded, Failure> {
    config::load(file.file.as_deref())
        .map_err(|error| Failure::usage(error, "the configuration cannot be used"))
}

pub(super) fn run(arguments: &ConfigArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    match &arguments.action {
        Action::Show(file) => {
            printer.data(&config::show(&load(file)?))?;
            Ok(ExitCode::SUCCESS)
        }
        Action::Check(file) => check(file, printer),
        Action::Schema => {
            printer.data(&config::schema())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(file: &ConfigFile, printer: &Printer) -> Result<ExitCode, Failure> {
    let loaded = load(file)?;
    match config::check_for_serve(&loaded) {
        Ok(warnings) => {
            for warning in warnings {
                printer.data(&warning.to_string())?;
            }
            printer.data("`planwright serve` can start")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            printer.data(&error.to_string())?;
            Ok(ExitCode::from(1))
        }
    }
}
