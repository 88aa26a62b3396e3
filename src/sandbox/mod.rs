//! A forge in a box: GitHub's API over a local git repository, for the demo and the tests.
//!
//! It keeps people, issues, comments and reactions in memory, sends signed webhooks, and shows a
//! page to read and write issues. It listens on loopback only. It knows nothing of the bot, which
//! talks to it through its GitHub adapter, as to any other GitHub.

mod actions;
mod api;
pub mod clock;
#[cfg(test)]
pub(crate) mod conformity;
mod connection;
mod disguise;
mod hooks;
pub mod key;
pub mod owners;
mod page;
mod pull_actions;
mod pushes;
mod random;
mod shapes;
mod source;
pub mod world;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

pub use crate::sandbox::clock::Clock;
pub use crate::sandbox::key::AppKey;
pub use crate::sandbox::world::World;

use crate::domain::repository::{InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::ThreadNumber;
use crate::repository::git::{GitError, GitRepository};
use crate::sandbox::api::Context;
use crate::sandbox::connection::{Cut, CuttableListener};
use crate::sandbox::hooks::Sender;
use crate::sandbox::source::Source;
use crate::sandbox::world::Refusal;
use crate::sandbox::world::genesis::Genesis;

/// How long open requests may take to end once the sandbox stops.
const DRAIN: Duration = Duration::from_secs(2);

/// What a sandbox is started with.
#[derive(Clone)]
pub struct SandboxOptions {
    /// The repository that the forge has.
    pub repository: GitRepository,
    /// The repository's name on the forge.
    pub full_name: RepositoryName,
    /// Whether only its people may see it.
    pub private: bool,
    /// The App's name, as in `planwright[bot]`.
    pub app_slug: String,
    /// The App's keys; `None` makes a pair, which takes a part of a second.
    pub app_key: Option<AppKey>,
    /// Labels that the page offers, beside its own: those that the bot acts on.
    pub labels: Vec<String>,
    /// The port to listen on; 0 takes any.
    pub port: u16,
    /// Where webhooks go; `None` sends none until there is an address.
    pub webhook_url: Option<Url>,
    /// What webhooks are sent with.
    pub client: reqwest::Client,
    /// Tells the time.
    pub clock: Clock,
    /// Ends the sandbox.
    pub stop: CancellationToken,
}

/// Why a sandbox did not start, or did not show what was waited for.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken, or may not be used.
    #[error("could not listen on 127.0.0.1:{port}: {why}\nhint: choose another port, or 0 for any")]
    Listen {
        /// The port.
        port: u16,
        /// What the system said.
        why: String,
    },
    /// The repository could not be read.
    #[error("could not read the repository")]
    Git(#[from] GitError),
    /// The forge would not have it.
    #[error("the sandbox refused: {0:?}")]
    Refused(#[from] Refusal),
    /// The system gave no random bytes.
    #[error("the system has no random bytes to give")]
    Random,
    /// No key pair could be made.
    #[error("could not make a key pair for the App")]
    Key,
    /// Nothing came within the time given.
    #[error("no comment of the bot on issue #{issue} within {}s", waited.as_secs())]
    NoComment {
        /// The issue.
        issue: u64,
        /// How long was waited.
        waited: Duration,
    },
}

/// A forge that runs.
#[derive(Debug)]
pub struct Sandbox {
    world: World,
    source: Arc<Source>,
    address: SocketAddr,
    tasks: TaskTracker,
    stop: CancellationToken,
    key: AppKey,
    clock: ClockHandle,
}

/// A clock that can be part of what is debugged.
struct ClockHandle(Clock);

impl std::fmt::Debug for ClockHandle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("clock")
    }
}

impl Sandbox {
    /// Starts a forge on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken, the repository cannot be read, or no keys can be made.
    pub async fn start(options: SandboxOptions) -> Result<Self, SandboxError> {
        let port = options.port;
        let refused = |error: std::io::Error| SandboxError::Listen {
            port,
            why: error.to_string(),
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let key = match options.app_key {
            Some(key) => key,
            None => tokio::task::spawn_blocking(AppKey::generate)
                .await
                .map_err(|_| SandboxError::Key)??,
        };
        let genesis = Genesis {
            web_url: format!("http://{address}"),
            name: options.full_name,
            default_branch: options.repository.default_branch().await?,
            private: options.private,
            slug: options.app_slug,
            labels: options.labels,
            webhook_url: options.webhook_url,
            key: key.clone(),
            seed: random::bytes()?,
            now: (options.clock)(),
        };
        let sandbox = Self {
            world: World::new(genesis.begin()),
            source: Arc::new(Source::new(options.repository)),
            address,
            tasks: TaskTracker::new(),
            stop: options.stop,
            key,
            clock: ClockHandle(options.clock),
        };
        sandbox.spawn(listener, options.client);
        Ok(sandbox)
    }

    fn spawn(&self, listener: TcpListener, client: reqwest::Client) {
        let clock = Arc::clone(&self.clock.0);
        let context = Context {
            world: self.world.clone(),
            source: Arc::clone(&self.source),
            clock: Arc::clone(&clock),
        };
        let routes = api::router(context.clone()).merge(page::router(context));
        let routes = page::guarded(routes);
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let service = routes.into_make_service_with_connect_info::<Cut>();
            let served = axum::serve(CuttableListener(listener), service)
                .with_graceful_shutdown(stop.clone().cancelled_owned());
            let deadline = async {
                stop.cancelled().await;
                tokio::time::sleep(DRAIN).await;
            };
            tokio::select! {
                // Serving ends without an error, by the signal only.
                _ended = served => {}
                () = deadline => {}
            }
        });
        let sender = Sender {
            world: self.world.clone(),
            client,
            clock,
        };
        let stop = self.stop.clone();
        self.tasks.spawn(hooks::deliver_all(sender, stop));
        self.tasks.close();
    }

    /// Stops, and returns when nothing of it runs any more, which takes two seconds at most.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }

    /// The root of the API, for `github.api_url`.
    pub fn api_url(&self) -> String {
        self.world.read(world::State::api_url)
    }

    /// The root of the pages, for `github.web_url`.
    pub fn web_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The App's id, for `github.app_id`.
    pub fn app_id(&self) -> u64 {
        self.world.read(|state| state.apps.first.id)
    }

    /// The App's client id, which may take the id's place in its JSON web tokens.
    pub fn client_id(&self) -> String {
        self.world.read(|state| state.apps.first.client_id.clone())
    }

    /// The App's private key.
    pub fn private_key_pem(&self) -> &SecretString {
        self.key.private_pem()
    }

    /// What webhooks are signed with.
    pub fn webhook_secret(&self) -> SecretString {
        self.world
            .read(|state| state.apps.first.hook.secret.clone())
    }

    /// The id of the App's installation.
    pub fn installation_id(&self) -> InstallationId {
        self.world
            .read(|state| InstallationId(state.apps.first.installation))
    }

    /// The id of the repository.
    pub fn repository_id(&self) -> RepositoryId {
        self.world.read(|state| RepositoryId(state.repository.id))
    }

    /// The names of an issue's labels, in the order in which they were put on; none when there is no
    /// such issue.
    pub fn labels(&self, issue: ThreadNumber) -> Vec<String> {
        let labels = |state: &world::State| Some(state.issue(issue.0).ok()?.labels.clone());
        self.world.read(labels).unwrap_or_default()
    }

    /// What the forge remembers.
    pub fn world(&self) -> &World {
        &self.world
    }
}

#[cfg(test)]
mod tests;
