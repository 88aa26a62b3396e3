//! What the nodes of each language's trees mean.

pub(super) mod c;
pub(super) mod csharp;
pub(super) mod go;
pub(super) mod java;
pub(super) mod php;
pub(super) mod python;
pub(super) mod ruby;
pub(super) mod rust;
pub(super) mod script;

use tree_sitter::Language;

use super::grammar::Grammar;
use super::scene::{Findings, Role, Scene};
use crate::repository::DefinitionKind;

/// What a node of some kind means.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// A definition whose name is in the field `name`.
    Named(DefinitionKind, Role),
    /// Whatever the function says.
    Code(for<'t> fn(&Scene<'_, 't>, &mut Findings<'t>)),
    /// A function without a name.
    Anonymous,
    /// A name: a use where it is called or looks like a type or a constant.
    Name,
    /// The name of a type: a use.
    TypeName,
}

/// The kinds of nodes that mean something in a language.
pub(super) type Rules = &'static [&'static [(&'static str, Rule)]];

/// The rules by the number of the kind.
pub(super) struct Table {
    rules: Vec<Option<Rule>>,
}

impl Table {
    /// Looks up the numbers of all kinds; one kind may have several.
    pub(super) fn new(grammar: Grammar, language: &Language) -> Self {
        let rules = grammar.rules();
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let rule = |id: u16| {
            let kind = language.node_kind_for_id(id)?;
            let known = rules.iter().copied().flatten();
            let rule = known.clone().find(|(name, _)| *name == kind)?.1;
            language.node_kind_is_named(id).then_some(rule)
        };
        Self {
            rules: (0..count).map(rule).collect(),
        }
    }

    pub(super) fn rule(&self, id: u16) -> Option<Rule> {
        self.rules.get(usize::from(id)).copied().flatten()
    }
}
