//! What kind of request it is, by its words, and the questions that such requests leave open.

use crate::domain::request::Brief;

/// Most questions asked.
const MAX_QUESTIONS: usize = 8;

/// A kind of request: phrases that give it away, and what to ask.
struct Kind {
    phrases: &'static [&'static str],
    questions: &'static [&'static str],
}

/// Most specific first. Phrases are matched as whole words in lower case.
const KINDS: [Kind; 8] = [
    Kind {
        phrases: &[
            "traceback",
            "stack trace",
            "backtrace",
            "panicked at",
            "exception in",
            "segfault",
            "segmentation fault",
            "crash",
            "crashes",
        ],
        questions: &[
            "Which input or state leads to the failing frame, and can it be reproduced at this commit?",
            "Is the failing place at fault, or a caller that broke an assumption of it?",
            "Which other callers reach the same place with the same kind of value?",
        ],
    },
    Kind {
        phrases: &[
            "migration",
            "schema",
            "column",
            "table",
            "database",
            "index on",
            "foreign key",
        ],
        questions: &[
            "What happens to rows that exist already?",
            "Do an old and a new version of the program have to work on the data at the same time?",
            "Which queries, exports and interfaces show the changed structure?",
        ],
    },
    Kind {
        phrases: &[
            "endpoint",
            "route",
            "rest",
            "graphql",
            "http api",
            "status code",
            "webhook",
        ],
        questions: &[
            "Who may call it, and where is that checked for its neighbours?",
            "What does it answer to bad input, and in which form do its neighbours answer?",
            "Which limits (size, rate, pages) hold for it?",
        ],
    },
    Kind {
        phrases: &[
            "bump",
            "upgrade",
            "dependency",
            "dependencies",
            "deprecated",
            "outdated",
        ],
        questions: &[
            "Which breaking changes lie between the two versions, and which calls do they meet?",
            "Which other dependencies pin the same one?",
            "Does the new version need another compiler, runtime or platform?",
        ],
    },
    Kind {
        phrases: &[
            "rename", "renamed", "move to", "moved to", "extract", "split up",
        ],
        questions: &[
            "Is the old name part of a public interface, a file format, a setting or a log that others read?",
            "Should the old name go on working for a while?",
        ],
    },
    Kind {
        phrases: &[
            "slow",
            "performance",
            "latency",
            "memory",
            "faster",
            "throughput",
            "timeout",
            "hangs",
            "leak",
        ],
        questions: &[
            "Which measurement shows it, on which input, and what would be good enough?",
            "Is the time spent computing, waiting, or doing the same thing again?",
            "What may grow in exchange: memory, complexity, staleness?",
        ],
    },
    Kind {
        phrases: &[
            "option",
            "flag",
            "setting",
            "config",
            "configuration",
            "configurable",
            "parameter",
            "environment variable",
            "argument",
        ],
        questions: &[
            "What is the default, and does it leave today's behaviour as it is?",
            "Which values are refused, where, and with which message?",
            "Where do its neighbours get read, checked and documented?",
        ],
    },
    Kind {
        phrases: &[
            "bug",
            "error",
            "wrong",
            "broken",
            "fails",
            "regression",
            "incorrect",
            "unexpected",
            "does not work",
            "doesn't work",
        ],
        questions: &[
            "What exactly happens, what should happen, and since when?",
            "Does anybody rely on the present behaviour?",
        ],
    },
];

/// For requests of no kind that is known, and to fill up.
const GENERIC: [&str; 3] = [
    "How will it be visible that this is done?",
    "What is left alone on purpose?",
    "Which of the places below own this behaviour, and which only use it?",
];

/// Questions for `brief`, at most eight: those of all kinds that its words show, or generic ones.
pub(super) fn questions(brief: &Brief) -> Vec<String> {
    let words = words(&brief.full_text());
    let mut questions: Vec<String> = KINDS
        .iter()
        .filter(|kind| kind.phrases.iter().any(|phrase| has_phrase(&words, phrase)))
        .flat_map(|kind| kind.questions)
        .map(|question| (*question).to_owned())
        .collect();
    if questions.len() < GENERIC.len() {
        questions.extend(GENERIC.map(ToOwned::to_owned));
    }
    questions.truncate(MAX_QUESTIONS);
    questions
}

/// The words of a text in lower case, each between single spaces.
fn words(text: &str) -> String {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    let words: Vec<_> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    format!(" {} ", words.join(" "))
}

fn has_phrase(words: &str, phrase: &str) -> bool {
    words.contains(&format!(" {phrase} "))
}
