//! What may be in a comment, judged by Markdown parsers and not by the renderer.

use std::sync::LazyLock;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use regex::RegexSet;

use super::gfm;
use super::sample::SHA;
use crate::domain::repository::ForgeKind;
use crate::render::Site;
use crate::text::clean::clean;

/// What forges, browsers and mail programs act on in rendered text.
static ACTIVE: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new([
        r"@",
        r"\u{ff20}",
        r"#\d",
        r"![0-9\[]",
        r"&\w",
        r"~\S",
        r"%\w",
        r"\$",
        r"(?i)\bG[HL]-\d",
        r"[A-Z]{2,}-\d",
        r"\b[0-9a-fA-F]{7,64}\b",
        r"://|//",
        r"(?i)www\.",
        r"(?i)\b[a-z][a-z0-9+.-]*:[\w/]",
        r"::\S",
        r"\[\w+:\w",
        r"\[\^",
        r"(?:^|\s)/\w",
        r"<!--|-->",
        r"\{[+-]|\[[+-]",
    ])
    .unwrap()
});

/// Everything wrong with a comment, in words; empty when it is harmless.
pub(super) fn judge(body: &str, site: &Site, headings: &[&str]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut seen = Seen::default();
    for event in Parser::new_ext(body, gfm()) {
        seen.take(event);
    }
    let links = seen.links.iter().filter(|link| !is_ours(link, site));
    findings.extend(links.map(|link| format!("link: {link}")));
    findings.append(&mut seen.findings);
    for text in &seen.texts {
        if ACTIVE.is_match(text) {
            findings.push(format!("active text: {text}"));
        }
    }
    let mut allowed = headings.iter();
    if !seen
        .headings
        .iter()
        .all(|heading| allowed.any(|other| other == heading))
    {
        findings.push(format!("headings: {:?}", seen.headings));
    }
    if seen.details != 0 {
        findings.push("details are not balanced".to_owned());
    }
    findings.extend(judge_lines(body, site.forge));
    findings.extend(gfm::judge(body, site, headings));
    findings
}

fn gfm() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH
}

/// What a parser found.
#[derive(Default)]
struct Seen {
    links: Vec<String>,
    headings: Vec<String>,
    /// Texts outside of code, each as it is rendered: neighbours are joined.
    texts: Vec<String>,
    findings: Vec<String>,
    details: i32,
    in_heading: bool,
    in_code: bool,
}

impl Seen {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.findings.push(format!("image: {dest_url}"));
            }
            Event::Start(Tag::Link {
                dest_url, title, ..
            }) => {
                self.links.push(dest_url.into_string());
                if !title.is_empty() {
                    self.findings.push(format!("link title: {title}"));
                }
            }
            Event::Start(Tag::Heading { level, .. }) => {
                self.in_heading = true;
                let marks = if level == HeadingLevel::H2 {
                    "##"
                } else {
                    "###"
                };
                self.headings.push(format!("{marks} "));
            }
            Event::End(TagEnd::Heading(_)) => self.in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
            Event::End(TagEnd::CodeBlock) => self.in_code = false,
            Event::Text(text) if !self.in_code => self.text(&text),
            Event::Code(_) => self.texts.push(String::new()),
            Event::Html(html) | Event::InlineHtml(html) => self.html(html.trim()),
            Event::Start(Tag::Table(_) | Tag::FootnoteDefinition(_))
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Start(Tag::Strikethrough)
            | Event::HardBreak
            | Event::Rule => self.findings.push(format!("construct: {event:?}")),
            Event::SoftBreak | Event::Start(_) | Event::End(_) => self.texts.push(String::new()),
            Event::Text(_) => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_heading
            && let Some(heading) = self.headings.last_mut()
        {
            heading.push_str(text);
        }
        match self.texts.last_mut() {
            Some(last) => last.push_str(text),
            None => self.texts.push(text.to_owned()),
        }
    }

    fn html(&mut self, html: &str) {
        let own_summary = html.starts_with("<summary>")
            && html.ends_with("</summary>")
            && html.matches('<').count() == 2;
        match html {
            "<details>" => self.details += 1,
            "</details>" => self.details -= 1,
            _ if own_summary => {}
            _ => self.findings.push(format!("html: {html}")),
        }
    }
}

pub(super) fn is_ours(link: &str, site: &Site) -> bool {
    let pages = match site.forge {
        ForgeKind::GitHub => "",
        ForgeKind::GitLab => "/-",
    };
    let base = format!("{}{pages}", site.repository_url);
    link == format!("{base}/commit/{SHA}")
        || link.starts_with(&format!("{base}/blob/{SHA}/"))
        || is_review(link, &base)
}

/// Whether it leads to a conversation of reviewers: nothing but numbers in it is not ours.
fn is_review(link: &str, base: &str) -> bool {
    let rest = link.strip_prefix(base);
    let github = rest.and_then(|rest| rest.strip_prefix("/pull/")?.split_once("#discussion_r"));
    let gitlab = rest.and_then(|rest| rest.strip_prefix("/merge_requests/")?.split_once("#note_"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let found = github.or(gitlab);
    found.is_some_and(|(request, comment)| is_number(request) && is_number(comment))
}

/// Rules that hold for physical lines, whatever a parser makes of them.
fn judge_lines(body: &str, forge: ForgeKind) -> Vec<String> {
    let mut findings = Vec::new();
    let mut fence: Option<usize> = None;
    for line in body.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(open) if ticks >= open && ticks == line.len() => fence = None,
            _ => {}
        }
        let command = match (fence, line.strip_prefix('/')) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(_), Some(rest)) => {
                forge == ForgeKind::GitLab && rest.starts_with(char::is_alphabetic)
            }
        };
        if command {
            findings.push(format!("command: {line}"));
        }
        if forge == ForgeKind::GitLab && ticks > 3 {
            findings.push(format!("long fence: {line}"));
        }
    }
    if fence.is_some() {
        findings.push("a fence is left open".to_owned());
    }
    if clean(body) != body {
        findings.push("invisible characters or foreign newlines".to_owned());
    }
    findings
}
