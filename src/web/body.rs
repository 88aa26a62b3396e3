//! Taking a body in: bounded in size, in time, and over all connections together.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::Server;

/// Bodies up to this size have room of their own, so that a flood of large ones does not keep
/// ordinary deliveries waiting; GitHub's are 5 to 30 kB.
const SMALL_BYTES: u64 = 256 * 1024;

/// The share of the room that is kept for small bodies.
const SMALL_SHARE: u64 = 4;

/// One permit of the semaphores stands for this many bytes.
const UNIT_BYTES: u64 = 1024;

/// How much of a body is taken in.
pub(super) struct BodyLimits {
    max_bytes: u64,
    timeout: Duration,
    small: Room,
    large: Room,
}

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Larger than the limit.
    TooLarge,
    /// It did not arrive in time, or there was no room for it in time.
    TooSlow,
    /// It is compressed.
    Encoded,
    /// The connection broke.
    Cut,
}

/// A body, and the room that it takes up until it is dropped.
pub(super) struct Taken {
    pub(super) bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

struct Room {
    units: Arc<Semaphore>,
    total: u32,
}

impl Room {
    fn new(bytes: u64) -> Self {
        let total = u32::try_from(bytes / UNIT_BYTES)
            .unwrap_or(u32::MAX >> 4)
            .clamp(1, u32::MAX >> 4);
        let units = Arc::new(Semaphore::new(usize::try_from(total).unwrap_or(1)));
        Self { units, total }
    }

    /// Waits until `bytes` fit; more than there is room for waits for all of it.
    async fn take(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let wanted = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        let units = Arc::clone(&self.units);
        units
            .acquire_many_owned(wanted.clamp(1, self.total))
            .await
            .ok()
    }
}

impl BodyLimits {
    pub(super) fn new(server: &Server) -> Self {
        let small = server.max_in_flight_bytes / SMALL_SHARE;
        Self {
            max_bytes: server.max_body_bytes,
            timeout: server.body_timeout,
            small: Room::new(small),
            large: Room::new(server.max_in_flight_bytes.saturating_sub(small)),
        }
    }

    /// Reads a body whole.
    pub(super) async fn take(&self, headers: &HeaderMap, body: Body) -> Result<Taken, Refused> {
        let encoding = headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
        if !matches!(encoding, None | Some(b"identity")) {
            return Err(Refused::Encoded);
        }
        let announced = headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        // Without a length (chunked) the worst is assumed.
        let announced: u64 = announced.unwrap_or(self.max_bytes);
        if announced > self.max_bytes {
            return Err(Refused::TooLarge);
        }
        tokio::time::timeout(self.timeout, self.read(announced, body))
            .await
            .unwrap_or(Err(Refused::TooSlow))
    }

    async fn read(&self, announced: u64, body: Body) -> Result<Taken, Refused> {
        let small = announced <= SMALL_BYTES;
        let room = if small { &self.small } else { &self.large };
        let room = room.take(announced).await.ok_or(Refused::Cut)?;
        let capacity = if small { announced } else { SMALL_BYTES };
        let mut bytes = BytesMut::with_capacity(usize::try_from(capacity).unwrap_or(0));
        let mut stream = body.into_data_stream();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Refused::Cut)?;
            if (bytes.len() + chunk.len()) as u64 > self.max_bytes {
                return Err(Refused::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        let bytes = bytes.freeze();
        Ok(Taken { bytes, _room: room })
    }
}
