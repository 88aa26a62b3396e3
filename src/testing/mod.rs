//! What tests share: repositories made for the test, and the whole bot in a sandbox.

pub(crate) mod blobs;
pub(crate) mod git;
pub(crate) mod scripted_model;
mod stories;
pub(crate) mod story;
