//! What one delivery costs before it is saved: taking the body in, signature, parsing, judging.
//!
//! Sends a signed 14 kB `issue_comment` delivery that asks for nothing through the public router,
//! one after the other on one thread, and prints microseconds for each. No network, no disk.

#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use hmac::{Hmac, KeyInit, Mac};
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use planwright::config;
use planwright::forge::github::webhook::Secrets;
use planwright::redact::Redactor;
use planwright::service::intake::Intake;
use planwright::store::{self, Millis};
use planwright::telemetry::Metrics;
use planwright::web::{self, GitHubHook, Web};
use secrecy::SecretString;
use sha2::Sha256;

const SECRET: &str = "a secret of the benchmark";
const ROUNDS: usize = 9;
const ROUND: Duration = Duration::from_millis(400);

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let settings = config::load_from(None, [])?.settings;
    let router = web::public_router(Web {
        intake: Arc::new(Intake {
            store: store::open(&folder.path().join("bench.db")).await?,
            triggers: settings.triggers.clone(),
            policy: settings.policy.clone(),
            checks: settings.checks.clone(),
            metrics: Arc::new(Metrics::new()),
            redactor: Arc::new(Redactor::new(&[])),
        }),
        server: settings.server.clone(),
        github: vec![GitHubHook {
            secrets: Secrets::new(&[SecretString::from(SECRET)]),
            host: "github.com".to_owned(),
            app_id: Some(1),
        }],
        clock: || Millis(0),
    });
    let service = TowerToHyperService::new(router);
    let body = body();
    let signature = sign(&body)?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let (started, mut sent) = (Instant::now(), 0_u32);
        while started.elapsed() < ROUND {
            let answer = service.call(request(&body, &signature)?).await?;
            anyhow::ensure!(black_box(answer.status()) == 200, "{}", answer.status());
            sent += 1;
        }
        rounds.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(sent));
    }
    rounds.sort_by(f64::total_cmp);
    let best = rounds.first().copied().unwrap_or_default();
    let median = rounds.get(ROUNDS / 2).copied().unwrap_or_default();
    let size = body.len();
    println!("{size} bytes: best {best:.1} µs, median {median:.1} µs of {ROUNDS} rounds");
    Ok(())
}

/// A comment in a thread whose description is long, as most deliveries are.
fn body() -> Vec<u8> {
    let prose = "Uploads fail when the server is `busy` and \"nobody\" sees why. ".repeat(200);
    let account = serde_json::json!({
        "login": "mona", "id": 1, "node_id": "MDQ6VXNlcjE=", "type": "User",
        "avatar_url": "https://avatars.example/u/1", "site_admin": false
    });
    serde_json::json!({
        "action": "created",
        "issue": {"number": 7, "title": "Uploads fail", "user": account, "body": prose, "labels": []},
        "comment": {"id": 11, "user": account, "body": "thanks, looks good to me"},
        "repository": {"id": 5, "name": "app", "full_name": "acme/app", "owner": account},
        "sender": account,
        "installation": {"id": 3}
    })
    .to_string()
    .into_bytes()
}

fn sign(body: &[u8]) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes())?;
    mac.update(body);
    Ok(format!(
        "sha256={}",
        hex::encode(mac.finalize().into_bytes())
    ))
}

fn request(body: &[u8], signature: &str) -> anyhow::Result<Request<Body>> {
    Ok(Request::post("/webhooks/github")
        .header("content-type", "application/json")
        .header("content-length", body.len())
        .header("x-github-event", "issue_comment")
        .header("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        .header("x-hub-signature-256", signature)
        .body(Body::from(body.to_vec()))?)
}
