//! How much is looked up for one plan, so that a hostile one ends as soon as an honest one.

use std::cell::Cell;

/// Searches through the whole repository; honest plans need a dozen.
const SEARCHES: u32 = 150;

/// Places, reuses and side effects that are looked up; honest plans have two hundred.
const CLAIMS: u32 = 1_500;

/// What is left to be spent on one plan.
#[derive(Debug)]
pub(super) struct Allowance {
    searches: Cell<u32>,
    claims: Cell<u32>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            searches: Cell::new(SEARCHES),
            claims: Cell::new(CLAIMS),
        }
    }
}

impl Allowance {
    /// Takes one search; `false` when none is left.
    pub(super) fn take_search(&self) -> bool {
        take(&self.searches)
    }

    /// Takes one claim; `false` when none is left.
    pub(super) fn take_claim(&self) -> bool {
        take(&self.claims)
    }

    /// Which of both were used up, in words.
    pub(super) fn exhausted(&self) -> Vec<String> {
        let mut exhausted = Vec::new();
        if self.claims.get() == 0 {
            exhausted.push(format!(
                "makes more than {CLAIMS} claims; the rest was not looked up and counts as unverified"
            ));
        }
        if self.searches.get() == 0 {
            exhausted.push(format!(
                "needed more than {SEARCHES} searches; behind them nothing was looked for that could be meant"
            ));
        }
        exhausted
    }
}

fn take(left: &Cell<u32>) -> bool {
    match left.get().checked_sub(1) {
        Some(rest) => {
            left.set(rest);
            true
        }
        None => false,
    }
}
