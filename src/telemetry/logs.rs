//! Events to standard error, as text or as JSON.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::Log;
use crate::config::LogFormat;

/// Why logs could not be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be understood.
    #[error("`log.filter` cannot be understood: {why}")]
    Filter {
        /// The cause.
        why: String,
    },
    /// Logs were started before.
    #[error("logs were already started in this process")]
    Started,
}

/// Sends the events of this process to standard error from now on. Fails when called twice.
pub fn start_logs(log: &Log) -> Result<(), TelemetryError> {
    let colours = std::io::stderr().is_terminal();
    let subscriber = subscriber(log, std::io::stderr, colours)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Started)
}

/// What writes events to `writer`. Colours are for text on terminals, unless `NO_COLOR` is set.
pub(super) fn subscriber<W>(
    log: &Log,
    writer: W,
    colours: bool,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.filter).map_err(|error| TelemetryError::Filter {
        why: error.to_string(),
    })?;
    let builder = fmt().with_env_filter(filter).with_writer(writer);
    Ok(match log.format {
        LogFormat::Json => Box::new(builder.json().flatten_event(true).finish()),
        LogFormat::Text if colours => Box::new(builder.finish()),
        LogFormat::Text => Box::new(builder.with_ansi(false).finish()),
    })
}
