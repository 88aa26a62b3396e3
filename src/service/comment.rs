//! From a document to a comment: the one place where secrets are taken out and Markdown is made.

use crate::domain::document::Document;
use crate::redact::{Redactor, Tally};
use crate::render::{self, CommentBody, Site};

/// The comment that `document` becomes at `site`, without secrets in any field.
pub fn render(mut document: Document, redactor: &Redactor, site: &Site) -> CommentBody {
    redactor.redact_document(&mut document, Tally::default());
    render::document(&document, site)
}
