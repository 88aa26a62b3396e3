//! What people can say in a thread beside asking for a plan, and how they take a wish back.

use std::time::Duration;

use http::Method;

use crate::domain::thread::{CommentId, ReactionTarget, ThreadNumber};
use crate::sandbox::world::{Fault, Gate};
use crate::store::JobState;
use crate::testing::git::upload_repository;
use crate::testing::scripted_model::{Answer, ScriptedModel};
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, OUTSIDER, PATIENCE, Story, use_model};

const TREES: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";

/// The bot's comment, as soon as it says `words`.
async fn said(story: &Story, issue: ThreadNumber, words: &str) -> String {
    let looked_for = async {
        loop {
            let comments = story.bot_comments(issue).into_iter();
            if let Some(found) = comments
                .map(|one| one.body)
                .find(|body| body.contains(words))
            {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looked_for)
        .await
        .unwrap_or_else(|_| panic!("nobody says {words:?}: {:?}", story.bot_comments(issue)))
}

fn reactions(story: &Story, issue: ThreadNumber, comment: CommentId) -> Vec<&'static str> {
    story.bot_reactions(issue, ReactionTarget::Comment(comment))
}

#[tokio::test(flavor = "multi_thread")]
async fn help_stands_in_the_one_comment_and_loses_no_plan() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan help");
    let help = said(&story, issue, "/plan revise").await;
    assert!(!help.contains("## Outline"), "{help}");
    story.settle().await;

    story.comment(issue, MAINTAINER, "/plan");
    let plan = said(&story, issue, "## Outline").await;
    assert!(!plan.contains("/plan revise"), "{plan}");
    story.settle().await;

    let asked = story.comment(issue, MAINTAINER, "/plan help");
    let both = said(&story, issue, "/plan revise").await;
    assert!(both.contains("## Outline"), "{both}");
    story.settle().await;
    assert_eq!(story.bot_comments(issue).len(), 1);
    assert_eq!(reactions(&story, issue, asked), ["eyes", "rocket"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_no_command_gets_a_reaction_and_help_only_in_a_comment_that_stands() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let first = story.comment(
        issue,
        MAINTAINER,
        "/plan --base-url https://collect.example",
    );
    story.settle().await;
    assert_eq!(story.bot_comments(issue), []);
    assert_eq!(reactions(&story, issue, first), ["eyes", "confused"]);

    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.settle().await;
    story.comment(issue, MAINTAINER, "/plan chek");
    let body = said(&story, issue, "`chek` is not understood").await;

    assert!(body.contains("## Outline"), "{body}");
    let commands = body.lines().filter(|line| line.starts_with(['/', '@']));
    assert_eq!(commands.count(), 0, "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_is_told_nothing() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let words = [
        "/plan help",
        "/plan config",
        "/plan cancel",
        "/plan --x",
        "/plan check",
    ];
    for word in words {
        let comment = story.comment(issue, OUTSIDER, word);
        story.settle().await;
        assert_eq!(reactions(&story, issue, comment), ["confused"], "{word}");
    }
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_takes_long_is_announced_and_takes_the_place_of_its_announcement() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.worker.status_after = Duration::from_millis(20);
    })
    .await;
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, TREES, hold, 1);
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);

    let announced = said(&story, issue, "**Planning** at").await;
    assert!(announced.contains("reading and searching"), "{announced}");
    gate.open();
    said(&story, issue, "## Outline").await;
    story.settle().await;

    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_stands_is_not_replaced_by_an_announcement() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.worker.status_after = Duration::from_millis(20);
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    said(&story, issue, "## Outline").await;
    story.settle().await;
    story
        .repository()
        .commit(&[("src/more.rs", "fn more() {}\n")]);
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, TREES, hold, 1);

    story.comment(issue, MAINTAINER, "/plan look at `connect`");
    gate.reached().await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let standing = story.bot_comments(issue).remove(0).body;
    gate.open();

    assert!(standing.contains("## Outline"), "{standing}");
    story.settle().await;
    story.end().await;
}

/// A bot whose model never answers, and which says soon that it works.
async fn waiting_for_ever() -> (ScriptedModel, Story) {
    let stalled = |_: &_| Answer::Stalls(true_plan().to_string(), 0);
    let model = ScriptedModel::with_mind(stalled).await;
    let address = model.address().clone();
    let story = Story::begin_with(upload_repository(), |settings| {
        use_model(settings, &address);
        settings.worker.status_after = Duration::from_millis(20);
    })
    .await;
    (model, story)
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_ends_the_work_under_way_and_says_so() {
    let (_model, story) = waiting_for_ever().await;
    let issue = story.open_issue("Uploads are lost", "`send_file` should try again.");
    story.label(issue, MAINTAINER);
    said(&story, issue, "**Planning** at").await;

    let by_outsider = story.comment(issue, OUTSIDER, "/plan cancel");
    let wanted = ["confused"];
    while reactions(&story, issue, by_outsider) != wanted {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    said(&story, issue, "**Planning** at").await;
    let cancel = story.comment(issue, MAINTAINER, "/plan cancel");
    said(&story, issue, "taken back").await;
    let jobs = story.settle().await;

    let mut states: Vec<_> = jobs.iter().map(|job| (job.id.0, job.state)).collect();
    states.sort_by_key(|(id, _)| *id);
    let states: Vec<_> = states.into_iter().map(|(_, state)| state).collect();
    let expected = [
        JobState::Abandoned,
        JobState::Abandoned,
        JobState::Done,
        JobState::Published,
    ];
    assert_eq!(states, expected);
    assert_eq!(reactions(&story, issue, cancel), ["eyes", "rocket"]);
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_taken_off_or_a_comment_deleted_takes_its_wish_back() {
    let (_model, story) = waiting_for_ever().await;
    let labeled = story.open_issue("Uploads are lost", "`send_file` should try again.");
    let commented = story.open_issue("The queue stops", "`drain_queue` should go on.");
    story.label(labeled, MAINTAINER);
    let command = story.comment(commented, MAINTAINER, "/plan");
    said(&story, labeled, "**Planning** at").await;
    said(&story, commented, "**Planning** at").await;

    story.sandbox.unlabel(labeled, "plan", MAINTAINER).unwrap();
    story.sandbox.delete(command, MAINTAINER).unwrap();

    said(&story, labeled, "taken back").await;
    said(&story, commented, "taken back").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_asks_once_is_taken_off_when_the_plan_is_there() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.triggers.one_shot_labels = vec!["plan once".to_owned()];
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.label(issue, "plan once", MAINTAINER).unwrap();
    story.answer(issue).await;
    story.settle().await;
    assert_eq!(story.sandbox.labels(issue), [""; 0]);

    story.sandbox.label(issue, "plan once", MAINTAINER).unwrap();
    story.label(issue, MAINTAINER);
    said(&story, issue, "evision 2").await;
    story.settle().await;
    assert_eq!(story.sandbox.labels(issue), ["plan"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excluding_label_wins_over_labels_and_not_over_words() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.triggers.exclude_labels = vec!["no plan".to_owned()];
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.label(issue, "No Plan", MAINTAINER).unwrap();
    story.label(issue, MAINTAINER);
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert_eq!(story.bot_comments(issue), []);

    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_asks_without_end_is_left_alone() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.policy.thread_requests_per_hour = 3;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    for number in 0..5 {
        story.comment(issue, MAINTAINER, &format!("/plan part {number}"));
        story.settle().await;
    }
    assert_eq!(story.settle().await.len(), 3);

    let other = story.open_issue("The queue stops", "");
    story.comment(other, MAINTAINER, "/plan");
    story.answer(other).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_planned_in_private_is_not_shown_in_public() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_private(true);
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, TREES, hold, 1);
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    gate.reached().await;

    story.sandbox.set_private(false);
    gate.open();
    let jobs = story.settle().await;

    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_said_while_a_request_waits_are_all_heeded() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.worker.concurrency = 0;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan look at `drain_queue`");
    story.comment(issue, MAINTAINER, "/plan and at `connect`");
    story.label(issue, MAINTAINER);
    story.sandbox.wait_for_deliveries().await;

    let story = story.restart(|_| {}).await;
    let body = story.answer(issue).await.body;

    assert!(body.contains("src/queue.rs"), "{body}");
    assert!(body.contains("connect"), "{body}");
    assert_eq!(story.settle().await.len(), 1);
    story.end().await;
}
