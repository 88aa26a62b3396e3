//! From a text to what its tree tells, in this process.

use std::collections::HashMap;
use std::ops::ControlFlow;

use tree_sitter::{Language, ParseOptions, Parser, Tree};

use super::grammar::Grammar;
use super::rules::Table;
use super::walk::Gathering;
use super::{Breakage, Parsed, Syntax};

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
        match read(&mut parser, text, table, is_spent) {
            Some(syntax) => Parsed::Done(syntax),
            None => Parsed::Broken(Breakage::TooSlow),
        }
    }
}

/// Reads the whole and its parts; `None` when that takes too long.
fn read(
    parser: &mut Parser,
    text: &str,
    table: &Table,
    is_spent: &mut dyn FnMut() -> bool,
) -> Option<Syntax> {
    let mut gathering = Gathering::new(text, table);
    gathering.read(&parse(parser, text, is_spent)?);
    while let Some(part) = gathering.next_embedded() {
        if parser.set_included_ranges(&[part.range]).is_ok() {
            gathering.read_embedded(&parse(parser, text, is_spent)?, part);
        }
    }
    Some(gathering.finish())
}

fn parse(parser: &mut Parser, text: &str, is_spent: &mut dyn FnMut() -> bool) -> Option<Tree> {
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
    parser.parse_with_options(&mut read, None, Some(options))
}
