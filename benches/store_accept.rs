//! How fast deliveries become durable: `accept` at a steady 100 a second, then with 64 callers at
//! once, five seconds each, on a real file in the system's temporary folder.
//!
//! Run with `cargo bench --bench store_accept`. `TMPDIR` chooses the disk; one that is memory
//! (tmpfs) measures nothing.

#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use planwright::domain::command::Command;
use planwright::domain::repository::{
    ForgeKind, InstallationId, Malformed, RepositoryId, RepositoryName,
};
use planwright::domain::request::{Request, Trigger};
use planwright::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
    ThreadNumber, UserId,
};
use planwright::store::{self, Millis, NewDelivery, Store, StoreError};
use tokio::task::{JoinError, JoinSet};

/// How long each half runs.
const SPAN: Duration = Duration::from_secs(5);

/// The steady rate: far more than a busy organisation sends.
const PER_SECOND: u32 = 100;

/// Callers of the second half.
const CALLERS: u32 = 64;

/// Words after `/plan`, so that rows have the size of real ones.
const FOCUS_BYTES: usize = 500;

#[derive(Debug, thiserror::Error)]
enum BenchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Task(#[from] JoinError),
    #[error(transparent)]
    Name(#[from] Malformed),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

#[tokio::main]
async fn main() -> Result<(), BenchError> {
    let folder = tempfile::tempdir()?;
    let store = store::open(&folder.path().join("queue.db")).await?;
    let numbers = Arc::new(AtomicU64::new(1));
    println!("durable `accept` on {}", folder.path().display());
    steady(&store, &numbers).await?;
    flat_out(&store, &numbers).await?;
    let stats = store.stats().await?;
    println!("{} jobs in the queue", stats.ready);
    store.close().await;
    Ok(())
}

async fn steady(store: &Arc<dyn Store>, numbers: &Arc<AtomicU64>) -> Result<(), BenchError> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / PER_SECOND);
    let mut calls = JoinSet::new();
    let begun = Instant::now();
    while begun.elapsed() < SPAN {
        ticks.tick().await;
        calls.spawn(timed_accept(Arc::clone(store), Arc::clone(numbers)));
    }
    let mut latencies = Vec::new();
    while let Some(call) = calls.join_next().await {
        latencies.push(call??);
    }
    report(&format!("{PER_SECOND}/s"), latencies, begun.elapsed());
    Ok(())
}

async fn flat_out(store: &Arc<dyn Store>, numbers: &Arc<AtomicU64>) -> Result<(), BenchError> {
    let mut callers = JoinSet::new();
    let begun = Instant::now();
    for _ in 0..CALLERS {
        let (store, numbers) = (Arc::clone(store), Arc::clone(numbers));
        callers.spawn(async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < SPAN {
                latencies.push(timed_accept(Arc::clone(&store), Arc::clone(&numbers)).await?);
            }
            Ok::<_, BenchError>(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(caller) = callers.join_next().await {
        latencies.extend(caller??);
    }
    report(&format!("{CALLERS} callers"), latencies, begun.elapsed());
    Ok(())
}

async fn timed_accept(
    store: Arc<dyn Store>,
    numbers: Arc<AtomicU64>,
) -> Result<Duration, BenchError> {
    let delivery = delivery(numbers.fetch_add(1, Ordering::Relaxed))?;
    let begun = Instant::now();
    store.accept(delivery).await?;
    Ok(begun.elapsed())
}

/// A delivery that nothing was heard of before, in a thread of its own.
fn delivery(number: u64) -> Result<NewDelivery, Malformed> {
    let name = RepositoryName::new("acme", "shop")?;
    Ok(NewDelivery {
        key: format!("github:github.com:{number:036}"),
        request: Request {
            thread: ThreadAddress {
                repository: RepositoryAddress {
                    forge: ForgeKind::GitHub,
                    host: "github.com".to_owned(),
                    id: RepositoryId(1),
                    name,
                    installation: Some(InstallationId(1)),
                },
                kind: ThreadKind::Issue,
                number: ThreadNumber(number),
            },
            sender: Author {
                id: UserId(1),
                login: "ada".to_owned(),
                kind: AuthorKind::Human,
            },
            trigger: Trigger::Command {
                comment: CommentId(number),
                place: CommentPlace::Discussion,
                command: Command::Plan {
                    focus: "x".repeat(FOCUS_BYTES),
                },
            },
        },
        received_at: Millis(1_790_000_000_000),
        limit: None,
    })
}

fn report(what: &str, mut latencies: Vec<Duration>, took: Duration) {
    latencies.sort_unstable();
    let at = |share: usize| {
        let index = latencies.len().saturating_sub(1) * share / 100;
        latencies
            .get(index)
            .copied()
            .unwrap_or_default()
            .as_secs_f64()
            * 1e3
    };
    let rate = latencies.len() as f64 / took.as_secs_f64();
    println!(
        "{what:>12}: {rate:>7.0} per second, p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        at(50),
        at(99),
        at(100)
    );
}
