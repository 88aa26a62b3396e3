//! Plain functions over text: what of a comment is spoken, cleaning, shortening, patterns of paths.
//!
//! Nothing here knows forges, plans or the Markdown that we write.

pub mod clean;
mod hidden;
pub mod invisible;
pub mod pattern;
pub mod shorten;
pub mod spoken;
#[cfg(test)]
mod tests;
