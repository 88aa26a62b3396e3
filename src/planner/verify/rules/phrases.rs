//! Sentences that tell somebody to write or run tests, or to put something into production.

use crate::planner::verify::rules::paths::Purpose;

/// The words of a text in lower case.
pub(super) fn lower_words(text: &str) -> Vec<String> {
    text.replace('\'', "")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The sentences of a text with what ends them.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
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
pub(super) fn instructs(sentence: &str) -> Option<Purpose> {
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
    let near = near(behind);
    if writes_tests(verb, behind) || runs_tests(verb, near) {
        Some(Purpose::Test)
    } else if changes_pipeline(verb, near) || rolls_out(verb, behind) {
        Some(Purpose::Delivery)
    } else {
        None
    }
}

fn near<'w, 's>(behind: &'w [&'s str]) -> &'w [&'s str] {
    behind
        .get(..OBJECT_WORDS.min(behind.len()))
        .unwrap_or_default()
}

fn writes_tests(verb: &str, behind: &[&str]) -> bool {
    let coverage = || {
        near(behind)
            .windows(2)
            .any(|pair| *pair == ["test", "coverage"])
    };
    (WRITING.contains(&verb) && names_tests(behind)) || (RAISING.contains(&verb) && coverage())
}

fn changes_pipeline(verb: &str, near: &[&str]) -> bool {
    let pipeline = near.windows(2).any(|pair| {
        matches!(pair, ["ci", what] if matches!(*what, "pipeline" | "workflow" | "job" | "jobs"))
    });
    let release = near.iter().position(|word| *word == "release");
    let before = release.and_then(|release| near.get(..release));
    let is_released = before.is_some_and(|before| {
        let is_article = |word: &&str| matches!(*word, "a" | "the" | "new");
        before.iter().all(is_article)
    });
    (WRITING.contains(&verb) && pipeline)
        || (matches!(verb, "tag" | "cut" | "publish") && is_released)
}

fn rolls_out(verb: &str, behind: &[&str]) -> bool {
    let mut wide = behind.iter().take(OBJECT_WORDS * 2);
    let meets_users = verb == "roll"
        && behind.first() == Some(&"out")
        && wide.any(|word| AUDIENCE.contains(word));
    meets_users || (DELIVERING.contains(&verb) && names_stage(behind))
}

const WRITING: &[&str] = &[
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
const RAISING: &[&str] = &["bring", "raise", "increase", "improve", "keep"];
const DELIVERING: &[&str] = &["deploy", "roll", "release", "ship", "promote", "push"];
const AUDIENCE: &[&str] = &[
    "users",
    "customers",
    "fleet",
    "production",
    "staging",
    "canary",
];

/// How far behind its verb an object is looked for.
const OBJECT_WORDS: usize = 8;

/// Whether tests are what is written: the noun ends there and is no part of another one.
fn names_tests(behind: &[&str]) -> bool {
    let near = near(behind);
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
fn runs_tests(verb: &str, near: &[&str]) -> bool {
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
        "verify" | "validate" | "confirm" | "check" | "ensure" => passing || has("suite", "passes"),
        _ => false,
    }
}

/// Whether something is put where users meet it.
fn names_stage(behind: &[&str]) -> bool {
    let near = near(behind);
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
