//! GitHub's clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use http::header::DATE;

pub(super) use crate::http::{parse_date_header, parse_timestamp};

/// Clocks that differ by more than this are taken as the reason for a refused login.
const TOLERATED_SKEW: Duration = Duration::from_secs(30);

/// GitHub's time of day, by our clock and what was learned of the difference.
pub(super) struct Clock {
    ours: fn() -> SystemTime,
    /// Seconds that GitHub's clock is ahead of ours.
    skew_seconds: AtomicI64,
}

impl Clock {
    pub(super) fn new(ours: fn() -> SystemTime) -> Self {
        Self {
            ours,
            skew_seconds: AtomicI64::new(0),
        }
    }

    /// The time by GitHub's clock, as far as we know it.
    pub(super) fn theirs(&self) -> SystemTime {
        let skew = self.skew_seconds.load(Ordering::Relaxed);
        let distance = Duration::from_secs(skew.unsigned_abs());
        let now = (self.ours)();
        let corrected = if skew < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        corrected.unwrap_or(now)
    }

    /// Takes the time of an answer; returns whether it is another than we had thought.
    pub(super) fn learn(&self, headers: &HeaderMap) -> bool {
        let date = headers.get(DATE).and_then(|value| value.to_str().ok());
        let Some(date) = date.and_then(parse_date_header) else {
            return false;
        };
        let expected = self.theirs();
        let apart = date
            .duration_since(expected)
            .or_else(|_| expected.duration_since(date));
        if apart.is_ok_and(|apart| apart <= TOLERATED_SKEW) {
            return false;
        }
        let skew = seconds(date) - seconds((self.ours)());
        self.skew_seconds.store(skew, Ordering::Relaxed);
        tracing::warn!(
            skew_seconds = skew,
            "GitHub's clock is {skew} s ahead of ours; logins are made by GitHub's"
        );
        true
    }
}

/// Seconds since 1970, at most the year 9999.
fn seconds(time: SystemTime) -> i64 {
    let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or_default()
}
