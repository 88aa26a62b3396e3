//! What comments look like, and what they never contain.

mod age;
mod comments;
mod escaping;
mod gfm;
mod hostile;
mod layout;
mod libraries;
mod limits;
mod markers;
mod oracle;
mod sample;
