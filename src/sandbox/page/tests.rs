//! The page for people, and what hostile text may not do on it.

use http::Method;
use insta::assert_snapshot;
use serde_json::json;

use crate::sandbox::page::markdown::to_html;
use crate::sandbox::tests::Rig;

/// The text of a page.
async fn page(rig: &Rig, path: &str) -> (u16, String) {
    let url = format!("{}{path}", rig.sandbox.web_url());
    let response = rig.client.get(url).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Sends a form as a browser does from a page of the sandbox, as `login`.
async fn submit(rig: &Rig, path: &str, login: &str, form: &[(&str, &str)]) -> (u16, String) {
    let url = format!("{}{path}", rig.sandbox.web_url());
    let request = rig
        .client
        .post(url)
        .header("origin", rig.sandbox.web_url())
        .header("cookie", format!("theme=dark; sandbox_user={login}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded(form));
    let response = request.send().await.unwrap();
    let location = response.headers().get("location");
    let location = location.map_or("", |value| value.to_str().unwrap());
    (response.status().as_u16(), location.to_owned())
}

fn encoded(form: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(form).finish()
}

#[test]
fn ordinary_markdown_is_rendered() {
    let text = "## Plan\n\n- [x] read `a<b`\n\n| a | b |\n|---|---|\n| 1 | ~~2~~ |\n";
    assert_snapshot!(to_html(text), @r#"
    <h2>Plan</h2>
    <ul>
    <li><input disabled="" type="checkbox" checked=""/>
    read <code>a&lt;b</code></li>
    </ul>
    <table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>
    <tr><td>1</td><td><del>2</del></td></tr>
    </tbody></table>
    "#);
}

#[test]
fn folds_stay_and_everything_else_raw_becomes_text() {
    let cases = [
        (
            "<details><summary>More &amp; more</summary>\n\n*in*\n\n</details>",
            "<details><summary>More &amp; more</summary>\n<p><em>in</em></p>\n</details>",
        ),
        ("<details open>", "<details open>"),
        ("a<br>b <sub>c</sub>", "<p>a<br>b <sub>c</sub></p>\n"),
        (
            "<details onclick=alert(1)>",
            "&lt;details onclick=alert(1)&gt;",
        ),
        ("<DETAILS>", "&lt;DETAILS&gt;"),
        (
            "<script>alert(1)</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
        ),
        (
            "x <img src=x onerror=alert(1)>",
            "<p>x &lt;img src=x onerror=alert(1)&gt;</p>\n",
        ),
        (
            "<summary>&<\"&#x3C;&nope</summary>",
            "<summary>&amp;&lt;&quot;&#x3C;&amp;nope</summary>",
        ),
    ];
    for (markdown, html) in cases {
        assert_eq!(to_html(markdown), html, "{markdown}");
    }
}

#[test]
fn comments_leave_no_trace_even_when_they_do_not_end() {
    let cases = [
        ("a <!-- b --> c", "<p>a  c</p>\n"),
        ("<!-- b\n\nd -->\n\ne", "\n<p>e</p>\n"),
        ("<!-- b\n\n<details>", ""),
        ("<!-- planwright:v1 mac=00 -->", ""),
    ];
    for (markdown, html) in cases {
        assert_eq!(to_html(markdown), html, "{markdown}");
    }
}

#[test]
fn links_lead_to_web_pages_or_nowhere() {
    let cases = [
        ("[a](https://a.example/b)", "https://a.example/b"),
        ("[a](/acme/widgets/issues/1)", "/acme/widgets/issues/1"),
        ("[a](#top)", "#top"),
        ("<a@b.example>", "mailto:a@b.example"),
        ("[a](javascript:alert)", "#"),
        ("[a](JaVaScRiPt:alert)", "#"),
        ("[a](&#106;avascript:alert)", "#"),
        ("[a](data:text/html,x)", "#"),
        ("[a](//evil.example)", "#"),
        ("<vbscript:x>", "#"),
    ];
    for (markdown, target) in cases {
        let html = to_html(markdown);
        assert!(html.contains(&format!("href=\"{target}\"")), "{html}");
    }
}

#[test]
fn of_pictures_only_the_description_stays() {
    assert_eq!(
        to_html("![a chart](https://a.example/x.png)"),
        "<p>a chart</p>\n"
    );
}

#[tokio::test]
async fn hostile_issue_is_shown_as_text() {
    let rig = Rig::start().await;
    let title = "<script>alert('title')</script>";
    let body = "<script>alert('body')</script>\n\n<!-- hidden -->";
    rig.sandbox.open_issue("outsider", title, body).unwrap();
    let (_, shown) = page(&rig, "/acme/widgets/issues/1").await;
    let (_, list) = page(&rig, "/acme/widgets/issues").await;
    let harmless = |text: &str| !text.contains("<script>") && !text.contains("hidden -->");
    assert!(harmless(&shown) && harmless(&list));
    assert!(
        shown.contains("&lt;script&gt;alert(&#x27;title&#x27;)"),
        "{shown}"
    );
}

#[tokio::test]
async fn pages_may_load_and_send_to_their_own_origin_only() {
    let rig = Rig::start().await;
    let url = format!("{}/acme/widgets/issues", rig.sandbox.web_url());
    let response = rig.client.get(url).send().await.unwrap();
    let header = |name: &str| response.headers()[name].to_str().unwrap();
    assert_eq!(
        [
            header("content-security-policy"),
            header("x-frame-options"),
            header("x-content-type-options"),
            header("referrer-policy"),
        ],
        [
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "DENY",
            "nosniff",
            "same-origin",
        ]
    );
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let rig = Rig::start().await;
    let url = format!("{}/acme/widgets/issues", rig.sandbox.web_url());
    let form = [("title", "Planted"), ("body", "x")];
    for origin in [
        None,
        Some("null"),
        Some("http://evil.example"),
        Some("http://localhost"),
    ] {
        let mut request = rig.client.post(&url).body(encoded(&form));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let status = request.send().await.unwrap().status().as_u16();
        assert_eq!(status, 403, "{origin:?}");
    }
}

#[tokio::test]
async fn names_that_are_pointed_at_loopback_are_refused() {
    let rig = Rig::start().await;
    let paths = ["/acme/widgets/issues", "/api/v3/repos/acme/widgets"];
    for (host, expected) in [
        ("evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
        ("localhost.evil.example", 403),
        ("localhost:9", 200),
        ("[::1]:9", 200),
    ] {
        for path in paths {
            let url = format!("{}{path}", rig.sandbox.web_url());
            let request = rig.client.get(url).header("host", host);
            let status = request.send().await.unwrap().status().as_u16();
            assert_eq!(status, expected, "{host} {path}");
        }
    }
}

#[tokio::test]
async fn issue_is_opened_labelled_discussed_and_closed_by_forms() {
    let rig = Rig::start().await;
    let new = [("title", "Add retries"), ("body", "line\r\nline")];
    let opened = submit(&rig, "/acme/widgets/issues", "maintainer", &new).await;
    let base = "/acme/widgets/issues/1";
    assert_eq!(opened, (303, base.to_owned()));
    for (path, form) in [
        ("labels", vec![("name", "plan"), ("action", "add")]),
        ("comments", vec![("body", "/plan")]),
        ("state", vec![("open", "false")]),
    ] {
        let done = submit(&rig, &format!("{base}/{path}"), "maintainer", &form).await;
        assert_eq!(done, (303, base.to_owned()), "{path}");
    }
    let issue = rig
        .get("/repos/acme/widgets/issues/1", &rig.bot().await)
        .await
        .body;
    assert_eq!(
        json!([
            issue["body"],
            issue["labels"][0]["name"],
            issue["comments"],
            issue["state"]
        ]),
        json!(["line\nline", "plan", 1, "closed"])
    );
}

#[tokio::test]
async fn outsider_may_not_label_by_form() {
    let rig = Rig::start().await;
    rig.issue();
    let form = [("name", "plan"), ("action", "add")];
    let path = "/acme/widgets/issues/1/labels";
    assert_eq!(submit(&rig, path, "outsider", &form).await.0, 403);
}

#[tokio::test]
async fn visitor_acts_as_a_known_person_and_returns_to_this_site() {
    let rig = Rig::start().await;
    let mut ends = Vec::new();
    for (login, path) in [
        ("outsider", "/acme/widgets/issues"),
        ("nobody", "/acme/widgets/issues"),
        ("outsider", "//evil.example"),
        ("outsider", "https://evil.example"),
        ("outsider", "/\\evil.example"),
    ] {
        let form = [("login", login), ("path", path)];
        ends.push(submit(&rig, "/-/user", "maintainer", &form).await);
    }
    let to = |path: &str| (303, path.to_owned());
    let issues = to("/acme/widgets/issues");
    assert_eq!(ends, [issues.clone(), issues, to("/"), to("/"), to("/")]);
}

#[tokio::test]
async fn thread_tells_how_far_the_bot_is() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let bot = rig.bot().await;
    let mut told = Vec::new();
    let mut look = async |rig: &Rig| {
        let (_, text) = page(rig, "/acme/widgets/issues/1").await;
        let (_, rest) = text.split_once("role=\"status\">").unwrap();
        let line = rest.split('<').next().unwrap();
        told.push(line.replace("&#x2f;", "/"));
    };
    look(&rig).await;
    rig.sandbox.label(issue, "plan", "maintainer").unwrap();
    look(&rig).await;
    for content in ["eyes", "rocket"] {
        let path = "/repos/acme/widgets/issues/1/reactions";
        rig.post(path, &bot, json!({"content": content})).await;
        look(&rig).await;
    }
    assert_eq!(
        told,
        [
            "To ask for a plan, add the label “plan” or comment “/plan”.",
            "Waiting for planwright[bot] to notice…",
            "planwright[bot] is reading the repository…",
            "planwright[bot] has answered.",
        ]
    );
}

#[tokio::test]
async fn version_changes_with_the_thread() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let path = "/acme/widgets/issues/1/version";
    let before = page(&rig, path).await;
    rig.sandbox.comment(issue, "outsider", "more").unwrap();
    assert_ne!(page(&rig, path).await, before);
}

#[tokio::test]
async fn linked_file_is_shown_line_by_line_as_text() {
    let rig = Rig::start().await;
    let path = format!("/acme/widgets/blob/{}/src/lib.rs", rig.head());
    let (status, text) = page(&rig, &path).await;
    let row = text
        .lines()
        .find(|line| line.contains("id=\"L2\""))
        .unwrap();
    assert_eq!(status, 200);
    assert_snapshot!(row, @r##"<tr id="L2"><td class="n"><a href="#L2" data-line="2" aria-label="Line 2"></a></td><td class="t">    start(&quot;&lt;b&gt;&quot;);</td></tr>"##);
}

#[tokio::test]
async fn folders_commits_and_what_is_not_there_have_pages() {
    let rig = Rig::start().await;
    let head = rig.head();
    let mut statuses = Vec::new();
    for path in [
        "/".to_owned(),
        "/acme/widgets".to_owned(),
        format!("/acme/widgets/commit/{head}"),
        "/acme/widgets/tree/HEAD".to_owned(),
        "/acme/widgets/tree/HEAD/src/net".to_owned(),
        "/acme/widgets/tree/HEAD/README.md".to_owned(),
        "/acme/widgets/blob/HEAD/src".to_owned(),
        "/acme/widgets/blob/HEAD/../../etc/passwd".to_owned(),
        "/acme/widgets/blob/--help/README.md".to_owned(),
        "/acme/widgets/issues/99".to_owned(),
        "/nowhere".to_owned(),
        "/acme/gadgets/issues".to_owned(),
    ] {
        statuses.push(page(&rig, &path).await.0);
    }
    assert_eq!(
        statuses,
        [303, 303, 303, 200, 200, 404, 404, 404, 404, 404, 404, 404]
    );
}

#[tokio::test]
async fn empty_repository_has_pages_too() {
    let rig = Rig::start_empty().await;
    let issues = page(&rig, "/acme/widgets/issues").await.0;
    let (code, text) = page(&rig, "/acme/widgets/tree/HEAD").await;
    assert!(text.contains("This repository has no commits yet."));
    assert_eq!((issues, code), (200, 404));
}

#[tokio::test]
async fn style_and_script_are_part_of_the_binary() {
    let rig = Rig::start().await;
    for path in ["/-/sandbox.css", "/-/sandbox.js"] {
        let url = format!("{}{path}", rig.sandbox.web_url());
        let answer = rig.client.request(Method::HEAD, url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
    }
}
