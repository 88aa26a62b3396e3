//! Documents into comments: the only place that makes Markdown.
//!
//! Every text of a person, a repository or a model passes through `escape` or `code` here. What is
//! too long is rendered again to a smaller extent, never cut. This module fetches nothing and
//! decides nothing about content.

mod body;
mod code;
mod escape;
mod limit;
mod links;
pub mod marker;
mod messages;
mod notice;
mod outline;
mod page;
mod plan;
mod receipt;
#[cfg(test)]
mod tests;
mod token;

pub use body::CommentBody;
pub use notice::Notice;

use crate::domain::document::{Content, Document, References};
use crate::domain::repository::ForgeKind;
use crate::render::limit::{Extent, MAX_BYTES};
use crate::render::links::Links;
use crate::render::page::Frame;
use crate::render::plan::Planned;

/// Where a comment will stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The forge's Markdown flavour and address forms.
    pub forge: ForgeKind,
    /// Address of the repository's web page, such as `https://github.com/owner/name`, without a
    /// trailing `/`. Empty where there is none: places are then shown without links.
    pub repository_url: String,
    /// The hidden last line by which the comment is found again; empty for none.
    pub marker: String,
}

/// Renders a document as one comment within the forge's limit.
pub fn document(document: &Document, site: &Site) -> CommentBody {
    let room = MAX_BYTES.saturating_sub(site.marker.len() + "\n\n".len());
    let markdown = match &document.content {
        Content::Plan { plan, references } => {
            let planned = Planned::new(plan, *references);
            limit::fit(planned.steps(), room, |extent| {
                planned.render(&frame(document, site, extent, unverified(*references)))
            })
        }
        Content::Outline(content) => limit::fit(0, room, |extent| {
            let frame = frame(document, site, extent, messages::NOT_FOUND);
            outline::render(&frame, content)
        }),
    };
    finish(markdown, site)
}

/// Renders the comment that says why there is no plan.
pub fn notice(notice: &Notice, site: &Site) -> CommentBody {
    finish(notice.render(), site)
}

fn frame<'a>(
    document: &'a Document,
    site: &'a Site,
    extent: Extent,
    unverified: &'static str,
) -> Frame<'a> {
    Frame {
        document,
        site,
        links: Links::new(site, &document.commit, unverified),
        extent,
    }
}

/// What is said of a place that was not found; nothing where nobody looked, because the status
/// line says so for all of them.
fn unverified(references: References) -> &'static str {
    if references.checked {
        messages::NOT_FOUND
    } else {
        ""
    }
}

fn finish(mut markdown: String, site: &Site) -> CommentBody {
    if !site.marker.is_empty() {
        markdown.push('\n');
        markdown.push_str(&site.marker);
        markdown.push('\n');
    }
    CommentBody::new(markdown)
}
