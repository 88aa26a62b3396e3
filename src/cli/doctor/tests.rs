use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::demo;
use crate::cli::doctor::{examine, report::Report};
use crate::config::{self, Loaded, StoreUrl};
use crate::sandbox::Sandbox;
use crate::sandbox::world::{HookFormat, InstallationStatus};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{start_sandbox, use_model};

/// A forge and settings that fit it.
struct Scene {
    sandbox: Sandbox,
    loaded: Loaded,
    folder: tempfile::TempDir,
    _repository: TestRepository,
}

impl Scene {
    async fn begin() -> Self {
        let repository = upload_repository();
        let sandbox = start_sandbox(&repository).await;
        sandbox.set_webhook_url("http://127.0.0.1:9/webhooks/github".parse().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mut loaded = config::load_from(None, []).unwrap();
        demo::connect(&mut loaded.settings, &sandbox, folder.path()).unwrap();
        Self {
            sandbox,
            loaded,
            folder,
            _repository: repository,
        }
    }

    /// What is found, and nothing is left running.
    async fn examine(self) -> Findings {
        let report = examine(&self.loaded).await;
        self.sandbox.stop().await;
        drop(self.folder);
        Findings::of(&report)
    }
}

/// What was said of each topic.
struct Findings {
    by_topic: BTreeMap<String, String>,
    status: u8,
    text: String,
}

impl Findings {
    fn of(report: &Report) -> Self {
        let json = serde_json::to_value(report).unwrap();
        let checks = json["checks"].as_array().unwrap().iter();
        let word = |check: &serde_json::Value, key: &str| {
            check[key].as_str().unwrap_or_default().to_owned()
        };
        let by_topic = checks.map(|check| {
            let said = format!("{}: {}", word(check, "verdict"), word(check, "message"));
            (word(check, "topic"), said)
        });
        Self {
            by_topic: by_topic.collect(),
            status: report.status(),
            text: report.text(),
        }
    }

    fn of_topic(&self, topic: &str) -> &str {
        self.by_topic.get(topic).map_or("", String::as_str)
    }

    /// Topics that are not in order.
    fn complaints(&self) -> Vec<&str> {
        let bad = self
            .by_topic
            .iter()
            .filter(|(_, said)| !said.starts_with("ok"));
        bad.map(|(topic, _)| topic.as_str()).collect()
    }
}

#[tokio::test]
async fn everything_in_order_is_told_line_by_line() {
    let scene = Scene::begin().await;
    let store = crate::store::open(scene.loaded.settings.store.url.sqlite_path());
    store.await.unwrap().close().await;
    let folder = scene.folder.path().display().to_string();
    let port = scene
        .loaded
        .settings
        .github
        .web_url
        .port()
        .unwrap()
        .to_string();
    let found = scene.examine().await;
    assert_eq!((found.complaints(), found.status), (vec![], 0));
    let free = regex::Regex::new(r"\d+ MiB").unwrap();
    let text = found.text.replace(&folder, "FOLDER").replace(&port, "PORT");
    insta::assert_snapshot!(free.replace_all(&text, "N MiB"), @r"
    ok    settings              complete
    ok    github clock          within 0 s of GitHub's
    ok    github app            App 1204817 is `planwright`
    ok    github permissions    the four that are needed, and no other
    ok    github events         subscribed to all that are used
    ok    github webhook        signed JSON to `http://127.0.0.1:9/webhooks/github`
    ok    github deliveries     none was missed in 24 hours
    ok    github installations  1, none suspended
    ok    model                 none is set; the bot posts outlines
    ok    store disk            N MiB free at `FOLDER`
    ok    store                 `FOLDER/demo.db` is whole and can be written
    ok    cache                 `FOLDER/cache` can be used
    ok    cache disk            N MiB free at `FOLDER/cache`
    ok    admin listener        127.0.0.1:9090, on this machine only
    ");
}

#[tokio::test]
async fn key_of_another_app_is_a_failure_with_what_to_do() {
    let mut scene = Scene::begin().await;
    let other = crate::sandbox::AppKey::generate().unwrap();
    scene.loaded.settings.github.private_key = Some(other.private_pem().clone());
    let found = scene.examine().await;
    assert_eq!(
        found.of_topic("github app"),
        "fail: the forge refused the App: the App's id or private key was not accepted"
    );
    assert_eq!(found.status, 1);
    assert!(
        found
            .text
            .contains("→ see that `github.app_id` and the private key are of one App")
    );
}

#[tokio::test]
async fn id_that_no_app_has_is_a_failure() {
    let mut scene = Scene::begin().await;
    scene.loaded.settings.github.app_id = Some("1".to_owned());
    let found = scene.examine().await;
    assert_eq!(
        (found.of_topic("github app"), found.status),
        (
            "fail: the forge refused the App: no App there has the configured id",
            1
        )
    );
}

#[tokio::test]
async fn forge_that_cannot_be_reached_is_the_environments_failure() {
    let mut scene = Scene::begin().await;
    scene.loaded.settings.github.api_url = "http://127.0.0.1:9/api/v3".parse().unwrap();
    let found = scene.examine().await;
    assert_eq!(
        (found.of_topic("github clock"), found.status),
        (
            "fail: the forge did not answer the time: the connection could not be made",
            3
        )
    );
}

#[tokio::test]
async fn permissions_and_events_that_lack_or_exceed_are_named() {
    let scene = Scene::begin().await;
    scene.sandbox.world().change(|state| {
        state.apps.first.permissions.remove("issues");
        state.apps.first.events.retain(|event| event == "issues");
    });
    let found = scene.examine().await;
    assert_eq!(
        found.of_topic("github permissions"),
        "fail: the App does not ask for issues: write"
    );
    assert_eq!(
        found.of_topic("github events"),
        "warn: the App is not told of issue_comment, pull_request, pull_request_review, \
         pull_request_review_comment, push, repository"
    );
    let granted = found.of_topic("github installations");
    assert_eq!(
        granted,
        "warn: not all permissions are granted by `sandbox`"
    );
    assert_eq!(found.status, 1);

    let scene = Scene::begin().await;
    scene.sandbox.world().change(|state| {
        let write = crate::sandbox::world::app::Level::Write;
        state
            .apps
            .first
            .permissions
            .insert("contents".to_owned(), write);
        state
            .apps
            .first
            .permissions
            .insert("checks".to_owned(), write);
    });
    let found = scene.examine().await;
    assert_eq!(
        (found.of_topic("github permissions"), found.status),
        (
            "warn: the App has more than it needs: checks: write, contents: write",
            0
        )
    );
}

#[tokio::test]
async fn webhook_that_is_unsigned_a_form_or_elsewhere_is_told() {
    let scene = Scene::begin().await;
    scene
        .sandbox
        .world()
        .change(|state| state.apps.first.hook.has_secret = false);
    let found = scene.examine().await;
    let unsigned = "fail: webhooks are not signed: there is no secret";
    assert_eq!(
        (found.of_topic("github webhook"), found.status),
        (unsigned, 1)
    );

    let scene = Scene::begin().await;
    scene.sandbox.set_webhook_format(HookFormat::Form);
    let found = scene.examine().await;
    assert!(
        found
            .of_topic("github webhook")
            .starts_with("warn: signed forms to")
    );

    let scene = Scene::begin().await;
    scene
        .sandbox
        .set_webhook_url("http://127.0.0.1:9/hooks".parse().unwrap());
    let found = scene.examine().await;
    assert_eq!(
        found.of_topic("github webhook"),
        "fail: webhooks go to `http://127.0.0.1:9/hooks`, and are taken at `/webhooks/github`"
    );
}

#[tokio::test]
async fn missed_deliveries_are_counted() {
    let scene = Scene::begin().await;
    for title in ["one", "two"] {
        scene.sandbox.open_issue("maintainer", title, "").unwrap();
    }
    scene.sandbox.wait_for_deliveries().await;
    let found = scene.examine().await;
    assert_eq!(
        (found.of_topic("github deliveries"), found.status),
        ("warn: 2 did not arrive in 24 hours", 0)
    );
}

#[tokio::test]
async fn installations_that_are_suspended_or_missing_are_told() {
    let scene = Scene::begin().await;
    scene
        .sandbox
        .set_installation(InstallationStatus::Suspended);
    let found = scene.examine().await;
    assert_eq!(
        found.of_topic("github installations"),
        "warn: suspended: `sandbox`"
    );

    let scene = Scene::begin().await;
    scene.sandbox.set_installation(InstallationStatus::Removed);
    let found = scene.examine().await;
    assert_eq!(
        found.of_topic("github installations"),
        "warn: the App is installed nowhere"
    );
}

#[tokio::test]
async fn model_that_cannot_be_reached_is_told() {
    let mut scene = Scene::begin().await;
    use_model(
        &mut scene.loaded.settings,
        &"http://127.0.0.1:9/v1".parse().unwrap(),
    );
    let found = scene.examine().await;
    assert!(
        found
            .of_topic("model")
            .starts_with("fail: the model's provider did not answer")
    );
    assert_eq!(found.status, 3);
}

#[tokio::test]
async fn damaged_store_is_told_and_an_absent_one_is_not_made() {
    let scene = Scene::begin().await;
    let path = scene.loaded.settings.store.url.sqlite_path().to_owned();
    let report = examine(&scene.loaded).await;
    let found = Findings::of(&report);
    assert!(found.of_topic("store").ends_with("is not there yet"));
    assert!(!path.exists());
    std::fs::write(
        &path,
        "this is no database, and long enough to be read as one",
    )
    .unwrap();
    let found = scene.examine().await;
    assert!(
        found
            .of_topic("store")
            .starts_with("fail: error: the store could not be opened")
    );
    assert_eq!(found.status, 3);
}

#[tokio::test]
async fn disk_that_is_not_there_and_an_open_admin_listener_are_told() {
    let mut scene = Scene::begin().await;
    let settings = &mut scene.loaded.settings;
    settings.store.url = StoreUrl::sqlite(Path::new("/nonexistent/folder/bot.db").to_owned());
    settings.server.admin_listen = "0.0.0.0:9090".parse().unwrap();
    let found = scene.examine().await;
    assert!(
        found
            .of_topic("store disk")
            .starts_with("fail: `/nonexistent/folder`")
    );
    assert_eq!(
        found.of_topic("admin listener"),
        "warn: 0.0.0.0:9090 can be reached from other machines; it asks for a token"
    );
}

#[tokio::test]
async fn half_set_app_is_a_matter_of_the_settings() {
    let mut scene = Scene::begin().await;
    scene.loaded.settings.github.webhook_secrets.clear();
    let found = scene.examine().await;
    assert!(
        found
            .of_topic("settings")
            .starts_with("fail: `github.webhook_secrets` must be set")
    );
    assert_eq!(found.status, 2);
}
