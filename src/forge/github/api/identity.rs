//! Who we are in a thread: which comments are our own.

use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::auth::Credentials;
use crate::forge::github::transport::Request;
use crate::forge::github::wire::{Account, App, Comment};

/// The accounts and Apps under which our comments stand. What is unknown matches nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    app_id: Option<u64>,
    client_id: Option<String>,
    login: Option<String>,
    user_id: Option<u64>,
}

impl Identity {
    /// What the settings alone tell of an App.
    fn of_app(id: &str) -> Self {
        match id.parse() {
            Ok(number) => Self {
                app_id: Some(number),
                ..Self::default()
            },
            Err(_) => Self {
                client_id: Some(id.to_owned()),
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

    /// Whether we wrote `comment`, judged by who GitHub says wrote it.
    pub(super) fn wrote(&self, comment: &Comment) -> bool {
        let via = comment.performed_via_github_app.as_ref();
        let user = comment.user.as_ref();
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
    /// Who we are, asked once. When GitHub does not tell, the App's id has to do until it does.
    pub(super) async fn identity(&self, repository: &RepositoryAddress) -> Identity {
        let (told, fallback) = match &self.tokens.credentials {
            Credentials::App { id, .. } => {
                let fallback = Identity::of_app(id);
                let load = || self.load_app_identity(fallback.clone());
                (self.identity.get_or_try_init(load).await, fallback.clone())
            }
            Credentials::Token(_) => {
                let load = || self.load_user_identity(repository);
                (
                    self.identity.get_or_try_init(load).await,
                    Identity::default(),
                )
            }
        };
        match told {
            Ok(identity) => identity.clone(),
            Err(error) => {
                tracing::warn!(%error, "GitHub did not tell who we are: {error}");
                fallback
            }
        }
    }

    async fn load_app_identity(&self, known: Identity) -> Result<Identity, ForgeError> {
        let request = Request::get("/app".to_owned(), "the App".to_owned());
        let app: App = self.tokens.ask_as_app(&self.transport, &request).await?;
        Ok(known.completed(app))
    }

    async fn load_user_identity(
        &self,
        repository: &RepositoryAddress,
    ) -> Result<Identity, ForgeError> {
        let request = Request::get("/user".to_owned(), "the token's user".to_owned());
        let user: Account = self.read_json(repository, &request).await?;
        Ok(Identity {
            user_id: Some(user.id),
            ..Identity::default()
        })
    }
}
