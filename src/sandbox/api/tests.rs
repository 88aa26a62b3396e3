//! The API as a client sees it.

use std::collections::BTreeSet;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::domain::thread::{Role, ThreadNumber};
use crate::sandbox::conformity::Description;
use crate::sandbox::tests::{Answer, Rig, START};
use crate::sandbox::world::{Fault, Gate, InstallationStatus, IssueFate, RequestRecord, State};

const COMMENTS: &str = "/repos/acme/widgets/issues/1/comments";
const COMMENTS_ROUTE: &str = "/repos/{owner}/{repo}/issues/{issue_number}/comments";

fn message(answer: &Answer) -> (u16, &str) {
    let message = answer.body["message"].as_str();
    (answer.status, message.unwrap_or_default())
}

/// Every endpoint, with its good answers and its usual refusals: method, who asks, path, body.
const WALK: &str = r#"
    GET jwt /app
    GET bot /app
    GET jwt /app/hook/deliveries
    GET jwt /app/hook/config
    PATCH jwt /app/hook/config {"content_type":"form"}
    PATCH jwt /app/hook/config {"content_type":"xml"}
    GET jwt /app/installations
    POST jwt TOKENS {"permissions":{"issues":"write"}}
    POST jwt TOKENS {"repository_ids":[871204563]}
    POST jwt TOKENS {"permissions":{"administration":"write"}}
    GET person /user
    GET bot /user
    GET bot /users/planwright[bot]
    GET bot /users/nobody
    GET bot /rate_limit
    GET bot /repos/acme/widgets
    GET bot /repos/acme/gadgets
    GET jwt INSTALLATION
    GET jwt /repos/acme/widgets/installation
    GET bot /repos/acme/widgets/collaborators/maintainer/permission
    GET bot /repos/acme/widgets/collaborators/nobody/permission
    GET bot /repos/acme/widgets/commits/main
    GET bot /repos/acme/widgets/commits/nowhere
    GET bot /repos/acme/widgets/git/ref/heads/main
    GET bot /repos/acme/widgets/git/ref/heads/nowhere
    GET bot /repos/acme/widgets/git/trees/main?recursive=1
    GET bot /repos/acme/widgets/git/trees/nowhere
    GET bot /repos/acme/widgets/git/blobs/BLOB
    GET bot /repos/acme/widgets/git/blobs/0000000000000000000000000000000000000000
    GET bot /repos/acme/widgets/tarball/main
    GET bot /repos/acme/widgets/issues?state=all
    POST person /repos/acme/widgets/issues {"title":"A","labels":["bug"]}
    POST person /repos/acme/widgets/issues {"title":" "}
    GET bot /repos/acme/widgets/issues/1
    GET bot /repos/acme/widgets/issues/99
    GET bot /repos/acme/widgets/issues/2
    GET bot /repos/acme/widgets/git/ref/pull/2/head
    GET bot /repos/acme/widgets/pulls/2
    GET bot /repos/acme/widgets/pulls/1
    GET bot /repos/acme/widgets/pulls/2/files
    GET bot /repos/acme/widgets/pulls/2/comments
    POST bot /repos/acme/widgets/pulls/comments/REMARK/reactions {"content":"eyes"}
    GET bot /repos/acme/widgets/pulls/comments/REMARK/reactions
    GET bot /repos/acme/widgets/pulls/comments/COMMENT/reactions
    POST person /repos/acme/widgets/issues/1/labels {"labels":["plan"]}
    GET bot /repos/acme/widgets/issues/1/labels
    DELETE person /repos/acme/widgets/issues/1/labels/plan
    DELETE person /repos/acme/widgets/issues/1/labels/plan
    POST bot /repos/acme/widgets/issues/1/comments {"body":"The plan."}
    POST bot /repos/acme/widgets/issues/1/comments {"body":""}
    GET bot /repos/acme/widgets/issues/1/comments?per_page=1
    GET bot /repos/acme/widgets/issues/comments/COMMENT
    PATCH person /repos/acme/widgets/issues/comments/COMMENT {"body":"b"}
    PATCH person /repos/acme/widgets/issues/comments/COMMENT {"body":" "}
    POST bot /repos/acme/widgets/issues/1/reactions {"content":"eyes"}
    POST bot /repos/acme/widgets/issues/1/reactions {"content":"eyes"}
    POST bot /repos/acme/widgets/issues/1/reactions {"content":"wow"}
    GET bot /repos/acme/widgets/issues/1/reactions
    POST bot /repos/acme/widgets/issues/comments/COMMENT/reactions {"content":"rocket"}
    GET bot /repos/acme/widgets/issues/comments/COMMENT/reactions
    DELETE person /repos/acme/widgets/issues/comments/COMMENT
    PATCH person /repos/acme/widgets/issues/1 {"state":"closed"}
    PATCH person /repos/acme/widgets/issues/1 {"title":"Other"}
"#;

/// Goes through [`WALK`].
async fn walk(rig: &Rig) -> Vec<(RequestRecord, Answer)> {
    let issue = rig.issue();
    let pull = rig.pull_request().await;
    let remarks = [1, 1, 2].map(|line| {
        let place = ("src/new.rs", line);
        let said = rig.sandbox.review(pull, "maintainer", place, "Why?");
        said.unwrap()
    });
    let comment = rig.sandbox.comment(issue, "outsider", "/plan").unwrap().0;
    let (jwt, bot, person) = (rig.jwt(), rig.bot().await, rig.person("maintainer"));
    let steps = WALK
        .replace("TOKENS", &rig.tokens_path())
        .replace(
            "INSTALLATION",
            rig.tokens_path().trim_end_matches("/access_tokens"),
        )
        .replace("BLOB", &rig.git(&["rev-parse", "HEAD:README.md"]))
        .replace("REMARK", &remarks[0].0.to_string())
        .replace("COMMENT", &comment.to_string());
    let mut seen = Vec::new();
    for step in steps.lines().map(str::trim).filter(|step| !step.is_empty()) {
        let words: Vec<_> = step.splitn(4, ' ').collect();
        let token = match words[1] {
            "jwt" => &jwt,
            "bot" => &bot,
            _ => &person,
        };
        let mut request = rig.request(words[0].parse().unwrap(), words[2], token);
        if let Some(body) = words.get(3) {
            request = request.body((*body).to_owned());
        }
        let answer = rig.send(request).await;
        seen.push((rig.last_request(), answer));
    }
    seen
}

#[tokio::test]
async fn every_answer_is_as_github_describes_it() {
    let rig = Rig::start().await;
    let description = Description::load();
    let mut problems = Vec::new();
    for (request, answer) in walk(&rig).await {
        let template = request.template.as_deref().unwrap_or("not served");
        let found =
            description.check_answer(&request.method, template, answer.status, &answer.body);
        problems.extend(found);
    }
    assert_eq!(problems, Vec::<String>::new());
}

#[tokio::test]
async fn every_answer_carries_githubs_headers() {
    let rig = Rig::start().await;
    let names = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-used",
        "x-ratelimit-reset",
        "x-ratelimit-resource",
        "x-github-request-id",
        "x-github-media-type",
    ];
    for (request, answer) in walk(&rig).await {
        for name in names {
            assert_ne!(answer.header(name), "", "{name} of {}", request.path);
        }
    }
}

/// Has a manifest proposed and agreed to; returns the code that the App can be had for.
fn agree_to_an_app(rig: &Rig) -> String {
    rig.sandbox.world().change(|state| {
        let manifest = json!({
            "name": "planwright", "url": "https://planner.test",
            "redirect_url": "http://127.0.0.1:9/setup/done",
            "hook_attributes": {"url": "http://127.0.0.1:9/"},
            "default_permissions": {"metadata": "read"}, "default_events": ["issues"],
        });
        state.propose(
            serde_json::from_value(manifest).unwrap(),
            "state".to_owned(),
        );
        let back = state.agree().unwrap();
        let (_, code) = back.query_pairs().next().unwrap();
        code.into_owned()
    })
}

#[tokio::test]
async fn the_walk_leaves_no_endpoint_out() {
    let rig = Rig::start().await;
    rig.sandbox
        .set_webhook_url("http://127.0.0.1:9/".parse().unwrap());
    rig.sandbox.ping();
    rig.sandbox.wait_for_deliveries().await;
    let delivery = rig.sandbox.world().deliveries()[0].id;
    let mut seen = walk(&rig).await;
    let code = agree_to_an_app(&rig);
    for (method, path) in [
        (Method::POST, format!("/app-manifests/{code}/conversions")),
        (Method::GET, format!("/app/hook/deliveries/{delivery}")),
        (
            Method::POST,
            format!("/app/hook/deliveries/{delivery}/attempts"),
        ),
    ] {
        let answer = rig.send(rig.request(method, &path, &rig.jwt())).await;
        seen.push((rig.last_request(), answer));
    }
    let description = Description::load();
    let walked: BTreeSet<_> = seen
        .iter()
        .filter(|(request, answer)| {
            let template = request.template.as_deref().unwrap_or_default();
            let (status, body) = (answer.status, &answer.body);
            let problems = description.check_answer(&request.method, template, status, body);
            status < 400 && problems.is_empty()
        })
        .map(|(request, _)| {
            format!(
                "{} {}",
                request.method,
                request.template.as_deref().unwrap()
            )
        })
        .collect();
    let text = include_str!("../../../tests/data/github-openapi.json");
    let document: Value = serde_json::from_str(text).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let described: BTreeSet<_> = paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_ascii_uppercase()))
        })
        .collect();
    assert_eq!(
        described.difference(&walked).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
}

#[test]
fn answers_that_differ_from_the_description_are_found() {
    let description = Description::load();
    let check = |status, body: Value| {
        let template = "/repos/{owner}/{repo}/collaborators/{username}/permission";
        description.check_answer(&Method::GET, template, status, &body)
    };
    let good = json!({"permission": "read", "role_name": "read", "user": null});
    let lacking = json!({"permission": "read", "user": null});
    let wrong = json!({"permission": 1, "role_name": "read", "user": null});
    let counts = [
        check(200, good.clone()),
        check(200, lacking),
        check(200, wrong),
        check(201, good),
        check(404, json!({"message": 4})),
    ];
    assert_eq!(counts.map(|problems| problems.len()), [0, 1, 1, 1, 1]);
}

#[tokio::test]
async fn requests_are_checked_against_the_description() {
    let rig = Rig::start().await;
    rig.issue();
    let bot = rig.bot().await;
    rig.get(&format!("{COMMENTS}?page_size=3"), &bot).await;
    let query = Description::load().check_request(&rig.last_request());
    rig.post(COMMENTS, &bot, json!({"text": "hello"})).await;
    let body = Description::load().check_request(&rig.last_request());
    assert_eq!(
        (query, body),
        (
            vec![format!(
                "github.com: GET {COMMENTS}: `page_size` is no parameter of its query"
            )],
            vec![format!(
                "github.com: POST {COMMENTS}: \"body\" is a required property at ``"
            )],
        )
    );
}

#[tokio::test]
async fn app_is_known_by_its_json_web_token_only() {
    let rig = Rig::start().await;
    let now = START / 1_000;
    let id = rig.sandbox.app_id();
    let undecodable = (401, "A JSON web token could not be decoded");
    let issued = (
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion \
         was issued",
    );
    let expired = (
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at \
         which the assertion expires",
    );
    let too_far = (
        401,
        "'Expiration time' claim ('exp') is too far in the future",
    );
    let good = rig.jwt();
    let unsigned = good.rsplit_once('.').unwrap().0;
    let cases = [
        (good.clone(), (200, "")),
        (
            rig.sign(&json!({"iat": now, "exp": now + 600, "iss": rig.sandbox.client_id()})),
            (200, ""),
        ),
        (
            rig.sign(&json!({"iat": now, "exp": now + 600, "iss": id})),
            (200, ""),
        ),
        (
            rig.sign(&json!({"iat": now, "exp": now + 601, "iss": id})),
            too_far,
        ),
        (
            rig.sign(&json!({"iat": now - 600, "exp": now, "iss": id})),
            expired,
        ),
        (rig.sign(&json!({"iat": now, "iss": id})), expired),
        (
            rig.sign(&json!({"iat": now + 1, "exp": now + 60, "iss": id})),
            issued,
        ),
        (rig.sign(&json!({"exp": now + 60, "iss": id})), issued),
        (
            rig.sign(&json!({"iat": now, "exp": now + 60, "iss": id + 1})),
            (404, "Integration not found"),
        ),
        (format!("{unsigned}."), undecodable),
        (format!("{unsigned}.{}", "A".repeat(342)), undecodable),
        ("a.b.c".to_owned(), undecodable),
        ("nonsense".to_owned(), (401, "Bad credentials")),
        (String::new(), undecodable),
    ];
    for (token, expected) in cases {
        let answer = rig.get("/app", &token).await;
        assert_eq!(message(&answer), expected, "{token}");
    }
}

#[tokio::test]
async fn unsigned_algorithms_are_refused() {
    let rig = Rig::start().await;
    // {"alg":"none"} over the claims of a good token.
    let good = rig.jwt();
    let claims = good.split('.').nth(1).unwrap();
    let answer = rig
        .get("/app", &format!("eyJhbGciOiJub25lIn0.{claims}."))
        .await;
    assert_eq!(
        message(&answer),
        (401, "A JSON web token could not be decoded")
    );
}

#[tokio::test]
async fn tokens_are_narrowed_to_what_was_asked() {
    let rig = Rig::start().await;
    let body = json!({
        "repository_ids": [rig.sandbox.repository_id().0],
        "permissions": {"contents": "read"},
    });
    let answer = rig.post(&rig.tokens_path(), &rig.jwt(), body).await;
    let body = &answer.body;
    assert_eq!(
        json!([
            answer.status,
            body["permissions"],
            body["expires_at"],
            body["repositories"][0]["full_name"]
        ]),
        json!([
            201,
            {"contents": "read", "metadata": "read"},
            "2026-04-27T10:30:00Z",
            "acme/widgets"
        ])
    );
}

#[tokio::test]
async fn more_than_was_granted_is_refused() {
    let rig = Rig::start().await;
    let wishes = [
        json!({"permissions": {"contents": "write"}}),
        json!({"permissions": {"administration": "read"}}),
        json!({"permissions": {"contents": "own"}}),
        json!({"repository_ids": [1]}),
        json!({"repositories": ["gadgets"]}),
        json!({"repository_ids": "all"}),
    ];
    for wish in wishes {
        let answer = rig.post(&rig.tokens_path(), &rig.jwt(), wish.clone()).await;
        assert_eq!(answer.status, 422, "{wish}");
    }
}

#[tokio::test]
async fn permission_that_a_token_lacks_is_named() {
    let rig = Rig::start().await;
    rig.issue();
    let reader = rig.token(json!({"contents": "read"})).await;
    let comment = rig.post(COMMENTS, &reader, json!({"body": "x"})).await;
    let read = rig.get("/repos/acme/widgets/issues/1", &reader).await;
    let writer = rig.token(json!({"issues": "write"})).await;
    let commit = rig.get("/repos/acme/widgets/commits/main", &writer).await;
    let told = |answer: &Answer| {
        (
            answer.status,
            answer.header("x-accepted-github-permissions").to_owned(),
        )
    };
    assert_eq!(
        [told(&comment), told(&read), told(&commit)],
        [
            (403, "issues=write".to_owned()),
            (403, "issues=read".to_owned()),
            (403, "contents=read".to_owned())
        ]
    );
}

#[tokio::test]
async fn tokens_end_after_an_hour() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    rig.advance(Duration::from_secs(3_599));
    let before = rig.get("/repos/acme/widgets", &bot).await.status;
    rig.advance(Duration::from_secs(1));
    let after = rig.get("/repos/acme/widgets", &bot).await;
    assert_eq!((before, message(&after)), (200, (401, "Bad credentials")));
}

#[tokio::test]
async fn suspended_and_removed_installations_mint_nothing() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    rig.sandbox.set_installation(InstallationStatus::Suspended);
    let suspended = rig.post(&rig.tokens_path(), &rig.jwt(), json!({})).await;
    let dead = rig.get("/repos/acme/widgets", &bot).await.status;
    rig.sandbox.set_installation(InstallationStatus::Removed);
    let removed = rig.post(&rig.tokens_path(), &rig.jwt(), json!({})).await;
    let unknown = rig
        .get("/repos/acme/widgets/installation", &rig.jwt())
        .await;
    assert_eq!(
        (message(&suspended), dead, removed.status, unknown.status),
        ((403, "This installation has been suspended"), 401, 404, 404)
    );
}

#[tokio::test]
async fn private_repositories_are_hidden_and_not_forbidden() {
    let rig = Rig::start().await;
    rig.issue();
    rig.sandbox.set_private(true);
    let mut statuses = Vec::new();
    for token in [
        String::new(),
        rig.person("outsider"),
        rig.person("maintainer"),
    ] {
        statuses.push(rig.get("/repos/acme/widgets/issues/1", &token).await.status);
    }
    assert_eq!(statuses, [404, 404, 200]);
}

#[tokio::test]
async fn roles_are_told_in_both_vocabularies() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    rig.sandbox.set_role("triager", Role::Triage);
    rig.sandbox.set_role("owner", Role::Admin);
    let mut told = Vec::new();
    for login in ["outsider", "triager", "Maintainer", "owner"] {
        let path = format!("/repos/acme/widgets/collaborators/{login}/permission");
        let body = rig.get(&path, &bot).await.body;
        told.push((body["permission"].clone(), body["role_name"].clone()));
    }
    assert_eq!(
        told,
        [
            (json!("read"), json!("read")),
            (json!("read"), json!("triage")),
            (json!("write"), json!("maintain")),
            (json!("admin"), json!("admin")),
        ]
    );
}

#[tokio::test]
async fn pages_lead_to_each_other() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    for count in 0..5 {
        let text = format!("comment {count}");
        rig.sandbox.comment(issue, "outsider", &text).unwrap();
    }
    let bot = rig.bot().await;
    let path = format!("{COMMENTS}?per_page=2&page=2");
    let answer = rig.get(&path, &bot).await;
    let url = format!("{}{COMMENTS}", rig.sandbox.api_url());
    let bodies = [&answer.body[0]["body"], &answer.body[1]["body"]];
    assert_eq!(
        (bodies, answer.header("link")),
        (
            [&json!("comment 2"), &json!("comment 3")],
            format!(
                "<{url}?per_page=2&page=1>; rel=\"prev\", <{url}?per_page=2&page=3>; \
                 rel=\"next\", <{url}?per_page=2&page=3>; rel=\"last\", \
                 <{url}?per_page=2&page=1>; rel=\"first\""
            )
            .as_str()
        )
    );
}

#[tokio::test]
async fn page_beyond_the_last_is_empty() {
    let rig = Rig::start().await;
    rig.issue();
    let path = format!("{COMMENTS}?per_page=1000&page=18446744073709551615");
    let answer = rig.get(&path, &rig.bot().await).await;
    assert_eq!((answer.status, answer.body), (200, json!([])));
}

#[tokio::test]
async fn comment_may_have_65536_characters_and_no_more() {
    let rig = Rig::start().await;
    rig.issue();
    let bot = rig.bot().await;
    let longest = rig
        .post(COMMENTS, &bot, json!({"body": "é".repeat(65_536)}))
        .await;
    let longer = rig
        .post(COMMENTS, &bot, json!({"body": "é".repeat(65_537)}))
        .await;
    assert_eq!(
        (longest.status, longer.status, longer.body),
        (
            201,
            422,
            json!({
                "message": "Validation Failed",
                "errors": [{
                    "resource": "IssueComment",
                    "code": "unprocessable",
                    "field": "data",
                    "message": "Body is too long (maximum is 65536 characters)",
                }],
                "documentation_url": "https://docs.github.com/rest",
                "status": "422",
            })
        )
    );
}

#[tokio::test]
async fn bodies_that_are_no_json_are_told_apart_from_wrong_ones() {
    let rig = Rig::start().await;
    rig.issue();
    let bot = rig.bot().await;
    let mut statuses = Vec::new();
    for body in ["{", "[]", "{\"body\":7}", "", "\u{0}"] {
        let request = rig.request(Method::POST, COMMENTS, &bot).body(body);
        statuses.push(rig.send(request).await.status);
    }
    assert_eq!(statuses, [400, 422, 422, 400, 400]);
}

#[tokio::test]
async fn comments_of_the_app_are_marked_as_such() {
    let rig = Rig::start().await;
    rig.issue();
    let answer = rig
        .post(COMMENTS, &rig.bot().await, json!({"body": "The plan."}))
        .await;
    let comment = &answer.body;
    assert_eq!(
        json!([
            comment["user"]["login"],
            comment["user"]["type"],
            comment["performed_via_github_app"]["id"]
        ]),
        json!(["planwright[bot]", "Bot", rig.sandbox.app_id()])
    );
}

#[tokio::test]
async fn same_reaction_again_is_no_new_one() {
    let rig = Rig::start().await;
    rig.issue();
    let path = "/repos/acme/widgets/issues/1/reactions";
    let bot = rig.bot().await;
    let first = rig.post(path, &bot, json!({"content": "eyes"})).await;
    let second = rig.post(path, &bot, json!({"content": "eyes"})).await;
    assert_eq!(
        (first.status, second.status, &first.body["id"]),
        (201, 200, &second.body["id"])
    );
}

#[tokio::test]
async fn issues_that_are_gone_locked_or_elsewhere_take_no_comment() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let bot = rig.bot().await;
    let body = json!({"body": "The plan."});
    rig.sandbox.set_locked(issue, true).unwrap();
    let locked = rig.post(COMMENTS, &bot, body.clone()).await;
    rig.sandbox.set_fate(issue, IssueFate::Deleted).unwrap();
    let deleted = rig.post(COMMENTS, &bot, body.clone()).await;
    assert_eq!(
        (message(&locked), message(&deleted)),
        (
            (403, "Unable to create comment because issue is locked."),
            (410, "This issue was deleted")
        )
    );
}

#[tokio::test]
async fn transferred_issue_tells_where_it_went() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    rig.sandbox.set_fate(issue, IssueFate::Transferred).unwrap();
    let path = "/repos/acme/widgets/issues/1";
    let answer = rig.get(path, &rig.bot().await).await;
    let target = format!(
        "{}/repos/acme/widgets-archive/issues/1",
        rig.sandbox.api_url()
    );
    assert_eq!(
        (answer.status, answer.header("location")),
        (301, target.as_str())
    );
}

#[tokio::test]
async fn former_name_leads_to_the_repository_by_its_id() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    rig.sandbox.rename("gadgets").unwrap();
    let bot = rig.bot().await;
    let read = rig.get("/repos/acme/widgets/issues/1", &bot).await;
    let write = rig.post(COMMENTS, &bot, json!({"body": "x"})).await;
    let id = rig.sandbox.repository_id().0;
    let by_id = format!("/repositories/{id}/issues/1");
    let target = format!("{}{by_id}", rig.sandbox.api_url());
    assert_eq!(
        (read.status, read.header("location")),
        (301, target.as_str())
    );
    assert_eq!(
        (write.status, write.header("location")),
        (307, format!("{target}/comments").as_str())
    );
    let posted = rig
        .post(&format!("{by_id}/comments"), &bot, json!({"body": "x"}))
        .await;
    assert_eq!((posted.status, rig.sandbox.comments(issue).len()), (201, 1));
    assert_eq!(rig.last_request().template.as_deref(), Some(COMMENTS_ROUTE));
}

#[tokio::test]
async fn archived_repository_takes_no_comment() {
    let rig = Rig::start().await;
    rig.issue();
    rig.sandbox.set_archived(true);
    let answer = rig
        .post(COMMENTS, &rig.bot().await, json!({"body": "x"}))
        .await;
    assert_eq!(
        message(&answer),
        (403, "Repository was archived so is read-only.")
    );
}

#[tokio::test]
async fn writes_that_are_none_of_the_bots_business_are_remembered() {
    let rig = Rig::start().await;
    rig.issue();
    let (bot, person) = (rig.bot().await, rig.person("maintainer"));
    rig.post(COMMENTS, &bot, json!({"body": "fine"})).await;
    rig.post(COMMENTS, &person, json!({"body": "fine"})).await;
    let base = "/repos/acme/widgets";
    let tried = [
        (Method::PUT, "/contents/README.md", 403),
        (Method::POST, "/git/refs", 403),
        (Method::POST, "/pulls", 404),
        (Method::POST, "/issues/1/labels", 422),
        (Method::PATCH, "/issues/1", 422),
        (Method::DELETE, "", 404),
    ];
    for (method, path, status) in &tried {
        let path = format!("{base}{path}");
        let request = rig.request(method.clone(), &path, &bot).json(&json!({}));
        assert_eq!(rig.send(request).await.status, *status, "{method} {path}");
    }
    let remembered = rig.sandbox.world().unexpected_writes();
    let remembered: Vec<_> = remembered
        .iter()
        .map(|request| (request.method.clone(), request.path.clone()))
        .collect();
    let tried = tried.map(|(method, path, _)| (method, format!("{base}{path}")));
    assert_eq!(remembered, tried);
}

#[tokio::test]
async fn faults_strike_as_often_as_told_and_no_more() {
    let rig = Rig::start().await;
    rig.issue();
    let world = rig.sandbox.world();
    world.fail(Method::POST, COMMENTS_ROUTE, Fault::ServerError(503), 2);
    let bot = rig.bot().await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let answer = rig.post(COMMENTS, &bot, json!({"body": "x"})).await;
        statuses.push(answer.status);
    }
    assert_eq!((statuses, world.faults_left()), (vec![503, 503, 201], 0));
}

/// Posts a comment that meets `fault`; tells the status, if one came, and the comments after that.
async fn comment_under(fault: Fault) -> (Option<u16>, usize) {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let bot = rig.bot().await;
    let world = rig.sandbox.world();
    world.fail(Method::POST, COMMENTS_ROUTE, fault, 1);
    let request = rig.request(Method::POST, COMMENTS, &bot);
    let sent = request.json(&json!({"body": "x"})).send().await;
    let status = sent.ok().map(|response| response.status().as_u16());
    assert_eq!(rig.last_request().status, status);
    (status, rig.sandbox.comments(issue).len())
}

#[tokio::test]
async fn dropped_connection_leaves_nothing_behind() {
    assert_eq!(comment_under(Fault::Drop).await, (None, 0));
}

#[tokio::test]
async fn connection_may_drop_after_the_work_is_done() {
    assert_eq!(comment_under(Fault::CommitThenDrop).await, (None, 1));
}

#[tokio::test]
async fn bad_gateway_may_hide_work_that_is_done() {
    assert_eq!(
        comment_under(Fault::CommitThenBadGateway).await,
        (Some(502), 1)
    );
}

#[tokio::test]
async fn delayed_request_is_answered_all_the_same() {
    let fault = Fault::Delay(Duration::from_millis(1));
    assert_eq!(comment_under(fault).await, (Some(201), 1));
}

#[tokio::test]
async fn secondary_limit_may_say_when_to_come_back() {
    let rig = Rig::start().await;
    let world = rig.sandbox.world();
    let bot = rig.bot().await;
    let retry_after = Some(Duration::from_secs(7));
    let route = "/repos/{owner}/{repo}";
    for retry_after in [retry_after, None] {
        world.fail(Method::GET, route, Fault::SecondaryLimit { retry_after }, 1);
    }
    let with = rig.get("/repos/acme/widgets", &bot).await;
    let without = rig.get("/repos/acme/widgets", &bot).await;
    assert!(message(&without).1.contains("secondary rate limit"));
    assert_eq!((with.status, with.header("retry-after")), (403, "7"));
    assert_eq!((without.status, without.header("retry-after")), (403, ""));
}

#[tokio::test]
async fn primary_limit_says_when_it_ends() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    let fault = Fault::PrimaryLimit {
        reset_after: Duration::from_secs(30),
    };
    let world = rig.sandbox.world();
    world.fail(Method::GET, "/repos/{owner}/{repo}", fault, 1);
    let answer = rig.get("/repos/acme/widgets", &bot).await;
    assert_eq!(
        (
            answer.status,
            answer.header("x-ratelimit-remaining"),
            answer.header("x-ratelimit-reset")
        ),
        (403, "0", (START / 1_000 + 30).to_string().as_str())
    );
}

#[tokio::test]
async fn revoked_token_stays_revoked() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    let world = rig.sandbox.world();
    world.fail(Method::GET, "/repos/{owner}/{repo}", Fault::RevokedToken, 1);
    let mut statuses = Vec::new();
    for token in [&bot, &bot, &rig.bot().await] {
        statuses.push(rig.get("/repos/acme/widgets", token).await.status);
    }
    assert_eq!(statuses, [401, 401, 200]);
}

#[tokio::test]
async fn held_request_waits_until_the_gate_opens() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let bot = rig.bot().await;
    let gate = Gate::default();
    let fault = Fault::Hold(gate.clone());
    rig.sandbox
        .world()
        .fail(Method::POST, COMMENTS_ROUTE, fault, 1);
    let post = rig.post(COMMENTS, &bot, json!({"body": "x"}));
    let act = async {
        gate.reached().await;
        let meanwhile = rig.sandbox.comments(issue).len();
        gate.open();
        meanwhile
    };
    let (answer, meanwhile) = tokio::join!(post, act);
    assert_eq!((meanwhile, answer.status), (0, 201));
}

#[tokio::test]
async fn calls_are_counted_by_the_hour() {
    let rig = Rig::start().await;
    for _ in 0..3 {
        rig.get("/rate_limit", "").await;
    }
    let used = rig.get("/rate_limit", "").await.body["rate"]["used"].clone();
    rig.advance(Duration::from_hours(1));
    let later = rig.get("/rate_limit", "").await.body["rate"]["used"].clone();
    assert_eq!((used, later), (json!(3), json!(0)));
}

#[tokio::test]
async fn numbers_that_are_none_lead_nowhere() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    for number in ["x", "-1", "99999999999999999999", "1%2F2", "%00"] {
        let path = format!("/repos/acme/widgets/issues/{number}");
        assert_eq!(rig.get(&path, &bot).await.status, 404, "{number}");
    }
}

#[tokio::test]
async fn closed_issue_is_listed_only_when_asked_for() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    rig.sandbox.close(issue, "outsider").unwrap();
    let bot = rig.bot().await;
    let mut counts = Vec::new();
    for state in ["open", "closed", "all"] {
        let path = format!("/repos/acme/widgets/issues?state={state}");
        let body = rig.get(&path, &bot).await.body;
        counts.push(body.as_array().unwrap().len());
    }
    assert_eq!((issue, counts), (ThreadNumber(1), vec![0, 1, 1]));
}

#[tokio::test]
async fn code_of_a_manifest_is_good_for_one_app_and_no_other_is() {
    let rig = Rig::start().await;
    let convert = |code: &str| {
        let path = format!("/app-manifests/{code}/conversions");
        rig.request(Method::POST, &path, "")
    };
    let unknown = rig.send(convert("nothing")).await;
    assert_eq!(message(&unknown), (404, "Not Found"));
    assert!(rig.sandbox.world().change(State::agree).is_none());
}
