//! OpenAI's Responses, as spoken by OpenAI, Azure and gateways to them.

pub(in crate::model) mod answer;
mod question;

use std::sync::Arc;

use crate::model::ModelError;
use crate::model::chat::{CACHE_KEY, STREAM, STREAM_REFUSALS, headers, version};
use crate::model::failure::Asked;
use crate::model::open::Place;
use crate::model::responses::answer::Gathering;
use crate::model::responses::question::request;
use crate::model::wire::{Ask, Assembly, Optional, Prepared, Wire, endpoint};

/// Thoughts that only the provider can read, which models that do not think refuse to give.
pub(super) const THOUGHTS: &str = "reasoning.encrypted_content";

/// How hard to think.
pub(super) const EFFORT: &str = "reasoning.effort";

/// A model behind Responses.
pub(in crate::model) struct Responses {
    place: Arc<Place>,
}

impl Responses {
    /// Speaks to the API whose base address ends where `/responses` begins.
    pub(in crate::model) fn new(place: Arc<Place>) -> Self {
        Self { place }
    }
}

impl Wire for Responses {
    fn kind(&self) -> &'static str {
        "responses"
    }

    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError> {
        let url = endpoint(&self.place.base, &["responses"], &version(&self.place))?;
        Prepared::json(url, headers(&self.place), &request(ask)?)
    }

    fn assembly(&self, asked: Asked) -> Box<dyn Assembly> {
        Box::new(Gathering::new(asked))
    }

    fn optional(&self) -> &'static [Optional] {
        &[
            Optional {
                name: THOUGHTS,
                refusals: &["encrypted"],
            },
            Optional {
                name: CACHE_KEY,
                refusals: &[CACHE_KEY],
            },
            Optional {
                name: EFFORT,
                refusals: &["reasoning.effort", "reasoning_effort"],
            },
            Optional {
                name: STREAM,
                refusals: STREAM_REFUSALS,
            },
        ]
    }
}

#[cfg(test)]
mod tests;
