//! The sentences of a gold plan. They claim nothing that the code does not show.

use crate::domain::request::Brief;
use crate::planner::draft::{
    Assumption, Change, Decision, DecisionOption, Draft, OpenQuestion, Operation, PointKind,
    RequestPoint, Risk, RiskCategory, Understanding,
};

/// Words of a path that say that it tests others.
const TESTS: &[&str] = &[
    "test", "tests", "spec", "specs", "testing", "testdata", "e2e", "fixtures", "fixture",
];

/// Whether a path is one of tests.
pub(in crate::cli::eval::verify) fn is_tested(path: &str) -> bool {
    let lower = path.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| TESTS.contains(&word) || word.ends_with("test") || word.ends_with("tests"))
}

/// What somebody would have asked for.
pub(super) fn brief(draft: &Draft) -> Brief {
    let wishes = draft.changes.iter().map(|change| match subject(change) {
        Some(symbol) => {
            format!("- `{symbol}` gives wrong results for some inputs, please have a look")
        }
        None => format!("- `{}` should handle more inputs than today", change.path),
    });
    Brief {
        title: "Some inputs are handled wrongly".to_owned(),
        body: wishes.collect::<Vec<_>>().join("\n"),
        ..Brief::default()
    }
}

/// The first symbol that a change names.
pub(super) fn subject(change: &Change) -> Option<&str> {
    let symbols = change.anchors.iter().map(|anchor| anchor.symbol.as_str());
    symbols.into_iter().find(|symbol| !symbol.is_empty())
}

pub(super) fn title(change: &Change) -> String {
    let verb = match change.op {
        Operation::Modify => "Adjust",
        Operation::Add => "Put the new part into",
        Operation::Delete => "Remove",
        Operation::Rename => "Move",
    };
    let path = match change.op {
        Operation::Rename => &change.new_path,
        _ => &change.path,
    };
    let name = path.rsplit('/').next().unwrap_or(path);
    format!("{verb} `{name}`")
}

pub(super) fn what(op: Operation, symbol: Option<&str>, path: &str) -> String {
    match (op, symbol) {
        (Operation::Add, _) => {
            "Put the logic that both callers need into a file of its own, with one entry point."
                .to_owned()
        }
        (Operation::Delete, _) => {
            "Take the file away, since what it held is served elsewhere.".to_owned()
        }
        (Operation::Rename, _) => "Move the file to where its users look for it.".to_owned(),
        (Operation::Modify, Some(symbol)) => format!(
            "Let `{symbol}` treat the reported inputs like all others: decide once, at its start, and keep one way through the rest."
        ),
        (Operation::Modify, None) => format!(
            "Let the code in `{path}` treat the reported inputs like all others, at the quoted place."
        ),
    }
}

pub(super) fn why(op: Operation) -> &'static str {
    match op {
        Operation::Add => "Two places need it, and neither of them is the right owner.",
        Operation::Delete => "Nothing that stays needs it, and dead code misleads its readers.",
        Operation::Rename => "Its present place suggests another purpose.",
        Operation::Modify => {
            "The quoted lines are where the wrong choice is made, so nothing else has to know of it."
        }
    }
}

pub(super) fn statement(change: &Change) -> String {
    match subject(change) {
        Some(symbol) => {
            format!("`{symbol}` makes the choice at the quoted lines and nowhere else.")
        }
        None => "The choice is made at the quoted lines and nowhere else.".to_owned(),
    }
}

pub(super) fn understanding(changes: &[Change], most: usize) -> Understanding {
    let points = changes.iter().take(most).enumerate().map(|(i, change)| {
        let text = match subject(change) {
            Some(symbol) => format!("`{symbol}` works for the inputs that were reported"),
            None => format!("`{}` works for the inputs that were reported", change.path),
        };
        RequestPoint {
            id: format!("R{}", i + 1),
            text,
            kind: PointKind::Bug,
        }
    });
    Understanding {
        restatement: "A few callers pass values which the present code takes for something else, so they get an answer that helps nobody. \
                      Those values must lead to the same outcome as their neighbours, and whoever is content today must not notice any difference."
            .to_owned(),
        request_points: points.collect(),
        assumptions: vec![Assumption {
            id: "A1".to_owned(),
            text: "No caller relies on the present outcome.".to_owned(),
            if_wrong: "The old outcome has to stay reachable through a parameter.".to_owned(),
        }],
        open_questions: vec![OpenQuestion {
            id: "Q1".to_owned(),
            question: "Are there further inputs that belong to the same family?".to_owned(),
            why: "They would take the same way through the code.".to_owned(),
            default_taken: "Only the reported ones are handled.".to_owned(),
        }],
    }
}

pub(super) fn decision() -> Decision {
    let option = |name: &str, trade_off: &str| DecisionOption {
        name: name.to_owned(),
        trade_off: trade_off.to_owned(),
    };
    Decision {
        id: "D1".to_owned(),
        question: "Where should the inputs be told apart?".to_owned(),
        options: vec![
            option(
                "At the start",
                "One place to read, but every caller pays for the comparison.",
            ),
            option(
                "At each use",
                "Nobody pays who does not need it, but the rule is written several times.",
            ),
        ],
        recommendation: "At the start".to_owned(),
        rationale: "One rule in one place cannot come to contradict itself.".to_owned(),
    }
}

pub(super) fn risks(changes: &[String]) -> Vec<Risk> {
    let risk = |category, risk: &str, mitigation: &str| Risk {
        category,
        risk: risk.to_owned(),
        mitigation: mitigation.to_owned(),
        changes: changes.to_vec(),
    };
    vec![
        risk(
            RiskCategory::Security,
            "None because no new input reaches the code and nothing new leaves it.",
            "",
        ),
        risk(
            RiskCategory::Performance,
            "One more comparison for each call.",
            "It is done before anything is allocated.",
        ),
        risk(
            RiskCategory::Robustness,
            "Inputs that nobody thought of take the new way as well.",
            "Everything that is not named explicitly keeps the old way.",
        ),
    ]
}
