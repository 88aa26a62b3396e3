//! Where a request leads: mentions first, then fused lexical ranking. No model takes part.

mod clean;
mod directory;
mod mentions;
mod question;
mod reasons;
mod score;
mod symbols;
mod windows;

use crate::domain::document::Mention;
use crate::domain::request::Brief;
use crate::repository::Located;
use crate::repository::index::Index;
use directory::Directory;
use mentions::Named;
use question::Question;
use reasons::Evidence;
use symbols::Symbols;

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
pub fn locate(index: &Index, brief: &Brief, top: usize) -> Location {
    let directory = Directory::new(index.snapshot());
    let question = Question::new(brief, index);
    let named = Named::new(brief, &directory);
    let symbols = Symbols::new(index, &question, &named);
    let evidence = Evidence::new(index, &question, &named);
    let ranked = score::rank(index, &question, &named);
    let files = ranked.iter().take(top).map(|scored| Located {
        file: scored.file,
        score: scored.score,
        reasons: evidence.explain(scored),
        symbols: symbols.of(scored.file),
    });
    Location {
        files: files.collect(),
        mentions: named.report(&question, index),
    }
}

#[cfg(test)]
mod tests;
