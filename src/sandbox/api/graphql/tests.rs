//! Queries as a client sends them, most of them unlike the bot's own.

use serde_json::{Value, json};

use crate::domain::thread::Role;
use crate::sandbox::conformity::Description;
use crate::sandbox::tests::{Answer, Rig};
use crate::sandbox::world::Limits;

async fn ask(rig: &Rig, token: &str, query: &str) -> Answer {
    let url = rig.sandbox.api_url().replace("/v3", "/graphql");
    let request = rig.client.post(url).json(&json!({"query": query}));
    let request = match token {
        "" => request,
        token => request.bearer_auth(token),
    };
    rig.send(request).await
}

/// The answer's data, or its first error.
async fn told(rig: &Rig, query: &str) -> Value {
    let bot = rig.bot().await;
    let body = ask(rig, &bot, query).await.body;
    match body["data"].clone() {
        Value::Null => body["errors"][0]["message"].clone(),
        data => data["repository"].clone(),
    }
}

fn in_repository(fields: &str) -> String {
    format!("{{ repository(owner: \"acme\", name: \"widgets\") {{ {fields} }} }}")
}

fn query(fields: &str) -> String {
    format!("query {}", in_repository(fields))
}

#[tokio::test]
async fn fields_aliases_arguments_and_fragments_are_understood() {
    let rig = Rig::start().await;
    rig.issue();
    let readme = rig.git(&["rev-parse", "HEAD:README.md"]);
    let text = format!(
        "query Q($owner: String!, $n: Int) {{ repository(owner: $owner, name: \"Widgets\") {{ \
         id: databaseId, one: object(oid: \"{readme}\") {{ __typename ... on Blob {{ text }} \
         ... on Commit {{ message }} ...size }} thread: issueOrPullRequest(number: $n) {{ \
         ... on Issue {{ title author {{ login }} }} }} }} }} fragment size on Blob {{ byteSize }}"
    );
    let url = rig.sandbox.api_url().replace("/v3", "/graphql");
    let sent = json!({"query": text, "variables": {"owner": "ACME", "n": 1}});
    let request = rig
        .client
        .post(url)
        .bearer_auth(rig.bot().await)
        .json(&sent);
    let answer = rig.send(request).await;
    let expected = json!({"data": {"repository": {
        "id": rig.sandbox.repository_id().0,
        "one": {"__typename": "Blob", "text": "# Widgets\n", "byteSize": 10},
        "thread": {"title": "Retry deliveries", "author": {"login": "outsider"}},
    }}});
    assert_eq!((answer.status, answer.body), (200, expected));
}

#[tokio::test]
async fn what_is_no_query_is_refused_in_the_answer() {
    let rig = Rig::start().await;
    let mut refused = String::new();
    for text in [
        "",
        "query {",
        "query { repository }",
        "query { viewer { login } }",
        "mutation { addComment { id } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { nothing } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { ...gone } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { object(oid: \"12\") { oid } } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { collaborators { totalCount } } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { defaultBranchRef } }",
        "query($n: Int!) { repository(owner: \"acme\", name: \"widgets\") { databaseId } }",
        "query { repository(owner: \"acme, name: 1) { databaseId } }",
        "query { repository(owner: \"acme\", name: \"widgets\") { databaseId } } %",
    ] {
        refused.push_str(told(&rig, text).await.as_str().unwrap_or("(data)"));
        refused.push('\n');
    }
    let deep = query(&"a { ".repeat(30));
    refused.push_str(told(&rig, &deep).await.as_str().unwrap_or("(data)"));
    insta::assert_snapshot!(refused, @r#"
    No query document supplied
    Unexpected end of document
    Field 'repository' is missing 'owner'
    Field 'viewer' doesn't exist on type 'Query'
    Expected a query, actual: mutation
    Field 'nothing' doesn't exist on type 'Repository'
    Fragment gone was used, but not defined
    12 is no GitObjectID
    You must provide a `first` or `last` value up to 100 on the `collaborators` connection.
    Objects of type Ref must have selections
    Variable $n of type Int was provided invalid value
    Unterminated string
    Unexpected character '%'
    Query has a depth that is not allowed
    "#);
}

#[tokio::test]
async fn nobody_and_the_app_itself_are_not_let_in() {
    let rig = Rig::start().await;
    let text = query("databaseId");
    for (token, status) in [
        (String::new(), 401),
        (rig.jwt(), 401),
        ("ghs_nothing".to_owned(), 401),
        (rig.person("outsider"), 200),
    ] {
        assert_eq!(ask(&rig, &token, &text).await.status, status);
    }
}

#[tokio::test]
async fn a_token_sees_what_its_permissions_allow() {
    let rig = Rig::start().await;
    rig.issue();
    let readme = rig.git(&["rev-parse", "HEAD:README.md"]);
    let text = query(&format!(
        "object(oid: \"{readme}\") {{ oid }} issueOrPullRequest(number: 1) {{ ...on Issue {{ title }} }}"
    ));
    let token = rig.token(json!({"contents": "read"})).await;
    let body = ask(&rig, &token, &text).await.body;
    let found = &body["data"]["repository"];
    assert_eq!(
        found,
        &json!({"object": {"oid": readme}, "issueOrPullRequest": null})
    );
    let error = json!({
        "type": "FORBIDDEN",
        "path": ["issueOrPullRequest"],
        "message": "Resource not accessible by integration",
    });
    assert_eq!(body["errors"], json!([error]));
}

#[tokio::test]
async fn collaborators_are_those_with_a_role_of_their_own() {
    let rig = Rig::start().await;
    rig.sandbox.set_role("guest", Role::Triage);
    let edges = "edges { permission node { login } }";
    let all = told(
        &rig,
        &query(&format!("collaborators(first: 9) {{ totalCount {edges} }}")),
    )
    .await;
    let edge = |role: &str, login: &str| json!({"permission": role, "node": {"login": login}});
    let expected = json!({"totalCount": 2, "edges": [edge("MAINTAIN", "maintainer"), edge("TRIAGE", "guest")]});
    assert_eq!(all["collaborators"], expected);
    let nobody = query(&format!(
        "collaborators(login: \"outsider\", first: 1) {{ {edges} }}"
    ));
    assert_eq!(
        told(&rig, &nobody).await["collaborators"],
        json!({"edges": []})
    );
}

#[tokio::test]
async fn pages_begin_or_end_where_asked() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    for body in ["one", "two", "three"] {
        rig.sandbox.comment(issue, "outsider", body).unwrap();
    }
    let page = |arguments: &str| {
        query(&format!(
            "issueOrPullRequest(number: 1) {{ ...on Issue {{ comments({arguments}) {{ totalCount nodes {{ body }} }} }} }}"
        ))
    };
    let mut pages = Vec::new();
    for arguments in ["first: 2", "last: 2", "last: 100"] {
        let found = told(&rig, &page(arguments)).await;
        let nodes = found["issueOrPullRequest"]["comments"]["nodes"].clone();
        let bodies = nodes.as_array().unwrap().iter();
        pages.push(
            bodies
                .map(|node| node["body"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(
        pages,
        [
            vec!["one", "two"],
            vec!["two", "three"],
            vec!["one", "two", "three"]
        ]
    );
    assert!(told(&rig, &page("last: 101")).await.is_string());
}

#[tokio::test]
async fn texts_are_cut_and_binaries_have_none() {
    let rig = Rig::start().await;
    let id = |bytes: &[u8]| {
        let path = rig.folder.path().join("blob");
        std::fs::write(&path, bytes).unwrap();
        rig.git(&["hash-object", "-w", "--no-filters", "blob"])
    };
    let cases = [
        (
            id(&[b'x'; 512_000]),
            json!([512_000, false, false, 512_000]),
        ),
        (
            id("é".repeat(300_000).as_bytes()),
            json!([600_000, false, true, 512_000]),
        ),
        (id(b"a\0b"), json!([3, true, false, null])),
        (id(b"\xff\xfe"), json!([2, false, false, 6])),
    ];
    for (id, expected) in cases {
        let text = query(&format!(
            "object(oid: \"{id}\") {{ ...on Blob {{ byteSize isBinary isTruncated text }} }}"
        ));
        let blob = told(&rig, &text).await["object"].clone();
        let length = blob["text"].as_str().map(str::len);
        let found = json!([
            blob["byteSize"],
            blob["isBinary"],
            blob["isTruncated"],
            length
        ]);
        assert_eq!(found, expected);
    }
    let none = query(&format!("object(oid: \"{}\") {{ oid }}", "1".repeat(40)));
    assert_eq!(told(&rig, &none).await, json!({"object": null}));
}

#[tokio::test]
async fn limits_hold_and_servers_without_it_do_not_find_it() {
    let rig = Rig::start().await;
    let objects = format!(
        "a: object(oid: \"{0}\") {{ oid }} b: object(oid: \"{0}\") {{ oid }}",
        "1".repeat(40)
    );
    let world = rig.sandbox.world();
    world.set_limits(Limits {
        query_blobs: 1,
        ..Limits::default()
    });
    let bot = rig.bot().await;
    let body = ask(&rig, &bot, &query(&objects)).await.body;
    assert_eq!(body["errors"][0]["type"], "RESOURCE_LIMITS_EXCEEDED");
    world.set_limits(Limits {
        has_graphql: false,
        ..Limits::default()
    });
    assert_eq!(ask(&rig, &bot, &query(&objects)).await.status, 404);
}

#[tokio::test]
async fn a_former_name_leads_to_the_repository_and_another_to_nothing() {
    let rig = Rig::start().await;
    rig.sandbox.rename("gears").unwrap();
    assert_eq!(
        told(&rig, &query("nameWithOwner")).await,
        json!({"nameWithOwner": "acme/gears"})
    );
    let other = query("nameWithOwner").replace("widgets", "gadgets");
    let bot = rig.bot().await;
    let body = ask(&rig, &bot, &other).await.body;
    assert_eq!(
        (&body["data"]["repository"], &body["errors"][0]["type"]),
        (&Value::Null, &json!("NOT_FOUND"))
    );
}

#[tokio::test]
async fn queries_are_reads_and_mutations_are_writes() {
    let rig = Rig::start().await;
    let bot = rig.bot().await;
    ask(&rig, &bot, &query("databaseId")).await;
    assert!(!rig.last_request().is_write());
    assert_eq!(rig.last_request().template.as_deref(), Some("/graphql"));
    ask(&rig, &bot, "mutation { deleteIssue { id } }").await;
    assert!(rig.last_request().is_write());
    assert_eq!(rig.sandbox.world().unexpected_writes().len(), 1);
}

#[test]
fn queries_unlike_githubs_schema_are_noticed() {
    let description = Description::load();
    let check = |fields: &str| {
        let sent = json!({"query": query(fields)}).to_string();
        description.check_query(sent.as_bytes()).join("; ")
    };
    let mut found = String::new();
    for fields in [
        "databaseId object(oid: \"1\") { ...on Blob { text } }",
        "number",
        "object(path: \"a\") { oid }",
        "issueOrPullRequest { __typename }",
        "databaseId { oid }",
        "defaultBranchRef",
        "issueOrPullRequest(number: 1) { ...on Issue { headRefOid } }",
    ] {
        found.push_str(&format!("{}\n", check(fields)));
    }
    insta::assert_snapshot!(found, @r"

    `Repository` has no field `number`
    `Repository.object` has no argument `path`
    `Repository.issueOrPullRequest` lacks its argument `number`
    `Repository.databaseId` selects too much or too little; `Int` has no field `oid`
    `Repository.defaultBranchRef` selects too much or too little
    `Issue` has no field `headRefOid`
    ");
}
