//! From a text to what its tree tells, in this process.

use std::collections::HashMap;
use std::ops::ControlFlow;

use tree_sitter::{Language, ParseOptions, Parser};

use super::grammar::Grammar;
use super::rules::Table;
use super::walk::walk;
use super::{Breakage, Parsed};

/// Parses texts one after the other.
#[derive(Default)]
pub(super) struct Analyser {
    languages: HashMap<Grammar, (Language, Table)>,
}

impl Analyser {
    /// Parses `text`. `is_spent` is asked now and then, though not always when it would matter,
    /// whether to give up.
    pub(super) fn analyse(
        &mut self,
        grammar: Grammar,
        text: &str,
        is_spent: &mut dyn FnMut() -> bool,
    ) -> Parsed {
        let (language, table) = self.languages.entry(grammar).or_insert_with(|| {
            let language = grammar.language();
            let table = Table::new(grammar, &language);
            (language, table)
        });
        let mut parser = Parser::new();
        if parser.set_language(language).is_err() {
            return Parsed::Broken(Breakage::Unavailable);
        }
        let bytes = text.as_bytes();
        let mut read = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
        let mut progress = |_: &_| {
            if is_spent() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        match parser.parse_with_options(&mut read, None, Some(options)) {
            Some(tree) => Parsed::Done(walk(&tree, text, table)),
            None => Parsed::Broken(Breakage::TooSlow),
        }
    }
}
