use super::*;
use crate::planner::fixture::gold;

fn issue(severity: &str, target: &str, problem: &str) -> Issue {
    Issue {
        severity: severity.to_owned(),
        target: target.to_owned(),
        problem: problem.to_owned(),
        suggestion: "Do  it\nbetter.".to_owned(),
    }
}

#[test]
fn only_blockers_come_back_and_know_their_place() {
    let criticism = Criticism {
        issues: vec![
            issue("blocker", "C3", "Callers break."),
            issue("major", "C1", "Long."),
            issue("BLOCKER", "nowhere", "It solves another problem."),
            issue("blocker", "R2", " "),
            issue("blocker", "D1", "Wrong choice."),
        ],
    };
    let found: Vec<_> = (criticism.blockers(&gold()).into_iter())
        .map(|finding| (finding.at, finding.message, finding.class))
        .collect();
    let soft = |at: &str, message: &str| (at.to_owned(), message.to_owned(), FindingClass::Soft);
    assert_eq!(
        found,
        [
            soft("/changes/2", "Callers break. — Do it better."),
            soft("/", "It solves another problem. — Do it better."),
            soft("/decisions/0", "Wrong choice. — Do it better."),
        ]
    );
}

#[test]
fn flood_of_blockers_is_cut_and_its_texts_too() {
    let criticism = Criticism {
        issues: vec![issue("blocker", "C1", &"ä".repeat(9_000)); 50],
    };
    let blockers = criticism.blockers(&gold());
    assert_eq!(blockers.len(), MAX_BLOCKERS);
    assert!(blockers.iter().all(|one| one.message.chars().count() < 500));
}
