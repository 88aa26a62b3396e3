//! The log of webhook deliveries, which is also the queue of those yet to be sent.

use std::time::Duration;

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use crate::sandbox::hooks::payloads;
use crate::sandbox::shapes::people::extend;
use crate::sandbox::world::State;
use crate::sandbox::world::app::{App, InstallationStatus};
use crate::store::Millis;

/// Deliveries remembered. When the log is full and its oldest is still unsent, events are lost, as
/// they are on a forge that drops what it cannot deliver.
const MOST_DELIVERIES: usize = 1_000;

/// Where webhooks go and how.
#[derive(Debug)]
pub(crate) struct Hook {
    pub(crate) id: u64,
    pub(crate) url: Option<Url>,
    pub(crate) format: HookFormat,
    pub(crate) secret: SecretString,
    /// Whether anybody was told the secret; without one nothing is signed.
    pub(crate) has_secret: bool,
}

/// How the body of a delivery is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookFormat {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`, with the JSON in the field `payload`.
    Form,
}

impl HookFormat {
    /// GitHub's word for it in a hook's configuration.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Form => "form",
        }
    }
}

/// How far a delivery has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It is held back, and sent once it is released.
    Held,
    /// It waits to be sent.
    Pending,
    /// It is on its way.
    Sending,
    /// The receiver answered.
    Answered {
        /// The status code.
        status: u16,
        /// How long it took.
        duration: Duration,
    },
    /// The receiver could not be reached, or took too long.
    Failed,
}

/// A delivery of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id; a redelivery has its own.
    pub id: u64,
    /// The id of the event, the same for every redelivery.
    pub guid: String,
    /// The id of the App that is told.
    pub app: u64,
    /// The event, such as `issues`.
    pub event: &'static str,
    /// The action, such as `opened`.
    pub action: Option<&'static str>,
    /// The payload as JSON.
    pub payload: Bytes,
    /// When it was made.
    pub at: Millis,
    /// Whether it repeats an earlier one.
    pub redelivery: bool,
    /// How far it has come.
    pub status: DeliveryStatus,
}

impl Delivery {
    /// Whether nothing more happens with it.
    pub fn is_settled(&self) -> bool {
        matches!(
            self.status,
            DeliveryStatus::Answered { .. } | DeliveryStatus::Failed
        )
    }
}

impl State {
    /// Queues an event for delivery to every App that is installed; without an address nothing happens,
    /// as on GitHub.
    pub(crate) fn emit(
        &mut self,
        event: &'static str,
        action: Option<&'static str>,
        payload: &Value,
        now: Millis,
    ) {
        let told = self
            .apps
            .iter()
            .filter(|app| app.hook.url.is_some() && app.status != InstallationStatus::Removed);
        let told: Vec<_> = told
            .map(|app| (app.id, payload_for(app, payload)))
            .collect();
        for (app, payload) in told {
            self.emit_to(app, (event, action), &payload, now);
        }
    }

    /// Queues an event for delivery to one App, which has an address.
    pub(crate) fn emit_to(
        &mut self,
        app: u64,
        (event, action): (&'static str, Option<&'static str>),
        payload: &Value,
        now: Millis,
    ) {
        let delivery = Delivery {
            id: self.next_id(),
            guid: self.texts.guid(),
            app,
            event,
            action,
            payload: Bytes::from(payload.to_string()),
            at: now,
            redelivery: false,
            status: DeliveryStatus::Pending,
        };
        self.enqueue(delivery);
    }

    /// Queues the delivery of that id again under a new id; `None` when there is none. With
    /// `as_new` the event gets another id, as from a second hook that tells the same.
    pub(crate) fn repeat(&mut self, id: u64, as_new: bool, now: Millis) -> Option<u64> {
        let mut delivery = self.deliveries.iter().find(|one| one.id == id)?.clone();
        delivery.id = self.next_id();
        delivery.at = now;
        delivery.status = DeliveryStatus::Pending;
        if as_new {
            delivery.guid = self.texts.guid();
            delivery.redelivery = false;
        } else {
            delivery.redelivery = true;
        }
        let id = delivery.id;
        self.enqueue(delivery);
        Some(id)
    }

    /// Takes the oldest delivery that waits, and marks it as being sent.
    pub(crate) fn take_pending(&mut self) -> Option<Delivery> {
        let next = self
            .deliveries
            .iter_mut()
            .find(|one| one.status == DeliveryStatus::Pending)?;
        next.status = DeliveryStatus::Sending;
        Some(next.clone())
    }

    pub(crate) fn settle(&mut self, id: u64, status: DeliveryStatus) {
        if let Some(delivery) = self.deliveries.iter_mut().find(|one| one.id == id) {
            delivery.status = status;
        }
    }

    /// Lets a delivery go that is held back: behind those that wait to be sent. False when none of that
    /// id is held.
    pub(crate) fn release(&mut self, id: u64) -> bool {
        let held = |one: &Delivery| one.id == id && one.status == DeliveryStatus::Held;
        let Some(at) = self.deliveries.iter().position(held) else {
            return false;
        };
        if let Some(mut delivery) = self.deliveries.remove(at) {
            delivery.status = DeliveryStatus::Pending;
            self.deliveries.push_back(delivery);
        }
        true
    }

    fn enqueue(&mut self, mut delivery: Delivery) {
        if self.holds {
            delivery.status = DeliveryStatus::Held;
        }
        if self.deliveries.len() >= MOST_DELIVERIES {
            if !self.deliveries.front().is_some_and(Delivery::is_settled) {
                return;
            }
            self.deliveries.pop_front();
        }
        self.deliveries.push_back(delivery);
    }
}

/// A payload with the installation that it comes from.
fn payload_for(app: &App, payload: &Value) -> Value {
    let mut payload = payload.clone();
    let installation = payloads::installation_of(app);
    extend(&mut payload, json!({"installation": installation}));
    payload
}
