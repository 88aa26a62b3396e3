//! Stopping and starting again in the middle of things.
//!
//! These stories stop the bot in order; `tests/it/crash.rs` kills the real process.

use http::Method;

use crate::sandbox::world::{Fault, Gate};
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, Story};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_came_before_a_stop_is_answered_after_the_start() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.worker.concurrency = 0;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    story.sandbox.wait_for_deliveries().await;
    assert_eq!(story.bot_comments(issue), []);

    let story = story.restart(|_| {}).await;

    story.answer(issue).await;
    story.settle().await;
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_after_the_comment_posts_no_second_one() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    let first = story.answer(issue).await;
    story.settle().await;

    let story = story.restart(|_| {}).await;
    story.settle().await;

    assert_eq!(story.bot_comments(issue), [first]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_the_job_under_way() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let gate = Gate::default();
    let tree = "/repos/{owner}/{repo}/git/trees/{tree_sha}";
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, tree, hold, 1);
    story.label(issue, MAINTAINER);
    gate.reached().await;

    let opener = tokio::spawn(async move {
        tokio::task::yield_now().await;
        gate.open();
    });
    let story = story.restart(|_| {}).await;
    opener.await.unwrap();
    story.settle().await;

    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}
