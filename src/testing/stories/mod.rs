//! Stories of the whole bot, told through what people do and see.

mod asking;
mod crashes;
mod forge_trouble;
<<<<<<< HEAD
pub(super) mod models;
mod personalities;
mod reading;
mod wires;
=======
mod models;
mod pull_requests;
mod reading;
mod secrets;
>>>>>>> main
