//! deps.dev's shapes over a local server, and what hostile servers make of them.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, Uri};
use futures_util::stream;
use serde_json::{Value, json};
use url::Url;

use super::deps_dev::DepsDev;
use super::version::{Choice, choose};
use super::*;
use crate::config;

/// What is answered to a path.
#[derive(Clone)]
enum Answer {
    Json(Value),
    Text(u16, String),
    Redirect(String),
    Endless,
    Silent,
}

#[derive(Default)]
struct Script {
    answers: HashMap<String, Answer>,
    asked: Mutex<Vec<String>>,
}

struct Server {
    address: Url,
    script: Arc<Script>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(script): State<Arc<Script>>, uri: Uri) -> Response<Body> {
    let path = uri.path().to_owned();
    script.asked.lock().unwrap().push(path.clone());
    let response = |status: u16, body| Response::builder().status(status).body(body).unwrap();
    match script.answers.get(&path) {
        Some(Answer::Json(value)) => response(200, Body::from(value.to_string())),
        Some(Answer::Text(status, text)) => response(*status, Body::from(text.clone())),
        Some(Answer::Redirect(to)) => Response::builder()
            .status(302)
            .header("location", to)
            .body(Body::empty())
            .unwrap(),
        Some(Answer::Endless) => response(
            200,
            Body::from_stream(stream::repeat_with(|| {
                Ok::<_, Infallible>(Bytes::from(vec![b' '; 64 * 1024]))
            })),
        ),
        Some(Answer::Silent) => std::future::pending().await,
        None => response(404, Body::from("package not found")),
    }
}

impl Server {
    async fn start(answers: Vec<(&str, Answer)>) -> Self {
        let answers = answers.into_iter();
        let script = Arc::new(Script {
            answers: answers
                .map(|(path, answer)| (path.to_owned(), answer))
                .collect(),
            ..Script::default()
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address: Url::parse(&address).unwrap(),
            script,
            task,
        }
    }

    /// What was asked so far, sorted.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.script.asked.lock().unwrap());
        asked.sort();
        asked
    }

    fn registry(&self) -> DepsDev {
        self.registry_with(Duration::from_secs(20), SystemTime::now)
    }

    fn registry_with(&self, timeout: Duration, now: fn() -> SystemTime) -> DepsDev {
        let settings = config::Dependencies {
            lookup: true,
            api_url: self.address.clone(),
            timeout,
            max_lookups: 3,
        };
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        DepsDev::new(client, &settings, now).unwrap()
    }
}

fn proposal(ecosystem: Ecosystem, name: &str, version: &str) -> Proposal {
    Proposal {
        ecosystem,
        name: name.to_owned(),
        version: version.to_owned(),
    }
}

fn cargo(name: &str) -> Proposal {
    proposal(Ecosystem::Cargo, name, "")
}

/// The answers for a sound crate.
fn backoff() -> Vec<(&'static str, Answer)> {
    let listed = |version: &str, day: &str| {
        json!({"versionKey": {"system": "CARGO", "name": "backoff", "version": version},
            "publishedAt": format!("{day}T08:00:00Z"), "isDefault": version == "0.4.0"})
    };
    vec![
        (
            "/v3/systems/cargo/packages/backoff",
            Answer::Json(
                json!({"packageKey": {"system": "CARGO", "name": "backoff"}, "versions": [
                    listed("0.3.0", "2021-01-05"), listed("0.4.0", "2021-12-30"),
                    listed("0.5.0-rc.1", "2022-02-01"), {"versionKey": {"version": "0.1.0"}},
                ]}),
            ),
        ),
        (
            "/v3/systems/cargo/packages/backoff/versions/0.4.0",
            Answer::Json(
                json!({"licenses": ["MIT OR Apache-2.0"], "isDeprecated": false,
                "advisoryKeys": [{"id": "RUSTSEC-2025-0012"}],
                "links": [{"label": "SOURCE_REPO", "url": "https://github.com/other/place"}],
                "relatedProjects": [
                    {"projectKey": {"id": "github.com/x/issues"}, "relationType": "ISSUE_TRACKER"},
                    {"projectKey": {"id": "github.com/ihrwein/backoff"}, "relationType": "SOURCE_REPO"}]}),
            ),
        ),
        (
            "/v3/projects/github.com%2Fihrwein%2Fbackoff",
            Answer::Json(json!({"starsCount": 314, "scorecard": {"checks": [
                {"name": "License", "score": 10, "reason": "archived? no"},
                {"name": "Maintained", "score": 0, "reason": "project is archived"}]}})),
        ),
    ]
}

fn record(lookups: &Lookups, proposal: &Proposal) -> Record {
    match lookups.find(proposal) {
        Some(Lookup::Known(record)) => (**record).clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn package_version_and_project_are_put_together() {
    let server = Server::start(backoff()).await;
    let asked = cargo("backoff");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    let expected = Record {
        name: "backoff".to_owned(),
        releases: 4,
        first_release: Day::find("2021-01-05"),
        last_release: Day::find("2022-02-01"),
        latest: "0.4.0".to_owned(),
        latest_deprecated: false,
        has_version: true,
        version: "0.4.0".to_owned(),
        deprecated: false,
        licences: vec!["MIT OR Apache-2.0".to_owned()],
        advisories: vec!["RUSTSEC-2025-0012".to_owned()],
        repository: Some("github.com/ihrwein/backoff".to_owned()),
        archived: Some(true),
        stars: Some(314),
    };
    assert_eq!(record(&lookups, &asked), expected);
    assert_eq!(lookups.source, "127.0.0.1");
}

#[tokio::test]
async fn a_version_that_was_never_released_is_told_and_the_latest_is_judged() {
    let server = Server::start(backoff()).await;
    let asked = proposal(Ecosystem::Cargo, "backoff", "9.1");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    let record = record(&lookups, &asked);
    assert_eq!((record.has_version, &*record.version), (false, "0.4.0"));
}

#[tokio::test]
async fn what_is_not_found_is_missing() {
    let server = Server::start(Vec::new()).await;
    let asked = cargo("made-up");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    assert_eq!(lookups.find(&asked), Some(&Lookup::Missing));
}

#[tokio::test]
async fn names_are_one_segment_of_the_path_whatever_they_hold() {
    let server = Server::start(Vec::new()).await;
    let asked = [
        proposal(Ecosystem::Npm, "@scope/name", ""),
        proposal(Ecosystem::Maven, "org.a:b-c", ""),
        proposal(Ecosystem::Pypi, "Zope.Interface", ""),
    ];
    let lookups = server.registry().look_up(&asked).await;
    assert!(
        asked
            .iter()
            .all(|one| lookups.find(one) == Some(&Lookup::Missing))
    );
    assert_eq!(
        server.asked(),
        [
            "/v3/systems/maven/packages/org.a%3Ab-c",
            "/v3/systems/npm/packages/%40scope%2Fname",
            "/v3/systems/pypi/packages/zope-interface",
        ]
    );
}

#[tokio::test]
async fn names_that_no_registry_has_are_not_sent() {
    let server = Server::start(Vec::new()).await;
    let long = "a".repeat(300);
    for name in [
        "",
        "..",
        "../../v1/x",
        "a/../b",
        "a b",
        "a?b",
        "a#b",
        "a%2fb",
        "é",
        "a\nb",
        "-a",
        "a//b",
        &long,
    ] {
        let asked = cargo(name);
        let lookups = server
            .registry()
            .look_up(std::slice::from_ref(&asked))
            .await;
        let expected = Lookup::Unknown(Unknown::Unaskable);
        assert_eq!(lookups.find(&asked), Some(&expected), "{name:?}");
    }
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn ecosystems_that_are_not_covered_are_not_sent() {
    let server = Server::start(Vec::new()).await;
    let asked = proposal(Ecosystem::Hex, "phoenix", "");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    assert_eq!(
        lookups.find(&asked),
        Some(&Lookup::Unknown(Unknown::Uncovered))
    );
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn hostile_answers_make_nothing_known() {
    let path = "/v3/systems/cargo/packages/a";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        (Answer::Text(429, "later".to_owned()), Unknown::Refused),
        (Answer::Text(403, String::new()), Unknown::Refused),
        (Answer::Text(500, String::new()), Unknown::Unavailable),
        (Answer::Text(200, "<html>".to_owned()), Unknown::Unreadable),
        (Answer::Text(200, deep), Unknown::Unreadable),
        (
            Answer::Json(json!({"versions": "many"})),
            Unknown::Unreadable,
        ),
        (
            Answer::Json(json!({"versions": [{"isDefault": 1}]})),
            Unknown::Unreadable,
        ),
        (Answer::Json(json!([])), Unknown::Unreadable),
        (Answer::Endless, Unknown::Unreadable),
        (
            Answer::Redirect("/v3/systems/cargo/packages/b".to_owned()),
            Unknown::Unavailable,
        ),
    ];
    for (answer, expected) in cases {
        let server = Server::start(vec![(path, answer)]).await;
        let asked = cargo("a");
        let lookups = server
            .registry()
            .look_up(std::slice::from_ref(&asked))
            .await;
        assert_eq!(lookups.find(&asked), Some(&Lookup::Unknown(expected)));
        assert_eq!(server.asked(), [path]);
    }
}

#[tokio::test]
async fn silence_ends_with_the_time_of_all_lookups_and_keeps_what_came() {
    let mut answers = backoff();
    answers.push(("/v3/systems/cargo/packages/mute", Answer::Silent));
    let server = Server::start(answers).await;
    let asked = [cargo("mute"), cargo("backoff")];
    let registry = server.registry_with(Duration::from_millis(700), SystemTime::now);
    let lookups = registry.look_up(&asked).await;
    assert_eq!(
        lookups.find(&asked[0]),
        Some(&Lookup::Unknown(Unknown::Unavailable))
    );
    assert_eq!(record(&lookups, &asked[1]).releases, 4);
}

#[tokio::test]
async fn a_version_without_details_leaves_the_package_unknown() {
    let mut answers = backoff();
    answers.retain(|(path, _)| !path.ends_with("0.4.0"));
    let server = Server::start(answers).await;
    let asked = cargo("backoff");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    assert_eq!(
        lookups.find(&asked),
        Some(&Lookup::Unknown(Unknown::Unreadable))
    );
}

#[tokio::test]
async fn a_project_that_says_nothing_leaves_only_that_unknown() {
    let mut answers = backoff();
    answers.retain(|(path, _)| !path.contains("projects"));
    let server = Server::start(answers).await;
    let asked = cargo("backoff");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    let record = record(&lookups, &asked);
    assert_eq!((record.archived, record.stars), (None, None));
    assert_eq!(
        record.repository.as_deref(),
        Some("github.com/ihrwein/backoff")
    );
}

#[tokio::test]
async fn texts_of_answers_are_bounded_and_repositories_checked() {
    let texts: Vec<String> = (0..50)
        .map(|i| format!("{i}\u{1b}[31m\u{202e}{}", "x".repeat(500)))
        .collect();
    let details = |links: Value| {
        json!({"licenses": texts, "advisoryKeys": texts.iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            "links": links})
    };
    let cases = [
        (
            json!([{"label": "SOURCE_REPO", "url": "git+https://user:pw@github.com/a/b.git#main"}]),
            Some("github.com/a/b"),
        ),
        (
            json!([{"label": "SOURCE_REPO", "url": "javascript:alert(1)//x/y"}]),
            None,
        ),
        (
            json!([{"label": "SOURCE_REPO", "url": "https://github.com/../b"}]),
            None,
        ),
        (
            json!([{"label": "SOURCE_REPO", "url": "https://a.b/<script>/c"}]),
            None,
        ),
        (
            json!([{"label": "HOMEPAGE", "url": "https://github.com/a/b"}]),
            None,
        ),
    ];
    for (links, expected) in cases {
        let server = Server::start(vec![
            (
                "/v3/systems/npm/packages/a",
                Answer::Json(json!({"versions": [{"versionKey": {"version": "1"}}]})),
            ),
            (
                "/v3/systems/npm/packages/a/versions/1",
                Answer::Json(details(links)),
            ),
        ])
        .await;
        let asked = proposal(Ecosystem::Npm, "a", "");
        let lookups = server
            .registry()
            .look_up(std::slice::from_ref(&asked))
            .await;
        let record = record(&lookups, &asked);
        assert_eq!(record.repository.as_deref(), expected);
        for list in [&record.licences, &record.advisories] {
            assert_eq!(list.len(), 20);
            assert!(
                list.iter()
                    .all(|text| text.len() <= 120 && text.is_ascii() && !text.contains('\u{1b}'))
            );
        }
    }
}

#[tokio::test]
async fn only_so_many_are_asked_about_and_none_twice() {
    let server = Server::start(Vec::new()).await;
    let names = ["a", "b", "b", "c", "d"];
    let asked: Vec<Proposal> = names.iter().map(|name| cargo(name)).collect();
    let lookups = server.registry().look_up(&asked).await;
    assert_eq!(server.asked().len(), 3);
    assert_eq!(
        lookups.find(&cargo("d")),
        Some(&Lookup::Unknown(Unknown::TooMany))
    );
    assert_eq!(lookups.len(), 4);
}

#[tokio::test]
async fn answers_are_kept_for_a_day_and_failures_are_not() {
    static NOW: Mutex<u64> = Mutex::new(1_700_000_000);
    let now = || SystemTime::UNIX_EPOCH + Duration::from_secs(*NOW.lock().unwrap());
    let mut answers = backoff();
    answers.push((
        "/v3/systems/cargo/packages/down",
        Answer::Text(500, String::new()),
    ));
    let server = Server::start(answers).await;
    let registry = server.registry_with(Duration::from_secs(20), now);
    let asked = [cargo("backoff"), cargo("made-up"), cargo("down")];
    let first = registry.look_up(&asked).await;
    assert_eq!(first.today.to_string(), "2023-11-14");
    assert_eq!(server.asked().len(), 5);
    *NOW.lock().unwrap() += 86_399;
    assert_eq!(
        registry.look_up(&asked).await.find(&asked[0]),
        first.find(&asked[0])
    );
    assert_eq!(server.asked(), ["/v3/systems/cargo/packages/down"]);
    *NOW.lock().unwrap() += 1;
    registry.look_up(&asked).await;
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn nobody_listening_is_no_failure() {
    let mut server = Server::start(Vec::new()).await;
    server.address = Url::parse("http://127.0.0.1:1").unwrap();
    let asked = cargo("a");
    let lookups = server
        .registry()
        .look_up(std::slice::from_ref(&asked))
        .await;
    assert_eq!(
        lookups.find(&asked),
        Some(&Lookup::Unknown(Unknown::Unavailable))
    );
}

#[test]
fn requirements_choose_among_releases() {
    let versions = [
        "0.3.0",
        "0.4.0",
        "0.4.2",
        "1.0.0-rc.1",
        "1.2.3",
        "v1.10.0",
        "2.0.0b1",
        "31.1-jre",
    ];
    let chosen = |requirement: &str| match choose(&versions, requirement) {
        Choice::Any => "any",
        Choice::Missing => "missing",
        Choice::Release(position) => versions[position],
    };
    let cases = [
        ("", "any"),
        ("*", "any"),
        ("latest", "any"),
        ("x", "any"),
        ("0.4", "0.4.2"),
        ("0.4.0", "0.4.0"),
        ("=0.4.0", "0.4.0"),
        ("^0.4", "0.4.2"),
        ("~0.3", "0.4.2"),
        ("^1", "v1.10.0"),
        ("~1.2.0", "1.2.3"),
        ("~> 1.2", "v1.10.0"),
        ("1.x", "v1.10.0"),
        ("1.*", "v1.10.0"),
        (">=1,<2", "31.1-jre"),
        ("<1", "0.4.2"),
        ("v1.10.0", "v1.10.0"),
        ("1.10.0+build", "v1.10.0"),
        ("31.1-jre", "31.1-jre"),
        ("2.0.0b1", "2.0.0b1"),
        ("2", "2.0.0b1"),
        ("0.5", "missing"),
        ("3", "missing"),
        ("^40", "missing"),
        ("1.2.4", "missing"),
        ("99999999999999999999999", "missing"),
    ];
    for (requirement, expected) in cases {
        assert_eq!(chosen(requirement), expected, "{requirement}");
    }
}
