use serde_json::{Value, json};

use super::{Keeps, LONGEST_BYTES, Question, Remembered};
use crate::domain::repository::{BlobId, ForgeKind, InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::{Author, AuthorKind, RepositoryAddress, Role, UserId};
use crate::forge::Forge;
use crate::forge::github::tests::{Fake, ISSUE, Reply, SHA, an_issue, issue, repository};
use crate::forge::github::transport::{Answer, Request};

fn address(id: u64, installation: Option<u64>) -> RepositoryAddress {
    RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: "forge.example".to_owned(),
        id: RepositoryId(id),
        name: RepositoryName::new("o", "r").unwrap(),
        installation: installation.map(InstallationId),
    }
}

fn request(path: &str) -> Request {
    Request::get(path.to_owned(), String::new()).kept()
}

fn question(path: &str) -> Question {
    Question::of(&address(1, Some(7)), &request(path)).unwrap()
}

fn answer(body: &str, headers: &[(&'static str, &'static str)]) -> Answer {
    let headers = headers.iter();
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    Answer {
        headers: headers.collect(),
        body: body.to_owned().into_bytes(),
    }
}

const TAG: (&str, &str) = ("etag", "W/\"a\"");

fn is_kept(answer: &Answer, keeps: Keeps) -> bool {
    let all = Remembered::default();
    all.keep(question("/a"), answer, keeps);
    all.find(&question("/a")).is_some()
}

#[test]
fn an_answer_comes_back_with_the_headers_that_are_read() {
    let all = Remembered::default();
    let told = answer("text", &[TAG, ("link", "<x>; rel=next"), ("date", "today")]);
    all.keep(question("/a"), &told, Keeps::Always);
    let found = all.find(&question("/a")).unwrap();
    assert_eq!(found.tag, "W/\"a\"");
    assert_eq!(found.answer().body, b"text");
    let headers = answer("", &[("link", "<x>; rel=next")]).headers;
    assert_eq!(found.answer().headers, headers);
    all.forget(&question("/a"));
    assert!(all.find(&question("/a")).is_none());
}

#[test]
fn nobody_is_told_what_was_told_to_others_or_of_others() {
    let all = Remembered::default();
    all.keep(question("/a"), &answer("text", &[TAG]), Keeps::Always);
    let others = [
        (address(1, Some(8)), request("/a")),
        (address(1, None), request("/a")),
        (address(2, Some(7)), request("/a")),
        (address(1, Some(7)), request("/a?page=2")),
        (address(1, Some(7)), request("/a").accepting("text/plain")),
    ];
    for (address, request) in others {
        let question = Question::of(&address, &request).unwrap();
        assert!(all.find(&question).is_none(), "{question:?}");
    }
    let unkept = Request::get("/a".to_owned(), String::new());
    assert_eq!(Question::of(&address(1, Some(7)), &unkept), None);
}

#[test]
fn what_cannot_be_asked_by_its_tag_is_not_kept() {
    let long = "x".repeat(LONGEST_BYTES + 1);
    assert!(is_kept(&answer("x", &[TAG]), Keeps::Always));
    assert!(is_kept(&answer("x", &[("etag", "\"a\"")]), Keeps::Always));
    for unkept in [
        answer("x", &[]),
        answer("x", &[("etag", "a")]),
        answer("x", &[("etag", "\"\"")]),
        answer("x", &[TAG, ("cache-control", "private, no-store")]),
        answer(&long, &[TAG]),
    ] {
        assert!(!is_kept(&unkept, Keeps::Always), "{:?}", unkept.headers);
    }
}

/// Another comment leaves a full page as it is, and with it its tag.
#[test]
fn a_full_page_is_not_kept() {
    let keeps = Keeps::UnlessFull(2);
    assert!(is_kept(&answer("[{}]", &[TAG]), keeps));
    for body in ["[{},{}]", "[{},{},{}]", "{}", "["] {
        assert!(!is_kept(&answer(body, &[TAG]), keeps), "{body}");
    }
}

#[test]
fn what_replaces_an_answer_and_cannot_be_kept_leaves_none() {
    let all = Remembered::default();
    all.keep(question("/a"), &answer("text", &[TAG]), Keeps::Always);
    all.keep(question("/a"), &answer("other", &[]), Keeps::Always);
    assert!(all.find(&question("/a")).is_none());
}

#[test]
fn what_is_asked_often_stays_and_memory_is_bounded() {
    let all = Remembered::default();
    let text = "x".repeat(100 * 1024);
    all.keep(question("/often"), &answer("often", &[TAG]), Keeps::Always);
    for number in 0..200 {
        let question = question(&format!("/{number}"));
        all.keep(question, &answer(&text, &[TAG]), Keeps::Always);
        assert!(all.find(&self::question("/often")).is_some());
    }
    let kept = (0..200).filter(|number| all.find(&question(&format!("/{number}"))).is_some());
    let kept = kept.count();
    assert!((15..=45).contains(&kept), "{kept}");
}

#[test]
fn tags_are_compared_whether_weak_or_strong() {
    let all = Remembered::default();
    all.keep(question("/a"), &answer("text", &[TAG]), Keeps::Always);
    let kept = all.find(&question("/a")).unwrap();
    for (tag, is_meant) in [("W/\"a\"", true), ("\"a\"", true), ("W/\"b\"", false)] {
        let headers = answer("", &[("etag", tag)]).headers;
        assert_eq!(kept.is_meant(&headers), is_meant, "{tag}");
    }
    assert!(kept.is_meant(&http::HeaderMap::new()));
}

// Through the adapter.

const PAGE: &str = "GET /repos/acme/engine/issues/7/comments?per_page=100&page=1";

fn tagged(reply: Reply, tag: &str) -> Reply {
    reply.header("etag", tag)
}

fn not_modified() -> Reply {
    Reply::bytes(304, "")
}

/// The tags that a request was sent with, one call after the other; empty without.
fn sent_tags(fake: &Fake, line: &str) -> Vec<String> {
    let seen = fake.seen(line).into_iter();
    seen.map(|seen| seen.headers.get("if-none-match").cloned())
        .map(Option::unwrap_or_default)
        .collect()
}

fn comment(id: u64) -> Value {
    json!({"id": id, "body": "text", "user": {"id": 5, "login": "mona", "type": "User"}})
}

#[tokio::test]
async fn what_was_told_before_is_asked_for_by_its_tag_and_stands_until_it_changes() {
    let other = Reply::json(
        200,
        &json!({"number": 7, "title": "Another title", "user": null}),
    );
    let replies = [
        tagged(an_issue(), "W/\"a\""),
        tagged(not_modified(), "\"a\""),
        not_modified(),
        tagged(other, "W/\"b\""),
        tagged(not_modified(), "W/\"b\""),
    ];
    let fake = Fake::with_app().on(ISSUE, replies);
    let github = fake.app().await;
    let mut titles = Vec::new();
    for _ in 0..5 {
        titles.push(github.thread(&issue()).await.unwrap().title);
    }
    let expected = ["Retry", "Retry", "Retry", "Another title", "Another title"];
    assert_eq!(titles, expected);
    let tags = ["", "W/\"a\"", "W/\"a\"", "W/\"a\"", "W/\"b\""];
    assert_eq!(sent_tags(&fake, ISSUE), tags);
}

#[tokio::test]
async fn not_modified_without_a_question_is_asked_again_and_is_no_answer() {
    let replies = [not_modified(), an_issue()];
    let fake = Fake::with_app().on(ISSUE, replies);
    assert!(fake.app().await.thread(&issue()).await.is_ok());

    let fake = Fake::with_app().on(ISSUE, [not_modified()]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge did not answer `acme/engine#7`: it said that nothing changed of what we do not have");
    assert_eq!(sent_tags(&fake, ISSUE), ["", "", ""]);
}

#[tokio::test]
async fn not_modified_of_another_tag_is_asked_again_without_one() {
    let whole = tagged(an_issue(), "\"a\"");
    let replies = [whole.clone(), tagged(not_modified(), "\"b\""), whole];
    let fake = Fake::with_app().on(ISSUE, replies);
    let github = fake.app().await;
    for _ in 0..2 {
        github.thread(&issue()).await.unwrap();
    }
    assert_eq!(sent_tags(&fake, ISSUE), ["", "\"a\"", ""]);
}

#[tokio::test]
async fn what_is_refused_is_not_kept_any_longer() {
    let whole = tagged(an_issue(), "\"a\"");
    let replies = [whole.clone(), Reply::message(404, "Not Found"), whole];
    let fake = Fake::with_app().on(ISSUE, replies);
    let github = fake.app().await;
    github.thread(&issue()).await.unwrap();
    github.thread(&issue()).await.unwrap_err();
    github.thread(&issue()).await.unwrap();
    assert_eq!(sent_tags(&fake, ISSUE), ["", "\"a\"", ""]);
}

#[tokio::test]
async fn a_role_is_asked_for_each_time_and_follows_what_is_told() {
    let line = "GET /repos/acme/engine/collaborators/mona/permission";
    let told = |role: &str| json!({"permission": role, "user": {"id": 5, "login": "mona"}});
    let replies = [
        tagged(Reply::json(200, &told("write")), "\"a\""),
        not_modified(),
        tagged(Reply::json(200, &told("read")), "\"b\""),
    ];
    let fake = Fake::with_app().on(line, replies);
    let github = fake.app().await;
    let mona = Author {
        id: UserId(5),
        login: "mona".to_owned(),
        kind: AuthorKind::Human,
    };
    for expected in [Role::Write, Role::Write, Role::Read] {
        assert_eq!(github.role(&repository(), &mona).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_page_that_is_full_is_read_anew_lest_the_next_one_is_missed() {
    let full: Vec<_> = (1..=100).map(comment).collect();
    let next = PAGE.replace("&page=1", "&page=2");
    let path = next.trim_start_matches("GET ");
    let link = format!("<http://api.github.test:{{port}}{path}>; rel=\"next\"");
    let first = tagged(Reply::json(200, &json!(full)), "\"full\"");
    let fake = Fake::with_app()
        .on(PAGE, [first.clone(), first.header("link", &link)])
        .on(&next, [Reply::json(200, &json!([comment(101)]))]);
    let github = fake.app().await;
    github.comments(&issue(), 200).await.unwrap();
    let comments = github.comments(&issue(), 200).await.unwrap();
    assert_eq!(comments.len(), 101);
    assert_eq!(sent_tags(&fake, PAGE), ["", ""]);
}

#[tokio::test]
async fn writes_and_contents_are_never_asked_for_by_a_tag() {
    let line = format!("GET /repos/acme/engine/git/blobs/{SHA}");
    let fake = Fake::with_app().on(&line, [tagged(Reply::bytes(200, "text"), "\"a\"")]);
    let github = fake.app().await;
    let id = BlobId::parse(SHA).unwrap();
    for _ in 0..2 {
        github.blob(&repository(), &id, 100).await.unwrap();
    }
    assert_eq!(sent_tags(&fake, &line), ["", ""]);
}
