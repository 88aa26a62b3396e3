//! Webhooks: signed as GitHub signs them, sent one after the other, never retried by themselves.

pub(crate) mod payloads;

use std::time::Duration;

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use secrecy::{ExposeSecret, SecretString};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::sandbox::clock::Clock;
use crate::sandbox::world::{Delivery, DeliveryStatus, HookFormat, State, World};
use crate::store::Millis;

/// How long GitHub waits for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Begins the name by which the sender introduces itself; GitHub puts a part of a commit behind.
const USER_AGENT: &str = "GitHub-Hookshot/5a9d2f1";

/// What sending takes.
pub(crate) struct Sender {
    pub(crate) world: World,
    pub(crate) client: reqwest::Client,
    pub(crate) clock: Clock,
}

/// Sends what is queued until `stop` is called off.
pub(crate) async fn deliver_all(sender: Sender, stop: CancellationToken) {
    let world = &sender.world;
    let waits = |state: &State| {
        let mut deliveries = state.deliveries.iter();
        deliveries
            .any(|one| one.status == DeliveryStatus::Pending)
            .then_some(())
    };
    while stop
        .run_until_cancelled(world.wait_for(waits))
        .await
        .is_some()
    {
        let Some((delivery, target)) = world.change(next) else {
            continue;
        };
        let sent = stop.run_until_cancelled(sender.send(&delivery, &target));
        let status = sent.await.unwrap_or(DeliveryStatus::Failed);
        world.change(|state| state.settle(delivery.id, status));
    }
}

/// Where a delivery goes and how it is written and signed.
struct Target {
    url: Option<Url>,
    format: HookFormat,
    secret: Option<SecretString>,
    hook: u64,
    app: u64,
}

fn next(state: &mut State) -> Option<(Delivery, Target)> {
    let delivery = state.take_pending()?;
    let app = state.apps.find(delivery.app)?;
    let hook = &app.hook;
    let target = Target {
        url: hook.url.clone(),
        format: hook.format,
        secret: hook.has_secret.then(|| hook.secret.clone()),
        hook: hook.id,
        app: app.id,
    };
    Some((delivery, target))
}

impl Sender {
    async fn send(&self, delivery: &Delivery, target: &Target) -> DeliveryStatus {
        let Some(url) = target.url.clone() else {
            return DeliveryStatus::Failed;
        };
        let (content_type, body) = match target.format {
            HookFormat::Json => ("application/json", delivery.payload.clone()),
            HookFormat::Form => ("application/x-www-form-urlencoded", form(&delivery.payload)),
        };
        let signature = target.secret.as_ref().map(|secret| sign(secret, &body));
        let mut request = self
            .client
            .post(url)
            .timeout(PATIENCE)
            .header(CONTENT_TYPE, content_type)
            .header("accept", "*/*")
            .header("user-agent", USER_AGENT)
            .header("x-github-event", delivery.event)
            .header("x-github-delivery", &delivery.guid)
            .header("x-github-hook-id", target.hook)
            .header("x-github-hook-installation-target-type", "integration")
            .header("x-github-hook-installation-target-id", target.app)
            .body(body);
        if let Some(signature) = signature {
            request = request.header("x-hub-signature-256", signature);
        }
        let started = (self.clock)();
        match request.send().await {
            Ok(answer) => DeliveryStatus::Answered {
                status: answer.status().as_u16(),
                duration: since(started, (self.clock)()),
            },
            Err(_) => DeliveryStatus::Failed,
        }
    }
}

fn since(start: Millis, end: Millis) -> Duration {
    Duration::from_millis(u64::try_from(end.0 - start.0).unwrap_or_default())
}

/// The value of `X-Hub-Signature-256` for `body`.
pub(crate) fn sign(secret: &SecretString, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes());
    format!("sha256={}", hex::encode(hmac::sign(&key, body)))
}

/// The body of a hook whose content type is `form`.
fn form(payload: &Bytes) -> Bytes {
    let payload = String::from_utf8_lossy(payload);
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("payload", &payload);
    form.finish().into()
}

#[cfg(test)]
mod tests;
