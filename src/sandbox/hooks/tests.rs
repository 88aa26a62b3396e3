//! Webhooks as their receiver gets them.

use std::collections::BTreeSet;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::sandbox::hooks::sign;
use crate::sandbox::tests::{Rig, commit};
use crate::sandbox::world::{DeliveryStatus, HookFormat};

/// A delivery as it came in.
struct Received {
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn payload(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

type Sender = mpsc::UnboundedSender<Received>;

async fn take(State(sender): State<Sender>, headers: HeaderMap, body: Bytes) -> StatusCode {
    sender.send(Received { headers, body }).unwrap();
    StatusCode::ACCEPTED
}

/// A receiver for the rig's webhooks.
async fn receiver(rig: &Rig) -> mpsc::UnboundedReceiver<Received> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let routes = Router::new().route("/hook", post(take)).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    rig.sandbox.set_webhook_url(url.parse().unwrap());
    receiver
}

#[test]
fn signature_is_githubs() {
    let secret = SecretString::from("It's a Secret to Everybody");
    assert_eq!(
        sign(&secret, b"Hello, World!"),
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    );
}

#[tokio::test]
async fn deliveries_carry_githubs_headers_and_a_signature_over_their_bytes() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    rig.issue();
    let got = receiver.recv().await.unwrap();
    let secret = rig.sandbox.webhook_secret();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).unwrap();
    mac.update(&got.body);
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    assert!(got.header("user-agent").starts_with("GitHub-Hookshot/"));
    assert_eq!(got.header("x-github-delivery").len(), 36);
    assert_eq!(
        [
            got.header("x-hub-signature-256"),
            got.header("content-type"),
            got.header("x-github-event"),
            got.header("x-github-hook-installation-target-type"),
            got.header("x-github-hook-installation-target-id"),
        ],
        [
            signature.as_str(),
            "application/json",
            "issues",
            "integration",
            rig.sandbox.app_id().to_string().as_str(),
        ]
    );
}

/// Keys of every event but `ping`.
const COMMON: [&str; 4] = ["installation", "organization", "repository", "sender"];

/// Events, their actions and their own keys.
const EVENTS: [(&str, &str, &str); 7] = [
    ("issues", "opened", "action issue"),
    ("issues", "labeled", "action issue label"),
    ("issues", "unlabeled", "action issue label"),
    ("issue_comment", "created", "action issue comment"),
    ("issue_comment", "edited", "action issue comment changes"),
    ("issue_comment", "deleted", "action issue comment"),
    ("issues", "closed", "action issue"),
];

#[tokio::test]
async fn events_have_the_keys_that_githubs_have() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    let sandbox = &rig.sandbox;
    let before = rig.head();
    std::fs::write(rig.folder.path().join("new"), "").unwrap();
    commit(rig.folder.path(), "more");
    let issue = rig.issue();
    sandbox.label(issue, "plan", "maintainer").unwrap();
    sandbox.unlabel(issue, "plan", "maintainer").unwrap();
    let comment = sandbox.comment(issue, "outsider", "/plan").unwrap();
    sandbox.edit(comment, "outsider", "/plan fast").unwrap();
    sandbox.delete(comment, "outsider").unwrap();
    sandbox.close(issue, "outsider").unwrap();
    sandbox.ping();
    sandbox.announce_push("maintainer", &before).await.unwrap();
    for (event, action, keys) in EVENTS {
        let got = receiver.recv().await.unwrap();
        let payload = got.payload();
        let shown: BTreeSet<_> = payload.as_object().unwrap().keys().cloned().collect();
        let keys = keys.split(' ').chain(COMMON).map(str::to_owned).collect();
        assert_eq!(
            (got.header("x-github-event"), &payload["action"], shown),
            (event, &json!(action), keys)
        );
    }
    let ping = receiver.recv().await.unwrap().payload();
    assert_eq!(ping["hook"]["app_id"], json!(sandbox.app_id()));
    let push = receiver.recv().await.unwrap().payload();
    assert_eq!(
        (
            &push["before"],
            &push["after"],
            &push["head_commit"]["tree_id"]
        ),
        (
            &json!(before.as_str()),
            &json!(rig.head().as_str()),
            &json!(rig.git(&["rev-parse", "HEAD^{tree}"]))
        )
    );
}

#[tokio::test]
async fn payload_tells_the_state_at_its_time() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    let issue = rig.issue();
    rig.sandbox.label(issue, "plan", "maintainer").unwrap();
    let opened = receiver.recv().await.unwrap().payload();
    let labeled = receiver.recv().await.unwrap().payload();
    assert_eq!(
        json!([
            opened["issue"]["labels"],
            labeled["issue"]["labels"][0]["name"],
            labeled["label"]["name"],
            labeled["sender"]["login"],
            labeled["issue"]["user"]["login"],
            labeled["installation"]["id"]
        ]),
        json!([
            [],
            "plan",
            "plan",
            "maintainer",
            "outsider",
            rig.sandbox.installation_id().0
        ])
    );
}

#[tokio::test]
async fn edited_comment_tells_what_it_said_before() {
    let rig = Rig::start().await;
    let issue = rig.issue();
    let comment = rig.sandbox.comment(issue, "outsider", "before").unwrap();
    let mut receiver = receiver(&rig).await;
    rig.sandbox.edit(comment, "outsider", "after").unwrap();
    let payload = receiver.recv().await.unwrap().payload();
    assert_eq!(
        (
            &payload["changes"]["body"]["from"],
            &payload["comment"]["body"]
        ),
        (&json!("before"), &json!("after"))
    );
}

#[tokio::test]
async fn comments_of_the_bot_are_told_as_those_of_a_bot() {
    let rig = Rig::start().await;
    rig.issue();
    let mut receiver = receiver(&rig).await;
    let path = "/repos/acme/widgets/issues/1/comments";
    rig.post(path, &rig.bot().await, json!({"body": "The plan."}))
        .await;
    let payload = receiver.recv().await.unwrap().payload();
    assert_eq!(
        (
            &payload["sender"]["type"],
            &payload["comment"]["performed_via_github_app"]["id"]
        ),
        (&json!("Bot"), &json!(rig.sandbox.app_id()))
    );
}

#[tokio::test]
async fn form_is_signed_as_it_is_sent() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    rig.sandbox.set_webhook_format(HookFormat::Form);
    rig.issue();
    let got = receiver.recv().await.unwrap();
    let fields: Vec<_> = url::form_urlencoded::parse(&got.body)
        .into_owned()
        .collect();
    let payload: Value = serde_json::from_str(&fields[0].1).unwrap();
    assert_eq!(
        (
            got.header("content-type"),
            got.header("x-hub-signature-256"),
            fields[0].0.as_str(),
            &payload["action"]
        ),
        (
            "application/x-www-form-urlencoded",
            sign(&rig.sandbox.webhook_secret(), &got.body).as_str(),
            "payload",
            &json!("opened")
        )
    );
}

#[tokio::test]
async fn redelivery_keeps_the_id_and_a_twin_does_not() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    rig.issue();
    let first = receiver.recv().await.unwrap();
    let delivery = rig.sandbox.world().deliveries()[0].id;
    rig.sandbox.redeliver(delivery).unwrap();
    let again = receiver.recv().await.unwrap();
    rig.sandbox.deliver_twin(delivery).unwrap();
    let twin = receiver.recv().await.unwrap();
    let id = |got: &Received| got.header("x-github-delivery").to_owned();
    assert_eq!((id(&again), &again.body), (id(&first), &first.body));
    assert_eq!(twin.body, first.body);
    assert_ne!(id(&twin), id(&first));
}

#[tokio::test]
async fn unknown_delivery_is_not_repeated() {
    let rig = Rig::start().await;
    assert_eq!(rig.sandbox.redeliver(7), None);
}

#[tokio::test]
async fn outcome_of_each_delivery_is_written_down() {
    let rig = Rig::start().await;
    let mut receiver = receiver(&rig).await;
    rig.issue();
    receiver.recv().await.unwrap();
    rig.sandbox.wait_for_deliveries().await;
    // Nothing listens on the port of a listener that is gone.
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", gone.local_addr().unwrap());
    drop(gone);
    rig.sandbox.set_webhook_url(url.parse().unwrap());
    rig.sandbox.ping();
    rig.sandbox.wait_for_deliveries().await;
    let deliveries = rig.sandbox.world().deliveries();
    let accepted = matches!(
        deliveries[0].status,
        DeliveryStatus::Answered { status: 202, .. }
    );
    assert_eq!(
        (accepted, &deliveries[1].status),
        (true, &DeliveryStatus::Failed)
    );
}

#[tokio::test]
async fn app_sees_failed_deliveries_and_may_have_them_repeated() {
    let rig = Rig::start().await;
    rig.sandbox
        .set_webhook_url("http://127.0.0.1:9/".parse().unwrap());
    rig.issue();
    rig.sandbox.wait_for_deliveries().await;
    let mut receiver = receiver(&rig).await;
    let list = rig.get("/app/hook/deliveries", &rig.jwt()).await.body;
    let path = format!("/app/hook/deliveries/{}/attempts", list[0]["id"]);
    let status = rig.post(&path, &rig.jwt(), json!({})).await.status;
    let got = receiver.recv().await.unwrap();
    assert_eq!(
        (
            status,
            got.header("x-github-delivery"),
            &list[0]["status_code"]
        ),
        (202, list[0]["guid"].as_str().unwrap(), &json!(502))
    );
}
