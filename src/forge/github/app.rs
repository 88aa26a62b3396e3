//! The App, asking for itself: it finds its installations and mints tokens for them.

use std::collections::BTreeMap;

use http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use crate::domain::repository::RepositoryName;
use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::auth::{AppLogin, Token, bearer};
use crate::forge::github::transport::{
    Answer, MAX_JSON_BYTES, Request, Transport, id_path, name_path, read_whole,
};
use crate::forge::github::{failure, time, wire};

/// What a token needs that only finds out which repository a name belongs to.
const LOOK: [(&str, &str); 1] = [("metadata", "read")];

/// All that a token may do, and all that an App of ours needs; metadata is read with every token.
pub const PERMISSIONS: [(&str, &str); 4] = [
    ("contents", "read"),
    ("issues", "write"),
    ("metadata", "read"),
    ("pull_requests", "write"),
];

/// How an App reaches a repository of which only the name was known.
pub(super) struct Way {
    pub(super) installation: u64,
    /// Can read what the repository is, and nothing in it.
    pub(super) token: Token,
    /// The API path under which the repository answers.
    pub(super) path: String,
}

/// The App, asking for itself.
pub(super) struct App<'a> {
    pub(super) transport: &'a Transport,
    pub(super) login: &'a AppLogin,
}

impl App<'_> {
    /// Mints a token for `repository` and returns it with its installation: the one that is
    /// `known`, or another when that has gone. One more token does no harm.
    /// [`ForgeError::Uninstalled`] when there is none.
    pub(super) async fn mint_found(
        &self,
        repository: &RepositoryAddress,
        known: Option<u64>,
    ) -> Result<(Token, u64), ForgeError> {
        if let Some(installation) = known {
            match self.mint(repository, installation).await {
                Err(ForgeError::NotFound { .. }) => {}
                minted => return Ok((minted?, installation)),
            }
        }
        let (found, id) = match self.find_installation(&repository.name).await {
            Err(ForgeError::NotFound { what }) => return Err(ForgeError::Uninstalled { what }),
            found => found?,
        };
        let what = installation_on(&repository.name);
        if id.is_some_and(|id| id != repository.id.0) {
            return Err(ForgeError::NotFound { what });
        }
        if known == Some(found) {
            return Err(ForgeError::Uninstalled { what });
        }
        Ok((self.mint(repository, found).await?, found))
    }

    /// Finds the way to the repository of that name, also when it has another one by now.
    pub(super) async fn find_way(&self, name: &RepositoryName) -> Result<Way, ForgeError> {
        let (installation, id) = self.find_installation(name).await?;
        let asked = wire::TokenRequest {
            reach: match id {
                Some(id) => wire::Reach::Id([id]),
                None => wire::Reach::Name([name.name()]),
            },
            permissions: BTreeMap::from(LOOK),
        };
        Ok(Way {
            installation,
            token: self.mint_asked(installation, &asked, name).await?,
            path: id.map_or_else(|| name_path(name), id_path),
        })
    }

    /// The installation on the repository of that name, and the repository's id when the name is
    /// not its own any more.
    async fn find_installation(
        &self,
        name: &RepositoryName,
    ) -> Result<(u64, Option<u64>), ForgeError> {
        let path = format!("{}/installation", name_path(name));
        let request = Request::get(path, installation_on(name));
        let response = self.send(&request).await?;
        let Some(id) = self.transport.find_renamed(&request, &response) else {
            let found: wire::Installation = self.read(&request, response).await?;
            return Ok((found.id, None));
        };
        let request = request.moved_to(format!("{}/installation", id_path(id)));
        let found: wire::Installation = self.ask(&request).await?;
        Ok((found.id, Some(id)))
    }

    /// Mints a token that reaches one repository with four permissions, or none.
    pub(super) async fn mint(
        &self,
        repository: &RepositoryAddress,
        installation: u64,
    ) -> Result<Token, ForgeError> {
        let asked = wire::TokenRequest {
            reach: wire::Reach::Id([repository.id.0]),
            permissions: BTreeMap::from(PERMISSIONS),
        };
        self.mint_asked(installation, &asked, &repository.name)
            .await
    }

    async fn mint_asked(
        &self,
        installation: u64,
        asked: &wire::TokenRequest<'_>,
        name: &RepositoryName,
    ) -> Result<Token, ForgeError> {
        let request = Request::write(
            Method::POST,
            format!("/app/installations/{installation}/access_tokens"),
            serde_json::json!(asked),
            installation_on(name),
        );
        let response = self.send(&request).await?;
        if response.status() == StatusCode::UNPROCESSABLE_ENTITY {
            return Err(self.explain(installation, asked, request.what).await);
        }
        let token: wire::Token = self.read(&request, response).await?;
        let ends = time::parse_timestamp(&token.expires_at);
        let ends = ends.ok_or_else(|| ForgeError::Unexpected {
            what: request.what,
            why: "its end is not a time".to_owned(),
        })?;
        Token::minted(&token.token, self.transport.clock.theirs(), ends)
    }

    /// Why the token that we need was refused as invalid: what the installation does not grant.
    async fn explain(
        &self,
        installation: u64,
        asked: &wire::TokenRequest<'_>,
        what: String,
    ) -> ForgeError {
        let request = Request::get(format!("/app/installations/{installation}"), what.clone());
        let why = match self.ask::<wire::Installation>(&request).await {
            Ok(granted) => explain_missing(&asked.permissions, &granted.permissions),
            Err(_) => "it does not grant all permissions that are needed".to_owned(),
        };
        ForgeError::Denied { what, why }
    }

    /// Asks something that only the App may know, and reads the JSON that it is told.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<T, ForgeError> {
        self.exchange(request).await?.json(&request.what)
    }

    /// Asks something that only the App may know, or do.
    pub(super) async fn exchange(&self, request: &Request) -> Result<Answer, ForgeError> {
        let response = self.send(request).await?;
        self.take(request, response).await
    }

    async fn read<T: DeserializeOwned>(
        &self,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<T, ForgeError> {
        self.take(request, response).await?.json(&request.what)
    }

    /// Takes an answer that is a success, and turns any other into its error.
    async fn take(
        &self,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<Answer, ForgeError> {
        let what = &request.what;
        match response.status() {
            status if status.is_success() => read_whole(response, MAX_JSON_BYTES, what).await,
            StatusCode::UNAUTHORIZED => Err(ForgeError::Denied {
                what: what.clone(),
                why: "the App's id or private key was not accepted".to_owned(),
            }),
            _ => Err(failure::from_response(what, response, self.transport.clock.theirs()).await),
        }
    }

    /// Sends a request as the App. A refusal that a wrong clock explains is answered once, by a
    /// login made with GitHub's own time; any other by a login with the next key, while there is one.
    pub(super) async fn send(&self, request: &Request) -> Result<reqwest::Response, ForgeError> {
        let mut turn = 0;
        loop {
            let mut response = self.send_signed(request, turn).await?;
            if is_refused(&response) && self.transport.clock.learn(response.headers()) {
                response = self.send_signed(request, turn).await?;
            }
            if !is_refused(&response) {
                self.login.keys.accept(turn);
                return Ok(response);
            }
            turn += 1;
            if turn >= self.login.keys.len() {
                return Ok(response);
            }
            tracing::warn!(
                app.id = self.login.id,
                "a private key of the App was refused"
            );
        }
    }

    async fn send_signed(
        &self,
        request: &Request,
        turn: usize,
    ) -> Result<reqwest::Response, ForgeError> {
        let AppLogin { id, keys } = self.login;
        let signed = keys.sign(id, self.transport.clock.theirs(), turn);
        let login = signed.map_err(|_| ForgeError::Denied {
            what: request.what.clone(),
            why: "the App's private key cannot sign".to_owned(),
        })?;
        self.transport.send(request, &bearer(&login)?).await
    }
}

fn is_refused(response: &reqwest::Response) -> bool {
    response.status() == StatusCode::UNAUTHORIZED
}

fn installation_on(name: &RepositoryName) -> String {
    format!("the App's installation on `{name}`")
}

/// Names what is missing of the permissions asked for.
fn explain_missing(asked: &BTreeMap<&str, &str>, granted: &BTreeMap<String, String>) -> String {
    let rank = |level: &str| {
        ["read", "write", "admin"]
            .into_iter()
            .position(|one| one == level)
    };
    let missing: Vec<_> = asked
        .iter()
        .filter(|(name, level)| granted.get(**name).and_then(|has| rank(has)) < rank(level))
        .map(|(name, level)| format!("{name}: {level}"))
        .collect();
    if missing.is_empty() {
        "the repository is not among those that the App was installed on".to_owned()
    } else {
        format!("it does not grant {}", missing.join(", "))
    }
}
