use std::sync::Arc;

use super::*;
use crate::planner::draft::Operation;
use crate::planner::fixture::{anchor, gold, index, texts};
use crate::planner::pack::PACK_TOKENS;
use crate::planner::{Study, fixture, search};

fn settled(mutate: impl FnOnce(&mut Draft)) -> Settled {
    let mut draft = gold();
    mutate(&mut draft);
    let index = Arc::new(index());
    let pack = Study::of(&search(&fixture::brief(), &index, 10_000)).pack;
    assert!(pack.find("E1").is_some() && pack.tokens() < PACK_TOKENS);
    let ground = Ground {
        pack: Some(&pack),
        ..Ground::bare(&index)
    };
    settle(verify(&draft, &ground), &ground)
}

fn draft(settled: &Settled) -> &Draft {
    &settled.verification.file.draft
}

#[test]
fn true_draft_is_left_alone_and_published() {
    let settled = settled(|_| {});
    assert_eq!(draft(&settled), &gold());
    assert_eq!(settled.notes, Vec::<String>::new());
    assert!(is_publishable(&settled.verification));
}

#[test]
fn false_entries_are_taken_out_one_by_one() {
    let settled = settled(|d| {
        d.changes[0].evidence = texts(&["E1", "E77", "E78"]);
        d.changes[2].reuses = texts(&["no_such_thing", "try_once", "nor_this"]);
        d.changes[2].side_effects[1].path = "tests/none.rs".to_owned();
        d.changes[1].covers = texts(&["R9", "R1"]);
        d.risks[0].changes = texts(&["C3", "C9"]);
    });
    let mut expected = gold();
    expected.changes[2].reuses = texts(&["try_once"]);
    expected.changes[2].side_effects.truncate(1);
    assert_eq!(draft(&settled), &expected);
    assert_eq!(settled.notes.len(), 7);
    assert!(is_publishable(&settled.verification));
}

#[test]
fn finding_goes_with_its_last_evidence() {
    let settled = settled(|d| {
        let mut forged = d.findings[0].clone();
        forged.evidence = texts(&["E99"]);
        d.findings.insert(0, forged);
    });
    assert_eq!(draft(&settled).findings, gold().findings);
}

#[test]
fn change_in_a_file_that_does_not_exist_goes_with_its_references() {
    let settled = settled(|d| {
        let mut ghost = d.changes[2].clone();
        ghost.id = "C4".to_owned();
        ghost.path = "src/ghost_town.rs".to_owned();
        d.changes.push(ghost);
        d.steps[1].changes.push("C4".to_owned());
        d.changes[2].depends_on.push("C4".to_owned());
    });
    assert_eq!(draft(&settled), &gold());
    assert_eq!(
        settled.notes,
        ["left out a change: `src/ghost_town.rs` does not exist at this commit"]
    );
}

#[test]
fn point_that_loses_its_only_change_stops_the_plan() {
    let settled = settled(|d| {
        d.changes[0].path = "src/settings_file.rs".to_owned();
        d.changes[2].covers = texts(&["R1"]);
    });
    assert!(!is_publishable(&settled.verification));
}

#[test]
fn false_anchor_goes_when_another_one_stands() {
    let settled = settled(|d| d.changes[2].anchors[1] = anchor("Ghost", ""));
    assert_eq!(draft(&settled).changes[2].anchors.len(), 2);
    assert!(is_publishable(&settled.verification));
}

#[test]
fn only_anchor_of_a_change_stays_and_is_marked() {
    let settled = settled(|d| {
        d.changes[2].anchors = vec![anchor("", "let nothing = of_the_kind();")];
    });
    let change = &settled.verification.plan.changes[2];
    assert!(matches!(
        change.anchors[0].target,
        Target::Unverified { .. }
    ));
    // One of seven places is more than one in twenty.
    assert!(!is_publishable(&settled.verification));
}

#[test]
fn one_marked_anchor_among_many_places_is_bearable() {
    let settled = settled(|d| {
        let true_anchor = anchor("", "pub fn fetch_page(&self, address: &str)");
        d.changes[2].anchors = vec![true_anchor; 20];
        d.changes[0].anchors = vec![anchor("", "let nothing = of_the_kind();")];
    });
    assert_eq!(settled.verification.hard_count(), 1);
    assert!(is_publishable(&settled.verification));
}

#[test]
fn orphan_gets_a_step() {
    let settled = settled(|d| d.steps.truncate(1));
    let steps = &draft(&settled).steps;
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[1].id, "T2");
    assert_eq!(steps[1].title, "Change src/client.rs for the pause");
    assert_eq!(steps[1].changes, texts(&["C3"]));
    assert!(is_publishable(&settled.verification));
}

#[test]
fn cycle_is_cut() {
    let settled = settled(|d| d.changes[0].depends_on = texts(&["C3"]));
    assert_eq!(settled.verification.hard_count(), 0);
    assert!(is_publishable(&settled.verification));
}

#[test]
fn second_change_of_one_id_goes_and_the_first_keeps_its_references() {
    let settled = settled(|d| {
        let mut twin = d.changes[2].clone();
        twin.what = "Twin.".to_owned();
        d.changes.push(twin);
    });
    assert_eq!(draft(&settled), &gold());
}

#[test]
fn unusable_ids_of_steps_are_replaced() {
    let settled = settled(|d| {
        d.steps[0].id = "the first step".to_owned();
        d.steps[1].id = "R1".to_owned();
    });
    assert_eq!(draft(&settled), &gold());
}

#[test]
fn steps_that_need_each_other_stop_the_plan() {
    let settled = settled(|d| {
        d.steps[0].changes = texts(&["C1", "C3"]);
        d.steps[1].changes = texts(&["C2"]);
    });
    assert!(!is_publishable(&settled.verification));
}

#[test]
fn plan_without_changes_is_none() {
    let settled = settled(|d| {
        d.changes.clear();
        d.steps.clear();
        d.dependencies.clear();
        d.risks.clear();
        d.out_of_scope = texts(&["R1, R2 and R3"]);
    });
    assert_eq!(settled.verification.hard_count(), 0);
    assert!(!is_publishable(&settled.verification));
}

#[test]
fn what_was_put_right_is_noted() {
    let settled = settled(|d| {
        d.changes[2].path = "./src/client.rs".to_owned();
        d.changes[0].op = Operation::Modify;
        d.changes[0].new_path = "x".to_owned();
    });
    assert_eq!(
        settled.notes,
        [
            "put right: only a rename has a new path; it was left out",
            "put right: `./src/client.rs` was read as `src/client.rs`",
        ]
    );
}
