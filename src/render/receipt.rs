//! What was read, what was left out, and what it cost.

use crate::domain::document::Receipt;
use crate::render::code;
use crate::render::escape::inline;
use crate::render::faults;
use crate::render::limit::{Kind, Section};
use crate::render::links::push_formatted;
use crate::render::messages::{self, Words};

/// The receipt, folded; nothing where nothing was read.
pub(super) fn section(receipt: &Receipt, words: &Words) -> Section {
    let mut section = Section::folded(words.receipt);
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
            push_formatted(out, format_args!("{}: ", words.skipped));
            for (position, skipped) in receipt.skipped.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                push_formatted(out, format_args!("{} ", skipped.count));
                inline(out, &skipped.reason);
            }
        });
    }
    if !receipt.expertise.trim().is_empty() {
        section.item(Kind::Fixed, |out| {
            push_formatted(out, format_args!("{}: ", words.expertise));
            inline(out, &receipt.expertise);
        });
    }
    if !receipt.model.trim().is_empty() {
        section.item(Kind::Fixed, |out| push_spending(out, receipt));
    }
    add_way(&mut section, receipt);
    if !receipt.own_settings.is_news {
        faults::add(&mut section, Kind::Background, &receipt.own_settings.faults);
    }
    if !receipt.notes.is_empty() {
        section.block(Kind::Background, |out| {
            push_formatted(out, format_args!("**{}**", words.notes));
        });
    }
    for note in &receipt.notes {
        section.item(Kind::Background, |out| inline(out, note));
    }
    section
}

/// The model, and what asking it took.
fn push_spending(out: &mut String, receipt: &Receipt) {
    code::span(out, &receipt.model);
    let Receipt {
        model_calls,
        input_tokens,
        cached_tokens,
        output_tokens,
        ..
    } = receipt;
    out.push_str(": ");
    out.push_str(&messages::spent(
        *model_calls,
        (*input_tokens, *cached_tokens),
        *output_tokens,
    ));
    if !receipt.cost.is_empty() {
        out.push_str(", ");
        inline(out, &receipt.cost);
    }
    if !receipt.profile.is_empty() {
        push_formatted(out, format_args!("; {} ", messages::PROFILE));
        code::span(out, &receipt.profile);
    }
}

/// What was taken out, what the model looked at, and what it was shown.
fn add_way(section: &mut Section, receipt: &Receipt) {
    if receipt.hidden_parts > 0 {
        let words = messages::hidden_parts(receipt.hidden_parts);
        section.item(Kind::Fixed, |out| out.push_str(&words));
    }
    if let Some(changes) = &receipt.changes {
        section.item(Kind::Fixed, |out| {
            out.push_str(&messages::reviews::diff(changes));
        });
        section.item(Kind::Fixed, |out| {
            out.push_str(&messages::reviews::threads(changes));
        });
    }
    if !receipt.tools.is_empty() {
        section.item(Kind::Background, |out| {
            push_formatted(out, format_args!("{}: ", messages::TOOLS));
            for (position, tool) in receipt.tools.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                code::span(out, &tool.name);
                push_formatted(out, format_args!(" ×{}", tool.count));
            }
        });
    }
    if receipt.excerpts_sent > 0 {
        let words = messages::excerpts(receipt.excerpts_sent, receipt.excerpts_cited);
        section.item(Kind::Background, |out| out.push_str(&words));
    }
}
