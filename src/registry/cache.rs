//! What was learned today, so that a repaired plan or the next one asks nothing twice.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::registry::{Lookup, Proposal};

/// Seconds that an answer is good for: a package changes by the day, not by the minute.
const LIFE_SECONDS: u64 = 24 * 60 * 60;

/// Most answers kept, of about a kilobyte each.
const ENTRIES: usize = 1_000;

/// Answers with the second in which they came.
#[derive(Debug, Default)]
pub(super) struct Cache(Mutex<HashMap<Proposal, (u64, Lookup)>>);

impl Cache {
    /// The answer for `proposal`, if it is not too old at `now`.
    pub(super) fn find(&self, proposal: &Proposal, now: u64) -> Option<Lookup> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, lookup) = kept.get(proposal)?;
        is_fresh(*since, now).then(|| lookup.clone())
    }

    /// Keeps an answer; failures are not kept, so that they are tried again.
    pub(super) fn keep(&self, proposal: &Proposal, lookup: &Lookup, now: u64) {
        if matches!(lookup, Lookup::Unknown(_)) {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ENTRIES {
            kept.retain(|_, (since, _)| is_fresh(*since, now));
        }
        if kept.len() >= ENTRIES {
            kept.clear();
        }
        kept.insert(proposal.clone(), (now, lookup.clone()));
    }
}

/// A clock that was put back makes nothing live longer.
fn is_fresh(since: u64, now: u64) -> bool {
    since <= now && now - since < LIFE_SECONDS
}
