//! Logs and metrics.
//!
//! This module says how events are written and numbers are counted. It knows none of the
//! components that report them.

mod logs;
mod metrics;
mod redacting;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use logs::redacting_subscriber;
pub use logs::{TelemetryError, start_logs};
pub use metrics::Metrics;
pub use redacting::LogRedactor;
