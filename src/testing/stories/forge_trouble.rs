//! What the forge may do wrong, and what people see then.

use std::time::Duration;

use http::Method;

use crate::cli::compose;
use crate::sandbox::world::{Fault, InstallationStatus, Limits};
use crate::store::{Intervention, JobState};
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, Story};

const COMMENTS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const TREE: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";

/// Labels an issue while `fault` waits on a route; returns the story at its end.
async fn meet(method: Method, route: &str, fault: Fault, times: usize) -> (Story, usize) {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.world().fail(method, route, fault, times);
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.settle().await;
    let comments = story.bot_comments(issue).len();
    (story, comments)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_once_is_read_again() {
    let (story, comments) = meet(Method::GET, TREE, Fault::ServerError(502), 1).await;
    assert_eq!(comments, 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forge_without_graphql_is_read_through_rest() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    let issue = story.open_issue("send_file gives up too early", "");

    story.label(issue, MAINTAINER);
    let answer = story.answer(issue).await;
    story.settle().await;

    assert!(answer.body.contains("src/upload.rs"), "{}", answer.body);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forge_without_reactions_is_served_all_the_same() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.world().set_limits(Limits {
        has_reactions: false,
        ..Limits::default()
    });
    let issue = story.open_issue("Uploads are lost", "");

    story.comment(issue, MAINTAINER, "/plan");

    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_whose_answer_was_lost_is_found_and_not_posted_twice() {
    let (story, comments) = meet(Method::POST, COMMENTS, Fault::CommitThenDrop, 1).await;
    assert_eq!(comments, 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_behind_a_bad_gateway_is_found_and_not_posted_twice() {
    let (story, comments) = meet(Method::POST, COMMENTS, Fault::CommitThenBadGateway, 1).await;
    assert_eq!(comments, 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_was_refused_for_a_moment_is_posted_later() {
    let limit = Fault::SecondaryLimit {
        retry_after: Some(Duration::from_secs(1)),
    };
    let (story, comments) = meet(Method::POST, COMMENTS, limit, 1).await;
    assert_eq!(comments, 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_made_in_private_that_could_not_be_posted_is_not_posted_in_public() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_private(true);
    let issue = story.open_issue("Uploads are lost", "");
    let world = story.sandbox.world();
    world.fail(Method::POST, COMMENTS, Fault::ServerError(502), 1);
    story.label(issue, MAINTAINER);
    while world.faults_left() > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    story.sandbox.set_private(false);
    let jobs = story.settle().await;

    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_ends_in_a_visible_failure() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.worker.max_attempts = 1;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story
        .sandbox
        .world()
        .fail(Method::GET, TREE, Fault::ServerError(500), 3);

    story.label(issue, MAINTAINER);
    let answer = story.answer(issue).await;
    let jobs = story.settle().await;

    assert!(!answer.body.contains("## Outline"), "{}", answer.body);
    assert!(
        !answer.body.contains("500"),
        "no internals: {}",
        answer.body
    );
    assert_eq!(jobs[0].state, JobState::Published);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_replaced() {
    let (story, comments) = meet(Method::GET, TREE, Fault::RevokedToken, 1).await;
    assert_eq!(comments, 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_comment_is_written_anew_when_somebody_asks_again() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    let first = story.answer(issue).await;
    story.settle().await;
    story.sandbox.delete(first.id, MAINTAINER).unwrap();

    story.comment(issue, MAINTAINER, "/plan again");
    story.settle().await;

    let comments = story.bot_comments(issue);
    assert_eq!(comments.len(), 1);
    assert_ne!(comments[0].id, first.id);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_suspended_installation_is_looked_at_again_a_day_later() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story
        .sandbox
        .set_installation(InstallationStatus::Suspended);
    let asked_at = compose::now();
    story.label(issue, MAINTAINER);

    let job = loop {
        story.sandbox.wait_for_deliveries().await;
        match story.store().jobs(1).await.unwrap().pop() {
            Some(job) if job.reason.contains("suspended") => break job,
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    let due = story.store().next_due().await.unwrap().unwrap();
    let cancelled = story.store().cancel(job.id, due, "the story ends").await;

    assert!(due >= asked_at.plus(Duration::from_hours(24)));
    assert_eq!((job.attempts, story.bot_comments(issue).len()), (1, 0));
    assert_eq!(cancelled.unwrap(), Intervention::Done);
    story.end().await;
}
