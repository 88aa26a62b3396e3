//! `planwright action`, run as a runner runs it, against a forge in a box.

use std::path::PathBuf;
use std::process::Output;
use std::time::Duration;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use planwright::config;
use planwright::domain::thread::{Comment, Role, ThreadNumber};
use planwright::sandbox::Sandbox;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::git::{TestRepository, upload_repository};
use crate::plan_issue::start_sandbox_as;

/// Longest time that one step may take.
const PATIENCE: Duration = Duration::from_secs(120);

const BOT: &str = "github-actions[bot]";

/// A forge with one issue, and a runner's folder.
struct Runner {
    sandbox: Sandbox,
    issue: ThreadNumber,
    folder: tempfile::TempDir,
    token: String,
    repository: TestRepository,
}

/// How a step ended.
struct Step {
    status: Option<i32>,
    said: String,
    printed: String,
    summary: String,
    outputs: String,
}

impl Runner {
    async fn start() -> Self {
        let repository = upload_repository();
        let sandbox = start_sandbox_as(&repository, "github-actions").await;
        // Strangers can write in it.
        sandbox.set_private(false);
        let title = "send_file gives up too early";
        let issue = sandbox
            .open_issue("maintainer", title, "A refused upload is lost.")
            .unwrap();
        let wish = json!({"permissions": {"contents": "read", "issues": "write", "pull_requests": "write"}});
        let token = mint(&sandbox, &wish).await;
        Self {
            sandbox,
            issue,
            folder: tempfile::tempdir().unwrap(),
            token,
            repository,
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn read(&self, path: &str) -> Value {
        ask(
            &self.sandbox,
            reqwest::Method::GET,
            path,
            &self.token,
            &Value::Null,
        )
        .await
    }

    /// The part of every payload that says where and by whom.
    async fn payload(&self, sender: &str, rest: Value) -> Value {
        let repository = self.read("/repos/acme/uploader").await;
        let mut payload = json!({
            "repository": repository,
            "sender": self.read(&format!("/users/{sender}")).await,
            "issue": self.read(&format!("/repos/acme/uploader/issues/{}", self.issue.0)).await,
        });
        payload
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        payload
    }

    /// The payload of a comment that was really made.
    async fn commented(&self, sender: &str, text: &str) -> Value {
        let id = self.sandbox.comment(self.issue, sender, text).unwrap().0;
        let comment = self
            .read(&format!("/repos/acme/uploader/issues/comments/{id}"))
            .await;
        self.payload(sender, json!({"action": "created", "comment": comment}))
            .await
    }

    async fn labeled(&self, sender: &str) -> Value {
        self.sandbox
            .label(self.issue, "plan", "maintainer")
            .unwrap();
        self.payload(
            sender,
            json!({"action": "labeled", "label": {"name": "plan"}}),
        )
        .await
    }

    async fn step(&self, event: &str, payload: &Value) -> Step {
        self.step_with(event, payload, &[]).await
    }

    /// Runs the step with some variables changed; empty ones are left out.
    async fn step_with(&self, event: &str, payload: &Value, changes: &[(&str, &str)]) -> Step {
        let (file, summary, outputs) = (
            self.file("event.json"),
            self.file("summary.md"),
            self.file("outputs"),
        );
        std::fs::write(&file, serde_json::to_vec(payload).unwrap()).unwrap();
        std::fs::remove_file(&summary).ok();
        std::fs::remove_file(&outputs).ok();
        let show = |path: &PathBuf| path.display().to_string();
        let mut variables = vec![
            ("GITHUB_EVENT_NAME", event.to_owned()),
            ("GITHUB_EVENT_PATH", show(&file)),
            ("GITHUB_REPOSITORY", "acme/uploader".to_owned()),
            ("GITHUB_TOKEN", self.token.clone()),
            ("GITHUB_API_URL", self.sandbox.api_url()),
            ("GITHUB_SERVER_URL", self.sandbox.web_url()),
            ("GITHUB_STEP_SUMMARY", show(&summary)),
            ("GITHUB_OUTPUT", show(&outputs)),
            ("PLANWRIGHT_DEPENDENCIES__LOOKUP", "false".to_owned()),
        ];
        for (name, value) in changes {
            variables.retain(|(known, _)| known != name);
            variables.push((*name, (*value).to_owned()));
        }
        let running = tokio::process::Command::new(env!("CARGO_BIN_EXE_planwright"))
            .arg("action")
            .current_dir(self.folder.path())
            .env_clear()
            .envs(variables.into_iter().filter(|(_, value)| !value.is_empty()))
            .kill_on_drop(true)
            .output();
        let output: Output = tokio::time::timeout(PATIENCE, running)
            .await
            .unwrap()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let step = Step {
            status: output.status.code(),
            said: text(output.stderr),
            printed: text(output.stdout),
            summary: std::fs::read_to_string(&summary).unwrap_or_default(),
            outputs: std::fs::read_to_string(&outputs).unwrap_or_default(),
        };
        for told in [&step.said, &step.printed, &step.summary, &step.outputs] {
            assert!(!told.contains(&self.token), "the token is told: {told}");
        }
        step
    }

    fn own_comments(&self) -> Vec<Comment> {
        let mut comments = self.sandbox.comments(self.issue);
        comments.retain(|comment| {
            comment
                .author
                .as_ref()
                .is_some_and(|author| author.login == BOT)
        });
        comments
    }

    async fn end(self) {
        self.sandbox.stop().await;
        drop(self.repository);
    }
}

/// A token of the App's installation, as a runner gives one to its steps.
async fn mint(sandbox: &Sandbox, wish: &Value) -> String {
    let pem = sandbox.private_key_pem().expose_secret();
    let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let claims = json!({"iat": now - 30, "exp": now + 300, "iss": sandbox.app_id().to_string()});
    let jwt = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).unwrap();
    let path = format!(
        "/app/installations/{}/access_tokens",
        sandbox.installation_id().0
    );
    let minted = ask(sandbox, reqwest::Method::POST, &path, &jwt, wish).await;
    minted["token"].as_str().unwrap().to_owned()
}

async fn ask(
    sandbox: &Sandbox,
    method: reqwest::Method,
    path: &str,
    token: &str,
    body: &Value,
) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{path}", sandbox.api_url());
    let mut request = client
        .request(method, url)
        .bearer_auth(token)
        .header("user-agent", "test");
    if !body.is_null() {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let value: Value = answer.json().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {value}");
    value
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_answered_and_the_next_run_edits_the_same_comment() {
    let runner = Runner::start().await;
    let asked = runner.commented("maintainer", "/plan where to retry").await;
    let first = runner.step("issue_comment", &asked).await;
    let comments = runner.own_comments();
    assert_eq!(
        (first.status, comments.len()),
        (Some(0), 1),
        "{}",
        first.said
    );
    assert!(
        comments[0].body.contains("src/upload.rs"),
        "{}",
        comments[0].body
    );
    let (number, id) = (runner.issue.0, comments[0].id.0);
    let url = format!(
        "{}/acme/uploader/issues/{number}#issuecomment-{id}",
        runner.sandbox.web_url()
    );
    assert_eq!(
        first.printed,
        format!("posted: {}\n", url.replace("::", ": :"))
    );
    assert_eq!(
        first.outputs,
        format!("outcome=posted\ncomment-id={id}\ncomment-url={url}\n")
    );
    assert_eq!(
        first.summary,
        format!("## Planwright\n\nPosted [the comment in the thread]({url}).\n")
    );

    let asked = runner.commented("maintainer", "/plan and the queue").await;
    let second = runner.step("issue_comment", &asked).await;
    let edited = runner.own_comments();
    assert_eq!(
        (second.status, edited.len()),
        (Some(0), 1),
        "{}",
        second.said
    );
    assert_eq!(edited[0].id, comments[0].id);
    assert_ne!(edited[0].body, comments[0].body);
    assert!(std::fs::read_dir(runner.folder.path()).unwrap().count() <= 4);
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_asks_on_an_issue() {
    let runner = Runner::start().await;
    let event = runner.labeled("maintainer").await;
    let step = runner.step("issues", &event).await;
    assert_eq!(
        (step.status, runner.own_comments().len()),
        (Some(0), 1),
        "{}",
        step.said
    );
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_marker_secret_makes_another_comment() {
    let runner = Runner::start().await;
    for secret in ["one long text", "another long text", "one long text"] {
        let asked = runner.commented("maintainer", "/plan").await;
        let changes = [("INPUT_MARKER_SECRET", secret)];
        let step = runner.step_with("issue_comment", &asked, &changes).await;
        assert_eq!(step.status, Some(0), "{}", step.said);
    }
    assert_eq!(runner.own_comments().len(), 2);
    runner.end().await;
}

/// The variables of a step that keeps its memory in the runner's folder.
fn with_memory<'a>(folder: &'a str, secret: &'a str) -> [(&'a str, &'a str); 2] {
    [("INPUT_MEMORY", folder), ("INPUT_MARKER_SECRET", secret)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_knows_what_an_earlier_one_planned() {
    let runner = Runner::start().await;
    let folder = runner.file("memory").display().to_string();
    let changes = with_memory(&folder, "one long text");
    let asked = runner.commented("maintainer", "/plan").await;
    for revision in 1..=2 {
        // The second time, somebody starts the same run again.
        let step = runner.step_with("issue_comment", &asked, &changes).await;
        assert_eq!(step.status, Some(0), "{}", step.said);
        let comments = runner.own_comments();
        assert_eq!(comments.len(), 1);
        let told = format!("Revision {revision}.");
        assert!(comments[0].body.contains(&told), "{}", comments[0].body);
    }

    let planned = runner.own_comments();
    runner
        .repository
        .commit(&[("src/upload.rs", "// Everything is new here.\n")]);
    let asked = runner.commented("maintainer", "/plan check").await;
    let step = runner.step_with("issue_comment", &asked, &changes).await;
    assert_eq!(step.status, Some(0), "{}", step.said);
    let checked = runner.own_comments();
    assert_eq!(checked[0].id, planned[0].id);
    assert!(
        checked[0].body.contains("> **Stale:** "),
        "{}",
        checked[0].body
    );
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_memory_that_no_run_with_the_secret_left_is_not_used() {
    let runner = Runner::start().await;
    let folder = runner.file("memory").display().to_string();
    let plan = async |secret: &str| {
        let asked = runner.commented("maintainer", "/plan").await;
        let changes = with_memory(&folder, secret);
        let step = runner.step_with("issue_comment", &asked, &changes).await;
        assert_eq!(step.status, Some(0), "{}", step.said);
        let newest = runner.own_comments().pop().unwrap();
        (newest.body.contains("Revision 2."), step.said)
    };
    let (again, said) = plan("").await;
    assert!(
        !again && said.contains("`marker-secret` is not set"),
        "{said}"
    );
    assert!(!runner.file("memory").exists());

    assert!(!plan("one long text").await.0);
    assert!(plan("one long text").await.0);
    let (again, said) = plan("another long text").await;
    assert!(!again && said.contains("was changed since"), "{said}");

    let store = runner.file("memory").join("thread.db");
    let mut bytes = std::fs::read(&store).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&store, bytes).unwrap();
    let (again, said) = plan("another long text").await;
    assert!(!again && said.contains("was changed since"), "{said}");
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_asks_nothing_ends_well_and_says_why() {
    let runner = Runner::start().await;
    let chat = runner.commented("maintainer", "thanks!").await;
    let mut bot = runner.commented("maintainer", "/plan").await;
    for place in ["sender", "comment"] {
        let account = match place {
            "sender" => &mut bot["sender"],
            _ => &mut bot["comment"]["user"],
        };
        account["login"] = json!("renovate[bot]");
        account["type"] = json!("Bot");
    }
    let mut edited = runner.commented("maintainer", "/plan").await;
    edited["action"] = json!("edited");
    edited["changes"] = json!({"body": {"from": "/plan"}});
    let outsider = runner.commented("outsider", "/plan").await;
    let push = runner
        .payload("maintainer", json!({"ref": "refs/heads/main"}))
        .await;
    let cases = [
        ("issue_comment", &chat, "nothing to do: no command\n"),
        ("issue_comment", &bot, "nothing to do: bot\n"),
        ("issue_comment", &edited, "nothing to do: no new command\n"),
        (
            "issue_comment",
            &outsider,
            "nothing to do: the sender has the role `read`, and `write` is asked for\n",
        ),
        ("workflow_dispatch", &push, "nothing to do: event\n"),
    ];
    for (event, payload, printed) in cases {
        let step = runner.step(event, payload).await;
        assert_eq!(
            (step.status, step.printed.as_str()),
            (Some(0), printed),
            "{}",
            step.said
        );
        assert_eq!(step.outputs, "outcome=nothing\n");
        assert!(
            step.summary.starts_with("## Planwright\n\nNothing to do: "),
            "{}",
            step.summary
        );
    }
    assert_eq!(runner.own_comments(), []);
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_and_the_repositorys_file_decide_as_for_the_hosted_bot() {
    let runner = Runner::start().await;
    runner
        .repository
        .commit(&[(".planwright.toml", "minimum_role = \"admin\"\n")]);
    let asked = runner.commented("maintainer", "/plan").await;
    let step = runner.step("issue_comment", &asked).await;
    assert_eq!(step.status, Some(0), "{}", step.said);
    assert!(
        step.printed.contains("`admin` is asked for"),
        "{}",
        step.printed
    );
    runner.sandbox.set_role("maintainer", Role::Admin);
    let step = runner.step("issue_comment", &asked).await;
    assert_eq!(runner.own_comments().len(), 1, "{}", step.said);
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forks_pull_request_is_planned_by_its_target_and_never_with_a_token_that_only_reads() {
    let runner = Runner::start().await;
    runner
        .repository
        .git(&["switch", "--quiet", "--create", "pauses"]);
    runner
        .repository
        .commit(&[("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n")]);
    runner.repository.git(&["switch", "--quiet", "main"]);
    let texts = ("Pause between uploads", "Adds `pause_upload`.");
    let number = runner
        .sandbox
        .open_pull_request("outsider", texts, "pauses")
        .await
        .unwrap();
    runner.sandbox.label(number, "plan", "maintainer").unwrap();
    let mut pull = runner
        .read(&format!("/repos/acme/uploader/pulls/{}", number.0))
        .await;
    pull["head"]["repo"] = json!({"id": 4});
    let rest = json!({"action": "labeled", "label": {"name": "plan"}, "pull_request": pull, "number": number.0});
    let mut event = runner.payload("maintainer", rest).await;
    event.as_object_mut().unwrap().remove("issue");

    let before = runner.sandbox.world().requests().len();
    let step = runner.step("pull_request", &event).await;
    assert_eq!(step.status, Some(1), "{}", step.said);
    assert!(step.printed.contains("can only read"), "{}", step.printed);
    assert_eq!(runner.sandbox.world().requests().len(), before);

    let step = runner.step("pull_request_target", &event).await;
    assert_eq!(step.status, Some(0), "{} {}", step.said, step.printed);
    let comments = runner.sandbox.comments(number);
    assert!(
        comments
            .iter()
            .any(|comment| comment.body.contains("src/pause.rs"))
    );
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_may_not_write_is_told_with_the_permissions_to_give() {
    let runner = Runner::start().await;
    let wish =
        json!({"permissions": {"contents": "read", "issues": "read", "pull_requests": "read"}});
    let token = mint(&runner.sandbox, &wish).await;
    let asked = runner.commented("maintainer", "/plan").await;
    let step = runner
        .step_with("issue_comment", &asked, &[("GITHUB_TOKEN", &token)])
        .await;
    assert_eq!(step.status, Some(3), "{}", step.said);
    assert!(
        step.said
            .contains("permissions: contents: read, issues: write"),
        "{}",
        step.said
    );
    assert_eq!(step.outputs, "outcome=failed\n");
    let requests = runner.sandbox.world().requests();
    let mut read = requests.iter().filter(|one| one.path.contains("/git/"));
    assert_eq!(read.next(), None, "the repository was read for nothing");
    runner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_configuration_ends_before_the_forge_is_asked() {
    let runner = Runner::start().await;
    let asked = runner.commented("maintainer", "/plan").await;
    let before = runner.sandbox.world().requests().len();
    // What lies in the working directory is nobody's configuration.
    std::fs::write(
        runner.file("planwright.toml"),
        "[model]\nprovider = \"nonsense\"\n",
    )
    .unwrap();
    let cases = [
        ([("GITHUB_TOKEN", "")], "`GITHUB_TOKEN` must be set"),
        (
            [("GITHUB_EVENT_PATH", "")],
            "`GITHUB_EVENT_PATH` must be set",
        ),
        ([("GITHUB_EVENT_PATH", "/nonexistent")], "could not be read"),
        (
            [("GITHUB_REPOSITORY", "acme/other")],
            "the event is of another repository",
        ),
        (
            [("GITHUB_API_URL", "http://forge.example")],
            "must start with `https://`",
        ),
        ([("INPUT_BOT_LOGIN", "a b")], "must be a login"),
        (
            [("PLANWRIGHT_MODEL__PROVIDER", "claude")],
            "`model.provider` must be",
        ),
        (
            [("PLANWRIGHT_MODEL__PROVIDER", "anthropic")],
            "`model.name` must name the model",
        ),
    ];
    for (changes, expected) in cases {
        let step = runner.step_with("issue_comment", &asked, &changes).await;
        assert_eq!(
            step.status,
            Some(2),
            "{changes:?}: {} {}",
            step.said,
            step.printed
        );
        assert!(step.said.contains(expected), "{changes:?}: {}", step.said);
    }
    assert_eq!(runner.sandbox.world().requests().len(), before);
    assert_eq!(runner.own_comments(), []);
    runner.end().await;
}

#[test]
fn every_variable_of_the_action_is_a_setting_or_read_by_the_program() {
    let action = std::fs::read_to_string("action.yml").unwrap();
    let variables = action
        .lines()
        .filter_map(|line| line.trim().split_once(": "));
    let names: Vec<_> = variables
        .map(|(name, _)| name)
        .filter(|name| name.starts_with("PLANWRIGHT_"))
        .collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let found = config::load_from(None, [(name.to_owned(), "\0".to_owned())]);
        let told = found
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(!told.contains("names no setting"), "{name}: {told}");
    }
}
