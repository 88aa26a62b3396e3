//! What teams do that nobody planned for.

use std::time::Duration;

use http::Method;

use crate::cli::compose;
use crate::domain::thread::{CommentId, ReactionTarget, Role, ThreadNumber};
use crate::sandbox::world::people::{AccountKind, Actor};
use crate::sandbox::world::{Fault, Gate, InstallationStatus, IssueFate};
use crate::store::JobState;
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, OUTSIDER, Story};

const TREES: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";
const LABEL: &str = "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}";

fn reactions(story: &Story, issue: ThreadNumber, comment: CommentId) -> Vec<&'static str> {
    story.bot_reactions(issue, ReactionTarget::Comment(comment))
}

/// A story whose next reading of the repository waits at a gate.
async fn begin_at_gate() -> (Story, Gate) {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.triggers.one_shot_labels = vec!["plan once".to_owned()];
        settings.checks.delay = Duration::ZERO;
    })
    .await;
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, TREES, hold, 1);
    (story, gate)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_a_template_puts_for_a_stranger_is_refused() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.sandbox.open_issue(OUTSIDER, "Uploads are lost", "");
    let issue = issue.unwrap();
    // The forge labels with the template's right, and names who opened the issue.
    story.sandbox.world().change(|state| {
        let stranger = state.actor(OUTSIDER).unwrap();
        let labelling = Actor {
            role: Role::Triage,
            ..stranger
        };
        let labelled = state.add_label(&labelling, issue.0, "plan", compose::now());
        labelled.unwrap();
    });
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert_eq!(story.bot_comments(issue), []);
    assert_eq!(
        story.bot_reactions(issue, ReactionTarget::Thread),
        ["confused"]
    );

    // Somebody who may can still ask by the same label.
    story.sandbox.unlabel(issue, "plan", MAINTAINER).unwrap();
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_read_however_they_are_typed() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let asking = [
        "Look:\r\n\r\n/PLAN look at `drain_queue`\r\n",
        "@PlanWright[bot] Plan the größte Datei 🚀",
        "/plan\u{a0}look at `connect`",
        "Thanks!\n/plan ändere `send_file`",
        "# /plan\n/plan after a heading",
        "- one\n- two\n\n/plan after a list",
        "```\ncode\n```\n/plan after code",
        "<details>\n<summary>Log</summary>\n\nlost\n\n</details>\n\n/plan after a fold",
    ];
    for body in asking {
        let comment = story.comment(issue, MAINTAINER, body);
        story.settle().await;
        assert_eq!(
            reactions(&story, issue, comment),
            ["eyes", "rocket"],
            "{body}"
        );
    }
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_said_in_the_open_asks_for_nothing() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let quiet = [
        "> > /plan\n> /plan",
        "> quoted\n/plan goes on in the quote",
        "````\n```\n/plan\n```\n````",
        "~~~ /plan\n/plan\n~~~",
        "```\n/plan in a fence that never ends",
        "- item\n\n      /plan",
        "- /plan\n1. /plan",
        "<details>\n<summary>What others say</summary>\n\n/plan\n\n</details>",
        "<DETAILS open><summary>x</summary>\n\n@planwright plan",
        "[/plan](https://example.com)\n**/plan**\n\\/plan",
        "| /plan |\n|---|\n| /plan |",
        "[^1]: /plan\n\nSee[^1]",
        "/\u{440}lan\n\u{200b}/plan",
        "/plans\n/plan,\n//plan\n\u{ff0f}plan",
    ];
    for body in quiet {
        story.comment(issue, MAINTAINER, body);
        let jobs = story.settle().await;
        assert_eq!(jobs, [], "{body}");
    }
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_automation_asks_for_nothing_whoever_edits_it() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let comment = story.sandbox.world().change(|state| {
        let account = state.add_account("renovate[bot]", AccountKind::Bot, Role::None);
        let bot = Actor {
            account,
            login: "renovate[bot]".to_owned(),
            role: Role::Write,
        };
        state
            .add_comment(&bot, issue.0, "/plan", compose::now())
            .unwrap()
    });
    let comment = CommentId(comment);
    story
        .sandbox
        .edit(comment, MAINTAINER, "An update.")
        .unwrap();
    story.sandbox.edit(comment, MAINTAINER, "/plan").unwrap();
    assert_eq!(story.settle().await, []);

    // Nor does the bot's own comment.
    story.comment(issue, MAINTAINER, "/plan");
    let answer = story.answer(issue).await;
    let jobs = story.settle().await.len();
    let edited = format!("/plan\n\n{}", answer.body);
    story.sandbox.edit(answer.id, MAINTAINER, &edited).unwrap();
    assert_eq!(story.settle().await.len(), jobs);
    // What somebody wrote into it is gone with the next plan, which still finds it.
    story.comment(issue, MAINTAINER, "/plan again");
    story.settle().await;
    let comments = story.bot_comments(issue);
    assert_eq!((comments.len(), comments[0].id), (1, answer.id));
    assert!(!comments[0].body.starts_with("/plan"));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_locked_while_it_is_planned_is_left_as_it_is() {
    let (story, gate) = begin_at_gate().await;
    let issue = story.open_issue("Uploads are lost", "");
    let asked = story.comment(issue, MAINTAINER, "/plan");
    gate.reached().await;
    story.sandbox.set_locked(issue, true).unwrap();
    gate.open();
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert!(jobs[0].reason.contains("locked"), "{}", jobs[0].reason);
    assert_eq!(story.bot_comments(issue), []);
    assert_eq!(reactions(&story, issue, asked), ["eyes", "confused"]);

    story.sandbox.set_locked(issue, false).unwrap();
    story.comment(issue, MAINTAINER, "/plan now");
    story.answer(issue).await;
    story.settle().await;
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_archived_while_it_is_planned_is_planned_when_it_is_back() {
    let (story, gate) = begin_at_gate().await;
    let issue = story.open_issue("Uploads are lost", "");
    story.label(issue, MAINTAINER);
    gate.reached().await;
    story.sandbox.set_archived(true);
    gate.open();
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert!(jobs[0].reason.contains("archived"), "{}", jobs[0].reason);
    assert_eq!(story.bot_comments(issue), []);

    story.sandbox.set_archived(false);
    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.settle().await;
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_moved_away_takes_its_plan_along() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.checks.delay = Duration::ZERO;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "`send_file` in `src/upload.rs`");
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.settle().await;
    story
        .sandbox
        .set_fate(issue, IssueFate::Transferred)
        .unwrap();
    let jobs = story.settle().await.len();
    let asked = story.sandbox.world().requests().len();

    let before = story.repository().git(&["rev-parse", "HEAD"]);
    let before = crate::domain::repository::CommitSha::parse(&before).unwrap();
    story
        .repository()
        .commit(&[("src/upload.rs", "// nothing\n")]);
    story
        .sandbox
        .announce_push(MAINTAINER, &before)
        .await
        .unwrap();

    assert_eq!(story.settle().await.len(), jobs, "nobody looks after it");
    assert_eq!(story.sandbox.world().requests().len(), asked);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_cannot_be_taken_off_or_is_called_otherwise_undoes_no_plan() {
    let (story, gate) = begin_at_gate().await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.label(issue, "plan once", MAINTAINER).unwrap();
    gate.reached().await;
    // An owner gives the label another name; the forge tells nothing of the issue.
    story.sandbox.world().change(|state| {
        let label = state.labels.iter_mut().find(|one| one.name == "plan once");
        label.unwrap().name = "planned once".to_owned();
        let labels = &mut state.issue_mut(issue.0).unwrap().labels;
        *labels = vec!["planned once".to_owned()];
    });
    gate.open();
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Published);
    assert_eq!(story.sandbox.labels(issue), ["planned once"]);

    let world = story.sandbox.world();
    world.fail(Method::DELETE, LABEL, Fault::ServerError(502), 1);
    story.sandbox.label(issue, "plan once", MAINTAINER).unwrap();
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Published);
    assert_eq!(story.sandbox.labels(issue), ["planned once", "plan once"]);
    assert_eq!(
        story.bot_reactions(issue, ReactionTarget::Thread),
        ["eyes", "rocket"]
    );
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_deleted_while_it_waits_is_not_served_and_one_said_again_is() {
    let (story, gate) = begin_at_gate().await;
    let issue = story.open_issue("Uploads are lost", "");
    let said = story.comment(issue, MAINTAINER, "/plan");
    gate.reached().await;
    story.sandbox.delete(said, MAINTAINER).unwrap();
    story.sandbox.wait_for_deliveries().await;
    gate.open();
    story.settle().await;
    assert_eq!(story.bot_comments(issue), []);

    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_before_a_suspension_is_not_posted_after_it_when_nobody_asks_any_more() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_private(true);
    let issue = story.open_issue("Uploads are lost", "");
    let (gate, repository) = (Gate::default(), "/repos/{owner}/{repo}");
    let hold = Fault::Hold(gate.clone());
    // The last look before the plan is posted.
    story.sandbox.world().fail(Method::GET, repository, hold, 1);
    story.label(issue, MAINTAINER);
    gate.reached().await;
    story
        .sandbox
        .set_installation(InstallationStatus::Suspended);
    gate.open();
    loop {
        match story.store().jobs(1).await.unwrap().pop() {
            Some(job) if job.reason.contains("suspended") => break,
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
    assert_eq!(story.bot_comments(issue), []);

    // Nothing is told of what happens in between.
    story.sandbox.world().change(|state| {
        state.issue_mut(issue.0).unwrap().labels.clear();
    });
    story.sandbox.set_installation(InstallationStatus::Active);
    let jobs = story.settle().await;

    assert_eq!(
        jobs[0].reason,
        "the label was taken off before the work began"
    );
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_that_ends_lets_the_plan_come() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story
        .sandbox
        .set_installation(InstallationStatus::Suspended);
    let asked = story.comment(issue, MAINTAINER, "/plan");
    loop {
        match story.store().jobs(1).await.unwrap().pop() {
            Some(job) if job.reason.contains("suspended") => break,
            _ => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
    story.sandbox.set_installation(InstallationStatus::Active);
    story.answer(issue).await;
    story.settle().await;
    assert_eq!(reactions(&story, issue, asked), ["eyes", "rocket"]);
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_help_after_the_comment_was_deleted_gets_it() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    let plan = story.answer(issue).await;
    story.settle().await;
    story.sandbox.delete(plan.id, MAINTAINER).unwrap();

    // A word that is not understood brings nothing back.
    let word = story.comment(issue, MAINTAINER, "/plan chek");
    story.settle().await;
    assert_eq!(reactions(&story, issue, word), ["eyes", "confused"]);
    assert_eq!(story.bot_comments(issue), []);

    story.comment(issue, MAINTAINER, "/plan");
    let plan = story.answer(issue).await;
    story.settle().await;
    story.sandbox.delete(plan.id, MAINTAINER).unwrap();
    let help = story.comment(issue, MAINTAINER, "/plan help");
    story.settle().await;
    assert_eq!(reactions(&story, issue, help), ["eyes", "rocket"]);
    let comments = story.bot_comments(issue);
    assert_eq!(comments.len(), 1);
    assert!(
        comments[0].body.starts_with("**How to ask"),
        "{}",
        comments[0].body
    );
    assert!(
        !comments[0].body.contains("## Outline"),
        "{}",
        comments[0].body
    );

    story.comment(issue, MAINTAINER, "/plan");
    story.settle().await;
    assert_eq!(story.bot_comments(issue).len(), 1);
    story.end().await;
}
