//! The same judgement by a second parser, a port of the one that GitHub and GitLab use, with the
//! extensions that they switch on.

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

use super::oracle::is_ours;
use crate::domain::repository::ForgeKind;
use crate::render::Site;

fn options(forge: ForgeKind) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = true;
    extension.math_dollars = true;
    extension.math_code = true;
    if forge == ForgeKind::GitLab {
        extension.multiline_block_quotes = true;
        extension.description_lists = true;
        extension.wikilinks_title_after_pipe = true;
    }
    options
}

/// Everything in a comment that should not be there, in words.
pub(super) fn judge(body: &str, site: &Site, headings: &[&str]) -> Vec<String> {
    let arena = Arena::new();
    let document = parse_document(&arena, body, &options(site.forge));
    let mut findings = Vec::new();
    let mut found = Vec::new();
    for node in document.descendants() {
        match &node.data.borrow().value {
            NodeValue::Link(link) if is_ours(&link.url, site) && link.title.is_empty() => {}
            NodeValue::HtmlBlock(block) if is_fold(&block.literal) => {}
            NodeValue::Heading(heading) => {
                let marks = "#".repeat(heading.level.into());
                let texts = node.descendants().filter_map(|inner| {
                    let value = &inner.data.borrow().value;
                    value.text().map(ToOwned::to_owned)
                });
                found.push(format!("{marks} {}", texts.collect::<String>()));
                if heading.setext {
                    findings.push("an underlined heading".to_owned());
                }
            }
            NodeValue::CodeBlock(block) if block.fenced => {}
            NodeValue::Document
            | NodeValue::BlockQuote
            | NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::Paragraph
            | NodeValue::Text(_)
            | NodeValue::SoftBreak
            | NodeValue::Code(_)
            | NodeValue::Emph
            | NodeValue::Strong => {}
            other => findings.push(format!("{other:?}")),
        }
    }
    let mut allowed = headings.iter();
    if !found
        .iter()
        .all(|heading| allowed.any(|one| one == heading))
    {
        findings.push(format!("headings: {found:?}"));
    }
    findings
}

/// Whether a block of HTML is the beginning or the end of what the renderer folds.
fn is_fold(html: &str) -> bool {
    html.lines().all(|line| {
        let own_summary = line.starts_with("<summary>")
            && line.ends_with("</summary>")
            && line.matches('<').count() == 2;
        own_summary || matches!(line, "<details>" | "</details>")
    })
}
