//! The folded details: for each step what is done to which file, where, and why.

use crate::domain::plan::{Anchor, Change, Interface, Operation};
use crate::render::messages;
use crate::render::page::{Frame, Page, join, labelled};
use crate::render::plan::summary::{bold, effect_item};
use crate::render::plan::{Part, Planned};

impl Planned<'_> {
    pub(super) fn details(&self, frame: &Frame<'_>) -> String {
        let mut page = frame.page();
        for part in self.parts.iter().take(frame.extent.detailed_steps) {
            page.append(&part_details(frame, part));
        }
        page.into_markdown()
    }
}

fn part_details(frame: &Frame<'_>, part: &Part<'_>) -> String {
    let mut page = frame.page();
    let id = frame.text(part.id);
    page.paragraph(&bold(&join(&[&id, &frame.text(part.title)], " · ")));
    page.paragraph(&frame.text(part.detail));
    for change in &part.changes {
        change_details(&mut page, frame, change);
    }
    page.into_markdown()
}

fn change_details(page: &mut Page<'_>, frame: &Frame<'_>, change: &Change) {
    let new_path = match change.operation {
        Operation::Rename => frame.code(&change.new_path),
        Operation::Modify | Operation::Add | Operation::Delete => String::new(),
    };
    let place = join(&[&frame.place(&change.target), &new_path], " → ");
    let operation = messages::operation(change.operation);
    page.paragraph(&join(&[operation, &place], " "));
    page.list(change_items(frame, change));
    if let Some(snippet) = &change.snippet
        && frame.extent.snippets
    {
        page.snippet(&snippet.language, &snippet.code);
    }
}

fn change_items(frame: &Frame<'_>, change: &Change) -> Vec<String> {
    let mut items = vec![
        labelled(messages::WHAT, &frame.text(&change.what)),
        labelled(messages::WHY, &frame.text(&change.why)),
        labelled(messages::WHY_NEW, &frame.text(&change.why_new)),
    ];
    let anchors = change.anchors.iter();
    items.extend(anchors.map(|anchor| labelled(messages::PLACES, &anchor_line(frame, anchor))));
    let interfaces = change.interfaces.iter();
    items.extend(
        interfaces
            .map(|interface| labelled(messages::INTERFACE, &interface_line(frame, interface))),
    );
    items.extend(change.data_structures.iter().map(|data| {
        let line = join(&[&frame.code(&data.name), &frame.text(&data.change)], ": ");
        labelled(messages::DATA, &line)
    }));
    let imports = codes(frame, &change.imports);
    items.push(labelled(messages::IMPORTS, &imports));
    items.extend(change.config.iter().map(|entry| {
        let setting = join(&[&frame.code(&entry.key), &frame.code(&entry.value)], " = ");
        let line = join(&[&setting, &frame.text(&entry.purpose)], ": ");
        labelled(messages::CONFIG, &line)
    }));
    let reuses = change.reuses.iter();
    items.extend(reuses.map(|reused| labelled(messages::REUSES, &frame.text(reused))));
    let effects = change.side_effects.iter();
    items
        .extend(effects.map(|effect| labelled(messages::SIDE_EFFECT, &effect_item(frame, effect))));
    items
}

fn anchor_line(frame: &Frame<'_>, anchor: &Anchor) -> String {
    let relation = messages::relation(anchor.relation);
    let symbol = frame.code(&anchor.symbol);
    let named = join(&[relation, &symbol], " ");
    join(&[&named, &frame.place(&anchor.target)], " at ")
}

fn interface_line(frame: &Frame<'_>, interface: &Interface) -> String {
    let shown = match interface.signature.trim() {
        "" => &interface.name,
        _ => &interface.signature,
    };
    let breaking = if interface.breaking {
        messages::BREAKING
    } else {
        ""
    };
    let kind = join(&[&frame.text(&interface.kind), breaking], ", ");
    let kind = match kind.as_str() {
        "" => kind,
        _ => format!("({kind})"),
    };
    let parameters: Vec<_> = (interface.params.iter())
        .take(frame.extent.entries)
        .map(|parameter| {
            let name = join(
                &[
                    &frame.code(&parameter.name),
                    &frame.code(&parameter.type_name),
                ],
                ": ",
            );
            join(&[&name, &frame.text(&parameter.meaning)], " ")
        })
        .collect();
    let returns = match frame.code(&interface.returns).as_str() {
        "" => String::new(),
        returned => format!("{} {returned}", messages::RETURNS),
    };
    let head = join(&[&frame.code(shown), &kind], " ");
    let parameters: Vec<_> = parameters.iter().map(String::as_str).collect();
    join(&[&head, &join(&parameters, "; "), &returns], "; ")
}

/// Foreign lines of code, each as a span.
fn codes(frame: &Frame<'_>, lines: &[String]) -> String {
    let spans: Vec<_> = (lines.iter().take(frame.extent.entries))
        .map(|line| frame.code(line))
        .collect();
    let spans: Vec<_> = spans.iter().map(String::as_str).collect();
    join(&spans, ", ")
}
