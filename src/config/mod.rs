//! Settings: the embedded example, a file over it, the environment over both.
//!
//! This module reads files and the environment and checks what they say. It knows no component:
//! components take their part of [`Settings`].

mod settings;

pub use settings::{
    Budgets, Cache, GitHub, GitLab, Http, Log, ModelProvider, ModelSettings, Policy, Server,
    Settings, Store, Triggers, Worker,
};
