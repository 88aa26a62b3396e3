//! Contents through a forge: one archive, batches, single blobs, whichever costs least.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::archive::{self, Bounds};
use super::filter::Reason;
use super::reading::{Reading, Verdict, Wanted};
use super::text::decode;
use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{BlobWish, ByteStream, Forge, ForgeError};
use crate::repository::Limits;

/// Requests under way at once: enough to hide the round trip, few enough for secondary limits.
const BLOBS_IN_FLIGHT: usize = 8;

/// Chunks waiting between the network and the unpacking thread.
const CHUNKS_IN_FLIGHT: usize = 8;

/// Longest silence of an archive stream.
const CHUNK_DEADLINE: Duration = Duration::from_secs(60);

/// More requests than this for contents are never cheaper than an archive: a plan has fifteen in
/// all.
const MOST_REQUESTS: u64 = 8;

/// What things cost, in tenths of a second: GitHub answers a query for a hundred blobs in just under
/// a second, and a single blob at once, eight beside each other; an archive is made in a second,
/// packs to a quarter and comes at some 5 MB/s. Each is one of an hour's 5,000 calls, so that single
/// blobs cost more than their time.
const BATCH_COST: u64 = 8;
const SINGLE_COST: u64 = 4;
const ARCHIVE_COST: u64 = 10;
const BYTES_FOR_ONE: u64 = 2 * 1024 * 1024;

/// Bytes of contents that one batch holds about, and what a blob of unknown size counts as.
const BATCH_BYTES: u64 = 3 * 1024 * 1024;
const USUAL_BYTES: u64 = 8 * 1024;

/// Where contents come from.
pub(super) struct Source<'a> {
    pub(super) forge: &'a dyn Forge,
    pub(super) repository: &'a RepositoryAddress,
    pub(super) commit: &'a CommitSha,
    pub(super) limits: &'a Limits,
    /// When to stop.
    pub(super) deadline: Instant,
    /// Requests for blobs that may still be made.
    pub(super) requests_left: u64,
}

impl Source<'_> {
    /// Fetches `wanted`, best first, as far as the limits allow.
    ///
    /// # Errors
    /// Rate limits, refusals, and a forge that does not answer. Contents that are missing, broken
    /// or not what their ids say are no failure.
    pub(super) async fn fill(
        &mut self,
        wanted: Vec<Wanted>,
        reading: &mut Reading<'_>,
    ) -> Result<(), ForgeError> {
        let rest = if self.prefers_archive(&wanted, reading.listed_bytes()) {
            self.archive(wanted, reading).await?
        } else {
            wanted
        };
        let rest = reading.take_known(rest).await;
        self.blobs(rest, &mut |file, verdict| reading.learn(file, verdict))
            .await
    }

    /// Whether one archive of everything costs less than asking for what is wanted.
    fn prefers_archive(&self, wanted: &[Wanted], listed_bytes: u64) -> bool {
        let ids: HashMap<_, _> = wanted
            .iter()
            .map(|file| (&file.blob, file.size_bytes.unwrap_or(USUAL_BYTES)))
            .collect();
        let count = ids.len() as u64;
        let bytes: u64 = ids.values().sum();
        let per_request = self.forge.blobs_per_request().max(1) as u64;
        let batches = count
            .div_ceil(per_request)
            .max(bytes.div_ceil(BATCH_BYTES).min(count));
        let cost = match per_request {
            1 => batches * SINGLE_COST,
            _ => batches * BATCH_COST,
        };
        batches > MOST_REQUESTS || cost > ARCHIVE_COST + listed_bytes / BYTES_FOR_ONE
    }

    /// Hands the archive's members to `reading` and returns what it did not hold, in the order of
    /// `wanted`. An archive that is missing, broken or beyond the limits is no failure.
    async fn archive(
        &self,
        wanted: Vec<Wanted>,
        reading: &mut Reading<'_>,
    ) -> Result<Vec<Wanted>, ForgeError> {
        let stream = match self.forge.archive(self.repository, self.commit).await {
            Ok(stream) => stream,
            Err(
                error @ (ForgeError::RateLimited { .. }
                | ForgeError::Denied { .. }
                | ForgeError::Suspended { .. }
                | ForgeError::Uninstalled { .. }),
            ) => return Err(error),
            // Whatever is wrong with archives, blobs may still come.
            Err(_) => return Ok(wanted),
        };
        let (sender, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
        let bounds = Bounds::new(self.limits);
        let unpacking =
            tokio::task::spawn_blocking(move || archive::unpack(receiver, wanted, &bounds));
        // A stream that drips on past the deadline ends like one that breaks off.
        drop(tokio::time::timeout_at(self.deadline, feed(stream, sender)).await);
        let unpacked = unpacking.await.map_err(|error| ForgeError::Unexpected {
            what: "the archive".to_owned(),
            why: format!("unpacking it failed: {error}"),
        })?;
        for (file, verdict) in unpacked.verdicts {
            reading.learn(&file, verdict);
        }
        Ok(unpacked.rest)
    }

    /// Fetches `wanted` in batches, and one by one what does not come in them, and hands each to
    /// `take` with what it is.
    ///
    /// # Errors
    /// As [`Source::fill`].
    pub(super) async fn blobs(
        &mut self,
        wanted: Vec<Wanted>,
        take: &mut (dyn FnMut(&Wanted, Verdict) + Send),
    ) -> Result<(), ForgeError> {
        let mut wishes = Vec::new();
        let mut files: HashMap<BlobId, Vec<Wanted>> = HashMap::new();
        for file in wanted {
            let same = files.entry(file.blob.clone()).or_default();
            if same.is_empty() {
                wishes.push(BlobWish {
                    id: file.blob.clone(),
                    size_bytes: file.size_bytes,
                });
            }
            same.push(file);
        }
        let mut settle = |id: &BlobId, verdict: Verdict| {
            for file in files.get(id).into_iter().flatten() {
                take(file, verdict.clone());
            }
        };
        let mut waiting = wishes.as_slice();
        let mut alone = Vec::new();
        while !waiting.is_empty() && self.may_go_on() {
            let batch = self.forge.blobs(self.repository, waiting).await?;
            self.requests_left = self.requests_left.saturating_sub(batch.requests);
            let done = (batch.blobs.len() + batch.alone.len()).max(1);
            for (id, bytes) in batch.blobs {
                settle(&id, self.judge(&id, bytes));
            }
            alone.extend(batch.alone);
            waiting = waiting.get(done..).unwrap_or_default();
        }
        for wish in waiting {
            settle(&wish.id, Err(Reason::Budget));
        }
        self.singles(&alone, &mut settle).await
    }

    async fn singles(
        &mut self,
        ids: &[BlobId],
        settle: &mut (dyn FnMut(&BlobId, Verdict) + Send),
    ) -> Result<(), ForgeError> {
        let mut waiting = ids;
        while !waiting.is_empty() && self.may_go_on() {
            let allowed = usize::try_from(self.requests_left).unwrap_or(usize::MAX);
            let count = waiting.len().min(allowed).min(BLOBS_IN_FLIGHT * 4);
            let (now, later) = waiting.split_at_checked(count).unwrap_or((waiting, &[]));
            let asked: Vec<_> = now.iter().map(|id| self.single(id)).collect();
            let mut answers = futures_util::stream::iter(asked).buffered(BLOBS_IN_FLIGHT);
            let mut position = now.iter();
            while let Some(answer) = answers.next().await {
                if let Some(id) = position.next() {
                    settle(id, answer?);
                }
            }
            drop(answers);
            self.requests_left = self.requests_left.saturating_sub(count as u64);
            waiting = later;
        }
        for id in waiting {
            settle(id, Err(Reason::Budget));
        }
        Ok(())
    }

    async fn single(&self, id: &BlobId) -> Result<Verdict, ForgeError> {
        let limit = self.limits.file_bytes;
        match self.forge.blob(self.repository, id, limit).await {
            Ok(bytes) => Ok(self.judge(id, bytes)),
            Err(ForgeError::NotFound { .. }) => Ok(Err(Reason::Missing)),
            Err(ForgeError::TooLarge { .. }) => Ok(Err(Reason::TooLarge)),
            Err(error) => Err(error),
        }
    }

    /// What came as a blob: text, if it is what was asked for.
    fn judge(&self, id: &BlobId, bytes: Bytes) -> Verdict {
        if bytes.len() as u64 > self.limits.file_bytes {
            Err(Reason::TooLarge)
        } else if id.is_of(&bytes) {
            decode(bytes.into()).map(Into::into)
        } else {
            Err(Reason::Forged)
        }
    }

    fn may_go_on(&self) -> bool {
        self.requests_left > 0 && Instant::now() < self.deadline
    }
}

/// Passes the stream on until it ends, breaks, falls silent, or nobody listens any more.
async fn feed(mut stream: ByteStream, sender: mpsc::Sender<Bytes>) {
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(CHUNK_DEADLINE, stream.next()).await {
        if sender.send(chunk).await.is_err() {
            return;
        }
    }
}
