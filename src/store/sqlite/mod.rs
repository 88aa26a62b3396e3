//! The store on one `SQLite` file: for one machine, with nothing to set up.
//!
//! Durable means on disk: WAL with `synchronous = FULL`, so that a commit survives a power cut.
//! One connection writes and a few read. Statements that belong together run in a task of their
//! own, because a caller may be dropped in the middle.

mod accept;
mod follow;
mod intervene;
mod look;
mod notes;
mod open;
mod queue;
mod saved;
mod settle;
#[cfg(test)]
mod tests;
mod threads;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqlitePool;
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::domain::thread::{CommentId, ThreadAddress};
use crate::store::sqlite::accept::{Pending, WAITING};
use crate::store::{
    Accepted, Change, Claim, Intervention, JobId, JobSummary, Lease, Millis, NewDelivery, Progress,
    Published, Settlement, Stats, Store, StoreError,
};

/// The store on one `SQLite` file.
pub(super) struct Sqlite {
    write: SqlitePool,
    read: SqlitePool,
    deliveries: Mutex<Option<mpsc::Sender<Pending>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    wakeup: Arc<Notify>,
    /// Wakes all who work on a job when one was ended from outside.
    withdrawal: Arc<Notify>,
    /// Tells other processes, for life, that this one may hold leases.
    _presence: Option<File>,
}

/// What went wrong in the database, while doing something.
fn unavailable(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |error| StoreError::Unavailable {
        doing,
        why: error.to_string(),
    }
}

/// What is saved makes no sense, while doing something.
fn corrupt(doing: &'static str) -> impl Fn(String) -> StoreError {
    move |why| StoreError::Corrupt { doing, why }
}

/// `SQLite`'s primary result code of an error, if it comes from there.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|extended| extended & 0xff)
}

/// Closes a connection whose transaction failed, so that its pool opens another. A full disk makes
/// `SQLite` roll back by itself, and the driver then believes for ever that a transaction is open.
async fn discard(connection: PoolConnection<sqlx::Sqlite>) {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "a database connection was not closed in order");
    }
}

impl Sqlite {
    /// Opens the file, making it when it is missing, and brings its tables up to date.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = open::open(path).await?;
        let wakeup = Arc::new(Notify::new());
        let (sender, receiver) = mpsc::channel(WAITING);
        let writer = accept::write_deliveries(opened.write.clone(), receiver, Arc::clone(&wakeup));
        Ok(Self {
            write: opened.write,
            read: opened.read,
            deliveries: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(tokio::spawn(writer))),
            wakeup,
            withdrawal: Arc::default(),
            _presence: opened.presence,
        })
    }

    /// Signs markers with `key`, unless there is a key already.
    pub(super) async fn set_marker_key(&self, key: &[u8; 32]) -> Result<(), StoreError> {
        look::set_marker_key(&self.write, key).await
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        let refused = |why: &str| StoreError::Unavailable {
            doing: accept::DOING,
            why: why.to_owned(),
        };
        let closed = || refused("the store is closed");
        let request = saved::write(&delivery.request).map_err(|why| refused(&why))?;
        let sender = self.deliveries.lock().await.clone().ok_or_else(closed)?;
        let (done, fate) = oneshot::channel();
        let pending = Pending {
            delivery,
            request,
            done,
        };
        sender.send(pending).await.map_err(|_| closed())?;
        fate.await.map_err(|_| closed())?
    }

    async fn follow(&self, change: &Change, now: Millis) -> Result<u64, StoreError> {
        let (pool, change) = (self.write.clone(), change.clone());
        let task = tokio::spawn(async move { follow::follow(&pool, &change, now).await });
        let touched = task.await.unwrap_or_else(|error| {
            Err(StoreError::Unavailable {
                doing: follow::DOING,
                why: error.to_string(),
            })
        })?;
        if touched > 0 {
            self.withdrawal.notify_waiters();
            self.wakeup.notify_one();
        }
        Ok(touched)
    }

    async fn claim(&self, now: Millis, lease: Duration) -> Result<Option<Claim>, StoreError> {
        let claim = queue::claim(&self.write, now, lease).await?;
        if claim.is_some() {
            // A notification is kept only once: whoever gets work lets the next one look for more.
            self.wakeup.notify_one();
        }
        Ok(claim)
    }

    async fn extend(&self, lease: &Lease, now: Millis, until: Millis) -> Result<(), StoreError> {
        queue::extend(&self.write, lease, now, until).await
    }

    async fn save_progress(
        &self,
        lease: &Lease,
        now: Millis,
        progress: &Progress,
    ) -> Result<(), StoreError> {
        queue::save_progress(&self.write, lease, now, progress).await
    }

    async fn note_status(
        &self,
        lease: &Lease,
        now: Millis,
        comment: CommentId,
    ) -> Result<(), StoreError> {
        threads::note_status(&self.write, lease, now, comment).await
    }

    async fn settle(
        &self,
        lease: &Lease,
        now: Millis,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        let (pool, wakeup) = (self.write.clone(), Arc::clone(&self.wakeup));
        let (lease, settlement) = (lease.clone(), settlement.clone());
        let task = tokio::spawn(async move {
            settle::settle(&pool, &lease, now, &settlement).await?;
            wakeup.notify_one();
            Ok(())
        });
        task.await.unwrap_or_else(|error| {
            Err(StoreError::Unavailable {
                doing: settle::DOING,
                why: error.to_string(),
            })
        })
    }

    async fn published(&self, thread: &ThreadAddress) -> Result<Option<Published>, StoreError> {
        look::published(&self.read, thread).await
    }

    async fn forget_comment(&self, thread: &ThreadAddress) -> Result<(), StoreError> {
        threads::forget(&self.write, thread).await
    }

    async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        look::next_due(&self.read).await
    }

    async fn wait_for_work(&self) {
        self.wakeup.notified().await;
    }

    async fn wait_for_withdrawal(&self) {
        self.withdrawal.notified().await;
    }

    async fn marker_key(&self) -> Result<[u8; 32], StoreError> {
        look::marker_key(&self.read, &self.write).await
    }

    async fn knows(&self, key: &str) -> Result<bool, StoreError> {
        look::knows(&self.read, key).await
    }

    async fn noted(&self, name: &str) -> Result<Option<Millis>, StoreError> {
        notes::noted(&self.read, name).await
    }

    async fn note(&self, name: &str, at: Millis) -> Result<(), StoreError> {
        notes::note(&self.write, name, at).await
    }

    async fn examine(&self) -> Result<Vec<String>, StoreError> {
        notes::examine(&self.read).await
    }

    async fn stats(&self) -> Result<Stats, StoreError> {
        look::stats(&self.read).await
    }

    async fn job(&self, id: JobId) -> Result<Option<JobSummary>, StoreError> {
        look::job(&self.read, id).await
    }

    async fn retry(&self, id: JobId, now: Millis) -> Result<Intervention, StoreError> {
        let done = intervene::retry(&self.write, id, now).await?;
        self.wakeup.notify_one();
        Ok(done)
    }

    async fn cancel(
        &self,
        id: JobId,
        now: Millis,
        reason: &str,
    ) -> Result<Intervention, StoreError> {
        let done = intervene::cancel(&self.write, id, now, reason).await?;
        self.withdrawal.notify_waiters();
        Ok(done)
    }

    async fn jobs(&self, limit: u32) -> Result<Vec<JobSummary>, StoreError> {
        look::jobs(&self.read, limit).await
    }

    async fn purge(&self, before: Millis) -> Result<u64, StoreError> {
        settle::purge(&self.write, before).await
    }

    async fn close(&self) {
        drop(self.deliveries.lock().await.take());
        if let Some(writer) = self.writer.lock().await.take() {
            // It ends by itself once its queue is empty.
            if let Err(error) = writer.await {
                tracing::error!(%error, "the task that saves deliveries did not end in order");
            }
        }
        self.read.close().await;
        self.write.close().await;
    }
}
