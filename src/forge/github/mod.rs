//! GitHub: github.com, Enterprise Cloud with data residency, Enterprise Server.
//!
//! Webhooks come in through [`webhook`], everything else goes out through [`GitHub`]. octocrab is
//! the transport and nothing more: its retries, models and App login are not used, because they
//! send a comment more than once, refuse answers that they do not know, and cannot narrow a token.

mod api;
mod app;
mod auth;
mod brakes;
mod failure;
mod links;
mod manifest;
mod origins;
mod remembered;
mod time;
mod tokens;
mod transport;
pub mod webhook;
mod wire;
pub mod workflow;

pub use api::GitHub;
pub use api::inspect::{AppFacts, HookFacts, InstallationFacts};
pub use app::PERMISSIONS;
pub use auth::{AppKeys, AppLogin, Credentials, KeyError};
pub use manifest::{EVENTS, Manifest, NewApp, Registrar};
pub use origins::Origins;
pub use transport::Timing;

#[cfg(test)]
mod tests;
