//! The receipt: what was read, what was left out, and what it cost.

use crate::domain::document::Receipt;
use crate::render::messages;
use crate::render::page::Frame;

/// What the document was made from; empty when nothing is known of it.
pub(super) fn render(frame: &Frame<'_>) -> String {
    let receipt = &frame.document.receipt;
    let mut items = Vec::new();
    if !receipt.expertise.trim().is_empty() {
        items.push(messages::expertise(&frame.text(&receipt.expertise)));
    }
    if receipt.files > 0 {
        let (read, all) = (receipt.files_read, receipt.files);
        items.push(messages::files_read(read, all, receipt.bytes_read));
    }
    let skipped = receipt.skipped.iter().filter(|skipped| skipped.count > 0);
    items.extend(
        skipped.map(|skipped| messages::files_skipped(skipped.count, &frame.text(skipped.reason))),
    );
    items.extend(model(frame, receipt));
    let notes = receipt.notes.iter().map(|note| frame.text(note));
    let notes = notes.filter(|note| !note.is_empty());
    items.extend(notes.map(|note| messages::note(&note)));
    let mut page = frame.page();
    page.list(items);
    page.into_markdown()
}

fn model(frame: &Frame<'_>, receipt: &Receipt) -> Option<String> {
    let name = frame.code(&receipt.model);
    (!name.is_empty()).then(|| {
        messages::model(
            &name,
            receipt.model_calls,
            receipt.input_tokens,
            receipt.output_tokens,
        )
    })
}
