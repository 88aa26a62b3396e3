//! How a call is made: with the repository's token, across a rename, and again where that is safe.

use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::api::GitHub;
use crate::forge::github::auth::Token;
use crate::forge::github::failure;
use crate::forge::github::remembered::Question;
use crate::forge::github::transport::{
    Answer, MAX_JSON_BYTES, Request, id_path, read_whole, repository_path,
};

/// How often a read is tried in all; what fails three times in a row is left to the queue.
const MAX_ATTEMPTS: u32 = 3;

/// How often a new token is tried that GitHub does not know yet.
const MAX_SETTLING: u32 = 5;

/// How often a refusal of a new token is still met with another try.
pub(super) struct Patience(u32);

impl Default for Patience {
    fn default() -> Self {
        Self(MAX_SETTLING)
    }
}

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

    /// Asks once and reads the answer whole. Where an answer is kept, it is asked whether that still
    /// holds.
    pub(super) async fn exchange(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        limit_bytes: u64,
    ) -> Result<Answer, ForgeError> {
        let Some(question) = Question::of(repository, request) else {
            return self.exchange_anew(repository, request, limit_bytes).await;
        };
        let Some(kept) = self.remembered.find(&question) else {
            let answer = self.exchange_anew(repository, request, limit_bytes).await?;
            self.remembered.keep(question, &answer, request.keeps);
            return Ok(answer);
        };
        let (response, _) = self.ask(repository, &request.unless(&kept.tag)).await?;
        if response.status() == StatusCode::NOT_MODIFIED && kept.is_meant(response.headers()) {
            self.brakes.note_success(repository.installation);
            return Ok(kept.answer());
        }
        // Whatever comes now, refusals included, takes its place.
        self.remembered.forget(&question);
        let response = self.accept(repository, request, response).await?;
        let answer = read_whole(response, limit_bytes, &request.what).await?;
        self.remembered.keep(question, &answer, request.keeps);
        Ok(answer)
    }

    async fn exchange_anew(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        limit_bytes: u64,
    ) -> Result<Answer, ForgeError> {
        let (response, _) = self.ask(repository, request).await?;
        let response = self.accept(repository, request, response).await?;
        read_whole(response, limit_bytes, &request.what).await
    }

    /// Takes an answer about a repository that is a success, and turns any other into its error. A limit
    /// that was hit holds up whoever asks for the same installation.
    pub(super) async fn accept(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
        response: reqwest::Response,
    ) -> Result<reqwest::Response, ForgeError> {
        let outcome = self.expect_success(request, response).await;
        match outcome {
            Ok(response) => {
                self.brakes.note_success(repository.installation);
                Ok(response)
            }
            Err(error) => Err(self.heed_limit(repository, error)),
        }
    }

    /// Holds up whoever asks for the same installation when `error` is a limit.
    pub(super) fn heed_limit(
        &self,
        repository: &RepositoryAddress,
        error: ForgeError,
    ) -> ForgeError {
        let ForgeError::RateLimited { what, retry_after } = error else {
            return error;
        };
        let now = self.transport.clock.theirs();
        ForgeError::RateLimited {
            what,
            retry_after: self
                .brakes
                .note_limit(repository.installation, retry_after, now),
        }
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
        let now = self.transport.clock.theirs();
        let whose = repository.installation;
        if let Some(retry_after) = self.brakes.find_wait(whose, request.tells_people, now) {
            let what = request.what.clone();
            return Err(ForgeError::RateLimited { what, retry_after });
        }
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
        let id = self.transport.find_renamed(request, response)?;
        if id != repository.id.0 {
            return None;
        }
        let rest = request.path.strip_prefix(&repository_path(repository))?;
        Some(request.moved_to(format!("{}{rest}", id_path(id))))
    }

    /// Asks with the repository's token. A refused token is tried again while it is so new that
    /// GitHub may not know it everywhere, and replaced once when it is older.
    async fn ask_authorized(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<(reqwest::Response, Token), ForgeError> {
        let mut patience = Patience::default();
        let mut replaced = false;
        loop {
            let token = self.tokens.token(&self.transport, repository).await?;
            let response = self.send_settled(request, &token, &mut patience).await?;
            let refused = response.status() == StatusCode::UNAUTHORIZED;
            if !refused || replaced || !token.is_replaceable() {
                return Ok((response, token));
            }
            replaced = true;
            self.tokens.forget(repository, &token).await;
        }
    }

    /// Sends with `token`, again as long as a refusal may mean only that it is too new.
    pub(super) async fn send_settled(
        &self,
        request: &Request,
        token: &Token,
        patience: &mut Patience,
    ) -> Result<reqwest::Response, ForgeError> {
        loop {
            let response = self.transport.send(request, &token.header).await?;
            let refused = response.status() == StatusCode::UNAUTHORIZED;
            let settling = token.is_settling(self.transport.clock.theirs());
            if !refused || !settling || patience.0 == 0 {
                return Ok(response);
            }
            patience.0 -= 1;
            self.transport.pause(1).await;
        }
    }
}
