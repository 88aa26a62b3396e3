//! What comments look like, and what they never contain.

mod age;
mod comments;
mod escaping;
mod gfm;
mod hostile;
mod languages;
mod layout;
mod libraries;
mod limits;
mod markers;
mod oracle;
mod revisions;
mod sample;
