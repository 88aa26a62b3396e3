//! Keeping to a provider's rate limits, as the headers of its answers tell them.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};
use tokio::time::Instant;

use crate::http::{parse_date_header, parse_timestamp};
use crate::model::ModelError;

/// Longest time that a call waits here; whoever must wait longer is told so.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// What is left and when there is more: OpenAI and those who follow it, and Anthropic.
const BUCKETS: [(&str, &str); 6] = [
    (
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    (
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    (
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ),
    (
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ),
    (
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-reset",
    ),
];

/// When the provider takes calls again.
#[derive(Debug, Default)]
pub(super) struct Pace {
    free: Mutex<Option<Instant>>,
}

impl Pace {
    /// Waits until the provider takes calls; fails at once when that is too long.
    pub(super) async fn wait(&self) -> Result<(), ModelError> {
        let free = self.free.lock().ok().and_then(|free| *free);
        let left = free.map(|free| free.saturating_duration_since(Instant::now()));
        match left {
            Some(retry_after) if retry_after > MAX_WAIT => {
                Err(ModelError::RateLimited { retry_after })
            }
            Some(left) => {
                tokio::time::sleep(left).await;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes what the headers of a success tell. The time is when all is free again, some of which is
    /// free before, so that nobody waits longer than is waited here at all.
    pub(super) fn learn(&self, headers: &HeaderMap) {
        let longest = (BUCKETS.into_iter())
            .filter(|(remaining, _)| text(headers, remaining) == Some("0"))
            .filter_map(|(_, reset)| parse_reset(text(headers, reset)?, headers))
            .max();
        if let Some(longest) = longest {
            self.hold(longest.min(MAX_WAIT));
        }
    }

    /// Takes no calls for this long.
    pub(super) fn hold(&self, time: Duration) {
        let until = Instant::now().checked_add(time);
        if let Ok(mut free) = self.free.lock() {
            *free = (*free).max(until);
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// A point in time, compared with the answer's own date; a length such as `6m0.5s`; or seconds.
fn parse_reset(reset: &str, headers: &HeaderMap) -> Option<Duration> {
    if let Some(until) = parse_timestamp(reset) {
        let now: SystemTime = parse_date_header(text(headers, DATE.as_str())?)?;
        return Some(until.duration_since(now).unwrap_or_default());
    }
    match reset.parse() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok(),
        Err(_) => parse_length(reset),
    }
}

fn parse_length(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.find(|letter: char| !letter.is_ascii_alphabetic());
        let (unit, next) = after.split_at_checked(letters.unwrap_or(after.len()))?;
        let number: f64 = number.parse().ok()?;
        seconds += match unit {
            "d" => number * 86_400.0,
            "h" => number * 3_600.0,
            "m" => number * 60.0,
            "s" => number,
            "ms" => number / 1_000.0,
            _ => return None,
        };
        rest = next;
    }
    Duration::try_from_secs_f64(seconds).ok()
}
