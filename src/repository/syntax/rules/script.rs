//! JavaScript and TypeScript.

use tree_sitter::Node;

use super::{Rule, Rules};
use crate::repository::syntax::scene::{Draft, Findings, Place, Role, Scene, plain, unquoted};

pub(in crate::repository::syntax) const JAVASCRIPT: Rules =
    &[COMMON, &[("field_definition", Rule::Code(field))]];

pub(in crate::repository::syntax) const TYPESCRIPT: Rules = &[
    COMMON,
    &[
        (
            "function_signature",
            Rule::Named("function", Role::Function),
        ),
        (
            "abstract_class_declaration",
            Rule::Named("class", Role::Type),
        ),
        (
            "interface_declaration",
            Rule::Named("interface", Role::Type),
        ),
        ("type_alias_declaration", Rule::Named("type", Role::Value)),
        ("enum_declaration", Rule::Named("enum", Role::Type)),
        ("internal_module", Rule::Code(namespace)),
        ("module", Rule::Code(namespace)),
        ("method_signature", Rule::Code(method)),
        ("abstract_method_signature", Rule::Code(method)),
        ("public_field_definition", Rule::Code(field)),
        ("import_require_clause", Rule::Code(import)),
        ("type_identifier", Rule::TypeName),
    ],
];

const COMMON: &[(&str, Rule)] = &[
    (
        "function_declaration",
        Rule::Named("function", Role::Function),
    ),
    (
        "generator_function_declaration",
        Rule::Named("function", Role::Function),
    ),
    ("class_declaration", Rule::Named("class", Role::Type)),
    ("class", Rule::Code(expression)),
    ("function_expression", Rule::Code(expression)),
    ("generator_function", Rule::Code(expression)),
    ("arrow_function", Rule::Anonymous),
    ("class_static_block", Rule::Anonymous),
    ("method_definition", Rule::Code(method)),
    ("variable_declarator", Rule::Code(variable)),
    ("pair", Rule::Code(pair)),
    ("assignment_expression", Rule::Code(assignment)),
    ("import_statement", Rule::Code(import)),
    ("export_statement", Rule::Code(import)),
    ("call_expression", Rule::Code(call)),
    ("identifier", Rule::Name),
    ("property_identifier", Rule::Name),
];

/// A function or class that is a value.
fn is_definition(value: Node<'_>) -> bool {
    matches!(
        value.kind(),
        "arrow_function" | "function_expression" | "generator_function" | "class"
    )
}

/// The definition that gives `value`, a function or a class, the name written at `name`.
fn defined<'t>(scene: &Scene<'_, 't>, name: Node<'t>, value: Node<'t>) -> Draft<'t> {
    let (kind, role) = match value.kind() {
        "class" => ("class", Role::Type),
        _ => ("function", Role::Function),
    };
    Draft {
        name: plain(unquoted(scene.text_of(name))),
        body: value.child_by_field_name("body"),
        ..scene.draft(name, kind, role)
    }
}

/// `const name = …`: a function or class of that name, or a value.
fn variable<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(name) = scene
        .field("name")
        .filter(|name| name.kind() == "identifier")
    else {
        return;
    };
    let value = scene.field("value");
    let draft = match value.filter(|value| is_definition(*value)) {
        Some(value) => defined(scene, name, value),
        None => {
            let outer = scene.parent();
            let word = outer.and_then(|outer| outer.child_by_field_name("kind"));
            let is_constant = word.is_some_and(|word| scene.text_of(word) == "const");
            let kind = if is_constant { "constant" } else { "variable" };
            scene.draft(name, kind, Role::Value)
        }
    };
    findings.define(draft);
}

/// `key: function …` in an object.
fn pair<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let (Some(key), Some(value)) = (scene.field("key"), scene.field("value"))
        && is_definition(value)
        && key.kind() != "computed_property_name"
    {
        findings.define(defined(scene, key, value));
    }
}

/// `name = (…) => …` in a class.
fn field<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let name = scene.field("property").or_else(|| scene.field("name"));
    if let (Some(name), Some(value)) = (name, scene.field("value"))
        && is_definition(value)
        && name.kind() != "computed_property_name"
    {
        findings.define(defined(scene, name, value));
    }
}

/// `name(…) { … }` of a class, an object or an interface.
fn method<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let name = scene.field("name");
    match name.filter(|name| name.kind() != "computed_property_name") {
        Some(name) => findings.define(Draft {
            name: plain(unquoted(scene.text_of(name))),
            ..scene.draft(name, "function", Role::Function)
        }),
        None => findings.enter(Place::Function),
    }
}

/// `a.b.name = function …`: what is before the name is its container, as it is written.
fn assignment<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let (Some(left), Some(value)) = (scene.field("left"), scene.field("right")) else {
        return;
    };
    if !is_definition(value) || is_export_of_named(scene, left, value) {
        return;
    }
    match left.kind() {
        "identifier" => findings.define(defined(scene, left, value)),
        "member_expression" => {
            let object = left.child_by_field_name("object");
            if let (Some(object), Some(name)) = (object, left.child_by_field_name("property")) {
                findings.define(Draft {
                    owner: plain(scene.text_of(object)),
                    ..defined(scene, name, value)
                });
            }
        }
        _ => {}
    }
}

/// Whether this is `module.exports = function name`, which is called by its own name.
fn is_export_of_named(scene: &Scene<'_, '_>, left: Node<'_>, value: Node<'_>) -> bool {
    matches!(scene.text_of(left), "module.exports" | "exports")
        && value.child_by_field_name("name").is_some()
}

/// A function or class that is a value: named by what it is assigned to, else by itself.
fn expression<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let is_class = scene.node.kind() == "class";
    let is_named_outside = match scene.parent() {
        Some(outer) if outer.kind() == "assignment_expression" => {
            let left = outer.child_by_field_name("left");
            !left.is_some_and(|left| is_export_of_named(scene, left, scene.node))
        }
        _ => scene.is_in(&[
            "variable_declarator",
            "pair",
            "field_definition",
            "public_field_definition",
        ]),
    };
    match scene.field("name").filter(|_| !is_named_outside) {
        Some(name) => {
            let (kind, role) = if is_class {
                ("class", Role::Type)
            } else {
                ("function", Role::Function)
            };
            findings.define(scene.draft(name, kind, role));
        }
        None => findings.enter(if is_class {
            Place::Type
        } else {
            Place::Function
        }),
    }
}

/// `namespace A.B { … }` and `declare module "a" { … }`.
fn namespace<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if let Some(name) = scene.field("name") {
        findings.define(Draft {
            name: plain(unquoted(scene.text_of(name))),
            ..scene.draft(name, "namespace", Role::Space)
        });
    }
}

/// `import a, { b as c } from "m"`, `export { b } from "m"`, `import "m"`, `import a = require("m")`.
fn import<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    let Some(source) = scene.field("source") else {
        return;
    };
    let mut names = Vec::new();
    for clause in scene.children(scene.node) {
        match clause.kind() {
            "import_clause" => {
                for part in scene.children(clause) {
                    match part.kind() {
                        "identifier" => names.push("default".to_owned()),
                        "namespace_import" => names.push("*".to_owned()),
                        _ => names.extend(specified(scene, part)),
                    }
                }
            }
            "export_clause" => names.extend(specified(scene, clause)),
            _ => {}
        }
    }
    findings.import(
        unquoted(scene.text_of(source)),
        names,
        scene.line_of(scene.node),
    );
}

/// The names in `{ a, b as c }`, as they are called where they come from.
fn specified(scene: &Scene<'_, '_>, list: Node<'_>) -> Vec<String> {
    let mut cursor = list.walk();
    list.named_children(&mut cursor)
        .filter_map(|part| part.child_by_field_name("name"))
        .map(|name| unquoted(scene.text_of(name)).to_owned())
        .collect()
}

/// `require("m")` and `import("m")`.
fn call<'t>(scene: &Scene<'_, 't>, findings: &mut Findings<'t>) {
    if !matches!(scene.field_text("function"), "require" | "import") {
        return;
    }
    let arguments = scene.field("arguments");
    let first = arguments.and_then(|list| scene.child(list, &["string"]));
    if let Some(source) = first {
        findings.import(
            unquoted(scene.text_of(source)),
            Vec::new(),
            scene.line_of(source),
        );
    }
}
