//! Events to standard error, as text or as JSON.

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::Log;
use crate::config::LogFormat;
use crate::redact::Redactor;
use crate::telemetry::redacting::{LogRedactor, Redacting};

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

/// Sends the events of this process to standard error from now on, panics included, each without
/// the secrets that `redactor` finds, or another that is put in its place. Fails when called twice.
pub fn start_logs(log: &Log, redactor: Redactor) -> Result<LogRedactor, TelemetryError> {
    let colours = std::io::stderr().is_terminal();
    let redactor = LogRedactor::from(redactor);
    let writer = (std::io::stderr, colours);
    let subscriber = redacting_subscriber(log, writer, redactor.clone())?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Started)?;
    // What a panic says may hold anything; so it goes where secrets are taken out.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let message = panic.payload_as_str().unwrap_or_default();
        tracing::error!(place, "panicked: {message}");
    }));
    Ok(redactor)
}

/// What writes events without secrets to a writer, with or without colours.
pub(crate) fn redacting_subscriber<W>(
    log: &Log,
    (writer, colours): (W, bool),
    redactor: impl Into<LogRedactor>,
) -> Result<Box<dyn Subscriber + Send + Sync>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    subscriber(log, Redacting::new(writer, redactor.into()), colours)
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
