//! What a forge could not deliver while we were away: found in its list, and asked for again.
//!
//! A repeated delivery comes in as a webhook like any other, under the key of the first attempt, so that
//! whatever was asked is answered once.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::forge::ForgeError;
use crate::service::work::Clock;
use crate::service::{App, Served};
use crate::store::{Millis, StoreError};

/// How far the first look goes back: a day, as GitHub advises.
const FIRST_LOOK: Duration = Duration::from_hours(24);

/// How much looks overlap, for clocks that differ and attempts that end later than they began.
const OVERLAP: Duration = Duration::from_mins(10);

/// Most attempts that one look asks for; the next one goes on.
const MAX_ASKED: usize = 100;

/// How often one delivery is asked for. What is refused every time is refused for a reason.
const MAX_ATTEMPTS: u32 = 3;

/// Most deliveries whose attempts are counted.
const MAX_COUNTED: usize = 10_000;

/// What is remembered from one look to the next.
#[derive(Debug, Default)]
pub struct Sweep {
    asked: HashMap<String, u32>,
}

/// What a look came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// So many deliveries were asked for again.
    Asked(usize),
    /// The forge keeps no list of its deliveries; looking again is of no use.
    Unsupported,
}

/// Why a look was cut off. The next one begins where this one did.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The forge did not do its part.
    #[error(transparent)]
    Forge(#[from] ForgeError),
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Looks for deliveries of a forge that did not arrive since the last look, and asks for each of
    /// them once more, with `pause` between two. The look's beginning is noted in the store at its end,
    /// so that one which was cut off is made again.
    ///
    /// # Errors
    /// [`SweepError`] when the forge or the store fails.
    pub async fn sweep(
        &self,
        served: &Served,
        sweep: &mut Sweep,
        (clock, pause): (Clock, Duration),
    ) -> Result<Swept, SweepError> {
        let name = format!("sweep:{}:{}", served.kind, served.host);
        let began = clock();
        let last = self.store.noted(&name).await?;
        let since = last.map_or(before(began, FIRST_LOOK), |last| before(last, OVERLAP));
        let missed = match served.forge.missed_deliveries(time(since)).await {
            Err(ForgeError::NotFound { .. }) => return Ok(Swept::Unsupported),
            missed => missed?,
        };
        let mut asked = 0;
        for delivery in missed {
            if self.store.knows(&delivery.key).await? || !sweep.may_ask(&delivery.key) {
                continue;
            }
            if asked == MAX_ASKED {
                return Ok(Swept::Asked(asked));
            }
            if asked > 0 {
                tokio::time::sleep(pause).await;
            }
            match served.forge.redeliver(&delivery.attempt).await {
                Ok(()) => {}
                Err(
                    error @ (ForgeError::NotFound { .. }
                    | ForgeError::Unexpected { .. }
                    | ForgeError::Denied { .. }),
                ) => tracing::warn!(%error, "a delivery is not sent again: {error}"),
                Err(error) => return Err(error.into()),
            }
            asked += 1;
        }
        self.store.note(&name, began).await?;
        Ok(Swept::Asked(asked))
    }
}

impl Sweep {
    /// Counts one more wish for a delivery, unless there were too many.
    fn may_ask(&mut self, key: &str) -> bool {
        if self.asked.len() >= MAX_COUNTED {
            self.asked.clear();
        }
        let asked = self.asked.entry(key.to_owned()).or_default();
        *asked += 1;
        *asked <= MAX_ATTEMPTS
    }
}

fn before(time: Millis, span: Duration) -> Millis {
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Millis(time.0.saturating_sub(span))
}

fn time(millis: Millis) -> SystemTime {
    let since_epoch = u64::try_from(millis.0).unwrap_or_default();
    UNIX_EPOCH + Duration::from_millis(since_epoch)
}
