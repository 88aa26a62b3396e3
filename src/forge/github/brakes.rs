//! Stops on the calls of an installation that has asked too much, and a pace for what people are told of.
//!
//! GitHub counts per installation, and may shut out an App that goes on asking while it is told to
//! wait. So nobody asks for an installation until its wait is over, whichever job was told to wait.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::domain::repository::InstallationId;

/// Installations that are remembered at one time.
const MOST_INSTALLATIONS: usize = 10_000;

/// The wait that doubles each time a limit is hit again without any success between.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// The longest wait of our own making; limits are per hour.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Most comments written or edited within a minute and within an hour. GitHub's own limits for what
/// creates content are 80 and 500, over all that the account does.
const PACES: [(Duration, usize); 2] = [
    (Duration::from_secs(60), 60),
    (Duration::from_secs(3600), 400),
];

/// What is known of one installation.
#[derive(Debug, Default)]
struct Standing {
    /// When it may be asked for again.
    until: Option<SystemTime>,
    /// Limits that were hit since the last success.
    strikes: u32,
    /// When comments were written or edited lately, oldest first.
    written: VecDeque<SystemTime>,
}

/// The stops of all installations; calls without one share theirs.
#[derive(Debug, Default)]
pub(super) struct Brakes(Mutex<HashMap<Option<InstallationId>, Standing>>);

impl Brakes {
    /// How long a call has to wait; `None` when it may be made now. What tells people something is
    /// counted as made.
    pub(super) fn find_wait(
        &self,
        installation: Option<InstallationId>,
        tells_people: bool,
        now: SystemTime,
    ) -> Option<Duration> {
        self.with(installation, |standing| {
            if let Some(left) = standing.until.and_then(|until| left(until, now)) {
                return Some(left);
            }
            standing.until = None;
            if !tells_people {
                return None;
            }
            let wait = standing.find_pace_wait(now);
            if wait.is_none() {
                standing.written.push_back(now);
            }
            wait
        })
    }

    /// Notes that a limit was hit and the wait that was asked for; returns the wait that is kept.
    pub(super) fn note_limit(
        &self,
        installation: Option<InstallationId>,
        asked: Duration,
        now: SystemTime,
    ) -> Duration {
        self.with(installation, |standing| {
            let doubled = FIRST_WAIT.saturating_mul(1 << standing.strikes.min(8));
            let wait = match standing.strikes {
                0 => asked,
                _ => asked.max(doubled.min(LONGEST_WAIT)),
            };
            standing.strikes = standing.strikes.saturating_add(1);
            standing.until = now.checked_add(wait);
            wait
        })
    }

    /// Notes that a call was answered.
    pub(super) fn note_success(&self, installation: Option<InstallationId>) {
        self.with(installation, |standing| standing.strikes = 0);
    }

    fn with<T>(
        &self,
        installation: Option<InstallationId>,
        change: impl FnOnce(&mut Standing) -> T,
    ) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_INSTALLATIONS {
            all.retain(|_, standing| standing.until.is_some() || !standing.written.is_empty());
        }
        change(all.entry(installation).or_default())
    }
}

impl Standing {
    /// How long to wait before another comment is written.
    fn find_pace_wait(&mut self, now: SystemTime) -> Option<Duration> {
        let longest = PACES
            .iter()
            .map(|(span, _)| *span)
            .max()
            .unwrap_or_default();
        while let Some(first) = self.written.front() {
            if first
                .checked_add(longest)
                .is_some_and(|end| left(end, now).is_some())
            {
                break;
            }
            self.written.pop_front();
        }
        let waits = PACES.iter().filter_map(|(span, most)| {
            // The one that has to be older than the span before another fits in.
            let position = self.written.len().checked_sub(*most)?;
            left(self.written.get(position)?.checked_add(*span)?, now)
        });
        waits.max()
    }
}

/// What is left until a time; `None` when it is over.
fn left(until: SystemTime, now: SystemTime) -> Option<Duration> {
    until
        .duration_since(now)
        .ok()
        .filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::{Brakes, FIRST_WAIT};
    use crate::domain::repository::InstallationId;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    const ONE: Option<InstallationId> = Some(InstallationId(1));

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000 + seconds)
    }

    #[test]
    fn nobody_asks_before_the_wait_is_over_and_others_are_not_held() {
        let brakes = Brakes::default();
        let kept = brakes.note_limit(ONE, FIRST_WAIT, at(0));
        assert_eq!(kept, FIRST_WAIT);
        assert_eq!(
            brakes.find_wait(ONE, false, at(1)),
            Some(Duration::from_secs(59))
        );
        assert_eq!(
            brakes.find_wait(Some(InstallationId(2)), false, at(1)),
            None
        );
        assert_eq!(brakes.find_wait(None, false, at(1)), None);
        assert_eq!(brakes.find_wait(ONE, false, at(60)), None);
    }

    #[test]
    fn a_limit_hit_again_doubles_the_wait_until_something_succeeds() {
        let brakes = Brakes::default();
        let second = Duration::from_secs(1);
        let hits = [0, 100, 300].map(|seconds| brakes.note_limit(ONE, second, at(seconds)));
        assert_eq!(hits, [1, 120, 240].map(Duration::from_secs));
        brakes.note_success(ONE);
        assert_eq!(brakes.note_limit(ONE, second, at(900)), second);
    }

    #[test]
    fn comments_are_paced_per_minute_and_per_hour() {
        let brakes = Brakes::default();
        let write = |seconds| brakes.find_wait(ONE, true, at(seconds));
        let first: Vec<_> = (0..60).map(|_| write(0)).collect();
        assert_eq!(first, [None; 60]);
        assert_eq!(write(10), Some(Duration::from_secs(50)));
        assert_eq!(brakes.find_wait(ONE, false, at(10)), None);
        for minute in 1..=5 {
            assert_eq!((0..60).find_map(|_| write(minute * 60)), None);
        }
        assert_eq!((0..40).find_map(|_| write(400)), None);
        assert_eq!(write(401), Some(Duration::from_secs(3600 - 401)));
    }
}
