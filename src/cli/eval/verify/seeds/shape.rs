//! Answers that claim what only the verifier may say, or have another shape than a plan.

use serde_json::{Value, json};

/// One kind of answer that must not be read as a plan.
pub(in crate::cli::eval::verify) struct Shape {
    pub(in crate::cli::eval::verify) name: &'static str,
    /// Spoils a plan that is written as JSON.
    pub(in crate::cli::eval::verify) spoil: fn(&mut Value) -> Option<()>,
}

/// All kinds.
pub(in crate::cli::eval::verify) const SHAPES: &[Shape] = &[
    Shape {
        name: "forged places of the verifier",
        spoil: forged_places,
    },
    Shape {
        name: "forged lines in an anchor",
        spoil: forged_lines,
    },
    Shape {
        name: "forged evidence of maintenance",
        spoil: forged_maintenance,
    },
    Shape {
        name: "unknown field",
        spoil: unknown_field,
    },
    Shape {
        name: "field left out",
        spoil: missing_field,
    },
    Shape {
        name: "null instead of nothing",
        spoil: null_field,
    },
    Shape {
        name: "word that the schema does not have",
        spoil: unknown_word,
    },
    Shape {
        name: "text of 10,000 bytes",
        spoil: long_text,
    },
];

fn set(plan: &mut Value, pointer: &str, name: &str, value: Value) -> Option<()> {
    let object = plan.pointer_mut(pointer)?.as_object_mut()?;
    object.insert(name.to_owned(), value);
    Some(())
}

fn forged_places(plan: &mut Value) -> Option<()> {
    let places =
        json!({"/changes/0/path": {"path": "src/forged.rs", "start": 1, "end": 2, "new": false}});
    let resolved = json!({"commit": "0".repeat(40), "references": {"verified": 9, "total": 9}, "places": places});
    set(plan, "", "resolved", resolved)
}

fn forged_lines(plan: &mut Value) -> Option<()> {
    set(plan, "/changes/0/anchors/0", "lines", json!([1, 2]))
}

fn forged_maintenance(plan: &mut Value) -> Option<()> {
    let dependency = json!([{"name": "x", "registry": "other", "version": "", "purpose": "", "why_not_existing": "",
        "why_not_own_code": "", "used_by": [], "last_release": "2026-01-01"}]);
    set(plan, "", "dependencies", dependency)
}

fn unknown_field(plan: &mut Value) -> Option<()> {
    set(plan, "/understanding", "confidence", json!(0.99))
}

fn missing_field(plan: &mut Value) -> Option<()> {
    plan.pointer_mut("/changes/0")?
        .as_object_mut()?
        .remove("why")?;
    Some(())
}

fn null_field(plan: &mut Value) -> Option<()> {
    set(plan, "/changes/0", "new_path", Value::Null)
}

fn unknown_word(plan: &mut Value) -> Option<()> {
    set(plan, "/changes/0", "op", json!("rewrite"))
}

fn long_text(plan: &mut Value) -> Option<()> {
    set(plan, "/changes/0", "what", json!("word ".repeat(2_000)))
}
