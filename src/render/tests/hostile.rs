//! Hostile texts in every field, for both forges.

use std::fs;
use std::path::Path;

use proptest::prelude::{ProptestConfig, any, proptest};

use crate::domain::document::{Content, Document, Outline, OutlineReason};
use crate::domain::plan::{Change, Plan, RequestPoint, Target};
use crate::domain::repository::{ForgeKind, RepoPath};
use crate::render::tests::oracle::judge;
use crate::render::tests::revisions::reviewed_point;
use crate::render::tests::sample;
use crate::render::{Notice, document, notice};

const FORGES: [ForgeKind; 2] = [ForgeKind::GitHub, ForgeKind::GitLab];

const PLAN_HEADINGS: [&str; 5] = [
    "## Plan",
    "### What the code does today",
    "### Decisions and questions for you",
    "### Steps",
    "### Impact",
];

const OUTLINE_HEADINGS: [&str; 7] = [
    "## Outline (no model used)",
    "### What was asked",
    "### Named in the request",
    "### Where it probably leads",
    "### Who uses these",
    "### How this repository does things",
    "### Questions to answer first",
];

fn samples() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/output_texts.jsonl");
    let lines = fs::read_to_string(file).unwrap();
    let parsed = lines.lines().map(|line| {
        let sample: serde_json::Value = serde_json::from_str(line).unwrap();
        sample["text"].as_str().unwrap().to_owned()
    });
    parsed.collect()
}

fn target_text(target: &mut Target) -> Option<&mut String> {
    match target {
        Target::Unverified { claimed } => Some(claimed),
        Target::Verified { .. } | Target::New { .. } => None,
    }
}

fn change_texts(change: &mut Change) -> Vec<&mut String> {
    let mut texts = vec![
        &mut change.new_path,
        &mut change.what,
        &mut change.why,
        &mut change.why_new,
    ];
    texts.extend(target_text(&mut change.target));
    for anchor in &mut change.anchors {
        texts.extend([&mut anchor.symbol, &mut anchor.quote]);
        texts.extend(target_text(&mut anchor.target));
    }
    texts.extend(change.evidence.iter_mut().filter_map(target_text));
    for interface in &mut change.interfaces {
        texts.extend([
            &mut interface.kind,
            &mut interface.name,
            &mut interface.signature,
            &mut interface.returns,
        ]);
        for parameter in &mut interface.params {
            texts.extend([
                &mut parameter.name,
                &mut parameter.type_name,
                &mut parameter.meaning,
            ]);
        }
    }
    for data in &mut change.data_structures {
        texts.extend([&mut data.name, &mut data.change]);
    }
    for entry in &mut change.config {
        texts.extend([&mut entry.key, &mut entry.value, &mut entry.purpose]);
    }
    texts.extend(change.imports.iter_mut().chain(&mut change.reuses));
    if let Some(snippet) = &mut change.snippet {
        texts.extend([&mut snippet.language, &mut snippet.code]);
    }
    for effect in &mut change.side_effects {
        texts.extend([&mut effect.symbol, &mut effect.effect, &mut effect.action]);
        texts.extend(target_text(&mut effect.target));
    }
    texts
}

fn plan_texts(plan: &mut Plan) -> Vec<&mut String> {
    let mut texts = vec![&mut plan.restatement];
    for point in &mut plan.request_points {
        let RequestPoint {
            text, kind, review, ..
        } = point;
        texts.extend([text, kind]);
        if let Some(review) = review {
            texts.extend([&mut review.author, &mut review.path]);
        }
    }
    for assumption in &mut plan.assumptions {
        texts.extend([&mut assumption.text, &mut assumption.if_wrong]);
    }
    for question in &mut plan.open_questions {
        texts.extend([
            &mut question.question,
            &mut question.why,
            &mut question.default_taken,
        ]);
    }
    for finding in &mut plan.findings {
        texts.push(&mut finding.statement);
        texts.extend(finding.evidence.iter_mut().filter_map(target_text));
    }
    for decision in &mut plan.decisions {
        texts.extend([
            &mut decision.question,
            &mut decision.recommendation,
            &mut decision.rationale,
        ]);
        for option in &mut decision.options {
            texts.extend([&mut option.name, &mut option.trade_off]);
        }
    }
    texts.extend(plan.changes.iter_mut().flat_map(change_texts));
    for step in &mut plan.steps {
        texts.extend([&mut step.title, &mut step.detail]);
    }
    for dependency in &mut plan.dependencies {
        texts.extend([
            &mut dependency.name,
            &mut dependency.registry,
            &mut dependency.version,
        ]);
        texts.extend([
            &mut dependency.purpose,
            &mut dependency.why_not_existing,
            &mut dependency.why_not_own_code,
        ]);
    }
    for risk in &mut plan.risks {
        texts.extend([&mut risk.category, &mut risk.risk, &mut risk.mitigation]);
    }
    for note in &mut plan.architecture_notes {
        texts.extend([&mut note.topic, &mut note.note, &mut note.why_architectural]);
    }
    texts.extend(&mut plan.out_of_scope);
    texts
}

fn outline_texts(outline: &mut Outline) -> Vec<&mut String> {
    let mut texts: Vec<_> = outline
        .points
        .iter_mut()
        .chain(&mut outline.questions)
        .collect();
    texts.extend(outline.mentions.iter_mut().map(|mention| &mut mention.text));
    for candidate in &mut outline.candidates {
        texts.extend([&mut candidate.symbol, &mut candidate.signature]);
        texts.extend(&mut candidate.reasons);
    }
    texts.extend(outline.impact.iter_mut().map(|impact| &mut impact.symbol));
    texts.extend(
        outline
            .conventions
            .iter_mut()
            .map(|convention| &mut convention.topic),
    );
    texts
}

/// All texts of a document, the receipt's included.
fn texts(document: &mut Document) -> Vec<&mut String> {
    let mut texts = match &mut document.content {
        Content::Plan { plan, .. } => plan_texts(plan),
        Content::Outline(outline) => outline_texts(outline),
    };
    let receipt = &mut document.receipt;
    texts.extend([&mut receipt.expertise, &mut receipt.model]);
    texts.extend(&mut receipt.notes);
    texts
}

fn plan() -> Document {
    let mut plan = sample::large_plan();
    let point = reviewed_point("V1");
    plan.changes[0].covers.push(point.id.clone());
    plan.request_points.push(point);
    sample::plan_document(plan)
}

fn outline() -> Document {
    sample::document(Content::Outline(sample::outline(
        OutlineReason::DraftRejected {
            unknown: 3,
            total: 12,
        },
    )))
}

fn findings(of: &Document, headings: &[&str]) -> Vec<String> {
    let judged = FORGES.into_iter().flat_map(|forge| {
        let site = sample::site(forge);
        judge(document(of, &site).as_str(), &site, headings)
    });
    judged.take(3).collect()
}

/// Puts each sample into all fields, then into each second one, so that it has harmless neighbours.
fn assert_harmless(make: fn() -> Document, headings: &[&str]) {
    assert_eq!(findings(&make(), headings), [""; 0]);
    for sample in samples() {
        for (step, offset) in [(1, 0), (2, 0), (2, 1)] {
            let mut document = make();
            let fields = texts(&mut document).into_iter().skip(offset).step_by(step);
            fields.for_each(|field| field.clone_from(&sample));
            let found = findings(&document, headings);
            assert_eq!(found, [""; 0], "{step}/{offset}: {sample:?}");
        }
    }
}

#[test]
fn no_text_of_a_plan_becomes_markup() {
    assert_harmless(plan, &PLAN_HEADINGS);
}

#[test]
fn no_text_of_an_outline_becomes_markup() {
    assert_harmless(outline, &OUTLINE_HEADINGS);
}

#[test]
fn no_path_becomes_markup() {
    for sample in samples() {
        let Ok(path) = RepoPath::parse(
            sample
                .replace('\0', "")
                .replace("//", "/")
                .trim_matches('/'),
        ) else {
            continue;
        };
        let mut plan = sample::large_plan();
        for change in &mut plan.changes {
            let lines = None;
            let path = path.clone();
            change.target = Target::Verified { path, lines };
            change.anchors.clear();
        }
        let path = path.clone();
        plan.changes.last_mut().unwrap().target = Target::New { path };
        let document = sample::plan_document(plan);
        assert_eq!(findings(&document, &PLAN_HEADINGS), [""; 0], "{sample:?}");
    }
}

#[test]
fn no_word_of_a_notice_becomes_markup() {
    for word in samples() {
        for forge in FORGES {
            let site = sample::site(forge);
            let body = notice(&Notice::UnknownWord { word: word.clone() }, &site);
            assert_eq!(judge(body.as_str(), &site, &[]), [""; 0], "{word:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_texts_become_no_markup(text in any::<String>()) {
        let mut document = plan();
        texts(&mut document).into_iter().for_each(|field| field.clone_from(&text));
        assert_eq!(findings(&document, &PLAN_HEADINGS), [""; 0]);
    }

    #[test]
    fn arbitrary_punctuation_becomes_no_markup(
        one in "[ `*_#!@/&~$%<>\\[\\]()|{}:.a1GH\\\\\n\"'+=^-]{0,60}",
        two in "([`#@/:\\[\\]()<>!-]|1|a| |http://x|GH-1|\n|www\\.|~~~|```|&#64;|</details>|<!--|-->){0,20}",
    ) {
        let mut document = plan();
        for (position, field) in texts(&mut document).into_iter().enumerate() {
            field.clone_from(if position % 2 == 0 { &one } else { &two });
        }
        assert_eq!(findings(&document, &PLAN_HEADINGS), [""; 0]);
    }
}
