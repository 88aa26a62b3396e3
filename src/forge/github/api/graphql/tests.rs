//! Queries against a server with canned answers: what they ask, and what is made of the answers.

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::change_set::{ChangeSet, ChangedFile, FileStatus, ReviewThread};
use crate::domain::repository::{BlobId, CommitSha};
use crate::domain::request::{Remark, Speaker};
use crate::domain::thread::{
    Author, AuthorKind, Comment, CommentId, Role, Thread, ThreadAddress, ThreadKind, UserId,
};
use crate::forge::github::Origins;
use crate::forge::github::tests::{Fake, Reply, SHA, issue, repository};
use crate::forge::{Batch, BlobWish, Forge, ForgeError, Glance, TipFile};

const QUERY: &str = "POST /graphql";

const FILES: &str = "GET /repos/acme/engine/pulls/7/files?per_page=100&page=1";

fn blob_id(contents: &[u8]) -> BlobId {
    let mut object = format!("blob {}\0", contents.len()).into_bytes();
    object.extend_from_slice(contents);
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &object);
    BlobId::parse(&hex::encode(hash)).unwrap()
}

fn wish(contents: &str) -> BlobWish {
    BlobWish {
        id: blob_id(contents.as_bytes()),
        size_bytes: Some(contents.len() as u64),
    }
}

fn wishes(count: usize) -> Vec<BlobWish> {
    (0..count).map(|i| wish(&format!("blob {i}"))).collect()
}

/// The id that the fake repository has.
fn own_id() -> u64 {
    repository().id.0
}

/// An answer that gives `blobs` under the names that the query uses.
fn blobs(blobs: &[(&BlobWish, Value)]) -> Reply {
    let mut found = json!({"databaseId": own_id()});
    for (wish, blob) in blobs {
        found[format!("b{}", wish.id.as_str())] = blob.clone();
    }
    Reply::json(200, &json!({"data": {"repository": found}}))
}

fn text(text: &str) -> Value {
    json!({"text": text, "isTruncated": false})
}

fn refused(kind: &str, message: &str) -> Reply {
    let error = json!({"type": kind, "message": message});
    Reply::json(
        200,
        &json!({"data": {"repository": null}, "errors": [error]}),
    )
}

/// Names of the blobs that each query asked for.
fn asked(fake: &Fake) -> Vec<usize> {
    let queries = fake.seen(QUERY).into_iter();
    queries
        .map(|seen| {
            seen.json()["query"]
                .as_str()
                .unwrap()
                .matches("object(")
                .count()
        })
        .collect()
}

fn parts(batch: &Batch) -> (Vec<&str>, usize, u64) {
    let texts = batch.blobs.iter();
    let texts = texts.map(|(_, bytes)| std::str::from_utf8(bytes).unwrap());
    (texts.collect(), batch.alone.len(), batch.requests)
}

#[tokio::test]
async fn blobs_come_by_their_ids_in_one_query() {
    let (a, b) = (wish("a"), wish("b\n"));
    let fake = Fake::with_app().on(QUERY, [blobs(&[(&a, text("a")), (&b, text("b\n"))])]);
    let batch = fake
        .app()
        .await
        .blobs(&repository(), &[a.clone(), b.clone()])
        .await
        .unwrap();
    assert_eq!(parts(&batch), (vec!["a", "b\n"], 0, 1));
    let sent = fake.seen(QUERY).remove(0).json();
    assert_eq!(
        sent["variables"],
        json!({"owner": "acme", "name": "engine"})
    );
    let expected = format!(
        "query($owner:String!,$name:String!){{repository(owner:$owner,name:$name){{databaseId \
         b{0}:object(oid:\"{0}\"){{...b}} b{1}:object(oid:\"{1}\"){{...b}}}}}} \
         fragment b on Blob{{text isTruncated}}",
        a.id.as_str(),
        b.id.as_str()
    );
    assert_eq!(sent["query"], expected);
}

#[tokio::test]
async fn whatever_is_not_what_its_id_says_is_left_for_its_bytes() {
    let all = wishes(6);
    let fake = Fake::with_app().on(
        QUERY,
        [blobs(&[
            (&all[0], text("blob 0")),
            (&all[1], text("forged")),
            (&all[2], json!({"text": null, "isTruncated": false})),
            (&all[3], json!({"text": "blob 3", "isTruncated": true})),
            (&all[4], Value::Null),
        ])],
    );
    let batch = fake.app().await.blobs(&repository(), &all).await.unwrap();
    assert_eq!(parts(&batch), (vec!["blob 0"], 5, 1));
}

#[tokio::test]
async fn long_files_and_single_ones_are_not_queried() {
    let fake = Fake::with_app();
    let github = fake.app().await;
    let long = BlobWish {
        size_bytes: Some(512_001),
        ..wish("long")
    };
    let batch = github.blobs(&repository(), &[wish("a"), long]).await;
    assert_eq!(parts(&batch.unwrap()), (vec![], 2, 0));
    assert_eq!(fake.count(QUERY), 0);
}

#[tokio::test]
async fn a_query_holds_so_many_bytes() {
    let big: Vec<_> = (0..20)
        .map(|i| BlobWish {
            size_bytes: Some(500_000),
            ..wish(&format!("big {i}"))
        })
        .collect();
    let fake = Fake::with_app().on(QUERY, [blobs(&[])]);
    fake.app().await.blobs(&repository(), &big).await.unwrap();
    assert_eq!(asked(&fake), [6]);
}

#[tokio::test]
async fn queries_shrink_when_they_are_too_much_and_grow_again() {
    let timeout = || {
        refused(
            "",
            "Something went wrong while executing your query. timeout",
        )
    };
    let replies = [
        Reply::bytes(502, ""),
        timeout(),
        refused("RESOURCE_LIMITS_EXCEEDED", "too much"),
        blobs(&[]),
        blobs(&[]),
    ];
    let fake = Fake::with_app().on(QUERY, replies);
    let github = fake.app().await;
    let all = wishes(300);
    assert_eq!(github.blobs_per_request(), 100);
    let first = github.blobs(&repository(), &all).await.unwrap();
    assert_eq!(parts(&first), (vec![], 12, 4));
    github.blobs(&repository(), &all).await.unwrap();
    assert_eq!(asked(&fake), [100, 50, 25, 12, 37]);
}

#[tokio::test]
async fn queries_that_never_succeed_are_given_up() {
    let fake = Fake::with_app().on(QUERY, [Reply::bytes(504, "")]);
    let github = fake.app().await;
    let batch = github.blobs(&repository(), &wishes(300)).await.unwrap();
    assert_eq!(parts(&batch), (vec![], 10, 5));
    assert_eq!(asked(&fake), [100, 50, 25, 12, 10]);
}

#[tokio::test]
async fn a_server_without_graphql_is_asked_once() {
    for reply in [
        Reply::message(404, "Not Found"),
        refused("", "Field 'object' doesn't exist on type 'Repository'"),
    ] {
        let fake = Fake::with_app().on(QUERY, [reply]);
        let github = fake.app().await;
        for _ in 0..2 {
            let batch = github.blobs(&repository(), &wishes(3)).await.unwrap();
            assert_eq!(batch.alone.len(), 3);
        }
        assert_eq!((fake.count(QUERY), github.blobs_per_request()), (1, 1));
    }
}

#[tokio::test]
async fn nobody_is_asked_for_anything_else_where_there_is_no_graphql() {
    let fake = Fake::with_app().on(QUERY, [Reply::message(404, "Not Found")]);
    let github = fake.app().await;
    let glance = github.glance(&issue(), None).await.unwrap();
    let batch = github.blobs(&repository(), &wishes(3)).await.unwrap();
    assert_eq!(glance, Glance::default());
    assert_eq!(batch.alone.len(), 3);
    assert_eq!((fake.count(QUERY), github.blobs_per_request()), (1, 1));
}

#[tokio::test]
async fn a_pull_request_tells_of_itself_without_graphql() {
    let told = json!({
        "number": 7, "title": "Retry", "body": "Please.", "state": "closed", "locked": true,
        "merged_at": "2026-11-22T23:45:06Z",
        "user": {"id": 5, "login": "mona", "type": "User"}, "labels": [{"name": "plan"}],
        "head": {"sha": SHA, "repo": null}, "base": {"sha": SHA, "repo": {"private": true}},
    });
    let pull = "GET /repos/acme/engine/pulls/7";
    let at = ThreadAddress {
        kind: ThreadKind::ChangeRequest,
        ..issue()
    };
    let none = Reply::message(404, "Not Found");
    let fake = Fake::with_app()
        .on(QUERY, [none])
        .on(pull, [Reply::json(200, &told)]);
    let glance = fake.app().await.glance(&at, None).await.unwrap();
    let thread = Thread {
        title: "Retry".to_owned(),
        body: "Please.".to_owned(),
        author: Some(mona()),
        open: false,
        merged: true,
        locked: true,
        labels: vec!["plan".to_owned()],
    };
    let expected = Glance {
        thread: Some(thread),
        tip: CommitSha::parse(SHA).ok(),
        private: Some(true),
        ..Glance::default()
    };
    assert_eq!(glance, expected);
}

#[tokio::test]
async fn a_rate_limit_ends_the_work() {
    for reply in [
        refused("RATE_LIMITED", "API rate limit exceeded"),
        Reply::message(403, "You have exceeded a secondary rate limit."),
    ] {
        let fake = Fake::with_app().on(QUERY, [reply]);
        let github = fake.app().await;
        let error = github.blobs(&repository(), &wishes(3)).await.unwrap_err();
        let ForgeError::RateLimited { retry_after, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(retry_after, Duration::from_secs(60));
        let error = github.glance(&issue(), None).await.unwrap_err();
        assert!(matches!(error, ForgeError::RateLimited { .. }), "{error}");
    }
}

#[tokio::test]
async fn another_repository_under_the_name_tells_nothing() {
    let all = wishes(2);
    let mut found = json!({"databaseId": own_id() + 1, "issueOrPullRequest": an_issue()});
    found[format!("b{}", all[0].id.as_str())] = text("blob 0");
    let reply = Reply::json(200, &json!({"data": {"repository": found}}));
    let fake = Fake::with_app().on(QUERY, [reply]);
    let github = fake.app().await;
    let batch = github.blobs(&repository(), &all).await.unwrap();
    assert_eq!(batch.alone.len(), 2);
    let glance = github.glance(&issue(), None).await.unwrap();
    assert_eq!(glance, Glance::default());
}

#[test]
fn the_address_is_below_the_rest_api_or_beside_it() {
    for (api, expected) in [
        ("https://api.github.com", "https://api.github.com/graphql"),
        (
            "https://ghe.example/api/v3",
            "https://ghe.example/api/graphql",
        ),
        (
            "https://ghe.example/api/v3/",
            "https://ghe.example/api/graphql",
        ),
        (
            "https://api.acme.ghe.com",
            "https://api.acme.ghe.com/graphql",
        ),
        (
            "https://proxy.example/github/api/v3",
            "https://proxy.example/github/api/graphql",
        ),
    ] {
        let origins = Origins::parse(api, "https://example.com").unwrap();
        assert_eq!(origins.graphql_url(), expected);
    }
}

fn an_issue() -> Value {
    json!({
        "title": "Retry",
        "body": "Please.",
        "closed": false,
        "locked": true,
        "author": {"__typename": "User", "login": "mona", "databaseId": 5},
        "labels": {"totalCount": 1, "nodes": [{"name": "plan"}]},
        "comments": {"totalCount": 3, "nodes": [
            {"fullDatabaseId": "2914306557", "body": "mine", "viewerDidAuthor": true,
             "author": {"__typename": "Bot", "login": "planwright", "databaseId": 6}},
            {"fullDatabaseId": "8", "body": "theirs", "viewerDidAuthor": false, "author": null},
            {"fullDatabaseId": "9", "body": "ghost's", "viewerDidAuthor": false,
             "author": {"__typename": "Mannequin", "login": "old"}},
        ]},
        "headRefOid": "b".repeat(40),
    })
}

fn a_repository(role: &Value) -> Value {
    json!({
        "isPrivate": false,
        "databaseId": own_id(),
        "defaultBranchRef": {"target": {"oid": SHA}},
        "collaborators": {"edges": [role]},
        "issueOrPullRequest": an_issue(),
    })
}

fn mona() -> Author {
    Author {
        id: UserId(5),
        login: "mona".to_owned(),
        kind: AuthorKind::Human,
    }
}

async fn glance_at(repository: &Value, at: &ThreadAddress) -> Glance {
    let reply = Reply::json(200, &json!({"data": {"repository": repository}}));
    let fake = Fake::with_app().on(QUERY, [reply]);
    fake.app().await.glance(at, Some(&mona())).await.unwrap()
}

#[tokio::test]
async fn a_glance_tells_all_that_a_job_needs() {
    let role = json!({"permission": "MAINTAIN", "node": {"login": "Mona", "databaseId": 5}});
    let glance = glance_at(&a_repository(&role), &issue()).await;
    let bot = Author {
        id: UserId(6),
        login: "planwright[bot]".to_owned(),
        kind: AuthorKind::Bot,
    };
    let comment = |id, author, body: &str, own| Comment {
        id: CommentId(id),
        author,
        body: body.to_owned(),
        own,
    };
    let expected = Glance {
        private: Some(false),
        thread: Some(Thread {
            title: "Retry".to_owned(),
            body: "Please.".to_owned(),
            author: Some(mona()),
            open: true,
            merged: false,
            locked: true,
            labels: vec!["plan".to_owned()],
        }),
        comments: Some(vec![
            comment(2_914_306_557, Some(bot), "mine", true),
            comment(8, None, "theirs", false),
            comment(9, None, "ghost's", false),
        ]),
        settings: Some(TipFile::Missing),
        has_all_comments: true,
        role: Some(Role::Maintain),
        tip: Some(CommitSha::parse(SHA).unwrap()),
    };
    assert_eq!(glance, expected);
}

#[tokio::test]
async fn a_role_counts_only_for_the_very_account() {
    for role in [
        json!({"permission": "ADMIN", "node": {"login": "mona", "databaseId": 7}}),
        json!({"permission": "ADMIN", "node": {"login": "monalisa", "databaseId": 5}}),
        json!({"permission": "ADMIN", "node": null}),
        json!({"permission": "SUPERB", "node": {"login": "mona", "databaseId": 5}}),
        Value::Null,
    ] {
        assert_eq!(
            glance_at(&a_repository(&role), &issue()).await.role,
            None,
            "{role}"
        );
    }
    let mut hidden = a_repository(&Value::Null);
    hidden["collaborators"] = Value::Null;
    assert_eq!(glance_at(&hidden, &issue()).await.role, None);
}

#[tokio::test]
async fn a_pull_request_is_planned_at_its_head() {
    let at = ThreadAddress {
        kind: ThreadKind::ChangeRequest,
        ..issue()
    };
    let tip = glance_at(&a_repository(&Value::Null), &at).await.tip;
    assert_eq!(tip, Some(CommitSha::parse(&"b".repeat(40)).unwrap()));
}

#[tokio::test]
async fn comments_beyond_the_first_page_are_known_to_be_missing() {
    let mut long = a_repository(&Value::Null);
    long["issueOrPullRequest"]["comments"]["totalCount"] = json!(250);
    assert!(!glance_at(&long, &issue()).await.has_all_comments);
    long["issueOrPullRequest"]["comments"]["nodes"] = Value::Null;
    assert_eq!(glance_at(&long, &issue()).await.comments, None);
}

#[tokio::test]
async fn a_thread_that_is_not_there_is_left_to_rest() {
    let mut gone = a_repository(&Value::Null);
    gone["issueOrPullRequest"] = Value::Null;
    let glance = glance_at(&gone, &issue()).await;
    let expected = Glance {
        settings: Some(TipFile::Missing),
        private: Some(false),
        ..Glance::default()
    };
    assert_eq!(glance, expected);
}

#[tokio::test]
async fn a_glance_that_fails_tells_nothing_and_is_tried_the_next_time() {
    let whole = Reply::json(
        200,
        &json!({"data": {"repository": a_repository(&Value::Null)}}),
    );
    for reply in [
        Reply::bytes(502, ""),
        Reply::message(403, "Resource not accessible by integration"),
        refused("FORBIDDEN", "Resource not accessible by integration"),
        Reply::bytes(200, "<html>"),
    ] {
        let fake = Fake::with_app().on(QUERY, [reply, whole.clone()]);
        let github = fake.app().await;
        let glance = github.glance(&issue(), None).await.unwrap();
        assert_eq!(glance, Glance::default());
        assert!(
            github
                .glance(&issue(), None)
                .await
                .unwrap()
                .thread
                .is_some()
        );
    }
}

/// A pull request with conversations of people, of automation and of nobody.
fn reviewed() -> Value {
    let by = |kind: &str, login: &str| json!({"__typename": kind, "login": login, "databaseId": 5});
    let said = |id: &str, author: Value, own: bool| json!({"fullDatabaseId": id, "body": "Why?", "viewerDidAuthor": own, "author": author});
    let thread = |resolved: bool, line: Value, comments: Value| {
        let comments = json!({"totalCount": 1, "nodes": comments});
        json!({"isResolved": resolved, "path": "a.rs", "line": line, "comments": comments})
    };
    let mona = || by("User", "mona");
    let threads = json!([
        thread(true, json!(1), json!([said("1", mona(), false)])),
        thread(
            false,
            json!(null),
            json!([
                said("2", by("Bot", "linter"), false),
                said("3", mona(), false)
            ])
        ),
        thread(
            false,
            json!(4),
            json!([said("4", by("Bot", "linter"), false)])
        ),
        thread(false, json!(5), json!([said("5", Value::Null, false)])),
        thread(false, json!(6), json!([said("6", mona(), true)])),
        thread(false, json!(7), json!([])),
        null,
    ]);
    let threads = json!({"totalCount": 30, "nodes": threads});
    json!({"headRefOid": "b".repeat(40), "changedFiles": 1, "reviewThreads": threads})
}

#[tokio::test]
async fn reviews_are_told_by_people_alone_and_only_while_they_are_open() {
    let pull = reviewed();
    let found = json!({"databaseId": own_id(), "pullRequest": pull});
    let answer = Reply::json(200, &json!({"data": {"repository": found}}));
    let file = json!({"filename": "a.rs", "status": "copied", "sha": "x", "patch": ""});
    let fake = Fake::with_app()
        .on(QUERY, [answer])
        .on(FILES, [Reply::json(200, &json!([file]))]);
    let at = ThreadAddress {
        kind: ThreadKind::ChangeRequest,
        ..issue()
    };
    let changes = fake.app().await.changes(&at, 300).await.unwrap();
    let open = ReviewThread {
        number: 1,
        change_request: at.number,
        comment: CommentId(2),
        path: "a.rs".to_owned(),
        line: None,
        remarks: vec![Remark {
            login: "mona".to_owned(),
            speaker: Speaker::Other,
            text: "Why?".to_owned(),
        }],
    };
    let file = ChangedFile {
        path: "a.rs".to_owned(),
        previous_path: None,
        status: FileStatus::Added,
        added_lines: 0,
        removed_lines: 0,
        patch: None,
        is_cut: false,
    };
    let expected = ChangeSet {
        files: vec![file],
        file_count: 1,
        head: Some(CommitSha::parse(&"b".repeat(40)).unwrap()),
        reviews: vec![open],
        more_reviews: 24,
        knows_resolved: true,
    };
    assert_eq!(changes, expected);
}

/// A file of a pull request, listed at a head of that letter.
fn listed_at(letter: &str, status: &str) -> Value {
    let url = format!(
        "https://api.example/contents/a.rs?ref={}",
        letter.repeat(40)
    );
    json!({"filename": "a.rs", "status": status, "sha": "x", "contents_url": url})
}

/// The head that is told of a pull request whose reviews are of head `b` and whose files are `files`,
/// and how often each of the two was asked for.
async fn head_of(files: &[Vec<Value>]) -> (String, usize, usize) {
    let found = json!({"databaseId": own_id(), "pullRequest": reviewed()});
    let answer = Reply::json(200, &json!({"data": {"repository": found}}));
    let files = files.iter().map(|files| Reply::json(200, &json!(files)));
    let fake = Fake::with_app()
        .on(QUERY, vec![answer; 3])
        .on(FILES, files.collect::<Vec<_>>());
    let at = ThreadAddress {
        kind: ThreadKind::ChangeRequest,
        ..issue()
    };
    let changes = fake.app().await.changes(&at, 300).await.unwrap();
    let head = changes.head.unwrap();
    let head = head.as_str().chars().take(1).collect();
    (head, fake.count(QUERY), fake.count(FILES))
}

#[tokio::test]
async fn files_of_another_head_than_the_reviews_are_read_again() {
    let same = vec![listed_at("b", "modified"), listed_at("c", "removed")];
    let other = vec![listed_at("b", "modified"), listed_at("d", "added")];
    let silent = vec![json!({"filename": "a.rs", "status": "added", "sha": "x"})];
    let odd =
        vec![json!({"filename": "a.rs", "contents_url": "https://api.example/a.rs?ref=main"})];
    for (files, expected) in [
        (vec![same.clone()], ("b", 1, 1)),
        (vec![silent], ("b", 1, 1)),
        (vec![odd], ("b", 1, 1)),
        (vec![other.clone(), same], ("b", 2, 2)),
        (vec![other.clone(), other.clone(), other], ("d", 3, 3)),
    ] {
        let (head, reviews, listings) = head_of(&files).await;
        assert_eq!((head.as_str(), reviews, listings), expected, "{files:?}");
    }
}
