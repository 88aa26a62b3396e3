//! Go.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Draft, Findings, Role, Scene, unquoted};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    (
        "function_declaration",
        Rule::Named("function", Role::Function),
    ),
    ("method_declaration", Rule::Code(method)),
    ("method_elem", Rule::Named("function", Role::Value)),
    ("func_literal", Rule::Anonymous),
    ("type_spec", Rule::Code(type_spec)),
    ("type_alias", Rule::Named("type", Role::Value)),
    ("const_spec", Rule::Code(constants)),
    ("var_spec", Rule::Code(variables)),
    ("import_spec", Rule::Code(import)),
    ("identifier", Rule::Name),
    ("field_identifier", Rule::Name),
    ("type_identifier", Rule::TypeName),
]];

/// `func (t *Type[K]) name(…)`: inside of `Type`.
fn method<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(name) = scene.field("name") else {
        return;
    };
    let receiver = scene.field("receiver");
    let parameter = receiver.and_then(|list| scene.child(list, &["parameter_declaration"]));
    let owner = parameter.and_then(|parameter| parameter.child_by_field_name("type"));
    let owner = owner.map_or("", |owner| scene.text_of(owner));
    let owner = owner.trim_start_matches(['*', '(', ' ']);
    let owner = owner.split(['[', ')', ' ']).next().unwrap_or_default();
    findings.define(Draft {
        owner: owner.to_owned(),
        ..scene.draft(name, "method", Role::Function)
    });
}

fn type_spec<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(name) = scene.field("name") else {
        return;
    };
    let value = scene.field("type");
    let (kind, role) = match value.map_or("", |value| value.kind()) {
        "struct_type" => ("struct", Role::Type),
        "interface_type" => ("interface", Role::Type),
        _ => ("type", Role::Value),
    };
    let body = value
        .filter(|_| role == Role::Type)
        .and_then(|value| scene.child(value, &["field_declaration_list", "method_elem"]));
    findings.define(Draft {
        body,
        ..scene.draft(name, kind, role)
    });
}

fn constants<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    values(scene, findings, "constant");
}

fn variables<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    values(scene, findings, "variable");
}

/// `a, b = 1, 2`.
fn values<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>, kind: &'static str) {
    let mut cursor = scene.node.walk();
    for name in scene.node.children_by_field_name("name", &mut cursor) {
        if name.kind() == "identifier" && scene.text_of(name) != "_" {
            findings.define(scene.draft(name, kind, Role::Value));
        }
    }
}

fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let path = unquoted(scene.field_text("path"));
    findings.import(path, Vec::new(), scene.line_of(scene.node));
}
