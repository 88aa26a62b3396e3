//! The real program, killed in the middle of things and started again: one comment, and no second.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Method;
use planwright::domain::repository::RepositoryName;
use planwright::domain::thread::{Comment, ThreadNumber};
use planwright::repository::git::GitRepository;
use planwright::sandbox::world::{Fault, Gate};
use planwright::sandbox::{Sandbox, SandboxOptions};
use planwright::store::Millis;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStderr, Command};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::git::{TestRepository, upload_repository};
use crate::program;

/// Longest wait for something that is bound to happen; a dead worker's lease takes 5 s.
const PATIENCE: Duration = Duration::from_secs(90);

const TREE: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";
const COMMENTS: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

/// A forge that outlives the bot, and the folder of the bot's store.
struct Scene {
    sandbox: Sandbox,
    folder: tempfile::TempDir,
    _repository: TestRepository,
}

/// A bot that runs in a process of its own, killed when this is dropped.
struct Bot {
    child: Child,
    /// Its log: read, so that the pipe does not break.
    _log: Lines<BufReader<ChildStderr>>,
}

impl Scene {
    async fn begin() -> Self {
        let repository = upload_repository();
        let now = || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            Millis(i64::try_from(since.as_millis()).unwrap())
        };
        let options = SandboxOptions {
            repository: GitRepository::open(repository.path()).await.unwrap(),
            full_name: RepositoryName::parse("sandbox/uploader").unwrap(),
            private: false,
            app_slug: "planwright".to_owned(),
            app_key: None,
            labels: vec!["plan".to_owned()],
            port: 0,
            webhook_url: None,
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .build()
                .unwrap(),
            clock: Arc::new(now),
            stop: CancellationToken::new(),
        };
        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
            _repository: repository,
        }
    }

    /// Starts the bot on the one store, configured by variables alone, and sends webhooks to it.
    async fn start_bot(&self) -> Bot {
        let mut command = Command::from(program::command(self.folder.path()));
        command.arg("serve");
        let settings = [
            ("SERVER__LISTEN", "127.0.0.1:0".to_owned()),
            ("SERVER__ADMIN_LISTEN", "127.0.0.1:0".to_owned()),
            ("STORE__URL", "sqlite:store.db".to_owned()),
            ("GITHUB__API_URL", self.sandbox.api_url()),
            ("GITHUB__WEB_URL", self.sandbox.web_url()),
            ("GITHUB__APP_ID", self.sandbox.app_id().to_string()),
            (
                "GITHUB__PRIVATE_KEY",
                self.sandbox.private_key_pem().expose_secret().to_owned(),
            ),
            (
                "GITHUB__WEBHOOK_SECRETS",
                self.sandbox.webhook_secret().expose_secret().to_owned(),
            ),
            ("TRIGGERS__LABELS", "plan".to_owned()),
            ("WORKER__LEASE_SECONDS", "5".to_owned()),
            ("LOG__FORMAT", "json".to_owned()),
        ];
        for (key, value) in settings {
            command.env(format!("PLANWRIGHT_{key}"), value);
        }
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = timeout(PATIENCE, public_address(&mut log)).await.unwrap();
        let hook = format!("http://{address}/webhooks/github");
        self.sandbox.set_webhook_url(Url::parse(&hook).unwrap());
        Bot { child, _log: log }
    }

    fn labelled_issue(&self, title: &str) -> ThreadNumber {
        let issue = self.sandbox.open_issue("maintainer", title, "").unwrap();
        self.sandbox.label(issue, "plan", "maintainer").unwrap();
        issue
    }

    fn bot_comments(&self, issue: ThreadNumber) -> Vec<Comment> {
        let mut comments = self.sandbox.comments(issue);
        comments.retain(|comment| comment.own);
        comments
    }

    async fn answer(&self, issue: ThreadNumber) -> Comment {
        self.sandbox
            .wait_for_bot_comment(issue, PATIENCE)
            .await
            .unwrap()
    }

    /// Starts the bot after it was killed, and asserts that the issue is answered once: then, after
    /// an orderly stop, and when the forge sends everything again.
    async fn assert_answered_once(self, issue: ThreadNumber) {
        let bot = self.start_bot().await;
        let first = self.answer(issue).await;
        assert_eq!(bot.terminate().await.code(), Some(0));
        assert_eq!(self.bot_comments(issue).len(), 1, "after the crash");

        let bot = self.start_bot().await;
        for delivery in self.sandbox.world().deliveries() {
            self.sandbox.redeliver(delivery.id);
        }
        timeout(PATIENCE, self.sandbox.wait_for_deliveries())
            .await
            .unwrap();
        let other = self.labelled_issue("Queues are slow");
        self.answer(other).await;
        assert_eq!(bot.terminate().await.code(), Some(0));

        let comments = self.bot_comments(issue);
        assert_eq!(comments.len(), 1, "after another restart: {comments:?}");
        assert_eq!(comments.first().map(|comment| comment.id), Some(first.id));
        assert_eq!(self.sandbox.world().unexpected_writes(), []);
        self.sandbox.stop().await;
    }
}

/// Where the bot takes webhooks, from its log.
async fn public_address(log: &mut Lines<BufReader<ChildStderr>>) -> String {
    let mut seen = String::new();
    while let Some(line) = log.next_line().await.unwrap() {
        let event: Value = serde_json::from_str(&line).unwrap_or_default();
        if let Some(address) = event["public"].as_str() {
            return address.to_owned();
        }
        seen.push_str(&line);
    }
    panic!("the bot did not start: {seen}");
}

impl Bot {
    /// Ends the process at once, as a power cut would.
    async fn kill(mut self) {
        timeout(PATIENCE, self.child.kill()).await.unwrap().unwrap();
    }

    /// Asks the process to end, as an init system would.
    async fn terminate(mut self) -> ExitStatus {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
        timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bot_killed_while_it_reads_answers_once_after_the_restart() {
    let scene = Scene::begin().await;
    let bot = scene.start_bot().await;
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    scene.sandbox.world().fail(Method::GET, TREE, hold, 1);
    let issue = scene.labelled_issue("Uploads are lost");
    timeout(PATIENCE, gate.reached()).await.unwrap();

    bot.kill().await;
    gate.open();

    assert_eq!(scene.bot_comments(issue), []);
    scene.assert_answered_once(issue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bot_killed_while_its_comment_is_on_the_way_answers_once_after_the_restart() {
    let scene = Scene::begin().await;
    let bot = scene.start_bot().await;
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    scene.sandbox.world().fail(Method::POST, COMMENTS, hold, 1);
    let issue = scene.labelled_issue("Uploads are lost");
    timeout(PATIENCE, gate.reached()).await.unwrap();

    bot.kill().await;
    gate.open();

    scene.assert_answered_once(issue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bot_killed_before_it_learns_of_its_comment_posts_no_second_one() {
    let scene = Scene::begin().await;
    let bot = scene.start_bot().await;
    scene
        .sandbox
        .world()
        .fail(Method::POST, COMMENTS, Fault::CommitThenDrop, 1);
    let issue = scene.labelled_issue("Uploads are lost");
    let posted = scene.answer(issue).await;

    bot.kill().await;

    assert_eq!(scene.bot_comments(issue), [posted]);
    scene.assert_answered_once(issue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_bot_ends_in_order_when_asked() {
    let scene = Scene::begin().await;
    let bot = scene.start_bot().await;
    assert_eq!(bot.terminate().await.code(), Some(0));
}
