//! Python.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Draft, Findings, Role, Scene};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    (
        "function_definition",
        Rule::Named("function", Role::Function),
    ),
    ("class_definition", Rule::Named("class", Role::Type)),
    ("lambda", Rule::Anonymous),
    ("assignment", Rule::Code(assignment)),
    ("type_alias_statement", Rule::Code(type_alias)),
    ("import_statement", Rule::Code(import)),
    ("import_from_statement", Rule::Code(import_from)),
    ("future_import_statement", Rule::Code(import_from)),
    ("decorator", Rule::Code(decorator)),
    ("identifier", Rule::Name),
]];

/// `NAME = …` and `name: Type = …`, which count outside of functions.
fn assignment<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(left) = scene
        .field("left")
        .filter(|left| left.kind() == "identifier")
    else {
        return;
    };
    let name = scene.text_of(left);
    let is_constant = name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase);
    let kind = if is_constant { "constant" } else { "variable" };
    findings.define(scene.draft(left, kind, Role::Value));
}

/// `type Name[T] = …`.
fn type_alias<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(left) = scene.field("left") else {
        return;
    };
    let name = scene.text_of(left).split('[').next().unwrap_or_default();
    findings.define(Draft {
        name: name.trim().to_owned(),
        ..scene.draft(left, "type", Role::Value)
    });
}

fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    for name in scene.children(scene.node) {
        let module = match name.kind() {
            "aliased_import" => name.child_by_field_name("name"),
            _ => Some(name),
        };
        if let Some(module) = module {
            findings.import(scene.text_of(module), Vec::new(), scene.line_of(name));
        }
    }
}

/// `from .a import b as c, d` and `from __future__ import a`.
fn import_from<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let module = scene.field("module_name");
    let names = scene
        .children(scene.node)
        .into_iter()
        .filter(|child| Some(*child) != module);
    let names = names.filter_map(|child| match child.kind() {
        "aliased_import" => Some(scene.text_of(child.child_by_field_name("name")?).to_owned()),
        "dotted_name" => Some(scene.text_of(child).to_owned()),
        "wildcard_import" => Some("*".to_owned()),
        _ => None,
    });
    let module = module.map_or("__future__", |module| scene.text_of(module));
    findings.import(module, names.collect(), scene.line_of(scene.node));
}

/// `@name` and `@a.name`; those with arguments are calls.
fn decorator<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    findings.used = scene
        .children(scene.node)
        .first()
        .and_then(|child| match child.kind() {
            "identifier" => Some(*child),
            "attribute" => child.child_by_field_name("attribute"),
            _ => None,
        });
}
