//! What one planning may spend, and what it has spent.
//!
//! It knows no clock and no model: whoever runs the planning tells it what things took.

use std::time::Duration;

use crate::model::Usage;

/// The most that one planning may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Calls to the model.
    pub calls: u32,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Money, in millionths of the prices' currency; `None` for no limit.
    pub cost_micros: Option<u64>,
    /// Time since the beginning.
    pub time: Duration,
}

/// What was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spent {
    /// Calls to the model, answered or not.
    pub calls: u32,
    /// Tokens, as far as answers told them.
    pub usage: Usage,
    /// Money, in millionths, as far as prices are known.
    pub cost_micros: u64,
    /// Time since the beginning.
    pub time: Duration,
}

/// A limit that stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::planner) enum Limit {
    /// [`Allowance::calls`].
    Calls,
    /// [`Allowance::input_tokens`].
    InputTokens,
    /// [`Allowance::output_tokens`].
    OutputTokens,
    /// [`Allowance::cost_micros`].
    Cost,
    /// [`Allowance::time`].
    Time,
}

/// What something would take, as far as it can be told beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::planner) struct Need {
    /// Calls to the model.
    pub(in crate::planner) calls: u32,
    /// Tokens to be sent.
    pub(in crate::planner) input_tokens: u64,
}

impl Need {
    /// One call that sends so many tokens.
    pub(in crate::planner) fn call(input_tokens: u64) -> Self {
        Self {
            calls: 1,
            input_tokens,
        }
    }

    /// Both together.
    pub(in crate::planner) fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
        }
    }
}

/// The account of one planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::planner) struct Budget {
    allowance: Allowance,
    spent: Spent,
}

impl Budget {
    /// An account on which nothing is spent yet.
    pub(in crate::planner) fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            spent: Spent::default(),
        }
    }

    /// What was spent so far.
    pub(in crate::planner) fn spent(&self) -> Spent {
        self.spent
    }

    /// The first limit that `need` would go beyond; `None` when it may be spent. What an answer will
    /// cost is not known beforehand, so tokens received, money and time stop the call after the one
    /// that used them up.
    pub(in crate::planner) fn find_obstacle(&self, need: Need) -> Option<Limit> {
        let (most, spent) = (&self.allowance, &self.spent);
        let sent = spent.usage.input_tokens.saturating_add(need.input_tokens);
        if spent.calls.saturating_add(need.calls) > most.calls {
            Some(Limit::Calls)
        } else if sent > most.input_tokens {
            Some(Limit::InputTokens)
        } else if spent.usage.output_tokens >= most.output_tokens {
            Some(Limit::OutputTokens)
        } else if (most.cost_micros).is_some_and(|limit| spent.cost_micros >= limit) {
            Some(Limit::Cost)
        } else if spent.time >= most.time {
            Some(Limit::Time)
        } else {
            None
        }
    }

    /// Takes one call from the account; it counts whatever comes of it.
    pub(in crate::planner) fn call(&mut self) {
        self.spent.calls = self.spent.calls.saturating_add(1);
    }

    /// Takes from the account what an answer cost.
    pub(in crate::planner) fn charge(&mut self, usage: Usage, cost_micros: u64) {
        self.spent.usage.add(usage);
        self.spent.cost_micros = self.spent.cost_micros.saturating_add(cost_micros);
    }

    /// Tells how much time has passed since the beginning; time never goes back.
    pub(in crate::planner) fn pass(&mut self, time: Duration) {
        self.spent.time = self.spent.time.max(time);
    }
}

#[cfg(test)]
mod tests;
