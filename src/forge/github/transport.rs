//! One request and its answer: headers, deadlines, size caps.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, AUTHORIZATION, IF_NONE_MATCH, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method};
use octocrab::service::middleware::reqwest_connector::ReqwestConnector;
use octocrab::{AuthState, Octocrab, OctocrabBuilder};
use serde::de::DeserializeOwned;
use url::Url;

use crate::domain::repository::RepositoryName;
use crate::domain::thread::RepositoryAddress;
use crate::forge::ForgeError;
use crate::forge::github::failure;
use crate::forge::github::origins::Origins;
use crate::forge::github::time::Clock;

/// The largest answer that is taken as JSON. GitHub cuts trees at 7 MB, and a hundred comments of
/// full length in four-byte characters have 26 MB.
pub(super) const MAX_JSON_BYTES: u64 = 32 * 1024 * 1024;

/// The media type of ordinary answers.
const JSON: &str = "application/vnd.github+json";

/// Who we are; GitHub refuses requests that do not tell.
const AGENT: &str = concat!("planwright/", env!("CARGO_PKG_VERSION"));

/// Time and chance, from outside.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// The time of day.
    pub now: fn() -> SystemTime,
    /// A random number from 0 up to 1, to spread attempts.
    pub random: fn() -> f64,
    /// The pause before a second attempt; later ones are longer. A second is usual.
    pub pause: Duration,
}

/// Which answers to a request are kept, so that the next time it is only asked whether they still hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keeps {
    /// None: they are long, or nobody asks twice.
    Nothing,
    /// All.
    Always,
    /// Those that list fewer things than fit on a page: the tag of a full one stays when a page is added.
    UnlessFull(usize),
}

/// Something to ask of the API.
#[derive(Debug, Clone)]
pub(super) struct Request {
    method: Method,
    /// The path below the API's base, with its query; segments are encoded.
    pub(super) path: String,
    pub(super) accept: &'static str,
    /// Which answers are kept.
    pub(super) keeps: Keeps,
    /// The tag of an answer that is kept; nothing else is to be told when it still holds.
    unless: Option<HeaderValue>,
    body: Option<serde_json::Value>,
    /// Whether it goes to the GraphQL API, which has one address and no paths.
    is_query: bool,
    /// Whether people are told of what it writes, so that it is paced.
    pub(super) tells_people: bool,
    /// What is asked for, in words for people.
    pub(super) what: String,
}

impl Request {
    /// A read.
    pub(super) fn get(path: String, what: String) -> Self {
        Self {
            method: Method::GET,
            path,
            accept: JSON,
            keeps: Keeps::Nothing,
            unless: None,
            body: None,
            is_query: false,
            tells_people: false,
            what,
        }
    }

    /// A write.
    pub(super) fn write(
        method: Method,
        path: String,
        body: serde_json::Value,
        what: String,
    ) -> Self {
        Self {
            body: Some(body),
            ..Self::bare(method, path, what)
        }
    }

    /// A write without a body.
    pub(super) fn bare(method: Method, path: String, what: String) -> Self {
        Self {
            method,
            ..Self::get(path, what)
        }
    }

    /// A read through the GraphQL API.
    pub(super) fn query(body: serde_json::Value, what: String) -> Self {
        Self {
            is_query: true,
            ..Self::write(Method::POST, String::new(), body, what)
        }
    }

    /// The same request, whose answers are kept.
    pub(super) fn kept(self) -> Self {
        Self {
            keeps: Keeps::Always,
            ..self
        }
    }

    /// The same request for a page of a list, which is kept while it is not full.
    pub(super) fn kept_unless_full(self, page_size: usize) -> Self {
        Self {
            keeps: Keeps::UnlessFull(page_size),
            ..self
        }
    }

    /// The same request, for an answer only where `tag` does not hold any more.
    pub(super) fn unless(&self, tag: &HeaderValue) -> Self {
        Self {
            unless: Some(tag.clone()),
            ..self.clone()
        }
    }

    /// The same request, as one that people are told of.
    pub(super) fn telling_people(self) -> Self {
        Self {
            tells_people: true,
            ..self
        }
    }

    /// The same request at another path.
    pub(super) fn moved_to(&self, path: String) -> Self {
        Self {
            path,
            ..self.clone()
        }
    }

    /// Whether the request changes nothing.
    pub(super) fn is_read(&self) -> bool {
        self.is_query || self.method == Method::GET
    }

    /// The same request for another media type.
    pub(super) fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }
}

/// An answer that was read whole.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// Reads the answer as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, what: &str) -> Result<T, ForgeError> {
        serde_json::from_slice(&self.body).map_err(|_| ForgeError::Unexpected {
            what: what.to_owned(),
            why: "it is not the JSON that the API describes".to_owned(),
        })
    }
}

/// The way to one GitHub.
pub(super) struct Transport {
    client: reqwest::Client,
    pub(super) origins: Origins,
    pub(super) clock: Clock,
    timing: Timing,
    /// Built at the first request: its queue needs a runtime to run on.
    octocrab: OnceLock<Octocrab>,
}

impl Transport {
    pub(super) fn new(client: reqwest::Client, origins: Origins, timing: Timing) -> Self {
        Self {
            client,
            origins,
            clock: Clock::new(timing.now),
            timing,
            octocrab: OnceLock::new(),
        }
    }

    /// Sends a request once and returns whatever comes back. No redirect is followed.
    pub(super) async fn send(
        &self,
        request: &Request,
        authorization: &HeaderValue,
    ) -> Result<reqwest::Response, ForgeError> {
        self.send_as(request, Some(authorization)).await
    }

    /// The same without saying who we are.
    pub(super) async fn send_openly(
        &self,
        request: &Request,
    ) -> Result<reqwest::Response, ForgeError> {
        self.send_as(request, None).await
    }

    async fn send_as(
        &self,
        request: &Request,
        authorization: Option<&HeaderValue>,
    ) -> Result<reqwest::Response, ForgeError> {
        let octocrab = self.octocrab();
        let url = match request.is_query {
            true => self.origins.graphql_url(),
            false => self.origins.api_url(&request.path),
        };
        let mut builder = http::Request::builder()
            .method(request.method.clone())
            .uri(url)
            .header(ACCEPT, request.accept)
            .header(USER_AGENT, AGENT);
        if let Some(authorization) = authorization {
            builder = builder.header(AUTHORIZATION, authorization);
        }
        if let Some(tag) = &request.unless {
            builder = builder.header(IF_NONE_MATCH, tag);
        }
        let failed = |error: octocrab::Error| failure::from_transport(&request.what, &error);
        // octocrab adds the API version and the type and length of the body.
        let sent = octocrab
            .build_request(builder, request.body.as_ref())
            .map_err(failed)?;
        let response = octocrab.execute(sent).await.map_err(failed)?;
        Ok(response.map(reqwest::Body::wrap).into())
    }

    /// The id of the repository that `response` says is the one asked for, under another name.
    pub(super) fn find_renamed(
        &self,
        request: &Request,
        response: &reqwest::Response,
    ) -> Option<u64> {
        if request.is_query || !failure::is_redirect(response.status()) {
            return None;
        }
        self.origins
            .find_repository_id(&request.path, response.headers())
    }

    /// Fetches an address that the API pointed at. Only the API's own origin is shown credentials.
    pub(super) async fn fetch(
        &self,
        url: Url,
        authorization: &HeaderValue,
        what: &str,
    ) -> Result<reqwest::Response, ForgeError> {
        let mut request = self.client.get(url.clone()).header(USER_AGENT, AGENT);
        if self.origins.is_api(&url) {
            request = request.header(AUTHORIZATION, authorization);
        }
        let sent = request.send().await;
        sent.map_err(|error| failure::from_transport(what, &error.without_url()))
    }

    /// The transport without any of octocrab's layers: addresses are whole and credentials are on
    /// the request, so that nothing can put them on another.
    fn octocrab(&self) -> &Octocrab {
        self.octocrab.get_or_init(|| {
            let connector = ReqwestConnector::new(self.client.clone());
            let built = OctocrabBuilder::new_empty()
                .with_service(connector)
                .with_auth(AuthState::None)
                .build();
            match built {
                Ok(octocrab) => octocrab,
                Err(never) => match never {},
            }
        })
    }

    /// Waits before attempt number `attempt`, which counts from 1 for the second one.
    pub(super) async fn pause(&self, attempt: u32) {
        let spread = 0.5 + (self.timing.random)().clamp(0.0, 1.0) / 2.0;
        let pause = self
            .timing
            .pause
            .saturating_mul(1 << attempt.saturating_sub(1).min(5));
        tokio::time::sleep(pause.mul_f64(spread)).await;
    }
}

/// Reads an answer whole, as long as it has at most `limit_bytes`.
pub(super) async fn read_whole(
    mut response: reqwest::Response,
    limit_bytes: u64,
    what: &str,
) -> Result<Answer, ForgeError> {
    let too_large = || ForgeError::TooLarge {
        what: what.to_owned(),
        limit_bytes,
    };
    if response
        .content_length()
        .is_some_and(|length| length > limit_bytes)
    {
        return Err(too_large());
    }
    let headers = response.headers().clone();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if (body.len() + chunk.len()) as u64 > limit_bytes => {
                return Err(too_large());
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(Answer { headers, body }),
            Err(error) => return Err(failure::from_transport(what, &error)),
        }
    }
}

/// Reads the first `limit_bytes` of an answer, and tells whether there was more.
pub(super) async fn read_start(
    mut response: reqwest::Response,
    limit_bytes: usize,
    what: &str,
) -> Result<(Vec<u8>, bool), ForgeError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = limit_bytes.saturating_sub(body.len());
                body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    return Ok((body, true));
                }
            }
            Ok(None) => return Ok((body, false)),
            Err(error) => return Err(failure::from_transport(what, &error)),
        }
    }
}

/// The API path of a repository, by the name last heard.
pub(super) fn repository_path(repository: &RepositoryAddress) -> String {
    name_path(&repository.name)
}

/// The API path of the repository of that name.
pub(super) fn name_path(name: &RepositoryName) -> String {
    let owner = encode_segment(name.owner());
    let name = encode_segment(name.name());
    format!("/repos/{owner}/{name}")
}

/// The API path of the repository with that id, which no rename changes.
pub(super) fn id_path(id: u64) -> String {
    format!("/repositories/{id}")
}

/// Encodes `text` as one segment of a path.
pub(super) fn encode_segment(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
