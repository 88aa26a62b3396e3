//! Everything that the sandbox remembers: people, issues, comments, the App, deliveries, requests.
//!
//! Plain values behind one lock. It knows no HTTP, reads no clock and no repository: the time is
//! passed in, and what changes is told to those who watch.

pub(crate) mod app;
pub(crate) mod comments;
pub(crate) mod deliveries;
pub(crate) mod faults;
pub(crate) mod genesis;
pub(crate) mod issues;
pub(crate) mod limits;
pub(crate) mod people;
pub(crate) mod pulls;
pub(crate) mod reactions;
mod refusal;
pub(crate) mod registrations;
pub(crate) mod requests;
mod tickets;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

pub use crate::sandbox::world::app::InstallationStatus;
pub use crate::sandbox::world::deliveries::{Delivery, DeliveryStatus, HookFormat};
pub use crate::sandbox::world::faults::{Fault, Gate};
pub use crate::sandbox::world::issues::IssueFate;
pub use crate::sandbox::world::limits::Limits;
pub use crate::sandbox::world::refusal::Refusal;
pub use crate::sandbox::world::requests::{RequestOrigin, RequestRecord};

use crate::domain::repository::RepositoryName;
use crate::sandbox::random::Texts;
use crate::sandbox::world::app::{Apps, Token};
use crate::sandbox::world::faults::Faults;
use crate::sandbox::world::issues::{Issue, Label};
use crate::sandbox::world::people::{Account, RoleTold};
use crate::sandbox::world::registrations::Registration;
use crate::sandbox::world::requests::Usage;
use crate::sandbox::world::tickets::Ticket;
use crate::store::Millis;

/// Accounts that one world holds.
pub(crate) const MOST_ACCOUNTS: usize = 1_000;

/// The repository.
#[derive(Debug)]
pub(crate) struct Repository {
    pub(crate) id: u64,
    pub(crate) owner: u64,
    pub(crate) name: RepositoryName,
    /// What it was called before it was renamed.
    pub(crate) former_names: Vec<RepositoryName>,
    pub(crate) default_branch: String,
    pub(crate) private: bool,
    pub(crate) archived: bool,
    pub(crate) created_at: Millis,
    /// When somebody told of a push.
    pub(crate) pushed_at: Millis,
}

/// All that is remembered.
#[derive(Debug)]
pub(crate) struct State {
    /// Where the sandbox is served, such as `http://127.0.0.1:4242`.
    pub(crate) web_url: String,
    pub(crate) repository: Repository,
    pub(crate) apps: Apps,
    /// Whether deliveries are held back until somebody releases them.
    pub(crate) holds: bool,
    /// What somebody wants to register and has not yet traded the code of.
    pub(crate) registration: Option<Registration>,
    pub(crate) accounts: Vec<Account>,
    /// Who was told what somebody may do.
    pub(crate) roles_told: VecDeque<RoleTold>,
    pub(crate) labels: Vec<Label>,
    /// Names of the labels that the bot acts on.
    pub(crate) bot_labels: Vec<String>,
    pub(crate) issues: BTreeMap<u64, Issue>,
    pub(crate) tokens: VecDeque<Token>,
    pub(crate) tickets: VecDeque<Ticket>,
    pub(crate) deliveries: VecDeque<Delivery>,
    pub(crate) requests: VecDeque<RequestRecord>,
    pub(crate) request_count: u64,
    pub(crate) usage: Usage,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) texts: Texts,
    pub(crate) last_id: u64,
}

impl State {
    /// The next id. Ids of all kinds come from one row, so that none fits two things.
    pub(crate) fn next_id(&mut self) -> u64 {
        self.last_id += 7;
        self.last_id
    }

    /// Passes unless the repository is archived.
    ///
    /// # Errors
    /// [`Refusal::Archived`].
    pub(crate) fn require_writable(&self) -> Result<(), Refusal> {
        if self.repository.archived {
            Err(Refusal::Archived)
        } else {
            Ok(())
        }
    }

    /// The root of the API.
    pub(crate) fn api_url(&self) -> String {
        format!("{}/api/v3", self.web_url)
    }

    /// The API's address of the repository.
    pub(crate) fn repository_url(&self) -> String {
        format!("{}/repos/{}", self.api_url(), self.repository.name)
    }

    /// The page of the repository.
    pub(crate) fn repository_page(&self) -> String {
        format!("{}/{}", self.web_url, self.repository.name)
    }
}

/// A handle on the world; clones share it.
#[derive(Debug, Clone)]
pub struct World {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    version: watch::Sender<u64>,
}

impl World {
    pub(crate) fn new(state: State) -> Self {
        let shared = Shared {
            state: Mutex::new(state),
            version: watch::Sender::new(0),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        let state = self.shared.state.lock();
        look(&state.unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state and tells those who watch.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = {
            let state = self.shared.state.lock();
            act(&mut state.unwrap_or_else(PoisonError::into_inner))
        };
        self.shared.version.send_modify(|version| *version += 1);
        result
    }

    /// Tells of every change.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// Waits until `find` finds something in the state.
    pub(crate) async fn wait_for<T>(&self, find: impl Fn(&State) -> Option<T>) -> T {
        let mut changes = self.watch();
        loop {
            changes.mark_unchanged();
            if let Some(found) = self.read(&find) {
                return found;
            }
            // The sender lives in `self`, so this ends only with a change.
            let _changed = changes.changed().await.is_ok();
        }
    }

    /// All deliveries so far, oldest first, at most the last 1,000.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.read(|state| state.deliveries.iter().cloned().collect())
    }
}
