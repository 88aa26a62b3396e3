//! Plays acts against the whole bot, and keeps what the rules are judged by.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::cli::compose;
use crate::config::Settings;
use crate::domain::repository::CommitSha;
use crate::domain::thread::{CommentId, Role, ThreadNumber};
use crate::sandbox::world::faults::Faults;
use crate::sandbox::world::{Delivery, DeliveryStatus, InstallationStatus, IssueFate, Limits};
use crate::store::{JobState, JobSummary};
use crate::testing::git::{TestRepository, upload_repository};
use crate::testing::stories::interleavings::acts::{Act, NEVER, ONCE, Plot, WANDERER};
use crate::testing::story::{MAINTAINER, OUTSIDER, PATIENCE, Story};

/// Threads of one case; more make acts meet less often.
const MOST_THREADS: usize = 5;

/// How long a job may wait for its time before somebody makes it due by hand.
const IMPATIENCE: Duration = Duration::from_secs(6);

/// Somebody did what may have asked for something.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) thread: u64,
    /// The comment; `None` for a label or the description.
    pub(super) comment: Option<u64>,
    pub(super) who: &'static str,
    /// When: how many requests the forge had answered by then.
    pub(super) after: u64,
}

/// The bot, and what happened to it.
pub(super) struct Play {
    story: Option<Story>,
    threads: Vec<(ThreadNumber, bool)>,
    /// What people said: the comments, and which thread each is in.
    said: Vec<CommentId>,
    pub(super) places: BTreeMap<u64, u64>,
    pub(super) asks: Vec<Ask>,
    /// All names that the repository had.
    pub(super) names: Vec<String>,
    tells: bool,
}

fn is_active(job: &JobSummary) -> bool {
    matches!(job.state, JobState::Ready | JobState::Running)
}

fn adjust(tells: bool) -> impl FnOnce(&mut Settings) {
    move |settings| {
        settings.triggers.one_shot_labels = vec![ONCE.to_owned()];
        settings.triggers.exclude_labels = vec![NEVER.to_owned()];
        settings.policy.thread_requests_per_hour = 1_000;
        settings.checks.delay = Duration::ZERO;
        settings.checks.gap = Duration::ZERO;
        settings.worker.status_after = match tells {
            true => Duration::from_millis(20),
            false => Duration::ZERO,
        };
    }
}

/// The repository of all plays, with a branch that a pull request is made of.
fn repository() -> TestRepository {
    let repository = upload_repository();
    repository.git(&["switch", "--quiet", "--create", "pauses"]);
    repository.commit(&[("src/pause.rs", "/// Waits.\npub fn pause_upload() {}\n")]);
    repository.git(&["switch", "--quiet", "main"]);
    repository
}

impl Play {
    /// The bot, an issue and a pull request.
    pub(super) async fn begin(plot: &Plot) -> Self {
        let story = Story::begin_with(repository(), adjust(plot.tells)).await;
        story.sandbox.set_role(WANDERER, Role::Write);
        story.sandbox.world().set_limits(Limits {
            has_graphql: plot.has_graphql,
            ..Limits::default()
        });
        let issue = story.open_issue("Uploads are lost", "In `send_file`.");
        let texts = ("Pause between uploads", "Adds `pause_upload`.");
        let pull = story.sandbox.open_pull_request(OUTSIDER, texts, "pauses");
        let pull = pull.await.unwrap();
        let name = story
            .sandbox
            .world()
            .read(|state| state.repository.name.to_string());
        Self {
            story: Some(story),
            threads: vec![(issue, false), (pull, true)],
            said: Vec::new(),
            places: BTreeMap::new(),
            asks: Vec::new(),
            names: vec![name],
            tells: plot.tells,
        }
    }

    pub(super) fn story(&self) -> &Story {
        self.story.as_ref().unwrap()
    }

    pub(super) fn threads(&self) -> impl Iterator<Item = ThreadNumber> {
        self.threads.iter().map(|(number, _)| *number)
    }

    fn thread(&self, index: usize) -> ThreadNumber {
        self.threads[index % self.threads.len()].0
    }

    /// Plays one act. What the forge refuses has not happened.
    pub(super) async fn act(&mut self, act: &Act) {
        match act {
            Act::Open { .. } | Act::Describe { .. } | Act::Label { .. } | Act::Say { .. } => {
                self.ask(act);
            }
            Act::Review { .. } | Act::Submit { .. } => self.review(act),
            Act::AskAndLose { thread } => {
                self.story().sandbox.set_role(WANDERER, Role::Write);
                self.ask(&Act::Say {
                    thread: *thread,
                    who: WANDERER,
                    body: "/plan while I may",
                });
                self.story().sandbox.set_role(WANDERER, Role::None);
            }
            Act::Edit { .. } | Act::Delete { .. } | Act::DeleteAnswer { .. } => self.amend(act),
            Act::Push { number } => self.push(*number).await,
            Act::Wait(millis) => tokio::time::sleep(Duration::from_millis(*millis)).await,
            // Nothing comes to its end as long as nothing may be asked.
            Act::Settle if self.is_suspended() => {}
            Act::Settle => drop(self.settle().await),
            Act::Restart => {
                let story = self.story.take().unwrap();
                self.story = Some(story.restart(adjust(self.tells)).await);
            }
            Act::Hold(..) | Act::Release { .. } | Act::Redeliver { .. } => self.deliver(act),
            Act::Fail {
                method,
                route,
                fault,
            } => {
                let world = self.story().sandbox.world();
                world.fail(method.clone(), route, fault.clone(), 1);
            }
            _ => self.own(act),
        }
    }

    fn is_suspended(&self) -> bool {
        let world = self.story().sandbox.world();
        world.read(|state| state.apps.first.status == InstallationStatus::Suspended)
    }

    fn ask(&mut self, act: &Act) {
        let after = self.story().sandbox.world().request_count();
        let sandbox = &self.story().sandbox;
        let (thread, comment, who) = match *act {
            Act::Open { who, body } if self.threads.len() < MOST_THREADS => {
                let Ok(number) = sandbox.open_issue(who, "The queue stops", body) else {
                    return;
                };
                self.threads.push((number, false));
                (number, None, who)
            }
            Act::Describe { thread, who, body } => {
                let thread = self.thread(thread);
                if sandbox.describe(thread, who, body).is_err() {
                    return;
                }
                (thread, None, who)
            }
            Act::Label { thread, label, who } => {
                let thread = self.thread(thread);
                if sandbox.label(thread, label, who).is_err() {
                    return;
                }
                (thread, None, who)
            }
            Act::Say { thread, who, body } => {
                let thread = self.thread(thread);
                let Ok(comment) = sandbox.comment(thread, who, body) else {
                    return;
                };
                self.said.push(comment);
                self.places.insert(comment.0, thread.0);
                (thread, Some(comment.0), who)
            }
            _ => return,
        };
        self.asks.push(Ask {
            thread: thread.0,
            comment,
            who,
            after,
        });
    }

    /// The pull request is the second thread of every play.
    fn review(&mut self, act: &Act) {
        let sandbox = &self.story().sandbox;
        let (pull, after) = (self.threads[1].0, sandbox.world().request_count());
        let (comment, who) = match *act {
            Act::Review { line, who, body } => {
                let said = sandbox.review(pull, who, ("src/pause.rs", line), body);
                let Ok(comment) = said else {
                    return;
                };
                (Some(comment.0), who)
            }
            Act::Submit { who, body } => {
                if sandbox.submit_review(pull, who, body).is_err() {
                    return;
                }
                (None, who)
            }
            _ => return,
        };
        self.asks.push(Ask {
            thread: pull.0,
            comment,
            who,
            after,
        });
    }

    fn amend(&mut self, act: &Act) {
        let sandbox = &self.story().sandbox;
        let comment = |index: usize| self.said.get(index % self.said.len().max(1)).copied();
        match *act {
            Act::Edit {
                comment: index,
                who,
                body,
            } => {
                let Some(comment) = comment(index) else {
                    return;
                };
                let after = sandbox.world().request_count();
                if sandbox.edit(comment, who, body).is_ok() {
                    self.asks.push(Ask {
                        thread: self.places[&comment.0],
                        comment: Some(comment.0),
                        who,
                        after,
                    });
                }
            }
            Act::Delete { comment: index } => {
                if let Some(comment) = comment(index) {
                    // It may be gone already.
                    drop(sandbox.delete(comment, MAINTAINER));
                }
            }
            Act::DeleteAnswer { thread } => {
                for answer in self.story().bot_comments(self.thread(thread)) {
                    drop(sandbox.delete(answer.id, MAINTAINER));
                }
            }
            _ => {}
        }
    }

    fn own(&mut self, act: &Act) {
        let sandbox = &self.story().sandbox;
        // Each may be so already, or be refused; then nothing happened.
        match *act {
            Act::Unlabel { thread, label } => {
                drop(sandbox.unlabel(self.thread(thread), label, MAINTAINER));
            }
            Act::Stand { thread, open: true } => {
                drop(sandbox.reopen(self.thread(thread), MAINTAINER));
            }
            Act::Stand { thread, .. } => drop(sandbox.close(self.thread(thread), MAINTAINER)),
            Act::Lock { thread, locked } => {
                drop(sandbox.set_locked(self.thread(thread), locked));
            }
            Act::Go { thread, moved } => {
                let (number, is_pull) = self.threads[thread % self.threads.len()];
                let fate = match moved {
                    true => IssueFate::Transferred,
                    false => IssueFate::Deleted,
                };
                if !is_pull {
                    drop(sandbox.set_fate(number, fate));
                }
            }
            Act::Archive(archived) => sandbox.set_archived(archived),
            Act::Private(private) => sandbox.set_private(private),
            Act::Suspend(suspended) => sandbox.set_installation(match suspended {
                true => InstallationStatus::Suspended,
                false => InstallationStatus::Active,
            }),
            Act::Rename(name) => {
                sandbox.rename(name).unwrap();
                let now = sandbox
                    .world()
                    .read(|state| state.repository.name.to_string());
                self.names.push(now);
            }
            Act::Role(role) => sandbox.set_role(WANDERER, role),
            _ => {}
        }
    }

    async fn push(&self, number: u8) {
        let story = self.story();
        let before = story.repository().git(&["rev-parse", "HEAD"]);
        let before = CommitSha::parse(before.trim()).unwrap();
        let text = format!("/// Sends file {number}.\npub fn send_more_{number}() {{}}\n");
        story.repository().commit(&[("src/upload.rs", &text)]);
        story
            .sandbox
            .announce_push(MAINTAINER, &before)
            .await
            .unwrap();
    }

    fn deliver(&self, act: &Act) {
        let sandbox = &self.story().sandbox;
        let deliveries = sandbox.world().deliveries();
        let of = |held: bool, index: usize| {
            let fits = |one: &&Delivery| (one.status == DeliveryStatus::Held) == held;
            let ids: Vec<_> = deliveries.iter().filter(fits).map(|one| one.id).collect();
            ids.get(index % ids.len().max(1)).copied()
        };
        match *act {
            Act::Hold(holds) => sandbox.hold_deliveries(holds),
            Act::Release { delivery } => {
                if let Some(id) = of(true, delivery) {
                    sandbox.release(id);
                }
            }
            Act::Redeliver { delivery, twin } => {
                let Some(id) = of(false, delivery) else {
                    return;
                };
                match twin {
                    true => sandbox.deliver_twin(id),
                    false => sandbox.redeliver(id),
                };
            }
            _ => {}
        }
    }

    /// Waits until every job has its end; what waits for long is made due by hand.
    pub(super) async fn settle(&self) -> Vec<JobSummary> {
        let settling = async {
            self.story().sandbox.wait_for_deliveries().await;
            loop {
                let jobs = self.story().store().jobs(1_000).await.unwrap();
                if !jobs.iter().any(is_active) {
                    return jobs;
                }
                self.hurry(&jobs).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(2 * PATIENCE, settling).await.unwrap()
    }

    /// Makes jobs due that wait for long.
    async fn hurry(&self, jobs: &[JobSummary]) {
        let (store, now) = (self.story().store(), compose::now());
        let due = store.next_due().await.unwrap();
        if due.is_none_or(|due| due <= now.plus(IMPATIENCE)) {
            return;
        }
        for job in jobs.iter().filter(|job| job.state == JobState::Ready) {
            store.retry(job.id, now).await.unwrap();
        }
    }

    /// Calls off what is still to go wrong, sends what was held back, and waits.
    pub(super) async fn calm(&self) -> Vec<JobSummary> {
        let sandbox = &self.story().sandbox;
        let world = sandbox.world();
        world.change(|state| state.faults = Faults::default());
        sandbox.set_installation(InstallationStatus::Active);
        sandbox.hold_deliveries(false);
        for delivery in world.deliveries() {
            sandbox.release(delivery.id);
        }
        self.settle().await
    }

    pub(super) async fn end(self) {
        self.story.unwrap().end().await;
    }
}
