//! Changes in full: where, what, why, with which interfaces, and what else they touch.

use crate::domain::plan::{
    Change, Interface, Parameter, Plan, PlanId, SideEffect, Snippet, Target,
};
use crate::domain::repository::ForgeKind;
use crate::render::code::{self, Code};
use crate::render::escape::inline;
use crate::render::limit::{Kind, Section, nested};
use crate::render::links::{Links, push_formatted};
use crate::render::messages::{self, Words};
use crate::render::plan::{end_sentence, push_after};
use crate::render::steps::{Group, groups, push_id, push_title};

/// Most side effects shown unfolded; the details have them all.
const VISIBLE_EFFECTS: usize = 6;

/// How it is said that there is nothing to do.
const NOTHING_TO_DO: [&str; 10] = [
    "",
    "-",
    "n/a",
    "none",
    "none needed",
    "nothing",
    "nothing to do",
    "no action",
    "no change",
    "no change needed",
];

/// Most lines of a snippet: it shows a pattern, never the solution.
const SNIPPET_LINES: usize = 12;

/// Most names or places in one line of a list.
const IN_ONE_LINE: usize = 8;

/// Most parameters of an interface explained.
const PARAMETERS: usize = 12;

/// What the plan does outside of the places that it changes.
pub(super) fn impact(plan: &Plan, links: &Links) -> Section {
    let mut section = Section::headed(links.words.impact);
    for change in &plan.changes {
        for interface in change
            .interfaces
            .iter()
            .filter(|interface| interface.breaking)
        {
            section.item(Kind::Impact, |out| {
                code::span(out, &interface.name);
                push_formatted(out, format_args!(": {}", links.words.callers_change));
            });
        }
    }
    let links = &links.brief();
    let mut effects: Vec<&SideEffect> = Vec::new();
    for effect in plan.changes.iter().flat_map(|change| &change.side_effects) {
        if !effects.contains(&effect) {
            effects.push(effect);
        }
    }
    // What has to be done comes before what is only worth knowing.
    effects.sort_by_key(|effect| !asks_for_work(effect));
    for effect in effects.iter().take(VISIBLE_EFFECTS) {
        section.item(Kind::Impact, |out| push_effect(out, effect, links));
    }
    let more = effects.len().saturating_sub(VISIBLE_EFFECTS);
    if more > 0 {
        section.item(Kind::Impact, |out| {
            out.push_str(&messages::in_details(more));
        });
    }
    section
}

/// All changes, step by step.
pub(super) fn details(plan: &Plan, links: &Links, forge: ForgeKind) -> Section {
    let mut section = Section::folded(&(links.words.details)(plan.changes.len()));
    if plan.changes.is_empty() {
        return section;
    }
    for group in groups(plan) {
        section.block(Kind::Detail, |out| push_group(out, &group, links.words));
        for change in &group.changes {
            add_change(&mut section, change, links);
            if let Some(snippet) = &change.snippet {
                section.block(Kind::Snippet, |out| push_snippet(out, snippet, forge));
            }
        }
    }
    section
}

fn push_group(out: &mut String, group: &Group<'_>, words: &Words) {
    let Some(step) = group.step else {
        push_formatted(out, format_args!("**{}**", words.no_step));
        return;
    };
    push_id(out, &step.id);
    push_title(out, &step.title);
    push_after(out, " — ", &step.detail);
}

fn add_change(section: &mut Section, change: &Change, links: &Links) {
    section.block(Kind::Detail, |out| {
        push_id(out, &change.id);
        push_formatted(
            out,
            format_args!("{} ", links.words.operation(change.operation)),
        );
        links.target(out, &change.target);
        push_after(out, ": ", &change.what);
    });
    add_text(section, links.words.new_path, &change.new_path, code::span);
    section.item(Kind::Detail, |out| push_anchors(out, change, links));
    add_text(section, links.words.why, &change.why, inline);
    add_text(section, links.words.why_new, &change.why_new, inline);
    for interface in &change.interfaces {
        section.item(Kind::Detail, |out| {
            push_interface(out, interface, links.words);
        });
    }
    for data in &change.data_structures {
        section.item(Kind::Detail, |out| {
            push_formatted(out, format_args!("{} ", links.words.data_structure));
            code::span(out, &data.name);
            out.push_str(": ");
            inline(out, &data.change);
        });
    }
    add_list(section, links.words.imports, &change.imports, code::span);
    for entry in &change.config {
        section.item(Kind::Detail, |out| {
            push_formatted(out, format_args!("{} ", links.words.setting));
            code::span(out, &entry.key);
            out.push_str(" = ");
            code::span(out, &entry.value);
            out.push_str(": ");
            inline(out, &entry.purpose);
        });
    }
    add_list(section, links.words.reuses, &change.reuses, inline);
    for effect in &change.side_effects {
        section.item(Kind::Detail, |out| {
            push_formatted(out, format_args!("{}: ", links.words.side_effect));
            push_effect(out, effect, links);
        });
    }
    section.item(Kind::Detail, |out| {
        push_targets(out, &change.evidence, links);
    });
    section.item(Kind::Detail, |out| push_ids(out, change, links.words));
}

fn add_text(section: &mut Section, label: &str, text: &str, write: fn(&mut String, &str)) {
    if !text.trim().is_empty() {
        section.item(Kind::Detail, |out| {
            push_formatted(out, format_args!("{label}: "));
            write(out, text);
        });
    }
}

fn add_list(section: &mut Section, label: &str, texts: &[String], write: fn(&mut String, &str)) {
    if texts.is_empty() {
        return;
    }
    section.item(Kind::Detail, |out| {
        push_formatted(out, format_args!("{label}: "));
        for (position, text) in texts.iter().take(IN_ONE_LINE).enumerate() {
            out.push_str(if position > 0 { "; " } else { "" });
            write(out, text);
        }
        push_rest(out, texts.len());
    });
}

/// Appends how many of `count` things were too many for one line.
fn push_rest(out: &mut String, count: usize) {
    if count > IN_ONE_LINE {
        out.push_str(&messages::and_more(count - IN_ONE_LINE));
    }
}

fn push_anchors(out: &mut String, change: &Change, links: &Links) {
    for (position, anchor) in change.anchors.iter().take(IN_ONE_LINE).enumerate() {
        if position == 0 {
            push_formatted(out, format_args!("{}: ", links.words.place));
        } else {
            out.push_str("; ");
        }
        push_formatted(
            out,
            format_args!("{} ", messages::relation(anchor.relation)),
        );
        let symbol = anchor.symbol.trim();
        if !symbol.is_empty() && symbol != anchor.target.text() {
            code::span(out, symbol);
            out.push_str(" at ");
        }
        links.target(out, &anchor.target);
    }
    push_rest(out, change.anchors.len());
}

fn push_interface(out: &mut String, interface: &Interface, words: &Words) {
    let mut kind = interface.kind.trim().to_owned();
    if let Some(first) = kind.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    inline(out, &kind);
    out.push(' ');
    code::span(out, &interface.name);
    if interface.breaking {
        push_formatted(out, format_args!(" ({})", words.breaking));
    }
    if !interface.signature.trim().is_empty() {
        out.push_str(": ");
        code::span(out, &interface.signature);
    }
    for parameter in interface.params.iter().take(PARAMETERS) {
        nested(out, |out| push_parameter(out, parameter));
    }
    nested(out, |out| {
        push_after(out, messages::RETURNS, &interface.returns);
    });
}

fn push_parameter(out: &mut String, parameter: &Parameter) {
    let Parameter {
        name,
        type_name,
        meaning,
    } = parameter;
    if type_name.trim().is_empty() {
        code::span(out, name);
    } else {
        code::span(out, &format!("{name}: {type_name}"));
    }
    push_after(out, ": ", meaning);
}

fn push_effect(out: &mut String, effect: &SideEffect, links: &Links) {
    links.target(out, &effect.target);
    if !effect.symbol.trim().is_empty() {
        out.push(' ');
        code::span(out, &effect.symbol);
    }
    out.push_str(": ");
    inline(out, &effect.effect);
    if asks_for_work(effect) {
        end_sentence(out);
        push_after(out, &format!("*{}:* ", links.words.action), &effect.action);
    }
}

fn asks_for_work(effect: &SideEffect) -> bool {
    let action = effect.action.trim().trim_end_matches('.').to_lowercase();
    !NOTHING_TO_DO.contains(&&*action)
}

fn push_targets(out: &mut String, evidence: &[Target], links: &Links) {
    let evidence = shown_evidence(evidence);
    if !evidence.is_empty() {
        push_formatted(out, format_args!("{}: ", links.words.evidence));
        links.targets(out, evidence.into_iter(), IN_ONE_LINE);
    }
}

/// Evidence that leads somewhere. What is not resolved is the name of a piece that only the model was shown.
pub(super) fn shown_evidence(evidence: &[Target]) -> Vec<&Target> {
    let shown = |target: &&Target| !matches!(target, Target::Unverified { .. });
    evidence.iter().filter(shown).collect()
}

fn push_ids(out: &mut String, change: &Change, words: &Words) {
    let both = [
        (words.serves, &change.covers),
        (words.after, &change.depends_on),
    ];
    for (label, ids) in both {
        if ids.is_empty() {
            continue;
        }
        let label = match out.ends_with("- ") {
            true => label.to_owned(),
            false => format!(" · {label}"),
        };
        let names: Vec<_> = ids.iter().take(IN_ONE_LINE).map(PlanId::as_str).collect();
        push_formatted(out, format_args!("{label} "));
        inline(out, &names.join(", "));
        push_rest(out, ids.len());
    }
}

fn push_snippet(out: &mut String, snippet: &Snippet, forge: ForgeKind) {
    let code = Code {
        language: &snippet.language,
        text: &snippet.code,
        max_lines: SNIPPET_LINES,
    };
    code::block(out, forge, &code);
}
