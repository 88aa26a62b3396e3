//! From an event to what is saved of it: is it for us, and is it new?
//!
//! Nothing here asks the forge: whether the sender may ask is judged when the work begins, so that
//! a webhook is answered as soon as it is on disk.

use std::sync::Arc;
use std::time::Duration;

use crate::config::{Checks, Policy, Triggers};
use crate::domain::command::{self, Command};
use crate::domain::policy;
use crate::domain::request::{Request, Trigger, Withdrawn};
use crate::domain::thread::{Author, ThreadAddress};
use crate::forge::event::{Event, Spoken};
use crate::redact::Redactor;
use crate::store::{Accepted, Change, Millis, NewDelivery, Pace, Store, StoreError, ThreadLimit};
use crate::telemetry::Metrics;
use crate::text::spoken;

/// The time in which a thread's requests are counted: a ring of bots that answer each other goes
/// round many times in it.
const LOOP_WINDOW: Duration = Duration::from_secs(3_600);

/// What taking requests in needs: no forge, no model, so that it is ready as soon as the store is.
pub struct Intake {
    /// Where deliveries and jobs are kept.
    pub store: Arc<dyn Store>,
    /// What starts a plan.
    pub triggers: Triggers,
    /// How many requests of one thread are taken.
    pub policy: Policy,
    /// When the age of plans is checked.
    pub checks: Checks,
    /// What operators can count.
    pub metrics: Arc<Metrics>,
    /// What takes secrets out of the words that are saved.
    pub redactor: Arc<Redactor>,
}

/// What is to be done about an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody asks for something.
    Ask(Box<Request>),
    /// Nobody asks, and something saved is to follow what happened.
    Follow(Box<Change>),
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
    /// Nobody asked, and what is saved follows what happened.
    Followed,
    /// It asks nothing of us.
    Ignored(&'static str),
}

impl Outcome {
    /// The word for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Duplicate => "duplicate",
            Self::Followed => "followed",
            Self::Ignored(_) => "ignored",
        }
    }
}

fn judge(event: Event, triggers: &Triggers, checks: &Checks) -> Verdict {
    let follow = |change| Verdict::Follow(Box::new(change));
    match event {
        Event::Labeled {
            thread,
            label,
            sender,
        } => judge_label(thread, label, sender, triggers),
        Event::Unlabeled {
            thread,
            label,
            sender,
        } => judge_unlabeled(thread, label, &sender, triggers),
        Event::Commented(spoken) => judge_spoken(*spoken, triggers),
        Event::Uncommented {
            thread,
            comment,
            place,
        } => follow(Change::Withdraw {
            thread,
            which: Withdrawn::Command { comment, place },
        }),
        Event::Standing { thread, open } => follow(Change::Standing { thread, open }),
        Event::Gone { thread } => follow(Change::Gone { thread }),
        Event::Pushed { repository, tip } if checks.on_push => follow(Change::Pushed {
            repository,
            tip,
            pace: pace(checks),
        }),
        Event::HeadMoved { thread, tip } if checks.on_push => follow(Change::HeadMoved {
            thread,
            tip,
            pace: pace(checks),
        }),
        Event::Pushed { .. } | Event::HeadMoved { .. } => Verdict::Ignore("push"),
        Event::RepositoriesGone {
            host,
            repositories,
            installation,
        } => follow(Change::RepositoriesGone {
            host,
            repositories,
            installation,
        }),
        Event::InstallationGone { installation } => {
            follow(Change::InstallationGone { installation })
        }
        Event::InstallationBack { installation } => {
            follow(Change::InstallationBack { installation })
        }
        Event::Ping => Verdict::Ignore("ping"),
        Event::Other { .. } => Verdict::Ignore("event"),
    }
}

fn pace(checks: &Checks) -> Pace {
    Pace {
        delay: checks.delay,
        gap: checks.gap,
        most: checks.most_threads,
    }
}

fn judge_label(
    thread: ThreadAddress,
    label: String,
    sender: Author,
    triggers: &Triggers,
) -> Verdict {
    if !triggers.label_policy().asks(&label) {
        return Verdict::Ignore("label");
    }
    if policy::is_ignored_author(&sender) {
        return Verdict::Ignore("bot");
    }
    Verdict::Ask(Box::new(Request {
        thread,
        sender,
        trigger: Trigger::Label { name: label },
    }))
}

/// A label that is taken off takes its wish along. We take off labels ourselves, when they were served.
fn judge_unlabeled(
    thread: ThreadAddress,
    label: String,
    sender: &Author,
    triggers: &Triggers,
) -> Verdict {
    if !triggers.label_policy().asks(&label) {
        return Verdict::Ignore("label");
    }
    if policy::is_ignored_author(sender) {
        return Verdict::Ignore("bot");
    }
    Verdict::Follow(Box::new(Change::Withdraw {
        thread,
        which: Withdrawn::Label { name: label },
    }))
}

fn judge_spoken(spoken: Spoken, triggers: &Triggers) -> Verdict {
    let wrote_it_themselves = spoken
        .author
        .as_ref()
        .is_some_and(|author| author.id == spoken.sender.id);
    let is_edit = spoken.before.is_some();
    if spoken.via_app || (!wrote_it_themselves && !is_edit) {
        return Verdict::Ignore("not a person's own comment");
    }
    if policy::is_ignored_author(&spoken.sender) {
        return Verdict::Ignore("bot");
    }
    if is_edit && spoken.author.as_ref().is_none_or(policy::is_ignored_author) {
        return Verdict::Ignore("bot");
    }
    let said = |text: &str| command::parse(&spoken::spoken_lines(text), &triggers.bot_names);
    let Some(command) = said(&spoken.body) else {
        return Verdict::Ignore("no command");
    };
    let earlier = spoken.before.as_deref().and_then(said);
    if !is_new(&command, earlier.as_ref(), wrote_it_themselves) {
        return Verdict::Ignore("no new command");
    }
    Verdict::Ask(Box::new(Request {
        thread: spoken.thread,
        sender: spoken.sender,
        trigger: Trigger::Command {
            comment: spoken.comment,
            place: spoken.place,
            command,
        },
    }))
}

/// Whether an edit brought the command in. Whoever mends somebody else's text does not ask for what
/// that text asks.
fn is_new(command: &Command, earlier: Option<&Command>, own: bool) -> bool {
    match earlier {
        None => true,
        Some(earlier) => own && earlier != command,
    }
}

impl Intake {
    /// Decides what an event asks for.
    pub fn judge(&self, event: Event) -> Verdict {
        judge(event, &self.triggers, &self.checks)
    }

    /// Saves what an event asks for. Safe to call again with the same `key`: a delivery that is known
    /// changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it could not be made durable; the delivery must then not be answered as
    /// accepted.
    pub async fn save(
        &self,
        verdict: Verdict,
        key: String,
        now: Millis,
    ) -> Result<Outcome, StoreError> {
        match verdict {
            Verdict::Ask(request) => self.save_request(*request, key, now).await,
            Verdict::Follow(change) => {
                let touched = self.store.follow(&change, now).await?;
                Ok(match touched {
                    0 => Outcome::Ignored("nothing of ours"),
                    _ => Outcome::Followed,
                })
            }
            Verdict::Ignore(why) => Ok(Outcome::Ignored(why)),
        }
    }

    async fn save_request(
        &self,
        request: Request,
        key: String,
        now: Millis,
    ) -> Result<Outcome, StoreError> {
        let delivery = NewDelivery {
            key,
            request: without_secrets(request, &self.redactor),
            received_at: now,
            limit: Some(ThreadLimit {
                requests: self.policy.thread_requests_per_hour,
                since: now.minus(LOOP_WINDOW),
            }),
        };
        Ok(match self.store.accept(delivery).await? {
            Accepted::Queued(_) | Accepted::Joined(_) | Accepted::Rearmed(_) => Outcome::Queued,
            Accepted::Duplicate => Outcome::Duplicate,
            Accepted::TooMany => {
                tracing::warn!("a thread asks too often: a request was left alone");
                Outcome::Ignored("too many requests")
            }
        })
    }
}

/// The request with the secrets taken out of the words that somebody wrote.
pub fn without_secrets(mut request: Request, redactor: &Redactor) -> Request {
    let words = redactor.redact(request.trigger.words()).text.into_owned();
    request.trigger = request.trigger.with_words(words);
    request
}
