//! Planwright plans changes to a repository and checks every claim of the plan against the code.
//!
//! The modules, in the order a request travels through them; `docs/ARCHITECTURE.md` is the map.

#![recursion_limit = "256"]

pub mod cli;
pub mod config;
pub mod domain;
pub mod forge;
pub mod http;
pub mod model;
pub mod planner;
pub mod redact;
pub mod registry;
pub mod render;
pub mod repository;
pub mod sandbox;
pub mod service;
pub mod shutdown;
pub mod store;
pub mod telemetry;
#[cfg(test)]
mod testing;
pub mod text;
pub mod web;
pub mod worker;
