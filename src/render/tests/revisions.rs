//! What a comment says of the revisions before it, and of reviewers that it answers.

use crate::domain::document::{ChangesRead, Document, OutlineReason};
use crate::domain::plan::{PlanId, RequestPoint, ReviewLink};
use crate::domain::repository::{CommitSha, ForgeKind};
use crate::domain::revision::{
    Aspect, Cause, Changed, Difference, Highest, RevisionEntry, RevisionResult, Spending,
};
use crate::domain::thread::{CommentId, ThreadNumber};
use crate::render::document;
use crate::render::tests::oracle::judge;
use crate::render::tests::sample::{self, SHA};

fn ids(names: &[&str]) -> Vec<PlanId> {
    names
        .iter()
        .map(|name| PlanId::find(name).unwrap())
        .collect()
}

/// A point that reviewers of a change request wait for.
pub(super) fn reviewed_point(name: &str) -> RequestPoint {
    RequestPoint {
        id: PlanId::find(name).unwrap(),
        text: "Why not 429".to_owned(),
        kind: "behaviour".to_owned(),
        review: Some(ReviewLink {
            change_request: ThreadNumber(7),
            comment: CommentId(2_914_306_557),
            author: "ada".to_owned(),
            path: "src/upload.rs".to_owned(),
            line: Some(41),
        }),
    }
}

fn entry(revision: u32, cause: Cause, result: RevisionResult) -> RevisionEntry {
    RevisionEntry {
        revision,
        commit: CommitSha::parse(SHA).unwrap(),
        cause,
        result,
        spending: Spending::default(),
        highest: Highest::default(),
    }
}

fn feedback(text: &str) -> Cause {
    Cause::Revise {
        feedback: text.to_owned(),
    }
}

fn revised(added: &[&str], changed: &[&str], dropped: &[&str]) -> RevisionResult {
    let changed = ids(changed).into_iter().map(|id| Changed {
        id,
        aspects: vec![Aspect::Place, Aspect::Detail],
    });
    RevisionResult::Revised(Difference {
        added: ids(added),
        changed: changed.collect(),
        dropped: ids(dropped),
    })
}

fn first() -> RevisionEntry {
    let label = Cause::Label {
        name: "plan".to_owned(),
    };
    entry(1, label, RevisionResult::First { steps: 3 })
}

fn with_history(history: Vec<RevisionEntry>) -> Document {
    Document {
        history,
        ..sample::plan_document(sample::small_plan())
    }
}

fn body(of: &Document) -> String {
    let body = document(of, &sample::site(ForgeKind::GitHub));
    body.as_str().to_owned()
}

#[test]
fn newest_revision_is_told_in_a_line_and_all_of_them_below() {
    let newest = RevisionEntry {
        spending: Spending {
            calls: 2,
            input_tokens: 41_000,
            output_tokens: 2_100,
            cost: "0.12 USD".to_owned(),
        },
        ..entry(
            3,
            feedback("Not on 502, please"),
            revised(&["T4", "C5"], &["T2"], &["T3", "D1"]),
        )
    };
    let failed = entry(
        2,
        Cause::Plan {
            focus: String::new(),
        },
        RevisionResult::Kept {
            reason: OutlineReason::ModelUnavailable,
        },
    );
    let body = body(&with_history(vec![newest, failed, first()]));
    let line = "\n\n**Revision 3:** T4 added; T2 (place, detail) changed; T3, D1 dropped.\n\n";
    assert!(body.contains(line), "{body}");
    let (_, log) = body.split_once("<summary>Revision log</summary>").unwrap();
    let (log, _) = log.split_once("</details>").unwrap();
    let commit = format!("[`6113728`](https://github.com/acme/engine/commit/{SHA})");
    let lines = [
        format!(
            "- **Revision 3** at {commit}, asked for by `/plan revise` “Not on 502, please”: T4, C5 added; \
             T2 (place, detail) changed; T3, D1 dropped (2 calls, 41,000 tokens in, 2,100 tokens out, \
             0.12 USD)"
        ),
        format!(
            "- **Revision 2** at {commit}, asked for by `/plan`: no plan, because the model could not be \
             reached or gave no usable answer"
        ),
        format!(
            "- **Revision 1** at {commit}, asked for by the label `plan`: the first plan, 3 steps"
        ),
    ];
    assert_eq!(log.trim(), lines.join("\n"));
}

#[test]
fn first_plan_says_nothing_of_revisions() {
    let body = body(&with_history(vec![first()]));
    assert!(
        !body.contains("**Revision 1") && !body.contains("Revision log"),
        "{body}"
    );
}

#[test]
fn plan_that_changed_nothing_says_so() {
    let body = body(&with_history(vec![
        entry(2, feedback(""), revised(&[], &[], &[])),
        first(),
    ]));
    assert!(
        body.contains("**Revision 2:** nothing changed.\n"),
        "{body}"
    );
}

#[test]
fn plan_that_still_stands_says_why_no_other_one_came() {
    for (reason, why) in [
        (OutlineReason::NoModel, "because no model is configured."),
        (
            OutlineReason::ModelUnavailable,
            "because the model could not be reached or gave no usable answer.",
        ),
        (
            OutlineReason::DraftRejected {
                unknown: 2,
                total: 9,
            },
            "because the model's draft did not pass verification.",
        ),
    ] {
        let kept = entry(3, feedback("Not on 502"), RevisionResult::Kept { reason });
        let body = body(&with_history(vec![kept, first()]));
        let notice =
            format!("\n\n> **Revision 3 came to nothing**, {why} Below is still revision 2, ");
        assert!(body.contains(&notice), "{body}");
        assert!(body.contains("### Steps"), "{body}");
    }
}

#[test]
fn many_names_do_not_make_a_long_line() {
    let names: Vec<_> = (1..=40).map(|number| format!("T{number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let body = body(&with_history(vec![
        entry(2, feedback(""), revised(&names, &[], &[])),
        first(),
    ]));
    assert!(body.contains("T11, T12, 28 more added.\n"), "{body}");
}

#[test]
fn words_of_whoever_asked_act_on_nobody() {
    let hostile = "</details> @octocat #1 /plan [x](https://evil.example) <img src=x> ⟦src";
    let causes = [
        feedback(hostile),
        Cause::Label {
            name: hostile.to_owned(),
        },
        Cause::Plan {
            focus: hostile.to_owned(),
        },
        Cause::Operator {
            focus: hostile.to_owned(),
        },
    ];
    let entries = (2..).zip(causes);
    let entries = entries.map(|(number, cause)| entry(number, cause, revised(&["T1"], &[], &[])));
    let mut history: Vec<_> = entries.collect();
    history.push(first());
    for forge in [ForgeKind::GitHub, ForgeKind::GitLab] {
        let site = sample::site(forge);
        let body = document(&with_history(history.clone()), &site);
        let headings = ["## Plan", "### Steps"];
        assert_eq!(judge(body.as_str(), &site, &headings), [""; 0]);
    }
}

#[test]
fn step_that_answers_reviewers_links_what_they_said() {
    let mut plan = sample::small_plan();
    plan.request_points = vec![reviewed_point("V1"), reviewed_point("R1")];
    plan.request_points[1].review = None;
    plan.changes[0].covers = ids(&["R1", "V1"]);
    let body = body(&sample::plan_document(plan.clone()));
    let link = "[review thread by ada at `src/upload.rs:41`]\
                (https://github.com/acme/engine/pull/7#discussion_r2914306557)";
    assert!(
        body.contains(&format!("\n    - Answers the {link}\n")),
        "{body}"
    );
    assert!(
        body.contains(&format!("- **V1** Why not 429 (behaviour) — {link}\n")),
        "{body}"
    );
    assert!(
        body.contains("- **R1** Why not 429 (behaviour)\n"),
        "{body}"
    );
    let site = sample::site(ForgeKind::GitLab);
    let body = document(&sample::plan_document(plan), &site);
    let address = "(https://gitlab.example/group/sub/engine/-/merge_requests/7#note_2914306557)";
    assert!(body.as_str().contains(address), "{}", body.as_str());
}

#[test]
fn receipt_tells_what_of_a_change_request_was_not_read() {
    let told = |changes: ChangesRead| {
        let mut document = sample::plan_document(sample::small_plan());
        document.receipt.changes = Some(changes);
        let body = body(&document);
        let lines = body
            .lines()
            .filter(|line| line.starts_with("- Diff of") || line.contains("review thread"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = ChangesRead {
        files: 3,
        named: 3,
        reviews: 1,
        knows_resolved: true,
        ..ChangesRead::default()
    };
    assert_eq!(
        told(whole),
        [
            "- Diff of 3 files: all hunks read",
            "- 1 review thread read, those that are resolved left aside"
        ]
    );
    let cut = ChangesRead {
        files: 3_120,
        named: 150,
        cut: 12,
        withheld: 1,
        reviews: 20,
        more_reviews: 4,
        knows_resolved: false,
    };
    assert_eq!(
        told(cut),
        [
            "- Diff of 3,120 files, the first 150 of them looked at: hunks of 12 files cut for lack of room, \
             hunks of 1 file not given by the forge",
            "- 20 review threads read; the forge does not tell which of them are resolved; at least 4 more \
             not looked at"
        ]
    );
    assert_eq!(
        told(ChangesRead::default()),
        ["- Diff of 0 files: all hunks read"]
    );
}
