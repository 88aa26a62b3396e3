//! `planwright plan --issue`, run as people run it, against a forge in a box.

use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use planwright::config;
use planwright::domain::repository::RepositoryName;
use planwright::domain::thread::{Comment, ReactionTarget, ThreadNumber};
use planwright::http::{self, ApiBase, Purpose};
use planwright::repository::git::GitRepository;
use planwright::sandbox::{Sandbox, SandboxOptions};
use planwright::store::Millis;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::git::{TestRepository, upload_repository};

/// Longest time that one command may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A forge with one issue, and an operator's folder with a configuration file.
struct Desk {
    sandbox: Sandbox,
    issue: ThreadNumber,
    folder: tempfile::TempDir,
    repository: TestRepository,
}

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Millis(since.as_millis().try_into().unwrap())
}

async fn start_sandbox(repository: &TestRepository) -> Sandbox {
    start_sandbox_as(repository, "planwright").await
}

/// A forge on which the App is called so.
pub(crate) async fn start_sandbox_as(repository: &TestRepository, app: &str) -> Sandbox {
    let settings = config::load_from(None, []).unwrap().settings;
    let base = ApiBase::new(&Url::parse("http://127.0.0.1").unwrap()).unwrap();
    let purpose = Purpose {
        base: &base,
        read_timeout: settings.http.request_timeout,
    };
    let options = SandboxOptions {
        repository: GitRepository::open(repository.path()).await.unwrap(),
        full_name: RepositoryName::new("acme", "uploader").unwrap(),
        private: true,
        app_slug: app.to_owned(),
        app_key: None,
        labels: Vec::new(),
        port: 0,
        webhook_url: None,
        client: http::client(&settings.http, purpose).unwrap(),
        clock: Arc::new(now),
        stop: CancellationToken::new(),
    };
    Sandbox::start(options).await.unwrap()
}

impl Desk {
    async fn set_up() -> Self {
        let repository = upload_repository();
        let sandbox = start_sandbox(&repository).await;
        let title = "send_file gives up too early";
        let issue = sandbox
            .open_issue("maintainer", title, "A refused upload is lost.")
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("app.pem");
        std::fs::write(&key, sandbox.private_key_pem().expose_secret()).unwrap();
        let text = format!(
            "[store]\nurl = \"sqlite:{}\"\n\n[github]\napi_url = \"{}\"\nweb_url = \"{}\"\n\
             app_id = \"{}\"\nprivate_key_file = \"{}\"\n",
            folder.path().join("queue.db").display(),
            sandbox.api_url(),
            sandbox.web_url(),
            sandbox.app_id(),
            key.display(),
        );
        std::fs::write(folder.path().join("planwright.toml"), text).unwrap();
        Self {
            sandbox,
            issue,
            folder,
            repository,
        }
    }

    fn address(&self) -> String {
        let (web, number) = (self.sandbox.web_url(), self.issue.0);
        format!("{web}/acme/uploader/issues/{number}")
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("queue.db")
    }

    /// Runs `planwright plan --issue ADDRESS` with further arguments.
    async fn plan(&self, address: &str, further: &[&str]) -> Output {
        let running = tokio::process::Command::new(env!("CARGO_BIN_EXE_planwright"))
            .args(["plan", "--issue", address])
            .args(further)
            .current_dir(self.folder.path())
            .env_clear()
            .kill_on_drop(true)
            .output();
        let ended = tokio::time::timeout(PATIENCE, running).await;
        ended.unwrap().unwrap()
    }

    fn comments(&self) -> Vec<Comment> {
        self.sandbox.comments(self.issue)
    }

    async fn end(self) {
        self.sandbox.stop().await;
        drop(self.repository);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_for_an_issue_is_printed_and_leaves_no_trace() {
    let desk = Desk::set_up().await;

    let output = desk.plan(&desk.address(), &[]).await;

    let (printed, said) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}");
    let commit = desk.repository.git(&["rev-parse", "HEAD"]);
    let link = format!("{}/acme/uploader/blob/{commit}/", desk.sandbox.web_url());
    assert!(printed.contains("src/upload.rs"), "{printed}");
    assert!(printed.contains(&link), "{printed}");
    assert_eq!(said, "");
    assert_eq!(desk.comments(), []);
    assert_eq!(
        desk.sandbox.reactions(desk.issue, ReactionTarget::Thread),
        []
    );
    assert!(!desk.store().exists());
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn posting_twice_leaves_one_comment_that_was_edited() {
    let desk = Desk::set_up().await;

    let first = desk.plan(&desk.address(), &["--post"]).await;
    let posted = desk.comments();
    let second = desk
        .plan(
            &desk.address(),
            &["--post", "--focus", "what `drain_queue` does"],
        )
        .await;
    let edited = desk.comments();

    let said = text(&first.stderr) + &text(&second.stderr);
    assert_eq!(
        (first.status.code(), second.status.code()),
        (Some(0), Some(0)),
        "{said}"
    );
    assert_eq!((posted.len(), edited.len()), (1, 1));
    assert!(posted[0].own && posted[0].id == edited[0].id);
    assert_ne!(posted[0].body, edited[0].body);
    assert!(edited[0].body.contains("evision 2"), "{}", edited[0].body);
    assert_eq!(text(&first.stdout).trim_end(), posted[0].body.trim_end());
    assert_eq!(text(&second.stdout).trim_end(), edited[0].body.trim_end());
    let address = format!("{}#issuecomment-{}", desk.address(), posted[0].id.0);
    assert_eq!(
        said,
        format!("job 1 makes the plan\n{address}\njob 2 makes the plan\n{address}\n")
    );
    assert_eq!(
        desk.sandbox.reactions(desk.issue, ReactionTarget::Thread),
        []
    );
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_another_store_the_comment_that_stands_is_edited() {
    let desk = Desk::set_up().await;
    let first = desk.plan(&desk.address(), &["--post"]).await;
    let posted = desk.comments();
    std::fs::remove_file(desk.store()).unwrap();

    let second = desk.plan(&desk.address(), &["--post"]).await;
    let edited = desk.comments();

    let said = text(&first.stderr) + &text(&second.stderr);
    assert_eq!(second.status.code(), Some(0), "{said}");
    assert_eq!((posted.len(), edited.len()), (1, 1));
    assert_eq!(posted[0].id, edited[0].id);
    assert!(!edited[0].body.contains("evision 2"), "{}", edited[0].body);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thread_that_takes_no_comment_is_told_with_the_reason() {
    let desk = Desk::set_up().await;
    desk.sandbox.set_locked(desk.issue, true).unwrap();

    let output = desk.plan(&desk.address(), &["--post", "--quiet"]).await;

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: nothing was posted: the thread is locked\n"
    );
    assert_eq!(
        (text(&output.stdout), desk.comments()),
        (String::new(), vec![])
    );
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_forge_does_not_have_is_a_failure_of_the_environment() {
    let desk = Desk::set_up().await;
    let web = desk.sandbox.web_url();

    let repository = desk
        .plan(&format!("{web}/acme/other/issues/1"), &["--post"])
        .await;
    let issue = desk
        .plan(&format!("{web}/acme/uploader/issues/999"), &[])
        .await;

    assert_eq!(repository.status.code(), Some(3));
    assert_eq!(
        text(&repository.stderr),
        "error: the forge did not give what is needed\n  \
         because: the App's installation on `acme/other` was not found\n\
         hint: see that the address is right and that the App is installed on the repository\n"
    );
    assert_eq!(issue.status.code(), Some(3));
    assert!(!desk.store().exists());
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_use_ends_before_the_forge_is_asked() {
    let desk = Desk::set_up().await;
    let before = desk.sandbox.world().requests().len();
    let address = desk.address();
    std::fs::write(desk.folder.path().join("empty.toml"), "").unwrap();

    let elsewhere = desk.plan("https://github.com/a/b/issues/1", &[]).await;
    let as_json = desk.plan(&address, &["--post", "--format", "json"]).await;
    let unconfigured = desk
        .plan(
            "https://github.com/a/b/issues/1",
            &["--config", "empty.toml"],
        )
        .await;

    for (output, expected) in [
        (&elsewhere, "is not on the configured forge"),
        (&as_json, "`--post` prints the comment"),
        (&unconfigured, "no GitHub App is configured"),
    ] {
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected) && said.contains("hint: "), "{said}");
    }
    assert_eq!(desk.sandbox.world().requests().len(), before);
    desk.end().await;
}
