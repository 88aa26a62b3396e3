use serde_json::json;

use super::*;
use crate::planner::fixture::{gold, texts};

fn repair() -> Repair {
    Repair {
        replace: Vec::new(),
        drop: Vec::new(),
        steps: Vec::new(),
        open_questions: Vec::new(),
    }
}

fn applied(repair: &Repair) -> Draft {
    read_repair(&gold(), &serde_json::to_string(repair).unwrap()).unwrap()
}

#[test]
fn change_is_replaced_by_id_and_the_rest_stays() {
    let mut change = gold().changes[2].clone();
    change.what = "Something else.".to_owned();
    let repaired = applied(&Repair {
        replace: vec![change.clone()],
        ..repair()
    });
    let mut expected = gold();
    expected.changes[2] = change;
    assert_eq!(repaired, expected);
}

#[test]
fn change_with_a_new_id_is_added() {
    let mut change = gold().changes[2].clone();
    change.id = "C4".to_owned();
    let repaired = applied(&Repair {
        replace: vec![change.clone()],
        ..repair()
    });
    assert_eq!(repaired.changes.len(), 4);
    assert_eq!(repaired.changes[3], change);
}

#[test]
fn dropped_change_leaves_no_reference() {
    let repaired = applied(&Repair {
        drop: vec![Dropped {
            id: "C2".to_owned(),
            reason: "not needed".to_owned(),
        }],
        ..repair()
    });
    let text = serde_json::to_string(&repaired).unwrap();
    assert!(!text.contains("\"C2\""), "{text}");
    assert_eq!(repaired.steps.len(), 2);
}

#[test]
fn step_goes_with_its_only_change() {
    let mut draft = gold();
    remove_change(&mut draft, "C3");
    assert_eq!(draft.steps, gold().steps[..1]);
}

#[test]
fn questions_are_added_under_free_ids() {
    let mut question = gold().understanding.open_questions[0].clone();
    question.question = "And R1?".to_owned();
    let repaired = applied(&Repair {
        open_questions: vec![question],
        ..repair()
    });
    let ids = repaired
        .understanding
        .open_questions
        .iter()
        .map(|it| &*it.id);
    assert_eq!(ids.collect::<Vec<_>>(), ["Q1", "Q2"]);
}

#[test]
fn steps_are_replaced_as_a_whole_or_not_at_all() {
    let mut steps = gold().steps;
    steps.truncate(1);
    steps[0].changes = texts(&["C1", "C2", "C3"]);
    let repaired = applied(&Repair {
        steps: steps.clone(),
        ..repair()
    });
    assert_eq!(repaired.steps, steps);
    assert_eq!(applied(&repair()), gold());
}

#[test]
fn whole_plan_in_place_of_corrections_is_taken() {
    let mut plan = gold();
    plan.out_of_scope.push("More.".to_owned());
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(read_repair(&gold(), &text), Ok(plan));
}

#[test]
fn anything_else_is_refused() {
    for text in [
        json!({"replace": []}).to_string(),
        "no".to_owned(),
        json!({}).to_string(),
    ] {
        assert!(read_repair(&gold(), &text).is_err(), "{text}");
    }
}
