//! Drafts, closed and merged threads, and notices above a plan that stands.

use std::time::Duration;

use http::Method;

use crate::cli::compose;
use crate::config::Settings;
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{
    Author, AuthorKind, Comment, CommentId, ReactionTarget, ThreadNumber, UserId,
};
use crate::sandbox::world::{Fault, Limits};
use crate::store::{JobState, NewDelivery, Settlement};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, Story};

const TREES: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";

fn at_once(settings: &mut Settings) {
    settings.checks.delay = Duration::ZERO;
    settings.checks.gap = Duration::ZERO;
    settings.worker.max_attempts = 1;
}

/// A branch `pauses` that adds a file.
fn branched() -> TestRepository {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    repository.commit(&[("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n")]);
    repository.git(&["switch", "--quiet", "main"]);
    repository
}

async fn begin() -> (Story, ThreadNumber) {
    let story = Story::begin_with(branched(), at_once).await;
    let texts = (
        "Pause in send_file",
        "`send_file` calls `pause_upload` first.",
    );
    let pull = story.sandbox.open_pull_request(MAINTAINER, texts, "pauses");
    let pull = pull.await.unwrap();
    (story, pull)
}

/// The bot's one comment.
fn comment(story: &Story, thread: ThreadNumber) -> Comment {
    let [comment] = <[_; 1]>::try_from(story.bot_comments(thread)).unwrap();
    comment
}

/// The bot's reactions to what a maintainer says, once all is done.
async fn said(story: &Story, thread: ThreadNumber, words: &str) -> Vec<&'static str> {
    let said: CommentId = story.comment(thread, MAINTAINER, words);
    story.settle().await;
    story.bot_reactions(thread, ReactionTarget::Comment(said))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_planned_like_any_pull_request() {
    let (story, pull) = begin().await;
    story.sandbox.set_draft(pull, MAINTAINER, true).unwrap();
    story.label(pull, MAINTAINER);
    story.settle().await;
    let first = comment(&story, pull);
    assert!(first.body.contains("src/pause.rs"), "{}", first.body);

    story.sandbox.set_draft(pull, MAINTAINER, false).unwrap();
    assert_eq!(story.settle().await.len(), 1, "that asks for nothing");
    assert_eq!(said(&story, pull, "/plan again").await, ["eyes", "rocket"]);
    assert_eq!(comment(&story, pull).id, first.id);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_heeded_in_a_closed_thread_and_a_label_is_refused_by_reaction() {
    let (story, pull) = begin().await;
    let issue = story.open_issue("Uploads are lost", "");
    for thread in [issue, pull] {
        story.sandbox.close(thread, MAINTAINER).unwrap();
        story.label(thread, MAINTAINER);
        let jobs = story.settle().await;
        assert_eq!(jobs[0].reason, "the thread is closed");
        assert_eq!(story.bot_comments(thread), []);
        let reactions = story.bot_reactions(thread, ReactionTarget::Thread);
        assert_eq!(reactions, ["confused"]);

        assert_eq!(said(&story, thread, "/plan").await, ["eyes", "rocket"]);
        let plan = comment(&story, thread);
        assert!(plan.body.contains("## Outline"), "{}", plan.body);
        story
            .repository()
            .commit(&[("NEWS.md", &format!("{}\n", thread.0))]);
        assert_eq!(
            said(&story, thread, "/plan check").await,
            ["eyes", "rocket"]
        );
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_pull_request_is_answered_that_it_is_merged() {
    for has_graphql in [true, false] {
        let (story, pull) = begin().await;
        story.sandbox.world().set_limits(Limits {
            has_graphql,
            ..Limits::default()
        });
        story.sandbox.merge(pull, MAINTAINER).unwrap();
        story.label(pull, MAINTAINER);
        let jobs = story.settle().await;
        assert_eq!(jobs[0].reason, "the thread is closed");
        assert_eq!(story.bot_comments(pull), []);

        assert_eq!(said(&story, pull, "/plan").await, ["eyes", "confused"]);
        let told = comment(&story, pull);
        assert!(
            told.body
                .starts_with("**No plan.** This pull request is merged"),
            "{}",
            told.body
        );
        assert_eq!(said(&story, pull, "/plan help").await, ["eyes", "rocket"]);
        story.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_stands_below_the_notice_that_its_pull_request_was_merged() {
    let (story, pull) = begin().await;
    story.label(pull, MAINTAINER);
    story.settle().await;
    let plan = comment(&story, pull);
    story.sandbox.merge(pull, MAINTAINER).unwrap();
    let tip = story.repository().git(&["rev-parse", "HEAD"]);
    let tip = crate::domain::repository::CommitSha::parse(&tip).unwrap();
    story.repository().git(&["merge", "--quiet", "pauses"]);
    story.sandbox.announce_push(MAINTAINER, &tip).await.unwrap();
    let jobs = story.settle().await;
    assert_eq!(jobs.len(), 1, "the push is no news to it: {jobs:?}");

    for words in ["/plan", "/plan revise shorter pauses"] {
        assert_eq!(said(&story, pull, words).await, ["eyes", "confused"]);
        let both = comment(&story, pull);
        assert_eq!(both.id, plan.id);
        assert!(
            both.body.contains("This pull request is merged"),
            "{}",
            both.body
        );
        assert!(both.body.contains("## Outline"), "{}", both.body);
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_opened_again_is_checked_at_the_next_push() {
    let (story, _) = begin().await;
    let issue = story.open_issue("Uploads are lost", "`send_file` in `src/upload.rs`");
    story.label(issue, MAINTAINER);
    story.settle().await;
    story.sandbox.close(issue, MAINTAINER).unwrap();
    push(&story, "One.\n").await;
    assert!(!comment(&story, issue).body.contains("**Stale:**"));
    story.sandbox.reopen(issue, MAINTAINER).unwrap();
    push(&story, "Two.\n").await;
    assert!(comment(&story, issue).body.contains("**Stale:**"));
    story.end().await;
}

/// Replaces what plans cite, tells of it and waits until all is done; returns how many jobs there are.
async fn push(story: &Story, text: &str) -> usize {
    let before = story.repository().git(&["rev-parse", "HEAD"]);
    let before = crate::domain::repository::CommitSha::parse(&before).unwrap();
    story.repository().commit(&[("src/upload.rs", text)]);
    story
        .sandbox
        .announce_push(MAINTAINER, &before)
        .await
        .unwrap();
    story.settle().await.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_forgets_the_comment_that_was_deleted() {
    let (story, _) = begin().await;
    let issue = story.open_issue("Uploads are lost", "`send_file` in `src/upload.rs`");
    story.label(issue, MAINTAINER);
    story.settle().await;
    let first = comment(&story, issue);
    story.sandbox.delete(first.id, MAINTAINER).unwrap();
    let jobs = push(&story, "One.\n").await;
    let summary = story.store().jobs(1).await.unwrap().remove(0);
    assert_eq!(summary.reason, "the plan's comment is gone");

    let asked = story.sandbox.world().requests().len();
    assert_eq!(push(&story, "Two.\n").await, jobs, "nobody looks again");
    assert_eq!(story.sandbox.world().requests().len(), asked);
    assert_eq!(story.bot_comments(issue), []);

    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "rocket"]);
    let fresh = comment(&story, issue);
    assert_ne!(fresh.id, first.id);
    assert!(fresh.body.contains("## Outline"), "{}", fresh.body);
    story.end().await;
}

/// An issue with a plan.
async fn planned(story: &Story) -> (ThreadNumber, Comment) {
    let issue = story.open_issue("Uploads are lost", "`send_file` in `src/upload.rs`");
    story.label(issue, MAINTAINER);
    story.settle().await;
    (issue, comment(story, issue))
}

/// Takes all commits away.
fn empty(story: &Story) {
    for branch in ["refs/heads/main", "refs/heads/pauses"] {
        story.repository().git(&["update-ref", "-d", branch]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_stand_above_a_plan_and_never_in_its_place() {
    let (story, _) = begin().await;
    let (issue, plan) = planned(&story).await;
    story
        .sandbox
        .world()
        .fail(Method::GET, TREES, Fault::ServerError(500), 3);
    story.repository().commit(&[("NEWS.md", "News.\n")]);
    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "confused"]);
    let failed = comment(&story, issue);
    assert!(
        failed
            .body
            .contains("something went wrong on the bot's side"),
        "{}",
        failed.body
    );
    assert!(failed.body.contains("## Outline"), "{}", failed.body);

    empty(&story);
    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "confused"]);
    let empty = comment(&story, issue);
    assert!(
        empty.body.contains("The repository has no commit"),
        "{}",
        empty.body
    );
    assert!(
        !empty.body.contains("something went wrong"),
        "{}",
        empty.body
    );
    assert!(empty.body.contains("## Outline"), "{}", empty.body);
    assert_eq!((failed.id, empty.id), (plan.id, plan.id));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_plan_after_a_notice_is_the_first_revision() {
    let story = Story::begin_with(TestRepository::empty(), at_once).await;
    let issue = story.open_issue("Start somewhere", "");
    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "confused"]);
    let notice = comment(&story, issue);
    assert!(notice.body.contains("no commit"), "{}", notice.body);
    assert_eq!(said(&story, issue, "/plan help").await, ["eyes", "rocket"]);
    let help = comment(&story, issue);
    assert!(help.body.contains("How to ask"), "{}", help.body);

    story
        .repository()
        .commit(&[("src/main.rs", "fn main() {}\n")]);
    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "rocket"]);
    let plan = comment(&story, issue);
    assert!(plan.body.contains("## Outline"), "{}", plan.body);
    assert!(!plan.body.contains("evision 2"), "{}", plan.body);
    assert_eq!((help.id, plan.id), (notice.id, notice.id));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_was_not_kept_is_left_alone_by_notices() {
    let (story, _) = begin().await;
    let (issue, plan) = planned(&story).await;
    let thread = story.thread(issue).await;
    // As an earlier version of the store left it: the comment is known, what it shows is not.
    let story = story
        .restart(|settings| settings.worker.concurrency = 0)
        .await;
    let (store, now) = (story.store(), compose::now());
    let sender = Author {
        id: UserId(0),
        login: "operator".to_owned(),
        kind: AuthorKind::Human,
    };
    let focus = String::new();
    let delivery = NewDelivery {
        key: "by hand".to_owned(),
        request: Request {
            thread,
            sender,
            trigger: Trigger::Operator { focus },
        },
        received_at: now,
        limit: None,
    };
    store.accept(delivery).await.unwrap();
    let claim = store
        .claim(now, Duration::from_secs(60))
        .await
        .unwrap()
        .unwrap();
    let settlement = Settlement::Published {
        comment: plan.id,
        revision: 1,
        document: None,
    };
    store.settle(&claim.lease, now, &settlement).await.unwrap();
    let story = story.restart(at_once).await;

    empty(&story);
    assert_eq!(said(&story, issue, "/plan").await, ["eyes", "confused"]);
    assert_eq!(comment(&story, issue), plan);
    let job = story.store().jobs(1).await.unwrap().remove(0);
    assert_eq!(job.state, JobState::Done);
    story.end().await;
}
