use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::domain::document::{Content, Document, Outline, OutlineReason, Receipt};
use crate::domain::repository::{BlobId, CommitSha, ForgeKind};
use crate::domain::thread::{
    Author, AuthorKind, Comment, CommentId, Reaction, ReactionTarget, Role, Thread, ThreadNumber,
    UserId,
};
use crate::forge::github::tests::{
    Fake, ISSUE, MINT, Reply, SHA, START, an_issue, app_of, issue, now, repository,
};
use crate::forge::github::{Credentials, GitHub, Origins, Timing};
use crate::forge::{
    DeliveryAttempt, Depth, EntryKind, Forge, ForgeError, Revision, Tree, TreeEntry, TreeRoot,
};
use crate::render::{CommentBody, Site};

const COMMENTS: &str = "GET /repos/acme/engine/issues/7/comments?per_page=100&page=1";
const POST: &str = "POST /repos/acme/engine/issues/7/comments";
const BLOB: &str = "GET /repos/acme/engine/git/blobs/6113728f27ae82c7b1a177c8d03f9e96e0adf246";
const ARCHIVE: &str = "GET /repos/acme/engine/tarball/6113728f27ae82c7b1a177c8d03f9e96e0adf246";
const ROLE: &str = "GET /repos/acme/engine/collaborators/mona/permission";

fn blob_id() -> BlobId {
    BlobId::parse(SHA).unwrap()
}

fn comments(ids: impl IntoIterator<Item = u64>) -> Reply {
    Reply::json(200, &Value::Array(ids.into_iter().map(a_comment).collect()))
}

fn a_comment(id: u64) -> Value {
    json!({"id": id, "body": "text", "user": {"id": 5, "login": "mona", "type": "User"}})
}

fn ids(comments: &[Comment]) -> Vec<u64> {
    comments.iter().map(|comment| comment.id.0).collect()
}

/// The error as people would read it.
async fn refusal(reply: Reply) -> String {
    let fake = Fake::with_app().on(ISSUE, [reply]);
    fake.app()
        .await
        .thread(&issue())
        .await
        .unwrap_err()
        .to_string()
}

/// Something that may be posted.
fn body() -> CommentBody {
    let outline = Outline {
        reason: OutlineReason::NoModel,
        points: Vec::new(),
        mentions: Vec::new(),
        candidates: Vec::new(),
        impact: Vec::new(),
        questions: Vec::new(),
        conventions: Vec::new(),
    };
    let document = Document {
        commit: commit(),
        revision: 1,
        language: None,
        content: Content::Outline(outline),
        receipt: Receipt::default(),
        sources: Vec::new(),
        age: None,
        history: Vec::new(),
    };
    let site = Site {
        forge: ForgeKind::GitHub,
        repository_url: "http://github.test/acme/engine".to_owned(),
        marker: "<!-- marker -->".to_owned(),
    };
    crate::render::document(&document, &site)
}

fn mona() -> Author {
    Author {
        id: UserId(5),
        login: "mona".to_owned(),
        kind: AuthorKind::Human,
    }
}

fn commit() -> CommitSha {
    CommitSha::parse(SHA).unwrap()
}

// Calls.

#[tokio::test]
async fn every_request_names_version_type_and_agent_once() {
    let fake = Fake::with_app().on(POST, [Reply::json(201, &json!({"id": 1}))]);
    fake.app()
        .await
        .post_comment(&issue(), &body())
        .await
        .unwrap();
    let seen = fake.seen(POST).remove(0);
    let pick = |name: &str| seen.headers.get(name).map_or("", String::as_str);
    let agent = concat!("planwright/", env!("CARGO_PKG_VERSION"));
    let length = seen.body.len().to_string();
    assert_eq!(pick("x-github-api-version"), "2022-11-28");
    assert_eq!(pick("accept"), "application/vnd.github+json");
    assert_eq!(pick("user-agent"), agent);
    assert_eq!(pick("content-type"), "application/json");
    assert_eq!(pick("content-length"), length);
    assert_eq!(pick("authorization"), "Bearer ghs_first");
}

#[tokio::test]
async fn read_is_tried_three_times() {
    for status in [500, 502, 503, 504] {
        let fake = Fake::with_app().on(ISSUE, [Reply::bytes(status, "<html>")]);
        let error = fake.app().await.thread(&issue()).await.unwrap_err();
        assert!(matches!(error, ForgeError::Unavailable { .. }), "{error}");
        assert_eq!(fake.count(ISSUE), 3);
    }
}

#[tokio::test]
async fn read_that_succeeds_at_last_is_a_success() {
    let cut = an_issue().cut();
    let fake = Fake::with_app().on(ISSUE, [Reply::bytes(502, ""), cut, an_issue()]);
    assert_eq!(
        fake.app().await.thread(&issue()).await.unwrap().title,
        "Retry"
    );
}

#[tokio::test]
async fn refused_read_is_not_tried_again() {
    for status in [400, 403, 404, 410, 422, 429, 451] {
        let fake = Fake::with_app().on(ISSUE, [Reply::message(status, "no")]);
        drop(fake.app().await.thread(&issue()).await.unwrap_err());
        assert_eq!(fake.count(ISSUE), 1, "{status}");
    }
}

#[tokio::test]
async fn write_is_sent_once_whatever_happens() {
    let created = Reply::json(201, &json!({"id": 1}));
    for reply in [
        Reply::bytes(502, ""),
        created.cut(),
        Reply::bytes(201, "<html>"),
    ] {
        let fake = Fake::with_app().on(POST, [reply]);
        let error = fake
            .app()
            .await
            .post_comment(&issue(), &body())
            .await
            .unwrap_err();
        assert!(matches!(error, ForgeError::Unavailable { .. }), "{error}");
        assert_eq!(fake.count(POST), 1);
    }
}

#[tokio::test]
async fn unreachable_server_is_unavailable() {
    let address = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{address}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let timing = Timing {
        now,
        random: || 0.0,
        pause: Duration::ZERO,
    };
    let credentials = Credentials::Token(SecretString::from("t"));
    let github = GitHub::new(
        client,
        Origins::parse(&url, &url).unwrap(),
        credentials,
        timing,
    );
    let error = github.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge did not answer `acme/engine#7`: the connection could not be made");
}

#[tokio::test]
async fn refusals_say_what_they_mean() {
    let mut told = String::new();
    for (status, message) in [
        (400, "Problems parsing JSON"),
        (403, "Unable to create comment because issue is locked."),
        (403, "Repository was archived so is read-only."),
        (
            403,
            "the `acme` organization has an IP allow list enabled, and your IP address",
        ),
        (
            403,
            "Commenting is disabled on issues with more than 2500 comments",
        ),
        (403, "Resource not accessible by integration"),
        (403, "<b>anything</b> http://evil.test/?token=1"),
        (404, "Not Found"),
        (409, "Git Repository is empty."),
        (410, "This issue was deleted"),
        (422, "Validation Failed"),
        (422, "Body is too long (maximum is 65536 characters)"),
        (451, "Repository access blocked"),
        (301, "Moved Permanently"),
        (418, "teapot"),
    ] {
        let refusal = refusal(Reply::message(status, message)).await;
        told.push_str(&format!("{status} {refusal}\n"));
    }
    insta::assert_snapshot!(told, @r"
    400 the forge gave an unexpected answer to `acme/engine#7`: it answered 400
    403 the forge refused `acme/engine#7`: the conversation is locked
    403 the forge refused `acme/engine#7`: the repository is archived
    403 the forge refused `acme/engine#7`: the organization's IP allow list does not hold our address
    403 the forge refused `acme/engine#7`: the thread has more than 2500 comments
    403 the forge refused `acme/engine#7`: the credentials lack a permission
    403 the forge refused `acme/engine#7`: it is forbidden
    404 `acme/engine#7` was not found
    409 the repository is empty
    410 `acme/engine#7` (deleted) was not found
    422 the forge gave an unexpected answer to `acme/engine#7`: it was refused as invalid
    422 the forge gave an unexpected answer to `acme/engine#7`: the text is too long
    451 the forge refused `acme/engine#7`: it is blocked for legal reasons
    301 `acme/engine#7` (moved elsewhere) was not found
    418 the forge gave an unexpected answer to `acme/engine#7`: it answered 418
    ");
}

#[tokio::test]
async fn permission_that_is_missing_is_named() {
    let reply = Reply::message(403, "Resource not accessible by integration").header(
        "x-accepted-github-permissions",
        "issues=write; pull_requests=write",
    );
    insta::assert_snapshot!(refusal(reply).await, @"the forge refused `acme/engine#7`: the credentials lack a permission (needed: issues=write; pull_requests=write)");
}

#[tokio::test]
async fn permission_header_with_other_text_is_left_out() {
    let reply = Reply::message(403, "Resource not accessible by integration")
        .header("x-accepted-github-permissions", "<script>");
    insta::assert_snapshot!(refusal(reply).await, @"the forge refused `acme/engine#7`: the credentials lack a permission");
}

#[tokio::test]
async fn rate_limits_tell_how_long_to_wait() {
    let reset = (START + 90).to_string();
    let limited = |status| Reply::message(status, "no").header("x-ratelimit-remaining", "0");
    let secondary = Reply::message(403, "You have exceeded a secondary rate limit");
    let mut waits = Vec::new();
    for reply in [
        Reply::message(429, "no").header("retry-after", "17"),
        Reply::message(403, "no").header("retry-after", "17"),
        limited(403).header("x-ratelimit-reset", &reset),
        limited(429).header("x-ratelimit-reset", &reset),
        limited(403).header("x-ratelimit-reset", "12"),
        limited(403)
            .header("retry-after", "17")
            .header("x-ratelimit-reset", &reset),
        secondary.clone(),
        secondary
            .header("x-ratelimit-remaining", "4000")
            .header("x-ratelimit-reset", &reset),
        Reply::message(429, "no").header("retry-after", "soon"),
        Reply::message(429, "no").header("retry-after", "99999999999"),
        limited(403).header("x-ratelimit-reset", &u64::MAX.to_string()),
    ] {
        let fake = Fake::with_app().on(ISSUE, [reply]);
        match fake.app().await.thread(&issue()).await.unwrap_err() {
            ForgeError::RateLimited { retry_after, .. } => waits.push(retry_after.as_secs()),
            error => panic!("{error}"),
        }
    }
    assert_eq!(waits, [17, 17, 91, 91, 60, 17, 60, 60, 60, 7200, 60]);
}

#[tokio::test]
async fn answer_that_is_not_json_is_unexpected() {
    for body in ["", "<html>", "[]", r#"{"title": 7}"#] {
        let refusal = refusal(Reply::bytes(200, body)).await;
        assert_eq!(
            refusal,
            "the forge gave an unexpected answer to `acme/engine#7`: it is not the JSON that the \
             API describes"
        );
    }
}

#[tokio::test]
async fn renamed_repository_is_followed_by_its_id() {
    let location = "http://api.github.test:{port}/repositories/42/issues/7/comments";
    let fake = Fake::with_app()
        .on(POST, [Reply::bytes(307, "").header("location", location)])
        .on(
            "POST /repositories/42/issues/7/comments",
            [Reply::json(201, &json!({"id": 9}))],
        );
    let id = fake
        .app()
        .await
        .post_comment(&issue(), &body())
        .await
        .unwrap();
    assert_eq!(id, CommentId(9));
    let seen = fake
        .seen("POST /repositories/42/issues/7/comments")
        .remove(0);
    assert_eq!(seen.json(), json!({"body": body().as_str()}));
}

#[tokio::test]
async fn redirects_to_other_repositories_and_hosts_are_not_followed() {
    for location in [
        "http://api.github.test:{port}/repositories/43/issues/7",
        "http://api.github.test:{port}/repositories/421/issues/7",
        "http://evil.test:{port}/repositories/42/issues/7",
        "//evil.test:{port}/repositories/42/issues/7",
        "http://api.github.test/repositories/42/issues/7",
        "http://api.github.test:{port}/repositories/42/../43/issues/7",
    ] {
        let fake = Fake::with_app().on(ISSUE, [Reply::bytes(301, "").header("location", location)]);
        let error = fake.app().await.thread(&issue()).await.unwrap_err();
        assert!(
            matches!(error, ForgeError::NotFound { .. }),
            "{location}: {error}"
        );
        assert_eq!(fake.lines(), [MINT, ISSUE], "{location}");
    }
}

// Threads.

#[tokio::test]
async fn thread_is_told_in_full() {
    let told = json!({
        "title": "Retry", "body": "It fails.", "state": "closed", "locked": true,
        "user": {"id": 8, "login": "dependabot[bot]", "type": "Bot"},
        "labels": [{"name": "plan"}, "old", {"name": null}],
    });
    let fake = Fake::with_app().on(ISSUE, [Reply::json(200, &told)]);
    let expected = Thread {
        title: "Retry".to_owned(),
        body: "It fails.".to_owned(),
        author: Some(Author {
            id: UserId(8),
            login: "dependabot[bot]".to_owned(),
            kind: AuthorKind::Bot,
        }),
        open: false,
        merged: false,
        locked: true,
        labels: vec!["plan".to_owned(), "old".to_owned()],
    };
    assert_eq!(fake.app().await.thread(&issue()).await.unwrap(), expected);
}

#[tokio::test]
async fn merged_pull_request_is_known_by_its_time_wherever_it_stands() {
    let time = "2026-04-27T09:30:00Z";
    for (told, expected) in [
        (json!({"pull_request": {"merged_at": time}}), true),
        (json!({"merged_at": time}), true),
        (json!({"pull_request": {"merged_at": null}}), false),
        (json!({"pull_request": {}, "state": "closed"}), false),
    ] {
        let fake = Fake::with_app().on(ISSUE, [Reply::json(200, &told)]);
        let thread = fake.app().await.thread(&issue()).await.unwrap();
        assert_eq!(thread.merged, expected, "{told}");
    }
}

#[tokio::test]
async fn thread_that_is_no_issue_is_read_as_a_pull_request() {
    let pull = "GET /repos/acme/engine/pulls/7";
    let fake = Fake::with_app().on(pull, [an_issue()]);
    assert_eq!(
        fake.app().await.thread(&issue()).await.unwrap().title,
        "Retry"
    );
    assert_eq!(fake.lines(), [MINT, ISSUE, pull]);
}

#[tokio::test]
async fn newest_comments_are_read_from_the_last_pages() {
    let link = "<http://api.github.test:{port}/repositories/42/issues/7/comments?per_page=100&page=2>; rel=\"next\", \
                <http://api.github.test:{port}/repositories/42/issues/7/comments?per_page=100&page=9>; rel=\"last\"";
    let page =
        |number| format!("GET /repos/acme/engine/issues/7/comments?per_page=100&page={number}");
    let fake = Fake::with_app()
        .on(COMMENTS, [comments(1..=100).header("link", link)])
        .on(&page(8), [comments(701..=800)])
        .on(&page(9), [comments(801..=803)]);
    let told = fake.app().await.comments(&issue(), 5).await.unwrap();
    assert_eq!(ids(&told), [799, 800, 801, 802, 803]);
    assert_eq!(
        fake.lines(),
        [
            MINT.to_owned(),
            COMMENTS.to_owned(),
            page(9),
            page(8),
            "GET /app".to_owned()
        ]
    );
}

#[tokio::test]
async fn comments_are_told_whole_when_there_are_few() {
    let link = "<http://api.github.test:{port}/x?page=2>; rel=\"last\"";
    let second = "GET /repos/acme/engine/issues/7/comments?per_page=100&page=2";
    let fake = Fake::with_app()
        .on(COMMENTS, [comments(1..=100).header("link", link)])
        .on(second, [comments(101..=102)]);
    let told = fake.app().await.comments(&issue(), 1000).await.unwrap();
    assert_eq!(ids(&told), (1..=102).collect::<Vec<_>>());
}

#[tokio::test]
async fn pages_are_counted_where_the_server_links_none() {
    let second = "GET /repos/acme/engine/issues/7/comments?per_page=100&page=2";
    let fake = Fake::with_app()
        .on(COMMENTS, [comments(1..=100)])
        .on(second, [comments(101..=101)]);
    let told = fake.app().await.comments(&issue(), 2).await.unwrap();
    assert_eq!(ids(&told), [100, 101]);
}

#[tokio::test]
async fn endless_pages_end() {
    let link = "<http://api.github.test:{port}/x?page=99>; rel=\"next\"";
    let page =
        |number| format!("GET /repos/acme/engine/issues/7/comments?per_page=100&page={number}");
    let mut fake = Fake::with_app();
    for number in 1..=99 {
        fake = fake.on(&page(number), [comments([number]).header("link", link)]);
    }
    let told = fake.app().await.comments(&issue(), 1000).await.unwrap();
    assert_eq!(told.len(), 30);
}

#[tokio::test]
async fn claimed_number_of_pages_is_not_believed() {
    let link = "<http://api.github.test:{port}/x?page=18446744073709551615>; rel=\"last\"";
    let fake = Fake::with_app().on(COMMENTS, [comments([1]).header("link", link)]);
    let error = fake.app().await.comments(&issue(), 1000).await.unwrap_err();
    assert!(matches!(error, ForgeError::NotFound { .. }), "{error}");
    assert_eq!(fake.lines().len(), 3);
}

#[tokio::test]
async fn pages_on_another_host_are_refused() {
    for address in [
        "http://evil.test:{port}/x?page=2",
        "http://api.github.test/x?page=2",
    ] {
        let link = format!("<{address}>; rel=\"next\"");
        let fake = Fake::with_app().on(COMMENTS, [comments([1]).header("link", &link)]);
        let error = fake.app().await.comments(&issue(), 10).await.unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the forge gave an unexpected answer to the comments of `acme/engine#7`: its further pages are on another host");
        }
        assert_eq!(fake.lines(), [MINT, COMMENTS]);
    }
}

/// Comments that could be taken for ours, by who wrote them.
fn candidates() -> Reply {
    let user = |login: &str, id: u64| json!({"login": login, "id": id, "type": "User"});
    let written = [
        json!({"user": user("mona", 5), "performed_via_github_app": null}),
        json!({"user": user("planwright", 6)}),
        json!({"user": user("planwright[bot]", 7)}),
        json!({"user": user("x[bot]", 8), "performed_via_github_app": {"id": 12345}}),
        json!({"user": user("x[bot]", 8), "performed_via_github_app": {"id": 9}}),
        json!({"user": null, "performed_via_github_app": {"client_id": "Iv1.0123456789abcdef"}}),
        json!({"user": null}),
    ];
    let comments = written.into_iter().zip(1..).map(|(mut comment, id)| {
        comment["id"] = json!(id);
        comment["body"] = json!("<!-- marker -->");
        comment
    });
    Reply::json(200, &comments.collect())
}

async fn own(fake: Fake, credentials: Credentials) -> Vec<u64> {
    let told = fake
        .adapter(credentials)
        .await
        .comments(&issue(), 100)
        .await
        .unwrap();
    told.iter()
        .filter(|comment| comment.own)
        .map(|comment| comment.id.0)
        .collect()
}

#[tokio::test]
async fn own_comments_are_told_by_app_or_bot_account_and_never_by_text() {
    let fake = Fake::with_app().on(COMMENTS, [candidates()]);
    assert_eq!(own(fake, app_of("12345")).await, [3, 4]);
}

#[tokio::test]
async fn own_comments_are_told_by_app_alone_when_github_does_not_say_who_we_are() {
    let unknown = [Reply::message(404, "Not Found")];
    let fake = Fake::with_app()
        .on("GET /app", unknown.clone())
        .on(COMMENTS, [candidates()]);
    assert_eq!(own(fake, app_of("12345")).await, [4]);
    let fake = Fake::with_app()
        .on("GET /app", unknown)
        .on(COMMENTS, [candidates()]);
    assert_eq!(own(fake, app_of("Iv1.0123456789abcdef")).await, [6]);
}

#[tokio::test]
async fn own_comments_of_a_token_are_those_of_its_user() {
    let user = Reply::json(
        200,
        &json!({"id": 6, "login": "planwright", "type": "User"}),
    );
    let fake = Fake::default()
        .on("GET /user", [user])
        .on(COMMENTS, [candidates()]);
    assert_eq!(
        own(fake, Credentials::Token(SecretString::from("t"))).await,
        [2]
    );
}

#[tokio::test]
async fn who_we_are_is_asked_once() {
    let fake = Fake::with_app().on(COMMENTS, [candidates()]);
    let github = fake.app().await;
    for _ in 0..3 {
        github.comments(&issue(), 100).await.unwrap();
    }
    assert_eq!((fake.count("GET /app"), fake.count(COMMENTS)), (1, 3));
}

#[tokio::test]
async fn role_is_the_exact_one_where_it_is_known() {
    let mut roles = Vec::new();
    for (permission, role_name) in [
        ("admin", Some("admin")),
        ("write", Some("maintain")),
        ("read", Some("triage")),
        ("write", Some("release-captain")),
        ("read", None),
        ("none", Some("none")),
        ("owner", Some("owner")),
    ] {
        let told = json!({"permission": permission, "role_name": role_name, "user": {"id": 5, "login": "mona"}});
        let fake = Fake::with_app().on(ROLE, [Reply::json(200, &told)]);
        roles.push(fake.app().await.role(&repository(), &mona()).await.unwrap());
    }
    let expected = [
        Role::Admin,
        Role::Maintain,
        Role::Triage,
        Role::Write,
        Role::Read,
        Role::None,
        Role::None,
    ];
    assert_eq!(roles, expected);
}

#[tokio::test]
async fn login_that_went_to_somebody_else_has_no_role() {
    let told = json!({"permission": "admin", "user": {"id": 6, "login": "mona"}});
    let fake = Fake::with_app().on(ROLE, [Reply::json(200, &told)]);
    assert_eq!(
        fake.app().await.role(&repository(), &mona()).await.unwrap(),
        Role::None
    );
}

#[tokio::test]
async fn stranger_has_no_role() {
    let fake = Fake::with_app();
    assert_eq!(
        fake.app().await.role(&repository(), &mona()).await.unwrap(),
        Role::None
    );
    assert_eq!(fake.lines(), [MINT, ROLE]);
}

#[tokio::test]
async fn login_cannot_leave_its_place_in_the_path() {
    let fake = Fake::with_app();
    let github = fake.app().await;
    for login in ["../../../user", "a?b#c", "planwright[bot]", "..", "."] {
        let user = Author {
            login: login.to_owned(),
            ..mona()
        };
        assert_eq!(github.role(&repository(), &user).await.unwrap(), Role::None);
    }
    let expected = [
        MINT,
        "GET /repos/acme/engine/collaborators/..%2F..%2F..%2Fuser/permission",
        "GET /repos/acme/engine/collaborators/a%3Fb%23c/permission",
        "GET /repos/acme/engine/collaborators/planwright%5Bbot%5D/permission",
    ];
    assert_eq!(fake.lines(), expected);
}

#[tokio::test]
async fn comment_is_edited_in_place() {
    let line = "PATCH /repos/acme/engine/issues/comments/9";
    let fake = Fake::with_app().on(line, [Reply::json(200, &json!({}))]);
    fake.app()
        .await
        .edit_comment(&issue(), CommentId(9), &body())
        .await
        .unwrap();
    assert_eq!(fake.seen(line)[0].json(), json!({"body": body().as_str()}));
}

#[tokio::test]
async fn reactions_are_put_on_threads_and_comments() {
    let on_thread = "POST /repos/acme/engine/issues/7/reactions";
    let on_comment = "POST /repos/acme/engine/issues/comments/9/reactions";
    let fake = Fake::with_app()
        .on(on_thread, [Reply::json(201, &json!({}))])
        .on(on_comment, [Reply::json(200, &json!({}))]);
    let github = fake.app().await;
    let comment = ReactionTarget::Comment(CommentId(9));
    github
        .acknowledge(&issue(), ReactionTarget::Thread, Reaction::Eyes)
        .await
        .unwrap();
    github
        .acknowledge(&issue(), comment, Reaction::Rocket)
        .await
        .unwrap();
    github
        .acknowledge(&issue(), comment, Reaction::Confused)
        .await
        .unwrap();
    let sent: Vec<_> = [fake.seen(on_thread), fake.seen(on_comment)]
        .concat()
        .iter()
        .map(|seen| seen.json()["content"].clone())
        .collect();
    assert_eq!(sent, ["eyes", "rocket", "confused"]);
}

#[tokio::test]
async fn server_without_reactions_does_not_find_them() {
    let fake = Fake::with_app();
    let outcome = fake
        .app()
        .await
        .acknowledge(&issue(), ReactionTarget::Thread, Reaction::Eyes)
        .await;
    assert!(
        matches!(outcome, Err(ForgeError::NotFound { .. })),
        "{outcome:?}"
    );
}

// Contents.

async fn default_tip(tip: Reply) -> Result<CommitSha, ForgeError> {
    let told = json!({"default_branch": "release/v1", "private": true});
    let fake = Fake::with_app()
        .on("GET /repos/acme/engine", [Reply::json(200, &told)])
        .on("GET /repos/acme/engine/commits/release%2Fv1", [tip]);
    let github = fake.app().await;
    let pinned = github
        .resolve(&repository(), Revision::DefaultBranch)
        .await?;
    assert_eq!(pinned.private, Some(true));
    Ok(pinned.commit)
}

#[tokio::test]
async fn default_branch_is_resolved_from_text_or_json() {
    let text = Reply::bytes(200, SHA).header("content-type", "application/vnd.github.sha");
    let json = Reply::json(200, &json!({"sha": SHA, "commit": {}}));
    assert_eq!(default_tip(text).await.unwrap(), commit());
    assert_eq!(default_tip(json).await.unwrap(), commit());
}

#[tokio::test]
async fn abbreviated_commit_is_unexpected() {
    let error = default_tip(Reply::json(200, &json!({"sha": "6113728"})))
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @"the forge gave an unexpected answer to the default branch of `acme/engine`: it has no full id");
}

#[tokio::test]
async fn repository_without_commits_is_empty() {
    let outcome = default_tip(Reply::message(409, "Git Repository is empty.")).await;
    assert!(matches!(outcome, Err(ForgeError::Empty)), "{outcome:?}");
}

#[tokio::test]
async fn head_of_a_change_request_is_the_reference_of_the_target() {
    let told = json!({"ref": "refs/pull/9/head", "object": {"sha": SHA, "type": "commit"}});
    let fake = Fake::with_app().on(
        "GET /repos/acme/engine/git/ref/pull/9/head",
        [Reply::json(200, &told)],
    );
    let revision = Revision::ChangeRequestHead(ThreadNumber(9));
    assert_eq!(
        fake.app()
            .await
            .resolve(&repository(), revision)
            .await
            .unwrap()
            .commit,
        commit()
    );
}

#[tokio::test]
async fn head_of_a_change_request_is_read_from_it_where_there_is_no_reference() {
    let told = json!({"head": {"sha": SHA, "repo": null}});
    let fake = Fake::with_app().on("GET /repos/acme/engine/pulls/9", [Reply::json(200, &told)]);
    let revision = Revision::ChangeRequestHead(ThreadNumber(9));
    assert_eq!(
        fake.app()
            .await
            .resolve(&repository(), revision)
            .await
            .unwrap()
            .commit,
        commit()
    );
}

#[tokio::test]
async fn tree_tells_files_symlinks_and_submodules_but_no_folders() {
    let told = json!({"sha": SHA, "truncated": true, "tree": [
        {"path": "src", "mode": "040000", "type": "tree", "sha": SHA},
        {"path": "src/a b.rs", "mode": "100644", "type": "blob", "sha": SHA, "size": 3},
        {"path": "run", "mode": "100755", "type": "blob", "sha": SHA},
        {"path": "link", "mode": "120000", "type": "blob", "sha": SHA, "size": 1},
        {"path": "vendor/x", "mode": "160000", "type": "commit", "sha": SHA},
    ]});
    let line = format!("GET /repos/acme/engine/git/trees/{SHA}?recursive=1");
    let fake = Fake::with_app().on(&line, [Reply::json(200, &told)]);
    let entry = |path: &str, kind, size_bytes| TreeEntry {
        path: path.to_owned(),
        kind,
        id: blob_id(),
        size_bytes,
    };
    let expected = Tree {
        entries: vec![
            entry("src/a b.rs", EntryKind::File, Some(3)),
            entry("run", EntryKind::File, None),
            entry("link", EntryKind::Symlink, Some(1)),
            entry("vendor/x", EntryKind::Submodule, None),
        ],
        folders: Vec::new(),
        truncated: true,
    };
    assert_eq!(
        fake.app()
            .await
            .tree(&repository(), TreeRoot::Commit(&commit()), Depth::Whole)
            .await
            .unwrap(),
        expected
    );
}

async fn archive(fake: &Fake) -> Result<Vec<u8>, ForgeError> {
    let stream = fake.app().await.archive(&repository(), &commit()).await?;
    let chunks: Vec<Bytes> = stream.try_collect().await?;
    Ok(chunks.concat())
}

fn moved(location: &str) -> Reply {
    Reply::bytes(302, "").header("location", location)
}

#[tokio::test]
async fn archive_on_the_site_is_fetched_without_credentials() {
    let fake = Fake::with_app()
        .on(
            ARCHIVE,
            [moved("http://codeload.github.test:{port}/x.tar.gz?token=1")],
        )
        .on("GET /x.tar.gz?token=1", [Reply::bytes(200, "archive")]);
    assert_eq!(archive(&fake).await.unwrap(), b"archive");
    let seen = fake.seen("GET /x.tar.gz?token=1").remove(0);
    assert_eq!(
        (seen.host.as_str(), seen.authorization()),
        ("codeload.github.test", None)
    );
}

#[tokio::test]
async fn archive_at_the_origin_of_the_api_is_fetched_with_credentials() {
    let fake = Fake::with_app()
        .on(ARCHIVE, [moved("/_codeload/x")])
        .on("GET /_codeload/x", [Reply::bytes(200, "archive")]);
    assert_eq!(archive(&fake).await.unwrap(), b"archive");
    assert_eq!(
        fake.seen("GET /_codeload/x")[0].authorization(),
        Some("Bearer ghs_first")
    );
}

#[tokio::test]
async fn archive_that_is_answered_at_once_is_taken() {
    let fake = Fake::with_app().on(ARCHIVE, [Reply::bytes(200, "archive")]);
    assert_eq!(archive(&fake).await.unwrap(), b"archive");
}

#[tokio::test]
async fn archive_elsewhere_is_not_fetched() {
    for location in [
        "http://evil.test:{port}/x",
        "http://github.test.evil.test:{port}/x",
        "http://evilgithub.test:{port}/x",
        "https://codeload.github.test:{port}/x",
        "http://codeload.github.test:1/x",
        "http://github.test@evil.test:{port}/x",
        "file:///etc/passwd",
    ] {
        let fake = Fake::with_app().on(ARCHIVE, [moved(location)]);
        let error = archive(&fake).await.unwrap_err();
        assert!(
            matches!(error, ForgeError::Unexpected { .. }),
            "{location}: {error}"
        );
        assert_eq!(fake.lines(), [MINT, ARCHIVE], "{location}");
    }
}

#[tokio::test]
async fn archive_that_moves_twice_is_given_up() {
    let fake = Fake::with_app()
        .on(ARCHIVE, [moved("http://codeload.github.test:{port}/x")])
        .on("GET /x", [moved("http://codeload.github.test:{port}/y")]);
    let error = archive(&fake).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge gave an unexpected answer to the archive of `acme/engine` at 6113728: it has moved twice");
}

#[tokio::test]
async fn missing_archive_is_not_found() {
    let outcome = archive(&Fake::with_app()).await;
    assert!(
        matches!(outcome, Err(ForgeError::NotFound { .. })),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn archive_that_breaks_off_is_unavailable() {
    let fake = Fake::with_app().on(ARCHIVE, [Reply::bytes(200, "arch").cut()]);
    let outcome = archive(&fake).await;
    assert!(
        matches!(outcome, Err(ForgeError::Unavailable { .. })),
        "{outcome:?}"
    );
}

async fn blob(reply: Reply, limit_bytes: u64) -> Result<Bytes, ForgeError> {
    let fake = Fake::with_app().on(BLOB, [reply]);
    fake.app()
        .await
        .blob(&repository(), &blob_id(), limit_bytes)
        .await
}

fn wrapped(sha: &str, encoding: &str, content: &str) -> Reply {
    Reply::json(
        200,
        &json!({"sha": sha, "encoding": encoding, "content": content, "size": 1}),
    )
}

#[tokio::test]
async fn blob_is_taken_raw() {
    let raw = Reply::bytes(200, Bytes::from_static(b"\xff\x00{}"));
    let raw = raw.header(
        "content-type",
        "application/vnd.github.raw+json; charset=utf-8",
    );
    assert_eq!(
        blob(raw, 4).await.unwrap(),
        Bytes::from_static(b"\xff\x00{}")
    );
}

#[tokio::test]
async fn blob_is_taken_out_of_json_where_the_media_type_is_ignored() {
    let base64 = wrapped(SHA, "base64", "aGVs\nbG8=\n");
    assert_eq!(blob(base64, 5).await.unwrap(), Bytes::from_static(b"hello"));
    assert_eq!(
        blob(wrapped(SHA, "utf-8", "hello"), 5).await.unwrap(),
        Bytes::from_static(b"hello")
    );
}

#[tokio::test]
async fn blob_that_looks_like_a_wrapped_one_stays_as_it_is() {
    let other = "0000000000000000000000000000000000000000";
    let reply = wrapped(other, "base64", "aGVsbG8=");
    let expected = reply.body.clone();
    assert_eq!(blob(reply, 1000).await.unwrap(), expected);
}

#[tokio::test]
async fn blob_in_an_unknown_encoding_is_unexpected() {
    for reply in [
        wrapped(SHA, "base64", "%%%"),
        wrapped(SHA, "rot13", "uryyb"),
    ] {
        let outcome = blob(reply, 1000).await;
        assert!(
            matches!(outcome, Err(ForgeError::Unexpected { .. })),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn blob_beyond_the_limit_is_too_large() {
    let huge = vec![b'x'; 1 << 20];
    for reply in [
        wrapped(SHA, "base64", "aGVsbG8="),
        Reply::bytes(200, "hello"),
        Reply::bytes(200, huge.clone()),
        Reply::bytes(200, huge).cut(),
    ] {
        let error = blob(reply, 4).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "a file of `acme/engine` is larger than 4 bytes"
        );
    }
}

const DELIVERIES: &str = "GET /app/hook/deliveries?per_page=100";

/// A delivery `age` seconds before the start of the tests' time.
fn delivery(id: u64, guid: &str, age: u64, status: (&str, u16)) -> Value {
    let at = jiffy(START - age);
    json!({
        "id": id, "guid": guid, "delivered_at": at, "redelivery": false, "duration": 0.1,
        "status": status.0, "status_code": status.1, "event": "issues", "action": "labeled",
        "installation_id": 100, "repository_id": 42,
    })
}

/// A time of the tests' day as GitHub writes it.
fn jiffy(seconds: u64) -> String {
    let of_day = seconds - DAY;
    format!(
        "2026-11-22T{:02}:{:02}:{:02}.000Z",
        of_day / 3600,
        of_day / 60 % 60,
        of_day % 60
    )
}

/// When the tests' day began.
const DAY: u64 = START / 86_400 * 86_400;

async fn missed(fake: &Fake, age: u64) -> Vec<(String, u64)> {
    let since = now() - Duration::from_secs(age);
    let missed = fake.app().await.missed_deliveries(since).await.unwrap();
    missed
        .into_iter()
        .map(|one| (one.key, one.attempt.id))
        .collect()
}

#[tokio::test]
async fn missed_is_what_no_attempt_brought_here_whatever_its_status() {
    let page = json!([
        delivery(9, "timed-out", 10, ("timed out", 504)),
        delivery(8, "unreachable", 20, ("failed to connect to host", 0)),
        delivery(7, "repaired", 30, ("OK", 202)),
        delivery(6, "under way", 35, ("pending", 0)),
        delivery(5, "repaired", 40, ("Service Unavailable", 503)),
        delivery(4, "twice", 50, ("Service Unavailable", 503)),
        delivery(3, "twice", 60, ("timed out", 504)),
        delivery(2, "too old", 600, ("timed out", 504)),
    ]);
    let fake = Fake::default().on(DELIVERIES, [Reply::json(200, &page)]);
    let found = missed(&fake, 100).await;
    let (host, _) = found[0].0.rsplit_once(':').unwrap();
    let key = |guid: &str| format!("{host}:{guid}");
    assert_eq!(
        found,
        [
            (key("twice"), 4),
            (key("unreachable"), 8),
            (key("timed-out"), 9)
        ]
    );
}

#[tokio::test]
async fn pages_are_followed_by_their_cursor_until_they_are_old_enough() {
    let next = "<http://api.github.test:{port}/app/hook/deliveries?per_page=100&cursor=v1_8>; rel=\"next\"";
    let fake = Fake::default()
        .on(
            DELIVERIES,
            [
                Reply::json(200, &json!([delivery(8, "new", 10, ("OK", 200))]))
                    .header("link", next),
            ],
        )
        .on(
            "GET /app/hook/deliveries?per_page=100&cursor=v1_8",
            [Reply::json(200, &json!([delivery(7, "old", 900, ("", 503))])).header("link", next)],
        );
    assert_eq!(missed(&fake, 100).await, []);
    assert_eq!(fake.lines().len(), 2, "{:?}", fake.lines());
}

#[tokio::test]
async fn forge_without_a_list_of_deliveries_says_so() {
    let github = Fake::default().app().await;
    let error = github.missed_deliveries(now()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the App's deliveries was not found");
}

#[tokio::test]
async fn another_attempt_is_asked_for_once_and_without_a_body() {
    let line = "POST /app/hook/deliveries/7/attempts";
    let fake = Fake::default().on(line, [Reply::json(202, &json!({}))]);
    let attempt = DeliveryAttempt { account: 0, id: 7 };
    fake.app().await.redeliver(&attempt).await.unwrap();
    let seen = fake.seen(line);
    assert_eq!((seen.len(), seen[0].body.as_str()), (1, ""));
}
