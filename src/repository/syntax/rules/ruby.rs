//! Ruby.

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Draft, Findings, Place, Role, Scene, plain, unquoted};

pub(in crate::repository::syntax) const RULES: Rules = &[&[
    ("module", Rule::Code(module)),
    ("class", Rule::Code(class)),
    ("singleton_class", Rule::Code(singleton)),
    ("method", Rule::Named("method", Role::Function)),
    ("singleton_method", Rule::Named("method", Role::Function)),
    ("assignment", Rule::Code(constant)),
    ("call", Rule::Code(call)),
    ("identifier", Rule::Name),
    ("constant", Rule::Name),
]];

fn module<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    qualified(scene, findings, "module");
}

fn class<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    qualified(scene, findings, "class");
}

/// `class A::B`, whose name is `B` behind `A::`.
fn qualified<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>, kind: &'static str) {
    let Some(whole) = scene.field("name") else {
        return;
    };
    let name = whole.child_by_field_name("name").unwrap_or(whole);
    let owner = scene.text.get(whole.start_byte()..name.start_byte());
    findings.define(Draft {
        owner: plain(owner.unwrap_or_default()),
        ..scene.draft(name, kind, Role::Type)
    });
}

/// `class << self` adds no name.
fn singleton<'t>(_: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    findings.enter(Place::Type);
}

fn constant<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(left) = scene.field("left").filter(|left| left.kind() == "constant") {
        findings.define(scene.draft(left, "constant", Role::Value));
    }
}

/// `require "a"` and its kin; other calls use a name, with brackets or without.
fn call<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let method = scene.field_text("method");
    if !matches!(method, "require" | "require_relative" | "load" | "autoload") {
        findings.used = scene.field("method");
        return;
    }
    let arguments = scene.field("arguments");
    if let Some(path) = arguments.and_then(|list| scene.child(list, &["string"])) {
        let here = if method == "require_relative" {
            "./"
        } else {
            ""
        };
        let module = format!("{here}{}", unquoted(scene.text_of(path)));
        findings.import(&module, Vec::new(), scene.line_of(scene.node));
    }
}
