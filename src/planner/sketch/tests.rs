use serde_json::json;

use super::*;
use crate::planner::answer::read_answer;

fn change(id: &str, op: &str, symbol: &str) -> serde_json::Value {
    json!({
        "id": id, "op": op, "path": "src/client.rs", "new_path": "", "symbol": symbol,
        "what": "Wait.", "covers": ["R1"], "depends_on": []
    })
}

fn sketch(changes: &[serde_json::Value]) -> Sketch {
    let text = json!({
        "understanding": {
            "restatement": "Wait between attempts.", "request_points": [],
            "assumptions": [], "open_questions": []
        },
        "decisions": [], "changes": changes, "steps": [], "risks": [], "out_of_scope": ["R2"]
    });
    read_answer(&text.to_string()).unwrap()
}

#[test]
fn sketch_becomes_a_draft_of_thin_changes() {
    let draft =
        sketch(&[change("C1", "modify", "Client"), change("C2", "add", "New")]).into_draft();
    assert_eq!(draft.out_of_scope, ["R2"]);
    let [first, second] = draft.changes.as_slice() else {
        panic!("two changes");
    };
    assert_eq!(
        (first.anchors[0].symbol.as_str(), first.what.as_str()),
        ("Client", "Wait.")
    );
    assert_eq!((&second.anchors, second.op), (&Vec::new(), Operation::Add));
}

#[test]
fn changes_are_filled_in_three_at_a_time() {
    let changes: Vec<_> = (1..=7)
        .map(|i| change(&format!("C{i}"), "modify", ""))
        .collect();
    let groups = groups(&sketch(&changes).into_draft());
    assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(groups[2], ["C7"]);
}

#[test]
fn schema_of_a_sketch_takes_a_sketch_and_nothing_more() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = serde_json::to_value(sketch(&[change("C1", "modify", "x")])).unwrap();
    assert!(validator.is_valid(&good));
    let mut extra = good;
    extra["changes"][0]["anchors"] = json!([]);
    assert!(!validator.is_valid(&extra));
}
