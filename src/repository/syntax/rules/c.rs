//! C and C++.

use tree_sitter::Node;

use super::{Rule, Rules};
use crate::repository::DefinitionKind;
use crate::repository::syntax::scene::{Draft, Findings, Place, Role, Scene, plain};

pub(in crate::repository::syntax) const RULES: Rules = &[C, SOURCE];

pub(in crate::repository::syntax) const CPP: Rules = &[C, CLASSES, SOURCE];

pub(in crate::repository::syntax) const HEADER: Rules = &[C, CLASSES, INTERFACE];

const C: &[(&str, Rule)] = &[
    ("function_definition", Rule::Code(function)),
    ("struct_specifier", Rule::Code(composite)),
    ("union_specifier", Rule::Code(composite)),
    ("enum_specifier", Rule::Code(composite)),
    ("type_definition", Rule::Code(typedef)),
    ("compound_statement", Rule::Code(block)),
    ("preproc_def", Rule::Code(define)),
    ("preproc_function_def", Rule::Named("macro", Role::Value)),
    ("preproc_include", Rule::Code(include)),
    ("identifier", Rule::Name),
    ("field_identifier", Rule::Name),
    ("type_identifier", Rule::TypeName),
];

const CLASSES: &[(&str, Rule)] = &[
    ("class_specifier", Rule::Code(composite)),
    ("namespace_definition", Rule::Code(namespace)),
    ("alias_declaration", Rule::Named("type", Role::Value)),
    ("concept_definition", Rule::Named("concept", Role::Value)),
    ("field_declaration", Rule::Code(declaration)),
    ("lambda_expression", Rule::Anonymous),
];

/// A source file's prototypes repeat what it defines.
const SOURCE: &[(&str, Rule)] = &[("declaration", Rule::Code(variable_or_member))];

/// A header's prototypes are what it offers.
const INTERFACE: &[(&str, Rule)] = &[("declaration", Rule::Code(declaration))];

/// What stands in a block is local, but for one that is the body of a type behind a macro.
fn block<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if scene.place == Place::Outside {
        findings.enter(Place::Function);
    }
}

/// What a declarator declares.
struct Declared<'t> {
    /// The whole name, with what qualifies it.
    name: Node<'t>,
    is_function: bool,
}

/// Most stars, brackets and parameter lists around a name.
const DECLARATOR_DEPTH: usize = 32;

fn declared(mut node: Node<'_>) -> Option<Declared<'_>> {
    let mut is_function = false;
    for _ in 0..DECLARATOR_DEPTH {
        node = match node.kind() {
            "identifier"
            | "field_identifier"
            | "type_identifier"
            | "qualified_identifier"
            | "operator_name"
            | "destructor_name"
            | "operator_cast"
            | "template_function" => {
                return Some(Declared {
                    name: node,
                    is_function: is_function || node.kind() == "operator_cast",
                });
            }
            "function_declarator" => {
                is_function = true;
                node.child_by_field_name("declarator")?
            }
            // A pointer to a function or a table of them is none.
            "pointer_declarator" | "array_declarator" | "init_declarator" => {
                is_function = false;
                node.child_by_field_name("declarator")?
            }
            _ => {
                let mut cursor = node.walk();
                let mut children = node.named_children(&mut cursor);
                children.find(|child| {
                    child.kind().ends_with("declarator") || child.kind().ends_with("identifier")
                })?
            }
        };
    }
    None
}

/// The definition of what is called `whole`: `A::B::name` is `name` behind `A::B::`.
fn named<'t>(
    scene: &Scene<'_, 't>,
    whole: Node<'t>,
    kind: DefinitionKind,
    role: Role,
) -> Draft<'t> {
    let mut name = whole;
    for _ in 0..DECLARATOR_DEPTH {
        match name.child_by_field_name("name") {
            Some(inner) if name.kind() == "qualified_identifier" => name = inner,
            _ => break,
        }
    }
    let owner = scene.text.get(whole.start_byte()..name.start_byte());
    Draft {
        name: spelled(scene, name),
        owner: plain(owner.unwrap_or_default()),
        ..scene.draft(name, kind, role)
    }
}

/// A name as it is written, operators without spaces: `operator==`, `operator bool`.
fn spelled(scene: &Scene<'_, '_>, name: Node<'_>) -> String {
    let text = plain(scene.text_of(name));
    match name.kind() {
        "operator_cast" => {
            let wanted = name.child_by_field_name("type");
            let wanted = wanted.map_or("", |wanted| scene.text_of(wanted));
            format!("operator {}", plain(wanted))
        }
        "operator_name" => match text.strip_prefix("operator ") {
            Some(sign) if !sign.starts_with(char::is_alphabetic) => format!("operator{sign}"),
            _ => text,
        },
        _ => text,
    }
}

/// Words that a broken text can make look like names of functions.
const CONTROL: &[&str] = &[
    "if", "for", "while", "switch", "return", "else", "catch", "do", "sizeof",
];

fn function<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(found) = scene.field("declarator").and_then(declared) else {
        return;
    };
    if !found.is_function {
        behind_macro(scene, findings, found.name);
        return;
    }
    let draft = named(scene, found.name, "function", Role::Function);
    if CONTROL.contains(&draft.name.as_str()) || is_test_macro(scene, &draft) {
        findings.enter(Place::Function);
    } else {
        findings.define(draft);
    }
}

/// `TEST(a, b) {`: without a type, called as macros are, and outside of a type.
fn is_test_macro(scene: &Scene<'_, '_>, draft: &Draft<'_>) -> bool {
    scene.field("type").is_none()
        && scene.place != Place::Type
        && draft.owner.is_empty()
        && draft
            .name
            .chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `class MACRO Name { … }` looks like a function `Name` that returns a `class MACRO`.
fn behind_macro<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>, name: Node<'t>) {
    let kind = match scene.field("type").map_or("", |node| node.kind()) {
        "class_specifier" => "class",
        "struct_specifier" => "struct",
        "union_specifier" => "union",
        _ => return,
    };
    findings.define(named(scene, name, kind, Role::Type));
}

/// `struct name { … }`; without a body it only says that there is one, unless it is a template, whose
/// bodies may all be special cases.
fn composite<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let has_body = scene.field("body").is_some();
    let is_first_of_template = scene.is_in(&["template_declaration"]);
    match scene.field("name") {
        Some(name) if has_body || is_first_of_template => {
            findings.define(named(scene, name, kind_of(scene.node), Role::Type));
        }
        None if has_body => findings.enter(Place::Type),
        _ => {}
    }
}

fn kind_of(specifier: Node<'_>) -> DefinitionKind {
    match specifier.kind() {
        "class_specifier" => "class",
        "union_specifier" => "union",
        "enum_specifier" => "enum",
        "struct_specifier" => "struct",
        _ => "type",
    }
}

/// `typedef struct { … } name, *other;`.
fn typedef<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let value = scene.field("type");
    let body = value.and_then(|value| value.child_by_field_name("body"));
    let kind = value.filter(|_| body.is_some()).map_or("type", kind_of);
    let mut cursor = scene.node.walk();
    for declarator in scene.node.children_by_field_name("declarator", &mut cursor) {
        if let Some(found) = declared(declarator) {
            let draft = named(scene, found.name, kind, Role::Value);
            findings.define(Draft { body, ..draft });
        }
    }
}

fn namespace<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(whole) = scene.field("name") else {
        return;
    };
    let text = scene.text_of(whole);
    let (owner, name) = text
        .rsplit_once("::")
        .map_or(("", text), |(owner, name)| (owner, name));
    findings.define(Draft {
        name: plain(name),
        owner: if owner.is_empty() {
            String::new()
        } else {
            format!("{}::", plain(owner))
        },
        ..scene.draft(whole, "namespace", Role::Space)
    });
}

/// `#define NAME`; those that only guard a header are no definitions.
fn define<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(name) = scene.field("name") else {
        return;
    };
    let text = scene.text_of(name);
    let is_guard = scene.field("value").is_none()
        && ["_H", "_H_", "_HPP", "_HPP_", "_INCLUDED"]
            .iter()
            .any(|end| text.ends_with(end));
    if !is_guard {
        findings.define(scene.draft(name, "macro", Role::Value));
    }
}

/// Functions and variables that are declared without a body.
fn declaration<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    declarators(scene, findings, true);
}

/// The same where prototypes do not count, other than those of a class.
fn variable_or_member<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    declarators(scene, findings, scene.place == Place::Type);
}

fn declarators<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>, prototypes: bool) {
    let children = scene.children(scene.node);
    let words: Vec<_> = children
        .iter()
        .filter(|child| matches!(child.kind(), "storage_class_specifier" | "type_qualifier"))
        .map(|child| scene.text_of(*child))
        .collect();
    let kind = match words
        .iter()
        .any(|word| matches!(*word, "const" | "constexpr"))
    {
        true => "constant",
        false => "variable",
    };
    let mut cursor = scene.node.walk();
    for declarator in scene.node.children_by_field_name("declarator", &mut cursor) {
        let Some(found) = declared(declarator) else {
            continue;
        };
        let draft = if found.is_function {
            let draft = named(scene, found.name, "function", Role::Value);
            prototypes.then_some(draft)
        } else {
            let is_own = scene.place == Place::Outside && !words.contains(&"extern");
            is_own.then(|| named(scene, found.name, kind, Role::Value))
        };
        if let Some(draft) = draft {
            findings.define(draft);
        }
    }
}

fn include<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    findings.import(
        scene.field_text("path"),
        Vec::new(),
        scene.line_of(scene.node),
    );
}
