//! Stories of the whole bot, told through what people do and see.

mod age;
mod apps;
mod asking;
mod calls;
mod commands;
mod crashes;
mod forge_trouble;
mod interleavings;
mod kept_answers;
mod missed;
pub(super) mod models;
mod personalities;
mod pull_requests;
mod reading;
mod repository_file;
mod revisions;
mod secrets;
mod setup;
mod standing;
mod unusual;
mod wires;
