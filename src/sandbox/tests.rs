//! The rig that the sandbox's tests share, and the stories of its own actions.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use http::Method;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::domain::repository::{CommitSha, RepositoryName};
use crate::domain::thread::{ReactionTarget, Role, ThreadNumber};
use crate::repository::git::GitRepository;
use crate::sandbox::world::{Refusal, RequestRecord};
use crate::sandbox::{AppKey, Sandbox, SandboxError, SandboxOptions};
use crate::store::Millis;

/// Making keys is slow, and no test depends on which ones they are.
static KEY: LazyLock<AppKey> = LazyLock::new(|| AppKey::generate().unwrap());

/// 2026-04-27T09:30:00Z
pub(crate) const START: i64 = 1_777_282_200_000;

/// A sandbox over a small repository, a clock that the test turns, and a client.
pub(crate) struct Rig {
    pub(crate) sandbox: Sandbox,
    pub(crate) folder: TempDir,
    pub(crate) client: reqwest::Client,
    now: Arc<AtomicI64>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Rig {
    /// Over a repository with two files in folders, a symbolic link and a script.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        for (path, text) in [
            ("README.md", "# Widgets\n"),
            ("src/lib.rs", "pub fn run() {\n    start(\"<b>\");\n}\n"),
            ("src/net/retry.rs", "pub fn retry() {}\n"),
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::os::unix::fs::symlink("README.md", folder.path().join("link")).unwrap();
        commit(folder.path(), "add widgets");
        Self::over(folder).await
    }

    /// Over a repository without a commit.
    pub(crate) async fn start_empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        Self::over(folder).await
    }

    async fn over(folder: TempDir) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let redirects = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(redirects);
        let client = client.build().unwrap();
        let options = SandboxOptions {
            repository: GitRepository::open(folder.path()).await.unwrap(),
            full_name: RepositoryName::parse("acme/widgets").unwrap(),
            private: false,
            app_slug: "planwright".to_owned(),
            app_key: Some(KEY.clone()),
            labels: vec!["plan".to_owned()],
            port: 0,
            webhook_url: None,
            client: client.clone(),
            clock: Arc::new(move || Millis(clock.load(Ordering::Relaxed))),
            stop: CancellationToken::new(),
        };
        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            folder,
            client,
            now,
        }
    }

    pub(crate) fn advance(&self, time: Duration) {
        let millis = i64::try_from(time.as_millis()).unwrap();
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    /// A JSON web token with these claims, signed by the App's key.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let pem = self.sandbox.private_key_pem().expose_secret().as_bytes();
        let key = EncodingKey::from_rsa_pem(pem).unwrap();
        encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
    }

    /// The App's JSON web token as it should be.
    pub(crate) fn jwt(&self) -> String {
        let now = self.now.load(Ordering::Relaxed) / 1_000;
        let id = self.sandbox.app_id().to_string();
        self.sign(&json!({"iat": now - 60, "exp": now + 540, "iss": id}))
    }

    /// A token of the installation, narrowed to `permissions`.
    pub(crate) async fn token(&self, permissions: Value) -> String {
        let body = json!({
            "repository_ids": [self.sandbox.repository_id().0],
            "permissions": permissions,
        });
        let answer = self.post(&self.tokens_path(), &self.jwt(), body).await;
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// A token with what the bot asks for.
    pub(crate) async fn bot(&self) -> String {
        self.token(json!({"contents": "read", "issues": "write", "metadata": "read", "pull_requests": "write"}))
            .await
    }

    pub(crate) fn person(&self, login: &str) -> String {
        let token = self.sandbox.user_token(login).unwrap();
        token.expose_secret().to_owned()
    }

    pub(crate) fn tokens_path(&self) -> String {
        let installation = self.sandbox.installation_id().0;
        format!("/app/installations/{installation}/access_tokens")
    }

    /// Sends a request below the API's root; an empty token sends none.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        token: &str,
    ) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.api_url());
        let request = self.client.request(method, url);
        if token.is_empty() {
            request
        } else {
            request.bearer_auth(token)
        }
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        Answer {
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(self.request(Method::GET, path, token)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path, token).json(&body);
        self.send(request).await
    }

    pub(crate) fn last_request(&self) -> RequestRecord {
        self.sandbox.world().requests().pop().unwrap()
    }

    /// An issue of the outsider.
    pub(crate) fn issue(&self) -> ThreadNumber {
        let opened = self
            .sandbox
            .open_issue("outsider", "Retry deliveries", "They fail.");
        opened.unwrap()
    }

    /// A pull request of a branch that adds and changes a file.
    pub(crate) async fn pull_request(&self) -> ThreadNumber {
        let folder = self.folder.path();
        self.git(&["switch", "--quiet", "--create", "retries"]);
        std::fs::write(folder.join("src/new.rs"), "//! New.\npub fn new() {}\n").unwrap();
        std::fs::write(folder.join("README.md"), "# Gadgets\n").unwrap();
        commit(folder, "add retries");
        self.git(&["switch", "--quiet", "main"]);
        let texts = ("Retries", "Adds them.");
        let opened = self.sandbox.open_pull_request("outsider", texts, "retries");
        opened.await.unwrap()
    }

    pub(crate) fn head(&self) -> CommitSha {
        let sha = git(self.folder.path(), &["rev-parse", "HEAD"]);
        CommitSha::parse(&sha).unwrap()
    }

    /// What git says in the repository.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(self.folder.path(), arguments)
    }
}

pub(crate) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([
            ("GIT_AUTHOR_NAME", "Ada"),
            ("GIT_AUTHOR_EMAIL", "ada@example.org"),
            ("GIT_AUTHOR_DATE", "2026-04-01T08:00:00+02:00"),
            ("GIT_COMMITTER_NAME", "Grace"),
            ("GIT_COMMITTER_EMAIL", "grace@example.org"),
            ("GIT_COMMITTER_DATE", "2026-04-02T10:00:00Z"),
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn what_people_do_is_what_the_forge_shows() {
    let rig = Rig::start().await;
    let sandbox = &rig.sandbox;
    let issue = rig.issue();
    sandbox.label(issue, "plan", "maintainer").unwrap();
    let comment = sandbox.comment(issue, "outsider", "/plan").unwrap();
    sandbox
        .edit(comment, "outsider", "/plan for speed")
        .unwrap();
    let shown = rig
        .get("/repos/acme/widgets/issues/1", &rig.bot().await)
        .await
        .body;
    let comments = sandbox.comments(issue);
    assert_eq!(
        json!([
            shown["title"],
            shown["labels"][0]["name"],
            shown["comments"],
            comments[0].body
        ]),
        json!(["Retry deliveries", "plan", 1, "/plan for speed"])
    );
}

#[tokio::test]
async fn outsiders_may_comment_and_not_label() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let refused = rig.sandbox.label(issue, "plan", "outsider");
    assert_eq!(
        refused,
        Err(Refusal::NotAllowed {
            login: "outsider".to_owned(),
            action: "label issues",
        })
    );
}

#[tokio::test]
async fn people_without_a_role_cannot_act_in_a_private_repository() {
    let rig = Rig::start().await;
    rig.sandbox.set_private(true);
    let refused = rig.sandbox.open_issue("outsider", "Hello", "");
    assert_eq!(refused, Err(Refusal::NotFound("repository")));
}

#[tokio::test]
async fn a_person_may_be_given_a_role() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    rig.sandbox.set_role("triager", Role::Triage);
    assert_eq!(rig.sandbox.label(issue, "plan", "triager"), Ok(()));
}

#[tokio::test]
async fn bot_comment_is_seen_as_soon_as_it_is_there() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let bot = rig.bot().await;
    let post = rig.post(
        "/repos/acme/widgets/issues/1/comments",
        &bot,
        json!({"body": "The plan."}),
    );
    let patience = Duration::from_secs(30);
    let (found, _) = tokio::join!(rig.sandbox.wait_for_bot_comment(issue, patience), post);
    let found = found.unwrap();
    assert_eq!((found.body.as_str(), found.own), ("The plan.", true));
}

#[tokio::test]
async fn waiting_for_a_bot_that_is_silent_ends() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    rig.sandbox.comment(issue, "maintainer", "Me too.").unwrap();
    let waited = rig.sandbox.wait_for_bot_comment(issue, Duration::ZERO);
    let error = waited.await.unwrap_err().to_string();
    assert_eq!(error, "no comment of the bot on issue #1 within 0s");
}

#[tokio::test]
async fn reactions_tell_who_reacted_how() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let path = "/repos/acme/widgets/issues/1/reactions";
    rig.post(path, &rig.bot().await, json!({"content": "eyes"}))
        .await;
    assert_eq!(
        rig.sandbox.reactions(issue, ReactionTarget::Thread),
        [("planwright[bot]".to_owned(), "eyes")]
    );
}

#[tokio::test]
async fn taken_port_is_told_with_a_hint() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let rig = Rig::start().await;
    let options = SandboxOptions {
        repository: GitRepository::open(rig.folder.path()).await.unwrap(),
        full_name: RepositoryName::parse("acme/widgets").unwrap(),
        private: false,
        app_slug: "planwright".to_owned(),
        app_key: Some(KEY.clone()),
        labels: Vec::new(),
        port,
        webhook_url: None,
        client: rig.client.clone(),
        clock: Arc::new(|| Millis(START)),
        stop: CancellationToken::new(),
    };
    let refused = Sandbox::start(options).await.unwrap_err();
    assert!(
        matches!(refused, SandboxError::Listen { port: told, .. } if told == port),
        "{refused}"
    );
}

#[tokio::test]
async fn stopped_sandbox_answers_no_more() {
    let rig = Rig::start().await;
    let url = rig.sandbox.web_url();
    rig.sandbox.stop().await;
    assert!(rig.client.get(url).send().await.is_err());
}

#[test]
fn private_key_has_the_form_of_githubs_download() {
    let pem = KEY.private_pem().expose_secret();
    let lines: Vec<_> = pem.lines().collect();
    assert_eq!(
        (lines[0], lines[1].len(), *lines.last().unwrap()),
        (
            "-----BEGIN RSA PRIVATE KEY-----",
            64,
            "-----END RSA PRIVATE KEY-----"
        )
    );
}
