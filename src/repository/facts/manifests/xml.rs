//! As much of XML as manifests need: elements, attributes and text, in one pass.
//!
//! Entities are not expanded, nothing outside the text is looked at, and depth costs nothing.

/// What comes next in an XML text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins: its name without prefix, its attributes as written, whether it ends at once.
    Open(&'a str, &'a str, bool),
    /// Text between tags, trimmed and not empty.
    Text(&'a str),
    /// An element ends.
    Close(&'a str),
}

/// The events of `text`, as far as it is XML.
pub(super) fn events(text: &str) -> Events<'_> {
    Events { rest: text }
}

/// See [`events`].
pub(super) struct Events<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Events<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            let Some(tag) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<')?;
                let (text, rest) = self.rest.split_at_checked(end)?;
                self.rest = rest;
                match text.trim() {
                    "" => continue,
                    text => return Some(Event::Text(text)),
                }
            };
            let passed_over = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>"), ("!", ">")];
            let special = passed_over.iter().find(|(start, _)| tag.starts_with(start));
            if let Some((_, end)) = special {
                self.rest = tag.split_once(end)?.1;
                continue;
            }
            let (tag, rest) = tag.split_once('>')?;
            self.rest = rest;
            return Some(event(tag));
        }
    }
}

fn event(tag: &str) -> Event<'_> {
    if let Some(name) = tag.strip_prefix('/') {
        return Event::Close(local(name.trim()));
    }
    let (tag, ended) = match tag.strip_suffix('/') {
        Some(tag) => (tag, true),
        None => (tag, false),
    };
    match tag.split_once(char::is_whitespace) {
        Some((name, attributes)) => Event::Open(local(name), attributes, ended),
        None => Event::Open(local(tag), "", ended),
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The value of the attribute `name`.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        let (key, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let mark = behind.get(..1).filter(|mark| matches!(*mark, "\"" | "'"))?;
        let (value, after) = behind.get(1..)?.split_once(mark)?;
        if key.trim() == name {
            return Some(value.trim());
        }
        rest = after;
    }
}
