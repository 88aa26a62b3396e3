//! How a job ends, in one transaction with what follows from it.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Row};

use crate::domain::thread::CommentId;
use crate::store::sqlite::unavailable;
use crate::store::{Lease, Millis, Settlement, StoreError};

const DOING: &str = "settling a job";

/// Ends a job or puts it back, and gives up its lease. Runs in a task of its own, so that a caller
/// that is dropped leaves no transaction open.
pub(super) async fn settle(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    let (pool, lease, settlement) = (pool.clone(), lease.clone(), settlement.clone());
    let task = tokio::spawn(async move { write(&pool, &lease, now, &settlement).await });
    task.await.unwrap_or_else(|error| {
        Err(StoreError::Unavailable {
            doing: DOING,
            why: error.to_string(),
        })
    })
}

async fn write(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    settlement: &Settlement,
) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(unavailable(DOING))?;
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(unavailable(DOING))?;
    let held = match settlement {
        Settlement::Published { comment, revision } => {
            let held = end(&mut transaction, lease, now, ("published", "")).await;
            remember(&mut transaction, lease, now, (*comment, *revision))
                .await
                .map_err(unavailable(DOING))?;
            held
        }
        Settlement::Abandoned { reason } => {
            end(&mut transaction, lease, now, ("abandoned", reason)).await
        }
        Settlement::Failed { reason } => {
            end(&mut transaction, lease, now, ("failed", reason)).await
        }
        Settlement::Retry { at, reason } => {
            put_back(&mut transaction, lease, now, (*at, reason)).await
        }
    };
    if !held.map_err(unavailable(DOING))? {
        return Err(StoreError::LeaseLost(lease.job));
    }
    transaction.commit().await.map_err(unavailable(DOING))
}

/// Ends the job for good; false when the lease is not ours.
async fn end(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (state, reason): (&str, &str),
) -> Result<bool, sqlx::Error> {
    let result = sqlx::query(
        "UPDATE job SET state = ?3, reason = ?4, body = NULL, lease_until = 0, updated_at = ?5 \
         WHERE id = ?1 AND token = ?2 AND state = 'running'",
    )
    .bind(lease.job.0)
    .bind(lease.token)
    .bind(state)
    .bind(reason)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Puts the job back, or ends it when a newer one waits for the same thread: that one then takes
/// over the doubt whether a comment was posted.
async fn put_back(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (at, reason): (Millis, &str),
) -> Result<bool, sqlx::Error> {
    let newer = sqlx::query(
        "UPDATE job SET posting = MAX(posting, (SELECT posting FROM job WHERE id = ?1)) \
         WHERE state = 'ready' AND subject = (SELECT subject FROM job WHERE id = ?1) RETURNING id",
    )
    .bind(lease.job.0)
    .fetch_optional(&mut *connection)
    .await?;
    if newer.is_some() {
        let words = ("abandoned", "a newer request of the same thread takes its place");
        return end(connection, lease, now, words).await;
    }
    let result = sqlx::query(
        "UPDATE job SET state = 'ready', reason = ?3, run_at = ?4, lease_until = 0, updated_at = ?5 \
         WHERE id = ?1 AND token = ?2 AND state = 'running'",
    )
    .bind(lease.job.0)
    .bind(lease.token)
    .bind(reason)
    .bind(at.0)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(result.rows_affected() == 1)
}

/// Remembers which comment the thread has.
async fn remember(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (comment, revision): (CommentId, u32),
) -> Result<(), sqlx::Error> {
    let row = sqlx::query("SELECT subject FROM job WHERE id = ?")
        .bind(lease.job.0)
        .fetch_one(&mut *connection)
        .await?;
    let subject: String = row.try_get(0)?;
    sqlx::query(
        "INSERT INTO thread (subject, comment_id, revision, updated_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (subject) DO UPDATE SET comment_id = ?2, revision = ?3, updated_at = ?4",
    )
    .bind(subject)
    .bind(i64::try_from(comment.0).unwrap_or(i64::MAX))
    .bind(revision)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(())
}
