//! What owners do with the repository, its people and its App, and what becomes of deliveries.

use secrecy::SecretString;
use url::Url;

use crate::domain::repository::{InstallationId, Malformed, RepositoryName};
use crate::domain::thread::{Role, ThreadNumber};
use crate::sandbox::hooks::payloads;
use crate::sandbox::world::{
    Delivery, DeliveryStatus, HookFormat, InstallationStatus, IssueFate, MOST_ACCOUNTS, Refusal,
    Repository, State,
};
use crate::sandbox::{AppKey, Sandbox};

/// What the operator of an App knows of it.
#[derive(Debug, Clone)]
pub struct InstalledApp {
    /// Its id.
    pub id: u64,
    /// The login of the account that it acts through.
    pub login: String,
    /// Its installation on the repository.
    pub installation: InstallationId,
    /// Its private key.
    pub private_key: SecretString,
    /// What its webhooks are signed with.
    pub webhook_secret: SecretString,
}

impl Sandbox {
    /// Returns once every webhook so far was answered, has failed or is held back.
    pub async fn wait_for_deliveries(&self) {
        let settled = |state: &State| {
            let mut sent = state
                .deliveries
                .iter()
                .filter(|one| one.status != DeliveryStatus::Held);
            sent.all(Delivery::is_settled).then_some(())
        };
        self.world.wait_for(settled).await;
    }

    /// Holds back every delivery from here on until it is released, or no longer does.
    pub fn hold_deliveries(&self, holds: bool) {
        self.world.change(|state| state.holds = holds);
    }

    /// Sends a delivery that is held back, after those released before it; false when none of that id
    /// is held.
    pub fn release(&self, delivery: u64) -> bool {
        self.world.change(|state| state.release(delivery))
    }

    /// Sends a delivery again under the same id, as GitHub does when its owner asks; returns the
    /// id of the attempt, or `None` when there is no such delivery.
    pub fn redeliver(&self, delivery: u64) -> Option<u64> {
        let now = self.now();
        self.world
            .change(|state| state.repeat(delivery, false, now))
    }

    /// Sends the same event under another id, as a second hook would; else as
    /// [`Sandbox::redeliver`].
    pub fn deliver_twin(&self, delivery: u64) -> Option<u64> {
        let now = self.now();
        self.world.change(|state| state.repeat(delivery, true, now))
    }

    /// Sends a `ping`.
    pub fn ping(&self) {
        let now = self.now();
        self.world.change(|state| {
            let told = state.apps.iter().filter(|app| app.hook.url.is_some());
            let told: Vec<_> = told
                .map(|app| (app.id, payloads::ping(state, app)))
                .collect();
            for (app, payload) in told {
                state.emit_to(app, ("ping", None), &payload, now);
            }
        });
    }

    /// Sends webhooks to `url` from here on, those of every App.
    pub fn set_webhook_url(&self, url: Url) {
        let url = Some(url);
        self.world.change(|state| {
            for app in state.apps.iter_mut() {
                app.hook.url.clone_from(&url);
            }
        });
    }

    /// Writes the bodies of webhooks in another way from here on.
    pub fn set_webhook_format(&self, format: HookFormat) {
        self.world
            .change(|state| state.apps.first.hook.format = format);
    }

    /// Gives a person a role; who is not known yet joins the forge, up to 1,000 accounts.
    pub fn set_role(&self, login: &str, role: Role) {
        self.world.change(|state| {
            if state.accounts.len() < MOST_ACCOUNTS || state.find_account(login).is_some() {
                state.set_role(login, role);
            }
        });
    }

    /// A person's access token for the API; `None` when there is no such person.
    pub fn user_token(&self, login: &str) -> Option<SecretString> {
        self.world
            .read(|state| Some(state.find_account(login)?.token.clone()))
    }

    /// Makes the first App's installation active, suspended or removed, and tells it; its tokens work
    /// only while active.
    pub fn set_installation(&self, status: InstallationStatus) {
        let id = self.app_id();
        self.set_installation_of(id, status);
    }

    /// The same for the App of that id.
    pub fn set_installation_of(&self, app: u64, status: InstallationStatus) {
        let now = self.now();
        self.world.change(|state| {
            let Some(app) = state.apps.find_mut(app) else {
                return;
            };
            let before = std::mem::replace(&mut app.status, status);
            let action = match (before, status) {
                (_, InstallationStatus::Removed) => "deleted",
                (_, InstallationStatus::Suspended) => "suspend",
                (InstallationStatus::Removed, InstallationStatus::Active) => "created",
                (_, InstallationStatus::Active) => "unsuspend",
            };
            let (id, is_told) = (app.id, before != status && app.hook.url.is_some());
            if let (Some(app), true) = (state.apps.find(id), is_told) {
                let payload = payloads::installation_event(state, app, action);
                state.emit_to(id, ("installation", Some(action)), &payload, now);
            }
        });
    }

    /// Takes the repository out of the reach of the App of that id, and tells it.
    pub fn take_away_from(&self, app: u64) {
        let now = self.now();
        self.world.change(|state| {
            if let Some(app) = state.apps.find_mut(app) {
                app.status = InstallationStatus::Removed;
            }
            let told = state.apps.find(app).filter(|app| app.hook.url.is_some());
            if let Some(payload) = told.map(|app| payloads::taken_away(state, app)) {
                let event = ("installation_repositories", Some("removed"));
                state.emit_to(app, event, &payload, now);
            }
        });
    }

    /// Registers another App with that key and installs it on the repository, as its owner does.
    pub fn add_app(&self, slug: &str, key: &AppKey) -> InstalledApp {
        let now = self.now();
        let (id, installation, webhook_secret) = self.world.change(|state| {
            let id = state.add_app(slug, key.clone(), now);
            let app = state.apps.find(id).unwrap_or(&state.apps.first);
            (id, app.installation, app.hook.secret.clone())
        });
        InstalledApp {
            id,
            login: format!("{slug}[bot]"),
            installation: InstallationId(installation),
            private_key: key.private_pem().clone(),
            webhook_secret,
        }
    }

    /// Makes the repository visible to all, or to its people only.
    pub fn set_private(&self, private: bool) {
        let action = match private {
            true => "privatized",
            false => "publicized",
        };
        self.change_repository(action, |repository| {
            std::mem::replace(&mut repository.private, private) != private
        });
    }

    /// Changes the repository and tells it, if it was another one before.
    fn change_repository(
        &self,
        action: &'static str,
        change: impl FnOnce(&mut Repository) -> bool,
    ) {
        let now = self.now();
        self.world.change(|state| {
            if change(&mut state.repository) {
                let payload = payloads::repository_event(state, action);
                state.emit("repository", Some(action), &payload, now);
            }
        });
    }

    /// Gives the repository another name under its owner; its former names redirect.
    ///
    /// # Errors
    /// When `name` cannot be a repository's.
    pub fn rename(&self, name: &str) -> Result<(), Malformed> {
        let now = self.now();
        self.world.change(|state| {
            let repository = &mut state.repository;
            let name = RepositoryName::new(repository.name.owner(), name)?;
            repository.former_names.retain(|former| *former != name);
            let former = std::mem::replace(&mut repository.name, name);
            repository.former_names.push(former);
            let payload = payloads::repository_event(state, "renamed");
            state.emit("repository", Some("renamed"), &payload, now);
            Ok(())
        })
    }

    /// Makes the repository read-only, or undoes that.
    pub fn set_archived(&self, archived: bool) {
        let action = match archived {
            true => "archived",
            false => "unarchived",
        };
        self.change_repository(action, |repository| {
            std::mem::replace(&mut repository.archived, archived) != archived
        });
    }

    /// Locks or unlocks the conversation of an issue.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_locked(&self, issue: ThreadNumber, locked: bool) -> Result<(), Refusal> {
        let now = self.now();
        self.world
            .change(|state| state.set_locked(issue.0, locked, now))
    }

    /// Deletes an issue, or moves it to another repository.
    ///
    /// # Errors
    /// When there is no such issue.
    pub fn set_fate(&self, issue: ThreadNumber, fate: IssueFate) -> Result<(), Refusal> {
        let now = self.now();
        self.world
            .change(|state| state.set_fate(issue.0, fate, now))
    }
}
