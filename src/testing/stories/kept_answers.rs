//! Answers that are kept and asked for again: they cost nothing while they hold, and nothing is believed
//! because it was true before. All without GraphQL, which has no such questions.

use http::Method;

use crate::domain::thread::{CommentId, ReactionTarget, Role, ThreadNumber};
use crate::sandbox::world::{Fault, Gate, Limits};
use crate::store::JobState;
use crate::testing::git::upload_repository;
use crate::testing::story::{MAINTAINER, Story};

const PERMISSION: &str = "/repos/{owner}/{repo}/collaborators/{username}/permission";
const TREES: &str = "/repos/{owner}/{repo}/git/trees/{tree_sha}";

/// A bot whose forge has no GraphQL, and an issue.
async fn begin() -> (Story, ThreadNumber) {
    let story = Story::begin(upload_repository()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    let issue = story.open_issue("Uploads are lost", "In `send_file`.");
    (story, issue)
}

/// Comments as the maintainer and returns, when all is done, the comment and the calls that it took.
async fn ask(story: &Story, issue: ThreadNumber, words: &str) -> (CommentId, Vec<String>) {
    let before = story.calls(0).len();
    let comment = story.comment(issue, MAINTAINER, words);
    story.settle().await;
    (comment, story.calls(before))
}

fn free(calls: &[String]) -> Vec<&str> {
    let free = calls.iter().filter(|line| line.starts_with('('));
    free.map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_did_not_change_costs_nothing() {
    let (story, issue) = begin().await;
    let (_, first) = ask(&story, issue, "/plan").await;
    let (_, again) = ask(&story, issue, "/plan again").await;

    assert_eq!(free(&first), [""; 0]);
    let expected = [
        "(GET /collaborators/{username}/permission)",
        "(GET )",
        "(GET /commits/{ref})",
    ];
    assert_eq!(free(&again), expected);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_was_taken_away_is_gone_although_its_answer_was_kept() {
    let (story, issue) = begin().await;
    ask(&story, issue, "/plan").await;
    let planned = story.bot_comments(issue);
    story.sandbox.set_role(MAINTAINER, Role::Read);

    let (comment, calls) = ask(&story, issue, "/plan again").await;

    let expected = [
        "GET /collaborators/{username}/permission",
        "POST /issues/comments/{comment_id}/reactions",
    ];
    assert_eq!(calls, expected);
    let reactions = story.bot_reactions(issue, ReactionTarget::Comment(comment));
    assert_eq!(reactions, ["confused"]);
    assert_eq!(story.bot_comments(issue), planned);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_token_is_told_everything_once_more() {
    let (story, issue) = begin().await;
    ask(&story, issue, "/plan").await;
    let revoked = Fault::RevokedToken;
    story
        .sandbox
        .world()
        .fail(Method::GET, PERMISSION, revoked, 1);

    let (_, renewed) = ask(&story, issue, "/plan again").await;
    let (_, later) = ask(&story, issue, "/plan once more").await;

    // The tag of a bare commit is its id, whoever asks.
    assert_eq!(free(&renewed), ["(GET /commits/{ref})"]);
    assert_eq!(free(&later).len(), 3, "{later:#?}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repository_made_public_is_noticed_although_its_answer_was_kept() {
    let (story, issue) = begin().await;
    story.sandbox.set_private(true);
    ask(&story, issue, "/plan").await;
    let planned = story.bot_comments(issue);
    story
        .repository()
        .commit(&[("src/more.rs", "pub fn more() {}\n")]);
    let gate = Gate::default();
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::GET, TREES, hold, 1);
    story.comment(issue, MAINTAINER, "/plan again");
    gate.reached().await;

    story.sandbox.set_private(false);
    gate.open();
    let jobs = story.settle().await;

    assert_eq!(jobs[0].state, JobState::Abandoned, "{jobs:#?}");
    assert_eq!(story.bot_comments(issue), planned);
    story.end().await;
}
