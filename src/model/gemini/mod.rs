//! Gemini's `generateContent`, as spoken by Google.

pub(in crate::model) mod answer;
mod question;

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName};

use crate::model::ModelError;
use crate::model::failure::Asked;
use crate::model::gemini::answer::Gathering;
use crate::model::gemini::question::request;
use crate::model::open::Place;
use crate::model::wire::{Ask, Assembly, Optional, Prepared, Wire, endpoint};

/// The version of the API that has JSON schemas.
const VERSION: &str = "v1beta";

/// How hard to think.
pub(super) const EFFORT: &str = "thinkingConfig";

/// A model behind `generateContent`.
pub(in crate::model) struct Gemini {
    place: Arc<Place>,
}

impl Gemini {
    /// Speaks to the API whose base address ends where `/v1beta` begins.
    pub(in crate::model) fn new(place: Arc<Place>) -> Self {
        Self { place }
    }
}

impl Wire for Gemini {
    fn kind(&self) -> &'static str {
        "gemini"
    }

    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = &self.place.key {
            headers.insert(HeaderName::from_static("x-goog-api-key"), key.clone());
        }
        // Names are written with and without the collection that they are in.
        let (collection, name) = ask.model.split_once('/').unwrap_or(("models", ask.model));
        let method = format!("{name}:streamGenerateContent");
        let path = [VERSION, collection, &method];
        let url = endpoint(&self.place.base, &path, &[("alt", "sse")])?;
        Prepared::json(url, headers, &request(ask)?)
    }

    fn assembly(&self, asked: Asked) -> Box<dyn Assembly> {
        Box::new(Gathering::new(asked))
    }

    fn optional(&self) -> &'static [Optional] {
        &[Optional {
            name: EFFORT,
            refusals: &[
                "thinking level",
                "thinking_level",
                "thinkinglevel",
                "thinkingconfig",
            ],
        }]
    }
}

#[cfg(test)]
mod tests;
