//! Logs and metrics.
//!
//! This module says how events are written and numbers are counted. It knows none of the
//! components that report them.

mod logs;
mod metrics;
mod redacting;

#[cfg(test)]
mod tests;

pub use logs::{TelemetryError, start_logs};
pub use metrics::Metrics;
