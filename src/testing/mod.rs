//! What tests share: repositories made for the test, models that are scripted or recorded, and the whole
//! bot in a sandbox.

pub(crate) mod blobs;
pub(crate) mod canaries;
pub(crate) mod cassette;
pub(crate) mod documents;
pub(crate) mod git;
pub(crate) mod scripted_model;
mod stories;
pub(crate) mod story;
