//! One walk over a syntax tree, in a loop: trees may be deeper than any stack.

use std::collections::{HashMap, HashSet};

use tree_sitter::{Node, Range, Tree};

use super::rules::{Rule, Table};
use super::scene::{Draft, Findings, Place, Role, Scene, line};
use super::signature::lines_and_signature;
use super::{
    CHAIN_BYTES, DEFINITIONS, IMPORTS, LINES_PER_NAME, NAME_BYTES, NAMES, Reference, Syntax,
};
use crate::repository::Definition;
use crate::repository::joined;

/// What was found in the trees of one text so far.
pub(super) struct Gathering<'t> {
    text: &'t str,
    table: &'t Table,
    syntax: Syntax,
    uses: HashMap<&'t str, Vec<u32>>,
    /// Bytes at which definitions are named.
    own_names: HashSet<usize>,
    /// Parts that have to be parsed again.
    embedded: Vec<Embedded>,
}

/// A part of a text with a tree of its own.
pub(super) struct Embedded {
    pub(super) range: Range,
    chain: String,
    place: Place,
    /// How many such parts it is in.
    pub(super) depth: usize,
}

impl<'t> Gathering<'t> {
    pub(super) fn new(text: &'t str, table: &'t Table) -> Self {
        Self {
            text,
            table,
            syntax: Syntax::default(),
            uses: HashMap::new(),
            own_names: HashSet::new(),
            embedded: Vec::new(),
        }
    }

    /// Reads the tree of the whole text.
    pub(super) fn read(&mut self, tree: &Tree) {
        self.syntax.is_broken = tree.root_node().has_error();
        self.walk(tree, String::new(), Place::Outside, 0);
    }

    /// Reads the tree of a part.
    pub(super) fn read_embedded(&mut self, tree: &Tree, part: Embedded) {
        self.walk(tree, part.chain, part.place, part.depth);
    }

    /// The next part to be parsed.
    pub(super) fn next_embedded(&mut self) -> Option<Embedded> {
        self.embedded.pop()
    }

    fn walk(&mut self, tree: &Tree, chain: String, place: Place, depth: usize) {
        let walk = Walk {
            gathering: self,
            ancestors: Vec::new(),
            scopes: Vec::new(),
            chain,
            place,
            depth,
        };
        walk.run(tree);
    }

    fn note_use(&mut self, node: Node<'_>) {
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
        if lines.len() < LINES_PER_NAME && !lines.contains(&line) {
            lines.push(line);
        }
    }

    /// All of it, in order.
    pub(super) fn finish(self) -> Syntax {
        let mut syntax = self.syntax;
        syntax
            .definitions
            .sort_by_key(|definition| definition.lines.start());
        syntax.imports.sort_by_key(|import| import.line);
        let uses = self.uses.iter().flat_map(|(name, lines)| {
            lines.iter().map(|line| Reference {
                name: (*name).to_owned(),
                line: *line,
            })
        });
        syntax.references = uses.collect();
        syntax.references.sort_unstable();
        syntax
    }
}

/// Something that holds other things, from its node on.
struct Scope {
    /// How many nodes are around its node.
    depth: usize,
    /// Length of the chain outside of it.
    chain: usize,
    place: Place,
}

struct Walk<'g, 't, 'tree> {
    gathering: &'g mut Gathering<'t>,
    ancestors: Vec<Node<'tree>>,
    scopes: Vec<Scope>,
    /// Names of the scopes that have one, joined as [`Definition::container`] says.
    chain: String,
    /// Where the tree itself stands.
    place: Place,
    depth: usize,
}

impl<'tree> Walk<'_, '_, 'tree> {
    fn run(mut self, tree: &'tree Tree) {
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            let descend = self.visit(node);
            if descend && cursor.goto_first_child() {
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

    /// Takes what a node says, and tells whether its children are to be visited.
    fn visit(&mut self, node: Node<'tree>) -> bool {
        let Some(rule) = self.gathering.table.rule(node.kind_id()) else {
            return true;
        };
        let place = self.scopes.last().map_or(self.place, |scope| scope.place);
        let scene = Scene {
            node,
            text: self.gathering.text,
            ancestors: &self.ancestors,
            place,
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
                if is_called_or_constant(scene.text, node) {
                    findings.used = Some(node);
                }
            }
            Rule::TypeName => findings.used = Some(node),
        }
        self.take(findings, place)
    }

    fn take(&mut self, findings: Findings<'tree>, place: Place) -> bool {
        let imports = &mut self.gathering.syntax.imports;
        let room = IMPORTS.saturating_sub(imports.len());
        imports.extend(findings.imports.into_iter().take(room));
        if let Some(node) = findings.used {
            self.gathering.note_use(node);
        }
        let mut scope = findings.scope;
        for draft in findings.drafts {
            self.gathering.own_names.insert(draft.name_at);
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
        match findings.embedded {
            Some(part) => !self.embed(part, place),
            None => true,
        }
    }

    /// Adds a definition and returns its name with what qualifies it.
    fn define(&mut self, draft: Draft<'tree>, place: Place) -> String {
        let (lines, signature) = lines_and_signature(&draft, self.gathering.text);
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
        let definitions = &mut self.gathering.syntax.definitions;
        if definitions.len() < DEFINITIONS {
            definitions.push(definition);
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

    /// Leaves a part in brackets for later, unless it is in too many others.
    fn embed(&mut self, part: Node<'tree>, place: Place) -> bool {
        /// Deepest nesting of such parts; each level is parsed again.
        const DEPTH: usize = 4;
        /// Most of them at a time.
        const PARTS: usize = 500;
        let mut range = part.range();
        let fits = self.depth < DEPTH && self.gathering.embedded.len() < PARTS;
        if !fits || range.end_byte < range.start_byte + 2 {
            return false;
        }
        range.start_byte += 1;
        range.start_point.column += 1;
        range.end_byte -= 1;
        range.end_point.column = range.end_point.column.saturating_sub(1);
        self.gathering.embedded.push(Embedded {
            range,
            chain: self.chain.clone(),
            place,
            depth: self.depth + 1,
        });
        true
    }
}

/// Whether a name is called, or is written as types and constants are.
fn is_called_or_constant(text: &str, node: Node<'_>) -> bool {
    let bytes = text.as_bytes();
    let after = bytes.get(node.end_byte());
    let first = bytes.get(node.start_byte());
    after == Some(&b'(') || first.is_some_and(u8::is_ascii_uppercase)
}
