//! The command line: arguments in, data on standard output, everything else on standard error.
//!
//! This is where a program is put together from its parts; nothing below knows of it. Exit status:
//! 0 done, 1 the answer is no, 2 wrong usage or configuration, 3 the environment failed.

mod action;
pub(crate) mod compose;
mod config;
pub(crate) mod demo;
mod doctor;
mod eval;
mod failure;
mod jobs;
mod local;
mod locate;
mod one_job;
mod outline_json;
mod parse_files;
mod plan;
mod printer;
mod receipt_json;
mod recorded;
mod redact;
mod render;
mod replay;
mod serve;
mod thread_url;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::cli::failure::Failure;
use crate::cli::printer::Printer;

/// Plans changes to a repository and checks every claim of the plan against the code.
#[derive(Debug, Parser)]
#[command(name = "planwright", version, about, max_term_width = 100)]
struct Arguments {
    /// Print nothing on standard error but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole bot at work on a forge in a box, with nothing configured
    Demo(demo::DemoArguments),
    /// Receive webhooks and answer requests
    Serve(serve::ServeArguments),
    /// Plan one request for a repository
    Plan(plan::PlanArguments),
    /// Plan for what started a run of a workflow, as a step of it
    Action(action::ActionArguments),
    /// Rank the files that a text is about
    Locate(locate::LocateArguments),
    /// Check every claim of a plan against a repository
    Verify(verify::VerifyArguments),
    /// Print the comment that a plan becomes
    Render(render::RenderArguments),
    /// Copy standard input to standard output without secrets
    Redact(redact::RedactArguments),
    /// Measure a part on cases with known answers
    Eval(eval::EvalArguments),
    /// Look at the queue and act on it
    Jobs(jobs::JobsArguments),
    /// Take in a recorded delivery
    Replay(replay::ReplayArguments),
    /// Look at the configuration
    Config(config::ConfigArguments),
    /// Check everything that the bot needs, and say what to do
    Doctor(doctor::DoctorArguments),
    /// Parse strangers' code: the program starts this itself, with nothing of its own in reach
    #[command(hide = true)]
    ParseFiles,
}

/// The `--config` argument of the commands that take one.
#[derive(Debug, clap::Args)]
struct ConfigFile {
    /// Configuration file; `planwright.toml` in this folder is used when there is one
    #[arg(long = "config", value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and versions are data and go to standard output; clap knows which is which.
            error.print().ok();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let printer = Printer::new(arguments.quiet);
    match run(arguments.command, &printer) {
        Ok(code) => code,
        Err(failure) => {
            printer.error(&failure);
            failure.exit_code()
        }
    }
}

fn run(command: Command, printer: &Printer) -> Result<ExitCode, Failure> {
    // Before there is a second thread, whose stack and memory would count.
    if matches!(command, Command::ParseFiles) {
        return parse_files::run();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::environment(error, "the runtime could not be started"))?;
    let code = runtime.block_on(async {
        match command {
            Command::Demo(arguments) => demo::run(arguments, printer).await,
            Command::Serve(arguments) => serve::run(arguments, printer).await,
            Command::Plan(arguments) => plan::run(arguments, printer).await,
            Command::Action(arguments) => action::run(arguments, printer).await,
            Command::Locate(arguments) => locate::run(arguments, printer).await,
            Command::Verify(arguments) => verify::run(arguments, printer).await,
            Command::Render(arguments) => render::run(&arguments, printer),
            Command::Redact(arguments) => redact::run(&arguments, printer),
            Command::Eval(arguments) => eval::run(arguments, printer).await,
            Command::Jobs(arguments) => jobs::run(arguments, printer).await,
            Command::Replay(arguments) => replay::run(arguments, printer).await,
            Command::Config(arguments) => config::run(&arguments, printer),
            Command::Doctor(arguments) => doctor::run(arguments, printer).await,
            Command::ParseFiles => parse_files::run(),
        }
    });
    // A blocking analysis that nobody waits for must not hold up the exit.
    runtime.shutdown_background();
    code
}

#[cfg(test)]
mod tests;
