//! PHP.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Findings, Role, Scene, unquoted};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    ("class_declaration", Rule::Named("class", Role::Type)),
    (
        "interface_declaration",
        Rule::Named("interface", Role::Type),
    ),
    ("trait_declaration", Rule::Named("trait", Role::Type)),
    ("enum_declaration", Rule::Named("enum", Role::Type)),
    (
        "method_declaration",
        Rule::Named("function", Role::Function),
    ),
    (
        "function_definition",
        Rule::Named("function", Role::Function),
    ),
    ("anonymous_function", Rule::Anonymous),
    ("arrow_function", Rule::Anonymous),
    ("const_declaration", Rule::Code(constants)),
    ("namespace_use_declaration", Rule::Code(import)),
    ("require_expression", Rule::Code(require)),
    ("require_once_expression", Rule::Code(require)),
    ("include_expression", Rule::Code(require)),
    ("include_once_expression", Rule::Code(require)),
    ("name", Rule::Name),
]];

/// `const A = 1, B = 2;`.
fn constants<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    for element in scene.children(scene.node) {
        if element.kind() == "const_element"
            && let Some(name) = scene.child(element, &["name"])
        {
            findings.define(scene.draft(name, "constant", Role::Value));
        }
    }
}

/// `use A\B\C as D;` and `use A\B\{C, D};`.
fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let line = scene.line_of(scene.node);
    let group = scene.field("body");
    let prefix = group.and_then(|_| scene.child(scene.node, &["namespace_name"]));
    if let (Some(group), Some(prefix)) = (group, prefix) {
        let clauses = scene.children(group).into_iter();
        let names = clauses.filter_map(|clause| scene.child(clause, &["name", "qualified_name"]));
        let names = names.map(|name| scene.text_of(name).to_owned()).collect();
        findings.import(scene.text_of(prefix), names, line);
        return;
    }
    for clause in scene.children(scene.node) {
        if let Some(path) = scene.child(clause, &["qualified_name", "name"]) {
            findings.import(scene.text_of(path), Vec::new(), line);
        }
    }
}

/// `require "a.php";`; paths that are computed are left out.
fn require<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(path) = scene.child(scene.node, &["string", "encapsed_string"]) {
        findings.import(
            unquoted(scene.text_of(path)),
            Vec::new(),
            scene.line_of(path),
        );
    }
}
