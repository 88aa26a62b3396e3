//! What a rule sees of a tree, and what it may say about a node.

use tree_sitter::Node;

use super::{Import, NAME_BYTES};
use crate::repository::DefinitionKind;

/// What a definition is to the things inside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Holds methods.
    Type,
    /// Holds anything; it does not hide values.
    Space,
    /// Holds statements.
    Function,
    /// Holds nothing that is named after it, and counts only outside of functions.
    Value,
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Outside of everything but namespaces and modules.
    Outside,
    /// In a type, outside of its methods.
    Type,
    /// In a function, named or not.
    Function,
}

/// A node with what surrounds it.
pub(super) struct Scene<'s, 'tree> {
    pub(super) node: Node<'tree>,
    pub(super) text: &'s str,
    /// The nodes around it, outermost first.
    pub(super) ancestors: &'s [Node<'tree>],
    pub(super) place: Place,
}

impl<'s, 'tree> Scene<'s, 'tree> {
    /// The text of a node.
    pub(super) fn text_of(&self, node: Node<'_>) -> &'s str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    pub(super) fn field(&self, name: &str) -> Option<Node<'tree>> {
        self.node.child_by_field_name(name)
    }

    /// The text of a field; empty without it.
    pub(super) fn field_text(&self, name: &str) -> &'s str {
        self.field(name).map_or("", |node| self.text_of(node))
    }

    /// The node around this one.
    pub(super) fn parent(&self) -> Option<Node<'tree>> {
        self.ancestors.last().copied()
    }

    /// Whether the node around this one is of one of these kinds.
    pub(super) fn is_in(&self, kinds: &[&str]) -> bool {
        self.parent()
            .is_some_and(|parent| kinds.contains(&parent.kind()))
    }

    /// The line on which `node` begins, counted from 1.
    pub(super) fn line_of(&self, node: Node<'_>) -> u32 {
        line(node.start_position().row)
    }

    /// The outermost node that wraps only this one, such as `export …` or `template <…> …`.
    pub(super) fn wrapped(&self) -> Node<'tree> {
        let mut whole = self.node;
        for outer in self.ancestors.iter().rev() {
            let wraps = match outer.kind() {
                "export_statement" | "ambient_declaration" | "template_declaration" => true,
                "lexical_declaration"
                | "variable_declaration"
                | "type_declaration"
                | "const_declaration"
                | "var_declaration"
                | "expression_statement" => outer.named_child_count() == 1,
                _ => false,
            };
            if !wraps {
                break;
            }
            whole = *outer;
        }
        whole
    }

    /// The children of `node` that have a name in the grammar.
    pub(super) fn children(&self, node: Node<'tree>) -> Vec<Node<'tree>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor).collect()
    }

    /// The first such child of one of these kinds.
    pub(super) fn child(&self, node: Node<'tree>, kinds: &[&str]) -> Option<Node<'tree>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor)
            .find(|child| kinds.contains(&child.kind()))
    }

    /// A definition of this node, called `name` as it is written there.
    pub(super) fn draft(
        &self,
        name: Node<'tree>,
        kind: DefinitionKind,
        role: Role,
    ) -> Draft<'tree> {
        Draft {
            name: plain(self.text_of(name)),
            owner: String::new(),
            kind,
            role,
            name_at: name.start_byte(),
            whole: self.wrapped(),
            body: self.field("body"),
        }
    }
}

/// A definition as a rule sees it.
pub(super) struct Draft<'tree> {
    pub(super) name: String,
    /// What qualifies the name where it is written: `Type` of a method outside of its type,
    /// `Outer::` where the language writes `Outer::name`.
    pub(super) owner: String,
    pub(super) kind: DefinitionKind,
    pub(super) role: Role,
    /// Byte at which the name is written; it is no use of the name.
    pub(super) name_at: usize,
    /// All of it.
    pub(super) whole: Node<'tree>,
    /// Where its head ends.
    pub(super) body: Option<Node<'tree>>,
}

/// What the rules say about one node.
#[derive(Default)]
pub(super) struct Findings<'tree> {
    /// Definitions; what the node holds is inside of the first, unless that is a value.
    pub(super) drafts: Vec<Draft<'tree>>,
    /// The node is no definition but what it holds is inside of it, under this name if there is one.
    pub(super) scope: Option<(String, Place)>,
    pub(super) imports: Vec<Import>,
    /// A name used here.
    pub(super) used: Option<Node<'tree>>,
    /// A part of the node, in brackets, that is to be read as if it stood in the place of the node.
    pub(super) embedded: Option<Node<'tree>>,
}

impl<'tree> Findings<'tree> {
    pub(super) fn define(&mut self, draft: Draft<'tree>) {
        self.drafts.push(draft);
    }

    /// What the node holds stands in `place`, inside of nothing with a name.
    pub(super) fn enter(&mut self, place: Place) {
        self.scope = Some((String::new(), place));
    }

    pub(super) fn import(&mut self, module: &str, names: Vec<String>, line: u32) {
        if !module.is_empty() && module.len() <= NAME_BYTES {
            self.imports.push(Import {
                module: plain(module),
                names: (names.into_iter())
                    .filter(|name| !name.is_empty() && name.len() <= NAME_BYTES)
                    .take(MAX_NAMES)
                    .collect(),
                line,
            });
        }
    }
}

/// Most names of one import.
pub(super) const MAX_NAMES: usize = 100;

/// `text` with every run of spaces and line breaks made one space. Names longer than
/// [`NAME_BYTES`] come back too long still, and are refused later.
pub(super) fn plain(text: &str) -> String {
    let mut end = text.len().min(NAME_BYTES * 2);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let words = text.get(..end).unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

/// `text` without the quotes around it.
pub(super) fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`'])
}

/// The line of a row, which counts from 0.
pub(super) fn line(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX - 1) + 1
}
