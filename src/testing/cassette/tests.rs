use serde_json::json;

use super::{Cassette, Mode, fields_of, first_difference, key_of, steady};
use crate::testing::git::upload_repository;
use crate::testing::scripted_model::ScriptedModel;
use crate::testing::scripted_model::personalities::gold;
use crate::testing::stories::models::true_plan;
use crate::testing::story::{MAINTAINER, Story, use_model};

/// The comment that the bot posts with the model at an address.
async fn comment(address: &url::Url) -> String {
    let address = address.clone();
    let story = Story::begin_with(upload_repository(), |settings| {
        use_model(settings, &address);
        settings.worker.max_attempts = 1;
    })
    .await;
    let issue = story.open_issue("Uploads are lost", "`send_file` should try again.");
    story.label(issue, MAINTAINER);
    story.settle().await;
    let body = story.bot_comments(issue)[0].body.clone();
    story.end().await;
    body
}

/// A comment without the ids that differ from repository to repository.
fn without_ids(body: &str) -> String {
    let short = regex::Regex::new("[0-9a-f]{7,}|127\\.0\\.0\\.1:[0-9]+|tmp[0-9A-Za-z]{6}").unwrap();
    short.replace_all(body, "#").into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_played_again_without_the_provider() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("upload.jsonl");
    let model = ScriptedModel::with_mind(gold(&true_plan())).await;
    let recording = Cassette::start(&file, Mode::Record(model.root())).await;
    let recorded = comment(recording.address()).await;

    let playing = Cassette::start(&file, Mode::Strict).await;
    let played = comment(playing.address()).await;

    assert!(recorded.starts_with("## Plan\n"), "{recorded}");
    assert_eq!(playing.misses(), [""; 0]);
    assert_eq!((recording.takes() > 0, playing.takes()), (true, 0));
    assert_eq!(without_ids(&played), without_ids(&recorded));
    let kept = std::fs::read_to_string(file).unwrap();
    assert!(
        !kept.contains("a key of no use") && !kept.contains("the server's id of it"),
        "{kept}"
    );
}

#[tokio::test]
async fn a_strict_cassette_names_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.jsonl");
    let model = ScriptedModel::with_mind(gold(&true_plan())).await;
    let client = reqwest::ClientBuilder::new().no_proxy().build().unwrap();
    let ask = async |cassette: &Cassette, name: &str| {
        let url = cassette.address().join("messages").unwrap();
        let url = url.join("/v1/messages").unwrap();
        let body = json!({"model": name, "messages": []});
        client
            .post(url)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let recording = Cassette::start(&file, Mode::Record(model.root())).await;
    assert_eq!(ask(&recording, "one").await, 200);

    let strict = Cassette::start(&file, Mode::Strict).await;
    assert_eq!(ask(&strict, "another").await, 501);
    assert_eq!(strict.misses(), ["`/model` differs"]);

    let loose = Cassette::start(&file, Mode::Replay).await;
    assert_eq!(ask(&loose, "another").await, 200);
    assert_eq!(loose.misses(), ["`/model` differs"]);
}

#[test]
fn ids_do_not_make_a_request_another_one() {
    assert_eq!(steady("at 0123456789abcdef0123 in face"), "at # in face\0");
    let (one, other) = (
        fields_of(&json!({"text": "at 0123456789abcdef"})),
        fields_of(&json!({"text": "at fedcba9876543210"})),
    );
    assert_eq!(key_of("/v1", &one), key_of("/v1", &other));
    assert_eq!(
        first_difference(&one, &other),
        "another answer is kept twice"
    );
}
