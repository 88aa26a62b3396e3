//! All texts of a draft, each with its place and what it is.

use crate::planner::draft::{Change, Draft};

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Sentences about what is or what may happen.
    Prose,
    /// Sentences that tell somebody what to do.
    Instruction,
    /// Code, or a value.
    Code,
    /// A short name, path or id.
    Name,
}

impl Field {
    /// Whether it holds sentences.
    pub(super) fn is_sentences(self) -> bool {
        matches!(self, Self::Prose | Self::Instruction)
    }
}

/// What is done with each text: what it is, its JSON pointer, and the text itself.
pub(super) type Visit<'v> = dyn FnMut(Field, &str, &mut String) + 'v;

/// Shows every text of `draft` to `visit`, in the order of the draft. Ids and other cross-references
/// between its parts are left out: the checks of structure know all of them.
pub(super) fn visit_texts(draft: &mut Draft, visit: &mut Visit<'_>) {
    visit_understanding(draft, visit);
    visit_findings(draft, visit);
    for (i, change) in draft.changes.iter_mut().enumerate() {
        visit_change(change, &format!("/changes/{i}"), visit);
    }
    visit_rest(draft, visit);
}

/// Shows every text of `draft` that holds sentences to `visit`.
pub(in crate::planner) fn visit_sentences(draft: &mut Draft, visit: &mut dyn FnMut(&mut String)) {
    visit_texts(draft, &mut |field, _, text| {
        if field.is_sentences() {
            visit(text);
        }
    });
}

fn visit_understanding(draft: &mut Draft, visit: &mut Visit<'_>) {
    use Field::Prose;
    let understanding = &mut draft.understanding;
    let at = "/understanding";
    visit(
        Prose,
        &format!("{at}/restatement"),
        &mut understanding.restatement,
    );
    for (i, point) in understanding.request_points.iter_mut().enumerate() {
        visit(
            Prose,
            &format!("{at}/request_points/{i}/text"),
            &mut point.text,
        );
    }
    for (i, assumption) in understanding.assumptions.iter_mut().enumerate() {
        let at = format!("{at}/assumptions/{i}");
        visit(Prose, &format!("{at}/text"), &mut assumption.text);
        visit(Prose, &format!("{at}/if_wrong"), &mut assumption.if_wrong);
    }
    for (i, open) in understanding.open_questions.iter_mut().enumerate() {
        let at = format!("{at}/open_questions/{i}");
        visit(Prose, &format!("{at}/question"), &mut open.question);
        visit(Prose, &format!("{at}/why"), &mut open.why);
        visit(
            Prose,
            &format!("{at}/default_taken"),
            &mut open.default_taken,
        );
    }
}

fn visit_findings(draft: &mut Draft, visit: &mut Visit<'_>) {
    use Field::{Name, Prose};
    for (i, finding) in draft.findings.iter_mut().enumerate() {
        visit(
            Prose,
            &format!("/findings/{i}/statement"),
            &mut finding.statement,
        );
    }
    for (i, decision) in draft.decisions.iter_mut().enumerate() {
        let at = format!("/decisions/{i}");
        visit(Prose, &format!("{at}/question"), &mut decision.question);
        for (j, option) in decision.options.iter_mut().enumerate() {
            let at = format!("{at}/options/{j}");
            visit(Name, &format!("{at}/name"), &mut option.name);
            visit(Prose, &format!("{at}/trade_off"), &mut option.trade_off);
        }
        visit(
            Name,
            &format!("{at}/recommendation"),
            &mut decision.recommendation,
        );
        visit(Prose, &format!("{at}/rationale"), &mut decision.rationale);
    }
}

fn visit_change(change: &mut Change, at: &str, visit: &mut Visit<'_>) {
    use Field::{Code, Instruction, Name, Prose};
    visit(Name, &format!("{at}/path"), &mut change.path);
    visit(Name, &format!("{at}/new_path"), &mut change.new_path);
    for (j, anchor) in change.anchors.iter_mut().enumerate() {
        let at = format!("{at}/anchors/{j}");
        visit(Name, &format!("{at}/symbol"), &mut anchor.symbol);
        visit(Code, &format!("{at}/quote"), &mut anchor.quote);
    }
    visit(Instruction, &format!("{at}/what"), &mut change.what);
    visit(Prose, &format!("{at}/why"), &mut change.why);
    visit_interfaces(change, at, visit);
    for (j, structure) in change.data_structures.iter_mut().enumerate() {
        let at = format!("{at}/data_structures/{j}");
        visit(Name, &format!("{at}/name"), &mut structure.name);
        visit(Prose, &format!("{at}/change"), &mut structure.change);
    }
    for (j, import) in change.imports.iter_mut().enumerate() {
        visit(Code, &format!("{at}/imports/{j}"), import);
    }
    for (j, entry) in change.config.iter_mut().enumerate() {
        let at = format!("{at}/config/{j}");
        visit(Name, &format!("{at}/key"), &mut entry.key);
        visit(Code, &format!("{at}/value"), &mut entry.value);
        visit(Prose, &format!("{at}/purpose"), &mut entry.purpose);
    }
    visit(
        Name,
        &format!("{at}/snippet/language"),
        &mut change.snippet.language,
    );
    visit(
        Code,
        &format!("{at}/snippet/code"),
        &mut change.snippet.code,
    );
    for (j, reuse) in change.reuses.iter_mut().enumerate() {
        visit(Code, &format!("{at}/reuses/{j}"), reuse);
    }
    visit(Prose, &format!("{at}/why_new"), &mut change.why_new);
    for (j, effect) in change.side_effects.iter_mut().enumerate() {
        let at = format!("{at}/side_effects/{j}");
        visit(Name, &format!("{at}/path"), &mut effect.path);
        visit(Name, &format!("{at}/symbol"), &mut effect.symbol);
        visit(Prose, &format!("{at}/effect"), &mut effect.effect);
        visit(Instruction, &format!("{at}/action"), &mut effect.action);
    }
}

fn visit_interfaces(change: &mut Change, at: &str, visit: &mut Visit<'_>) {
    use Field::{Code, Name, Prose};
    for (j, interface) in change.interfaces.iter_mut().enumerate() {
        let at = format!("{at}/interfaces/{j}");
        visit(Name, &format!("{at}/name"), &mut interface.name);
        visit(Code, &format!("{at}/signature"), &mut interface.signature);
        for (k, parameter) in interface.params.iter_mut().enumerate() {
            let at = format!("{at}/params/{k}");
            visit(Name, &format!("{at}/name"), &mut parameter.name);
            visit(Code, &format!("{at}/type"), &mut parameter.type_name);
            visit(Prose, &format!("{at}/meaning"), &mut parameter.meaning);
        }
        visit(Code, &format!("{at}/returns"), &mut interface.returns);
    }
}

fn visit_rest(draft: &mut Draft, visit: &mut Visit<'_>) {
    use Field::{Instruction, Name, Prose};
    for (i, step) in draft.steps.iter_mut().enumerate() {
        let at = format!("/steps/{i}");
        visit(Instruction, &format!("{at}/title"), &mut step.title);
        visit(Instruction, &format!("{at}/detail"), &mut step.detail);
    }
    for (i, dependency) in draft.dependencies.iter_mut().enumerate() {
        let at = format!("/dependencies/{i}");
        visit(Name, &format!("{at}/name"), &mut dependency.name);
        visit(Name, &format!("{at}/version"), &mut dependency.version);
        visit(Prose, &format!("{at}/purpose"), &mut dependency.purpose);
        let why = &mut dependency.why_not_existing;
        visit(Prose, &format!("{at}/why_not_existing"), why);
        let why = &mut dependency.why_not_own_code;
        visit(Prose, &format!("{at}/why_not_own_code"), why);
    }
    for (i, risk) in draft.risks.iter_mut().enumerate() {
        let at = format!("/risks/{i}");
        visit(Prose, &format!("{at}/risk"), &mut risk.risk);
        visit(
            Instruction,
            &format!("{at}/mitigation"),
            &mut risk.mitigation,
        );
    }
    for (i, note) in draft.architecture_notes.iter_mut().enumerate() {
        let at = format!("/architecture_notes/{i}");
        visit(Prose, &format!("{at}/note"), &mut note.note);
        let why = &mut note.why_architectural;
        visit(Prose, &format!("{at}/why_architectural"), why);
    }
    for (i, text) in draft.out_of_scope.iter_mut().enumerate() {
        visit(Prose, &format!("/out_of_scope/{i}"), text);
    }
}
