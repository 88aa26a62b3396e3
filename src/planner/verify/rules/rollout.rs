//! R2: no tests, pipelines or deployment, unless somebody asked for them or the architecture hangs on them.
//!
//! Repositories may be about tests or deployment themselves, so a sentence counts only when it plainly
//! tells somebody to write or run tests, or to put something into production.

use crate::planner::draft::{Draft, NoteTopic, PointKind};
use crate::planner::verify::Check;
use crate::planner::verify::fields::{Field, visit_texts};
use crate::planner::verify::rules::paths::{Purpose, purpose_of};

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
    for (i, change) in draft.changes.iter().enumerate() {
        for (field, path) in [("path", &change.path), ("new_path", &change.new_path)] {
            let Some(purpose) = purpose_of(path, &check.files) else {
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

fn lower_words(text: &str) -> Vec<String> {
    text.replace('\'', "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The sentences of a text with what ends them.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let end = bytes.iter().enumerate().position(|(i, byte)| match byte {
            b'\n' | b';' => true,
            b'.' | b'!' => bytes.get(i + 1).is_none_or(u8::is_ascii_whitespace),
            _ => false,
        });
        let end = end.map_or(rest.len(), |end| end + 1);
        let (sentence, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(sentence)
    })
}

/// What a sentence tells somebody to do that no plan should; code in it is not read.
fn instructs(sentence: &str) -> Option<Purpose> {
    if runs_tool(sentence) {
        return Some(Purpose::Test);
    }
    let plain: String = sentence
        .split('`')
        .step_by(2)
        .collect::<Vec<_>>()
        .join(" x ");
    let words = lower_words(&plain);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // An instruction begins with its verb, perhaps behind a word or two that lead to it, and may be
    // joined to another one.
    let starts = (words.iter().enumerate())
        .filter(|(i, _)| *i == 0 || leads(words.get(..*i).unwrap_or_default()));
    starts
        .filter_map(|(i, verb)| {
            let behind = words.get(i + 1..).unwrap_or_default();
            instruction(verb, behind)
        })
        .next()
}

/// Tools that run tests, by the words of their command lines.
const TEST_TOOLS: &[&str] = &[
    "test", "tests", "pytest", "tox", "jest", "vitest", "mocha", "rspec", "phpunit", "nextest",
    "ctest",
];

/// Whether a sentence tells to run a command between back-ticks that runs tests.
fn runs_tool(sentence: &str) -> bool {
    let mut pieces = sentence.split('`');
    let before = lower_words(pieces.next().unwrap_or_default());
    let runs = before
        .last()
        .is_some_and(|verb| matches!(&**verb, "run" | "execute" | "rerun"));
    let command = pieces.next().unwrap_or_default();
    let is_command = command.contains(' ') || TEST_TOOLS.contains(&command);
    runs && is_command
        && command
            .split_whitespace()
            .take(3)
            .any(|word| TEST_TOOLS.contains(&word))
}

/// Whether an instruction may begin behind these words.
fn leads(before: &[&str]) -> bool {
    let opening = [
        "also",
        "finally",
        "then",
        "afterwards",
        "lastly",
        "next",
        "please",
        "and",
        "to",
        "must",
        "should",
    ];
    before.last().is_some_and(|word| opening.contains(word))
}

fn instruction(verb: &str, behind: &[&str]) -> Option<Purpose> {
    let writing = [
        "add",
        "write",
        "create",
        "extend",
        "update",
        "include",
        "implement",
        "provide",
        "introduce",
        "cover",
    ];
    let running = [
        "run", "execute", "rerun", "verify", "validate", "confirm", "check", "ensure",
    ];
    let delivering = [
        "deploy", "roll", "release", "ship", "promote", "rollout", "push",
    ];
    if writing.contains(&verb) && names_tests(behind) {
        return Some(Purpose::Test);
    }
    let near = behind
        .get(..OBJECT_WORDS.min(behind.len()))
        .unwrap_or_default();
    let pipeline = near.windows(2).any(|pair| {
        matches!(
            pair,
            [
                "ci",
                "pipeline" | "pipelines" | "workflow" | "job" | "jobs" | "configuration"
            ]
        )
    });
    let release = matches!(verb, "tag" | "cut" | "publish")
        && matches!(
            near,
            ["a" | "the" | "new", "release", ..] | ["a" | "the", "new", "release", ..]
        );
    if (writing.contains(&verb) && pipeline) || release {
        return Some(Purpose::Delivery);
    }
    let raising = ["bring", "raise", "increase", "improve", "keep", "extend"];
    let coverage = near.windows(2).any(|pair| *pair == ["test", "coverage"]);
    if raising.contains(&verb) && coverage {
        return Some(Purpose::Test);
    }
    if running.contains(&verb) && runs_tests(verb, behind) {
        return Some(Purpose::Test);
    }
    let audience = [
        "users",
        "customers",
        "fleet",
        "production",
        "staging",
        "canary",
    ];
    let rolls_out = verb == "roll"
        && behind.first() == Some(&"out")
        && behind
            .iter()
            .take(OBJECT_WORDS * 2)
            .any(|word| audience.contains(word));
    (rolls_out || delivering.contains(&verb) && names_stage(behind)).then_some(Purpose::Delivery)
}

/// How far behind its verb an object is looked for.
const OBJECT_WORDS: usize = 8;

/// Whether tests are what is written: the noun ends there and is no part of another one.
fn names_tests(behind: &[&str]) -> bool {
    let near = behind
        .get(..OBJECT_WORDS.min(behind.len()))
        .unwrap_or_default();
    let ends = |next: Option<&&str>| next.is_none_or(|next| JOINING.contains(next));
    near.iter().enumerate().any(|(i, word)| {
        let before = i
            .checked_sub(1)
            .and_then(|before| near.get(before))
            .copied();
        let next = behind.get(i + 1);
        let open = near.get(..i).unwrap_or_default();
        // Behind another preposition it is something else that is written.
        let is_object = !open.iter().any(|word| {
            matches!(
                *word,
                "to" | "in"
                    | "into"
                    | "from"
                    | "of"
                    | "on"
                    | "that"
                    | "which"
                    | "when"
                    | "so"
                    | "before"
                    | "after"
                    | "between"
            )
        });
        let kinds = [
            "unit",
            "integration",
            "regression",
            "e2e",
            "end",
            "smoke",
            "acceptance",
            "snapshot",
            "functional",
            "automated",
        ];
        is_object
            && match *word {
                "tests" => ends(next),
                "test" => {
                    let compound =
                        matches!(next.copied(), Some("case" | "cases" | "coverage" | "suite"));
                    let kind = before.is_some_and(|before| kinds.contains(&before));
                    let after = if compound { behind.get(i + 2) } else { next };
                    (compound || kind || before == Some("a")) && ends(after)
                }
                _ => false,
            }
    })
}

/// Words behind which a noun is over.
const JOINING: &[&str] = &[
    "for",
    "to",
    "that",
    "which",
    "covering",
    "around",
    "of",
    "against",
    "and",
    "with",
    "as",
    "when",
    "proving",
    "exercising",
    "verifying",
    "asserting",
    "checking",
    "so",
    "where",
];

/// Whether the project's tests are what is run.
fn runs_tests(verb: &str, behind: &[&str]) -> bool {
    let near = behind
        .get(..OBJECT_WORDS.min(behind.len()))
        .unwrap_or_default();
    let has = |one: &str, other: &str| near.windows(2).any(|pair| *pair == [one, other]);
    let suite = has("test", "suite")
        || has("existing", "tests")
        || has("unit", "tests")
        || has("all", "tests");
    let passing = has("tests", "pass") || has("tests", "still");
    match verb {
        "run" | "execute" | "rerun" => {
            let whole = matches!(
                near,
                ["tests"] | ["the", "tests"] | ["the", "tests", "to" | "and", ..]
            );
            let tool = matches!(
                near,
                ["cargo" | "npm" | "go" | "make" | "yarn" | "mvn", "test", ..] | ["pytest", ..]
            );
            suite || whole || tool
        }
        _ => passing || (suite && has("suite", "passes")),
    }
}

/// Whether something is put where users meet it.
fn names_stage(behind: &[&str]) -> bool {
    let near = behind
        .get(..OBJECT_WORDS.min(behind.len()))
        .unwrap_or_default();
    near.windows(2).any(|pair| {
        matches!(
            pair,
            ["to", "staging" | "production" | "prod"] | ["out", "gradually"]
        )
    }) || near.windows(3).any(|triple| {
        matches!(
            triple,
            ["to", "the" | "a", "staging" | "production" | "canary"]
        ) || matches!(triple, ["behind" | "to", "a", "canary"])
    })
}
