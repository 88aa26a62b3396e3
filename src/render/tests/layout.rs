//! What is where in a comment.

use crate::domain::document::{Content, OutlineReason, Receipt, References};
use crate::domain::plan::{Plan, Target};
use crate::domain::repository::{CommitSha, ForgeKind};
use crate::render::tests::sample;
use crate::render::{Notice, Progress, document, notice};

fn plan(plan: Plan, forge: ForgeKind) -> String {
    let body = document(&sample::plan_document(plan), &sample::site(forge));
    body.as_str().to_owned()
}

fn outline(reason: OutlineReason) -> String {
    let content = Content::Outline(sample::outline(reason));
    let body = document(&sample::document(content), &sample::site(ForgeKind::GitHub));
    body.as_str().to_owned()
}

/// What is seen before anything is unfolded.
fn visible(body: &str) -> Vec<&str> {
    let mut folded = false;
    let mut seen = Vec::new();
    for line in body.lines() {
        folded |= line == "<details>";
        if !folded || line.starts_with("<summary>") {
            seen.push(line);
        }
        folded &= line != "</details>";
    }
    seen.retain(|line| !line.is_empty());
    seen
}

fn linked(target: Target, forge: ForgeKind) -> String {
    let changes = vec![sample::change("C1", target, "It.")];
    let steps = vec![sample::step("T1", "Step", &["C1"])];
    let body = plan(
        Plan {
            changes,
            steps,
            ..Plan::default()
        },
        forge,
    );
    let step = body.lines().find(|line| line.starts_with("- **T1**"));
    step.unwrap().to_owned()
}

#[test]
fn a_trivial_plan_fits_in_fifteen_lines() {
    let body = plan(sample::small_plan(), ForgeKind::GitHub);
    let seen = visible(&body);
    assert!(seen.len() <= 15, "{seen:#?}");
}

#[test]
fn an_outline_says_first_why_there_is_no_plan() {
    let reasons = [
        OutlineReason::ModelUnavailable,
        OutlineReason::DraftRejected {
            unknown: 3,
            total: 12,
        },
    ];
    let heads = reasons.map(|reason| {
        let body = outline(reason);
        let lines: Vec<_> = body.lines().take(5).collect();
        lines.join("\n")
    });
    insta::assert_snapshot!(heads.join("\n\n"), @r"
    ## Outline (no model used)

    This is search output at [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246); it proposes no design. Revision 2.

    The model could not be reached or gave no usable answer, so there is no plan yet. Comment `/plan` to ask again.

    ## Outline (no model used)

    This is search output at [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246); it proposes no design. Revision 2.

    The model's draft did not pass verification (3 of 12 references unknown), so this outline takes its place and uses none of it. Comment `/plan` to ask again.
    ");
}

#[test]
fn an_outline_without_any_place_says_so() {
    let mut empty = sample::outline(OutlineReason::NoModel);
    empty.candidates.clear();
    let content = Content::Outline(empty);
    let body = document(&sample::document(content), &sample::site(ForgeKind::GitHub));
    assert!(
        body.as_str()
            .contains("### Where it probably leads\n\nNothing in the repository stood out.")
    );
}

#[test]
fn links_are_pinned_and_percent_encoded() {
    let odd = "src/a b/#1/(ü)?.rs";
    let lines = [
        linked(sample::at("src/a.rs", 10, 20), ForgeKind::GitHub),
        linked(sample::at("src/a.rs", 10, 10), ForgeKind::GitHub),
        linked(sample::at("README.md", 10, 20), ForgeKind::GitHub),
        linked(sample::whole("README.md"), ForgeKind::GitHub),
        linked(sample::at(odd, 1, 2), ForgeKind::GitHub),
        linked(sample::at("README.md", 10, 20), ForgeKind::GitLab),
        linked(sample::at("src/a.rs", 10, 10), ForgeKind::GitLab),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    - **T1** Step: [`src/a.rs:10-20`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/a.rs#L10-L20)
    - **T1** Step: [`src/a.rs:10`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/a.rs#L10)
    - **T1** Step: [`README.md:10-20`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/README.md?plain=1#L10-L20)
    - **T1** Step: [`README.md`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/README.md)
    - **T1** Step: [`src/a b/#1/(ü)?.rs:1-2`](https://github.com/acme/engine/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/a%20b/%231/%28%C3%BC%29%3F.rs#L1-L2)
    - **T1** Step: [`README.md:10-20`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/README.md#L10-20)
    - **T1** Step: [`src/a.rs:10`](https://gitlab.example/group/sub/engine/-/blob/6113728f27ae82c7b1a177c8d03f9e96e0adf246/src/a.rs#L10)
    ");
}

#[test]
fn only_what_was_verified_is_linked() {
    let path = sample::path("src/new.rs");
    let lines = [
        linked(Target::New { path }, ForgeKind::GitHub),
        linked(sample::unverified("src/gone.rs"), ForgeKind::GitHub),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    - **T1** Step: `src/new.rs` (new file)
    - **T1** Step: `src/gone.rs` (**not found in the repository**)
    ");
}

#[test]
fn an_address_too_long_for_a_link_is_only_shown() {
    let long = format!("{}/end.rs", "ü".repeat(600));
    let line = linked(sample::whole(&long), ForgeKind::GitHub);
    assert!(
        line.ends_with("`…/end.rs`") && !line.contains('['),
        "{line}"
    );
}

#[test]
fn a_plan_that_nobody_checked_says_so() {
    let changes = vec![sample::change("C1", sample::unverified("src/a.rs"), "It.")];
    let steps = vec![sample::step("T1", "Step", &["C1"])];
    let mut unchecked = sample::plan_document(Plan {
        changes,
        steps,
        ..Plan::default()
    });
    unchecked.receipt = Receipt::default();
    if let Content::Plan { references, .. } = &mut unchecked.content {
        *references = References::default();
    }
    let body = document(&unchecked, &sample::site(ForgeKind::GitHub));
    let seen = visible(body.as_str());
    insta::assert_snapshot!(seen.join("\n"), @r"
    ## Plan
    Revision 2 · commit [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · references not verified
    **Approach:** 1 change in 1 step (1 file modified). No new dependencies.
    ### Steps
    - **T1** Step: `src/a.rs` (**not verified**)
        - It.
    <summary>Details of 1 change</summary>
    <summary>Prompt for a coding agent</summary>
    ");
}

#[test]
fn an_empty_plan_is_still_a_comment() {
    let body = plan(Plan::default(), ForgeKind::GitHub);
    let seen = visible(&body);
    insta::assert_snapshot!(seen.join("\n"), @r"
    ## Plan
    Revision 2 · commit [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246) · 12 of 13 references verified, the others are marked
    **Approach:** 0 changes. No new dependencies.
    <summary>What was read, skipped and spent</summary>
    ");
}

#[test]
fn changes_of_no_step_and_of_two_steps_are_told_once() {
    let mut twice = sample::large_plan();
    twice.steps.push(sample::step("T3", "Again", &["C2", "C2"]));
    let body = plan(twice, ForgeKind::GitHub);
    let told = ["**C1** ", "**C2** ", "- **C3** "].map(|name| body.matches(name).count());
    assert_eq!(told, [1, 1, 1]);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let twice = [(); 2].map(|()| plan(sample::large_plan(), ForgeKind::GitHub));
    assert_eq!(twice[0], twice[1]);
}

#[test]
fn notices_say_what_happened_and_what_to_do() {
    let notices = [
        Notice::Working {
            commit: CommitSha::parse(sample::SHA).unwrap(),
            progress: Progress::Writing,
        },
        Notice::Cancelled,
        Notice::MadePublic,
        Notice::Failed { job: 42 },
        Notice::RepositoryEmpty,
        Notice::NotReadable {
            why: "the credentials lack a permission (needed: contents=read)".to_owned(),
        },
        Notice::TooLarge,
        Notice::Merged,
        Notice::Help,
        Notice::UnknownWord {
            word: "--config".to_owned(),
        },
    ];
    let site = sample::site(ForgeKind::GitHub);
    let bodies = notices.map(|kind| notice(&kind, &site).as_str().to_owned());
    insta::assert_snapshot!(bodies.join("\n\n----\n\n"), @r"
    **Planning** at [`6113728`](https://github.com/acme/engine/commit/6113728f27ae82c7b1a177c8d03f9e96e0adf246): writing the plan. The plan will take the place of this comment; `/plan cancel` ends the work.

    ----

    **No plan:** the request was taken back before the plan was there. Comment `/plan` to ask again.

    ----

    **No plan:** it was made from a private repository, which was made public in the meantime. Comment `/plan` to ask for one that everybody may read.

    ----

    **No plan: something went wrong on the bot's side**, in every attempt. Nothing was changed in the repository.

    Comment `/plan` to try again. If it fails again, tell the bot's operator the number of this job: 42.

    ----

    **No plan yet.** The repository has no commit, so there is no code to plan for. Push a first commit, then comment `/plan`.

    ----

    **No plan yet.** The repository's contents could not be read: `the credentials lack a permission (needed: contents=read)`. Somebody who manages the repository can allow this bot to read its contents; then comment `/plan`.

    ----

    **No plan.** The repository is larger than this bot may read. Its operator can raise the limits under `budgets`; then comment `/plan`.

    ----

    **No plan.** This pull request is merged: what it changes is part of the code. Open an issue for what is to follow, and comment `/plan` there.

    ----

    **How to ask for a plan.** Write a command at the start of a line in a comment on an issue or pull request:

    - `/plan [what to focus on]`: plans this thread, or plans it again
    - `/plan revise <feedback>`: plans again with the feedback taken into account
    - `/plan check`: tells whether the plan still fits the code
    - `/plan cancel`: stops the work on this thread
    - `/plan config`: shows the settings in force here and where each one comes from
    - `/plan help`: shows this list

    ----

    **No plan was made:** `--config` is not understood. Settings are not taken from comments. What can be written at the start of a line:

    - `/plan [what to focus on]`: plans this thread, or plans it again
    - `/plan revise <feedback>`: plans again with the feedback taken into account
    - `/plan check`: tells whether the plan still fits the code
    - `/plan cancel`: stops the work on this thread
    - `/plan config`: shows the settings in force here and where each one comes from
    - `/plan help`: shows this list
    ");
}
