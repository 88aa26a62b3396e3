//! Anthropic's Messages, as spoken by Anthropic and by gateways to it.

pub(in crate::model) mod answer;
mod question;

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::model::ModelError;
use crate::model::anthropic::answer::Gathering;
use crate::model::anthropic::question::request;
use crate::model::failure::Asked;
use crate::model::open::Place;
use crate::model::wire::{Ask, Assembly, Optional, Prepared, Wire, endpoint};

/// The version of the wire format.
const VERSION: &str = "2023-06-01";

/// Marks of what may be kept, which gateways to other models may not know.
pub(super) const CACHE: &str = "cache_control";

/// A model behind Messages.
pub(in crate::model) struct Anthropic {
    place: Arc<Place>,
}

impl Anthropic {
    /// Speaks to the API whose base address ends where `/v1/messages` begins.
    pub(in crate::model) fn new(place: Arc<Place>) -> Self {
        Self { place }
    }
}

impl Wire for Anthropic {
    fn kind(&self) -> &'static str {
        "anthropic"
    }

    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = &self.place.key {
            headers.insert(HeaderName::from_static("x-api-key"), key.clone());
        }
        headers.insert(
            HeaderName::from_static("anthropic-version"),
            HeaderValue::from_static(VERSION),
        );
        let url = endpoint(&self.place.base, &["v1", "messages"], &[])?;
        Prepared::json(url, headers, &request(ask)?)
    }

    fn assembly(&self, asked: Asked) -> Box<dyn Assembly> {
        Box::new(Gathering::new(asked))
    }

    fn optional(&self) -> &'static [Optional] {
        &[Optional {
            name: CACHE,
            refusals: &["cache_control"],
        }]
    }
}

#[cfg(test)]
mod tests;
