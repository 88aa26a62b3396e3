//! The type of text that may be posted.

use crate::render::seal::{self, Purpose};

/// Markdown that is safe to post: only this module's renderers build it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentBody(String);

/// Who could read what a body was made from, when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, or nobody knows.
    Everyone,
    /// Only some.
    Few,
}

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
    pub fn seal(&self, key: &[u8; 32], audience: Audience) -> String {
        seal::seal(key, Purpose::Body(audience), &self.0)
    }

    /// The body that was sealed with `key`, and for whom it was made; `None` for anything else.
    pub fn restore(key: &[u8; 32], sealed: &str) -> Option<(Self, Audience)> {
        let mut audiences = [Audience::Everyone, Audience::Few].into_iter();
        audiences.find_map(|audience| {
            let markdown = seal::open(key, Purpose::Body(audience), sealed)?;
            Some((Self(markdown.to_owned()), audience))
        })
    }
}
