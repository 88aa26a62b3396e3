//! Contents through a forge: one archive, then single blobs.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::archive::{self, Bounds};
use super::filter::{Reason, decode};
use super::{Reading, Wanted};
use crate::domain::repository::CommitSha;
use crate::domain::thread::RepositoryAddress;
use crate::forge::{ByteStream, Forge, ForgeError};
use crate::repository::Limits;

/// Requests under way at once: enough to hide the round trip, few enough for secondary limits.
const BLOBS_IN_FLIGHT: usize = 8;

/// Chunks waiting between the network and the unpacking thread.
const CHUNKS_IN_FLIGHT: usize = 8;

/// Longest silence of an archive stream.
const CHUNK_DEADLINE: Duration = Duration::from_secs(60);

/// Where contents come from.
pub(super) struct Source<'a> {
    /// The forge.
    pub(super) forge: &'a dyn Forge,
    /// The repository.
    pub(super) repository: &'a RepositoryAddress,
    /// The pinned commit.
    pub(super) commit: &'a CommitSha,
    /// What may be fetched.
    pub(super) limits: &'a Limits,
}

impl Source<'_> {
    /// Hands the archive's members to `reading` and returns what it did not hold, in the order of
    /// `wanted`. An archive that is missing, broken or beyond the limits is no failure.
    pub(super) async fn archive(
        &self,
        wanted: Vec<Wanted>,
        reading: &mut Reading,
    ) -> Result<Vec<Wanted>, ForgeError> {
        if wanted.is_empty() {
            return Ok(wanted);
        }
        let stream = match self.forge.archive(self.repository, self.commit).await {
            Ok(stream) => stream,
            Err(ForgeError::NotFound { .. } | ForgeError::TooLarge { .. }) => return Ok(wanted),
            Err(error) => return Err(error),
        };
        let (sender, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let bounds = Bounds::new(self.limits);
        let unpacking =
            tokio::task::spawn_blocking(move || archive::unpack(receiver, wanted, &bounds));
        feed(stream, sender).await;
        let unpacked = unpacking.await.map_err(|error| ForgeError::Unexpected {
            what: "the archive".to_owned(),
            why: format!("unpacking it failed: {error}"),
        })?;
        for (index, text) in unpacked.texts {
            reading.accept(index, text);
        }
        Ok(unpacked.rest)
    }

    /// Fetches `wanted` one by one, best first, as many as the limits allow.
    pub(super) async fn blobs(
        &self,
        wanted: Vec<Wanted>,
        reading: &mut Reading,
    ) -> Result<(), ForgeError> {
        let allowed = usize::try_from(self.limits.blob_requests).unwrap_or(usize::MAX);
        for _ in wanted.iter().skip(allowed) {
            reading.leave_out(Reason::Budget);
        }
        let requests: Vec<_> = wanted
            .into_iter()
            .take(allowed)
            .map(|file| async move { (file.index, self.blob(&file).await) })
            .collect();
        let mut answers = futures_util::stream::iter(requests).buffered(BLOBS_IN_FLIGHT);
        while let Some((index, answer)) = answers.next().await {
            reading.accept(index, answer?);
        }
        Ok(())
    }

    async fn blob(&self, file: &Wanted) -> Result<Result<String, Reason>, ForgeError> {
        let limit = self.limits.file_bytes;
        match self.forge.blob(self.repository, &file.blob, limit).await {
            Ok(bytes) => Ok(decode(bytes.into())),
            Err(ForgeError::NotFound { .. }) => Ok(Err(Reason::Missing)),
            Err(ForgeError::TooLarge { .. }) => Ok(Err(Reason::TooLarge)),
            Err(error) => Err(error),
        }
    }
}

/// Passes the stream on until it ends, breaks, falls silent, or nobody listens any more.
async fn feed(mut stream: ByteStream, sender: mpsc::Sender<bytes::Bytes>) {
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(CHUNK_DEADLINE, stream.next()).await {
        if sender.send(chunk).await.is_err() {
            return;
        }
    }
}
