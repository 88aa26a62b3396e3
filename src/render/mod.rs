//! Documents into comments: the only place that makes Markdown.
//!
//! Every text of a person, a repository or a model passes through `escape` (prose) or `code`;
//! every link is built by `links` from a verified path and the pinned commit. This module fetches
//! nothing and decides nothing about content.

mod age;
mod agent_prompt;
mod background;
mod body;
mod change;
mod code;
mod escape;
mod faults;
mod libraries;
mod limit;
mod links;
pub mod marker;
mod messages;
mod notice;
mod numbers;
mod outline;
mod plan;
mod receipt;
mod revisions;
mod run_summary;
pub mod seal;
mod steps;
#[cfg(test)]
mod tests;
mod token;

pub use body::{Audience, CommentBody};
pub use notice::{Notice, Progress, notice};
pub use run_summary::{RunSummary, run_summary};

use crate::domain::document::{Content, Document};
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

/// Renders a document as one comment within the forge's limit. The same document and site give
/// the same bytes.
pub fn document(document: &Document, site: &Site) -> CommentBody {
    page(document, site).into_body(&site.marker)
}

/// The same below a notice, which is about something else.
pub fn document_below(notice: &Notice, document: &Document, site: &Site) -> CommentBody {
    let mut page = page(document, site);
    page.put_before(&notice::section(notice, site));
    page.into_body(&site.marker)
}

fn page(document: &Document, site: &Site) -> limit::Page {
    let mut page = match &document.content {
        Content::Plan { plan, references } => plan::page(document, plan, *references, site),
        Content::Outline(outline) => outline::page(document, outline, site),
    };
    let own = &document.receipt.own_settings;
    if own.is_news && !own.faults.is_empty() {
        page.put_before(&faults::section(&own.faults));
    }
    let words = messages::words(document.language.as_ref());
    page.add(receipt::section(&document.receipt, words));
    page
}
