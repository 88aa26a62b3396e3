use crate::domain::change_set::{ChangeSet, ReviewThread};
use crate::domain::request::{Brief, Remark, Speaker};
use crate::domain::thread::{CommentId, ThreadNumber};
use crate::planner::draft::Draft;
use crate::planner::fixture::{index, texts};
use crate::planner::settle::{Settled, is_publishable, settle};
use crate::planner::verify::tests::gold;
use crate::planner::verify::{Finding, Ground, Verification, verify};

fn thread(number: usize) -> ReviewThread {
    ReviewThread {
        number,
        change_request: ThreadNumber(9),
        comment: CommentId(100 + number as u64),
        path: "src/client.rs".to_owned(),
        line: Some(20),
        remarks: vec![Remark {
            login: "ada".to_owned(),
            speaker: Speaker::Other,
            text: "Why not a loop?".to_owned(),
        }],
    }
}

fn reviewed(knows_resolved: bool) -> Brief {
    Brief {
        changes: Some(ChangeSet {
            reviews: vec![thread(1), thread(2)],
            knows_resolved,
            ..ChangeSet::default()
        }),
        ..Brief::default()
    }
}

fn check(draft: &Draft, brief: &Brief) -> Verification {
    let index = index();
    let ground = Ground {
        brief: Some(brief),
        ..Ground::bare(&index)
    };
    verify(draft, &ground)
}

/// The gold plan, its first change answering the first thread.
fn answering() -> Draft {
    let mut draft = gold();
    draft.changes[0].covers.push("V1".to_owned());
    draft
}

fn of_check<'v>(verification: &'v Verification, check: &str) -> Vec<&'v Finding> {
    let findings = verification.findings.iter();
    findings.filter(|finding| finding.check == check).collect()
}

#[test]
fn open_threads_are_points_that_are_covered_or_declined() {
    let checked = check(&answering(), &reviewed(true));
    let added: Vec<_> = of_check(&checked, "C3")
        .iter()
        .map(|one| one.at.clone())
        .collect();
    let points = "/understanding/request_points";
    assert_eq!(added, [format!("{points}/3"), format!("{points}/4")]);
    let left: Vec<_> = of_check(&checked, "C1")
        .iter()
        .map(|one| one.at.clone())
        .collect();
    assert_eq!(left, [format!("{points}/4")]);
    let mut declining = answering();
    declining.out_of_scope = texts(&["R3: the tests stay.", "V2: the loop is there already."]);
    assert_eq!(check(&declining, &reviewed(true)).hard_count(), 0);
}

#[test]
fn point_of_a_thread_links_it() {
    let checked = check(&answering(), &reviewed(true));
    let links = checked
        .plan
        .request_points
        .iter()
        .map(|point| point.review.clone());
    let links: Vec<_> = links.collect();
    assert_eq!(links[..3], [None, None, None]);
    assert_eq!(links[3..], [Some(thread(1).link()), Some(thread(2).link())]);
    assert_eq!(
        checked.plan.changes[0].covers.last(),
        Some(&thread(1).name())
    );
}

#[test]
fn threads_that_may_be_resolved_are_points_only_where_the_plan_says_so() {
    let mut draft = answering();
    let mut point = draft.understanding.request_points[0].clone();
    point.id = "V1".to_owned();
    draft.understanding.request_points.push(point);
    let checked = check(&draft, &reviewed(false));
    assert_eq!(checked.hard_count(), 0);
    let points = &checked.plan.request_points;
    assert_eq!(points.len(), 4);
    assert_eq!(points[3].review, Some(thread(1).link()));
}

#[test]
fn plan_without_a_change_request_knows_no_thread() {
    let checked = check(&gold(), &Brief::default());
    assert_eq!(of_check(&checked, "C3"), Vec::<&Finding>::new());
    let known = checked
        .plan
        .request_points
        .iter()
        .any(|point| point.review.is_some());
    assert!(!known);
}

#[test]
fn thread_that_nobody_answers_is_left_open_and_said_to_be() {
    let (index, brief) = (index(), reviewed(true));
    let ground = Ground {
        brief: Some(&brief),
        ..Ground::bare(&index)
    };
    let Settled {
        verification,
        notes,
    } = settle(verify(&answering(), &ground), &ground);
    assert!(is_publishable(&verification));
    let scope = &verification.file.draft.out_of_scope;
    assert_eq!(
        scope.last().map(String::as_str),
        Some("V2: no change of this plan answers it.")
    );
    assert!(
        notes.iter().any(|note| note.starts_with("left open: `V2`")),
        "{notes:?}"
    );
}
