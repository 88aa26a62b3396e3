//! Ollama's own chat, which unlike its OpenAI-compatible one takes the size of the context window.

pub(in crate::model) mod answer;
mod question;

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use crate::model::ModelError;
use crate::model::failure::Asked;
use crate::model::ollama::answer::Gathering;
use crate::model::ollama::question::request;
use crate::model::open::Place;
use crate::model::wire::{Ask, Assembly, Optional, Prepared, Wire, endpoint};

/// How hard to think.
pub(super) const EFFORT: &str = "think";

/// A model behind Ollama.
pub(in crate::model) struct Ollama {
    place: Arc<Place>,
}

impl Ollama {
    /// Speaks to the API whose base address ends where `/api` begins.
    pub(in crate::model) fn new(place: Arc<Place>) -> Self {
        Self { place }
    }

    fn headers(&self) -> HeaderMap {
        let key = self.place.bearer.clone();
        key.map(|key| (AUTHORIZATION, key)).into_iter().collect()
    }
}

impl Wire for Ollama {
    fn kind(&self) -> &'static str {
        "ollama"
    }

    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError> {
        let url = endpoint(&self.place.base, &["api", "chat"], &[])?;
        Prepared::json(url, self.headers(), &request(ask)?)
    }

    fn assembly(&self, asked: Asked) -> Box<dyn Assembly> {
        Box::new(Gathering::new(asked))
    }

    fn optional(&self) -> &'static [Optional] {
        &[Optional {
            name: EFFORT,
            refusals: &["does not support thinking", "think value"],
        }]
    }

    fn inquiry(&self) -> Option<Prepared> {
        let url = endpoint(&self.place.base, &["api", "show"], &[]).ok()?;
        Prepared::json(url, self.headers(), &json!({"model": self.place.model})).ok()
    }

    /// The field's name begins with the model's architecture.
    fn read_window(&self, answer: &Value) -> Option<u32> {
        let facts = answer.get("model_info")?.as_object()?;
        let window = facts
            .iter()
            .find(|(name, _)| name.ends_with(".context_length"))?;
        u32::try_from(window.1.as_u64()?)
            .ok()
            .filter(|window| *window > 0)
    }
}

#[cfg(test)]
mod tests;
