//! Plans for pull requests: read at their head, from what they change and what reviewers wait for.

use http::Method;
use serde_json::{Value, json};

use crate::domain::change_set::{ChangeSet, ChangedFile, FileStatus};
use crate::domain::thread::{CommentId, ReactionTarget, ThreadAddress, ThreadKind, ThreadNumber};
use crate::sandbox::world::{Fault, Gate, Limits};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::scripted_model::ScriptedModel;
use crate::testing::scripted_model::personalities::gold;
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, OUTSIDER, Story, use_model};

/// A branch `pauses` that changes, adds, renames and removes a file, while the default branch goes on.
fn branched() -> TestRepository {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    repository.git(&["mv", "src/queue.rs", "src/backlog.rs"]);
    repository.git(&["rm", "--quiet", "README.md"]);
    let library =
        "//! Sends files to a server.\n\npub mod backlog;\npub mod pause;\npub mod upload;\n";
    repository.commit(&[
        ("src/lib.rs", library),
        ("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n"),
        ("logo.bin", "\0\u{1}\u{2}"),
    ]);
    repository.git(&["switch", "--quiet", "main"]);
    repository.commit(&[("CHANGES.md", "# Changes\n")]);
    repository
}

async fn opened(story: &Story) -> ThreadNumber {
    let texts = ("Pause between uploads", "Adds `pause_upload`.");
    let pull = story.sandbox.open_pull_request(OUTSIDER, texts, "pauses");
    pull.await.unwrap()
}

/// What the bot reads of a pull request with an open and a resolved conversation, and the ids of their
/// comments.
async fn read(story: &Story) -> (ChangeSet, [CommentId; 3]) {
    let pull = opened(story).await;
    let say = |line, who, text| {
        let place = ("src/lib.rs", line);
        story.sandbox.review(pull, who, place, text).unwrap()
    };
    let open = say(3, MAINTAINER, "Keep the old name");
    let answer = say(3, OUTSIDER, "Why?");
    let done = say(4, MAINTAINER, "A typing error");
    story.sandbox.resolve_review(pull, done).unwrap();
    let forge = story.forge();
    let name = story.sandbox.world().read(|it| it.repository.name.clone());
    let at = ThreadAddress {
        repository: forge.repository(&name).await.unwrap(),
        kind: ThreadKind::ChangeRequest,
        number: pull,
    };
    let changes = forge.changes(&at, 300).await.unwrap();
    (changes, [open, answer, done])
}

fn facts(file: &ChangedFile) -> (FileStatus, &str, Option<&str>, u64, u64, bool) {
    let previous = file.previous_path.as_deref();
    let (added, removed) = (file.added_lines, file.removed_lines);
    let has_patch = file.patch.is_some();
    (file.status, &file.path, previous, added, removed, has_patch)
}

/// A conversation: its first comment, where it is, what is said.
type Said<'a> = (CommentId, &'a str, Option<u32>, Vec<&'a str>);

/// What is said in each conversation, and where.
fn said(changes: &ChangeSet) -> Vec<Said<'_>> {
    let threads = changes.reviews.iter();
    threads
        .map(|thread| {
            let remarks = thread.remarks.iter().map(|remark| remark.text.as_str());
            (
                thread.comment,
                thread.path.as_str(),
                thread.line,
                remarks.collect(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_is_read_with_its_files_and_its_open_conversations() {
    let story = Story::begin(branched()).await;
    let (changes, [open, ..]) = read(&story).await;
    assert_eq!(
        changes.files.iter().map(facts).collect::<Vec<_>>(),
        [
            (FileStatus::Removed, "README.md", None, 0, 3, true),
            (FileStatus::Added, "logo.bin", None, 0, 0, false),
            (
                FileStatus::Renamed,
                "src/backlog.rs",
                Some("src/queue.rs"),
                0,
                0,
                false
            ),
            (FileStatus::Modified, "src/lib.rs", None, 2, 1, true),
            (FileStatus::Added, "src/pause.rs", None, 2, 0, true),
        ]
    );
    insta::assert_snapshot!(changes.files[3].patch.as_deref().unwrap(), @r"
    @@ -1,4 +1,5 @@
     //! Sends files to a server.
     
    -pub mod queue;
    +pub mod backlog;
    +pub mod pause;
     pub mod upload;
    ");
    assert_eq!(
        said(&changes),
        [(
            open,
            "src/lib.rs",
            Some(3),
            vec!["Keep the old name", "Why?"]
        )]
    );
    assert_eq!((changes.file_count, changes.knows_resolved), (5, true));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_graphql_resolved_conversations_are_read_as_well_and_that_is_known() {
    let story = Story::begin(branched()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    let (changes, [open, _, done]) = read(&story).await;
    assert_eq!(
        said(&changes),
        [
            (
                open,
                "src/lib.rs",
                Some(3),
                vec!["Keep the old name", "Why?"]
            ),
            (done, "src/lib.rs", Some(4), vec!["A typing error"]),
        ]
    );
    assert_eq!((changes.file_count, changes.knows_resolved), (5, false));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_very_large_pull_request_the_first_files_are_read_and_all_are_counted() {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    let names: Vec<_> = (0..320).map(|i| format!("src/part{i:03}.rs")).collect();
    let files: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), "// new\n"))
        .collect();
    repository.commit(&files);
    repository.git(&["switch", "--quiet", "main"]);
    let story = Story::begin(repository).await;
    let (changes, _) = read(&story).await;
    assert_eq!((changes.files.len(), changes.file_count), (300, 320));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_labelled_pull_request_gets_its_plan_at_its_head() {
    let story = Story::begin(branched()).await;
    let pull = opened(&story).await;
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    let head = story.repository().git(&["rev-parse", "pauses"]);
    assert!(body.contains(&head), "{body}");
    assert!(body.contains("src/pause.rs"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_on_a_pull_request_asks_for_a_plan_as_on_an_issue() {
    let story = Story::begin(branched()).await;
    let pull = opened(&story).await;
    story.comment(pull, OUTSIDER, "/plan");
    story.settle().await;
    assert_eq!(story.bot_comments(pull), []);
    story.comment(pull, MAINTAINER, "/plan where to pause");
    let body = story.answer(pull).await.body;
    assert!(body.contains("src/pause.rs"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_at_a_line_of_the_diff_is_answered_in_the_thread_and_acknowledged_there() {
    let story = Story::begin(branched()).await;
    let pull = opened(&story).await;
    let say = |who, text| {
        let place = ("src/lib.rs", 3);
        story.sandbox.review(pull, who, place, text).unwrap()
    };
    let stranger = say(OUTSIDER, "/plan");
    story.settle().await;
    assert_eq!(story.bot_comments(pull), []);
    let remark = say(MAINTAINER, "/plan keep the name");
    let body = story.answer(pull).await.body;
    assert!(body.contains("src/pause.rs"), "{body}");
    story.settle().await;
    let reactions = |id| story.bot_reactions(pull, ReactionTarget::ReviewComment(id));
    assert_eq!(reactions(remark), ["eyes", "rocket"]);
    assert_eq!(reactions(stranger), ["confused"]);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_in_the_summary_of_a_review_asks_for_a_plan() {
    let story = Story::begin(branched()).await;
    let pull = opened(&story).await;
    let submit = |who, text| story.sandbox.submit_review(pull, who, text).unwrap();
    submit(MAINTAINER, "Nearly there.");
    submit(OUTSIDER, "/plan");
    story.settle().await;
    assert_eq!(story.bot_comments(pull), []);
    submit(MAINTAINER, "@planwright plan the rest");
    assert!(story.answer(pull).await.body.contains("src/pause.rs"));
    story.end().await;
}

/// A story in which a model says `plan` to whatever it is asked.
async fn begin_with_plan(plan: &Value) -> (ScriptedModel, Story) {
    let model = ScriptedModel::with_mind(gold(plan)).await;
    let address = model.address().clone();
    let story = Story::begin_with(branched(), |settings| use_model(settings, &address)).await;
    (model, story)
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_link_the_conversations_that_they_answer() {
    let mut plan = true_plan();
    plan["changes"][0]["covers"] = json!(["R1", "V1"]);
    plan["out_of_scope"] = json!(["V2: the old name is used nowhere else."]);
    let (model, story) = begin_with_plan(&plan).await;
    let pull = opened(&story).await;
    let say = |line, text| {
        let place = ("src/lib.rs", line);
        story.sandbox.review(pull, MAINTAINER, place, text).unwrap()
    };
    let answered = say(4, "Try `send_file` again, too");
    let declined = say(3, "Keep the old name");
    let done = say(5, "A typing error");
    story.sandbox.resolve_review(pull, done).unwrap();
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    let link = |id: CommentId| format!("/pull/{}#discussion_r{})", pull.0, id.0);
    let answer = "\n    - Answers the [review thread by maintainer at `src/lib.rs:4`](";
    assert!(body.contains(answer), "{body}");
    assert_eq!(
        body.matches(&link(answered)).count(),
        2,
        "at its step and at its point: {body}"
    );
    assert_eq!(
        body.matches(&link(declined)).count(),
        1,
        "at its point: {body}"
    );
    assert!(!body.contains(&link(done)), "{body}");
    let read = "2 review threads read, those that are resolved left aside";
    assert!(body.contains(read), "{body}");
    let asked = model.asked().remove(0).to_string();
    assert!(asked.contains("Keep the old name") && !asked.contains("A typing error"));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_no_step_answers_is_said_to_be_left_open() {
    let (_model, story) = begin_with_plan(&true_plan()).await;
    let pull = opened(&story).await;
    let place = ("src/lib.rs", 3);
    let said = story
        .sandbox
        .review(pull, MAINTAINER, place, "Keep the old name");
    let said = said.unwrap();
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    assert!(body.starts_with("## Plan"), "{body}");
    assert!(
        body.contains("V1: no change of this plan answers it."),
        "{body}"
    );
    assert!(
        body.contains(&format!("#discussion_r{})", said.0)),
        "{body}"
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_graphql_it_is_said_that_nobody_knows_what_is_resolved() {
    let (model, story) = begin_with_plan(&true_plan()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    let pull = opened(&story).await;
    let place = ("src/lib.rs", 3);
    let done = story
        .sandbox
        .review(pull, MAINTAINER, place, "Keep the old name");
    story.sandbox.resolve_review(pull, done.unwrap()).unwrap();
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    let told = "1 review thread read; the forge does not tell which of them are resolved";
    assert!(body.contains(told), "{body}");
    assert!(
        !body.contains("no change of this plan answers it"),
        "{body}"
    );
    let asked = model.asked().remove(0).to_string();
    assert!(
        asked.contains("review thread that may be resolved"),
        "{asked}"
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_of_a_deleted_fork_is_planned_at_its_head() {
    let story = Story::begin(branched()).await;
    let pull = opened(&story).await;
    story.sandbox.delete_fork(pull).unwrap();
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    let head = story.repository().git(&["rev-parse", "pauses"]);
    assert!(body.contains(&head), "{body}");
    let read = "- Diff of 5 files: hunks of 1 file not given by the forge\n";
    assert!(body.contains(read), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hunks_that_the_forge_leaves_out_are_counted() {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    let long = "// one more line\n".repeat(3_100);
    repository.commit(&[("src/long.rs", &long), ("src/pause.rs", "// new\n")]);
    repository.git(&["switch", "--quiet", "main"]);
    let story = Story::begin(repository).await;
    let pull = opened(&story).await;
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;
    let read = "- Diff of 2 files: hunks of 1 file not given by the forge\n";
    assert!(body.contains(read), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_pushed_over_others_while_the_work_goes_on_are_the_ones_that_are_planned() {
    let repository = branched();
    repository.git(&["switch", "--quiet", "--create", "again", "pauses"]);
    repository.commit(&[(
        "src/pause.rs",
        "/// Waits longer.\npub fn pause_longer() {}\n",
    )]);
    repository.git(&["switch", "--quiet", "main"]);
    let story = Story::begin(repository).await;
    let pull = opened(&story).await;
    let gate = Gate::default();
    let route = "/repos/{owner}/{repo}/issues/{issue_number}/reactions";
    let hold = Fault::Hold(gate.clone());
    story.sandbox.world().fail(Method::POST, route, hold, 1);
    story.label(pull, MAINTAINER);
    gate.reached().await;
    story.sandbox.force_push(pull, "again").await.unwrap();
    gate.open();
    let body = story.answer(pull).await.body;
    let head = |branch| story.repository().git(&["rev-parse", branch]);
    assert!(body.contains(&head("again")), "{body}");
    assert!(!body.contains(&head("pauses")), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_pushed_while_the_files_are_listed_are_the_ones_that_are_planned() {
    for has_graphql in [true, false] {
        let repository = branched();
        repository.git(&["switch", "--quiet", "--create", "again", "pauses"]);
        repository.commit(&[(
            "src/pause.rs",
            "/// Waits longer.\npub fn pause_longer() {}\n",
        )]);
        repository.git(&["switch", "--quiet", "main"]);
        let story = Story::begin(repository).await;
        story.sandbox.world().set_limits(Limits {
            has_graphql,
            ..Limits::default()
        });
        let pull = opened(&story).await;
        let place = ("src/lib.rs", 3);
        let remark = story
            .sandbox
            .review(pull, MAINTAINER, place, "Keep `queue`");
        remark.unwrap();
        let gate = Gate::default();
        let route = "/repos/{owner}/{repo}/pulls/{pull_number}/files";
        let hold = Fault::Hold(gate.clone());
        story.sandbox.world().fail(Method::GET, route, hold, 1);
        story.label(pull, MAINTAINER);
        gate.reached().await;
        story.sandbox.force_push(pull, "again").await.unwrap();
        gate.open();
        let body = story.answer(pull).await.body;
        story.settle().await;
        let head = |branch| story.repository().git(&["rev-parse", branch]);
        assert!(body.contains(&head("again")), "{body}");
        assert!(!body.contains(&head("pauses")), "{body}");
        // The remark lost its line with the commits that it was about.
        assert!(!body.contains("src/lib.rs:3"), "{body}");
        story.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_graphql_the_newest_remarks_of_reviewers_are_read() {
    let story = Story::begin(branched()).await;
    story.sandbox.world().set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    let pull = opened(&story).await;
    for line in 1..=310 {
        let place = ("src/lib.rs", line);
        let text = format!("Remark {line}");
        story
            .sandbox
            .review(pull, MAINTAINER, place, &text)
            .unwrap();
    }
    let changes = story
        .forge()
        .changes(&story.thread(pull).await, 300)
        .await
        .unwrap();
    let texts: Vec<_> = said(&changes)
        .into_iter()
        .flat_map(|(_, _, _, texts)| texts)
        .collect();
    assert_eq!((texts.len(), changes.more_reviews), (300, 1));
    assert_eq!((texts[0], texts[299]), ("Remark 11", "Remark 310"));
    story.end().await;
}
