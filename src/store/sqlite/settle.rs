//! How a job ends, in one transaction with what follows from it, and how it is forgotten.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Row};

use crate::store::sqlite::{discard, threads, unavailable};
use crate::store::{Lease, Millis, Settlement, StoreError};

/// What this file does, for errors.
pub(super) const DOING: &str = "settling a job";

const SUPERSEDED: &str = "a newer request of the same thread takes its place";

/// Ids that a purge goes through at once: about 600 rows, so that deliveries wait for milliseconds.
const PURGED_AT_ONCE: i64 = 200;

const PURGE_JOBS: &str = "DELETE FROM job WHERE id BETWEEN ?1 AND ?2 AND updated_at < ?3 \
    AND state NOT IN ('ready', 'running')";
const PURGE_DELIVERIES: &str = "DELETE FROM delivery WHERE job_id BETWEEN ?1 AND ?2 \
    AND received_at < ?3 AND NOT EXISTS (SELECT 1 FROM job WHERE job.id = delivery.job_id)";

/// Ends a job or puts it back, and gives up its lease. A caller that may be dropped halfway runs it
/// in a task of its own; elsewhere being dropped means that nothing was changed.
pub(super) async fn settle(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(unavailable(DOING))?;
    match write(&mut connection, lease, now, settlement).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::LeaseLost(lease.job)),
        Err(error) => {
            discard(connection).await;
            Err(unavailable(DOING)(error))
        }
    }
}

/// False when the lease is not ours; nothing is changed then.
async fn write(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    settlement: &Settlement,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if !threads::is_held(&mut transaction, lease).await? {
        transaction.rollback().await?;
        return Ok(false);
    }
    match settlement {
        Settlement::Published {
            comment,
            revision,
            document,
        } => {
            end(&mut transaction, lease, now, ("published", "")).await?;
            let shown = (*revision, document.as_deref());
            threads::remember(&mut transaction, lease, now, (*comment, shown)).await?;
        }
        Settlement::Done { what } => {
            end(&mut transaction, lease, now, ("done", what)).await?;
        }
        Settlement::Abandoned { reason } => {
            end(&mut transaction, lease, now, ("abandoned", reason)).await?;
        }
        Settlement::Failed { reason } => {
            end(&mut transaction, lease, now, ("failed", reason)).await?;
        }
        Settlement::Retry { at, reason } => {
            if has_waiting(&mut transaction, lease).await? {
                end(&mut transaction, lease, now, ("abandoned", SUPERSEDED)).await?;
            } else {
                put_back(&mut transaction, lease, now, (*at, reason)).await?;
            }
        }
    }
    transaction.commit().await?;
    Ok(true)
}

/// Ends the job for good. Its doubt whether a comment was posted stays in its row, where the next
/// job of the thread finds it.
async fn end(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (state, reason): (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE job SET state = ?2, reason = ?3, body = NULL, document = NULL, lease_until = 0, updated_at = ?4 \
         WHERE id = ?1",
    )
    .bind(lease.job.0)
    .bind(state)
    .bind(reason)
    .bind(now.0)
    .execute(connection)
    .await
    .map(drop)
}

/// Whether a newer job of the same thread and sender waits.
async fn has_waiting(
    connection: &mut SqliteConnection,
    lease: &Lease,
) -> Result<bool, sqlx::Error> {
    let waiting = "SELECT 1 FROM job AS own JOIN job AS other \
                   ON other.subject = own.subject AND other.lane = own.lane \
                   AND other.sender = own.sender \
                   WHERE own.id = ? AND other.state = 'ready'";
    sqlx::query(waiting)
        .bind(lease.job.0)
        .fetch_optional(connection)
        .await
        .map(|row| row.is_some())
}

async fn put_back(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (at, reason): (Millis, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE job SET state = 'ready', reason = ?2, run_at = ?3, lease_until = 0, \
         updated_at = ?4 WHERE id = ?1",
    )
    .bind(lease.job.0)
    .bind(reason)
    .bind(at.0)
    .bind(now.0)
    .execute(connection)
    .await
    .map(drop)
}

/// Deletes jobs that ended before a time, and deliveries of that time whose job is gone. Threads
/// stay: their comments do, too. It goes through the ids a few at a time and lets others write in
/// between; whoever is dropped halfway leaves the rest to the next purge.
pub(super) async fn purge(pool: &SqlitePool, before: Millis) -> Result<u64, StoreError> {
    purge_all(pool, before)
        .await
        .map_err(unavailable("deleting old rows"))
}

async fn purge_all(pool: &SqlitePool, before: Millis) -> Result<u64, sqlx::Error> {
    let mut deleted = 0;
    let mut next = find_id_after(pool, 0).await?;
    while let Some(first) = next {
        let last = first.saturating_add(PURGED_AT_ONCE - 1);
        for statement in [PURGE_JOBS, PURGE_DELIVERIES] {
            let result = sqlx::query(statement)
                .bind(first)
                .bind(last)
                .bind(before.0)
                .execute(pool)
                .await?;
            deleted += result.rows_affected();
        }
        next = find_id_after(pool, last).await?;
    }
    Ok(deleted)
}

/// The next id of a job that is there, or that a delivery remembers.
async fn find_id_after(pool: &SqlitePool, id: i64) -> Result<Option<i64>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT MIN(id) FROM (SELECT MIN(id) AS id FROM job WHERE id > ?1 \
         UNION ALL SELECT MIN(job_id) AS id FROM delivery WHERE job_id > ?1)",
    )
    .bind(id)
    .fetch_one(pool)
    .await?;
    row.try_get(0)
}
