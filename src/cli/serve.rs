//! `planwright serve`: the bot itself.

use std::process::ExitCode;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::config;
use crate::shutdown;
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
    let problems = loaded.settings.check_for_serve();
    if let Some(first) = problems.first() {
        let hint = "run `planwright config check` to see everything that is wrong";
        return Err(Failure::wrong(first.to_string()).hint(hint));
    }
    telemetry::start(&loaded.settings.log)
        .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    let running = compose::start(loaded.settings, true).await?;
    tracing::info!(
        public = %running.public,
        admin = %running.admin.map_or_else(String::new, |address| address.to_string()),
        version = env!("CARGO_PKG_VERSION"),
        "planwright serves"
    );
    shutdown::wait_for_signal().await;
    tracing::info!("stopping");
    let clean = running.stop().await;
    tracing::info!(clean, "stopped");
    Ok(ExitCode::SUCCESS)
}
