//! From nothing to an App that answers, through the pages that a browser sees.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::Response;
use secrecy::ExposeSecret;
use url::Url;

use crate::cli::compose::{self, Running};
use crate::config;
use crate::sandbox::Sandbox;
use crate::sandbox::world::{HookFormat, Limits};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, PATIENCE, start_sandbox};

/// A bot without an App, a forge, and a browser.
struct Scene {
    sandbox: Sandbox,
    running: Running,
    client: reqwest::Client,
    cookie: String,
    folder: tempfile::TempDir,
    _repository: TestRepository,
}

fn config_file(folder: &Path) -> PathBuf {
    folder.join("planwright.toml")
}

async fn start(folder: &Path) -> Running {
    let loaded = config::load(Some(&config_file(folder))).unwrap();
    config::check_for_serve(&loaded).unwrap();
    compose::start(loaded, true).await.unwrap()
}

impl Scene {
    async fn begin(limits: Limits) -> Self {
        let repository = upload_repository();
        let sandbox = start_sandbox(&repository).await;
        sandbox.world().set_limits(limits);
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\n\
             [store]\nurl = \"sqlite:{}\"\n[cache]\ndir = \"{}\"\n\
             [github]\napi_url = \"{}\"\nweb_url = \"{}\"\nsweep_minutes = 0\n\
             [setup]\napp_file = \"{}\"\n[dependencies]\nlookup = false\n",
            at("bot.db"),
            at("cache"),
            sandbox.api_url(),
            sandbox.web_url(),
            at("app.toml"),
        );
        std::fs::write(config_file(folder.path()), text).unwrap();
        let running = start(folder.path()).await;
        let settings = config::load_from(None, []).unwrap().settings;
        let base = Url::parse("http://127.0.0.1").unwrap();
        let client = compose::client(&settings, &base, PATIENCE).unwrap();
        Self {
            sandbox,
            running,
            client,
            cookie: String::new(),
            folder,
            _repository: repository,
        }
    }

    fn link(&self) -> String {
        let opening = self.running.opening.as_ref().unwrap();
        opening.link.expose_secret().to_owned()
    }

    fn origin(&self) -> String {
        Url::parse(&self.link())
            .unwrap()
            .origin()
            .ascii_serialization()
    }

    async fn get(&self, url: &str) -> Response {
        let request = self.client.get(url).header(COOKIE, &self.cookie);
        request.send().await.unwrap()
    }

    async fn post(&self, url: &str, form: &[(&str, &str)]) -> Response {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let origin = Url::parse(url).unwrap().origin().ascii_serialization();
        let request = self
            .client
            .post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header(ORIGIN, origin)
            .header(COOKIE, &self.cookie)
            .body(body.finish());
        request.send().await.unwrap()
    }

    /// Opens the printed address as a browser does.
    async fn enter(&mut self) {
        let answer = self.get(&self.link()).await;
        assert_eq!(answer.status(), 303);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    /// Fills in the form; returns where its button leads, and the manifest behind it.
    async fn fill_in(&self) -> (String, String) {
        let address = format!("http://{}", self.running.public);
        let answers = [("name", "planwright"), ("address", address.as_str())];
        let answer = self
            .post(&format!("{}/setup", self.origin()), &answers)
            .await;
        assert_eq!(answer.status(), 200);
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        let target = format!("form-action {};", self.sandbox.web_url());
        assert!(policy.contains(&target), "{policy}");
        let page = answer.text().await.unwrap();
        let between = |start: &str| {
            let rest = page.split_once(start).unwrap().1;
            let text = rest.split_once('"').unwrap().0;
            text.replace("&quot;", "\"")
                .replace("&#x2f;", "/")
                .replace("&amp;", "&")
        };
        (
            between("method=\"post\" action=\""),
            between("name=\"manifest\" value=\""),
        )
    }

    /// Agrees on the forge; returns where it leads back to.
    async fn agree(&self, (target, manifest): (String, String)) -> String {
        let proposed = self.post(&target, &[("manifest", &manifest)]).await;
        assert_eq!(proposed.status(), 200, "{}", proposed.text().await.unwrap());
        let agree = format!("{}/settings/apps/new/agree", self.sandbox.web_url());
        let agreed = self.post(&agree, &[]).await;
        assert_eq!(agreed.status(), 303);
        agreed.headers()[LOCATION].to_str().unwrap().to_owned()
    }

    async fn end(self) {
        assert!(self.running.stop().await, "everything ends in time");
        self.sandbox.stop().await;
    }
}

async fn the_whole_way(limits: Limits) {
    let mut scene = Scene::begin(limits).await;
    let hook = format!("http://{}/webhooks/github", scene.running.public);
    let early = scene.post(&hook, &[("payload", "{}")]).await;
    assert_eq!(early.status(), 503);

    scene.enter().await;
    let way = scene.fill_in().await;
    let back = scene.agree(way).await;
    let done = scene.get(&back).await;
    assert_eq!(done.status(), 200);
    let page = done.text().await.unwrap();
    assert!(page.contains("The App is registered"), "{page}");
    assert!(page.contains("installations&#x2f;new"), "{page}");
    assert!(!page.contains("could not be changed"), "{page}");
    let registered = scene.running.registered();
    tokio::time::timeout(PATIENCE, registered).await.unwrap();

    let file = scene.folder.path().join("app.toml");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let left: Vec<_> = std::fs::read_dir(scene.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".new"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    let format = scene
        .sandbox
        .world()
        .read(|state| state.apps.first.hook.format);
    assert_eq!(format, HookFormat::Json);

    let loaded = config::load(Some(&config_file(scene.folder.path()))).unwrap();
    let shown = config::show(&loaded);
    let id = scene.sandbox.app_id();
    let line = format!("app_id = \"{id}\"  # from {}:5\n", file.display());
    assert!(shown.contains(&line), "{shown}");
    assert!(!shown.contains("PRIVATE KEY"), "{shown}");

    assert!(scene.running.stop().await);
    scene.running = start(scene.folder.path()).await;
    assert!(scene.running.opening.is_none(), "there is an App by now");
    let hook = format!("http://{}/webhooks/github", scene.running.public);
    scene.sandbox.set_webhook_url(Url::parse(&hook).unwrap());
    let issue = scene
        .sandbox
        .open_issue(MAINTAINER, "Uploads are lost", "")
        .unwrap();
    scene.sandbox.label(issue, "plan", MAINTAINER).unwrap();
    let answer = scene.sandbox.wait_for_bot_comment(issue, PATIENCE).await;
    assert!(answer.unwrap().body.contains("Outline"));
    scene.sandbox.wait_for_deliveries().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn app_is_registered_from_the_page_and_answers_after_that() {
    the_whole_way(Limits::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn app_that_comes_without_a_webhook_secret_gets_one() {
    let limits = Limits {
        gives_webhook_secret: false,
        ..Limits::default()
    };
    the_whole_way(limits).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn page_opens_for_one_browser_that_has_the_printed_address() {
    let mut scene = Scene::begin(Limits::default()).await;
    let page = format!("{}/setup", scene.origin());
    let wrong = format!("{page}?token={}", "0".repeat(64));
    let before = [
        scene.get(&page).await.status(),
        scene.get(&wrong).await.status(),
    ];
    assert_eq!(before, [403, 403]);

    scene.enter().await;
    assert_eq!(scene.get(&page).await.status(), 200);
    // The link, opened again in this browser, only leads to the page.
    assert_eq!(scene.get(&scene.link()).await.status(), 303);

    let mine = std::mem::take(&mut scene.cookie);
    let answers = [
        ("name", "planwright"),
        ("address", "https://bot.example.com"),
    ];
    let others = [
        scene.get(&page).await.status(),
        scene.get(&scene.link()).await.status(),
        scene.post(&page, &answers).await.status(),
        scene
            .get(&format!("{page}/done?code=a&state=b"))
            .await
            .status(),
    ];
    assert_eq!(others, [403; 4]);
    scene.cookie = mine;
    assert_eq!(scene.get(&page).await.status(), 200);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answer_of_another_registration_is_not_taken() {
    let mut scene = Scene::begin(Limits::default()).await;
    scene.enter().await;
    let way = scene.fill_in().await;
    let back = scene.agree(way).await;
    let mut forged = Url::parse(&back).unwrap();
    forged
        .query_pairs_mut()
        .clear()
        .append_pair("code", "stolen")
        .append_pair("state", &"0".repeat(64));
    let refused = scene.get(forged.as_str()).await;
    assert_eq!(refused.status(), 422);
    assert!(!scene.folder.path().join("app.toml").exists());
    // The genuine one still works, once.
    assert_eq!(scene.get(&back).await.status(), 200);
    assert_eq!(scene.get(&back).await.status(), 403);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_the_forge_does_not_know_can_be_asked_for_anew() {
    let mut scene = Scene::begin(Limits::default()).await;
    scene.enter().await;
    let way = scene.fill_in().await;
    let back = scene.agree(way).await;
    let mut stale = Url::parse(&back).unwrap();
    let state = stale
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap()
        .1
        .into_owned();
    stale
        .query_pairs_mut()
        .clear()
        .append_pair("code", "stale")
        .append_pair("state", &state);
    let answer = scene.get(stale.as_str()).await;
    assert_eq!(answer.status(), 422);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("send the form once more")
    );

    let way = scene.fill_in().await;
    let back = scene.agree(way).await;
    assert_eq!(scene.get(&back).await.status(), 200);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_are_shown_again_and_nothing_of_them_is_active() {
    let mut scene = Scene::begin(Limits::default()).await;
    scene.enter().await;
    let page = format!("{}/setup", scene.origin());
    let hostile = "\"><script>alert(1)</script>";
    let answers = [
        ("name", hostile),
        ("address", hostile),
        ("organization", hostile),
    ];
    let answer = scene.post(&page, &answers).await;
    let (status, policy) = (
        answer.status(),
        answer.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned(),
    );
    let text = answer.text().await.unwrap();
    assert_eq!(status, 422);
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; form-action 'self';")
    );
    assert!(!text.contains("<script"), "{text}");
    assert!(text.contains("role=\"alert\""), "{text}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn app_that_is_there_already_is_not_replaced() {
    let mut scene = Scene::begin(Limits::default()).await;
    scene.enter().await;
    let way = scene.fill_in().await;
    let back = scene.agree(way).await;
    let file = scene.folder.path().join("app.toml");
    std::fs::write(&file, "kept").unwrap();
    let answer = scene.get(&back).await;
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("could not be kept"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "kept");
    let waits = tokio::time::timeout(Duration::from_millis(50), scene.running.registered());
    assert!(waits.await.is_err(), "nothing was registered");
    scene.end().await;
}
