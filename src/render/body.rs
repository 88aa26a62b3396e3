//! The type of text that may be posted.

use crate::render::seal::{self, Purpose};

/// Markdown that is safe to post: only this module's renderers build it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentBody(String);

impl CommentBody {
    /// Takes Markdown that a renderer of this module has built.
    pub(in crate::render) fn new(markdown: String) -> Self {
        Self(markdown)
    }

    /// The Markdown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The body in a form that can be saved and that [`Self::restore`] takes back.
    pub fn seal(&self, key: &[u8; 32]) -> String {
        seal::seal(key, Purpose::Body, &self.0)
    }

    /// The body that was sealed with `key`; `None` for anything else.
    pub fn restore(key: &[u8; 32], sealed: &str) -> Option<Self> {
        seal::open(key, Purpose::Body, sealed).map(|markdown| Self(markdown.to_owned()))
    }
}
