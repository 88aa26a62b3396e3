//! Stories of the whole bot, told through what people do and see.

mod age;
mod asking;
mod calls;
mod commands;
mod crashes;
mod forge_trouble;
mod interleavings;
pub(super) mod models;
mod personalities;
mod pull_requests;
mod reading;
mod repository_file;
mod secrets;
mod wires;
