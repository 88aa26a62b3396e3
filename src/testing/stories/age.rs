//! Plans that know their age: code that moves under a plan, and what its comment then says.

use std::time::Duration;

use crate::config::Settings;
use crate::domain::repository::CommitSha;
use crate::domain::thread::{ReactionTarget, ThreadNumber};
use crate::sandbox::world::Limits;
use crate::store::JobState;
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::story::{MAINTAINER, OUTSIDER, Story};

/// Checks follow a push at once, not in the bot's usual pace.
fn at_once(settings: &mut Settings) {
    settings.checks.delay = Duration::ZERO;
    settings.checks.gap = Duration::ZERO;
}

async fn planned() -> (Story, ThreadNumber) {
    let story = Story::begin_with(upload_repository(), at_once).await;
    let issue = story.open_issue(
        "send_file gives up too early",
        "`send_file` in `src/upload.rs` should try again, and `drain_queue` go on.",
    );
    story.label(issue, MAINTAINER);
    story.answer(issue).await;
    story.settle().await;
    (story, issue)
}

fn tip(repository: &TestRepository) -> CommitSha {
    CommitSha::parse(&repository.git(&["rev-parse", "HEAD"])).unwrap()
}

/// Commits to the default branch and tells the bot.
async fn push(story: &Story, files: &[(&str, &str)]) {
    let before = tip(story.repository());
    story.repository().commit(files);
    story
        .sandbox
        .announce_push(MAINTAINER, &before)
        .await
        .unwrap();
}

/// A file of the repository with one text in place of another.
fn replaced(story: &Story, file: &str, old: &str, new: &str) -> String {
    let text = std::fs::read_to_string(story.repository().path().join(file)).unwrap();
    assert!(text.contains(old), "{file} has {old}");
    text.replace(old, new)
}

/// The text of a cited file with a cited line changed.
fn broken(story: &Story) -> String {
    replaced(
        story,
        "src/upload.rs",
        "read(&item.path)?",
        "read(&item.address)?",
    )
}

fn body(story: &Story, issue: ThreadNumber) -> String {
    let [comment] = <[_; 1]>::try_from(story.bot_comments(issue)).unwrap();
    comment.body
}

/// The line that tells the plan's age, with its links cut to what they show.
fn told(body: &str) -> Option<String> {
    let line = body
        .lines()
        .find(|line| line.starts_with("> **Stale:**") || line.starts_with("Checked at"))?;
    let mut shown = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("](") {
        shown.push_str(&before.replacen('[', "", 1));
        rest = after.split_once(')').unwrap().1;
    }
    shown.push_str(rest);
    Some(shown)
}

/// The same with the commits named by their place in time.
fn told_of(story: &Story, issue: ThreadNumber, commits: &[(&CommitSha, &str)]) -> Option<String> {
    let mut line = told(&body(story, issue))?;
    for (commit, name) in commits {
        line = line.replace(commit.short(), name);
    }
    Some(line)
}

fn writes(story: &Story) -> usize {
    let requests = story.sandbox.world().requests();
    let ours = requests.iter().filter(|one| one.path.contains("/comments"));
    let ours = ours.filter(|one| !one.path.ends_with("/reactions"));
    ours.filter(|one| one.method == "PATCH" || one.method == "POST")
        .count()
}

#[tokio::test]
async fn push_that_changes_cited_code_makes_the_plan_stale() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    let upload = broken(&story);
    let upload = upload.replace("//! One upload.\n", "//! One upload.\n//! Or more.\n");
    push(&story, &[("src/upload.rs", &upload)]).await;
    story.settle().await;
    let now = tip(story.repository());
    let body = body(&story, issue);
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"> **Stale:** 1 of 7 places changed since `BASE`, as of `NOW`: `src/upload.rs:6-9` (**changed since**). Of the others 1 moved, links renewed. Comment `/plan` for a plan of the code as it is.");
    assert!(
        body.contains(&format!(
            "/blob/{base}/src/upload.rs#L6-L9) (**changed since**)"
        )),
        "{body}"
    );
    assert!(body.contains(&format!("/commit/{base}")), "{body}");
    story.end().await;
}

#[tokio::test]
async fn push_that_only_moves_cited_code_renews_its_links() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    let upload = replaced(
        &story,
        "src/upload.rs",
        "//! One upload.\n",
        "//! One upload.\n//! Or more.\n",
    );
    push(&story, &[("src/upload.rs", &upload)]).await;
    story.settle().await;
    let now = tip(story.repository());
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"Checked at `NOW`: all 7 places as planned; 2 moved, links renewed.");
    story.end().await;
}

#[tokio::test]
async fn push_beside_the_plan_writes_nothing() {
    let (story, issue) = planned().await;
    let (before, written) = (body(&story, issue), writes(&story));
    let asked = story.sandbox.world().requests().len();
    push(&story, &[("CHANGES.md", "# Changes\n")]).await;
    let jobs = story.settle().await;
    assert_eq!(jobs[0].state, JobState::Done);
    assert_eq!(
        jobs[0].reason,
        "what the plan cites stands as its comment says"
    );
    assert_eq!((body(&story, issue), writes(&story)), (before, written));
    let calls = story.sandbox.world().requests().len() - asked;
    assert!(calls <= 2, "{calls} calls");
    story.end().await;
}

#[tokio::test]
async fn stale_check_takes_few_calls_and_one_write() {
    let (story, _) = planned().await;
    let (asked, written) = (story.sandbox.world().requests().len(), writes(&story));
    let upload = broken(&story);
    push(&story, &[("src/upload.rs", &upload)]).await;
    story.settle().await;
    assert_eq!(writes(&story) - written, 1);
    let calls = story.sandbox.world().requests().len() - asked;
    assert!(calls <= 6, "{calls} calls");
    story.end().await;
}

#[tokio::test]
async fn large_repositories_are_listed_where_cited_code_lies() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    let broken = broken(&story);
    story.sandbox.world().set_limits(Limits {
        tree_entries: 5,
        ..Limits::default()
    });
    let asked = story.sandbox.world().requests().len();
    push(
        &story,
        &[("src/upload.rs", &broken), ("docs/a/b.md", "# B\n")],
    )
    .await;
    story.settle().await;
    let now = tip(story.repository());
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"> **Stale:** 1 of 7 places changed since `BASE`, as of `NOW`: `src/upload.rs:6-9` (**changed since**). Comment `/plan` for a plan of the code as it is.");
    let requests = story.sandbox.world().requests();
    let trees = requests.iter().skip(asked);
    let trees = trees.filter(|one| one.path.contains("/git/trees/")).count();
    assert!(
        (3..=4).contains(&trees),
        "the whole, the root, and what is below: {trees}"
    );
    story.end().await;
}

#[tokio::test]
async fn plan_is_fresh_again_when_the_code_comes_back() {
    let (story, issue) = planned().await;
    let old = replaced(&story, "src/upload.rs", "", "");
    push(&story, &[("src/upload.rs", &broken(&story))]).await;
    story.settle().await;
    assert!(body(&story, issue).contains("**Stale:**"));
    push(&story, &[("src/upload.rs", &old)]).await;
    story.settle().await;
    let now = tip(story.repository());
    insta::assert_snapshot!(told_of(&story, issue, &[(&now, "NOW")]).unwrap(), @"Checked at `NOW`: all 7 places as planned.");
    story.end().await;
}

#[tokio::test]
async fn closed_threads_are_left_alone() {
    let (story, issue) = planned().await;
    story.sandbox.close(issue, MAINTAINER).unwrap();
    story.settle().await;
    let before = body(&story, issue);
    let upload = broken(&story);
    push(&story, &[("src/upload.rs", &upload)]).await;
    story.settle().await;
    assert_eq!(body(&story, issue), before);
    story.end().await;
}

#[tokio::test]
async fn renamed_files_are_followed() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    story
        .repository()
        .git(&["mv", "src/upload.rs", "src/send.rs"]);
    push(&story, &[]).await;
    story.settle().await;
    let now = tip(story.repository());
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"Checked at `NOW`: all 7 places as planned; 3 moved, links renewed.");
    assert!(body(&story, issue).contains(&format!("/blob/{now}/src/send.rs#L6")));
    story.end().await;
}

#[tokio::test]
async fn files_renamed_and_edited_are_followed() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    let edited = broken(&story);
    story
        .repository()
        .git(&["mv", "src/upload.rs", "src/send.rs"]);
    let asked = story.sandbox.world().requests().len();
    push(&story, &[("src/send.rs", &edited)]).await;
    story.settle().await;
    let now = tip(story.repository());
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"> **Stale:** 1 of 7 places changed since `BASE`, as of `NOW`: `src/upload.rs:6-9` (**changed since**). Of the others 2 moved, links renewed. Comment `/plan` for a plan of the code as it is.");
    assert!(body(&story, issue).contains(&format!("/blob/{now}/src/send.rs#L")));
    let calls = story.sandbox.world().requests().len() - asked;
    assert!(calls <= 7, "{calls} calls");
    story.end().await;
}

#[tokio::test]
async fn check_that_was_asked_for_always_says_what_it_looked_at() {
    let (story, issue) = planned().await;
    story.repository().commit(&[("CHANGES.md", "# Changes\n")]);
    let now = tip(story.repository());
    let asked = story.comment(issue, MAINTAINER, "/plan check");
    story.settle().await;
    insta::assert_snapshot!(told_of(&story, issue, &[(&now, "NOW")]).unwrap(), @"Checked at `NOW`: all 7 places as planned.");
    let target = ReactionTarget::Comment(asked);
    assert_eq!(story.bot_reactions(issue, target), ["eyes", "rocket"]);
    let written = writes(&story);
    story.comment(issue, MAINTAINER, "/plan check");
    let jobs = story.settle().await;
    assert_eq!(
        jobs[0].reason,
        "the plan was checked at this commit already"
    );
    assert_eq!(writes(&story), written);
    story.end().await;
}

#[tokio::test]
async fn outsiders_cannot_have_a_plan_checked() {
    let (story, issue) = planned().await;
    let before = body(&story, issue);
    story
        .repository()
        .commit(&[("src/upload.rs", "fn nothing() {}\n")]);
    let asked = story.comment(issue, OUTSIDER, "/plan check");
    story.settle().await;
    let target = ReactionTarget::Comment(asked);
    assert_eq!(story.bot_reactions(issue, target), ["confused"]);
    assert_eq!(body(&story, issue), before);
    story.end().await;
}

#[tokio::test]
async fn check_without_a_plan_is_refused_by_reaction() {
    let story = Story::begin(upload_repository()).await;
    let issue = story.open_issue("Nothing planned", "Yet.");
    let asked = story.comment(issue, MAINTAINER, "/plan check");
    story.settle().await;
    let target = ReactionTarget::Comment(asked);
    assert_eq!(story.bot_reactions(issue, target), ["eyes", "confused"]);
    assert!(story.bot_comments(issue).is_empty());
    story.end().await;
}

#[tokio::test]
async fn check_after_history_was_lost_says_so() {
    let (story, issue) = planned().await;
    let base = tip(story.repository());
    let story = story
        .restart(|settings| {
            at_once(settings);
            settings.cache.dir = None;
        })
        .await;
    let upload = broken(&story);
    let repository = story.repository();
    std::fs::write(repository.path().join("src/upload.rs"), upload).unwrap();
    repository.git(&["add", "--all"]);
    repository.git(&[
        "commit",
        "--quiet",
        "--amend",
        "--message",
        "another history",
    ]);
    repository.git(&["reflog", "expire", "--expire=now", "--all"]);
    repository.git(&["gc", "--quiet", "--prune=now"]);
    let now = tip(repository);
    story.comment(issue, MAINTAINER, "/plan check");
    story.settle().await;
    insta::assert_snapshot!(told_of(&story, issue, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"Checked at `NOW`: 5 of 7 places as planned, 2 could not be compared, because the code then or now cannot be read.");
    story.end().await;
}

#[tokio::test]
async fn plan_of_a_pull_request_is_compared_with_its_head() {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    repository.commit(&[("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n")]);
    let base = tip(&repository);
    repository.git(&["switch", "--quiet", "main"]);
    let story = Story::begin_with(repository, at_once).await;
    let texts = (
        "Pause in send_file",
        "`send_file` calls `pause_upload` first.",
    );
    let pull = story.sandbox.open_pull_request(MAINTAINER, texts, "pauses");
    let pull = pull.await.unwrap();
    story.label(pull, MAINTAINER);
    story.answer(pull).await;
    story.settle().await;
    let before = body(&story, pull);
    push(&story, &[("src/upload.rs", &broken(&story))]).await;
    story.settle().await;
    assert_eq!(body(&story, pull), before, "another branch was pushed to");
    story.repository().git(&["switch", "--quiet", "pauses"]);
    story
        .repository()
        .commit(&[("src/upload.rs", &broken(&story))]);
    let now = tip(story.repository());
    story.repository().git(&["switch", "--quiet", "main"]);
    let pushed = story.sandbox.push_to_pull_request(pull, MAINTAINER);
    pushed.await.unwrap();
    story.settle().await;
    insta::assert_snapshot!(told_of(&story, pull, &[(&base, "BASE"), (&now, "NOW")]).unwrap(), @"> **Stale:** 1 of 8 places changed since `BASE`, as of `NOW`: `src/upload.rs:6-9` (**changed since**). Comment `/plan` for a plan of the code as it is.");
    story.end().await;
}

#[tokio::test]
async fn check_brings_no_deleted_comment_back() {
    let (story, issue) = planned().await;
    let comment = story.bot_comments(issue).remove(0);
    story.sandbox.delete(comment.id, MAINTAINER).unwrap();
    story.settle().await;
    story.repository().commit(&[("NEWS.md", "News.\n")]);

    let asked = story.comment(issue, MAINTAINER, "/plan check");
    story.settle().await;

    assert_eq!(story.bot_comments(issue), []);
    let reactions = story.bot_reactions(issue, ReactionTarget::Comment(asked));
    assert_eq!(reactions, ["eyes", "confused"]);
    story.end().await;
}
