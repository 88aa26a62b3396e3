//! Several Apps and hosts in one process.

use secrecy::SecretString;
use url::Url;

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
        state.hook.secret = SecretString::from("the secret that is to take its place");
    });
    story.comment(issue, MAINTAINER, "/plan again");
    story.settle().await;
    let statuses = |story: &Story| -> Vec<bool> {
        let deliveries = story.sandbox.world().deliveries();
        deliveries
            .iter()
            .map(|one| matches!(&one.status, crate::sandbox::world::DeliveryStatus::Answered { status, .. } if *status < 300))
            .collect()
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
