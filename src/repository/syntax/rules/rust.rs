//! Rust.

use tree_sitter::Node;

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Findings, MAX_NAMES, Place, Role, Scene, plain};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    ("function_item", Rule::Named("function", Role::Function)),
    (
        "function_signature_item",
        Rule::Named("function", Role::Function),
    ),
    ("struct_item", Rule::Named("struct", Role::Type)),
    ("union_item", Rule::Named("union", Role::Type)),
    ("enum_item", Rule::Named("enum", Role::Type)),
    ("trait_item", Rule::Named("trait", Role::Type)),
    ("type_item", Rule::Named("type", Role::Value)),
    ("associated_type", Rule::Named("type", Role::Value)),
    ("const_item", Rule::Named("constant", Role::Value)),
    ("static_item", Rule::Named("static", Role::Value)),
    ("mod_item", Rule::Named("module", Role::Space)),
    ("macro_definition", Rule::Named("macro", Role::Function)),
    ("impl_item", Rule::Code(implementation)),
    ("closure_expression", Rule::Anonymous),
    ("use_declaration", Rule::Code(import)),
    ("extern_crate_declaration", Rule::Code(extern_crate)),
    ("identifier", Rule::Name),
    ("field_identifier", Rule::Name),
    ("type_identifier", Rule::TypeName),
    ("macro_invocation", Rule::Code(macro_call)),
]];

/// `impl<T> Trait for Type<T>`: what it holds is inside of `Type`.
fn implementation<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let name = scene.field("type").map(|node| type_name(scene, node));
    findings.scope = Some((name.unwrap_or_default(), Place::Type));
}

/// A type as it is written, without its parameters and references.
fn type_name(scene: &Scene<'_, '_>, mut node: Node<'_>) -> String {
    // Nobody nests references deeper.
    for _ in 0..8 {
        let inner = match node.kind() {
            "generic_type" | "reference_type" | "pointer_type" => node.child_by_field_name("type"),
            _ => None,
        };
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    plain(scene.text_of(node))
}

/// `name!(…)` uses a name; `name! { … }` in the place of an item holds items more often than not.
fn macro_call<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let name = scene.field("macro").and_then(|path| match path.kind() {
        "scoped_identifier" => path.child_by_field_name("name"),
        _ => Some(path),
    });
    findings.used = name;
    let items = scene.child(scene.node, &["token_tree"]);
    let is_item = scene.place != Place::Function
        && scene.is_in(&["source_file", "declaration_list", "expression_statement"]);
    findings.embedded = items.filter(|items| is_item && scene.text_of(*items).starts_with('{'));
}

fn extern_crate<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    findings.import(
        scene.field_text("name"),
        Vec::new(),
        scene.line_of(scene.node),
    );
}

/// Deepest nesting of braces in a `use`, and most bytes of what is before them.
const PREFIX_BYTES: usize = 200;

/// `use a::{b, c::{d as e, *}};` is `a` with `b`, and `a::c` with `d` and `*`.
fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(argument) = scene.field("argument") else {
        return;
    };
    let mut open = vec![(argument, String::new())];
    let mut flat: Vec<(String, String, u32)> = Vec::new();
    while let Some((node, prefix)) = open.pop() {
        if prefix.len() > PREFIX_BYTES || flat.len() > MAX_NAMES * 2 {
            break;
        }
        let path_of = |field: &str| {
            let path = node.child_by_field_name(field);
            path.map_or("", |path| scene.text_of(path))
        };
        match node.kind() {
            "scoped_use_list" => {
                if let Some(list) = node.child_by_field_name("list") {
                    open.push((list, under(&prefix, path_of("path"))));
                }
            }
            "use_list" => {
                let children = scene.children(node);
                open.extend(
                    children
                        .into_iter()
                        .rev()
                        .map(|child| (child, prefix.clone())),
                );
            }
            "use_as_clause" => flat.push(leaf(&under(&prefix, path_of("path")), scene, node)),
            "use_wildcard" => {
                let path = scene
                    .text_of(node)
                    .trim_end_matches('*')
                    .trim_end_matches("::");
                flat.push((under(&prefix, path), "*".to_owned(), scene.line_of(node)));
            }
            "line_comment" | "block_comment" => {}
            "self" if !prefix.is_empty() => {
                flat.push((prefix, "self".to_owned(), scene.line_of(node)));
            }
            _ => flat.push(leaf(&under(&prefix, scene.text_of(node)), scene, node)),
        }
    }
    for group in flat.chunk_by(|one, other| one.0 == other.0) {
        let names = group.iter().map(|(_, name, _)| name.clone()).collect();
        if let Some((module, _, line)) = group.first() {
            findings.import(module, names, *line);
        }
    }
}

fn under(prefix: &str, path: &str) -> String {
    let between = if prefix.is_empty() || path.is_empty() {
        ""
    } else {
        "::"
    };
    plain(&format!("{prefix}{between}{path}"))
}

/// A whole path as its module and its name; a path of one word is a module.
fn leaf(path: &str, scene: &Scene<'_, '_>, node: Node<'_>) -> (String, String, u32) {
    let (module, name) = path.rsplit_once("::").unwrap_or((path, ""));
    (module.to_owned(), name.to_owned(), scene.line_of(node))
}
