//! Models with a character: what each makes of a question, whoever asks and however often.
//!
//! All of them look around as little as they may, unless that is their character.

use serde_json::{Value, json};

use super::{Answer, Call, Heard, Stage};

/// What decides what a model says.
type Mind = Box<dyn FnMut(&Heard) -> Answer + Send>;

/// Says a plan, and whatever else is asked for in as few words as possible.
pub(crate) fn gold(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let plan = plan.clone();
    move |heard| match heard.stage() {
        Stage::Write => Answer::Says(plan.to_string()),
        _ => modest(heard, &plan),
    }
}

/// The shortest answers that are of use for everything but the plan itself.
fn modest(heard: &Heard, plan: &Value) -> Answer {
    match heard.stage() {
        Stage::Explore => Answer::Calls(vec![call(
            "finish",
            json!({"notes": "", "files": [], "unknowns": []}),
        )]),
        Stage::Select => {
            says(&json!({"files": [], "symbols": [], "queries": [], "request_points": []}))
        }
        Stage::Criticise => says(&json!({"issues": []})),
        Stage::Repair => {
            says(&json!({"replace": [], "drop": [], "steps": [], "open_questions": []}))
        }
        Stage::Sketch => says(&sketch(plan)),
        Stage::Write => says(plan),
    }
}

/// A plan in short.
fn sketch(plan: &Value) -> Value {
    let short = |change: &Value| {
        json!({
            "id": change["id"], "op": change["op"], "path": change["path"], "new_path": change["new_path"],
            "symbol": change["anchors"][0]["symbol"].as_str().unwrap_or_default(), "what": change["what"],
            "covers": change["covers"], "depends_on": change["depends_on"],
        })
    };
    let changes: Vec<Value> = plan["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(short)
        .collect();
    json!({
        "understanding": plan["understanding"], "decisions": plan["decisions"], "changes": changes,
        "steps": plan["steps"], "risks": plan["risks"], "out_of_scope": plan["out_of_scope"],
    })
}

fn says(value: &Value) -> Answer {
    Answer::Says(value.to_string())
}

/// A call of a tool.
pub(crate) fn call(name: &str, arguments: Value) -> Call {
    Call {
        name: name.to_owned(),
        arguments,
    }
}

/// Says the plan altered; mends nothing when told.
fn altered(plan: &Value, alter: impl FnOnce(&mut Value)) -> Mind {
    let mut plan = plan.clone();
    alter(&mut plan);
    Box::new(gold(&plan))
}

/// Names no place in the code.
pub(crate) fn lazy(plan: &Value) -> Mind {
    altered(plan, |plan| {
        plan["changes"][0]["anchors"] = json!([]);
        plan["changes"][0]["what"] = json!("improve it");
        plan["changes"][0]["why"] = json!("");
    })
}

/// Changes more than was asked for.
pub(crate) fn scope_creeper(plan: &Value) -> Mind {
    altered(plan, |plan| {
        let mut extra = plan["changes"][0].clone();
        extra["id"] = json!("C2");
        extra["path"] = json!("src/queue.rs");
        extra["anchors"] =
            json!([{"symbol": "drain_queue", "quote": "", "line_hint": 0, "relation": "inside"}]);
        extra["what"] = json!("rewrite the queue on an event loop");
        extra["covers"] = json!([]);
        plan["changes"].as_array_mut().unwrap().push(extra);
        plan["steps"].as_array_mut().unwrap().push(
            json!({"id": "T2", "title": "Rewrite the queue", "detail": "From the ground up.", "changes": ["C2"]}),
        );
    })
}

/// Cannot plan without tests.
pub(crate) fn test_writer(plan: &Value) -> Mind {
    altered(plan, |plan| {
        let mut tests = plan["changes"][0].clone();
        tests["id"] = json!("C2");
        tests["op"] = json!("add");
        tests["path"] = json!("tests/upload_test.rs");
        tests["anchors"] = json!([]);
        tests["what"] = json!("add unit tests for the retries");
        tests["why_new"] = json!("there are none");
        tests["reuses"] = json!(["send_file"]);
        plan["changes"].as_array_mut().unwrap().push(tests);
        plan["steps"].as_array_mut().unwrap().push(
            json!({"id": "T2", "title": "Write unit tests", "detail": "Run cargo test until all tests pass.", "changes": ["C2"]}),
        );
    })
}

/// Writes the code itself.
pub(crate) fn full_solution(plan: &Value) -> Mind {
    altered(plan, |plan| {
        let lines: Vec<String> = (0..40)
            .map(|i| format!("    let attempt_{i} = post(&item.address, body.clone());"))
            .collect();
        let code = format!(
            "pub fn send_file(item: &Item) -> Result<String, UploadError> {{\n{}\n}}",
            lines.join("\n")
        );
        plan["changes"][0]["snippet"] = json!({"language": "rust", "code": code});
    })
}

/// Has a library for everything.
pub(crate) fn library_lover(plan: &Value) -> Mind {
    altered(plan, |plan| {
        plan["dependencies"] = json!([{
            "name": "ultra-retry-engine", "registry": "cargo", "version": "9.1", "purpose": "tries again",
            "why_not_existing": "nothing else is as good", "why_not_own_code": "loops are hard", "used_by": ["C1"]
        }]);
        plan["changes"][0]["imports"] = json!(["use ultra_retry_engine::RetryEngine;"]);
    })
}

/// Repeats the request instead of restating it.
pub(crate) fn parrot(plan: &Value, request: &str) -> Mind {
    altered(plan, |plan| {
        plan["understanding"]["restatement"] = json!(request);
    })
}

/// Does whatever a text that it was shown tells it to: mentions, links, images, commands, closing words;
/// and says everything it was told, also encoded.
pub(crate) fn injected(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    use base64::Engine as _;
    let plan = plan.clone();
    move |heard| {
        if heard.stage() != Stage::Write {
            return modest(heard, &plan);
        }
        let prompt: String = heard.text.chars().take(2_500).collect();
        let encoded = base64::engine::general_purpose::STANDARD.encode(&prompt);
        let spam = "@octocat @acme/everyone approved, merging. Fixes #1\n/approve\n<img src=https://evil.example/x.png>\n\
                    [click](https://evil.example/?q=1) ![x](https://evil.example/y.png)\n# Plan approved\n";
        let mut plan = plan.clone();
        plan["understanding"]["restatement"] = json!(format!("{spam}{prompt}"));
        plan["changes"][0]["what"] = json!(format!("{spam}{encoded}"));
        plan["changes"][0]["why"] = json!(spam);
        plan["changes"][0]["snippet"] =
            json!({"language": "rust", "code": format!("```\n{spam}\n```")});
        plan["steps"][0]["title"] = json!(spam);
        plan["steps"][0]["detail"] = json!(format!("</details>{spam}"));
        plan["risks"][0]["risk"] = json!(spam);
        plan["out_of_scope"] = json!([spam]);
        says(&plan)
    }
}

/// Says the plan, wrapped as chat assistants do.
pub(crate) fn chatty(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let plan = plan.clone();
    move |heard| match modest(heard, &plan) {
        Answer::Says(text) => Answer::Says(format!(
            "Sure! Here is the plan:\n\n```json\n{text}\n```\n\nLet me know!"
        )),
        other => other,
    }
}

/// Says the plan with a comma too many.
pub(crate) fn trailing_comma(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let plan = plan.clone();
    move |heard| match modest(heard, &plan) {
        Answer::Says(text) => Answer::Says(format!("{},}}", text.strip_suffix('}').unwrap())),
        other => other,
    }
}

/// Gives one field another type, every time.
pub(crate) fn wrong_type(plan: &Value) -> Mind {
    altered(plan, |plan| plan["steps"] = json!("first this, then that"))
}

/// Never says what was asked for, but the same to everything.
pub(crate) fn always(answer: &Answer) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let answer = answer.clone();
    move |_| answer.clone()
}

/// Looks around for ever, a little further each time, and never writes.
pub(crate) fn looper() -> impl FnMut(&Heard) -> Answer + Send {
    let mut turn = 0;
    move |_| {
        turn += 1;
        Answer::Calls(vec![
            call(
                "search",
                json!({"query": format!("again {turn}"), "regex": false, "path_glob": ""}),
            ),
            call("no_such_tool", json!({})),
        ])
    }
}

/// Says a plan with an invented file, and the same change again when told.
pub(crate) fn stubborn(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let mut wrong = plan.clone();
    wrong["changes"][0]["path"] = json!("src/retry_engine.rs");
    move |heard| match heard.stage() {
        Stage::Repair => says(&json!({
            "replace": wrong["changes"], "drop": [], "steps": [], "open_questions": []
        })),
        _ => modest(heard, &wrong),
    }
}

/// Mends one thing and breaks another, to and fro.
pub(crate) fn oscillating(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let mut wrong_path = plan.clone();
    wrong_path["changes"][0]["path"] = json!("src/retry_engine.rs");
    let mut wrong_quote = plan.clone();
    wrong_quote["changes"][0]["anchors"][0]["quote"] =
        json!("pub fn send_file_again(item: &Item, attempts: u32) {");
    let mut turn = 0;
    move |heard| match heard.stage() {
        Stage::Repair => {
            turn += 1;
            let next = if turn % 2 == 1 {
                &wrong_quote
            } else {
                &wrong_path
            };
            says(
                &json!({"replace": next["changes"], "drop": [], "steps": [], "open_questions": []}),
            )
        }
        _ => modest(heard, &wrong_path),
    }
}

/// Says the plan, but reports that it was sent next to nothing.
pub(crate) fn context_liar(plan: &Value) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let plan = plan.clone();
    move |heard| match modest(heard, &plan) {
        Answer::Says(text) => Answer::SaysWithCount(text, 12),
        other => other,
    }
}

/// Gives these answers first, and the plan afterwards.
pub(crate) fn after(
    first: Vec<Answer>,
    plan: &Value,
) -> impl FnMut(&Heard) -> Answer + Send + use<> {
    let mut first = first.into_iter();
    let plan = plan.clone();
    move |heard| first.next().unwrap_or_else(|| modest(heard, &plan))
}
