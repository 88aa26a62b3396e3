use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tempfile::TempDir;

use crate::domain::command::Command;
use crate::domain::repository::{
    CommitSha, ForgeKind, InstallationId, RepositoryId, RepositoryName,
};
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
    ThreadNumber, UserId,
};
use crate::store::{
    self, Accepted, Claim, Intervention, JobId, JobState, JobSummary, Lease, Millis, NewDelivery,
    Progress, Published, Settlement, Stats, Store, StoreError,
};

pub(in crate::store) const NOON: Millis = Millis(1_790_000_000_000);
pub(in crate::store) const LEASE: Duration = Duration::from_secs(60);

pub(in crate::store) fn at(seconds: u64) -> Millis {
    NOON.plus(Duration::from_secs(seconds))
}

pub(in crate::store) fn thread(number: u64) -> ThreadAddress {
    ThreadAddress {
        repository: RepositoryAddress {
            forge: ForgeKind::GitHub,
            host: "github.com".to_owned(),
            id: RepositoryId(7),
            name: RepositoryName::new("acme", "shop").unwrap(),
            installation: Some(InstallationId(99)),
        },
        kind: ThreadKind::Issue,
        number: ThreadNumber(number),
    }
}

fn request(number: u64, trigger: Trigger) -> Request {
    Request {
        thread: thread(number),
        sender: Author {
            id: UserId(1),
            login: "ada".to_owned(),
            kind: AuthorKind::Human,
        },
        trigger,
    }
}

/// `/plan` in a comment of a thread; each comment has words of its own.
pub(in crate::store) fn command(number: u64, comment: u64) -> Request {
    let trigger = Trigger::Command {
        comment: CommentId(comment),
        place: CommentPlace::Discussion,
        command: Command::Plan {
            focus: format!("focus {comment}"),
        },
    };
    request(number, trigger)
}

fn label(number: u64) -> Request {
    let name = "plan".to_owned();
    request(number, Trigger::Label { name })
}

pub(in crate::store) fn delivery(key: &str, request: Request) -> NewDelivery {
    NewDelivery {
        key: key.to_owned(),
        request,
        received_at: NOON,
        limit: None,
    }
}

/// A store in a folder of its own.
struct Home {
    folder: TempDir,
    store: Arc<dyn Store>,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = store::open(&folder.path().join("queue.db")).await.unwrap();
        Self { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("queue.db")
    }

    async fn accept(&self, key: &str, request: Request) -> Accepted {
        self.store.accept(delivery(key, request)).await.unwrap()
    }

    /// Claims what must be due at a time.
    async fn claim(&self, now: Millis) -> Claim {
        self.store.claim(now, LEASE).await.unwrap().unwrap()
    }

    async fn claims_nothing(&self, now: Millis) -> bool {
        self.store.claim(now, LEASE).await.unwrap().is_none()
    }

    async fn settle(&self, claim: &Claim, now: Millis, settlement: Settlement) {
        self.store
            .settle(&claim.lease, now, &settlement)
            .await
            .unwrap();
    }

    async fn save(&self, claim: &Claim, progress: &Progress) {
        self.store
            .save_progress(&claim.lease, NOON, progress)
            .await
            .unwrap();
    }

    async fn states(&self) -> Vec<(i64, JobState)> {
        let jobs = self.store.jobs(10).await.unwrap();
        jobs.iter().map(|job| (job.id.0, job.state)).collect()
    }
}

fn failed() -> Settlement {
    Settlement::Failed {
        reason: "broken".to_owned(),
    }
}

fn abandoned() -> Settlement {
    Settlement::Abandoned {
        reason: "locked".to_owned(),
    }
}

fn published(comment: u64) -> Settlement {
    Settlement::Published {
        comment: CommentId(comment),
        revision: 1,
        document: None,
    }
}

fn retry(seconds: u64) -> Settlement {
    Settlement::Retry {
        at: at(seconds),
        reason: "busy".to_owned(),
    }
}

fn far_progress() -> Progress {
    Progress {
        commit: Some(CommitSha::parse(&"a1".repeat(20)).unwrap()),
        body: Some("# Plan\n\u{1f980} and \0".to_owned()),
        document: Some("{\"kept\": \"\0\"}".to_owned()),
        revision: Some(3),
        posting: true,
    }
}

fn doubtful() -> Progress {
    Progress {
        posting: true,
        ..Progress::default()
    }
}

fn lost_job(outcome: &Result<(), StoreError>) -> Option<JobId> {
    match outcome {
        Err(StoreError::LeaseLost(job)) => Some(*job),
        Ok(()) | Err(_) => None,
    }
}

#[tokio::test]
async fn request_travels_from_delivery_to_published_comment() {
    let home = Home::new().await;
    let asked = command(1, 10);
    assert_eq!(
        home.accept("github:d1", asked.clone()).await,
        Accepted::Queued(JobId(1))
    );
    assert_eq!(home.store.next_due().await.unwrap(), Some(NOON));
    let claim = home.claim(at(1)).await;
    let expected = Claim {
        lease: Lease {
            job: JobId(1),
            token: 1,
        },
        request: asked,
        attempt: 1,
        progress: Progress::default(),
    };
    assert_eq!(claim, expected);
    assert_eq!(home.store.next_due().await.unwrap(), Some(at(61)));
    let settlement = Settlement::Published {
        comment: CommentId(u64::MAX),
        revision: 2,
        document: Some("shown".to_owned()),
    };
    home.settle(&claim, at(5), settlement).await;
    let known = Published {
        comment: CommentId(u64::MAX),
        revision: 2,
        document: Some("shown".to_owned()),
    };
    assert_eq!(home.store.published(&thread(1)).await.unwrap(), Some(known));
    assert_eq!(home.store.published(&thread(2)).await.unwrap(), None);
    let summary = JobSummary {
        id: JobId(1),
        subject: "github:github.com:7#1".to_owned(),
        state: JobState::Published,
        attempts: 1,
        created_at: NOON,
        updated_at: at(5),
        reason: String::new(),
    };
    assert_eq!(home.store.jobs(10).await.unwrap(), [summary]);
    assert_eq!(home.store.next_due().await.unwrap(), None);
    home.store.close().await;
}

#[tokio::test]
async fn hundred_copies_of_one_delivery_make_one_job() {
    let home = Home::new().await;
    let copies = (0..100).map(|_| home.accept("github:d1", command(1, 10)));
    let fates = join_all(copies).await;
    let mut counts = HashMap::new();
    for fate in fates {
        *counts.entry(format!("{fate:?}")).or_insert(0) += 1;
    }
    let expected = [("Queued(JobId(1))", 1), ("Duplicate", 99)];
    let expected = expected.map(|(fate, count)| (fate.to_owned(), count));
    assert_eq!(counts, HashMap::from(expected));
    assert_eq!(home.states().await, [(1, JobState::Ready)]);
}

#[tokio::test]
async fn command_told_by_another_delivery_is_known_for_ever() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let waiting = home.accept("github:d2", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    let running = home.accept("github:d3", command(1, 10)).await;
    home.settle(&claim, NOON, published(5)).await;
    let ended = home.accept("github:d4", command(1, 10)).await;
    assert_eq!([waiting, running, ended], [Accepted::Duplicate; 3]);
}

#[tokio::test]
async fn label_is_known_only_while_a_job_serves_it() {
    let home = Home::new().await;
    home.accept("github:d1", label(1)).await;
    let waiting = home.accept("github:d2", label(1)).await;
    let claim = home.claim(NOON).await;
    let running = home.accept("github:d3", label(1)).await;
    home.settle(&claim, NOON, published(5)).await;
    assert_eq!([waiting, running], [Accepted::Duplicate; 2]);
    assert_eq!(
        home.accept("github:d4", label(1)).await,
        Accepted::Queued(JobId(2))
    );
}

#[tokio::test]
async fn wish_of_the_operator_is_known_only_while_a_job_serves_it() {
    let home = Home::new().await;
    let operator = |focus: &str| {
        let focus = focus.to_owned();
        request(1, Trigger::Operator { focus })
    };
    home.accept("cli:1", operator("")).await;
    let claim = home.claim(NOON).await;
    let running = home.accept("cli:2", operator("the parser")).await;
    home.settle(&claim, NOON, published(5)).await;
    let ended = home.accept("cli:3", operator("")).await;
    assert_eq!(
        [running, ended],
        [Accepted::Duplicate, Accepted::Queued(JobId(2))]
    );
}

#[tokio::test]
async fn job_is_found_by_its_id() {
    let home = Home::new().await;
    home.accept("github:d1", label(1)).await;
    home.accept("github:d2", label(2)).await;
    let listed = home.store.jobs(10).await.unwrap();
    let found = home.store.job(JobId(1)).await.unwrap();
    assert_eq!(found.as_ref(), listed.last());
    assert_eq!(home.store.job(JobId(3)).await.unwrap(), None);
}

#[tokio::test]
async fn delivery_answered_as_duplicate_stays_one_when_it_comes_again() {
    let home = Home::new().await;
    home.accept("github:d1", label(1)).await;
    home.accept("github:d2", label(1)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, published(5)).await;
    assert_eq!(
        home.accept("github:d2", label(1)).await,
        Accepted::Duplicate
    );
}

#[tokio::test]
async fn newer_request_joins_the_job_that_waits_and_is_served_by_it() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let joined = home.accept("github:d2", command(1, 11)).await;
    assert_eq!(joined, Accepted::Joined(JobId(1)));
    let both = command(1, 11).instead_of(&command(1, 10));
    assert_eq!(home.claim(NOON).await.request, both);
    assert!(home.claims_nothing(NOON).await);
}

#[tokio::test]
async fn job_that_is_joined_keeps_its_place_in_the_queue() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let mut second = delivery("github:d2", command(2, 20));
    second.received_at = at(1);
    home.store.accept(second).await.unwrap();
    let mut joining = delivery("github:d3", command(1, 11));
    joining.received_at = at(2);
    home.store.accept(joining).await.unwrap();
    assert_eq!(home.claim(at(9)).await.lease.job, JobId(1));
}

#[tokio::test]
async fn request_that_arrives_while_its_thread_runs_waits_for_the_end() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let first = home.claim(NOON).await;
    let later = home.accept("github:d2", command(1, 11)).await;
    assert_eq!(later, Accepted::Queued(JobId(2)));
    assert!(home.claims_nothing(at(1)).await);
    assert_eq!(home.store.next_due().await.unwrap(), Some(at(60)));
    home.settle(&first, at(2), published(5)).await;
    assert_eq!(home.claim(at(3)).await.request, command(1, 11));
}

#[tokio::test]
async fn oldest_job_is_claimed_first_and_equal_ones_in_order_of_arrival() {
    let home = Home::new().await;
    for (number, seconds) in [(1, 5), (2, 3), (3, 3), (4, 9)] {
        let mut late = delivery(&format!("github:d{number}"), command(number, number));
        late.received_at = at(seconds);
        home.store.accept(late).await.unwrap();
    }
    let mut order = Vec::new();
    while let Some(claim) = home.store.claim(at(8), LEASE).await.unwrap() {
        order.push(claim.request.thread.number.0);
    }
    assert_eq!(order, [2, 3, 1]);
}

#[tokio::test]
async fn lease_that_was_taken_over_allows_no_write() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let stale = home.claim(NOON).await;
    assert!(home.claims_nothing(at(59)).await);
    let successor = home.claim(at(60)).await;
    assert_eq!((successor.lease.token, successor.attempt), (2, 2));
    let (store, lease) = (&home.store, &stale.lease);
    let refused = [
        store.extend(lease, at(61), at(200)).await,
        store.save_progress(lease, at(61), &far_progress()).await,
        store.settle(lease, at(61), &published(6)).await,
        store.settle(lease, at(61), &retry(62)).await,
    ];
    assert_eq!(refused.each_ref().map(lost_job), [Some(JobId(1)); 4]);
    assert_eq!(home.store.published(&thread(1)).await.unwrap(), None);
    home.settle(&successor, at(62), published(7)).await;
    assert_eq!(home.states().await, [(1, JobState::Published)]);
}

#[tokio::test]
async fn lease_that_ran_out_still_counts_while_nobody_took_it() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, at(600), published(7)).await;
    assert_eq!(home.states().await, [(1, JobState::Published)]);
}

#[tokio::test]
async fn settled_job_cannot_be_settled_again() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, abandoned()).await;
    let again = home.store.settle(&claim.lease, NOON, &published(7)).await;
    assert_eq!(lost_job(&again), Some(JobId(1)));
    assert_eq!(home.store.published(&thread(1)).await.unwrap(), None);
}

#[tokio::test]
async fn extended_lease_ends_later() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.store
        .extend(&claim.lease, at(30), at(90))
        .await
        .unwrap();
    assert!(home.claims_nothing(at(89)).await);
    assert_eq!(home.claim(at(90)).await.attempt, 2);
}

#[tokio::test]
async fn retry_waits_for_its_time_and_keeps_all_progress() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.save(&claim, &far_progress()).await;
    home.settle(&claim, at(1), retry(30)).await;
    assert!(home.claims_nothing(at(29)).await);
    assert_eq!(home.store.next_due().await.unwrap(), Some(at(30)));
    let again = home.claim(at(30)).await;
    assert_eq!((again.attempt, again.progress), (2, far_progress()));
}

#[tokio::test]
async fn retry_yields_to_a_newer_request_of_its_thread() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.accept("github:d2", command(1, 11)).await;
    home.settle(&claim, at(1), retry(30)).await;
    let successor = home.claim(at(1)).await;
    assert_eq!(successor.request, command(1, 11));
    let jobs = home.store.jobs(10).await.unwrap();
    let told: Vec<_> = jobs.iter().map(|job| (job.state, &*job.reason)).collect();
    let reason = "a newer request of the same thread takes its place";
    let expected = [(JobState::Running, ""), (JobState::Abandoned, reason)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn joined_retry_begins_anew_at_once_but_keeps_its_doubt() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.save(&claim, &far_progress()).await;
    home.settle(&claim, NOON, retry(900)).await;
    home.accept("github:d2", command(1, 11)).await;
    let again = home.claim(at(1)).await;
    assert_eq!((again.attempt, again.progress), (1, doubtful()));
}

#[tokio::test]
async fn doubt_about_a_post_passes_to_whatever_follows_in_the_thread() {
    for end in [retry(30), failed(), abandoned()] {
        let home = Home::new().await;
        home.accept("github:d1", command(1, 10)).await;
        let claim = home.claim(NOON).await;
        home.accept("github:d2", command(1, 11)).await;
        home.save(&claim, &doubtful()).await;
        home.settle(&claim, NOON, end.clone()).await;
        let successor = home.claim(at(1)).await;
        assert_eq!(successor.progress, doubtful(), "after {end:?}");
    }
}

#[tokio::test]
async fn publishing_ends_the_doubt_of_its_thread() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let first = home.claim(NOON).await;
    home.save(&first, &doubtful()).await;
    home.settle(&first, NOON, failed()).await;
    home.accept("github:d2", command(1, 11)).await;
    let second = home.claim(at(1)).await;
    home.settle(&second, at(1), published(5)).await;
    home.accept("github:d3", command(1, 12)).await;
    assert_eq!(home.claim(at(2)).await.progress, Progress::default());
}

#[tokio::test]
async fn redelivery_rearms_a_failed_job_once() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let first = home.claim(NOON).await;
    home.save(&first, &far_progress()).await;
    home.settle(&first, NOON, failed()).await;
    let rearmed = home.accept("github:d1", command(1, 10)).await;
    assert_eq!(rearmed, Accepted::Rearmed(JobId(1)));
    let second = home.claim(NOON).await;
    assert_eq!((second.attempt, &second.progress), (1, &doubtful()));
    home.settle(&second, NOON, failed()).await;
    assert_eq!(
        home.accept("github:d1", command(1, 10)).await,
        Accepted::Duplicate
    );
    assert_eq!(home.states().await, [(1, JobState::Failed)]);
}

#[tokio::test]
async fn redelivery_changes_nothing_unless_the_job_failed() {
    for end in [published(5), abandoned(), retry(60)] {
        let home = Home::new().await;
        home.accept("github:d1", command(1, 10)).await;
        let claim = home.claim(NOON).await;
        home.settle(&claim, NOON, end.clone()).await;
        let fate = home.accept("github:d1", command(1, 10)).await;
        assert_eq!(fate, Accepted::Duplicate, "after {end:?}");
        assert!(home.claims_nothing(at(1)).await, "after {end:?}");
    }
}

#[tokio::test]
async fn failed_job_is_not_rearmed_while_a_newer_one_waits() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, failed()).await;
    home.accept("github:d2", command(1, 11)).await;
    assert_eq!(
        home.accept("github:d1", command(1, 10)).await,
        Accepted::Duplicate
    );
    assert_eq!(
        home.states().await,
        [(2, JobState::Ready), (1, JobState::Failed)]
    );
}

#[tokio::test]
async fn purge_forgets_what_ended_before_its_time_and_nothing_else() {
    let home = Home::new().await;
    for number in 1..=4 {
        home.accept(&format!("github:d{number}"), command(number, number))
            .await;
    }
    let old = home.claim(NOON).await;
    home.settle(&old, at(10), published(5)).await;
    let recent = home.claim(NOON).await;
    home.settle(&recent, at(100), failed()).await;
    let running = home.claim(NOON).await;
    // The job, its delivery and its wish.
    assert_eq!(home.store.purge(at(50)).await.unwrap(), 3);
    let left = [
        (4, JobState::Ready),
        (3, JobState::Running),
        (2, JobState::Failed),
    ];
    assert_eq!(home.states().await, left);
    assert!(home.store.published(&thread(1)).await.unwrap().is_some());
    let known = home.accept("github:d9", command(2, 2)).await;
    assert_eq!(known, Accepted::Duplicate);
    home.settle(&running, at(101), published(6)).await;
}

#[tokio::test]
async fn id_of_a_purged_job_is_not_given_again() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, failed()).await;
    let mut retold = delivery("github:d2", command(1, 10));
    retold.received_at = at(100);
    home.store.accept(retold).await.unwrap();
    home.store.purge(at(50)).await.unwrap();
    assert_eq!(
        home.accept("github:d3", command(2, 20)).await,
        Accepted::Queued(JobId(2))
    );
}

#[tokio::test]
async fn killed_process_loses_nothing_and_its_successor_goes_on_at_once() {
    let Home { folder, store } = Home::new().await;
    let path = folder.path().join("queue.db");
    store
        .accept(delivery("github:d1", command(1, 10)))
        .await
        .unwrap();
    store
        .accept(delivery("github:d2", command(2, 20)))
        .await
        .unwrap();
    let claim = store.claim(NOON, LEASE).await.unwrap().unwrap();
    let lease = &claim.lease;
    store
        .save_progress(lease, NOON, &far_progress())
        .await
        .unwrap();
    drop(store);
    let store = store::open(&path).await.unwrap();
    let again = store.claim(at(1), LEASE).await.unwrap().unwrap();
    let expected = Claim {
        lease: Lease {
            job: JobId(1),
            token: 2,
        },
        request: command(1, 10),
        attempt: 2,
        progress: far_progress(),
    };
    assert_eq!(again, expected);
    let stats = Stats {
        ready: 1,
        running: 1,
        ..Stats::default()
    };
    assert_eq!(store.stats().await.unwrap(), stats);
}

#[tokio::test]
async fn second_process_leaves_running_jobs_to_the_first() {
    let home = Home::new().await;
    home.accept("github:d1", command(1, 10)).await;
    let claim = home.claim(NOON).await;
    let second = store::open(&home.path()).await.unwrap();
    assert_eq!(second.claim(at(1), LEASE).await.unwrap(), None);
    home.settle(&claim, at(2), published(5)).await;
}

#[tokio::test]
async fn restart_of_one_process_leaves_the_jobs_of_another_that_lives() {
    let Home { folder, store } = Home::new().await;
    let path = folder.path().join("queue.db");
    let second = store::open(&path).await.unwrap();
    store
        .accept(delivery("github:d1", command(1, 10)))
        .await
        .unwrap();
    let claim = second.claim(NOON, LEASE).await.unwrap().unwrap();
    drop(store);
    let restarted = store::open(&path).await.unwrap();
    assert_eq!(restarted.claim(at(1), LEASE).await.unwrap(), None);
    second
        .settle(&claim.lease, at(2), &published(5))
        .await
        .unwrap();
}

#[tokio::test]
async fn many_may_open_a_missing_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.db");
    let stores = join_all((0..6).map(|_| store::open(&path))).await;
    let accepted = stores.iter().enumerate().map(async |(number, store)| {
        let number = u64::try_from(number).unwrap();
        let key = format!("github:d{number}");
        let store = store.as_ref().unwrap();
        store
            .accept(delivery(&key, command(number, number)))
            .await
            .unwrap()
    });
    let fates: HashSet<_> = join_all(accepted)
        .await
        .into_iter()
        .map(|fate| format!("{fate:?}"))
        .collect();
    let expected = (1..=6).map(|id| format!("Queued(JobId({id}))"));
    assert_eq!(fates, expected.collect());
}

#[tokio::test]
async fn marker_key_is_made_once_and_kept() {
    let Home { folder, store } = Home::new().await;
    let key = store.marker_key().await.unwrap();
    assert_eq!(store.marker_key().await.unwrap(), key);
    store.close().await;
    let again = store::open(&folder.path().join("queue.db")).await.unwrap();
    assert_eq!(again.marker_key().await.unwrap(), key);
    let other = Home::new().await;
    assert_ne!(other.store.marker_key().await.unwrap(), key);
}

#[tokio::test]
async fn closed_store_refuses_and_keeps_what_it_accepted() {
    let Home { folder, store } = Home::new().await;
    store
        .accept(delivery("github:d1", command(1, 10)))
        .await
        .unwrap();
    store.close().await;
    let refusal = store.accept(delivery("github:d2", command(2, 20))).await;
    insta::assert_snapshot!(
        refusal.unwrap_err(),
        @"the store is unavailable while saving a delivery: the store is closed"
    );
    let claim = store.claim(NOON, LEASE).await;
    assert!(matches!(claim, Err(StoreError::Unavailable { .. })));
    store.close().await;
    let again = store::open(&folder.path().join("queue.db")).await.unwrap();
    assert_eq!(again.stats().await.unwrap().ready, 1);
}

#[tokio::test]
async fn each_waiting_job_wakes_a_worker_even_if_none_listened_when_it_came() {
    let home = Home::new().await;
    let wakes = || home.store.wait_for_work().now_or_never().is_some();
    home.accept("github:d1", command(1, 10)).await;
    home.accept("github:d2", command(2, 20)).await;
    assert!(wakes());
    let first = home.claim(NOON).await;
    assert!(wakes());
    let second = home.claim(NOON).await;
    assert!(wakes());
    assert!(!wakes());
    home.accept("github:d1", command(1, 10)).await;
    assert!(!wakes());
    home.settle(&first, NOON, published(5)).await;
    assert!(wakes());
    home.settle(&second, NOON, retry(1)).await;
    assert!(wakes());
}

#[tokio::test]
async fn delivery_whose_sender_hung_up_still_wakes_a_worker() {
    let home = Home::new().await;
    let hung_up = home.store.accept(delivery("github:d1", command(1, 10)));
    assert!(hung_up.now_or_never().is_none());
    home.store.wait_for_work().await;
    assert_eq!(home.claim(NOON).await.request, command(1, 10));
}

/// Works until nothing is left, and asks once more for each thread while its first job runs.
async fn work(home: &Home, busy: &Mutex<HashSet<u64>>, rounds: &Mutex<HashMap<u64, u32>>) {
    loop {
        let Some(claim) = home.store.claim(NOON, LEASE).await.unwrap() else {
            let stats = home.store.stats().await.unwrap();
            if stats.ready + stats.running == 0 {
                return;
            }
            tokio::task::yield_now().await;
            continue;
        };
        let number = claim.request.thread.number.0;
        let was_free = busy.lock().unwrap().insert(number);
        assert!(was_free, "thread {number} is worked on twice");
        let round = {
            let mut rounds = rounds.lock().unwrap();
            let round = rounds.entry(number).or_default();
            *round += 1;
            *round
        };
        if round == 1 {
            home.accept(
                &format!("github:again{number}"),
                command(number, 1000 + number),
            )
            .await;
        }
        busy.lock().unwrap().remove(&number);
        home.settle(&claim, NOON, published(number)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_workers_never_work_on_one_thread_at_a_time() {
    let home = Home::new().await;
    let accepted = (1..=200).map(|number| {
        let key = format!("github:d{number}");
        let store = &home.store;
        async move { store.accept(delivery(&key, command(number, number))).await }
    });
    for fate in join_all(accepted).await {
        fate.unwrap();
    }
    let home = Arc::new(home);
    let busy = Arc::new(Mutex::new(HashSet::new()));
    let rounds = Arc::new(Mutex::new(HashMap::new()));
    let workers = (0..8).map(|_| {
        let (home, busy, rounds) = (home.clone(), busy.clone(), rounds.clone());
        tokio::spawn(async move { work(&home, &busy, &rounds).await })
    });
    for worker in join_all(workers).await {
        worker.unwrap();
    }
    let stats = Stats {
        published: 400,
        ..Stats::default()
    };
    assert_eq!(home.store.stats().await.unwrap(), stats);
    assert!(rounds.lock().unwrap().values().all(|round| *round == 2));
}

async fn retried(home: &Home, id: i64, seconds: u64) -> Intervention {
    home.store.retry(JobId(id), at(seconds)).await.unwrap()
}

async fn cancelled(home: &Home, id: i64) -> Intervention {
    home.store
        .cancel(JobId(id), NOON, "no longer")
        .await
        .unwrap()
}

#[tokio::test]
async fn a_failed_job_begins_anew_when_it_is_retried() {
    let home = Home::new().await;
    home.accept("a", command(1, 1)).await;
    let claim = home.claim(NOON).await;
    home.save(&claim, &far_progress()).await;
    home.settle(&claim, NOON, failed()).await;
    assert_eq!(retried(&home, 1, 5).await, Intervention::Done);
    assert!(home.claims_nothing(at(4)).await);
    let again = home.claim(at(5)).await;
    let fresh = Progress {
        posting: true,
        ..Progress::default()
    };
    assert_eq!((again.attempt, again.progress), (1, fresh));
}

#[tokio::test]
async fn a_job_that_waits_for_its_time_is_due_when_it_is_retried() {
    let home = Home::new().await;
    home.accept("a", command(1, 1)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, retry(3_600)).await;
    assert!(home.claims_nothing(at(10)).await);
    assert_eq!(retried(&home, 1, 10).await, Intervention::Done);
    assert_eq!(home.claim(at(10)).await.lease.job, JobId(1));
}

#[tokio::test]
async fn only_jobs_without_a_comment_and_a_worker_are_retried() {
    let home = Home::new().await;
    assert_eq!(retried(&home, 1, 0).await, Intervention::Missing);
    home.accept("a", command(1, 1)).await;
    let claim = home.claim(NOON).await;
    let running = Intervention::Unfit(JobState::Running);
    assert_eq!(retried(&home, 1, 0).await, running);
    home.settle(&claim, NOON, published(9)).await;
    let done = Intervention::Unfit(JobState::Published);
    assert_eq!(retried(&home, 1, 0).await, done);
}

#[tokio::test]
async fn a_failed_job_is_not_retried_while_a_newer_one_of_its_thread_waits() {
    let home = Home::new().await;
    home.accept("a", command(1, 1)).await;
    let claim = home.claim(NOON).await;
    home.settle(&claim, NOON, failed()).await;
    home.accept("b", command(1, 2)).await;
    assert_eq!(retried(&home, 1, 0).await, Intervention::Superseded);
    let states = [(2, JobState::Ready), (1, JobState::Failed)];
    assert_eq!(home.states().await, states);
}

#[tokio::test]
async fn a_cancelled_job_is_never_worked_on_and_tells_why() {
    let home = Home::new().await;
    home.accept("a", command(1, 1)).await;
    assert_eq!(cancelled(&home, 1).await, Intervention::Done);
    assert!(home.claims_nothing(at(10_000)).await);
    let job = home.store.job(JobId(1)).await.unwrap().unwrap();
    let told = (job.state, job.reason.as_str());
    assert_eq!(told, (JobState::Abandoned, "no longer"));
    let ended = Intervention::Unfit(JobState::Abandoned);
    assert_eq!(cancelled(&home, 1).await, ended);
    assert_eq!(cancelled(&home, 2).await, Intervention::Missing);
}

#[tokio::test]
async fn whoever_works_on_a_cancelled_job_has_lost_it() {
    let home = Home::new().await;
    home.accept("a", command(1, 1)).await;
    let claim = home.claim(NOON).await;
    assert_eq!(cancelled(&home, 1).await, Intervention::Done);
    let lost = |result: Result<(), StoreError>| {
        assert!(matches!(result, Err(StoreError::LeaseLost(JobId(1)))));
    };
    lost(home.store.extend(&claim.lease, NOON, at(60)).await);
    lost(
        home.store
            .save_progress(&claim.lease, NOON, &far_progress())
            .await,
    );
    lost(home.store.settle(&claim.lease, NOON, &published(1)).await);
    assert_eq!(home.states().await, [(1, JobState::Abandoned)]);
}

#[tokio::test]
async fn deliveries_are_known_once_they_were_accepted() {
    let folder = TempDir::new().unwrap();
    let store = store::open(&folder.path().join("s.db")).await.unwrap();
    let delivery = NewDelivery {
        key: "github:github.com:1".to_owned(),
        request: command(7, 1),
        received_at: NOON,
        limit: None,
    };
    store.accept(delivery).await.unwrap();
    let known = [
        store.knows("github:github.com:1").await.unwrap(),
        store.knows("github:github.com:2").await.unwrap(),
    ];
    assert_eq!(known, [true, false]);
    store.close().await;
}

#[tokio::test]
async fn noted_times_outlive_the_process_and_the_last_one_counts() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("s.db");
    let store = store::open(&path).await.unwrap();
    assert_eq!(store.noted("sweep").await.unwrap(), None);
    store.note("sweep", NOON).await.unwrap();
    store.note("sweep", at(5)).await.unwrap();
    store.note("marker_key", NOON).await.unwrap();
    let key = store.marker_key().await.unwrap();
    store.close().await;
    let store = store::open(&path).await.unwrap();
    assert_eq!(store.noted("sweep").await.unwrap(), Some(at(5)));
    assert_eq!(store.marker_key().await.unwrap(), key);
    store.close().await;
}
