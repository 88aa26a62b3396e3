//! Reading without changing: threads, due times, numbers and lists for people, the marker key.

use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use crate::domain::thread::{CommentId, ThreadAddress};
use crate::store::sqlite::{corrupt, unavailable};
use crate::store::{JobId, JobState, JobSummary, Millis, Published, Stats, StoreError};

const MARKER_KEY: &str = "reading the marker key";

/// The comment that a thread has from us.
pub(super) async fn published(
    pool: &SqlitePool,
    thread: &ThreadAddress,
) -> Result<Option<Published>, StoreError> {
    let doing = "reading a thread";
    let row = sqlx::query("SELECT comment_id, revision, document FROM thread WHERE subject = ?")
        .bind(thread.subject())
        .fetch_optional(pool)
        .await
        .map_err(unavailable(doing))?;
    row.map(|row| {
        let comment: i64 = row.try_get(0).map_err(unavailable(doing))?;
        Ok(Published {
            comment: CommentId(comment.cast_unsigned()),
            revision: row.try_get(1).map_err(unavailable(doing))?,
            document: row.try_get(2).map_err(unavailable(doing))?,
        })
    })
    .transpose()
}

/// When the next job is due: the oldest one whose thread has none running, or a lease that ends.
pub(super) async fn next_due(pool: &SqlitePool) -> Result<Option<Millis>, StoreError> {
    let doing = "looking for the next job";
    let row = sqlx::query(
        "SELECT MIN(at) FROM (\
         SELECT at FROM (SELECT run_at AS at FROM job AS due INDEXED BY job_due WHERE state = 'ready' \
         AND NOT EXISTS (SELECT 1 FROM job AS other WHERE other.subject = due.subject \
         AND other.state = 'running' AND (other.lane = 'cancel') = (due.lane = 'cancel')) \
         ORDER BY run_at LIMIT 1) \
         UNION ALL SELECT MIN(lease_until) AS at FROM job INDEXED BY job_leased WHERE state = 'running')",
    )
    .fetch_one(pool)
    .await
    .map_err(unavailable(doing))?;
    let due: Option<i64> = row.try_get(0).map_err(unavailable(doing))?;
    Ok(due.map(Millis))
}

/// Whether a delivery of that key is remembered.
pub(super) async fn knows(pool: &SqlitePool, key: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM delivery WHERE key = ?")
        .bind(key)
        .fetch_optional(pool)
        .await
        .map_err(unavailable("looking for a delivery"))?;
    Ok(row.is_some())
}

/// How many jobs are in each state.
pub(super) async fn stats(pool: &SqlitePool) -> Result<Stats, StoreError> {
    let doing = "counting jobs";
    let rows = sqlx::query("SELECT state, COUNT(*) FROM job GROUP BY state")
        .fetch_all(pool)
        .await
        .map_err(unavailable(doing))?;
    let mut stats = Stats::default();
    for row in rows {
        let state: String = row.try_get(0).map_err(unavailable(doing))?;
        let count: i64 = row.try_get(1).map_err(unavailable(doing))?;
        let count = count.cast_unsigned();
        match read_state(&state)? {
            JobState::Ready => stats.ready = count,
            JobState::Running => stats.running = count,
            JobState::Published => stats.published = count,
            JobState::Done => stats.done = count,
            JobState::Abandoned => stats.abandoned = count,
            JobState::Failed => stats.failed = count,
        }
    }
    Ok(stats)
}

/// The job of that id.
pub(super) async fn job(pool: &SqlitePool, id: JobId) -> Result<Option<JobSummary>, StoreError> {
    sqlx::query(
        "SELECT id, subject, state, attempts, created_at, updated_at, reason FROM job WHERE id = ?",
    )
    .bind(id.0)
    .fetch_optional(pool)
    .await
    .map_err(unavailable("looking for a job"))?
    .as_ref()
    .map(summary)
    .transpose()
}

/// The newest jobs.
pub(super) async fn jobs(pool: &SqlitePool, limit: u32) -> Result<Vec<JobSummary>, StoreError> {
    sqlx::query(
        "SELECT id, subject, state, attempts, created_at, updated_at, reason FROM job \
         ORDER BY id DESC LIMIT ?",
    )
    .bind(limit)
    .fetch_all(pool)
    .await
    .map_err(unavailable("listing jobs"))?
    .iter()
    .map(summary)
    .collect()
}

/// The key of this store, made by the first who asks for it.
pub(super) async fn marker_key(
    read: &SqlitePool,
    write: &SqlitePool,
) -> Result<[u8; 32], StoreError> {
    if let Some(key) = find_marker_key(read).await? {
        return Ok(key);
    }
    let mut fresh = [0_u8; 32];
    aws_lc_rs::rand::fill(&mut fresh).map_err(|_| StoreError::Unavailable {
        doing: MARKER_KEY,
        why: "the system gives no random bytes".to_owned(),
    })?;
    set_marker_key(write, &fresh).await?;
    find_marker_key(write)
        .await?
        .ok_or_else(|| corrupt(MARKER_KEY)("it is gone as soon as it was written".to_owned()))
}

/// Keeps `key` unless there is one already.
pub(super) async fn set_marker_key(write: &SqlitePool, key: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (name, value) VALUES ('marker_key', ?) ON CONFLICT DO NOTHING")
        .bind(key.as_slice())
        .execute(write)
        .await
        .map_err(unavailable(MARKER_KEY))?;
    Ok(())
}

async fn find_marker_key(pool: &SqlitePool) -> Result<Option<[u8; 32]>, StoreError> {
    let row = sqlx::query("SELECT value FROM meta WHERE name = 'marker_key'")
        .fetch_optional(pool)
        .await
        .map_err(unavailable(MARKER_KEY))?;
    row.map(|row| {
        let key: Vec<u8> = row.try_get(0).map_err(unavailable(MARKER_KEY))?;
        key.try_into()
            .map_err(|_| corrupt(MARKER_KEY)("it does not have 32 bytes".to_owned()))
    })
    .transpose()
}

pub(super) fn read_state(text: &str) -> Result<JobState, StoreError> {
    match text {
        "ready" => Ok(JobState::Ready),
        "running" => Ok(JobState::Running),
        "published" => Ok(JobState::Published),
        "done" => Ok(JobState::Done),
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
