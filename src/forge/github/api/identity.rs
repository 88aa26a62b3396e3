//! Who we are in a thread: which comments are our own.

use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github;
use crate::forge::github::api::GitHub;
use crate::forge::github::auth::{AppLogin, Credentials};
use crate::forge::github::transport::Request;
use crate::forge::github::wire::{Account, App};

/// The accounts and Apps under which our comments stand. What is unknown matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    app_id: Option<u64>,
    client_id: Option<String>,
    login: Option<String>,
    user_id: Option<u64>,
}

impl Identity {
    /// What the credentials alone tell of the account at `place`.
    fn of_credentials(credentials: &Credentials, place: usize) -> Self {
        match credentials {
            Credentials::Apps(logins) => logins.get(place).map(Self::of_settings),
            Credentials::Token(_) => None,
            Credentials::Workflow { login, .. } => Some(Self {
                login: Some(login.clone()),
                ..Self::default()
            }),
        }
        .unwrap_or_default()
    }

    /// What the settings alone tell of an App.
    fn of_settings(login: &AppLogin) -> Self {
        match login.id.parse() {
            Ok(number) => Self {
                app_id: Some(number),
                ..Self::default()
            },
            Err(_) => Self {
                client_id: Some(login.id.clone()),
                ..Self::default()
            },
        }
    }

    /// The same, with what GitHub tells.
    fn completed(self, app: App) -> Self {
        Self {
            app_id: app.id.or(self.app_id),
            client_id: app.client_id.or(self.client_id),
            // No person can have a login with brackets.
            login: app.slug.map(|slug| format!("{slug}[bot]")),
            user_id: None,
        }
    }

    /// Whether we wrote what GitHub says that `user` wrote, by way of the App `via`.
    pub(super) fn wrote(&self, user: Option<&Account>, via: Option<&App>) -> bool {
        is_known(&self.app_id, via.and_then(|app| app.id.as_ref()))
            || is_known(&self.client_id, via.and_then(|app| app.client_id.as_ref()))
            || is_known(&self.login, user.map(|user| &user.login))
            || is_known(&self.user_id, user.map(|user| &user.id))
    }
}

fn is_known<T: PartialEq>(own: &Option<T>, other: Option<&T>) -> bool {
    own.is_some() && own.as_ref() == other
}

impl GitHub {
    /// Who we are in a repository, asked once for each App. When GitHub does not tell, the App's id has
    /// to do until it does.
    pub(super) async fn identity(
        &self,
        repository: &RepositoryAddress,
    ) -> Result<Identity, ForgeError> {
        let place = self.tokens.owner(&self.transport, repository).await?;
        let app = self.tokens.apps(&self.transport).nth(place);
        let known = Identity::of_credentials(&self.tokens.credentials, place);
        let Some(cell) = self.identities.get(place) else {
            return Ok(known);
        };
        let told = cell
            .get_or_try_init(|| self.load_identity(repository, app, known.clone()))
            .await;
        Ok(match told {
            Ok(identity) => identity.clone(),
            Err(error) => {
                tracing::warn!(%error, "GitHub did not tell who we are: {error}");
                known
            }
        })
    }

    async fn load_identity(
        &self,
        repository: &RepositoryAddress,
        app: Option<github::app::App<'_>>,
        known: Identity,
    ) -> Result<Identity, ForgeError> {
        match app {
            Some(app) => {
                let request = Request::get("/app".to_owned(), "the App".to_owned());
                Ok(known.completed(app.ask(&request).await?))
            }
            None if known.login.is_some() => Ok(known),
            None => {
                let what = "the token's user".to_owned();
                let request = Request::get("/user".to_owned(), what);
                let user: Account = self.read_json(repository, &request).await?;
                Ok(Identity {
                    user_id: Some(user.id),
                    ..known
                })
            }
        }
    }
}
