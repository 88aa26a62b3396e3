//! OpenAI's Chat Completions, as spoken by OpenAI, Azure and many servers beside them.

pub(in crate::model) mod answer;
mod question;

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};

use crate::model::ModelError;
use crate::model::chat::answer::Gathering;
pub(in crate::model) use crate::model::chat::question::cache_key;
use crate::model::chat::question::request;
use crate::model::failure::Asked;
use crate::model::open::Place;
use crate::model::wire::{Ask, Assembly, Optional, Prepared, Wire, endpoint};

/// The parameter for the limit that current models take; older servers know another name.
pub(super) const LIMIT: &str = "max_completion_tokens";

/// The count of tokens at the end of a stream.
pub(super) const COUNT: &str = "stream_options";

/// Which questions share a beginning.
pub(in crate::model) const CACHE_KEY: &str = "prompt_cache_key";

/// How hard to think.
pub(super) const EFFORT: &str = "reasoning_effort";

/// An answer in pieces, which some accounts may not ask for.
pub(in crate::model) const STREAM: &str = "stream";

/// Words by which a refusal to stream is known.
pub(in crate::model) const STREAM_REFUSALS: &[&str] = &[
    "to stream",
    "streaming is not",
    "streaming not",
    "not support stream",
];

/// A model behind Chat Completions.
pub(in crate::model) struct Chat {
    place: Arc<Place>,
}

impl Chat {
    /// Speaks to the API whose base address ends where `/chat/completions` begins.
    pub(in crate::model) fn new(place: Arc<Place>) -> Self {
        Self { place }
    }
}

impl Wire for Chat {
    fn kind(&self) -> &'static str {
        "chat"
    }

    fn prepare(&self, ask: &Ask<'_>) -> Result<Prepared, ModelError> {
        let url = endpoint(
            &self.place.base,
            &["chat", "completions"],
            &version(&self.place),
        )?;
        Prepared::json(url, headers(&self.place), &request(ask)?)
    }

    fn assembly(&self, asked: Asked) -> Box<dyn Assembly> {
        Box::new(Gathering::new(asked))
    }

    fn optional(&self) -> &'static [Optional] {
        &[
            Optional {
                name: LIMIT,
                refusals: &[LIMIT],
            },
            Optional {
                name: COUNT,
                refusals: &[COUNT],
            },
            Optional {
                name: CACHE_KEY,
                refusals: &[CACHE_KEY],
            },
            Optional {
                name: EFFORT,
                refusals: &[EFFORT],
            },
            Optional {
                name: STREAM,
                refusals: STREAM_REFUSALS,
            },
        ]
    }
}

/// The key, in the header that the place wants it in.
pub(in crate::model) fn headers(place: &Place) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let (name, value) = match place.is_azure {
        true => (HeaderName::from_static("api-key"), &place.key),
        false => (AUTHORIZATION, &place.bearer),
    };
    if let Some(value) = value {
        headers.insert(name, value.clone());
    }
    headers
}

/// Azure's version of the API.
pub(in crate::model) fn version(place: &Place) -> Vec<(&str, &str)> {
    let version = place.api_version.as_deref();
    version
        .map(|version| ("api-version", version))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests;
