//! `planwright serve`: the bot itself.

use std::process::ExitCode;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::config;
use crate::shutdown::StopSignals;
use crate::telemetry;

/// Receive webhooks and answer requests, until SIGINT or SIGTERM.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  planwright serve --config /etc/planwright/planwright.toml")]
pub(super) struct ServeArguments {
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) async fn run(arguments: ServeArguments) -> Result<ExitCode, Failure> {
    let loaded = super::config::load(&arguments.config)?;
    let warnings = config::check_for_serve(&loaded)
        .map_err(|error| Failure::usage(error, "the configuration cannot be used"))?;
    telemetry::start_logs(&loaded.settings.log, compose::log_redactor(&loaded))
        .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let mut signals = StopSignals::listen()
        .map_err(|error| Failure::environment(error, "signals cannot be waited for"))?;
    let running = compose::start(loaded, true).await?;
    tracing::info!(
        public = %running.public,
        admin = running.admin.map(tracing::field::display),
        version = env!("CARGO_PKG_VERSION"),
        "planwright serves"
    );
    let signal = signals.wait().await;
    tracing::info!(signal, "stopping");
    let clean = running.stop().await;
    tracing::info!(clean, "stopped");
    Ok(ExitCode::SUCCESS)
}
