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
            out.push_str(": ");
            out.push_str(&messages::spent(receipt));
            if let Some(cost) = &receipt.cost {
                push_formatted(out, format_args!(", {} ", messages::money(cost.micros)));
                inline(out, &cost.currency);
            }
            if !receipt.profile.is_empty() {
                push_formatted(
                    out,
                    format_args!("; {}: {}", messages::PROFILE, receipt.profile),
                );
            }
        });
    }
    section.item(Kind::Background, |out| push_tools(out, receipt));
    if receipt.excerpts_sent > 0 {
        section.item(Kind::Background, |out| {
            let Receipt {
                excerpts_cited,
                excerpts_sent,
                ..
            } = receipt;
            out.push_str(&messages::evidence_used(*excerpts_cited, *excerpts_sent));
        });
    }
    if receipt.hidden_parts > 0 {
        section.item(Kind::Fixed, |out| {
            out.push_str(&messages::hidden_parts(receipt.hidden_parts));
        });
    }
    if !receipt.redactions.is_empty() {
        section.item(Kind::Fixed, |out| push_redactions(out, receipt));
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

/// Most kinds of secrets named; the others are counted.
const KINDS: usize = 12;

fn push_redactions(out: &mut String, receipt: &Receipt) {
    push_formatted(out, format_args!("{}: ", messages::REDACTED));
    for (position, (kind, count)) in receipt.redactions.iter().take(KINDS).enumerate() {
        out.push_str(if position > 0 { ", " } else { "" });
        push_formatted(out, format_args!("{count} "));
        code::span(out, kind);
    }
    let more = receipt.redactions.len().saturating_sub(KINDS);
    if more > 0 {
        out.push_str(&messages::and_more(more));
    }
}

fn push_tools(out: &mut String, receipt: &Receipt) {
    for (position, tool) in receipt.tools.iter().enumerate() {
        match position {
            0 => push_formatted(out, format_args!("{}: ", messages::TOOLS)),
            _ => out.push_str(", "),
        }
        code::span(out, tool.name);
        push_formatted(out, format_args!(" × {}", tool.count));
    }
}
