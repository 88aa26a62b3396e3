//! What a call costs, by the prices of the configuration.

use std::fmt;

use crate::config::ModelSettings;
use crate::model::Usage;

/// Tokens that a price is for.
const PRICED_TOKENS: u128 = 1_000_000;

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost {
    /// Millionths of the currency's unit, rounded up.
    pub micros: u64,
    /// The currency as configured, such as `USD`.
    pub currency: String,
}

impl fmt::Display for Cost {
    /// Such as `0.0423 USD`: four digits, because most calls cost less than a hundredth.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.micros.div_ceil(100);
        let (whole, part) = (hundredths / 10_000, hundredths % 10_000);
        write!(out, "{whole}.{part:04} {}", self.currency)
    }
}

/// Prices for a million tokens, in millionths of a currency's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Price {
    input: u64,
    cached: u64,
    output: u64,
    currency: String,
}

impl Price {
    /// The configured prices; `None` where none are. Kept tokens without a price of their own cost
    /// as much as others.
    pub(super) fn of(settings: &ModelSettings) -> Option<Self> {
        let input = settings.price_input?;
        Some(Self {
            input,
            cached: settings.price_cached.unwrap_or(input),
            output: settings.price_output?,
            currency: settings.price_currency.clone(),
        })
    }

    /// What `usage` costs.
    pub(super) fn cost(&self, usage: Usage) -> Cost {
        let cached = usage.cached_tokens.min(usage.input_tokens);
        let parts = [
            (usage.input_tokens - cached, self.input),
            (cached, self.cached),
            (usage.output_tokens, self.output),
        ];
        let sum: u128 = (parts.into_iter())
            .map(|(tokens, price)| u128::from(tokens) * u128::from(price))
            .sum();
        Cost {
            micros: u64::try_from(sum.div_ceil(PRICED_TOKENS)).unwrap_or(u64::MAX),
            currency: self.currency.clone(),
        }
    }
}
