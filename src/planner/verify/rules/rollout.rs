//! R2: no tests, pipelines or deployment, unless somebody asked for them or the architecture hangs on them.
//!
//! Repositories may be about tests or deployment themselves, so a sentence counts only when it plainly
//! tells somebody to write or run tests, or to put something into production.

use crate::planner::draft::{Draft, NoteTopic, PointKind};
use crate::planner::verify::Check;
use crate::planner::verify::fields::{Field, visit_texts};
use crate::planner::verify::rules::paths::{Known, Purpose, purpose_of};
use crate::planner::verify::rules::phrases::{instructs, lower_words, sentences};

/// Fewest words of a reason that shapes the architecture.
const MIN_REASON_WORDS: usize = 4;

/// What the plan may speak of.
#[derive(Debug, Clone, Copy)]
struct Allowed {
    tests: bool,
    delivery: bool,
}

impl Allowed {
    fn of(draft: &Draft) -> Self {
        Self {
            tests: asks_for(draft, TEST_WORDS) || is_justified(draft, NoteTopic::Testing),
            delivery: asks_for(draft, DELIVERY_WORDS) || is_justified(draft, NoteTopic::Deployment),
        }
    }

    fn allows(self, purpose: Purpose) -> bool {
        match purpose {
            Purpose::Test => self.tests,
            Purpose::Delivery => self.delivery,
        }
    }
}

/// Checks the paths and the sentences of `draft`.
pub(in crate::planner::verify) fn check_rollout(draft: &mut Draft, check: &mut Check<'_>) {
    let allowed = Allowed::of(draft);
    let known = Known::of(draft, &check.files);
    for (i, change) in draft.changes.iter().enumerate() {
        for (field, path) in [("path", &change.path), ("new_path", &change.new_path)] {
            let Some(purpose) = purpose_of(path, &known) else {
                continue;
            };
            if !allowed.allows(purpose) {
                let what = match purpose {
                    Purpose::Test => "a test",
                    Purpose::Delivery => "part of delivery",
                };
                let message = format!("`{path}` is {what}, which nobody asked for");
                let at = format!("/changes/{i}/{field}");
                check.log.hard("R2", &at, message, Vec::new());
            }
        }
    }
    visit_texts(draft, &mut |field: Field, at: &str, text: &mut String| {
        if field != Field::Instruction {
            return;
        }
        let mut told = sentences(text).filter_map(|sentence| {
            let purpose = instructs(sentence)?;
            (!allowed.allows(purpose)).then_some(sentence.trim())
        });
        if let Some(sentence) = told.next() {
            let sentence: String = sentence.chars().take(120).collect();
            let message =
                format!("tells to test or to roll out, which nobody asked for: {sentence}");
            check.log.hard("R2", at, message, Vec::new());
        }
    });
}

/// `text` without the sentences that this check finds.
pub(in crate::planner) fn without_rollout(text: &str) -> String {
    let kept = sentences(text).filter(|sentence| instructs(sentence).is_none());
    kept.collect::<String>().trim().to_owned()
}

/// Words that tell that tests were asked for.
const TEST_WORDS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "tested",
    "testable",
    "untested",
    "coverage",
    "flaky",
    "unittest",
    "unittests",
];

/// Words that tell that pipelines or deployment were asked for. Words that products are about as well,
/// such as `build`, `image` or `release`, do not.
const DELIVERY_WORDS: &[&str] = &[
    "ci",
    "workflow",
    "workflows",
    "deploy",
    "deploys",
    "deployment",
    "docker",
    "dockerfile",
    "helm",
    "kubernetes",
    "k8s",
    "terraform",
    "ansible",
    "travis",
    "jenkins",
    "appveyor",
];

/// Words with which a constraint says that something is to be left alone.
const LEAVING: &[&str] = &[
    "not",
    "no",
    "stay",
    "stays",
    "unchanged",
    "without",
    "never",
    "dont",
    "untouched",
    "alone",
];

/// Whether a point of the request is about one of `topics`, and not only about leaving it alone.
fn asks_for(draft: &Draft, topics: &[&str]) -> bool {
    draft.understanding.request_points.iter().any(|point| {
        let words = lower_words(&point.text);
        let is_about = words.iter().any(|word| topics.contains(&word.as_str()));
        let leaves = point.kind == PointKind::Constraint
            && words.iter().any(|word| LEAVING.contains(&word.as_str()));
        is_about && !leaves
    })
}

fn is_justified(draft: &Draft, topic: NoteTopic) -> bool {
    draft.architecture_notes.iter().any(|note| {
        let reason = note.why_architectural.split_whitespace().count();
        note.topic == topic && reason >= MIN_REASON_WORDS
    })
}
