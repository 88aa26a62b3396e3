//! Markdown to HTML, as harmless as GitHub's: no raw HTML but a handful of exact tags, no images,
//! no links to anything but web pages.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

/// Raw tags that may stay, exactly as written here behind their `<`.
const ALLOWED_TAGS: [&str; 8] = [
    "details>",
    "details open>",
    "/details>",
    "summary>",
    "/summary>",
    "br>",
    "sub>",
    "/sub>",
];

/// Longest name of a character reference, such as `&CounterClockwiseContourIntegral;`.
const LONGEST_REFERENCE: usize = 33;

/// The HTML of a text of a person or the bot.
pub(crate) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let events = Harmless {
        events: Parser::new_ext(markdown, options),
        block: None,
    };
    let mut output = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut output, events);
    output
}

/// Passes events on and makes them harmless.
struct Harmless<I> {
    events: I,
    /// The raw block at hand, which is judged as a whole, because comments run over lines.
    block: Option<String>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Harmless<I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            match self.events.next()? {
                Event::Start(Tag::HtmlBlock) => self.block = Some(String::new()),
                Event::Html(text) => match &mut self.block {
                    Some(block) => block.push_str(&text),
                    None => return Some(Event::Html(filter(&text).into())),
                },
                Event::End(TagEnd::HtmlBlock) => {
                    let block = self.block.take().unwrap_or_default();
                    return Some(Event::Html(filter(&block).into()));
                }
                Event::InlineHtml(text) => return Some(Event::InlineHtml(filter(&text).into())),
                // Of a picture, its description stays.
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => {
                    let fine = link_type == LinkType::Email || is_web_address(&dest_url);
                    return Some(Event::Start(Tag::Link {
                        link_type,
                        dest_url: if fine { dest_url } else { "#".into() },
                        title,
                        id,
                    }));
                }
                event => return Some(event),
            }
        }
    }
}

fn is_web_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let absolute = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme));
    absolute || lower.starts_with('#') || (lower.starts_with('/') && !lower.starts_with("//"))
}

/// Raw HTML with all but the allowed tags turned into text, and comments dropped.
fn filter(html: &str) -> String {
    let mut output = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        push_text(&mut output, before);
        let tag = ALLOWED_TAGS.iter().find(|tag| after.starts_with(**tag));
        rest = if let Some(comment) = after.strip_prefix("!--") {
            comment.split_once("-->").map_or("", |(_, rest)| rest)
        } else if let Some(tag) = tag {
            output.push('<');
            output.push_str(tag);
            after.strip_prefix(tag).unwrap_or_default()
        } else {
            output.push_str("&lt;");
            after
        };
    }
    push_text(&mut output, rest);
    output
}

/// Escapes text that stood between raw tags; character references in it stay what they are.
fn push_text(output: &mut String, text: &str) {
    for (position, part) in text.split('&').enumerate() {
        if position > 0 {
            output.push_str(if is_reference(part) { "&" } else { "&amp;" });
        }
        for letter in part.chars() {
            match letter {
                '>' => output.push_str("&gt;"),
                '"' => output.push_str("&quot;"),
                letter => output.push(letter),
            }
        }
    }
}

/// Whether `text` goes on as a character reference does behind its `&`.
fn is_reference(text: &str) -> bool {
    text.split_once(';').is_some_and(|(name, _)| {
        let name = name.strip_prefix('#').unwrap_or(name);
        (1..=LONGEST_REFERENCE).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
