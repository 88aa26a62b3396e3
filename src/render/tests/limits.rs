//! What happens to plans that are too long for a comment.

use crate::domain::document::{Content, OutlineReason};
use crate::domain::plan::{Decision, Plan, PlanId, Snippet};
use crate::domain::repository::ForgeKind;
use crate::render::document;
use crate::render::tests::oracle::judge;
use crate::render::tests::sample;

/// A plan of `count` changes, each with a snippet and a step.
fn plan_of(count: usize) -> Plan {
    let mut plan = sample::large_plan();
    plan.changes.clear();
    plan.steps.clear();
    for number in 1..=count {
        let (change_id, step_id) = (format!("C{number}"), format!("T{number}"));
        let mut change = sample::change(&change_id, sample::at("src/a.rs", 1, 9), "Change it.");
        change.why = "because of `everything` | and *more*".to_owned();
        change.snippet = Some(Snippet {
            language: "rust".to_owned(),
            code: "fn f() {}\n/x\n".repeat(5),
        });
        plan.changes.push(change);
        plan.steps
            .push(sample::step(&step_id, "Step", &[&change_id]));
    }
    plan
}

fn render(plan: Plan, forge: ForgeKind) -> String {
    let body = document(&sample::plan_document(plan), &sample::site(forge));
    body.as_str().to_owned()
}

fn notice(body: &str) -> &str {
    let mut lines = body.lines();
    lines
        .find(|line| line.contains("Shortened"))
        .unwrap_or_default()
}

#[test]
fn a_plan_that_fits_is_whole() {
    let body = render(plan_of(50), ForgeKind::GitHub);
    assert_eq!(notice(&body), "");
    assert_eq!(body.matches("```rust").count(), 50);
}

#[test]
fn snippets_are_left_out_first() {
    let body = render(plan_of(150), ForgeKind::GitHub);
    insta::assert_snapshot!(notice(&body), @r"> **Shortened to fit into one comment.** Left out: 132 snippets. `planwright plan --issue URL --format json` shows the whole plan.");
    assert!(body.contains("**C150** Modify") && body.contains("```rust") && body.len() <= 60_000);
}

#[test]
fn then_the_prompt_and_the_details_of_the_last_steps_are_left_out() {
    let body = render(plan_of(300), ForgeKind::GitHub);
    insta::assert_snapshot!(notice(&body), @r"> **Shortened to fit into one comment.** Left out: 300 snippets, the prompt for a coding agent, 644 lines of details of the last steps. `planwright plan --issue URL --format json` shows the whole plan.");
    assert!(
        body.contains("**C1** Modify")
            && !body.contains("**C300** Modify")
            && body.contains("**T300**")
    );
}

#[test]
fn a_giant_plan_is_one_comment_with_a_notice() {
    for forge in [ForgeKind::GitHub, ForgeKind::GitLab] {
        let mut plan = plan_of(5_000);
        plan.decisions = vec![
            Decision {
                id: PlanId::numbered('D', 1),
                question: "Which?".repeat(40),
                options: Vec::new(),
                recommendation: String::new(),
                rationale: String::new(),
            };
            3_000
        ];
        let site = sample::site(forge);
        let body = render(plan, forge);
        let headings = ["## Plan", "### Decisions and questions for you"];
        assert!(body.len() <= 60_000, "{} bytes", body.len());
        assert_eq!(judge(&body, &site, &headings), [""; 0]);
        assert!(notice(&body).contains("5,000 steps"));
    }
}

#[test]
fn a_giant_plan_of_hostile_texts_fits() {
    let mut plan = plan_of(400);
    plan.restatement = "` `` ``` @ ".repeat(5_000);
    plan.out_of_scope = vec!["🚀 `".repeat(9_000); 50];
    for change in &mut plan.changes {
        change.what = "``` @x #1 ".repeat(3_000);
    }
    let body = render(plan, ForgeKind::GitHub);
    assert!(body.len() <= 60_000, "{} bytes", body.len());
}

#[test]
fn a_giant_outline_fits() {
    let mut outline = sample::outline(OutlineReason::NoModel);
    let candidate = outline.candidates.remove(0);
    outline.candidates = vec![candidate; 4_000];
    let document_of = sample::document(Content::Outline(outline));
    let body = document(&document_of, &sample::site(ForgeKind::GitLab));
    assert!(body.as_str().len() <= 60_000);
    insta::assert_snapshot!(notice(body.as_str()), @r"> **Shortened to fit into one comment.** Left out: 9 lines of background, 3,810 places. `planwright plan --issue URL --format json` shows the whole plan.");
}
