//! Trying again, when the caller says so.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

/// The longest pause that grows by itself; a service may ask for a longer one.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// What became of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt<T, E> {
    /// It gave a result.
    Done(T),
    /// It failed, and another may work.
    Again {
        /// How long the service asks to wait, if it does.
        after: Option<Duration>,
        /// Why it failed.
        error: E,
    },
    /// It failed, and so would another.
    Fail(E),
}

/// How often and how long something is tried.
///
/// For reads only: a write whose answer was lost may have been done, so its caller looks before it
/// writes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Most attempts; at least one is made.
    pub attempts: u32,
    /// The pause after the first attempt; it doubles with each further one.
    pub first_pause: Duration,
    /// No attempt begins later than this after the first one did.
    pub total_deadline: Duration,
}

impl Retry {
    /// Calls `attempt` until it is done, fails for good, or attempts or time run out; then returns
    /// the last error. It is given the time that is left, to bound itself with. A pause that a
    /// service asks for is kept, and ends the trying when it would outlast the deadline.
    pub async fn run<T, E, F, Fut>(&self, jitter: &Jitter, mut attempt: F) -> Result<T, E>
    where
        F: FnMut(Duration) -> Fut,
        Fut: Future<Output = Attempt<T, E>>,
    {
        let start = Instant::now();
        let mut made = 0;
        loop {
            let left = self.total_deadline.saturating_sub(start.elapsed());
            let (after, error) = match attempt(left).await {
                Attempt::Done(value) => return Ok(value),
                Attempt::Fail(error) => return Err(error),
                Attempt::Again { after, error } => (after, error),
            };
            made += 1;
            let pause = self.pause(made, after, jitter);
            if made >= self.attempts || start.elapsed().saturating_add(pause) >= self.total_deadline
            {
                return Err(error);
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// How long to wait after attempt number `made`: half of the doubled pause for certain, half by
    /// chance, so that those who failed together do not return together.
    fn pause(&self, made: u32, after: Option<Duration>, jitter: &Jitter) -> Duration {
        let doubled = 2_u32.saturating_pow(made.saturating_sub(1));
        let full = self.first_pause.saturating_mul(doubled).min(MAX_PAUSE);
        let chance = full.mul_f64(jitter.fraction() / 2.0);
        match after {
            Some(after) => after.saturating_add(chance),
            None => full / 2 + chance,
        }
    }
}

/// Numbers that look random, from a seed; not for secrets.
#[derive(Debug)]
pub struct Jitter(AtomicU64);

impl Jitter {
    /// The same numbers for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// The next number: at least 0, less than 1.
    fn fraction(&self) -> f64 {
        // SplitMix64: each step adds the golden ratio, and the sum is stirred.
        let golden = 0x9e37_79b9_7f4a_7c15;
        let sum = self.0.fetch_add(golden, Ordering::Relaxed);
        let stirred = (sum ^ (sum >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let stirred = (stirred ^ (stirred >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bits = u32::try_from((stirred ^ (stirred >> 31)) >> 32).unwrap_or_default();
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }
}
