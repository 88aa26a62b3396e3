//! What a repository's own file narrows, and what it cannot widen.

use insta::assert_snapshot;

use crate::domain::thread::{ReactionTarget, ThreadNumber};
use crate::sandbox::world::Limits;
use crate::store::JobState;
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::scripted_model::{Answer, ScriptedModel};
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, OUTSIDER, Story, use_model};

const FILE: &str = ".planwright.toml";

/// The repository with such a file on its default branch.
fn with_file(text: &str) -> TestRepository {
    let repository = upload_repository();
    repository.commit(&[(FILE, text)]);
    repository
}

fn ask(story: &Story) -> ThreadNumber {
    let issue = story.open_issue("Uploads are lost", "`send_file` in src/upload.rs gives up.");
    story.label(issue, MAINTAINER);
    issue
}

async fn outline_with(text: &str) -> String {
    let story = Story::begin(with_file(text)).await;
    let issue = ask(&story);
    let body = story.answer(issue).await.body;
    story.end().await;
    body
}

/// The lines of `body` from the first that holds `from`, `count` of them.
fn lines(body: &str, from: &str, count: usize) -> String {
    let mut rest = body.lines().skip_while(|line| !line.contains(from));
    let lines: Vec<_> = rest.by_ref().take(count).collect();
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_that_are_left_out_are_neither_read_nor_shown_and_counted() {
    let body = outline_with("[paths]\nexclude = [\"src/upload.rs\", \"*.md\"]\n").await;
    // The request itself names the file; no place of the outline is in it.
    assert!(!body.contains("/src/upload.rs#"), "{body}");
    assert!(body.contains("src/queue.rs"), "{body}");
    let left = lines(&body, "Left out", 1);
    assert_snapshot!(left, @"- Left out: 2 left out by `.planwright.toml`");
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_told_above_the_plan_and_the_operators_settings_stand() {
    let body = outline_with(
        "base_url = \"https://collect.example\"\n\"![x](https://evil.example) `\" = 1\nprofile = \"deep\"\n\
         [labels]\ninclude = [\"plan\", \"free\"]\n[budgets]\nmodel_calls = 60\n",
    )
    .await;
    assert_snapshot!(lines(&body, "cannot be used", 7), @r"
    **`.planwright.toml` has 5 places that cannot be used.** The operator's settings stand there.

    - line 1: `base_url` can only be set by the bot's operator
    - line 2: `` ![x](https://evil.example) ` `` is not known; what can be set here: `expertise`, `language`, `profile`, `minimum_role`, `labels`, `paths`, `budgets`, `expertise_for`
    - line 3: `profile` must be one of `outline`, `small`, `single`, `auto`, which the operator allows
    - line 5: `labels.include` can only be `plan`, which is what the operator allows
    - line 7: `budgets.model_calls` must be from 1 to 14, which is what the operator allows
    ");
    assert!(body.contains("src/upload.rs"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_told_once_above_the_plan_and_again_when_the_file_changed() {
    let story = Story::begin(with_file("profile = \"deeper\"\n")).await;
    let issue = ask(&story);
    story.settle().await;
    let place = |story: &Story| {
        let body = story.bot_comments(issue)[0].body.clone();
        let (top, receipt) = body.split_once("<details>").unwrap();
        (
            top.contains("cannot be used"),
            receipt.contains("cannot be used"),
        )
    };
    assert_eq!(place(&story), (true, false));
    story.comment(issue, MAINTAINER, "/plan the same again");
    story.settle().await;
    assert_eq!(place(&story), (false, true));
    story
        .repository()
        .commit(&[(FILE, "profile = \"deepest\"\n")]);
    story.comment(issue, MAINTAINER, "/plan once more");
    story.settle().await;
    assert_eq!(place(&story), (true, false));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plan_config_shows_what_holds_and_where_it_comes_from() {
    let text = "minimum_role = \"maintain\"\nlanguage = \"de\"\nexpertise = \"a `b` <i>c</i> @d\"\n\
                [paths]\nexclude = [\"docs/\"]\n[budgets]\nmodel_calls = 99\nplan_cents = 20\n";
    let story = Story::begin(with_file(text)).await;
    let issue = story.open_issue("Uploads are lost", "");
    story.comment(issue, MAINTAINER, "/plan config");
    let body = story.answer(issue).await.body;
    assert_snapshot!(body.split("<!--").next().unwrap(), @r#"
    **Settings that hold for this repository.** The file `.planwright.toml` on its default branch can narrow them and never widen them.

    - `triggers.labels = ["plan"]`: the default
    - `triggers.one_shot_labels = []`: the default
    - `triggers.exclude_labels = []`: the default
    - `policy.minimum_role = "maintain"`: `.planwright.toml`, line 1
    - `budgets.profile = "auto"`: the default
    - `budgets.repository_files = 100000`: the default
    - `budgets.repository_bytes = 314572800`: the default
    - `budgets.file_bytes = 1048576`: the default
    - `budgets.blob_requests = 300`: the default
    - `budgets.request_bytes = 24000`: the default
    - `budgets.model_calls = 14`: the default
    - `budgets.input_tokens = 400000`: the default
    - `budgets.output_tokens = 64000`: the default
    - `budgets.plan_cents = 20`: `.planwright.toml`, line 8
    - `budgets.plan_seconds = 240`: the default
    - `paths.include = []`: the default
    - `paths.exclude = ["docs/"]`: `.planwright.toml`, line 5
    - `language = "de"`: `.planwright.toml`, line 2
    - ``expertise = "a `b` <i>c</i> @d"``: `.planwright.toml`, line 3
    - `expertise_for = []`: the default

    **`.planwright.toml` has 1 place that cannot be used.** The operator's settings stand there.

    - line 7: `budgets.model_calls` must be from 1 to 14, which is what the operator allows
    "#);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_toml_changes_nothing_and_is_told() {
    let body = outline_with("[paths]\nexclude = [\"src\"\n").await;
    assert_snapshot!(lines(&body, "cannot be used", 3), @r"
    **`.planwright.toml` has 1 place that cannot be used.** The operator's settings stand there.

    - line 2: the file is not TOML
    ");
    assert!(body.contains("src/upload.rs"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_told() {
    let body = outline_with(&format!("# {}\n", "x".repeat(40_000))).await;
    assert_snapshot!(lines(&body, "cannot be used", 3), @r"
    **`.planwright.toml` has 1 place that cannot be used.** The operator's settings stand there.

    - the file must not have more than 32,768 bytes
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_ask_and_with_which_label_can_be_narrowed() {
    for has_graphql in [true, false] {
        let text = "minimum_role = \"admin\"\n[labels]\ninclude = []\n";
        let story = Story::begin(with_file(text)).await;
        story.sandbox.world().set_limits(Limits {
            has_graphql,
            ..Limits::default()
        });
        let issue = ask(&story);
        let command = story.comment(issue, MAINTAINER, "/plan");
        let jobs = story.settle().await;
        assert!(
            jobs.iter().all(|job| job.state == JobState::Abandoned),
            "{jobs:?}"
        );
        let mut reasons: Vec<_> = jobs.into_iter().map(|job| job.reason).collect();
        reasons.sort();
        assert_eq!(
            reasons,
            [
                "the repository's own settings do not serve this label",
                "the sender has the role `maintain`, and `admin` is asked for",
            ]
        );
        assert_eq!(story.bot_comments(issue), []);
        let reactions = story.bot_reactions(issue, ReactionTarget::Comment(command));
        assert_eq!(reactions, ["confused"]);
        assert_eq!(story.bot_reactions(issue, ReactionTarget::Thread), [""; 0]);
        story.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_of_a_pull_request_cannot_bring_its_own_settings() {
    let repository = with_file("[paths]\nexclude = [\"secret/\"]\n");
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    repository.commit(&[
        (
            FILE,
            "minimum_role = \"read\"\nbase_url = \"https://collect.example\"\n",
        ),
        ("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n"),
        ("secret/plan.rs", "pub fn hidden_pause() {}\n"),
    ]);
    repository.git(&["switch", "--quiet", "main"]);
    let model = ScriptedModel::start(vec![Answer::Says(true_plan().to_string())]).await;
    let address = model.address().clone();
    let story = Story::begin_with(repository, |settings| {
        use_model(settings, &address);
        settings.worker.max_attempts = 1;
    })
    .await;
    let texts = ("Pause between uploads", "Adds `pause_upload`.");
    let pull = story.sandbox.open_pull_request(OUTSIDER, texts, "pauses");
    let pull = pull.await.unwrap();

    story.comment(pull, OUTSIDER, "/plan");
    story.settle().await;
    assert_eq!(story.bot_comments(pull), []);
    story.label(pull, MAINTAINER);
    let body = story.answer(pull).await.body;

    let asked = serde_json::to_string(&model.asked()).unwrap();
    assert!(asked.contains("pause_upload"), "{asked}");
    assert!(
        !asked.contains("hidden_pause") && !asked.contains("secret/plan.rs"),
        "{asked}"
    );
    assert!(!body.contains("cannot be used"), "{body}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headings_are_in_the_language_that_the_file_asks_for() {
    let body = outline_with("language = \"fr-CA\"\n").await;
    assert!(body.starts_with("## Ébauche (sans modèle)\n"), "{body}");
    assert!(body.contains("\n### Ce qui est demandé\n"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn expertise_and_language_reach_the_model() {
    let text = "expertise = \"resumable uploads\"\nlanguage = \"pt-BR\"\nprofile = \"single\"\n\
                [[expertise_for]]\npaths = [\"src/upload.rs\"]\nexpertise = \"flaky networks\"\n\
                [[expertise_for]]\npaths = [\"web/\"]\nexpertise = \"React\"\n";
    let model = ScriptedModel::start(vec![Answer::Says(true_plan().to_string())]).await;
    let address = model.address().clone();
    let story = Story::begin_with(with_file(text), |settings| use_model(settings, &address)).await;
    let issue = ask(&story);
    let body = story.answer(issue).await.body;
    let asked = serde_json::to_string(&model.asked()).unwrap();
    let line = "You are an expert in resumable uploads; flaky networks.";
    assert!(asked.contains(line), "{asked}");
    assert!(
        asked.contains("in the language with the tag pt-BR"),
        "{asked}"
    );
    assert!(
        body.contains("Especialidade suposta: resumable uploads; flaky networks"),
        "{body}"
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_costs_no_call_of_its_own() {
    let calls = async |repository| {
        let story = Story::begin(repository).await;
        let issue = ask(&story);
        story.answer(issue).await;
        story.settle().await;
        let calls = story.sandbox.world().requests().len();
        story.end().await;
        calls
    };
    let without = calls(upload_repository()).await;
    let with = calls(with_file("[paths]\nexclude = [\"*.md\"]\n")).await;
    assert_eq!(with, without);
}
