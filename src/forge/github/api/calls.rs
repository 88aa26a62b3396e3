//! How a call is made: with the repository's token, across a rename, and again where that is safe.

use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::auth::Token;
use crate::forge::github::failure;
use crate::forge::github::transport::{
    Answer, MAX_JSON_BYTES, Request, read_whole, repository_path,
};

/// How often a read is tried in all; what fails three times in a row is left to the queue.
const MAX_ATTEMPTS: u32 = 3;

/// How often a new token is tried that GitHub does not know yet.
const MAX_SETTLING: u32 = 5;

impl GitHub {
    /// Reads JSON of a repository, trying again when GitHub does not answer.
    pub(super) async fn read_json<T: DeserializeOwned>(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<T, ForgeError> {
        let answer = self.read(repository, request, MAX_JSON_BYTES).await?;
        answer.json(&request.what)
    }

    /// Reads bytes of a repository, trying again when GitHub does not answer.
    pub(super) async fn read(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        limit_bytes: u64,
    ) -> Result<Answer, ForgeError> {
        self.retried(|| self.exchange(repository, request, limit_bytes))
            .await
    }

    /// Sends a write, once. When the answer is lost, nobody knows whether it was done.
    pub(super) async fn write(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<Answer, ForgeError> {
        self.exchange(repository, request, MAX_JSON_BYTES).await
    }

    /// Tries until an answer comes, a few times.
    pub(super) async fn retried<T, F>(&self, mut once: impl FnMut() -> F) -> Result<T, ForgeError>
    where
        F: Future<Output = Result<T, ForgeError>>,
    {
        let mut attempt = 1;
        loop {
            match once().await {
                Err(ForgeError::Unavailable { .. }) if attempt < MAX_ATTEMPTS => {
                    self.transport.pause(attempt).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn exchange(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        limit_bytes: u64,
    ) -> Result<Answer, ForgeError> {
        let (response, _) = self.ask(repository, request).await?;
        let response = self.expect_success(request, response).await?;
        read_whole(response, limit_bytes, &request.what).await
    }

    /// Takes an answer that is a success, and turns any other into its error.
    pub(super) async fn expect_success(
        &self,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<reqwest::Response, ForgeError> {
        match response.status() {
            status if status.is_success() => Ok(response),
            // Reads are in conflict only with the absence of any commit.
            StatusCode::CONFLICT if request.is_read() => Err(ForgeError::Empty),
            _ => {
                let now = self.transport.clock.theirs();
                Err(failure::from_response(&request.what, response, now).await)
            }
        }
    }

    /// Asks once, and once more where the repository has another name by now. Redirects that lead
    /// anywhere else come back as they are: a thread that moved to another repository is not ours
    /// to follow.
    pub(super) async fn ask(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<(reqwest::Response, Token), ForgeError> {
        let (response, token) = self.ask_authorized(repository, request).await?;
        match self.find_renamed(repository, request, &response) {
            Some(renamed) => self.ask_authorized(repository, &renamed).await,
            None => Ok((response, token)),
        }
    }

    /// The same request by the repository's id, when the answer points there.
    fn find_renamed(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        response: &reqwest::Response,
    ) -> Option<Request> {
        if !failure::is_redirect(response.status()) {
            return None;
        }
        let location = self
            .transport
            .origins
            .find_location(&request.path, response.headers())?;
        let path = self.transport.origins.find_api_path(&location)?;
        let by_id = format!("/repositories/{}", repository.id.0);
        let inside = path.strip_prefix(&by_id)?;
        if !(inside.is_empty() || inside.starts_with('/')) {
            return None;
        }
        let rest = request.path.strip_prefix(&repository_path(repository))?;
        Some(request.moved_to(format!("{by_id}{rest}")))
    }

    /// Asks with the repository's token. A refused token is tried again while it is so new that
    /// GitHub may not know it everywhere, and replaced once when it is older.
    async fn ask_authorized(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<(reqwest::Response, Token), ForgeError> {
        let mut settling = 0;
        let mut replaced = false;
        loop {
            let token = self.tokens.token(&self.transport, repository).await?;
            let response = self.transport.send(request, &token.header).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok((response, token));
            }
            if settling < MAX_SETTLING && token.is_settling(self.transport.clock.theirs()) {
                settling += 1;
                self.transport.pause(1).await;
            } else if !replaced && token.is_replaceable() {
                replaced = true;
                self.tokens.forget(repository, &token).await;
            } else {
                return Ok((response, token));
            }
        }
    }
}
