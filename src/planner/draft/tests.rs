use serde_json::{Value, json};

use super::*;
use crate::domain::plan::Target;
use crate::planner::fixture;
use crate::planner::repair;
use crate::planner::verify::unchecked;

fn gold() -> Value {
    serde_json::to_value(fixture::gold()).unwrap()
}

/// A plan whose first change has an entry in every list.
fn full() -> Value {
    let mut plan = fixture::gold();
    let [first, second, third] = &mut plan.changes[..] else {
        panic!("three changes");
    };
    first.interfaces.clone_from(&second.interfaces);
    first.imports.clone_from(&second.imports);
    first.reuses.clone_from(&second.reuses);
    first.depends_on.clone_from(&third.depends_on);
    plan.changes.truncate(1);
    serde_json::to_value(plan).unwrap()
}

/// The full plan with the value at `pointer` replaced.
fn full_with(pointer: &str, value: Value) -> String {
    let mut plan = full();
    *plan.pointer_mut(pointer).unwrap() = value;
    plan.to_string()
}

fn schema(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn plan_survives_writing_and_reading() {
    let text = serde_json::to_string(&fixture::gold()).unwrap();
    assert_eq!(Draft::parse(&text), Ok(fixture::gold()));
}

#[test]
fn example_fits_the_schema() {
    let problems = jsonschema::validator_for(&schema(SCHEMA)).unwrap();
    let problems: Vec<_> = problems
        .iter_errors(&gold())
        .map(|e| e.to_string())
        .collect();
    assert_eq!(problems, Vec::<String>::new());
}

/// Walks a schema beside an example that fills every field: same keys everywhere, everything required,
/// nothing else allowed.
fn differences(schema: &Value, example: &Value, at: &str, found: &mut Vec<String>) {
    match schema["type"].as_str().unwrap() {
        "object" => {
            let properties = schema["properties"].as_object().unwrap();
            let mut keys: Vec<_> = properties.keys().collect();
            let mut required: Vec<_> = (schema["required"].as_array().unwrap().iter())
                .map(|key| key.as_str().unwrap())
                .collect();
            let mut own: Vec<_> = example.as_object().unwrap().keys().collect();
            keys.sort();
            own.sort();
            required.sort_unstable();
            if keys != own || keys != required || schema["additionalProperties"] != json!(false) {
                found.push(format!("{at}: schema {keys:?}, type {own:?}"));
            }
            for (key, inner) in properties {
                differences(inner, &example[key], &format!("{at}/{key}"), found);
            }
        }
        "array" => match example.as_array().unwrap().first() {
            Some(item) => differences(&schema["items"], item, &format!("{at}/0"), found),
            None => found.push(format!("{at}: the example has none")),
        },
        "string" => assert!(example.is_string(), "{at}"),
        "integer" => assert!(example.is_i64(), "{at}"),
        "boolean" => assert!(example.is_boolean(), "{at}"),
        other => panic!("{at}: {other}"),
    }
}

#[test]
fn schema_and_types_have_the_same_fields() {
    let mut found = Vec::new();
    differences(&schema(SCHEMA), &full(), "", &mut found);
    assert_eq!(found, Vec::<String>::new());
}

/// All places of the schema that list words, as pointers into an example.
fn enumerations(schema: &Value, at: &str, found: &mut Vec<(String, Vec<Value>)>) {
    if let Some(words) = schema["enum"].as_array() {
        found.push((at.to_owned(), words.clone()));
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        enumerations(inner, &format!("{at}/{key}"), found);
    }
    if let Some(items) = schema.get("items") {
        enumerations(items, &format!("{at}/0"), found);
    }
}

#[test]
fn every_word_of_the_schema_is_read_and_no_other() {
    let mut found = Vec::new();
    enumerations(&schema(SCHEMA), "", &mut found);
    for (at, words) in &found {
        for word in words {
            assert!(
                Draft::parse(&full_with(at, word.clone())).is_ok(),
                "{at} {word}"
            );
        }
        assert!(
            Draft::parse(&full_with(at, json!("elsewise"))).is_err(),
            "{at}"
        );
    }
    assert_eq!(found.len(), 7);
}

#[test]
fn schema_has_nothing_that_a_provider_refuses() {
    for text in [SCHEMA, repair::SCHEMA] {
        for keyword in [
            "$ref", "anyOf", "oneOf", "allOf", "minItems", "pattern", "format", "null",
        ] {
            assert!(!text.contains(&format!("\"{keyword}\"")), "{keyword}");
        }
    }
}

#[test]
fn corrections_use_the_shapes_of_the_plan() {
    let (plan, repair) = (schema(SCHEMA), schema(repair::SCHEMA));
    let of = |schema: &Value, at: &str| schema.pointer(at).unwrap().clone();
    let change = of(&repair, "/properties/replace/items");
    assert_eq!(change, of(&plan, "/properties/changes/items"));
    let step = of(&repair, "/properties/steps/items");
    assert_eq!(step, of(&plan, "/properties/steps/items"));
    let question = of(&repair, "/properties/open_questions/items");
    let inner = "/properties/understanding/properties/open_questions/items";
    assert_eq!(question, of(&plan, inner));
}

#[test]
fn missing_field_is_named_with_its_place() {
    let mut plan = gold();
    plan["changes"][1].as_object_mut().unwrap().remove("why");
    let error = Draft::parse(&plan.to_string()).unwrap_err();
    insta::assert_snapshot!(error, @"`/changes/1`: missing field `why` at line 1 column 1592");
}

#[test]
fn document_that_is_no_object_is_told_what_a_plan_is() {
    for text in ["null", "[]", "7"] {
        let error = PlanFile::parse(text).unwrap_err().to_string();
        assert!(
            error.contains("an object with the fields of a plan, from `understanding`"),
            "{error}"
        );
    }
}

#[test]
fn wrong_type_is_named_with_its_place() {
    let text = full_with("/changes/0/anchors/1/line_hint", json!("seven"));
    let DraftError::Shape { at, why } = Draft::parse(&text).unwrap_err() else {
        panic!("not about the shape");
    };
    assert_eq!(at, "/changes/0/anchors/1/line_hint");
    assert!(
        why.starts_with("invalid type: string \"seven\", expected i64"),
        "{why}"
    );
}

#[test]
fn null_is_no_way_to_say_none() {
    let text = full_with("/changes/0/new_path", Value::Null);
    assert!(
        matches!(Draft::parse(&text), Err(DraftError::Shape { at, .. }) if at == "/changes/0/new_path")
    );
}

#[test]
fn unknown_field_is_refused_at_every_depth() {
    for at in [
        "",
        "/understanding",
        "/changes/0",
        "/changes/0/anchors/0",
        "/steps/1",
        "/risks/0",
    ] {
        let mut plan = gold();
        plan.pointer_mut(at).unwrap()["line"] = json!(7);
        assert!(
            matches!(
                Draft::parse(&plan.to_string()),
                Err(DraftError::Shape { .. })
            ),
            "{at}"
        );
    }
}

#[test]
fn text_behind_the_plan_is_refused() {
    let text = format!("{} {{}}", gold());
    assert!(matches!(
        Draft::parse(&text),
        Err(DraftError::Syntax { .. })
    ));
}

#[test]
fn nesting_without_end_is_refused() {
    let text = format!("{{\"understanding\":{}", "[".repeat(200_000));
    assert!(Draft::parse(&text).is_err());
}

#[test]
fn floods_are_refused_with_their_places() {
    let mut plan = fixture::gold();
    plan.out_of_scope = vec!["x".to_owned(); 101];
    plan.changes[0].what = "y".repeat(8_001);
    let error = Draft::parse(&serde_json::to_string(&plan).unwrap()).unwrap_err();
    assert_eq!(
        error.problems(),
        [
            "`/changes/0/what` has 8001 bytes, more than 8000",
            "`/out_of_scope` has 101 entries, more than 100",
        ]
    );
}

#[test]
fn only_the_first_few_floods_are_told() {
    let mut plan = fixture::gold();
    let step = plan.steps[0].clone();
    plan.steps = vec![step; 40];
    for step in &mut plan.steps {
        step.detail = "z".repeat(9_000);
    }
    let error = Draft::parse(&serde_json::to_string(&plan).unwrap()).unwrap_err();
    assert_eq!(error.problems().len(), 5);
}

#[test]
fn places_are_read_from_a_file_and_refused_in_a_plan() {
    let mut plan = gold();
    plan["resolved"] = json!({
        "commit": "c0ffee",
        "references": {"verified": 1, "total": 2},
        "places": {"/changes/0/path": {"path": "src/config.rs", "start": 0, "end": 0, "new": false}},
    });
    let text = plan.to_string();
    let file = PlanFile::parse(&text).unwrap();
    assert_eq!(file.draft, fixture::gold());
    assert_eq!(file.resolved.unwrap().references.total, 2);
    assert!(matches!(Draft::parse(&text), Err(DraftError::Shape { .. })));
}

#[test]
fn file_survives_writing_and_reading() {
    let mut resolved = Resolved::default();
    let path = crate::domain::repository::RepoPath::parse("src/new.rs").unwrap();
    resolved
        .places
        .insert("/changes/1/path".to_owned(), Place::new_file(&path));
    let file = PlanFile {
        draft: fixture::gold(),
        resolved: Some(resolved),
    };
    let text = serde_json::to_string(&file).unwrap();
    assert_eq!(PlanFile::parse(&text), Ok(file));
}

#[test]
fn oversized_file_is_refused_before_it_is_read() {
    let text = " ".repeat(1024 * 1024 + 1);
    assert_eq!(
        PlanFile::parse(&text).unwrap_err(),
        DraftError::TooLarge {
            limit_bytes: 1024 * 1024
        }
    );
}

#[test]
fn plan_that_nobody_checked_has_no_links() {
    let plan = unchecked(&fixture::gold(), None);
    let targets = plan.changes.iter().flat_map(|change| {
        let anchors = change.anchors.iter().map(|anchor| &anchor.target);
        let effects = change.side_effects.iter().map(|effect| &effect.target);
        std::iter::once(&change.target)
            .chain(anchors)
            .chain(effects)
            .chain(&change.evidence)
    });
    assert!(
        targets
            .into_iter()
            .all(|target| matches!(target, Target::Unverified { .. }))
    );
    assert_eq!(plan.changes.len(), 3);
}

#[test]
fn place_in_another_file_than_claimed_is_not_believed() {
    let mut resolved = Resolved::default();
    let place = |path: &str| Place {
        path: path.to_owned(),
        start: 3,
        end: 4,
        new: false,
    };
    resolved
        .places
        .insert("/changes/0/path".to_owned(), place("src/config.rs"));
    resolved
        .places
        .insert("/changes/0/anchors/0".to_owned(), place("src/main.rs"));
    resolved
        .places
        .insert("/changes/0/anchors/1".to_owned(), place("../../etc/passwd"));
    let plan = unchecked(&fixture::gold(), Some(&resolved));
    let unverified = Target::Unverified {
        claimed: "src/config.rs".to_owned(),
    };
    assert!(matches!(plan.changes[0].target, Target::Verified { .. }));
    assert_eq!(plan.changes[0].anchors[0].target, unverified);
    assert_eq!(plan.changes[0].anchors[1].target, unverified);
}
