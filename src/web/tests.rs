//! What the public listener answers, over real connections.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::testing::git::upload_repository;
use crate::testing::story::Story;

/// A signed delivery that can be spoilt before it is sent.
struct Delivery {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Delivery {
    fn new(story: &Story, event: &str, body: &[u8]) -> Self {
        let secret = story.sandbox.webhook_secret();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).unwrap();
        mac.update(body);
        let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        Self {
            headers: vec![
                ("Content-Type", "application/json".to_owned()),
                ("X-GitHub-Event", event.to_owned()),
                ("X-GitHub-Delivery", "1f0a".to_owned()),
                ("X-Hub-Signature-256", signature),
            ],
            body: body.to_vec(),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// Sends it and returns status and body of the answer.
    async fn send(&self, story: &Story) -> (u16, String) {
        let mut request = format!(
            "POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nConnection: close\r\nContent-Length: {}\r\n",
            self.body.len()
        );
        for (name, value) in &self.headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(&self.body);
        exchange(story, &bytes).await
    }
}

async fn exchange(story: &Story, bytes: &[u8]) -> (u16, String) {
    let hook = story.hook();
    let address = (hook.host_str().unwrap().to_owned(), hook.port().unwrap());
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and hang up before it has read everything.
    stream.write_all(bytes).await.ok();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    tokio::time::timeout(Duration::from_secs(30), read)
        .await
        .unwrap()
        .ok();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

fn labeled() -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!({
        "action": "labeled",
        "label": {"name": "plan"},
        "issue": {"number": 1, "title": "t", "body": null},
        "repository": {"id": 1, "full_name": "sandbox/none", "name": "none", "owner": {"login": "sandbox"}},
        "sender": {"id": 2, "login": "somebody", "type": "User"},
        "installation": {"id": 3}
    }))
    .unwrap()
}

const UNSIGNED: &str = "the signature is missing or wrong\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_missing_or_malformed_signature_leaves_no_trace() {
    let story = Story::begin(upload_repository()).await;
    let signature = "X-Hub-Signature-256";
    let good = Delivery::new(&story, "issues", &labeled());
    let real = good.headers.last().unwrap().1.clone();
    let mut flipped = real.clone();
    let last = flipped.pop();
    flipped.push(if last == Some('0') { '1' } else { '0' });
    let bad = [
        String::new(),
        "sha256=".to_owned(),
        "sha256=zz".to_owned(),
        format!("sha1={}", "0".repeat(40)),
        format!("sha256={}", "0".repeat(64)),
        flipped,
        format!("{real}00"),
        real.replace("sha256=", ""),
    ];

    for value in bad {
        let delivery = Delivery::new(&story, "issues", &labeled()).with(signature, &value);
        assert_eq!(
            delivery.send(&story).await,
            (401, UNSIGNED.to_owned()),
            "{value}"
        );
    }
    let delivery = Delivery::new(&story, "issues", &labeled()).without(signature);
    assert_eq!(delivery.send(&story).await, (401, UNSIGNED.to_owned()));
    let mut tampered = Delivery::new(&story, "issues", &labeled());
    tampered.body.push(b' ');
    assert_eq!(tampered.send(&story).await, (401, UNSIGNED.to_owned()));

    assert_eq!(story.settle().await, []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_says_what_became_of_a_delivery() {
    let story = Story::begin(upload_repository()).await;
    let ping = br#"{"zen":"Keep it logically awesome.","hook_id":1}"#;
    let cases = [
        ("issues", labeled(), 202, "accepted\n"),
        ("issues", labeled(), 200, "known already\n"),
        ("ping", ping.to_vec(), 200, "nothing to do\n"),
        (
            "star",
            br#"{"action":"created"}"#.to_vec(),
            200,
            "nothing to do\n",
        ),
        ("issues", b"{".to_vec(), 400, "the body is malformed\n"),
        ("issues", b"".to_vec(), 400, "the body is malformed\n"),
        (
            "issues",
            b"\xff\xfe".to_vec(),
            400,
            "the body is malformed\n",
        ),
    ];

    for (event, body, status, text) in cases {
        let delivery = Delivery::new(&story, event, &body);
        assert_eq!(
            delivery.send(&story).await,
            (status, text.to_owned()),
            "{event}"
        );
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_other_kinds_are_refused_by_name() {
    let story = Story::begin(upload_repository()).await;
    let body = labeled();

    let plain = Delivery::new(&story, "issues", &body).with("Content-Type", "text/plain");
    let packed = Delivery::new(&story, "issues", &body).with("Content-Encoding", "gzip");
    let gitea = Delivery::new(&story, "issues", &body).with("X-Gitea-Event", "issues");

    let text = "the content type is not taken: send JSON or a form\n".to_owned();
    assert_eq!(plain.send(&story).await, (415, text));
    let text = "compressed bodies are not taken\n".to_owned();
    assert_eq!(packed.send(&story).await, (415, text));
    let text = "the delivery comes from a forge that is not served here\n".to_owned();
    assert_eq!(gitea.send(&story).await, (400, text));
    assert_eq!(story.settle().await, []);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_body_is_refused_before_it_is_read() {
    let story = Story::begin(upload_repository()).await;

    let announced = "POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\
                     Content-Length: 26214401\r\n\r\n";
    let (status, text) = exchange(&story, announced.as_bytes()).await;

    assert_eq!((status, text.as_str()), (413, "the body is too large\n"));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_oversized_body_of_unknown_length_is_refused_when_it_passes_the_limit() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.server.max_body_bytes = 1024;
    })
    .await;
    let chunk = "a".repeat(0x600);

    let chunked = format!(
        "POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n600\r\n{chunk}\r\n0\r\n\r\n"
    );
    let (status, text) = exchange(&story, chunked.as_bytes()).await;

    assert_eq!((status, text.as_str()), (413, "the body is too large\n"));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_genuine_body_is_taken() {
    let story = Story::begin(upload_repository()).await;
    let body = serde_json::json!({"action": "x", "padding": "p".repeat(20_000_000)}).to_string();

    let delivery = Delivery::new(&story, "push", body.as_bytes());

    assert_eq!(
        delivery.send(&story).await,
        (200, "nothing to do\n".to_owned())
    );
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_dawdles_is_given_up() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.server.body_timeout = Duration::from_millis(100);
    })
    .await;

    let started = "POST /webhooks/github HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\
                   Content-Length: 10\r\n\r\nabc";
    let (status, text) = exchange(&story, started.as_bytes()).await;

    assert_eq!((status, text.as_str()), (408, "the body took too long\n"));
    story.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_public_and_metrics_are_not() {
    let story = Story::begin(upload_repository()).await;
    let get = async |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n\r\n");
        exchange(&story, request.as_bytes()).await
    };

    assert_eq!(get("/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(get("/readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(get("/metrics").await.0, 404);
    assert_eq!(get("/").await.0, 404);
    assert_eq!(get("/webhooks/github").await.0, 405);
    story.end().await;
}

const SECRETS: [&str; 2] = [
    "the secret of the first App",
    "the secret of the second App",
];

/// Signed with the secret of one of two Apps.
fn signed_by(story: &Story, app: usize) -> Delivery {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRETS[app].as_bytes()).unwrap();
    mac.update(&labeled());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    Delivery::new(story, "issues", &labeled())
        .with("X-Hub-Signature-256", &signature)
        .with("X-GitHub-Hook-Installation-Target-Type", "integration")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_delivery_says_of_itself_never_vouches_for_it() {
    let story = Story::begin_with(upload_repository(), |settings| {
        settings.github.webhook_secrets = vec![SECRETS[0].into()];
        let mut second = settings.github.clone();
        second.app_id = Some("77".to_owned());
        second.web_url = "https://ghe.test".parse().unwrap();
        second.webhook_secrets = vec![SECRETS[1].into()];
        settings.github_apps = vec![second];
    })
    .await;
    let (target, host) = (
        "X-GitHub-Hook-Installation-Target-ID",
        "X-GitHub-Enterprise-Host",
    );
    let first_id = story.sandbox.app_id().to_string();
    let mut told = Vec::new();
    for (number, delivery) in [
        signed_by(&story, 1).with(target, "77"),
        signed_by(&story, 1)
            .with(target, "77")
            .with(host, "ghe.test"),
        signed_by(&story, 1),
        signed_by(&story, 1).with(target, "4711"),
        signed_by(&story, 0).with(target, &first_id),
        signed_by(&story, 1).with(target, &first_id),
        signed_by(&story, 0).with(target, "77"),
        signed_by(&story, 0).with(host, "ghe.test"),
    ]
    .into_iter()
    .enumerate()
    {
        let delivery = delivery.with("X-GitHub-Delivery", &format!("d{number}"));
        told.push(delivery.send(&story).await.0 < 300);
    }
    let (taken, refused) = (true, false);
    assert_eq!(
        told,
        [taken, taken, taken, taken, taken, refused, refused, refused]
    );
    let mut hosts: Vec<_> = story
        .settle()
        .await
        .iter()
        .map(|job| job.subject.contains("ghe.test"))
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    assert_eq!(hosts, [false, true]);
    story.end().await;
}
