//! A draft and what was found for it, put together as the plan of the domain.

use crate::domain::plan::{self, Plan, PlanId, Target};
use crate::planner::draft::{self, Change, Draft, Resolved};

/// The plan of `draft`. What `resolved` does not locate, or locates in another file than the draft
/// says, is unverified.
pub(in crate::planner) fn assemble(draft: &Draft, resolved: &Resolved) -> Plan {
    let understanding = draft.understanding.clone();
    Plan {
        restatement: understanding.restatement,
        request_points: request_points(understanding.request_points, resolved),
        assumptions: assumptions(understanding.assumptions),
        open_questions: open_questions(understanding.open_questions),
        findings: numbered(draft.findings.clone())
            .map(|(i, finding)| plan::Finding {
                statement: finding.statement,
                evidence: evidence(
                    &finding.evidence,
                    resolved,
                    &format!("/findings/{i}/evidence"),
                ),
            })
            .collect(),
        decisions: numbered(draft.decisions.clone())
            .map(|(i, one)| decision(one, i))
            .collect(),
        changes: numbered(draft.changes.clone())
            .map(|(i, one)| change(one, i, resolved))
            .collect(),
        steps: numbered(draft.steps.clone())
            .map(|(i, step)| plan::Step {
                id: id(&step.id, 'T', i),
                title: step.title,
                detail: step.detail,
                changes: ids(&step.changes),
            })
            .collect(),
        dependencies: numbered(draft.dependencies.clone())
            .map(|(i, one)| dependency(one, i, resolved))
            .collect(),
        risks: (draft.risks.iter().cloned())
            .map(|risk| plan::Risk {
                category: risk.category.as_str().to_owned(),
                risk: risk.risk,
                mitigation: risk.mitigation,
            })
            .collect(),
        architecture_notes: (draft.architecture_notes.iter().cloned())
            .map(|note| plan::ArchitectureNote {
                topic: note.topic.as_str().to_owned(),
                note: note.note,
                why_architectural: note.why_architectural,
            })
            .collect(),
        out_of_scope: draft.out_of_scope.clone(),
    }
}

fn request_points(
    points: Vec<draft::RequestPoint>,
    resolved: &Resolved,
) -> Vec<plan::RequestPoint> {
    numbered(points)
        .map(|(i, point)| plan::RequestPoint {
            review: resolved.review(&format!("/understanding/request_points/{i}")),
            id: id(&point.id, 'R', i),
            text: point.text,
            kind: point.kind.as_str().to_owned(),
        })
        .collect()
}

fn assumptions(assumptions: Vec<draft::Assumption>) -> Vec<plan::Assumption> {
    assumptions
        .into_iter()
        .map(|assumption| plan::Assumption {
            text: assumption.text,
            if_wrong: assumption.if_wrong,
        })
        .collect()
}

fn open_questions(questions: Vec<draft::OpenQuestion>) -> Vec<plan::OpenQuestion> {
    questions
        .into_iter()
        .map(|open| plan::OpenQuestion {
            question: open.question,
            why: open.why,
            default_taken: open.default_taken,
        })
        .collect()
}

fn numbered<T>(items: Vec<T>) -> impl Iterator<Item = (usize, T)> {
    items.into_iter().enumerate()
}

fn id(text: &str, prefix: char, position: usize) -> PlanId {
    PlanId::find(text).unwrap_or_else(|| PlanId::numbered(prefix, position + 1))
}

fn ids(texts: &[String]) -> Vec<PlanId> {
    texts.iter().filter_map(|text| PlanId::find(text)).collect()
}

fn evidence(claims: &[String], resolved: &Resolved, at: &str) -> Vec<Target> {
    claims
        .iter()
        .enumerate()
        .map(|(i, claimed)| {
            resolved
                .target(&format!("{at}/{i}"))
                .unwrap_or_else(|| unverified(claimed))
        })
        .collect()
}

fn located(resolved: &Resolved, at: &str, path: &str) -> Target {
    resolved
        .target_in(at, path)
        .unwrap_or_else(|| unverified(path))
}

fn unverified(claimed: &str) -> Target {
    Target::Unverified {
        claimed: claimed.to_owned(),
    }
}

fn decision(decision: draft::Decision, i: usize) -> plan::Decision {
    plan::Decision {
        id: id(&decision.id, 'D', i),
        question: decision.question,
        options: (decision.options.into_iter())
            .map(|option| plan::DecisionOption {
                name: option.name,
                trade_off: option.trade_off,
            })
            .collect(),
        recommendation: decision.recommendation,
        rationale: decision.rationale,
    }
}

fn dependency(dependency: draft::Dependency, i: usize, resolved: &Resolved) -> plan::Dependency {
    plan::Dependency {
        evidence: resolved.evidence(&format!("/dependencies/{i}")),
        name: dependency.name,
        registry: dependency.registry.as_str().to_owned(),
        version: dependency.version,
        purpose: dependency.purpose,
        why_not_existing: dependency.why_not_existing,
        why_not_own_code: dependency.why_not_own_code,
    }
}

fn change(change: Change, i: usize, resolved: &Resolved) -> plan::Change {
    let at = format!("/changes/{i}");
    let snippet = (!change.snippet.code.is_empty()).then_some(plan::Snippet {
        language: change.snippet.language,
        code: change.snippet.code,
    });
    plan::Change {
        id: id(&change.id, 'C', i),
        operation: change.op.into(),
        target: located(resolved, &format!("{at}/path"), &change.path),
        anchors: numbered(change.anchors)
            .map(|(j, anchor)| plan::Anchor {
                symbol: anchor.symbol,
                quote: anchor.quote,
                relation: anchor.relation.into(),
                target: located(resolved, &format!("{at}/anchors/{j}"), &change.path),
            })
            .collect(),
        new_path: change.new_path,
        evidence: evidence(&change.evidence, resolved, &format!("{at}/evidence")),
        what: change.what,
        why: change.why,
        interfaces: change.interfaces.into_iter().map(interface).collect(),
        data_structures: (change.data_structures.into_iter())
            .map(|structure| plan::DataStructure {
                name: structure.name,
                change: structure.change,
            })
            .collect(),
        imports: change.imports,
        config: (change.config.into_iter())
            .map(|entry| plan::ConfigEntry {
                key: entry.key,
                value: entry.value,
                purpose: entry.purpose,
            })
            .collect(),
        snippet,
        reuses: change.reuses,
        why_new: change.why_new,
        side_effects: numbered(change.side_effects)
            .map(|(j, effect)| plan::SideEffect {
                target: located(resolved, &format!("{at}/side_effects/{j}"), &effect.path),
                symbol: effect.symbol,
                effect: effect.effect,
                action: effect.action,
            })
            .collect(),
        covers: ids(&change.covers),
        depends_on: ids(&change.depends_on),
    }
}

fn interface(interface: draft::Interface) -> plan::Interface {
    plan::Interface {
        kind: interface.kind.as_str().to_owned(),
        name: interface.name,
        signature: interface.signature,
        params: (interface.params.into_iter())
            .map(|parameter| plan::Parameter {
                name: parameter.name,
                type_name: parameter.type_name,
                meaning: parameter.meaning,
            })
            .collect(),
        returns: interface.returns,
        breaking: interface.breaking,
    }
}
