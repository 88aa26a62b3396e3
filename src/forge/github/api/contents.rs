//! What is in a repository: commits, archives, blobs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::TryStreamExt;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::domain::narrowing::{MAX_REPOSITORY_FILE_BYTES, REPOSITORY_FILE};
use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::thread::{RepositoryAddress, ThreadNumber};
use crate::forge::github::api::GitHub;
use crate::forge::github::failure;
use crate::forge::github::transport::{Answer, Request, encode_segment, repository_path};
use crate::forge::github::wire;
use crate::forge::{ByteStream, ForgeError, Pinned, TipFile};

/// Asks for a commit's id alone, as text.
const ID_ONLY: &str = "application/vnd.github.sha";

/// Asks for a blob's bytes as they are.
const RAW: &str = "application/vnd.github.raw+json";

/// Bytes of an answer that holds a commit's id, also as JSON with all that belongs to the commit.
const MAX_COMMIT_BYTES: u64 = 4 * 1024 * 1024;

impl GitHub {
    pub(super) async fn load_default_tip(
        &self,
        repository: &RepositoryAddress,
    ) -> Result<Pinned, ForgeError> {
        let path = repository_path(repository);
        let request = Request::get(path.clone(), format!("`{}`", repository.name)).kept();
        let told: wire::Repository = self.read_json(repository, &request).await?;
        let branch = told.default_branch.ok_or(ForgeError::Empty)?;
        let request = Request::get(
            format!("{path}/commits/{}", encode_segment(&branch)),
            format!("the default branch of `{}`", repository.name),
        );
        let request = request.accepting(ID_ONLY).kept();
        let answer = self.read(repository, &request, MAX_COMMIT_BYTES).await?;
        Ok(Pinned {
            commit: parse_tip(&answer, &request.what)?,
            private: told.private,
        })
    }

    pub(super) async fn load_visibility(
        &self,
        repository: &RepositoryAddress,
    ) -> Result<Option<bool>, ForgeError> {
        let what = format!("`{}`", repository.name);
        let request = Request::get(repository_path(repository), what).kept();
        let told: wire::Repository = self.read_json(repository, &request).await?;
        Ok(told.private)
    }

    /// The head of a pull request, by the reference that its target repository keeps, else as the
    /// pull request tells it.
    pub(super) async fn load_head(
        &self,
        repository: &RepositoryAddress,
        number: ThreadNumber,
    ) -> Result<CommitSha, ForgeError> {
        let path = repository_path(repository);
        let what = format!("the head of `{}#{}`", repository.name, number.0);
        let request = Request::get(
            format!("{path}/git/ref/pull/{}/head", number.0),
            what.clone(),
        )
        .kept();
        let reference = self
            .read_json::<wire::Reference>(repository, &request)
            .await;
        let sha = match reference {
            Ok(reference) => reference.object.sha,
            Err(ForgeError::NotFound { what: missing }) if missing == what => {
                let request =
                    Request::get(format!("{path}/pulls/{}", number.0), what.clone()).kept();
                let pull: wire::PullRequest = self.read_json(repository, &request).await?;
                pull.head.sha
            }
            Err(error) => return Err(error),
        };
        parse_commit(&sha, &what)
    }

    /// The contents API follows the default branch by itself, and gives a file's bytes as they are.
    pub(super) async fn load_settings_file(
        &self,
        repository: &RepositoryAddress,
    ) -> Result<TipFile, ForgeError> {
        let what = format!("`{REPOSITORY_FILE}` of `{}`", repository.name);
        let path = format!("{}/contents/{REPOSITORY_FILE}", repository_path(repository));
        let request = Request::get(path, what.clone()).accepting(RAW).kept();
        match self
            .read(repository, &request, MAX_REPOSITORY_FILE_BYTES)
            .await
        {
            // Folders are listed, and submodules described, as JSON.
            Ok(answer) if is_plain_json(&answer.headers) => Ok(TipFile::NotText),
            Ok(answer) => Ok(TipFile::Found(answer.body.into())),
            Err(ForgeError::NotFound { what: missing }) if missing == what => Ok(TipFile::Missing),
            Err(ForgeError::TooLarge { .. }) => Ok(TipFile::TooLarge),
            Err(ForgeError::Empty) => Ok(TipFile::Missing),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn open_archive(
        &self,
        repository: &RepositoryAddress,
        commit: &CommitSha,
    ) -> Result<ByteStream, ForgeError> {
        let request = Request::get(
            format!("{}/tarball/{commit}", repository_path(repository)),
            format!("the archive of `{}` at {}", repository.name, commit.short()),
        );
        let response = self.retried(|| self.open(repository, &request)).await?;
        let what = request.what;
        let bytes = response.bytes_stream();
        Ok(Box::pin(bytes.map_err(move |error| {
            failure::from_transport(&what, &error)
        })))
    }

    /// Opens an archive. GitHub keeps them on another host of its own, and says where.
    async fn open(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<reqwest::Response, ForgeError> {
        let (response, token) = self.ask(repository, request).await?;
        if !failure::is_redirect(response.status()) {
            return self.accept(repository, request, response).await;
        }
        let unexpected = |why: &str| ForgeError::Unexpected {
            what: request.what.clone(),
            why: why.to_owned(),
        };
        let origins = &self.transport.origins;
        let url = origins
            .find_location(&request.path, response.headers())
            .filter(|url| origins.is_api(url) || origins.is_site(url))
            .ok_or_else(|| unexpected("it is on a host that does not belong to this GitHub"))?;
        let response = self
            .transport
            .fetch(url, &token.header, &request.what)
            .await?;
        if failure::is_redirect(response.status()) {
            return Err(unexpected("it has moved twice"));
        }
        self.accept(repository, request, response).await
    }

    pub(super) async fn load_blob(
        &self,
        repository: &RepositoryAddress,
        id: &BlobId,
        limit_bytes: u64,
    ) -> Result<Bytes, ForgeError> {
        let request = Request::get(
            format!("{}/git/blobs/{}", repository_path(repository), id.as_str()),
            format!("a file of `{}`", repository.name),
        );
        let request = request.accepting(RAW);
        // Base64 with line breaks in JSON is 1.4 times as long as what it stands for.
        let wrapped_limit = limit_bytes
            .saturating_add(limit_bytes / 2)
            .saturating_add(8192);
        let too_large = || ForgeError::TooLarge {
            what: request.what.clone(),
            limit_bytes,
        };
        let answer = match self.read(repository, &request, wrapped_limit).await {
            Err(ForgeError::TooLarge { .. }) => return Err(too_large()),
            answer => answer?,
        };
        let bytes = unwrap_blob(answer, id).ok_or_else(|| ForgeError::Unexpected {
            what: request.what.clone(),
            why: "its encoding is not known".to_owned(),
        })?;
        if bytes.len() as u64 > limit_bytes {
            return Err(too_large());
        }
        Ok(bytes)
    }
}

/// Reads a commit's id, alone or in JSON, as servers answer that do not know the media type.
fn parse_tip(answer: &Answer, what: &str) -> Result<CommitSha, ForgeError> {
    match std::str::from_utf8(&answer.body).map(CommitSha::parse) {
        Ok(Ok(commit)) => Ok(commit),
        _ => parse_commit(&answer.json::<wire::Commit>(what)?.sha, what),
    }
}

fn parse_commit(sha: &str, what: &str) -> Result<CommitSha, ForgeError> {
    CommitSha::parse(sha).map_err(|_| no_id(what))
}

/// An answer to `what` without the id that it should have.
pub(super) fn no_id(what: &str) -> ForgeError {
    ForgeError::Unexpected {
        what: what.to_owned(),
        why: "it has no full id".to_owned(),
    }
}

/// The bytes of a blob, out of the JSON that servers wrap it in when they do not know the media
/// type. A blob that itself is such JSON is told apart by the answer's type and by its id.
fn unwrap_blob(answer: Answer, id: &BlobId) -> Option<Bytes> {
    if !is_plain_json(&answer.headers) {
        return Some(answer.body.into());
    }
    let blob = match serde_json::from_slice::<wire::Blob>(&answer.body) {
        Ok(blob) if blob.sha.eq_ignore_ascii_case(id.as_str()) => blob,
        _ => return Some(answer.body.into()),
    };
    match blob.encoding.as_str() {
        "base64" => {
            let text: Vec<u8> = blob
                .content
                .bytes()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            STANDARD.decode(text).ok().map(Bytes::from)
        }
        "utf-8" => Some(blob.content.into()),
        _ => None,
    }
}

fn is_plain_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}
