//! One request and its answer: sent once, read within limits of size and time.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use crate::http::{HttpError, read_bounded};
use crate::model::ModelError;
use crate::model::failure::Failure;
use crate::model::stream::{Framing, Splitter};
use crate::model::wire::{
    Assembled, Assembly, Flow, MAX_ANSWER_BYTES, Prepared, misshapen, too_large,
};

/// Most bytes of an error that are looked at.
const MAX_ERROR_BYTES: u64 = 64 * 1024;

/// Most bytes that a stream spends on one token: each comes in an event of its own, with everything
/// that its format repeats.
const STREAM_BYTES_PER_TOKEN: usize = 1024;

/// Most bytes of a stream, whatever its answer may have.
const MAX_STREAM_BYTES: usize = 64 * 1024 * 1024;

/// How often a connection that does not come about is tried again, and after how many seconds.
const CONNECT_PAUSES: [f64; 3] = [1.0, 4.0, 16.0];

/// What the client sends and reads with.
pub(super) struct Exchange {
    pub(super) client: reqwest::Client,
    /// A random number from 0 up to 1.
    pub(super) random: fn() -> f64,
    /// Whether the server is on this machine, where one that is not there does not come soon.
    pub(super) is_near: bool,
    /// How long a stream may pause.
    pub(super) idle_timeout: Duration,
}

/// What came back.
pub(super) enum Answer {
    /// A success, whose body has not been read.
    Fine(Response),
    /// Anything else.
    Failed(Failure),
}

impl Exchange {
    /// Sends `prepared` once. A connection that does not come about is tried again: then nobody has
    /// seen the request. The headers of a success go to `learn`.
    pub(super) async fn send(
        &self,
        prepared: &Prepared,
        learn: impl Fn(&HeaderMap),
    ) -> Result<Answer, ModelError> {
        let mut pauses = CONNECT_PAUSES.into_iter();
        let response = loop {
            let request = self
                .client
                .post(prepared.url.clone())
                .headers(prepared.headers.clone())
                .body(prepared.body.clone());
            match request.send().await {
                Ok(response) => break response,
                Err(error) if error.is_connect() && !self.is_near => {
                    let pause = pauses.next().ok_or_else(|| unavailable(error.into()))?;
                    let jitter = 0.5 + (self.random)() / 2.0;
                    tokio::time::sleep(Duration::from_secs_f64(pause * jitter)).await;
                }
                Err(error) => return Err(unavailable(error.into())),
            }
        };
        if response.status().is_success() {
            learn(response.headers());
            return Ok(Answer::Fine(response));
        }
        let (status, headers) = (response.status(), response.headers().clone());
        // An error too long to be read is told by its status alone.
        let body = match read_bounded(response, MAX_ERROR_BYTES).await {
            Err(HttpError::TooLarge { .. }) => Ok(bytes::Bytes::new()),
            other => other.map_err(unavailable),
        }?;
        Ok(Answer::Failed(Failure::of_answer(status, &headers, &body)))
    }

    /// Reads the answer, whether it comes as a stream or at once.
    pub(super) async fn read(
        &self,
        response: Response,
        mut assembly: Box<dyn Assembly>,
        max_output_tokens: u32,
    ) -> Result<Assembled, ModelError> {
        let tokens = usize::try_from(max_output_tokens).unwrap_or(usize::MAX);
        let most = tokens
            .saturating_mul(STREAM_BYTES_PER_TOKEN)
            .saturating_add(MAX_ANSWER_BYTES)
            .min(MAX_STREAM_BYTES);
        match framing_of(response.headers()) {
            Some(framing) => {
                let mut reader = Reader {
                    response,
                    splitter: Splitter::new(framing),
                    idle_timeout: self.idle_timeout,
                    bytes_left: most,
                };
                reader.feed(assembly.as_mut()).await?;
            }
            None => {
                let body = read_bounded(response, MAX_ANSWER_BYTES as u64).await;
                read_whole(&body.map_err(unavailable)?, assembly.as_mut())?;
            }
        }
        assembly.finish()
    }

    /// The JSON answer to a question on the side; none on any trouble.
    pub(super) async fn inquire(&self, prepared: Prepared) -> Option<Value> {
        let request = self
            .client
            .post(prepared.url)
            .headers(prepared.headers)
            .body(prepared.body);
        let response = timeout(self.idle_timeout, request.send())
            .await
            .ok()?
            .ok()?;
        if response.status() != StatusCode::OK {
            return None;
        }
        let body = timeout(
            self.idle_timeout,
            read_bounded(response, MAX_ANSWER_BYTES as u64),
        );
        serde_json::from_slice(&body.await.ok()?.ok()?).ok()
    }
}

/// How the answer is framed; `None` when it comes in one document.
fn framing_of(headers: &HeaderMap) -> Option<Framing> {
    let kind = headers
        .get(CONTENT_TYPE)?
        .to_str()
        .ok()?
        .to_ascii_lowercase();
    if kind.contains("event-stream") {
        Some(Framing::Events)
    } else if kind.contains("ndjson") || kind.contains("jsonl") {
        Some(Framing::Lines)
    } else {
        None
    }
}

/// Reads an answer that came at once. Servers that label a stream as something else are understood.
fn read_whole(body: &[u8], assembly: &mut dyn Assembly) -> Result<(), ModelError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    match serde_json::from_slice(body) {
        Ok(document) => return assembly.take_whole(document),
        Err(error) if error.is_eof() => return Err(ModelError::cut()),
        Err(_) => {}
    }
    let framing = match body.trim_ascii_start().first() {
        Some(b'{') => Framing::Lines,
        Some(_) => Framing::Events,
        None => return Err(misshapen()),
    };
    let mut splitter = Splitter::new(framing);
    let mut documents = splitter.push(body).map_err(|_| too_large())?;
    documents.extend(splitter.finish().map_err(|_| too_large())?);
    if documents.is_empty() {
        return Err(misshapen());
    }
    take_all(documents, assembly).map(|_| ())
}

/// An answer on its way.
struct Reader {
    response: Response,
    splitter: Splitter,
    idle_timeout: Duration,
    bytes_left: usize,
}

impl Reader {
    /// Feeds `assembly` until it has enough or the stream ends.
    async fn feed(&mut self, assembly: &mut dyn Assembly) -> Result<(), ModelError> {
        let mut heard = Instant::now();
        while let Some(piece) = self.piece(heard).await? {
            let left = self.bytes_left.checked_sub(piece.len());
            self.bytes_left = left.ok_or_else(too_large)?;
            let documents = self.splitter.push(&piece).map_err(|_| too_large())?;
            if take_all(documents, assembly)? == Flow::Done {
                return Ok(());
            }
            heard = Instant::now();
        }
        let empty = Splitter::new(Framing::Lines);
        let rest = std::mem::replace(&mut self.splitter, empty).finish();
        let rest = rest.map_err(|_| too_large())?;
        // Half a document is where the stream was cut, which the assembly knows.
        let whole = rest.filter(|rest| serde_json::from_slice::<Value>(rest).is_ok());
        take_all(whole, assembly).map(|_| ())
    }

    async fn piece(&mut self, heard: Instant) -> Result<Option<bytes::Bytes>, ModelError> {
        let seconds = self.idle_timeout.as_secs();
        tokio::time::timeout_at(heard + self.idle_timeout, self.response.chunk())
            .await
            .map_err(|_| ModelError::Unavailable {
                why: format!("nothing came for {seconds}s"),
            })?
            .map_err(|error| unavailable(error.into()))
    }
}

/// Documents go to the assembly; the mark that ends some streams ends this one.
fn take_all(
    documents: impl IntoIterator<Item = Vec<u8>>,
    assembly: &mut dyn Assembly,
) -> Result<Flow, ModelError> {
    for document in documents {
        if document.trim_ascii() == b"[DONE]" {
            return Ok(Flow::Done);
        }
        if document.trim_ascii().is_empty() {
            continue;
        }
        let document = serde_json::from_slice(&document).map_err(|_| misshapen())?;
        if assembly.take(document)? == Flow::Done {
            return Ok(Flow::Done);
        }
    }
    Ok(Flow::More)
}

/// The cause without its root, which may name a host of a private network.
fn unavailable(error: HttpError) -> ModelError {
    match error {
        HttpError::TooLarge { limit_bytes } => ModelError::Unusable {
            why: format!("more than {limit_bytes} bytes"),
        },
        HttpError::Unavailable { why } | HttpError::Setup { why } => {
            ModelError::unavailable(why.split(':').next().unwrap_or_default())
        }
    }
}
