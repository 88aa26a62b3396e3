//! Who gets a comment, and how many.

use crate::domain::thread::{ReactionTarget, Role};
use crate::sandbox::world::{Fault, HookFormat};
use crate::store::JobState;
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, OUTSIDER, Story};

#[tokio::test(flavor = "multi_thread")]
async fn a_label_brings_one_comment_about_the_right_file() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("send_file gives up too early", "A refused upload is lost.");

    story.label(issue, MAINTAINER);
    let answer = story.answer(issue).await;
    story.settle().await;

    assert!(answer.body.contains("src/upload.rs"), "{}", answer.body);
    assert_eq!(story.bot_comments(issue).len(), 1);
    let reactions = story.bot_reactions(issue, ReactionTarget::Thread);
    assert_eq!(reactions, ["eyes", "rocket"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_acknowledged_on_its_comment() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");

    let command = story.comment(issue, MAINTAINER, "/plan focus on `drain_queue`");
    let answer = story.answer(issue).await;
    story.settle().await;

    assert!(answer.body.contains("src/queue.rs"), "{}", answer.body);
    let reactions = story.bot_reactions(issue, ReactionTarget::Comment(command));
    assert_eq!(reactions, ["eyes", "rocket"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_again_edits_the_one_comment() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    let first = story.answer(issue).await;
    story.settle().await;

    story.comment(issue, MAINTAINER, "/plan and look at `connect`");
    story.settle().await;

    let comments = story.bot_comments(issue);
    assert_eq!(comments.len(), 1);
    assert_eq!(comments[0].id, first.id);
    assert_ne!(comments[0].body, first.body);
    assert!(
        comments[0].body.contains("evision 2"),
        "{}",
        comments[0].body
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redelivery_and_twins_change_nothing() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan");
    let first = story.answer(issue).await;
    let jobs = story.settle().await.len();

    let deliveries: Vec<_> = story.sandbox.world().deliveries();
    for delivery in &deliveries {
        story.sandbox.redeliver(delivery.id).unwrap();
        story.sandbox.deliver_twin(delivery.id).unwrap();
    }
    let after = story.settle().await;

    assert_eq!(after.len(), jobs);
    assert_eq!(story.bot_comments(issue), [first]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn form_bodies_are_read_like_json() {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.set_webhook_format(HookFormat::Form);
    let issue = story.open_issue("Uploads are lost", "");

    story.label(issue, MAINTAINER);

    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_gets_a_reaction_and_no_comment() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");

    let command = story.comment(issue, OUTSIDER, "/plan");
    let jobs = story.settle().await;

    assert_eq!(jobs[0].state, JobState::Abandoned);
    assert_eq!(story.bot_comments(issue), []);
    let reactions = story.bot_reactions(issue, ReactionTarget::Comment(command));
    assert_eq!(reactions, ["confused"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configured_role_decides() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.policy.minimum_role = Role::Triage;
    })
    .await;
    story.sandbox.set_role(OUTSIDER, Role::Triage);
    let issue = story.open_issue("Uploads are lost", "");

    story.comment(issue, OUTSIDER, "/plan");

    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quoted_and_coded_commands_are_not_spoken() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let quiet = [
        "> /plan",
        "```\n/plan\n```",
        "    /plan",
        "Please /plan this",
        "`/plan`",
        "<!--\n/plan\n-->",
        "/planet",
        "thanks!",
    ];

    for body in quiet {
        story.comment(issue, MAINTAINER, body);
    }
    let jobs = story.settle().await;

    assert_eq!(jobs, []);
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_runs_only_a_command_that_is_new() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let comment = story.comment(issue, MAINTAINER, "hello");
    story.sandbox.edit(comment, MAINTAINER, "/plan").unwrap();
    story.answer(issue).await;
    story.settle().await;

    let again = ["/plan", "Thanks!\n\n/plan"];
    for body in again {
        story.sandbox.edit(comment, MAINTAINER, body).unwrap();
    }
    let jobs = story.settle().await;

    assert_eq!(jobs.len(), 1);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_acts_by_the_right_of_its_editor() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let plain = story.comment(issue, OUTSIDER, "I lost one, too.");
    let asking = story.comment(issue, OUTSIDER, "/plan everything");
    story.settle().await;

    // Mending somebody's words is not asking for what they ask.
    let mended = "/plan everything, please";
    story.sandbox.edit(asking, MAINTAINER, mended).unwrap();
    story.settle().await;
    assert_eq!(story.bot_comments(issue), []);

    story.sandbox.edit(plain, OUTSIDER, "/plan").unwrap();
    story.settle().await;
    assert_eq!(story.bot_comments(issue), []);

    let other = story.comment(issue, OUTSIDER, "And another.");
    story.sandbox.edit(other, MAINTAINER, "/plan").unwrap();
    story.answer(issue).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_the_description_asks_as_well() {
    let story = Story::begin(upload_repository()).await;
    let refused = story.sandbox.open_issue(OUTSIDER, "Mine", "Lost.\n\n/plan");
    let issue = story.open_issue("Uploads are lost", "In `send_file`.\n\n/plan");
    let answer = story.answer(issue).await;
    story.settle().await;

    assert!(answer.body.contains("src/upload.rs"), "{}", answer.body);
    assert_eq!(story.bot_comments(refused.unwrap()), []);
    let reactions = story.bot_reactions(issue, ReactionTarget::Thread);
    assert_eq!(reactions, ["eyes", "rocket"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_labels_are_ignored() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");

    story.sandbox.label(issue, "bug", MAINTAINER).unwrap();
    let jobs = story.settle().await;

    assert_eq!(jobs, []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_without_commits_gets_a_notice() {
    let story = Story::begin(TestRepository::empty()).await;
    let issue = story.open_issue("Start somewhere", "");

    story.label(issue, MAINTAINER);
    let answer = story.answer(issue).await;

    assert!(answer.body.contains("no commit"), "{}", answer.body);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_thread_is_left_alone() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.sandbox.set_locked(issue, true).unwrap();

    story.label(issue, MAINTAINER);
    let jobs = story.settle().await;

    assert_eq!(jobs[0].reason, "the thread is locked");
    assert_eq!(story.bot_comments(issue), []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cold_plan_needs_at_most_fifteen_calls_and_three_writes() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");

    story.comment(issue, MAINTAINER, "/plan");
    story.answer(issue).await;
    story.settle().await;

    let requests = story.sandbox.world().requests();
    let writes = requests
        .iter()
        .filter(|request| request.is_write() && !request.path.ends_with("/access_tokens"))
        .count();
    assert!(requests.len() <= 15, "{} calls", requests.len());
    assert_eq!(writes, 3, "two reactions and one comment");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_gives_the_same_comment() {
    let bodies = async || {
        let repository = upload_repository();
        repository.git(&["reset", "--quiet", "--soft", "HEAD"]);
        let story = Story::begin(repository).await;
        let issue = story.open_issue("send_file gives up too early", "");
        story.label(issue, MAINTAINER);
        let body = story.answer(issue).await.body;
        story.end().await;
        let stable = |line: &&str| !line.contains("http") && !line.contains("<!--");
        body.lines()
            .filter(stable)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(bodies().await, bodies().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_cannot_take_the_place_of_a_waiting_request() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Uploads are lost", "");
    let world = story.sandbox.world();
    // The first attempt fails and is put back, with its request waiting.
    let tree = "/repos/{owner}/{repo}/git/trees/{tree_sha}";
    world.fail(http::Method::GET, tree, Fault::ServerError(502), 3);
    story.label(issue, MAINTAINER);
    story.sandbox.wait_for_deliveries().await;
    story.comment(issue, OUTSIDER, "/plan");

    story.answer(issue).await;
    let mut states: Vec<_> = story.settle().await.iter().map(|job| job.state).collect();
    states.sort_by_key(|state| *state == JobState::Abandoned);

    assert_eq!(states, [JobState::Published, JobState::Abandoned]);
    story.end().await;
}
