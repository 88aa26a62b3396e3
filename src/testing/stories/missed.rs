//! What people asked while the bot was away, or while nobody could reach it.

use std::time::Duration;

use http::Method;
use url::Url;

use crate::cli::compose;
use crate::sandbox::world::{DeliveryStatus, Limits};
use crate::service::sweep::{Sweep, Swept};
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, Story};

/// How often the bot asked for another attempt.
fn repeats(story: &Story) -> usize {
    let requests = story.sandbox.world().requests();
    let asked = requests
        .iter()
        .filter(|one| one.method == Method::POST && one.path.ends_with("/attempts"));
    asked.count()
}

fn nowhere() -> Url {
    Url::parse("http://127.0.0.1:9/").unwrap()
}

/// Looks once for what was missed.
async fn sweep(story: &Story, sweep: &mut Sweep) -> Swept {
    let app = story.app();
    let clock = (compose::now as fn() -> _, Duration::ZERO);
    app.sweep(&app.forges.0[0], sweep, clock).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_asked_while_the_bot_was_down_is_answered_once_after_its_start() {
    let story = Story::begin(upload_repository()).await;
    let before = story.open_issue("Uploads are lost", "");
    story.comment(before, MAINTAINER, "/plan");
    story.answer(before).await;
    story.settle().await;

    let mut asked = Vec::new();
    let story = story
        .away(
            |sandbox| {
                for title in ["send_file gives up too early", "Retries are not counted"] {
                    let issue = sandbox.open_issue(MAINTAINER, title, "").unwrap();
                    sandbox.label(issue, "plan", MAINTAINER).unwrap();
                    asked.push(issue);
                }
                sandbox.comment(asked[0], MAINTAINER, "/plan").unwrap();
            },
            |settings| settings.github.sweep_minutes = 1,
        )
        .await;
    for issue in &asked {
        story.answer(*issue).await;
    }
    let mark = format!("sweep:github:{}", story.app().forges.0[0].host);
    while story.store().noted(&mark).await.unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    story.settle().await;
    let first = repeats(&story);
    let again = sweep(&story, &mut Sweep::default()).await;
    story.settle().await;

    // Two issues were opened and labelled, and one was commented on; what came before was not missed.
    assert_eq!((first, again, repeats(&story)), (5, Swept::Asked(0), 5));
    let comments = [before, asked[0], asked[1]].map(|issue| story.bot_comments(issue).len());
    assert_eq!(comments, [1, 1, 1]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_taken_is_asked_for_three_times() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_webhook_url(nowhere());
    story.open_issue("Uploads are lost", "");
    let mut remembered = Sweep::default();
    let mut asked = Vec::new();
    for _ in 0..5 {
        story.sandbox.wait_for_deliveries().await;
        asked.push(sweep(&story, &mut remembered).await);
    }
    let (one, none) = (Swept::Asked(1), Swept::Asked(0));
    assert_eq!(asked, [one, one, one, none, none]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_already_is_not_asked_for_although_its_answer_was_lost() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.settle().await;
    let world = story.sandbox.world();
    let deliveries = world.deliveries();
    let mut asked = deliveries.iter().filter(|one| one.event == "issue_comment");
    let asked = asked.next().unwrap().id;
    world.change(|state| state.settle(asked, DeliveryStatus::Failed));

    assert_eq!(sweep(&story, &mut Sweep::default()).await, Swept::Asked(0));
    assert_eq!(repeats(&story), 0);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forge_without_a_list_of_deliveries_is_left_alone() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.world().set_limits(Limits {
        has_delivery_log: false,
        ..Limits::default()
    });
    let swept = sweep(&story, &mut Sweep::default()).await;
    assert_eq!(swept, Swept::Unsupported);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_deliveries_than_fit_a_page_are_all_found() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_webhook_url(nowhere());
    for number in 0..130 {
        story.open_issue(&format!("Uploads are lost, part {number}"), "");
    }
    story.sandbox.wait_for_deliveries().await;
    story.sandbox.set_webhook_url(story.hook());
    let mut remembered = Sweep::default();
    let first = sweep(&story, &mut remembered).await;
    story.sandbox.wait_for_deliveries().await;
    let second = sweep(&story, &mut remembered).await;
    story.sandbox.wait_for_deliveries().await;
    let third = sweep(&story, &mut remembered).await;
    let counts = [first, second, third];
    assert_eq!(counts, [100, 30, 0].map(Swept::Asked));
    story.end().await;
}
