//! Repositories of which only the name is known.

use crate::domain::repository::{ForgeKind, InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::api::calls::Patience;
use crate::forge::github::app::Way;
use crate::forge::github::auth::{Credentials, Token};
use crate::forge::github::transport::{MAX_JSON_BYTES, Request, id_path, name_path, read_whole};
use crate::forge::github::wire;

impl GitHub {
    /// Asks who the repository of that name is. An App mints a token for this alone and forgets it:
    /// tokens are kept by the id, which is what is asked for here.
    pub(super) async fn find_repository(
        &self,
        name: &RepositoryName,
    ) -> Result<RepositoryAddress, ForgeError> {
        self.retried(|| self.find_repository_once(name)).await
    }

    async fn find_repository_once(
        &self,
        name: &RepositoryName,
    ) -> Result<RepositoryAddress, ForgeError> {
        let what = format!("`{name}`");
        let (told, installation) = match &self.tokens.credentials {
            Credentials::Apps(_) => {
                let way = self.find_way(name).await?;
                let request = Request::get(way.path, what);
                let told = self.ask_who(&request, &way.token).await?;
                (told, Some(InstallationId(way.installation)))
            }
            Credentials::Token(secret) | Credentials::Workflow { token: secret, .. } => {
                let request = Request::get(name_path(name), what);
                let told = self
                    .ask_who(&request, &Token::made_by_hand(secret)?)
                    .await?;
                (told, None)
            }
        };
        let present = RepositoryName::parse(&told.full_name);
        Ok(RepositoryAddress {
            forge: ForgeKind::GitHub,
            host: self.transport.origins.host(),
            id: RepositoryId(told.id),
            name: present.map_err(|error| ForgeError::Unexpected {
                what: format!("`{name}`"),
                why: format!("{error}"),
            })?,
            installation,
        })
    }

    /// The way of the first App that has one.
    async fn find_way(&self, name: &RepositoryName) -> Result<Way, ForgeError> {
        let mut failed = None;
        for app in self.tokens.apps(&self.transport) {
            match app.find_way(name).await {
                Ok(way) => return Ok(way),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed.unwrap_or_else(|| ForgeError::NotFound {
            what: format!("`{name}`"),
        }))
    }

    /// Asks for a repository by its path, and once more by its id when it was renamed.
    async fn ask_who(
        &self,
        request: &Request,
        token: &Token,
    ) -> Result<wire::NamedRepository, ForgeError> {
        let mut patience = Patience::default();
        let response = self.send_settled(request, token, &mut patience).await?;
        let response = match self.transport.find_renamed(request, &response) {
            Some(id) => {
                let renamed = request.moved_to(id_path(id));
                self.send_settled(&renamed, token, &mut patience).await?
            }
            None => response,
        };
        let response = self.expect_success(request, response).await?;
        let answer = read_whole(response, MAX_JSON_BYTES, &request.what).await?;
        answer.json(&request.what)
    }
}
