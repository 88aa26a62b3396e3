//! C#.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Draft, Findings, Role, Scene, plain};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    (
        "namespace_declaration",
        Rule::Named("namespace", Role::Space),
    ),
    (
        "file_scoped_namespace_declaration",
        Rule::Named("namespace", Role::Value),
    ),
    ("class_declaration", Rule::Named("class", Role::Type)),
    ("struct_declaration", Rule::Named("struct", Role::Type)),
    (
        "interface_declaration",
        Rule::Named("interface", Role::Type),
    ),
    ("enum_declaration", Rule::Named("enum", Role::Type)),
    ("record_declaration", Rule::Named("record", Role::Type)),
    ("delegate_declaration", Rule::Named("delegate", Role::Value)),
    (
        "method_declaration",
        Rule::Named("function", Role::Function),
    ),
    (
        "constructor_declaration",
        Rule::Named("function", Role::Function),
    ),
    ("destructor_declaration", Rule::Code(destructor)),
    (
        "local_function_statement",
        Rule::Named("function", Role::Function),
    ),
    ("property_declaration", Rule::Code(property)),
    ("event_declaration", Rule::Code(property)),
    ("indexer_declaration", Rule::Code(indexer)),
    ("operator_declaration", Rule::Code(operator)),
    ("lambda_expression", Rule::Anonymous),
    ("anonymous_method_expression", Rule::Anonymous),
    ("field_declaration", Rule::Code(field)),
    ("using_directive", Rule::Code(using)),
    ("identifier", Rule::Name),
]];

fn destructor<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(name) = scene.field("name") {
        findings.define(Draft {
            name: format!("~{}", plain(scene.text_of(name))),
            ..scene.draft(name, "function", Role::Function)
        });
    }
}

fn property<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(name) = scene.field("name") {
        let body = scene.field("accessors").or_else(|| scene.field("value"));
        let draft = scene.draft(name, "property", Role::Function);
        findings.define(Draft { body, ..draft });
    }
}

/// `this[…]`.
fn indexer<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(parameters) = scene.field("parameters") {
        let body = scene.field("accessors").or_else(|| scene.field("value"));
        findings.define(Draft {
            name: "this".to_owned(),
            body,
            ..scene.draft(parameters, "property", Role::Function)
        });
    }
}

/// `operator +`, called `operator+`.
fn operator<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(sign) = scene.field("operator") {
        findings.define(Draft {
            name: format!("operator{}", plain(scene.text_of(sign))),
            ..scene.draft(sign, "function", Role::Function)
        });
    }
}

/// `const` fields are constants; others are no definitions.
fn field<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let children = scene.children(scene.node);
    let is_constant = children
        .iter()
        .any(|child| child.kind() == "modifier" && scene.text_of(*child) == "const");
    if !is_constant {
        return;
    }
    for declaration in children {
        for declarator in scene.children(declaration) {
            if let Some(name) = declarator.child_by_field_name("name")
                && declarator.kind() == "variable_declarator"
            {
                findings.define(scene.draft(name, "constant", Role::Value));
            }
        }
    }
}

/// `using A.B;`, `using static A.B;`, `using X = A.B;`.
fn using<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(module) = scene.children(scene.node).last() {
        findings.import(
            scene.text_of(*module),
            Vec::new(),
            scene.line_of(scene.node),
        );
    }
}
