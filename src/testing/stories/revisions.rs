//! A plan and its revisions: one comment, names that stay, and what is told of each.

use serde_json::{Value, json};

use crate::cli::compose;
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{Author, AuthorKind, Comment, ThreadNumber, UserId};
use crate::store::NewDelivery;
use crate::testing::git::upload_repository;
use crate::testing::scripted_model::{Answer, ScriptedModel};
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, Story, use_model};

/// A story in which a model says `answers`, and then fails.
async fn begin(answers: &[Value]) -> (ScriptedModel, Story) {
    let answers = answers.iter().map(|plan| Answer::Says(plan.to_string()));
    let model = ScriptedModel::start(answers.collect()).await;
    let address = model.address().clone();
    let story = Story::begin_with(upload_repository(), |settings| {
        use_model(settings, &address);
        settings.worker.max_attempts = 1;
    })
    .await;
    (model, story)
}

/// An issue with a plan.
async fn planned(story: &Story) -> (ThreadNumber, Comment) {
    let issue = story.open_issue("Uploads are lost", "`send_file` should try again.");
    story.label(issue, MAINTAINER);
    let comment = story.answer(issue).await;
    story.settle().await;
    (issue, comment)
}

/// The bot's one comment after a maintainer said something.
async fn after(story: &Story, issue: ThreadNumber, said: &str) -> Comment {
    story.comment(issue, MAINTAINER, said);
    story.settle().await;
    let mut comments = story.bot_comments(issue);
    assert_eq!(comments.len(), 1, "one comment");
    comments.remove(0)
}

/// The true plan with a step before the one that it has.
fn longer_plan() -> Value {
    let mut plan = true_plan();
    let mut queue = plan["changes"][0].clone();
    queue["id"] = json!("C1");
    queue["path"] = json!("src/queue.rs");
    queue["anchors"] = json!([{
        "symbol": "drain_queue", "line_hint": 0, "relation": "inside",
        "quote": "pub fn drain_queue(items: &[Item]) -> Result<(), UploadError> {",
    }]);
    queue["what"] = json!("go on with the next item when one fails for good");
    plan["changes"][0]["id"] = json!("C2");
    plan["changes"].as_array_mut().unwrap().insert(0, queue);
    plan["steps"][0]["id"] = json!("T2");
    plan["steps"][0]["changes"] = json!(["C2"]);
    let step = json!({
        "id": "T1", "title": "Go on after a failure", "changes": ["C1"],
        "detail": "One lost file does not keep the others back.",
    });
    plan["steps"].as_array_mut().unwrap().insert(0, step);
    plan
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_edits_the_comment_and_keeps_the_names_of_what_stays() {
    let (model, story) = begin(&[true_plan(), longer_plan(), true_plan()]).await;
    let (issue, first) = planned(&story).await;
    assert!(!first.body.contains("Revision log"), "{}", first.body);

    let said = "/plan revise Go on with the other files, please";
    let second = after(&story, issue, said).await;
    assert_eq!(second.id, first.id);
    let difference = "\n**Revision 2:** T2 added.\n";
    assert!(second.body.contains(difference), "{}", second.body);
    assert!(second.body.contains("- **T2** Go on after a failure"));
    assert!(second.body.contains("- **T1** Try a refused upload again"));
    let log =
        "asked for by `/plan revise` “Go on with the other files, please”: T2, C2 added (1 call";
    assert!(second.body.contains(log), "{}", second.body);
    let asked = model.asked().remove(1).to_string();
    assert!(asked.contains("Go on with the other files, please"));
    assert!(asked.contains("T1 Try a refused upload again (C1)"));

    let third = after(&story, issue, "/plan").await;
    assert!(
        third.body.contains("\n**Revision 3:** T2 dropped.\n"),
        "{}",
        third.body
    );
    assert_eq!(
        third.body.matches("**Revision ").count(),
        4,
        "a line and a log of three"
    );
    assert_eq!(model.answers_left(), 0);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_stands_when_its_revision_fails_and_the_next_one_has_another_number() {
    let (_model, story) = begin(&[true_plan()]).await;
    let (issue, first) = planned(&story).await;
    let failed = after(&story, issue, "/plan revise try only twice").await;
    assert_eq!(failed.id, first.id);
    let notice = "> **Revision 2 came to nothing**, because the model could not be reached";
    assert!(failed.body.contains(notice), "{}", failed.body);
    assert!(
        failed.body.contains("- **T1** Try a refused upload again"),
        "{}",
        failed.body
    );
    assert!(
        failed.body.contains("\nRevision 1 · commit "),
        "{}",
        failed.body
    );
    let again = after(&story, issue, "/plan").await;
    assert!(
        again.body.contains("> **Revision 3 came to nothing**"),
        "{}",
        again.body
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_without_a_model_looks_for_what_the_feedback_names() {
    let story = Story::begin(upload_repository()).await;
    let (issue, first) = planned(&story).await;
    assert!(first.body.starts_with("## Outline"), "{}", first.body);
    let second = after(
        &story,
        issue,
        "/plan revise it is `drain_queue` that gives up",
    )
    .await;
    assert!(
        second
            .body
            .contains("> - it is `drain_queue` that gives up"),
        "{}",
        second.body
    );
    assert!(second.body.contains("src/queue.rs#L12"), "{}", second.body);
    assert!(second.body.contains("Revision log"), "{}", second.body);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_operator_asks_for_revises_the_plan_that_stands() {
    let (model, story) = begin(&[true_plan(), longer_plan()]).await;
    let (issue, first) = planned(&story).await;
    let request = Request {
        thread: story.thread(issue).await,
        sender: Author {
            id: UserId(0),
            login: "operator".to_owned(),
            kind: AuthorKind::Human,
        },
        trigger: Trigger::Operator {
            focus: "Go on with the other files".to_owned(),
        },
    };
    let delivery = NewDelivery {
        key: "cli:1".to_owned(),
        request,
        received_at: compose::now(),
        limit: None,
    };
    story.store().accept(delivery).await.unwrap();
    story.settle().await;

    let second = story.bot_comments(issue).remove(0);
    assert_eq!(second.id, first.id);
    let difference = "\n**Revision 2:** T2 added.\n";
    assert!(second.body.contains(difference), "{}", second.body);
    assert!(second.body.contains("- **T1** Try a refused upload again"));
    assert_eq!(model.answers_left(), 0);
    story.end().await;
}
