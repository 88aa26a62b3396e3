//! Documents into comments: the only place that makes Markdown.
//!
//! Every text of a person, a repository or a model passes through one escaping function here.
//! This module fetches nothing and decides nothing about content.

mod body;

pub use body::CommentBody;

use crate::domain::document::Document;
use crate::domain::repository::ForgeKind;

/// Where a comment will stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The forge's Markdown flavour and address forms.
    pub forge: ForgeKind,
    /// Address of the repository's web page, such as `https://github.com/owner/name`, without a
    /// trailing `/`.
    pub repository_url: String,
    /// The hidden last line by which the comment is found again; empty for none.
    pub marker: String,
}

/// Renders a document as one comment within the forge's limit.
pub fn document(_document: &Document, site: &Site) -> CommentBody {
    CommentBody::new(site.marker.clone())
}
