//! Several Apps and hosts in one process.

use secrecy::SecretString;
use url::Url;

use crate::config::Settings;
use crate::domain::thread::{Comment, ReactionTarget, ThreadNumber};
use crate::sandbox::AppKey;
use crate::sandbox::owners::InstalledApp;
use crate::sandbox::world::{Delivery, DeliveryStatus, InstallationStatus};
use crate::store::{JobState, JobSummary};
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, PATIENCE, Story, start_sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn two_hosts_in_one_process_are_each_answered_by_their_own_app() {
    let repository = upload_repository();
    let second = start_sandbox(&repository).await;
    let story = Story::begin_with(upload_repository(), |settings| {
        let mut app = settings.github.clone();
        app.api_url = Url::parse(&second.api_url()).unwrap();
        app.web_url = Url::parse(&second.web_url()).unwrap();
        app.webhook_secrets = vec![second.webhook_secret()];
        settings.github_apps.push(app);
    })
    .await;
    second.set_webhook_url(story.hook());

    let here = story.open_issue("Uploads are lost", "");
    let there = second
        .open_issue(MAINTAINER, "Uploads are lost", "")
        .unwrap();
    story.label(here, MAINTAINER);
    second.label(there, "plan", MAINTAINER).unwrap();
    let answer_here = story.answer(here).await;
    let answer_there = second.wait_for_bot_comment(there, PATIENCE).await.unwrap();
    second.wait_for_deliveries().await;
    story.settle().await;

    let links = |body: &str, web: &str| body.contains(&format!("{web}/sandbox/"));
    assert!(links(&answer_here.body, &story.sandbox.web_url()));
    assert!(links(&answer_there.body, &second.web_url()));
    assert!(!links(&answer_there.body, &story.sandbox.web_url()));
    let requests = second.world().requests();
    assert!(
        requests
            .iter()
            .all(|one| one.status.is_none_or(|status| status < 400)),
        "{requests:#?}"
    );
    story.end().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_new_webhook_secrets_are_taken_and_a_removed_one_is_not() {
    let story = Story::begin_with(upload_repository(), |settings| {
        let new = SecretString::from("the secret that is to take its place");
        settings.github.webhook_secrets.insert(0, new);
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.sandbox.world().change(|state| {
        state.apps.first.hook.secret = SecretString::from("the secret that is to take its place");
    });
    story.comment(issue, MAINTAINER, "/plan again");
    story.settle().await;
    let statuses = |story: &Story| -> Vec<bool> {
        let deliveries = story.sandbox.world().deliveries();
        deliveries.iter().map(is_taken).collect()
    };
    assert!(statuses(&story).iter().all(|fine| *fine));

    let story = story
        .restart(|settings| {
            // What was the old secret is all that is left.
            settings.github.webhook_secrets = vec![SecretString::from("an older secret than both")];
        })
        .await;
    story.comment(issue, MAINTAINER, "/plan once more");
    story.settle().await;
    assert_eq!(statuses(&story).last(), Some(&false));
    story.end().await;
}

fn is_taken(delivery: &Delivery) -> bool {
    matches!(&delivery.status, DeliveryStatus::Answered { status, .. } if *status < 300)
}

/// The bot as two Apps on the repository of one host.
async fn begin_as_two() -> (Story, InstalledApp) {
    static KEY: std::sync::OnceLock<AppKey> = std::sync::OnceLock::new();
    let key = KEY.get_or_init(|| AppKey::generate().unwrap());
    let story = Story::begin(upload_repository()).await;
    let second = story.sandbox.add_app("planwright-too", key);
    let story = story.restart(knowing(&second)).await;
    (story, second)
}

/// Settings with another App of the same GitHub.
fn knowing(second: &InstalledApp) -> impl FnOnce(&mut Settings) + use<> {
    let second = second.clone();
    move |settings| {
        let mut app = settings.github.clone();
        app.app_id = Some(second.id.to_string());
        app.private_key = Some(second.private_key);
        app.webhook_secrets = vec![second.webhook_secret];
        settings.github_apps.push(app);
    }
}

/// Who commented as an App.
fn authors(story: &Story, issue: ThreadNumber) -> Vec<String> {
    let comments = story.sandbox.comments(issue).into_iter();
    let authors = comments.filter_map(|one: Comment| Some(one.author?.login));
    authors.filter(|login| login.ends_with("[bot]")).collect()
}

/// The Apps that wrote comments or put reactions since so many requests.
fn writers(story: &Story, since: usize) -> Vec<u64> {
    let requests = story.sandbox.world().requests();
    let writes = requests.iter().skip(since);
    let writes = writes.filter(|one| one.is_write() && !one.path.starts_with("/app/"));
    let mut apps: Vec<_> = writes.filter_map(|one| one.app).collect();
    apps.sort_unstable();
    apps.dedup();
    apps
}

fn asked_so_far(story: &Story) -> usize {
    story.sandbox.world().requests().len()
}

/// Jobs that made a plan.
fn published(jobs: &[JobSummary]) -> usize {
    let jobs = jobs.iter();
    jobs.filter(|job| job.state == JobState::Published).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_apps_tell_of_one_request_is_answered_once() {
    let (story, _) = begin_as_two().await;
    let labelled = story.open_issue("Uploads are lost", "");
    let commented = story.open_issue("The queue stops", "");

    story.label(labelled, MAINTAINER);
    story.comment(commented, MAINTAINER, "/plan");
    let jobs = story.settle().await;

    assert_eq!((jobs.len(), published(&jobs)), (2, 2), "{jobs:#?}");
    for issue in [labelled, commented] {
        assert_eq!(authors(&story, issue), ["planwright[bot]"]);
    }
    assert!(story.sandbox.world().deliveries().iter().all(is_taken));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_another_app_tells_of_late_is_not_planned_again() {
    let (story, second) = begin_as_two().await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.wait_for_deliveries().await;
    story.sandbox.hold_deliveries(true);
    story.label(issue, MAINTAINER);
    let held = |app| {
        let deliveries = story.sandbox.world().deliveries().into_iter();
        let mut held = deliveries.filter(|one| one.status == DeliveryStatus::Held);
        held.find(|one| one.app == app).unwrap().id
    };
    let (early, late) = (held(story.sandbox.app_id()), held(second.id));
    story.sandbox.hold_deliveries(false);
    assert!(story.sandbox.release(early));
    story.answer(issue).await;
    story.settle().await;

    assert!(story.sandbox.release(late));
    let jobs = story.settle().await;

    assert_eq!((jobs.len(), published(&jobs)), (1, 1), "{jobs:#?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_one_app_planned_is_not_written_to_by_another() {
    let (story, second) = begin_as_two().await;
    let first = story.sandbox.app_id();
    let issue = story.open_issue("Uploads are lost", "");
    // The first one is not there when the thread is planned.
    story.settle().await;
    story.sandbox.world().change(|state| {
        state.apps.first.hook.url = None;
    });
    let before = asked_so_far(&story);
    story.comment(issue, MAINTAINER, "/plan");
    story.settle().await;
    assert_eq!(authors(&story, issue), ["planwright-too[bot]"]);
    assert_eq!(writers(&story, before), [second.id]);

    // Now both are told, the first one first.
    story.sandbox.set_webhook_url(story.hook());
    let before = asked_so_far(&story);
    let again = story.comment(issue, MAINTAINER, "/plan look at `connect`");
    story.settle().await;

    let comments = story.sandbox.comments(issue);
    let plans = comments
        .iter()
        .filter(|one| one.body.contains("## Outline"));
    assert_eq!(plans.count(), 1);
    let plan = comments.iter().find(|one| one.body.contains("evision 2"));
    assert!(plan.is_some(), "{comments:#?}");
    assert_eq!(authors(&story, issue), ["planwright-too[bot]"]);
    assert_eq!(writers(&story, before), [second.id]);
    let reactions = story
        .sandbox
        .reactions(issue, ReactionTarget::Comment(again));
    let reactions: Vec<_> = reactions
        .iter()
        .map(|(who, what)| (who.as_str(), *what))
        .collect();
    assert_eq!(
        reactions,
        [
            ("planwright-too[bot]", "eyes"),
            ("planwright-too[bot]", "rocket")
        ]
    );

    // What one App lost, the other's installation does not make up for, not even in another life.
    let story = story.restart(knowing(&second)).await;
    story
        .sandbox
        .set_installation_of(second.id, InstallationStatus::Suspended);
    let before = asked_so_far(&story);
    story.comment(issue, MAINTAINER, "/plan once more");
    story.sandbox.wait_for_deliveries().await;
    let waiting = loop {
        match story.store().jobs(1).await.unwrap().pop() {
            Some(job) if job.reason.contains("suspended") => break job,
            _ => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    };
    assert!(!writers(&story, before).contains(&first));
    let now = crate::cli::compose::now();
    story
        .store()
        .cancel(waiting.id, now, "the story ends")
        .await
        .unwrap();
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_comment_of_another_app_is_not_taken_for_ones_own() {
    let (story, second) = begin_as_two().await;
    let issue = story.open_issue("Uploads are lost", "");
    story.settle().await;
    story.sandbox.world().change(|state| {
        state.apps.first.hook.url = None;
    });
    story.comment(issue, MAINTAINER, "/plan");
    let jobs = story.settle().await;
    assert_eq!(published(&jobs), 1);
    let theirs = story.sandbox.comments(issue).pop().unwrap();

    // Whose thread it is was lost, and the first App is told first.
    let address = story.thread(issue).await;
    story.store().forget_comment(&address).await.unwrap();
    story.sandbox.set_webhook_url(story.hook());
    let before = asked_so_far(&story);
    story.comment(issue, MAINTAINER, "/plan again");
    story.settle().await;

    assert_eq!(
        authors(&story, issue),
        ["planwright-too[bot]", "planwright[bot]"]
    );
    assert!(story.sandbox.comments(issue).contains(&theirs));
    assert_eq!(writers(&story, before), [story.sandbox.app_id()]);
    assert_ne!(second.id, story.sandbox.app_id());
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_app_is_believed_by_its_own_secret_alone() {
    let (story, second) = begin_as_two().await;
    let of_first = story.sandbox.webhook_secret();
    story.sandbox.world().change(|state| {
        state.apps.find_mut(second.id).unwrap().hook.secret = of_first;
    });
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.settle().await;

    for delivery in story.sandbox.world().deliveries() {
        let expected = delivery.app != second.id;
        assert_eq!(is_taken(&delivery), expected, "{delivery:?}");
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_other_bot_says_asks_for_nothing() {
    let (story, second) = begin_as_two().await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.world().change(|state| {
        let app = state.apps.find(second.id).unwrap();
        let (actor, now) = (state.bot_of(app), crate::cli::compose::now());
        state.add_comment(&actor, issue.0, "/plan", now).unwrap();
        state
            .add_comment(&actor, issue.0, "@planwright plan this", now)
            .unwrap();
    });

    assert_eq!(story.settle().await, []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_app_may_no_longer_reach_the_other_goes_on_with() {
    let (story, second) = begin_as_two().await;
    let theirs = story.open_issue("Uploads are lost", "");
    let ours = story.open_issue("The queue stops", "");
    story.settle().await;
    let first = story.sandbox.app_id();
    story.sandbox.world().change(|state| {
        state.apps.first.hook.url = None;
    });
    story.comment(theirs, MAINTAINER, "/plan");
    story.settle().await;
    story.sandbox.set_webhook_url(story.hook());
    story.comment(ours, MAINTAINER, "/plan");
    story.settle().await;
    assert_eq!(authors(&story, theirs), ["planwright-too[bot]"]);
    assert_eq!(authors(&story, ours), ["planwright[bot]"]);

    story.sandbox.take_away_from(first);
    story.settle().await;
    let before = asked_so_far(&story);
    for issue in [theirs, ours] {
        story.comment(issue, MAINTAINER, "/plan again");
        story.settle().await;
    }

    let plan = story.sandbox.comments(theirs);
    let plan = plan.iter().find(|one| one.body.contains("evision 2"));
    assert!(plan.is_some(), "its thread is still known");
    assert_eq!(authors(&story, theirs), ["planwright-too[bot]"]);
    // The other's comment is not its own.
    assert_eq!(
        authors(&story, ours),
        ["planwright[bot]", "planwright-too[bot]"]
    );
    assert_eq!(writers(&story, before), [second.id]);
    story.end().await;
}
