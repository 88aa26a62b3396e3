//! What was read, what was left out, and what it cost.

use crate::domain::document::Receipt;
use crate::render::code;
use crate::render::escape::inline;
use crate::render::limit::{Kind, Section};
use crate::render::links::push_formatted;
use crate::render::messages;

/// The receipt, folded; nothing where nothing was read.
pub(super) fn section(receipt: &Receipt) -> Section {
    let mut section = Section::folded(messages::RECEIPT);
    if receipt.files > 0 {
        section.item(Kind::Fixed, |out| {
            let Receipt {
                files_read,
                files,
                bytes_read,
                ..
            } = receipt;
            out.push_str(&messages::read(*files_read, *files, *bytes_read));
        });
    }
    if !receipt.skipped.is_empty() {
        section.item(Kind::Background, |out| {
            push_formatted(out, format_args!("{}: ", messages::SKIPPED));
            for (position, skipped) in receipt.skipped.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                push_formatted(out, format_args!("{} ", skipped.count));
                inline(out, skipped.reason);
            }
        });
    }
    if !receipt.expertise.trim().is_empty() {
        section.item(Kind::Fixed, |out| {
            push_formatted(out, format_args!("{}: ", messages::EXPERTISE));
            inline(out, &receipt.expertise);
        });
    }
    if !receipt.model.trim().is_empty() {
        section.item(Kind::Fixed, |out| {
            code::span(out, &receipt.model);
            let Receipt {
                model_calls,
                input_tokens,
                output_tokens,
                ..
            } = receipt;
            out.push_str(": ");
            out.push_str(&messages::spent(
                *model_calls,
                *input_tokens,
                *output_tokens,
            ));
        });
    }
    if !receipt.notes.is_empty() {
        section.block(Kind::Background, |out| {
            push_formatted(out, format_args!("**{}**", messages::NOTES));
        });
    }
    for note in &receipt.notes {
        section.item(Kind::Background, |out| inline(out, note));
    }
    section
}
