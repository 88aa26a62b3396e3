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

use std::sync::Arc;

use crate::domain::document::Mention;
use crate::domain::request::Brief;
use crate::repository::Definition;
use crate::repository::Located;
use crate::repository::index::Index;
use directory::Directory;
use feature::Feature;
use mentions::Named;
use question::Question;
use reasons::Evidence;
use score::Ranking;
use symbols::Symbol;

/// The answer to "what is this text about?".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Location {
    /// Names in the text and what they stand for; unresolved ones have no targets.
    pub mentions: Vec<Mention>,
    /// Files, best first.
    pub files: Vec<Located>,
}

/// One request, searched for in one index. The files are ranked once; their definitions are ranked when
/// somebody asks, by what is known of them then.
#[derive(Debug)]
pub struct Search {
    index: Arc<Index>,
    brief: Brief,
    found: Found,
}

impl Search {
    /// Ranks the files of `index` by how well they fit `brief`. The same inputs give the same
    /// answer.
    pub fn new(index: &Arc<Index>, brief: &Brief) -> Self {
        Self {
            index: Arc::clone(index),
            brief: brief.clone(),
            found: Found::new(index, brief),
        }
    }

    /// Where it looked.
    pub fn index(&self) -> &Arc<Index> {
        &self.index
    }

    /// What it looked for.
    pub fn brief(&self) -> &Brief {
        &self.brief
    }

    /// The positions of the best `top` files, best first.
    pub fn best(&self, top: usize) -> Vec<usize> {
        let best = self.found.ranking.files.iter().take(top);
        best.map(|scored| scored.file).collect()
    }

    /// The best `top` files, with reasons and symbols.
    pub fn location(&self, top: usize) -> Location {
        self.found.location(&self.index, top)
    }

    /// The paths of the best `top` files, best first.
    pub fn paths(&self, top: usize) -> Vec<&str> {
        let best = self.best(top).into_iter();
        best.map(|file| self.path(file)).collect()
    }

    /// The best `top` functions of all files, each with its file's path.
    pub fn functions(&self, top: usize) -> Vec<(&str, &Definition)> {
        let symbols = self.found.symbols(&self.index).into_iter();
        let functions = symbols.filter(|symbol| symbol.definition.is_callable());
        let places = functions.map(|symbol| (self.path(symbol.file), symbol.definition));
        places.take(top).collect()
    }

    /// What speaks for and against the best `top` files, for training weights.
    pub fn file_features(&self, top: usize) -> FeatureTable {
        let best = self.found.ranking.files.iter().take(top);
        FeatureTable {
            features: Feature::ALL.map(Feature::name).to_vec(),
            rows: best
                .map(|scored| (self.path(scored.file).to_owned(), scored.row.to_vec()))
                .collect(),
        }
    }

    /// What speaks for and against the best `top` functions, for training weights.
    pub fn function_features(&self, top: usize) -> FeatureTable {
        let symbols = self.found.symbols(&self.index).into_iter();
        let functions = symbols.filter(|symbol| symbol.definition.is_callable());
        let row = |symbol: Symbol<'_>| {
            let name = format!("{}:{}", self.path(symbol.file), symbol.definition.path());
            (name, symbol.row.to_vec())
        };
        FeatureTable {
            features: symbols::FEATURES.to_vec(),
            rows: functions.map(row).take(top).collect(),
        }
    }

    fn path(&self, file: usize) -> &str {
        let file = self.index.snapshot().files.get(file);
        file.map_or("", |file| file.path.as_str())
    }
}

/// What was found in an index, apart from it.
#[derive(Debug)]
struct Found {
    question: Question,
    named: Named,
    ranking: Ranking,
}

impl Found {
    fn new(index: &Index, brief: &Brief) -> Self {
        let directory = Directory::new(index.snapshot());
        let question = Question::new(brief, index);
        let named = Named::new(brief, &directory);
        let ranking = score::rank(index, &question, &named);
        Self {
            question,
            named,
            ranking,
        }
    }

    fn location(&self, index: &Index, top: usize) -> Location {
        let symbols = self.symbols(index);
        let mut by_file = symbols::by_file(&symbols);
        let evidence = Evidence::new(index, &self.question, &self.named);
        let files = self.ranking.files.iter().take(top).map(|scored| Located {
            file: scored.file,
            score: scored.score,
            reasons: evidence.explain(scored),
            symbols: by_file.remove(&scored.file).unwrap_or_default(),
        });
        Location {
            files: files.collect(),
            mentions: self.named.report(&self.question, index),
        }
    }

    fn symbols<'a>(&self, index: &'a Index) -> Vec<Symbol<'a>> {
        symbols::rank(index, &self.question, &self.named, &self.ranking)
    }
}

/// What speaks for and against things, a row of numbers for each.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FeatureTable {
    /// What the numbers of a row are called, in their order.
    pub features: Vec<&'static str>,
    /// Things with their numbers, best first.
    pub rows: Vec<(String, Vec<f64>)>,
}

/// Ranks the files of `index` by how well they fit `brief`; at most `top` of them.
pub fn locate(index: &Index, brief: &Brief, top: usize) -> Location {
    Found::new(index, brief).location(index, top)
}

#[cfg(test)]
mod tests;
