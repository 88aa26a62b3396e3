//! The store on one `SQLite` file: for one machine, with nothing to set up.
//!
//! Durable means on disk: WAL with `synchronous = FULL`, so that a commit survives a power cut.
//! One connection writes and a few read. Statements that belong together run in a task of their
//! own, because a caller may be dropped in the middle.

mod accept;
mod queue;
mod saved;
mod settle;

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Row, SqlSafeStr};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::domain::thread::{CommentId, ThreadAddress};
use crate::store::sqlite::accept::{Pending, WAITING};
use crate::store::{
    Accepted, Claim, JobId, JobState, JobSummary, Lease, Millis, NewDelivery, Progress, Published,
    Settlement, Stats, Store, StoreError,
};

/// How long a connection waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections that read beside the one that writes: the workers and the status page.
const READERS: u32 = 2;

/// The store on one `SQLite` file.
pub(super) struct Sqlite {
    write: SqlitePool,
    read: SqlitePool,
    deliveries: Mutex<Option<mpsc::Sender<Pending>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    wakeup: Arc<Notify>,
    /// Held for life by the one process that may take the jobs of dead processes back at once.
    _lock: Option<File>,
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

impl Sqlite {
    /// Opens the file, making it when it is missing, and brings its tables up to date.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let doing = "opening the database";
        let failed = |why: String| StoreError::Unavailable { doing, why };
        prepare_file(path).map_err(|error| failed(format!("`{}`: {error}", path.display())))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(unavailable(doing))?;
        migrate(&write).await?;
        let lock = lock_file(path).map_err(|error| failed(error.to_string()))?;
        if lock.is_some() {
            take_back_all(&write).await?;
        }
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .connect_lazy_with(options);
        let (sender, receiver) = mpsc::channel(WAITING);
        let writer = tokio::spawn(accept::write_deliveries(write.clone(), receiver));
        Ok(Self {
            write,
            read,
            deliveries: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(writer)),
            wakeup: Arc::new(Notify::new()),
            _lock: lock,
        })
    }
}

/// Makes the file readable for its owner alone before the database writes into it.
fn prepare_file(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// The lock beside the database, unless another process holds it.
fn lock_file(path: &Path) -> std::io::Result<Option<File>> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(PathBuf::from(name))?;
    Ok(file.try_lock().is_ok().then_some(file))
}

async fn migrate(pool: &SqlitePool) -> Result<(), StoreError> {
    let first = Migration::new(
        1,
        "queue".into(),
        MigrationType::Simple,
        include_str!("migrations/0001_queue.sql").into_sql_str(),
        false,
    );
    let migrator = Migrator {
        migrations: vec![first].into(),
        ..Migrator::DEFAULT
    };
    migrator
        .run(pool)
        .await
        .map_err(|error| StoreError::Unavailable {
            doing: "bringing the database up to date",
            why: error.to_string(),
        })
}

/// Every job that runs belongs to a process that is gone: it is due at once.
async fn take_back_all(pool: &SqlitePool) -> Result<(), StoreError> {
    sqlx::query("UPDATE job SET lease_until = 0 WHERE state = 'running'")
        .execute(pool)
        .await
        .map(drop)
        .map_err(unavailable("taking back the jobs of a dead process"))
}

#[async_trait]
impl Store for Sqlite {
    async fn accept(&self, delivery: NewDelivery) -> Result<Accepted, StoreError> {
        let gone = || StoreError::Unavailable {
            doing: "saving a delivery",
            why: "the store is closed".to_owned(),
        };
        let sender = self.deliveries.lock().await.clone().ok_or_else(gone)?;
        let (done, fate) = oneshot::channel();
        let pending = Pending { delivery, done };
        sender.send(pending).await.map_err(|_| gone())?;
        let fate = fate.await.map_err(|_| gone())??;
        if fate != Accepted::Duplicate {
            self.wakeup.notify_one();
        }
        Ok(fate)
    }

    async fn claim(&self, now: Millis, lease: Duration) -> Result<Option<Claim>, StoreError> {
        queue::claim(&self.write, now, lease).await
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

    async fn settle(
        &self,
        lease: &Lease,
        now: Millis,
        settlement: &Settlement,
    ) -> Result<(), StoreError> {
        settle::settle(&self.write, lease, now, settlement).await?;
        self.wakeup.notify_one();
        Ok(())
    }

    async fn published(&self, thread: &ThreadAddress) -> Result<Option<Published>, StoreError> {
        let doing = "reading a thread";
        let row = sqlx::query("SELECT comment_id, revision FROM thread WHERE subject = ?")
            .bind(thread.subject())
            .fetch_optional(&self.read)
            .await
            .map_err(unavailable(doing))?;
        row.map(|row| {
            let comment: i64 = row.try_get(0).map_err(unavailable(doing))?;
            Ok(Published {
                comment: CommentId(u64::try_from(comment).unwrap_or_default()),
                revision: row.try_get(1).map_err(unavailable(doing))?,
            })
        })
        .transpose()
    }

    async fn next_due(&self) -> Result<Option<Millis>, StoreError> {
        let doing = "looking for the next job";
        let row = sqlx::query(
            "SELECT MIN(at) FROM (SELECT MIN(run_at) AS at FROM job AS due WHERE state = 'ready' \
             AND NOT EXISTS (SELECT 1 FROM job AS other WHERE other.subject = due.subject \
             AND other.state = 'running') \
             UNION ALL SELECT MIN(lease_until) FROM job WHERE state = 'running')",
        )
        .fetch_one(&self.read)
        .await
        .map_err(unavailable(doing))?;
        let due: Option<i64> = row.try_get(0).map_err(unavailable(doing))?;
        Ok(due.map(Millis))
    }

    async fn wait_for_work(&self) {
        self.wakeup.notified().await;
    }

    async fn marker_key(&self) -> Result<[u8; 32], StoreError> {
        let doing = "reading the marker key";
        let mut fresh = [0_u8; 32];
        aws_lc_rs::rand::fill(&mut fresh).map_err(|_| StoreError::Unavailable {
            doing,
            why: "the system gives no random bytes".to_owned(),
        })?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ('marker_key', ?) ON CONFLICT DO NOTHING")
            .bind(fresh.as_slice())
            .execute(&self.write)
            .await
            .map_err(unavailable(doing))?;
        let row = sqlx::query("SELECT value FROM meta WHERE name = 'marker_key'")
            .fetch_one(&self.write)
            .await
            .map_err(unavailable(doing))?;
        let key: Vec<u8> = row.try_get(0).map_err(unavailable(doing))?;
        key.try_into()
            .map_err(|_| corrupt(doing)("it does not have 32 bytes".to_owned()))
    }

    async fn stats(&self) -> Result<Stats, StoreError> {
        let doing = "counting jobs";
        let rows = sqlx::query("SELECT state, COUNT(*) FROM job GROUP BY state")
            .fetch_all(&self.read)
            .await
            .map_err(unavailable(doing))?;
        let mut stats = Stats::default();
        for row in rows {
            let state: String = row.try_get(0).map_err(unavailable(doing))?;
            let count: i64 = row.try_get(1).map_err(unavailable(doing))?;
            let count = u64::try_from(count).unwrap_or_default();
            match read_state(&state)? {
                JobState::Ready => stats.ready = count,
                JobState::Running => stats.running = count,
                JobState::Published => stats.published = count,
                JobState::Abandoned => stats.abandoned = count,
                JobState::Failed => stats.failed = count,
            }
        }
        Ok(stats)
    }

    async fn jobs(&self, limit: u32) -> Result<Vec<JobSummary>, StoreError> {
        sqlx::query(
            "SELECT id, subject, state, attempts, created_at, updated_at, reason FROM job \
             ORDER BY id DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.read)
        .await
        .map_err(unavailable("listing jobs"))?
        .iter()
        .map(summary)
        .collect()
    }

    async fn purge(&self, before: Millis) -> Result<u64, StoreError> {
        let doing = "deleting old rows";
        let jobs = sqlx::query(
            "DELETE FROM job WHERE updated_at < ? AND state NOT IN ('ready', 'running')",
        )
        .bind(before.0)
        .execute(&self.write)
        .await
        .map_err(unavailable(doing))?;
        let deliveries = sqlx::query(
            "DELETE FROM delivery WHERE received_at < ? AND job_id NOT IN (SELECT id FROM job)",
        )
        .bind(before.0)
        .execute(&self.write)
        .await
        .map_err(unavailable(doing))?;
        Ok(jobs.rows_affected() + deliveries.rows_affected())
    }

    async fn close(&self) {
        drop(self.deliveries.lock().await.take());
        if let Some(writer) = self.writer.lock().await.take() {
            // The writer ends by itself once its queue is empty; a panic in it was reported.
            let _ = writer.await;
        }
        self.read.close().await;
        self.write.close().await;
    }
}

fn read_state(text: &str) -> Result<JobState, StoreError> {
    match text {
        "ready" => Ok(JobState::Ready),
        "running" => Ok(JobState::Running),
        "published" => Ok(JobState::Published),
        "abandoned" => Ok(JobState::Abandoned),
        "failed" => Ok(JobState::Failed),
        _ => Err(corrupt("reading a job's state")(format!("`{text}`"))),
    }
}

fn summary(row: &SqliteRow) -> Result<JobSummary, StoreError> {
    let failed = unavailable("reading a job");
    let state: String = row.try_get("state").map_err(&failed)?;
    Ok(JobSummary {
        id: JobId(row.try_get("id").map_err(&failed)?),
        subject: row.try_get("subject").map_err(&failed)?,
        state: read_state(&state)?,
        attempts: row.try_get("attempts").map_err(&failed)?,
        created_at: Millis(row.try_get("created_at").map_err(&failed)?),
        updated_at: Millis(row.try_get("updated_at").map_err(&failed)?),
        reason: row.try_get("reason").map_err(&failed)?,
    })
}
