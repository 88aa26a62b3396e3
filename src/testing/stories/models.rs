//! Plans by a model, and what happens when it fails.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::git::upload_repository;
use crate::testing::scripted_model::{Answer, ScriptedModel};
use crate::testing::story::{MAINTAINER, Story, use_model};

/// A plan for [`upload_repository`] in which everything is true.
pub(in crate::testing) fn true_plan() -> Value {
    json!({
        "understanding": {
            "restatement": "An upload that the server refuses is given up at once. It should be tried again a few times, with a pause, before the queue reports that it failed for good.",
            "request_points": [{"id": "R1", "text": "Refused uploads are tried again", "kind": "behaviour"}],
            "assumptions": [],
            "open_questions": []
        },
        "findings": [{"statement": "send_file returns the first refusal to its caller", "evidence": []}],
        "decisions": [],
        "changes": [change("C1", "src/upload.rs", "send_file", "pub fn send_file(item: &Item) -> Result<String, UploadError> {")],
        "steps": [{"id": "T1", "title": "Try a refused upload again", "detail": "Wrap the call of post in a bounded loop.", "changes": ["C1"]}],
        "dependencies": [],
        "risks": [
            {"category": "security", "risk": "none because nothing new is sent", "mitigation": "", "changes": []},
            {"category": "performance", "risk": "a dead server holds the queue up", "mitigation": "at most three attempts", "changes": ["C1"]},
            {"category": "robustness", "risk": "a file changes between attempts", "mitigation": "the body is read once", "changes": ["C1"]}
        ],
        "architecture_notes": [],
        "out_of_scope": []
    })
}

fn change(id: &str, path: &str, symbol: &str, quote: &str) -> Value {
    json!({
        "id": id, "op": "modify", "path": path, "new_path": "",
        "anchors": [{"symbol": symbol, "quote": quote, "line_hint": 0, "relation": "inside"}],
        "evidence": [], "what": "try again after a refusal, at most three times", "why": "a busy server refuses for a moment only",
        "interfaces": [], "data_structures": [], "imports": [], "config": [],
        "snippet": {"language": "", "code": ""}, "reuses": [], "why_new": "", "side_effects": [],
        "covers": ["R1"], "depends_on": []
    })
}

async fn tell(answers: Vec<Answer>) -> (ScriptedModel, String) {
    let model = ScriptedModel::start(answers).await;
    let address = model.address().clone();
    let story = Story::begin_with(upload_repository(), |settings| {
        use_model(settings, &address);
        settings.worker.max_attempts = 1;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "`send_file` should try again.");
    story.label(issue, MAINTAINER);
    let body = story.answer(issue).await.body;
    story.end().await;
    (model, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_true_plan_is_posted_with_its_references_counted() {
    let (model, body) = tell(vec![Answer::Says(true_plan().to_string())]).await;

    assert!(body.starts_with("## Plan\n"), "{body}");
    assert!(body.contains("3 of 3 references verified"), "{body}");
    assert!(body.contains("/blob/"), "{body}");
    assert!(body.contains("src/upload.rs#L6"), "{body}");
    assert_eq!((model.asked().len(), model.answers_left()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invented_file_is_not_shown_as_fact() {
    let mut plan = true_plan();
    plan["changes"][0] = change(
        "C1",
        "src/retry_engine.rs",
        "RetryEngine",
        "pub struct RetryEngine {}",
    );
    let says = || Answer::Says(plan.to_string());
    let (model, body) = tell(vec![says(), says(), says()]).await;

    assert!(body.starts_with("## Outline"), "{body}");
    assert!(!body.contains("retry_engine"), "{body}");
    assert!(model.asked().len() <= 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn prose_instead_of_a_plan_becomes_an_outline() {
    let says = || Answer::Says("I would simply rewrite it. @everyone".to_owned());
    let (model, body) = tell(vec![says(), says(), says(), says()]).await;

    assert!(body.starts_with("## Outline"), "{body}");
    assert!(!body.contains("everyone"), "{body}");
    assert!(model.asked().len() <= 3, "the budget is three calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_down_leaves_an_outline() {
    let fails = || Answer::Fails(StatusCode::INTERNAL_SERVER_ERROR);
    let (_model, body) = tell(vec![fails(), fails(), fails()]).await;

    assert!(body.starts_with("## Outline"), "{body}");
    assert!(body.contains("src/upload.rs"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_reaches_the_model() {
    let (model, _) = tell(vec![Answer::Says(true_plan().to_string())]).await;

    let asked = model.asked()[0].to_string();
    for secret in ["a key of no use", "PRIVATE KEY", "ghs_"] {
        assert!(!asked.contains(secret), "{secret} was sent");
    }
}
