//! GitHub's JSON, made from the world: the same shapes for answers of the API and for webhooks.

mod node_id;
pub(crate) mod people;
pub(crate) mod pull;
pub(crate) mod repository;
pub(crate) mod thread;

pub(crate) use crate::sandbox::shapes::node_id::node_id;

#[cfg(test)]
mod tests;
