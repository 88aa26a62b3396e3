//! `planwright serve`: the bot itself.

use std::process::ExitCode;

use secrecy::ExposeSecret;

use crate::cli::ConfigFile;
use crate::cli::compose::{self, Running};
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::{self, Loaded, Problem};
use crate::shutdown::StopSignals;
use crate::telemetry;

/// Receive webhooks and answer requests, until SIGINT or SIGTERM.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  planwright serve --config /etc/planwright/planwright.toml")]
pub(super) struct ServeArguments {
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) async fn run(arguments: ServeArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut loaded = super::config::load(&arguments.config)?;
    let warnings = check(&loaded)?;
    let logs = telemetry::start_logs(&loaded.settings.log, compose::log_redactor(&loaded))
        .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let mut signals = StopSignals::listen()
        .map_err(|error| Failure::environment(error, "signals cannot be waited for"))?;
    loop {
        let running = compose::start(loaded, true).await?;
        announce(&running, printer);
        let signal = tokio::select! {
            signal = signals.wait() => Some(signal),
            () = running.registered() => None,
        };
        tracing::info!(signal, "stopping");
        let clean = running.stop().await;
        tracing::info!(clean, "stopped");
        if signal.is_some() {
            return Ok(ExitCode::SUCCESS);
        }
        // With an App there is a key to read, and secrets that no log may show: everything is put
        // together anew. Nothing was taken in so far that could be lost.
        loaded = super::config::load(&arguments.config)?;
        logs.replace(compose::log_redactor(&loaded));
        check(&loaded)?;
    }
}

fn check(loaded: &Loaded) -> Result<Vec<Problem>, Failure> {
    config::check_for_serve(loaded)
        .map_err(|error| Failure::usage(error, "the configuration cannot be used"))
}

fn announce(running: &Running, printer: &Printer) {
    tracing::info!(
        public = %running.public,
        admin = running.admin.map(tracing::field::display),
        version = env!("CARGO_PKG_VERSION"),
        "planwright serves"
    );
    if let Some(opening) = &running.opening {
        // Not through the log, which takes tokens out and may be read by others.
        printer.note(&format!(
            "\nNo GitHub App is set. To register one, open this address within an hour; it works \
             once:\n\n    {}\n",
            opening.link.expose_secret()
        ));
    }
}
