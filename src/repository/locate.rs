//! Where a request leads: mentions first, then fused lexical ranking. No model takes part.

use crate::domain::document::Mention;
use crate::domain::request::Brief;
use crate::repository::Located;
use crate::repository::index::Index;

/// The answer to "what is this text about?".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Location {
    /// Names in the text and what they stand for; unresolved ones have no targets.
    pub mentions: Vec<Mention>,
    /// Files, best first.
    pub files: Vec<Located>,
}

/// Ranks the files of `index` by how well they fit `brief`; at most `top` of them. The same inputs
/// give the same answer.
pub fn locate(_index: &Index, _brief: &Brief, _top: usize) -> Location {
    Location::default()
}
