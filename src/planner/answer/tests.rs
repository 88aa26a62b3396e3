use proptest::prelude::*;

use super::*;
use crate::planner::draft::Draft;
use crate::planner::fixture::gold;

fn read(text: &str) -> Result<Draft, DraftError> {
    read_answer(text)
}

fn json() -> String {
    serde_json::to_string_pretty(&gold()).unwrap()
}

#[test]
fn wrapping_is_forgiven() {
    let json = json();
    for text in [
        json.clone(),
        format!("\u{feff}  {json}\n\n"),
        format!("```json\n{json}\n```"),
        format!("Here is the plan you asked for:\n\n```\n{json}\n```\nAnything else?"),
        format!("<think>Maybe {{ \"understanding\": 1 }} would do {{ </think>{json}"),
        format!("I used the form {{id}} for ids and {{}} for none.\n{json}\nDone {{ok}}."),
        json.replace("\n}", ",\n}")
            .replace("]", ", \n ]")
            .replace("[, \n ]", "[]"),
    ] {
        assert_eq!(read(&text), Ok(gold()), "{text}");
    }
}

#[test]
fn commas_and_brackets_inside_of_texts_stay() {
    let mut plan = gold();
    plan.changes[0].what = "keep `[a, ]`, `{b,}` and \\\"c, }\\\" and a lone \" and \\".to_owned();
    let text = serde_json::to_string(&plan).unwrap();
    assert_eq!(read(&text), Ok(plan));
}

#[test]
fn prose_is_no_answer() {
    let why = "the answer holds no JSON object".to_owned();
    for text in ["", "I cannot do that.", "null", "[1, 2]", "a { b"] {
        let error = read(text).unwrap_err();
        assert_eq!(error, DraftError::Syntax { why: why.clone() }, "{text}");
    }
}

#[test]
fn cut_answer_is_told_apart_from_a_wrong_one() {
    let json = json();
    let why = "the JSON object does not end".to_owned();
    for share in [1, 10, 50, 99] {
        let cut = json.get(..json.len() * share / 100).unwrap();
        let error = read(&format!("Sure: {cut}")).unwrap_err();
        assert_eq!(error, DraftError::Syntax { why: why.clone() }, "{share}");
    }
}

#[test]
fn problem_told_is_that_of_the_largest_object() {
    let json = json().replace("\"steps\"", "\"tasks\"");
    let error = read(&format!("{{\"a\": 1}} {json} {{\"b\": 2}}")).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `tasks`"),
        "{error}"
    );
}

#[test]
fn places_of_our_own_are_not_taken_from_a_model() {
    let json = json();
    let end = json.rfind('}').unwrap();
    let text = format!("{}, \"resolved\": {{}}}}", json.get(..end).unwrap());
    let error = read(&text).unwrap_err();
    assert!(
        error.to_string().contains("unknown field `resolved`"),
        "{error}"
    );
}

#[test]
fn huge_answer_is_not_looked_at() {
    let text = format!("{}{}", " ".repeat(256 * 1024), json());
    assert_eq!(
        read(&text),
        Err(DraftError::TooLarge {
            limit_bytes: 256 * 1024
        })
    );
}

#[test]
fn answer_of_brackets_costs_no_stack() {
    for flood in [
        "{\"a\":",
        "[",
        "{",
        "{\"understanding\":[{\"a\":",
        "}",
        "{\"\\",
    ] {
        let text = flood.repeat(200_000 / flood.len());
        assert!(read(&text).is_err(), "{flood}");
    }
}

#[test]
fn closed_deep_nesting_is_refused() {
    let text = format!(
        "{{\"understanding\":{}{}}}",
        "[".repeat(9_000),
        "]".repeat(9_000)
    );
    assert!(read(&text).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "[\\\\{}\\[\\]\",:a\u{e9}\u{1d54f} \n]{0,200}") {
        prop_assert!(read(&text).is_err());
    }
}

#[test]
fn cut_plan_keeps_its_whole_changes_with_a_step_for_each() {
    let json = json();
    let second = json.find("\"id\": \"C3\"").unwrap();
    let draft = read_prefix(&format!("Sure:\n{}", json.get(..second + 40).unwrap())).unwrap();
    assert_eq!(draft.changes, gold().changes[..2]);
    assert_eq!(draft.understanding, gold().understanding);
    let steps: Vec<_> = (draft.steps.iter())
        .map(|step| {
            (
                step.id.as_str(),
                step.title.as_str(),
                step.changes.as_slice(),
            )
        })
        .collect();
    let changes = [["C1".to_owned()], ["C2".to_owned()]];
    assert_eq!(
        steps,
        [
            (
                "T1",
                "Change src/config.rs for the pause",
                changes[0].as_slice()
            ),
            ("T2", "Change src/backoff.rs for the pause", &changes[1]),
        ]
    );
    assert_eq!(draft.risks, []);
}

#[test]
fn plan_cut_behind_its_changes_keeps_all_of_them() {
    let json = json();
    let cut = json.find("\"architecture_notes\"").unwrap();
    let draft = read_prefix(json.get(..cut).unwrap()).unwrap();
    assert_eq!(draft.changes, gold().changes);
}

#[test]
fn nothing_is_saved_of_a_plan_without_a_whole_change() {
    let json = json();
    let first = json.find("\"id\": \"C1\"").unwrap();
    for text in [
        "",
        "prose",
        "{",
        "{\"changes\": [",
        json.get(..first + 30).unwrap(),
    ] {
        assert_eq!(read_prefix(text), None, "{text}");
    }
    let elsewhere = "{\"a\": {\"changes\": [{}]}, \"b\": [";
    assert_eq!(read_prefix(elsewhere), None);
}

proptest! {
    #[test]
    fn no_cut_makes_saving_panic(share in 0..1_000_usize) {
        let json = json();
        let cut = json.floor_char_boundary(json.len() * share / 1_000);
        if let Some(draft) = read_prefix(json.get(..cut).unwrap()) {
            prop_assert_eq!(&draft.changes[..], &gold().changes[..draft.changes.len()]);
        }
    }
}
