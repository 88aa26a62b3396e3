use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::future::join_all;
use futures_util::stream;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::time::{parse_date_header, parse_timestamp};
use super::{AppKeys, AppLogin, Credentials, GitHub, KeyError, Origins, Timing};
use crate::domain::repository::{ForgeKind, InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::{RepositoryAddress, ThreadAddress, ThreadKind, ThreadNumber};
use crate::forge::{Forge, ForgeError};

/// 2026-11-22 23:45:06 UTC.
pub(super) const START: u64 = 1_795_391_106;
const ENDS: &str = "2026-11-23T00:45:06Z";
pub(super) const SHA: &str = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";
pub(super) const MINT: &str = "POST /app/installations/100/access_tokens";
pub(super) const ISSUE: &str = "GET /repos/acme/engine/issues/7";

thread_local! {
    /// The clock of the test that runs on this thread.
    static SECONDS: Cell<u64> = const { Cell::new(START) };
}

pub(super) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(SECONDS.get())
}

/// A request as the fake saw it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Method, path and query.
    pub(super) line: String,
    pub(super) host: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn authorization(&self) -> Option<&str> {
        self.headers.get("authorization").map(String::as_str)
    }
}

/// A canned answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Values may hold `{port}`, which stands for the port that the request came to.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    pub(super) cut: bool,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let reply = Self::bytes(status, Bytes::from(body.to_string()));
        reply.header("content-type", "application/json; charset=utf-8")
    }

    pub(super) fn bytes(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.into(),
            cut: false,
        }
    }

    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same answer, but the connection breaks before its end.
    pub(super) fn cut(self) -> Self {
        Self { cut: true, ..self }
    }
}

/// A server with canned answers: each is given once, the last one of a line for ever.
#[derive(Clone, Default)]
pub(super) struct Fake {
    pub(super) replies: Arc<Mutex<BTreeMap<String, VecDeque<Reply>>>>,
    pub(super) seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// A fake that mints tokens and knows the App.
    pub(super) fn with_app() -> Self {
        Self::default()
            .on(MINT, [token("ghs_first"), token("ghs_second")])
            .on(
                "GET /app",
                [Reply::json(
                    200,
                    &json!({"id": 12345, "slug": "planwright"}),
                )],
            )
    }

    pub(super) fn on(self, line: &str, replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = replies.into_iter().collect();
        self.replies
            .lock()
            .unwrap()
            .insert(line.to_owned(), replies);
        self
    }

    pub(super) async fn start(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new()
            .fallback(answer)
            .with_state(self.clone());
        drop(tokio::spawn(
            async move { axum::serve(listener, router).await },
        ));
        address
    }

    /// The adapter of an App, speaking to this fake under the names of a GitHub of its own.
    pub(super) async fn app(&self) -> GitHub {
        self.adapter(app_of("12345")).await
    }

    pub(super) async fn adapter(&self, credentials: Credentials) -> GitHub {
        let address = self.start().await;
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20));
        for host in [
            "api.github.test",
            "github.test",
            "codeload.github.test",
            "evil.test",
        ] {
            builder = builder.resolve(host, address);
        }
        let port = address.port();
        let origins = Origins::parse(
            &format!("http://api.github.test:{port}"),
            &format!("http://github.test:{port}"),
        );
        let timing = Timing {
            now,
            random: || 0.0,
            pause: Duration::ZERO,
        };
        GitHub::new(
            builder.build().unwrap(),
            origins.unwrap(),
            credentials,
            timing,
        )
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.seen
            .lock()
            .unwrap()
            .iter()
            .map(|seen| seen.line.clone())
            .collect()
    }

    pub(super) fn count(&self, line: &str) -> usize {
        self.lines().iter().filter(|seen| *seen == line).count()
    }

    pub(super) fn seen(&self, line: &str) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.line == line)
            .cloned()
            .collect()
    }
}

async fn answer(State(fake): State<Fake>, request: axum::extract::Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let line = format!("{} {}", parts.method, parts.uri);
    let headers: BTreeMap<_, _> = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let (host, port) = headers["host"].split_once(':').unwrap();
    let (host, port) = (host.to_owned(), port.to_owned());
    let body = String::from_utf8(body.to_vec()).unwrap();
    fake.seen.lock().unwrap().push(Seen {
        line: line.clone(),
        host,
        headers,
        body,
    });
    let reply = match fake.replies.lock().unwrap().get_mut(&line) {
        Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
        Some(replies) => replies[0].clone(),
        None => Reply::message(404, "Not Found"),
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value.replace("{port}", &port));
    }
    let body = if reply.cut {
        let broken = std::io::Error::other("cut");
        Body::from_stream(stream::iter([Ok(reply.body), Err(broken)]))
    } else {
        Body::from(reply.body)
    };
    response.body(body).unwrap()
}

fn token(text: &str) -> Reply {
    Reply::json(
        201,
        &json!({"token": text, "expires_at": ENDS, "permissions": {}}),
    )
}

/// A key made for this run of the tests, in PKCS#8.
fn key_pair() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).unwrap())
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

fn pkcs8() -> Vec<u8> {
    AsDer::<Pkcs8V1Der<'_>>::as_der(key_pair())
        .unwrap()
        .as_ref()
        .to_vec()
}

pub(super) fn keys() -> AppKeys {
    AppKeys::parse(&SecretString::from(pem("PRIVATE KEY", &pkcs8()))).unwrap()
}

pub(super) fn app_of(id: &str) -> Credentials {
    Credentials::Apps(vec![AppLogin {
        id: id.to_owned(),
        keys: keys(),
    }])
}

pub(super) fn repository() -> RepositoryAddress {
    RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: "github.test".to_owned(),
        id: RepositoryId(42),
        name: RepositoryName::new("acme", "engine").unwrap(),
        installation: Some(InstallationId(100)),
    }
}

pub(super) fn issue() -> ThreadAddress {
    ThreadAddress {
        repository: repository(),
        kind: ThreadKind::Issue,
        number: ThreadNumber(7),
    }
}

pub(super) fn an_issue() -> Reply {
    Reply::json(
        200,
        &json!({"title": "Retry", "state": "open", "user": null, "body": null}),
    )
}

// Logins.

#[tokio::test]
async fn token_is_narrowed_to_one_repository_and_four_permissions() {
    let fake = Fake::with_app().on(ISSUE, [an_issue()]);
    fake.app().await.thread(&issue()).await.unwrap();
    let expected = json!({
        "repository_ids": [42],
        "permissions": {
            "metadata": "read", "contents": "read", "issues": "write", "pull_requests": "write",
        },
    });
    assert_eq!(fake.seen(MINT)[0].json(), expected);
}

#[tokio::test]
async fn login_of_the_app_is_signed_backdated_and_short() {
    let fake = Fake::with_app().on(ISSUE, [an_issue()]);
    fake.app().await.thread(&issue()).await.unwrap();
    let seen = fake.seen(MINT);
    let login = seen[0]
        .authorization()
        .unwrap()
        .strip_prefix("Bearer ")
        .unwrap();
    let public = jsonwebtoken::DecodingKey::from_rsa_der(key_pair().public_key().as_ref());
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(login, &public, &rules)
        .unwrap()
        .claims;
    assert_eq!(
        claims,
        json!({"iat": START - 60, "exp": START + 540, "iss": "12345"})
    );
}

#[test]
fn key_is_taken_in_both_forms_and_with_escaped_line_breaks() {
    let pkcs8 = pkcs8();
    // Behind the fixed head of PKCS#8 for keys of this length stands PKCS#1.
    let pkcs1 = pem("RSA PRIVATE KEY", &pkcs8[26..]);
    for text in [
        pem("PRIVATE KEY", &pkcs8),
        pkcs1.clone(),
        pkcs1.replace('\n', "\\n"),
    ] {
        assert!(AppKeys::parse(&SecretString::from(text)).is_ok());
    }
}

#[test]
fn unusable_key_is_refused_with_a_hint() {
    let broken = pem("RSA PRIVATE KEY", b"not a key");
    for text in ["", "key", broken.as_str()] {
        assert_eq!(
            AppKeys::parse(&SecretString::from(text)).unwrap_err(),
            KeyError
        );
    }
    insta::assert_snapshot!(KeyError, @r"
    the App's private key is not an RSA key in PEM form
    hint: it is the file that GitHub offers once, beginning with `-----BEGIN RSA PRIVATE KEY-----`
    ");
}

#[test]
fn key_and_token_are_not_printed() {
    let app = app_of("1");
    let token = Credentials::Token(SecretString::from("ghp_secret"));
    assert_eq!(
        format!("{app:?}"),
        r#"Apps([AppLogin { id: "1", keys: AppKeys(1) }])"#
    );
    assert!(!format!("{token:?}").contains("secret"));
}

#[tokio::test]
async fn many_callers_share_one_minting() {
    let fake = Fake::with_app().on(ISSUE, [an_issue()]);
    let github = fake.app().await;
    let issue = issue();
    let threads = join_all((0..10).map(|_| github.thread(&issue))).await;
    assert!(threads.iter().all(Result::is_ok));
    assert_eq!((fake.count(MINT), fake.count(ISSUE)), (1, 10));
}

#[tokio::test]
async fn token_is_replaced_five_minutes_before_its_end() {
    let fake = Fake::with_app().on(ISSUE, [an_issue()]);
    let github = fake.app().await;
    let mut minted = Vec::new();
    for age in [0, 3299, 3300] {
        SECONDS.set(START + age);
        github.thread(&issue()).await.unwrap();
        minted.push(fake.count(MINT));
    }
    assert_eq!(minted, [1, 1, 2]);
}

#[tokio::test]
async fn repositories_never_share_a_token() {
    let fake = Fake::with_app().on(ISSUE, [an_issue()]);
    let github = fake.app().await;
    github.thread(&issue()).await.unwrap();
    let mut other = issue();
    other.repository.id = RepositoryId(43);
    github.thread(&other).await.unwrap();
    let asked: Vec<_> = fake
        .seen(MINT)
        .iter()
        .map(|seen| seen.json()["repository_ids"].clone())
        .collect();
    assert_eq!(asked, [json!([42]), json!([43])]);
}

#[tokio::test]
async fn new_token_that_is_not_known_yet_is_tried_again() {
    let unknown = Reply::message(401, "Bad credentials");
    let fake = Fake::with_app().on(ISSUE, [unknown.clone(), unknown, an_issue()]);
    fake.app().await.thread(&issue()).await.unwrap();
    assert_eq!((fake.count(MINT), fake.count(ISSUE)), (1, 3));
}

#[tokio::test]
async fn revoked_token_is_replaced_once() {
    let revoked = Reply::message(401, "Bad credentials");
    let fake = Fake::with_app().on(ISSUE, [an_issue(), revoked, an_issue()]);
    let github = fake.app().await;
    github.thread(&issue()).await.unwrap();
    SECONDS.set(START + 60);
    github.thread(&issue()).await.unwrap();
    let used: Vec<_> = fake
        .seen(ISSUE)
        .iter()
        .map(|seen| seen.authorization().unwrap().to_owned())
        .collect();
    assert_eq!(
        used,
        ["Bearer ghs_first", "Bearer ghs_first", "Bearer ghs_second"]
    );
}

#[tokio::test]
async fn tokens_that_are_always_refused_end_in_a_refusal() {
    let fake = Fake::with_app().on(ISSUE, [Reply::message(401, "Bad credentials")]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Denied { .. }), "{error}");
    assert!(fake.count(ISSUE) <= 7, "{}", fake.count(ISSUE));
}

#[tokio::test]
async fn wrong_clock_is_answered_by_a_login_with_the_time_of_github() {
    let refused = Reply::message(
        401,
        "'Expiration time' claim ('exp') is too far in the future",
    )
    .header("date", "Sun, 22 Nov 2026 23:45:06 GMT");
    let fake = Fake::with_app()
        .on(MINT, [refused, token("ghs_first")])
        .on(ISSUE, [an_issue()]);
    SECONDS.set(START + 7200);
    let github = fake.app().await;
    github.thread(&issue()).await.unwrap();
    github.thread(&issue()).await.unwrap();
    let issued: Vec<_> = fake.seen(MINT).iter().map(issued_at).collect();
    assert_eq!(issued, [START + 7140, START - 60]);
}

fn issued_at(seen: &Seen) -> u64 {
    claims(seen)["iat"].as_u64().unwrap()
}

fn claims(seen: &Seen) -> Value {
    let login = seen.authorization().unwrap();
    let claims = login.split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(claims)
        .unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[tokio::test]
async fn key_that_is_not_accepted_is_not_tried_again() {
    let refused = Reply::message(401, "A JSON web token could not be decoded")
        .header("date", "Sun, 22 Nov 2026 23:45:10 GMT");
    let fake = Fake::default().on(MINT, [refused]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: the App's id or private key was not accepted");
    assert_eq!(fake.count(MINT), 1);
}

/// A second key, for rotation.
fn other_key_pem() -> String {
    static PEM: OnceLock<String> = OnceLock::new();
    let make = || {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).unwrap();
        pem("PRIVATE KEY", der.as_ref())
    };
    PEM.get_or_init(make).clone()
}

#[tokio::test]
async fn next_key_is_tried_when_one_is_refused_and_kept_from_then_on() {
    let both = format!("{}{}", other_key_pem(), pem("PRIVATE KEY", &pkcs8()));
    let login = AppLogin {
        id: "12345".to_owned(),
        keys: AppKeys::parse(&SecretString::from(both)).unwrap(),
    };
    let refused = Reply::message(401, "A JSON web token could not be decoded")
        .header("date", "Sun, 22 Nov 2026 23:45:10 GMT");
    let fake = Fake::with_app()
        .on(MINT, [refused, token("ghs_first"), token("ghs_second")])
        .on(ISSUE, [an_issue()]);
    let github = fake.adapter(Credentials::Apps(vec![login])).await;
    github.thread(&issue()).await.unwrap();
    SECONDS.set(START + 3300);
    github.thread(&issue()).await.unwrap();

    let public = jsonwebtoken::DecodingKey::from_rsa_der(key_pair().public_key().as_ref());
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.validate_exp = false;
    let by_the_accepted_key: Vec<_> = fake
        .seen(MINT)
        .iter()
        .map(|seen| {
            let login = seen.authorization().unwrap();
            let login = login.strip_prefix("Bearer ").unwrap();
            jsonwebtoken::decode::<Value>(login, &public, &rules).is_ok()
        })
        .collect();
    assert_eq!(by_the_accepted_key, [false, true, true]);
}

#[test]
fn keys_of_one_text_are_all_taken_or_none() {
    let one = other_key_pem();
    let keys = |text: String| AppKeys::parse(&SecretString::from(text));
    assert_eq!(keys(format!("{one}\n{one}")).unwrap().len(), 2);
    let broken = pem("RSA PRIVATE KEY", b"not a key");
    assert_eq!(keys(format!("{one}{broken}")).unwrap_err(), KeyError);
}

#[tokio::test]
async fn app_that_github_does_not_know_is_no_missing_installation() {
    let unknown = Reply::message(404, "Integration not found");
    let fake = Fake::default().on(MINT, [unknown]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: no App there has the configured id");
}

/// Two Apps of one GitHub; only the second one has the installation.
fn two_apps() -> Credentials {
    let login = |id: &str| AppLogin {
        id: id.to_owned(),
        keys: keys(),
    };
    Credentials::Apps(vec![login("1"), login("2")])
}

#[tokio::test]
async fn the_app_whose_installation_it_is_answers_for_a_repository() {
    let foreign = Reply::message(404, "Not Found");
    let fake = Fake::with_app()
        .on(MINT, [foreign, token("ghs_first"), token("ghs_second")])
        .on(ISSUE, [an_issue()]);
    let github = fake.adapter(two_apps()).await;
    github.thread(&issue()).await.unwrap();
    SECONDS.set(START + 3300);
    github.thread(&issue()).await.unwrap();
    let asked: Vec<_> = fake.seen(MINT).iter().map(issued_by).collect();
    assert_eq!(asked, ["1", "2", "2"]);
    assert_eq!(fake.count(INSTALLATION), 0);
}

#[tokio::test]
async fn no_app_answers_for_an_installation_that_is_another_ones_and_fails() {
    let suspended = Reply::message(403, "This installation has been suspended");
    let foreign = Reply::message(404, "Not Found");
    let limited = Reply::message(429, "Too many requests");
    let refused = Reply::message(401, "A JSON web token could not be decoded");
    for (replies, expected) in [
        (vec![suspended.clone(), foreign.clone()], "suspended"),
        (vec![foreign.clone(), suspended], "suspended"),
        (vec![limited, foreign.clone()], "asks to wait"),
        // A refusal may be the clock's fault, and is tried once more.
        (
            vec![refused.clone(), refused, foreign],
            "id or private key was not accepted",
        ),
    ] {
        let fake = Fake::with_app()
            .on(MINT, replies)
            .on(INSTALLATION, [an_installation()]);
        let github = fake.adapter(two_apps()).await;
        let error = github.thread(&issue()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(fake.count(INSTALLATION), 0, "nobody looks for another one");
    }
}

#[tokio::test]
async fn name_is_looked_for_by_every_app() {
    let fake = Fake::with_app()
        .on(
            INSTALLATION,
            [Reply::message(404, "Not Found"), an_installation()],
        )
        .on("GET /repos/acme/engine", [a_repository("acme/engine")]);
    let github = fake.adapter(two_apps()).await;
    let found = github.repository(&engine()).await.unwrap();
    let asked: Vec<_> = fake.seen(INSTALLATION).iter().map(issued_by).collect();
    assert_eq!(asked, ["1", "2"]);
    assert_eq!(found.installation, Some(InstallationId(100)));
}

/// Which App a login is of.
fn issued_by(seen: &Seen) -> String {
    claims(seen)["iss"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tokens_of_five_hundred_characters_with_dots_are_sent_as_they_are() {
    let long = format!(
        "ghs_1234567_{}.{}-_.{}",
        "a".repeat(36),
        "b".repeat(220),
        "c".repeat(250)
    );
    let fake = Fake::default()
        .on(MINT, [token(&long)])
        .on(ISSUE, [an_issue()]);
    fake.app().await.thread(&issue()).await.unwrap();
    let seen = fake.seen(ISSUE);
    assert_eq!(
        seen[0].authorization(),
        Some(format!("Bearer {long}").as_str())
    );
}

#[tokio::test]
async fn reinstalled_app_is_found_again() {
    let fake = Fake::default()
        .on(
            "GET /repos/acme/engine/installation",
            [Reply::json(200, &json!({"id": 200}))],
        )
        .on(
            "POST /app/installations/200/access_tokens",
            [token("ghs_new")],
        )
        .on(ISSUE, [an_issue()]);
    let github = fake.app().await;
    github.thread(&issue()).await.unwrap();
    let expected = [
        MINT,
        "GET /repos/acme/engine/installation",
        "POST /app/installations/200/access_tokens",
        ISSUE,
    ];
    assert_eq!(fake.lines(), expected);
}

#[tokio::test]
async fn unknown_installation_is_looked_up() {
    let fake = Fake::with_app()
        .on(
            "GET /repos/acme/engine/installation",
            [Reply::json(200, &json!({"id": 100}))],
        )
        .on(ISSUE, [an_issue()]);
    let mut address = issue();
    address.repository.installation = None;
    fake.app().await.thread(&address).await.unwrap();
    assert_eq!(
        fake.lines(),
        ["GET /repos/acme/engine/installation", MINT, ISSUE]
    );
}

#[tokio::test]
async fn removed_app_is_not_asked_for_twice() {
    let fake = Fake::default().on(
        "GET /repos/acme/engine/installation",
        [Reply::json(200, &json!({"id": 100}))],
    );
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Uninstalled { .. }), "{error:?}");
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: the App is not installed there any more");
    assert_eq!(fake.count(MINT), 1);
}

#[tokio::test]
async fn repository_without_an_installation_is_no_missing_thread() {
    let error = Fake::default().app().await.thread(&issue()).await;
    assert!(
        matches!(error, Err(ForgeError::Uninstalled { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn suspension_in_the_middle_of_a_job_is_told_from_a_missing_right() {
    let fake = Fake::with_app().on(
        ISSUE,
        [Reply::message(403, "This installation has been suspended")],
    );
    let error = fake.app().await.thread(&issue()).await;
    assert!(
        matches!(error, Err(ForgeError::Suspended { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn suspended_installation_has_an_error_of_its_own() {
    let fake = Fake::default().on(
        MINT,
        [Reply::message(403, "This installation has been suspended")],
    );
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Suspended { .. }), "{error:?}");
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: the App's installation is suspended");
}

#[tokio::test]
async fn missing_permission_is_named_and_no_wider_token_is_asked_for() {
    let granted = json!({"id": 100, "permissions": {"metadata": "read", "contents": "read", "issues": "read"}});
    let fake = Fake::default()
        .on(
            MINT,
            [Reply::message(
                422,
                "The permissions requested are not granted",
            )],
        )
        .on("GET /app/installations/100", [Reply::json(200, &granted)]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: it does not grant issues: write, pull_requests: write");
    assert_eq!(fake.lines(), [MINT, "GET /app/installations/100"]);
}

#[tokio::test]
async fn repository_outside_of_the_installation_is_a_refusal() {
    let granted = json!({"id": 100, "permissions":
        {"metadata": "read", "contents": "write", "issues": "write", "pull_requests": "admin"}});
    let fake = Fake::default()
        .on(
            MINT,
            [Reply::message(
                422,
                "There is at least one repository that does not exist",
            )],
        )
        .on("GET /app/installations/100", [Reply::json(200, &granted)]);
    let error = fake.app().await.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge refused the App's installation on `acme/engine`: the repository is not among those that the App was installed on");
}

#[tokio::test]
async fn token_made_by_hand_is_used_as_it_is() {
    let fake = Fake::default().on(ISSUE, [an_issue()]);
    let credentials = Credentials::Token(SecretString::from("ghp_hand\n"));
    fake.adapter(credentials)
        .await
        .thread(&issue())
        .await
        .unwrap();
    assert_eq!(fake.lines(), [ISSUE]);
    assert_eq!(fake.seen(ISSUE)[0].authorization(), Some("Bearer ghp_hand"));
}

#[tokio::test]
async fn token_made_by_hand_that_is_refused_is_tried_once() {
    let fake = Fake::default().on(ISSUE, [Reply::message(401, "Bad credentials")]);
    let github = fake
        .adapter(Credentials::Token(SecretString::from("ghp_hand")))
        .await;
    let error = github.thread(&issue()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the forge refused `acme/engine#7`: the credentials were not accepted");
    assert_eq!(fake.count(ISSUE), 1);
}

#[tokio::test]
async fn token_with_a_line_break_inside_is_refused_before_it_is_sent() {
    let fake = Fake::default();
    let github = fake
        .adapter(Credentials::Token(SecretString::from("a\r\nX-Evil: b")))
        .await;
    let error = github.thread(&issue()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Denied { .. }), "{error}");
    assert_eq!(fake.lines(), Vec::<String>::new());
}

// Names.

const INSTALLATION: &str = "GET /repos/acme/engine/installation";
const ENGINE: &str = "GET /repos/acme/engine";
const BY_ID: &str = "GET /repositories/42";

fn engine() -> RepositoryName {
    RepositoryName::new("acme", "engine").unwrap()
}

fn an_installation() -> Reply {
    Reply::json(200, &json!({"id": 100}))
}

fn a_repository(full_name: &str) -> Reply {
    Reply::json(200, &json!({"id": 42, "full_name": full_name}))
}

fn renamed_to(path: &str) -> Reply {
    let location = format!("http://api.github.test:{{port}}{path}");
    Reply::bytes(301, "").header("location", &location)
}

/// What `found` is when its host is that of the fake, whose port differs each time.
fn at_the_fake(found: &RepositoryAddress, name: &str) -> RepositoryAddress {
    assert!(found.host.starts_with("github.test:"), "{}", found.host);
    RepositoryAddress {
        host: found.host.clone(),
        name: RepositoryName::parse(name).unwrap(),
        ..repository()
    }
}

#[tokio::test]
async fn name_leads_to_the_id_and_the_installation() {
    let fake = Fake::with_app()
        .on(INSTALLATION, [an_installation()])
        .on(ENGINE, [a_repository("Acme/Engine")]);
    let found = fake.app().await.repository(&engine()).await.unwrap();
    assert_eq!(found, at_the_fake(&found, "Acme/Engine"));
    assert_eq!(fake.lines(), [INSTALLATION, MINT, ENGINE]);
    let login = fake.seen(ENGINE)[0].authorization().unwrap().to_owned();
    assert_eq!(login, "Bearer ghs_first");
}

#[tokio::test]
async fn token_that_finds_a_name_can_do_nothing_else_and_is_not_kept() {
    let fake = Fake::with_app()
        .on(INSTALLATION, [an_installation()])
        .on(ENGINE, [a_repository("acme/engine")])
        .on(ISSUE, [an_issue()]);
    let github = fake.app().await;
    github.repository(&engine()).await.unwrap();
    github.thread(&issue()).await.unwrap();
    let minted = fake.seen(MINT);
    assert_eq!(
        minted[0].json(),
        json!({"repositories": ["engine"], "permissions": {"metadata": "read"}})
    );
    assert_eq!(minted[1].json()["repository_ids"], json!([42]));
    let used = fake.seen(ISSUE);
    assert_eq!(used[0].authorization(), Some("Bearer ghs_second"));
}

#[tokio::test]
async fn renamed_repository_is_found_under_its_present_name() {
    let fake = Fake::with_app()
        .on(INSTALLATION, [renamed_to("/repositories/42/installation")])
        .on("GET /repositories/42/installation", [an_installation()])
        .on(BY_ID, [a_repository("acme/motor")]);
    let found = fake.app().await.repository(&engine()).await.unwrap();
    assert_eq!(found, at_the_fake(&found, "acme/motor"));
    assert_eq!(fake.seen(MINT)[0].json()["repository_ids"], json!([42]));
}

#[tokio::test]
async fn token_made_by_hand_finds_names_by_itself() {
    let fake = Fake::default()
        .on(ENGINE, [renamed_to("/repositories/42")])
        .on(BY_ID, [a_repository("acme/motor")]);
    let credentials = Credentials::Token(SecretString::from("ghp_hand"));
    let github = fake.adapter(credentials).await;
    let found = github.repository(&engine()).await.unwrap();
    let expected = RepositoryAddress {
        installation: None,
        ..at_the_fake(&found, "acme/motor")
    };
    assert_eq!(found, expected);
    assert_eq!(fake.lines(), [ENGINE, BY_ID]);
}

#[tokio::test]
async fn name_where_the_app_is_not_installed_is_not_found() {
    let error = Fake::with_app().app().await.repository(&engine()).await;
    insta::assert_snapshot!(error.unwrap_err(), @"the App's installation on `acme/engine` was not found");
}

#[tokio::test]
async fn name_is_not_looked_for_on_another_host_or_outside_of_repositories() {
    for location in [
        "http://evil.test:{port}/repositories/42/installation",
        "http://api.github.test:{port}/orgs/acme/installation",
        "http://api.github.test:{port}/repositories/x/installation",
    ] {
        let elsewhere = Reply::bytes(301, "").header("location", location);
        let fake = Fake::with_app().on(INSTALLATION, [elsewhere]);
        let error = fake.app().await.repository(&engine()).await.unwrap_err();
        assert!(matches!(error, ForgeError::NotFound { .. }), "{error}");
        assert_eq!(fake.lines(), [INSTALLATION], "{location}");
    }
}

#[tokio::test]
async fn installation_under_an_old_name_of_another_repository_is_not_used() {
    let fake = Fake::with_app().on(INSTALLATION, [renamed_to("/repositories/43/installation")]);
    let fake = fake.on("GET /repositories/43/installation", [an_installation()]);
    let mut address = issue();
    address.repository.installation = None;
    let error = fake.app().await.thread(&address).await.unwrap_err();
    assert!(matches!(error, ForgeError::NotFound { .. }), "{error}");
    assert_eq!(fake.count(MINT), 0);
}

#[tokio::test]
async fn found_name_that_no_repository_can_have_is_refused() {
    for full_name in ["", "engine", "acme/..", "acme/eng ine", "acme/engine?x"] {
        let fake = Fake::with_app()
            .on(INSTALLATION, [an_installation()])
            .on(ENGINE, [a_repository(full_name)]);
        let error = fake.app().await.repository(&engine()).await.unwrap_err();
        assert!(matches!(error, ForgeError::Unexpected { .. }), "{error}");
    }
}

#[tokio::test]
async fn name_is_looked_for_again_while_its_token_is_too_new() {
    let fake = Fake::with_app().on(INSTALLATION, [an_installation()]).on(
        ENGINE,
        [
            Reply::message(401, "Bad credentials"),
            a_repository("acme/engine"),
        ],
    );
    fake.app().await.repository(&engine()).await.unwrap();
    assert_eq!((fake.count(MINT), fake.count(ENGINE)), (1, 2));
}

// Addresses and times.

#[test]
fn host_is_that_of_the_web_pages_with_its_port() {
    let origins = Origins::parse(
        "https://ghe.example:8443/api/v3",
        "https://ghe.example:8443",
    );
    assert_eq!(origins.unwrap().host(), "ghe.example:8443");
    let origins = Origins::parse("https://api.github.com", "https://github.com/");
    assert_eq!(origins.unwrap().host(), "github.com");
}

#[test]
fn base_addresses_with_more_than_a_base_are_refused() {
    for address in [
        "",
        "github.com",
        "ftp://github.com",
        "https://mona@github.com",
        "https://:x@github.com",
        "https://github.com/?a=b",
        "https://github.com/#a",
        "data:text/plain,x",
    ] {
        assert!(
            Origins::parse("https://api.github.com", address).is_err(),
            "{address}"
        );
        assert!(
            Origins::parse(address, "https://github.com").is_err(),
            "{address}"
        );
    }
}

#[tokio::test]
async fn base_with_a_path_is_kept_before_every_path() {
    let line = "GET /r/repos/acme/engine/issues/7";
    let fake = Fake::default().on(line, [an_issue()]);
    let url = format!("http://{}/r/", fake.start().await);
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
    github.thread(&issue()).await.unwrap();
    assert_eq!(fake.lines(), [line]);
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

#[test]
fn both_forms_of_times_are_read() {
    assert_eq!(parse_timestamp("1970-01-01T00:00:00Z"), Some(at(0)));
    assert_eq!(
        parse_timestamp("2000-02-29T12:00:00+00:00"),
        Some(at(951_825_600))
    );
    assert_eq!(parse_timestamp("2026-11-22T23:45:06.789Z"), Some(at(START)));
    assert_eq!(
        parse_date_header("Sun, 22 Nov 2026 23:45:06 GMT"),
        Some(at(START))
    );
    assert_eq!(
        parse_date_header("Sun, 06 Nov 1994 08:49:37 GMT"),
        Some(at(784_111_777))
    );
}

#[test]
fn other_times_are_refused() {
    for text in [
        "",
        "2026-11-22",
        "2026-11-22T23:45:06",
        "2026-11-22T23:45:06+01:00",
        "1969-12-31T23:59:59Z",
        "2026-13-01T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22TZ",
        "99999-11-22T00:00:00Z",
        "2026-+1-22T00:00:00Z",
    ] {
        assert_eq!(parse_timestamp(text), None, "{text}");
    }
    for text in [
        "",
        "Sun, 22 Nov 2026 23:45:06",
        "Sun, 22 Now 2026 23:45:06 GMT",
        "Sunday, x",
    ] {
        assert_eq!(parse_date_header(text), None, "{text}");
    }
}
