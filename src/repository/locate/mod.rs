//! Where a request leads: mentions first, then fused lexical ranking. No model takes part.

mod clean;
mod close;
mod context;
mod directory;
mod feature;
mod mentions;
mod phrases;
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
use feature::{FEATURES, Feature};
use mentions::Named;
use question::Question;
use reasons::Evidence;
use score::Scored;
use symbols::Symbols;

/// The answer to "what is this text about?".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Location {
    /// Names in the text and what they stand for; unresolved ones have no targets.
    pub mentions: Vec<Mention>,
    /// Files, best first.
    pub files: Vec<Located>,
}

/// One request, searched for in one index.
#[derive(Debug)]
pub struct Search<'a> {
    index: &'a Index,
    question: Question,
    named: Named,
    ranked: Vec<Scored>,
}

impl<'a> Search<'a> {
    /// Ranks the files of `index` by how well they fit `brief`. The same inputs give the same answer.
    pub fn new(index: &'a Index, brief: &Brief) -> Self {
        let directory = Directory::new(index.snapshot());
        let question = Question::new(brief, index);
        let named = Named::new(brief, &directory);
        let ranked = score::rank(index, &question, &named);
        Self {
            index,
            question,
            named,
            ranked,
        }
    }

    /// The names of what [`Self::features`] tells, in its order.
    pub fn feature_names() -> [&'static str; FEATURES] {
        Feature::ALL.map(Feature::name)
    }

    /// What speaks for and against the best `top` files, each with its position.
    pub fn features(&self, top: usize) -> impl Iterator<Item = (usize, &[f64])> {
        let best = self.ranked.iter().take(top);
        best.map(|scored| (scored.file, scored.row.as_slice()))
    }

    /// The best `top` files, with reasons and symbols.
    pub fn location(&self, top: usize) -> Location {
        let symbols = Symbols::new(self.index, &self.question, &self.named);
        let evidence = Evidence::new(self.index, &self.question, &self.named);
        let files = self.ranked.iter().take(top).map(|scored| Located {
            file: scored.file,
            score: scored.score,
            reasons: evidence.explain(scored),
            symbols: symbols.of(scored.file),
        });
        Location {
            files: files.collect(),
            mentions: self.named.report(&self.question, self.index),
        }
    }
}

/// Ranks the files of `index` by how well they fit `brief`; at most `top` of them.
pub fn locate(index: &Index, brief: &Brief, top: usize) -> Location {
    Search::new(index, brief).location(top)
}

#[cfg(test)]
mod tests;
