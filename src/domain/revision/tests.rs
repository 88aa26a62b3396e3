use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::domain::plan::{
    Anchor, Change, Decision, DecisionOption, Operation, Plan, PlanId, Relation, RequestPoint,
    Step, Target,
};
use crate::domain::repository::{LineRange, RepoPath};

fn id(text: &str) -> PlanId {
    PlanId::find(text).unwrap()
}

fn ids(texts: &[&str]) -> Vec<PlanId> {
    texts.iter().map(|text| id(text)).collect()
}

fn change(name: &str, path: &str, symbol: &str, what: &str) -> Change {
    let path = RepoPath::parse(path).unwrap();
    let target = Target::Verified {
        path,
        lines: Some(LineRange::new(3, 9)),
    };
    let anchors = (!symbol.is_empty()).then(|| Anchor {
        symbol: symbol.to_owned(),
        quote: String::new(),
        relation: Relation::Inside,
        target: target.clone(),
    });
    Change {
        id: id(name),
        operation: Operation::Modify,
        target,
        new_path: String::new(),
        anchors: anchors.into_iter().collect(),
        evidence: Vec::new(),
        what: what.to_owned(),
        why: String::new(),
        interfaces: Vec::new(),
        data_structures: Vec::new(),
        imports: Vec::new(),
        config: Vec::new(),
        snippet: None,
        reuses: Vec::new(),
        why_new: String::new(),
        side_effects: Vec::new(),
        covers: Vec::new(),
        depends_on: Vec::new(),
    }
}

fn step(name: &str, title: &str, changes: &[&str]) -> Step {
    Step {
        id: id(name),
        title: title.to_owned(),
        detail: format!("{title}, in full."),
        changes: ids(changes),
    }
}

fn decision(name: &str, question: &str, recommendation: &str) -> Decision {
    Decision {
        id: id(name),
        question: question.to_owned(),
        options: ["constant", "exponential"]
            .map(|name| DecisionOption {
                name: name.to_owned(),
                trade_off: String::new(),
            })
            .to_vec(),
        recommendation: recommendation.to_owned(),
        rationale: String::new(),
    }
}

/// Three changes in three steps, and a decision.
fn plan() -> Plan {
    Plan {
        decisions: vec![decision("D1", "How does the pause grow?", "constant")],
        changes: vec![
            change(
                "C1",
                "src/config.rs",
                "Settings",
                "Add the first pause as a setting.",
            ),
            change(
                "C2",
                "src/client.rs",
                "fetch_page",
                "Wait between the attempts.",
            ),
            change(
                "C3",
                "src/main.rs",
                "main",
                "Pass the setting on to the client.",
            ),
        ],
        steps: vec![
            step("T1", "Add the setting", &["C1"]),
            step("T2", "Wait between attempts", &["C2"]),
            step("T3", "Pass the setting on", &["C3"]),
        ],
        ..Plan::default()
    }
}

/// The plan with its parts called by other names.
fn renamed(plan: &Plan, names: &Names) -> Plan {
    let name = |id: &mut PlanId| {
        if let Some(new) = names.find(id.as_str()) {
            *id = new.clone();
        }
    };
    let mut plan = plan.clone();
    for change in &mut plan.changes {
        name(&mut change.id);
        change.covers.iter_mut().for_each(name);
        change.depends_on.iter_mut().for_each(name);
    }
    for step in &mut plan.steps {
        name(&mut step.id);
        step.changes.iter_mut().for_each(name);
    }
    plan.decisions.iter_mut().for_each(|one| name(&mut one.id));
    plan.request_points
        .iter_mut()
        .for_each(|one| name(&mut one.id));
    plan
}

/// The new plan with the names that it gets after the earlier one.
fn after(earlier: &Plan, new: &Plan, used: Highest) -> Plan {
    renamed(new, &choose_names(earlier, new, used))
}

fn step_ids(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|step| step.id.as_str()).collect()
}

fn change_ids(plan: &Plan) -> Vec<&str> {
    plan.changes
        .iter()
        .map(|change| change.id.as_str())
        .collect()
}

#[test]
fn first_plan_is_counted_in_its_order_whatever_the_model_called_its_parts() {
    let mut odd = plan();
    let names = [
        ("T1", "step-one"),
        ("T2", "T7"),
        ("C1", "S2"),
        ("C3", "C1"),
        ("D1", "X"),
    ];
    let mut other = Names::default();
    for (old, new) in names {
        other.add(id(old), id(new));
    }
    odd = renamed(&odd, &other);
    assert_eq!(after(&Plan::default(), &odd, Highest::default()), plan());
}

#[test]
fn steps_in_another_order_keep_their_names() {
    let mut new = plan();
    new.steps.rotate_left(1);
    new.changes.rotate_left(1);
    let fresh = after(&Plan::default(), &new, Highest::default());
    assert_eq!(step_ids(&fresh), ["T1", "T2", "T3"]);
    let again = after(&plan(), &fresh, Highest::default());
    assert_eq!(step_ids(&again), ["T2", "T3", "T1"]);
    assert_eq!(change_ids(&again), ["C2", "C3", "C1"]);
    assert_eq!(again.steps[0].changes, ids(&["C2"]));
}

#[test]
fn number_of_a_dropped_step_is_not_given_again() {
    let mut shorter = plan();
    shorter.steps.pop();
    shorter.changes.pop();
    let used = Highest::default().with(&plan());
    let mut longer = shorter.clone();
    longer.changes.push(change(
        "C3",
        "README.md",
        "",
        "Tell how long the pauses are.",
    ));
    longer
        .steps
        .push(step("T3", "Describe the pauses", &["C3"]));
    let next = after(&shorter, &longer, used);
    assert_eq!(step_ids(&next), ["T1", "T2", "T4"]);
    assert_eq!(change_ids(&next), ["C1", "C2", "C4"]);
    assert_eq!(next.steps[2].changes, ids(&["C4"]));
}

#[test]
fn step_with_other_words_and_the_same_change_is_the_same_step() {
    let mut new = plan();
    new.steps[1].title = "Let the client pause".to_owned();
    new.steps[1].detail = "Sleep.".to_owned();
    new.changes[1].what = "Sleep before each attempt but the first.".to_owned();
    assert_eq!(
        step_ids(&after(&plan(), &new, Highest::default())),
        ["T1", "T2", "T3"]
    );
    let difference = find_differences(&plan(), &new);
    let changed = |name: &str, aspects: &[Aspect]| Changed {
        id: id(name),
        aspects: aspects.to_vec(),
    };
    assert_eq!(
        difference,
        Difference {
            changed: vec![
                changed("T2", &[Aspect::Title, Aspect::Detail]),
                changed("C2", &[Aspect::Detail]),
            ],
            ..Difference::default()
        }
    );
}

#[test]
fn change_that_moves_to_another_file_keeps_its_name() {
    let mut new = plan();
    new.changes[0] = change(
        "C1",
        "src/settings.rs",
        "Settings",
        "Add the first pause as a setting.",
    );
    let new = after(&plan(), &new, Highest::default());
    assert_eq!(change_ids(&new), ["C1", "C2", "C3"]);
    let difference = find_differences(&plan(), &new);
    let aspects: Vec<_> = difference
        .changed
        .iter()
        .map(|one| one.aspects.clone())
        .collect();
    assert_eq!(aspects, [[Aspect::Place], [Aspect::Place]]);
}

#[test]
fn another_change_to_the_same_file_gets_a_new_name() {
    let mut new = plan();
    new.changes[1] = change(
        "C2",
        "src/client.rs",
        "Client::open",
        "Check every header twice.",
    );
    new.steps[1] = step("T2", "Harden what arrives", &["C2"]);
    let new = after(&plan(), &new, Highest::default());
    assert_eq!(change_ids(&new), ["C1", "C4", "C3"]);
    assert_eq!(step_ids(&new), ["T1", "T4", "T3"]);
    let difference = find_differences(&plan(), &new);
    assert_eq!(difference.added, ids(&["T4", "C4"]));
    assert_eq!(difference.dropped, ids(&["T2", "C2"]));
    assert_eq!(difference.changed, []);
}

#[test]
fn decision_is_told_by_its_question() {
    let mut new = plan();
    new.decisions = vec![
        decision("D1", "Which errors count as passing?", "all"),
        decision("D2", "How does the pause grow?", "exponential"),
    ];
    let new = after(&plan(), &new, Highest::default());
    let names: Vec<_> = new.decisions.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(names, ["D2", "D1"]);
    let difference = find_differences(&plan(), &new);
    assert_eq!(difference.added, ids(&["D2"]));
    assert_eq!(difference.changed[0].aspects, [Aspect::Recommendation]);
}

#[test]
fn lines_that_moved_make_no_difference() {
    let mut new = plan();
    let moved = Target::Verified {
        path: RepoPath::parse("src/client.rs").unwrap(),
        lines: Some(LineRange::new(90, 99)),
    };
    new.changes[1].anchors[0].target = moved.clone();
    new.changes[1].target = moved;
    assert!(find_differences(&plan(), &new).is_empty());
}

#[test]
fn point_with_a_name_of_another_kind_gets_one_of_its_own() {
    let point = |name: &str| RequestPoint {
        id: id(name),
        text: String::new(),
        kind: "bug".to_owned(),
        review: None,
    };
    let mut new = plan();
    new.request_points = ["R2", "C1x", "V1", "T1x"].map(point).to_vec();
    let new = after(&Plan::default(), &new, Highest::default());
    let names: Vec<_> = new
        .request_points
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    assert_eq!(names, ["R2", "R1", "V1", "R3"]);
}

#[test]
fn log_keeps_the_newest_and_shortens_what_was_said() {
    let entry = |revision| RevisionEntry {
        revision,
        commit: CommitSha::parse(&"c0ffee00".repeat(5)).unwrap(),
        cause: Cause::Revise {
            feedback: format!("not\n {}", "é".repeat(900)),
        }
        .shortened(),
        result: RevisionResult::First { steps: 3 },
        spending: Spending::default(),
        highest: Highest::default(),
    };
    let log = (1..=30).fold(Vec::new(), |log, revision| log_with(entry(revision), &log));
    let revisions: Vec<_> = log.iter().map(|entry| entry.revision).collect();
    assert_eq!(revisions, (11..=30).rev().collect::<Vec<_>>());
    let words = log[0].cause.words();
    assert_eq!(words.chars().count(), 200);
    assert!(
        words.starts_with("not é") && words.ends_with("é…"),
        "{words}"
    );
}

prop_compose! {
    fn any_change()(
        path in select(vec!["a.rs", "b.rs", "c/d.rs"]),
        symbol in select(vec!["", "open", "close", "Client::read"]),
        words in vec(select(vec!["wait", "retry", "header", "limit", "pause", "until"]), 0..5),
        operation in select(vec![Operation::Modify, Operation::Add, Operation::Delete]),
    ) -> Change {
        Change { operation, ..change("X", path, symbol, &words.join(" ")) }
    }
}

prop_compose! {
    /// A plan with parts that resemble each other, in names of a model's own making.
    fn any_plan()(
        changes in vec(any_change(), 0..7),
        titles in vec(select(vec!["Wait", "Wait longer", "Read the header", "Add a limit", ""]), 0..7),
        questions in vec(select(vec!["Which limit?", "Which header is read?", "How long?"]), 0..4),
        style in select(vec!["", "s", "T"]),
    ) -> Plan {
        let numbered = |prefix: &str, i: usize| id(&format!("{prefix}{}", 1 + (i * 5) % 7));
        let changes: Vec<_> = (0..).zip(changes).map(|(i, change)| Change {
            id: numbered("C", i),
            depends_on: (i > 0).then(|| numbered("C", i - 1)).into_iter().collect(),
            ..change
        }).collect();
        let steps = (0..).zip(titles).map(|(i, title)| Step {
            id: numbered(&format!("T{style}"), i),
            title: title.to_owned(),
            detail: String::new(),
            changes: changes.get(i).map(|change| change.id.clone()).into_iter().collect(),
        });
        let decisions = (0..).zip(questions).map(|(i, question)| Decision {
            id: numbered("D", i),
            ..decision("X", question, "constant")
        });
        Plan { steps: steps.collect(), decisions: decisions.collect(), changes, ..Plan::default() }
    }
}

fn all_ids(plan: &Plan) -> Vec<&PlanId> {
    let steps = plan.steps.iter().map(|step| &step.id);
    let changes = plan.changes.iter().map(|change| &change.id);
    let decisions = plan.decisions.iter().map(|one| &one.id);
    steps.chain(changes).chain(decisions).collect()
}

proptest! {
    #[test]
    fn names_are_unique_and_lead_somewhere(earlier in any_plan(), new in any_plan()) {
        let earlier = after(&Plan::default(), &earlier, Highest::default());
        let named = after(&earlier, &new, Highest::default());
        let names = all_ids(&named);
        let distinct: BTreeSet<_> = names.iter().collect();
        prop_assert_eq!(distinct.len(), names.len());
        let changes: BTreeSet<_> = named.changes.iter().map(|change| &change.id).collect();
        let used = named.steps.iter().flat_map(|step| &step.changes);
        let used = used.chain(named.changes.iter().flat_map(|change| &change.depends_on));
        for id in used {
            prop_assert!(changes.contains(id), "{:?}", id);
        }
        // The same parts in the same order, but for their names.
        let plain = after(&Plan::default(), &named, Highest::default());
        prop_assert_eq!(plain, after(&Plan::default(), &new, Highest::default()));
    }

    #[test]
    fn planning_the_same_again_changes_nothing(plan in any_plan(), shift in 0_usize..40) {
        let used = Highest { steps: shift, changes: shift, decisions: shift };
        let first = after(&Plan::default(), &plan, used);
        let again = after(&first, &plan, used);
        prop_assert_eq!(&again, &first);
        prop_assert!(find_differences(&first, &again).is_empty());
    }

    #[test]
    fn new_names_are_above_all_that_were_used(earlier in any_plan(), new in any_plan()) {
        let earlier = after(&Plan::default(), &earlier, Highest::default());
        let used = Highest { steps: 30, changes: 40, decisions: 50 };
        let named = after(&earlier, &new, used);
        let difference = find_differences(&earlier, &named);
        for id in difference.added {
            let (prefix, number) = id.as_str().split_at(1);
            let limit = match prefix { "T" => 30, "C" => 40, _ => 50 };
            prop_assert!(number.parse::<usize>().unwrap() > limit, "{:?}", id);
        }
    }
}
