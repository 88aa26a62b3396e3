//! One walk over a syntax tree, in a loop: trees may be deeper than any stack.

use std::collections::{HashMap, HashSet};

use tree_sitter::{Node, Tree};

use super::rules::{Rule, Table};
use super::scene::{Draft, Findings, Place, Role, Scene, line};
use super::signature::lines_and_signature;
use super::{
    CHAIN_BYTES, DEFINITIONS, IMPORTS, LINES_PER_NAME, NAME_BYTES, NAMES, Reference, Syntax,
};
use crate::repository::Definition;

/// Reads a tree of `text`.
pub(super) fn walk(tree: &Tree, text: &str, table: &Table) -> Syntax {
    let mut walker = Walker {
        text,
        table,
        ancestors: Vec::new(),
        scopes: Vec::new(),
        chain: String::new(),
        own_names: HashSet::new(),
        uses: HashMap::new(),
        syntax: Syntax {
            is_broken: tree.root_node().has_error(),
            ..Syntax::default()
        },
    };
    walker.run(tree);
    walker.finish()
}

/// Something that holds other things, from its node on.
struct Scope {
    /// How many nodes are around its node.
    depth: usize,
    /// Length of the chain outside of it.
    chain: usize,
    place: Place,
}

struct Walker<'t, 'tree> {
    text: &'t str,
    table: &'t Table,
    ancestors: Vec<Node<'tree>>,
    scopes: Vec<Scope>,
    /// Names of the scopes that have one, joined as [`Definition::container`] says.
    chain: String,
    /// Bytes at which definitions are named.
    own_names: HashSet<usize>,
    uses: HashMap<&'t str, Vec<u32>>,
    syntax: Syntax,
}

impl<'t, 'tree> Walker<'t, 'tree> {
    fn run(&mut self, tree: &'tree Tree) {
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            self.visit(node);
            if cursor.goto_first_child() {
                self.ancestors.push(node);
                continue;
            }
            loop {
                self.leave();
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    return;
                }
                self.ancestors.pop();
            }
        }
    }

    fn visit(&mut self, node: Node<'tree>) {
        let Some(rule) = self.table.rule(node.kind_id()) else {
            return;
        };
        let scene = Scene {
            node,
            text: self.text,
            ancestors: &self.ancestors,
            place: self
                .scopes
                .last()
                .map_or(Place::Outside, |scope| scope.place),
        };
        let mut findings = Findings::default();
        match rule {
            Rule::Named(kind, role) => {
                if let Some(name) = scene.field("name") {
                    findings.define(scene.draft(name, kind, role));
                }
            }
            Rule::Code(code) => code(&scene, &mut findings),
            Rule::Anonymous => findings.enter(Place::Function),
            Rule::Name => {
                if is_called_or_constant(self.text, node) {
                    findings.used = Some(node);
                }
            }
            Rule::TypeName => findings.used = Some(node),
        }
        let place = scene.place;
        self.take(findings, place);
    }

    fn take(&mut self, findings: Findings<'tree>, place: Place) {
        let room = IMPORTS.saturating_sub(self.syntax.imports.len());
        self.syntax
            .imports
            .extend(findings.imports.into_iter().take(room));
        if let Some(node) = findings.used {
            self.note_use(node);
        }
        let mut scope = findings.scope;
        for draft in findings.drafts {
            self.own_names.insert(draft.name_at);
            let hides = draft.role == Role::Value && place == Place::Function;
            if hides || draft.name.is_empty() || draft.name.len() > NAME_BYTES {
                continue;
            }
            let inner = match draft.role {
                Role::Type => Some(Place::Type),
                Role::Space => Some(Place::Outside),
                Role::Function => Some(Place::Function),
                Role::Value => None,
            };
            let name = self.define(draft, place);
            if scope.is_none() {
                scope = inner.map(|inner| (name, inner));
            }
        }
        if let Some((name, inner)) = scope {
            self.open(&name, inner);
        }
    }

    /// Adds a definition and returns its name with what qualifies it.
    fn define(&mut self, draft: Draft<'tree>, place: Place) -> String {
        let (lines, signature) = lines_and_signature(&draft, self.text);
        let is_method =
            draft.kind == "function" && (place == Place::Type || !draft.owner.is_empty());
        let definition = Definition {
            container: joined(&self.chain, &draft.owner),
            name: draft.name,
            kind: if is_method { "method" } else { draft.kind },
            lines,
            signature,
        };
        let name = joined(&draft.owner, &definition.name);
        if self.syntax.definitions.len() < DEFINITIONS {
            self.syntax.definitions.push(definition);
        }
        name
    }

    fn open(&mut self, name: &str, place: Place) {
        self.scopes.push(Scope {
            depth: self.ancestors.len(),
            chain: self.chain.len(),
            place,
        });
        if !name.is_empty() && self.chain.len() + name.len() < CHAIN_BYTES {
            self.chain = joined(&self.chain, name);
        }
    }

    /// Ends what the node that is left has begun.
    fn leave(&mut self) {
        let depth = self.ancestors.len();
        while let Some(scope) = self.scopes.pop_if(|scope| scope.depth >= depth) {
            self.chain.truncate(scope.chain);
        }
    }

    fn note_use(&mut self, node: Node<'tree>) {
        let name = self.text.get(node.byte_range()).unwrap_or_default();
        let is_own = self.own_names.remove(&node.start_byte());
        if is_own || name.len() < 2 || name.len() > NAME_BYTES {
            return;
        }
        if self.uses.len() >= NAMES && !self.uses.contains_key(name) {
            return;
        }
        let lines = self.uses.entry(name).or_default();
        let line = line(node.start_position().row);
        if lines.len() < LINES_PER_NAME && lines.last() != Some(&line) {
            lines.push(line);
        }
    }

    fn finish(mut self) -> Syntax {
        self.syntax
            .definitions
            .sort_by_key(|definition| definition.lines.start());
        self.syntax.references = (self.uses.iter())
            .flat_map(|(name, lines)| {
                lines.iter().map(|line| Reference {
                    name: (*name).to_owned(),
                    line: *line,
                })
            })
            .collect();
        self.syntax.references.sort_unstable();
        self.syntax
    }
}

/// `outer.inner`; without a dot where a side is empty or the outer one brings its own `::`.
fn joined(outer: &str, inner: &str) -> String {
    let dot = if outer.is_empty() || inner.is_empty() || outer.ends_with("::") {
        ""
    } else {
        "."
    };
    format!("{outer}{dot}{inner}")
}

/// Whether a name is called, or is written as types and constants are.
fn is_called_or_constant(text: &str, node: Node<'_>) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(node.end_byte());
    after == Some(&b'(')
        || bytes
            .get(node.start_byte())
            .is_some_and(u8::is_ascii_uppercase)
}
