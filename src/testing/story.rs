//! The whole bot in a sandbox: real webhooks over HTTP, the real queue, the real adapters.
//!
//! A story prepares a repository, lets people act on the forge, and reads what they would see.
//! [`Story::end`] asserts that nothing is left over.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::cli::compose::{self, Running};
use crate::cli::demo;
use crate::config::{self, Loaded, Settings};
use crate::domain::thread::{
    Comment, CommentId, ReactionTarget, ThreadAddress, ThreadKind, ThreadNumber,
};
use crate::forge::Forge;
use crate::repository::git::GitRepository;
use crate::sandbox::conformity::Description;
use crate::sandbox::world::{RequestOrigin, RequestRecord};
use crate::sandbox::{AppKey, Sandbox};
use crate::service::App;
use crate::store::{JobState, JobSummary, Stats, Store};
use crate::testing::git::TestRepository;

/// Longest wait for something that is bound to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The person with the right to ask.
pub(crate) const MAINTAINER: &str = "maintainer";

/// The person without.
pub(crate) const OUTSIDER: &str = "outsider";

/// A bot at work in a sandbox.
pub(crate) struct Story {
    pub(crate) sandbox: Sandbox,
    running: Running,
    repository: TestRepository,
    folder: tempfile::TempDir,
}

/// The sandbox over `repository`, its webhooks going nowhere yet.
pub(crate) async fn start_sandbox(repository: &TestRepository) -> Sandbox {
    let settings = config::load_from(None, []).unwrap().settings;
    let opened = GitRepository::open(repository.path()).await.unwrap();
    let mut options = demo::sandbox_options(opened, 0, &settings).unwrap();
    // Making a key takes a good part of a second; one serves all tests.
    static KEY: std::sync::OnceLock<AppKey> = std::sync::OnceLock::new();
    options.app_key = Some(KEY.get_or_init(|| AppKey::generate().unwrap()).clone());
    Sandbox::start(options).await.unwrap()
}

impl Story {
    /// The bot as it comes, without a model.
    pub(crate) async fn begin(repository: TestRepository) -> Self {
        Self::begin_with(repository, |_| {}).await
    }

    /// The bot with other settings.
    pub(crate) async fn begin_with(
        repository: TestRepository,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let sandbox = start_sandbox(&repository).await;
        let folder = tempfile::tempdir().unwrap();
        let mut loaded = config::load_from(None, []).unwrap();
        demo::connect(&mut loaded.settings, &sandbox, folder.path()).unwrap();
        // A busy machine must not make the bot announce what it does; stories of that ask for it.
        loaded.settings.worker.status_after = Duration::ZERO;
        change(&mut loaded.settings);
        let running = compose::start(loaded, false).await.unwrap();
        sandbox.set_webhook_url(hook_url(&running));
        Self {
            sandbox,
            running,
            repository,
            folder,
        }
    }

    /// The repository that the forge has.
    pub(crate) fn repository(&self) -> &TestRepository {
        &self.repository
    }

    /// The forge as the bot sees it.
    pub(crate) fn forge(&self) -> Arc<dyn Forge> {
        let served = self.running.app.forges.0.first();
        let served = served.expect("stories have a GitHub");
        Arc::clone(&served.forge)
    }

    /// Where the bot keeps its jobs.
    pub(crate) fn store(&self) -> &dyn Store {
        self.running.app.store.as_ref()
    }

    /// Every file that the bot keeps, except its cache of contents: the store and its log.
    pub(crate) fn saved_bytes(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let files = files.map(|entry| entry.unwrap().path());
        files
            .filter(|path| path.is_file())
            .flat_map(|path| std::fs::read(path).unwrap())
            .collect()
    }

    /// What the bot keeps of repositories.
    pub(crate) fn cached_bytes(&self) -> Vec<u8> {
        let mut folders = vec![self.folder.path().join("cache")];
        let mut bytes = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => bytes.extend(std::fs::read(path).unwrap()),
                }
            }
        }
        bytes
    }

    /// Where an issue or pull request is, as the bot knows it.
    pub(crate) async fn thread(&self, number: ThreadNumber) -> ThreadAddress {
        let (name, is_pull) = self.sandbox.world().read(|state| {
            let name = state.repository.name.clone();
            (name, state.pull(number.0).is_ok())
        });
        ThreadAddress {
            repository: self.forge().repository(&name).await.unwrap(),
            kind: match is_pull {
                true => ThreadKind::ChangeRequest,
                false => ThreadKind::Issue,
            },
            number,
        }
    }

    /// Where webhooks are taken.
    pub(crate) fn hook(&self) -> Url {
        hook_url(&self.running)
    }

    /// The calls since the first `before`, as lines of method and route; those that cost nothing are in
    /// brackets.
    pub(crate) fn calls(&self, before: usize) -> Vec<String> {
        let requests = self.sandbox.world().requests();
        let line = |request: &RequestRecord| {
            let template = request.template.clone().unwrap_or_default();
            let route = template.trim_start_matches("/repos/{owner}/{repo}");
            match request.is_free() {
                true => format!("({} {route})", request.method),
                false => format!("{} {route}", request.method),
            }
        };
        requests.iter().skip(before).map(line).collect()
    }

    /// Opens an issue as the maintainer.
    pub(crate) fn open_issue(&self, title: &str, body: &str) -> ThreadNumber {
        self.sandbox.open_issue(MAINTAINER, title, body).unwrap()
    }

    /// Puts the label that asks for a plan, as `user`.
    pub(crate) fn label(&self, issue: ThreadNumber, user: &str) {
        self.sandbox.label(issue, "plan", user).unwrap();
    }

    /// Comments as `user`.
    pub(crate) fn comment(&self, issue: ThreadNumber, user: &str, body: &str) -> CommentId {
        self.sandbox.comment(issue, user, body).unwrap()
    }

    /// The bot's comment on an issue, as soon as there is one.
    pub(crate) async fn answer(&self, issue: ThreadNumber) -> Comment {
        self.sandbox
            .wait_for_bot_comment(issue, PATIENCE)
            .await
            .unwrap()
    }

    /// The comments of the bot on an issue.
    pub(crate) fn bot_comments(&self, issue: ThreadNumber) -> Vec<Comment> {
        let mut comments = self.sandbox.comments(issue);
        comments.retain(|comment| comment.own);
        comments
    }

    /// The bot's reactions to something, in GitHub's words.
    pub(crate) fn bot_reactions(
        &self,
        issue: ThreadNumber,
        target: ReactionTarget,
    ) -> Vec<&'static str> {
        let reactions = self.sandbox.reactions(issue, target).into_iter();
        reactions
            .filter(|(login, _)| login == "planwright[bot]")
            .map(|(_, content)| content)
            .collect()
    }

    /// Returns once every webhook is answered and every job has come to its end.
    pub(crate) async fn settle(&self) -> Vec<JobSummary> {
        let settled = async {
            self.sandbox.wait_for_deliveries().await;
            loop {
                let Stats { ready, running, .. } = self.running.app.store.stats().await.unwrap();
                if ready + running == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            self.running.app.store.jobs(1_000).await.unwrap()
        };
        tokio::time::timeout(PATIENCE, settled).await.unwrap()
    }

    /// The use-cases of the running bot.
    pub(crate) fn app(&self) -> &App {
        &self.running.app
    }

    /// Stops the bot as a crash would not: in order. The sandbox and the store's file stay.
    pub(crate) async fn restart(self, change: impl FnOnce(&mut Settings)) -> Self {
        self.away(|_| {}, change).await
    }

    /// The same, while something happens before the bot is there again.
    pub(crate) async fn away(
        self,
        meanwhile: impl FnOnce(&Sandbox),
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let Self {
            sandbox,
            running,
            repository,
            folder,
        } = self;
        assert!(running.stop().await, "everything ends in time");
        meanwhile(&sandbox);
        sandbox.wait_for_deliveries().await;
        let mut loaded: Loaded = config::load_from(None, []).unwrap();
        demo::connect(&mut loaded.settings, &sandbox, folder.path()).unwrap();
        // A busy machine must not make the bot announce what it does; stories of that ask for it.
        loaded.settings.worker.status_after = Duration::ZERO;
        change(&mut loaded.settings);
        let running = compose::start(loaded, false).await.unwrap();
        sandbox.set_webhook_url(hook_url(&running));
        Self {
            sandbox,
            running,
            repository,
            folder,
        }
    }

    /// Stops everything and asserts that nothing is left: no job under way, no fault unused, no
    /// write that the bot has no business making.
    pub(crate) async fn end(self) {
        let jobs = self.settle().await;
        let left: Vec<_> = jobs
            .iter()
            .filter(|job| matches!(job.state, JobState::Ready | JobState::Running))
            .collect();
        assert!(left.is_empty(), "jobs left: {left:?}");
        let world = self.sandbox.world();
        assert_eq!(world.unexpected_writes(), []);
        assert_eq!(world.faults_left(), 0, "faults that never struck");
        require_conformity(world.requests());
        assert!(self.running.stop().await, "everything ends in time");
        self.sandbox.stop().await;
        drop(self.repository);
        drop(self.folder);
    }
}

/// Asserts that every request of the bot fits GitHub's descriptions of its API.
fn require_conformity(mut requests: Vec<RequestRecord>) {
    requests.retain(|one| one.origin != RequestOrigin::Person);
    let departures: Vec<_> = Description::load_all()
        .iter()
        .flat_map(|description| {
            let check = |one| description.check_request(one);
            requests.iter().flat_map(check).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        departures.is_empty(),
        "requests unlike GitHub's API: {departures:#?}"
    );
}

fn hook_url(running: &Running) -> Url {
    let url = format!("http://{}/webhooks/github", running.public);
    Url::parse(&url).unwrap()
}

/// Settings of a model served at `base_url` in OpenAI's format.
pub(crate) fn use_model(settings: &mut Settings, base_url: &Url) {
    settings.model.provider = config::ModelProvider::OpenAi;
    settings.model.base_url = Some(base_url.clone());
    settings.model.name = "scripted".to_owned();
    settings.model.api_key = Some(SecretString::from("a key of no use"));
}
