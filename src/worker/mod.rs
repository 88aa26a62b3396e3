//! Takes jobs under a lease, works on them, and stops in order.

pub mod sweeps;

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::service::App;
use crate::service::work::Clock;
use crate::shutdown::Shutdown;
use crate::store::{Claim, Settlement, StoreError};

/// Longest time between two looks for work; a new request wakes a worker at once, so this bounds
/// only how late a job of a dead process is noticed.
const POLL: Duration = Duration::from_secs(5);

/// Pause after the store failed.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Starts as many workers as the settings ask for. They end when `shutdown` begins: work under way
/// is finished within the drain time, else its lease runs out and another process takes it.
pub fn start(app: &Arc<App>, shutdown: &Shutdown, clock: Clock) {
    for _ in 0..app.settings.worker.concurrency {
        let worker = Worker {
            app: Arc::clone(app),
            clock,
            stop: shutdown.token(),
        };
        shutdown.spawn(worker.run());
    }
}

struct Worker {
    app: Arc<App>,
    clock: Clock,
    stop: CancellationToken,
}

impl Worker {
    async fn run(self) {
        while !self.stop.is_cancelled() {
            match self.app.store.claim((self.clock)(), self.lease()).await {
                Ok(Some(claim)) => self.finish(claim).await,
                Ok(None) => self.wait_for_work().await,
                Err(error) => {
                    tracing::error!(%error, "no job could be claimed");
                    self.pause(STORE_PAUSE).await;
                }
            }
        }
    }

    fn lease(&self) -> Duration {
        self.app.settings.worker.lease
    }

    async fn wait_for_work(&self) {
        let until_due = match self.app.store.next_due().await {
            Ok(Some(due)) => {
                let millis = due.0.saturating_sub((self.clock)().0).max(20);
                Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
            }
            Ok(None) | Err(_) => POLL,
        };
        tokio::select! {
            () = self.app.store.wait_for_work() => {}
            () = self.pause(until_due.min(POLL)) => {}
        }
    }

    async fn pause(&self, duration: Duration) {
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            () = self.stop.cancelled() => {}
        }
    }

    /// Works on one job and writes down how it ended.
    async fn finish(&self, claim: Claim) {
        let job = claim.lease.job.0;
        let subject = claim.request.thread.subject();
        tracing::info!(job.id = job, thread = %subject, attempt = claim.attempt, "job started");
        match self.work(&claim).await {
            Ok(settlement) => self.settle(&claim, settlement).await,
            Err(error @ StoreError::LeaseLost(_)) => {
                tracing::warn!(job.id = job, %error, "job left to whoever took it over");
            }
            Err(error) => tracing::error!(job.id = job, %error, "job could not be finished"),
        }
    }

    /// The work itself, with a heartbeat beside it, a deadline over it and panics caught.
    async fn work(&self, claim: &Claim) -> Result<Settlement, StoreError> {
        let app = Arc::clone(&self.app);
        let (owned, clock) = (claim.clone(), self.clock);
        let mut task = tokio::spawn(async move { app.work(&owned, clock).await });
        let limit = self.app.settings.worker.job_timeout;
        let joined = tokio::select! {
            joined = &mut task => joined,
            error = self.keep_lease(claim) => {
                task.abort();
                return Err(error);
            }
            () = tokio::time::sleep(limit) => {
                task.abort();
                let why = "the job took longer than it may";
                return self.app.give_up(claim, self.clock, why).await;
            }
        };
        match joined {
            Ok(result) => result,
            Err(_) => {
                let why = "the job ended in a panic";
                self.app.give_up(claim, self.clock, why).await
            }
        }
    }

    /// Extends the lease for ever, at once where jobs were ended from outside; returns only when it is
    /// lost.
    async fn keep_lease(&self, claim: &Claim) -> StoreError {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.lease() / 3) => {}
                () = self.app.store.wait_for_withdrawal() => {}
            }
            let now = (self.clock)();
            let until = now.plus(self.lease());
            match self.app.store.extend(&claim.lease, now, until).await {
                Ok(()) => {}
                Err(error @ StoreError::LeaseLost(_)) => return error,
                Err(error) => tracing::warn!(%error, "a lease could not be extended"),
            }
        }
    }

    async fn settle(&self, claim: &Claim, settlement: Settlement) {
        let job = claim.lease.job.0;
        let (word, reason) = describe(&settlement);
        match self
            .app
            .store
            .settle(&claim.lease, (self.clock)(), &settlement)
            .await
        {
            Ok(()) => {
                self.app.metrics.job(word);
                tracing::info!(job.id = job, settlement = word, reason, "job settled");
            }
            Err(error) => tracing::error!(job.id = job, %error, "job could not be settled"),
        }
    }
}

fn describe(settlement: &Settlement) -> (&'static str, &str) {
    match settlement {
        Settlement::Published { .. } => ("published", ""),
        Settlement::Done { what } => ("done", what),
        Settlement::Abandoned { reason } => ("abandoned", reason),
        Settlement::Retry { reason, .. } => ("retry", reason),
        Settlement::Failed { reason } => ("failed", reason),
    }
}
