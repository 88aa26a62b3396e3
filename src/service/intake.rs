//! From an event to a saved request: is it for us, and is it new?
//!
//! Nothing here asks the forge: whether the sender may ask is judged when the work begins, so that
//! a webhook is answered as soon as it is on disk.

use std::sync::Arc;

use crate::config::Triggers;
use crate::domain::command::{self, Command};
use crate::domain::policy;
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{Author, CommentId, CommentPlace, ThreadAddress};
use crate::forge::event::Event;
use crate::redact::Redactor;
use crate::store::{Accepted, Millis, NewDelivery, Store, StoreError};
use crate::telemetry::Metrics;
use crate::text::spoken;

/// What taking requests in needs: no forge, no model, so that it is ready as soon as the store is.
pub struct Intake {
    /// Where deliveries and jobs are kept.
    pub store: Arc<dyn Store>,
    /// What starts a plan.
    pub triggers: Triggers,
    /// What operators can count.
    pub metrics: Arc<Metrics>,
    /// What takes secrets out of the words that are saved.
    pub redactor: Arc<Redactor>,
}

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody asks for a plan.
    Plan(Box<Request>),
    /// Nothing is to be done; the word says why.
    Ignore(&'static str),
}

/// What became of a delivery, in the words that metrics and logs use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A request was saved; its job is queued.
    Queued,
    /// The same delivery or wish was saved before.
    Duplicate,
    /// It asks nothing of us.
    Ignored(&'static str),
}

impl Outcome {
    /// The word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Duplicate => "duplicate",
            Self::Ignored(_) => "ignored",
        }
    }
}

fn judge(event: Event, triggers: &Triggers) -> Verdict {
    match event {
        Event::Labeled {
            thread,
            label,
            sender,
        } => judge_label(thread, label, sender, triggers),
        Event::Commented {
            thread,
            comment,
            place,
            body,
            sender,
            author,
            via_app,
        } => {
            let wrote_it_themselves = author.is_some_and(|author| author.id == sender.id);
            if via_app || !wrote_it_themselves {
                return Verdict::Ignore("not a person's own comment");
            }
            judge_comment(thread, (comment, place), (&body, sender), triggers)
        }
        Event::Ping => Verdict::Ignore("ping"),
        Event::Other { .. } => Verdict::Ignore("event"),
    }
}

fn judge_label(
    thread: ThreadAddress,
    label: String,
    sender: Author,
    triggers: &Triggers,
) -> Verdict {
    if !policy::is_trigger_label(&label, &triggers.labels) {
        return Verdict::Ignore("label");
    }
    if policy::is_ignored_author(&sender) {
        return Verdict::Ignore("bot");
    }
    Verdict::Plan(Box::new(Request {
        thread,
        sender,
        trigger: Trigger::Label { name: label },
    }))
}

fn judge_comment(
    thread: ThreadAddress,
    (comment, place): (CommentId, CommentPlace),
    (body, sender): (&str, Author),
    triggers: &Triggers,
) -> Verdict {
    if policy::is_ignored_author(&sender) {
        return Verdict::Ignore("bot");
    }
    match command::parse(&spoken::spoken_lines(body), &triggers.bot_names) {
        Some(Command::Plan { focus }) => Verdict::Plan(Box::new(Request {
            thread,
            sender,
            trigger: Trigger::Command {
                comment,
                place,
                focus,
            },
        })),
        Some(_) => Verdict::Ignore("command"),
        None => Verdict::Ignore("no command"),
    }
}

impl Intake {
    /// Decides whether an event asks for a plan.
    pub fn judge(&self, event: Event) -> Verdict {
        judge(event, &self.triggers)
    }

    /// Saves a request. Safe to call again with the same `key`: a delivery that is known changes
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the request could not be made durable; the delivery must then not be
    /// answered as accepted.
    pub async fn save(
        &self,
        request: Request,
        key: String,
        now: Millis,
    ) -> Result<Outcome, StoreError> {
        let delivery = NewDelivery {
            key,
            request: without_secrets(request, &self.redactor),
            received_at: now,
        };
        Ok(match self.store.accept(delivery).await? {
            Accepted::Queued(_) | Accepted::Joined(_) | Accepted::Rearmed(_) => Outcome::Queued,
            Accepted::Duplicate => Outcome::Duplicate,
        })
    }
}

/// The request with the secrets taken out of the words that somebody wrote.
pub fn without_secrets(mut request: Request, redactor: &Redactor) -> Request {
    match &mut request.trigger {
        Trigger::Label { .. } => {}
        Trigger::Command { focus, .. } | Trigger::Operator { focus } => {
            *focus = redactor.redact(focus).text.into_owned();
        }
    }
    request
}
