//! The only way out: one kind of client with deadlines, size caps and checked addresses.
//!
//! This module knows how to speak HTTP and how long to wait. It knows no forge and no model, and
//! decides neither what is retried nor what an answer means.

mod address;
mod client;
mod resolve;
mod time;

#[cfg(test)]
mod tests;

pub use address::{AddressError, ApiBase, same_origin};
pub use client::{HttpError, Purpose, client, read_bounded};
pub use time::{parse_date_header, parse_timestamp};
