//! The type of text that may be posted.

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
}
