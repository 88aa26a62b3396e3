//! What stands behind a plan: points, assumptions, risks.

use crate::domain::plan::Plan;
use crate::render::escape::inline;
use crate::render::limit::{Kind, Section};
use crate::render::links::{Links, push_formatted};
use crate::render::messages::Words;
use crate::render::plan::{VISIBLE_FINDINGS, end_sentence, is_trivial, push_after, push_finding};
use crate::render::steps::push_id;

/// Request points, further findings, assumptions and what is left alone.
pub(super) fn section(plan: &Plan, links: &Links) -> Section {
    let mut section = Section::folded(links.words.background);
    add_label(
        &mut section,
        links.words.assumptions,
        plan.assumptions.len(),
    );
    for assumption in &plan.assumptions {
        section.item(Kind::Background, |out| {
            inline(out, &assumption.text);
            push_labelled(out, links.words.if_wrong, &assumption.if_wrong);
        });
    }
    add_label(
        &mut section,
        links.words.request_points,
        plan.request_points.len(),
    );
    for point in &plan.request_points {
        section.item(Kind::Background, |out| {
            push_id(out, &point.id);
            inline(out, &point.text);
            if !point.kind.trim().is_empty() {
                out.push_str(" (");
                inline(out, &point.kind);
                out.push(')');
            }
            if let Some(review) = &point.review {
                out.push_str(" — ");
                links.review(out, review);
            }
        });
    }
    let shown = if is_trivial(plan) {
        0
    } else {
        VISIBLE_FINDINGS
    };
    add_label(
        &mut section,
        links.words.more_findings,
        plan.findings.len().saturating_sub(shown),
    );
    for finding in plan.findings.iter().skip(shown) {
        section.item(Kind::Background, |out| push_finding(out, finding, links));
    }
    add_label(
        &mut section,
        links.words.out_of_scope,
        plan.out_of_scope.len(),
    );
    for text in &plan.out_of_scope {
        section.item(Kind::Background, |out| inline(out, text));
    }
    section
}

/// Risks, and notes on what shapes the architecture.
pub(super) fn risks(plan: &Plan, words: &Words) -> Section {
    let mut section = Section::folded(words.risks);
    for risk in &plan.risks {
        section.item(Kind::Background, |out| {
            push_topic(out, &risk.category);
            inline(out, &risk.risk);
            push_labelled(out, words.mitigation, &risk.mitigation);
        });
    }
    for note in &plan.architecture_notes {
        section.item(Kind::Background, |out| {
            push_topic(out, &note.topic);
            inline(out, &note.note);
            push_labelled(out, words.why_here, &note.why_architectural);
        });
    }
    section
}

fn add_label(section: &mut Section, label: &str, count: usize) {
    if count > 0 {
        section.block(Kind::Background, |out| {
            push_formatted(out, format_args!("**{label}**"));
        });
    }
}

fn push_topic(out: &mut String, topic: &str) {
    if !topic.trim().is_empty() {
        out.push('*');
        inline(out, topic);
        out.push_str("*: ");
    }
}

fn push_labelled(out: &mut String, label: &str, text: &str) {
    if !text.trim().is_empty() {
        end_sentence(out);
        push_after(out, &format!("*{label}:* "), text);
    }
}
