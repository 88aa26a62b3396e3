//! What Planwright talks about: repositories, threads, requests, plans.
//!
//! Pure values and decisions. This module knows no wire shape, no clock, no input or output, and
//! nothing of Markdown: texts held here are raw, and hostile until the renderer has escaped them.

pub mod age;
pub mod change_set;
pub mod command;
pub mod day;
pub mod document;
pub mod narrowing;
pub mod package;
pub mod plan;
pub mod policy;
pub mod repository;
pub mod request;
pub mod thread;
