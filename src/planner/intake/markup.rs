//! Markdown without what only a page shows: pictures become their descriptions, folded parts are
//! unfolded, raw HTML leaves its text, and letters written as entities become letters.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// The Markdown that forges read.
const GFM: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// Longest description of a picture, in characters.
const MAX_DESCRIPTION: usize = 120;

/// Attributes by which text can be there and yet not be seen.
const DISGUISES: [&str; 4] = ["style", "hidden", "color", "bgcolor"];

/// A text as it is spoken, and how much of it was made to look like something else.
#[derive(Debug, PartialEq, Eq, Default)]
pub(super) struct Spoken {
    pub(super) text: String,
    /// Elements that say how they look: what stands in them is kept, and may not be seen on the page.
    pub(super) disguised: usize,
}

/// What stands in a text instead of a part of it.
struct Replacement {
    range: Range<usize>,
    text: String,
}

/// What a reader of the page could read in `text`. Code stays as it is.
pub(super) fn spoken(text: &str) -> Spoken {
    if !text.contains(['<', '&', '!']) {
        return Spoken {
            text: text.to_owned(),
            disguised: 0,
        };
    }
    let mut disguised = 0;
    let mut replacements = Vec::new();
    let mut picture: Option<(Range<usize>, String)> = None;
    for (event, range) in Parser::new_ext(text, GFM).into_offset_iter() {
        match (event, &mut picture) {
            (Event::Start(Tag::Image { .. }), None) => picture = Some((range, String::new())),
            (Event::End(TagEnd::Image), Some(_)) => {
                if let Some((range, description)) = picture.take() {
                    let text = describe(&description);
                    replacements.push(Replacement { range, text });
                }
            }
            (Event::Text(part) | Event::Code(part), Some((_, description))) => {
                description.push_str(&part);
            }
            (Event::SoftBreak | Event::HardBreak, Some((_, description))) => description.push(' '),
            (_, Some(_)) => {}
            (Event::Html(_) | Event::InlineHtml(_), None) => {
                let source = text.get(range.clone()).unwrap_or_default();
                let text = without_tags(source, &mut disguised);
                replacements.push(Replacement { range, text });
            }
            (Event::Text(part), None) => {
                let source = text.get(range.clone()).unwrap_or_default();
                if source.starts_with('&') && *part != *source {
                    let text = part.into_string();
                    replacements.push(Replacement { range, text });
                }
            }
            _ => {}
        }
    }
    Spoken {
        text: replace(text, replacements),
        disguised,
    }
}

fn replace(text: &str, mut replacements: Vec<Replacement>) -> String {
    replacements.sort_by_key(|replacement| replacement.range.start);
    let mut whole = String::with_capacity(text.len());
    let mut from = 0;
    for Replacement { range, text: by } in replacements {
        if range.start < from {
            continue;
        }
        whole.push_str(text.get(from..range.start).unwrap_or_default());
        whole.push_str(&by);
        from = range.end;
    }
    whole.push_str(text.get(from..).unwrap_or_default());
    whole
}

fn describe(description: &str) -> String {
    let words = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let words: String = words.chars().take(MAX_DESCRIPTION).collect();
    match words.as_str() {
        "" => "[picture]".to_owned(),
        words => format!("[picture: {words}]"),
    }
}

/// HTML without its tags: pictures leave their descriptions, folded parts a word that they were folded.
fn without_tags(html: &str, disguised: &mut usize) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        kept.push_str(before);
        let Some((tag, behind)) = after.split_once('>') else {
            rest = "";
            break;
        };
        let lower = tag.to_ascii_lowercase();
        let name: String = lower
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect();
        match name.as_str() {
            "img" => kept.push_str(&describe(&attribute(tag, "alt"))),
            "details" => kept.push_str("[folded on the page:] "),
            "/details" => kept.push_str(" [end of the folded part]"),
            "br" | "/p" | "/li" | "/tr" | "/summary" | "/div" => kept.push('\n'),
            _ => {}
        }
        *disguised += usize::from(is_disguise(&lower));
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

fn is_disguise(lower: &str) -> bool {
    let mut words = lower.split(|c: char| c.is_whitespace() || c == '=');
    words.next();
    words.any(|word| DISGUISES.contains(&word))
}

/// The value of an attribute; empty when there is none.
fn attribute(tag: &str, name: &str) -> String {
    let lower = tag.to_ascii_lowercase();
    let Some(start) = lower.find(&format!("{name}=")) else {
        return String::new();
    };
    let value = tag.get(start + name.len() + 1..).unwrap_or_default();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.split(quote).nth(1),
        _ => value.split_whitespace().next(),
    };
    value.unwrap_or_default().to_owned()
}
