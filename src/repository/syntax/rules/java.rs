//! Java.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Findings, Place, Role, Scene};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    ("class_declaration", Rule::Named("class", Role::Type)),
    (
        "interface_declaration",
        Rule::Named("interface", Role::Type),
    ),
    ("enum_declaration", Rule::Named("enum", Role::Type)),
    ("record_declaration", Rule::Named("record", Role::Type)),
    (
        "annotation_type_declaration",
        Rule::Named("interface", Role::Type),
    ),
    (
        "method_declaration",
        Rule::Named("function", Role::Function),
    ),
    (
        "constructor_declaration",
        Rule::Named("function", Role::Function),
    ),
    (
        "compact_constructor_declaration",
        Rule::Named("function", Role::Function),
    ),
    ("class_body", Rule::Code(class_body)),
    ("lambda_expression", Rule::Anonymous),
    ("static_initializer", Rule::Anonymous),
    ("field_declaration", Rule::Code(field)),
    ("constant_declaration", Rule::Code(constant)),
    ("import_declaration", Rule::Code(import)),
    ("identifier", Rule::Name),
    ("type_identifier", Rule::TypeName),
]];

/// The body of a class, which has no name where an instance is made of it at once.
fn class_body<'t>(_: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    findings.enter(Place::Type);
}

/// `static final` fields are constants; others are no definitions.
fn field<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let modifiers = scene.child(scene.node, &["modifiers"]);
    let words = modifiers.map_or("", |modifiers| scene.text_of(modifiers));
    let has = |wanted: &str| words.split_whitespace().any(|word| word == wanted);
    if has("static") && has("final") {
        constant(scene, findings);
    }
}

fn constant<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let mut cursor = scene.node.walk();
    for declarator in scene.node.children_by_field_name("declarator", &mut cursor) {
        if let Some(name) = declarator.child_by_field_name("name") {
            findings.define(scene.draft(name, "constant", Role::Value));
        }
    }
}

/// `import static a.b.C.*;`.
fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(path) = scene.child(scene.node, &["scoped_identifier", "identifier"]) else {
        return;
    };
    let all = scene.child(scene.node, &["asterisk"]);
    let names = all.map(|_| "*".to_owned()).into_iter().collect();
    findings.import(scene.text_of(path), names, scene.line_of(path));
}
