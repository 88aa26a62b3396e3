//! Which comment a thread has from us, and what it shows.

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};

use crate::domain::thread::{CommentId, ThreadAddress};
use crate::store::sqlite::{discard, follow, unavailable};
use crate::store::{Lease, Millis, StoreError};

const NOTING: &str = "noting a comment";

/// What belongs to the thread is taken from the job, so that a check can be queued for it later.
const REMEMBER: &str = "INSERT INTO thread (subject, comment_id, revision, document, updated_at, \
      repository, installation, request, change) \
    SELECT subject, ?2, ?3, ?4, ?5, repository, installation, request, \
      json_extract(request, '$.change_request') FROM job WHERE id = ?1 \
    ON CONFLICT (subject) DO UPDATE SET comment_id = excluded.comment_id, \
      revision = excluded.revision, document = excluded.document, \
      updated_at = excluded.updated_at, repository = excluded.repository, \
      installation = excluded.installation, request = excluded.request, change = excluded.change";

/// Whether the lease is ours.
pub(super) async fn is_held(
    connection: &mut SqliteConnection,
    lease: &Lease,
) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("SELECT 1 FROM job WHERE id = ? AND token = ? AND state = 'running'")
        .bind(lease.job.0)
        .bind(lease.token)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Remembers which comment the thread of a job has and what it shows; what any of the thread's jobs may
/// have posted is then known.
pub(super) async fn remember(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    (comment, (revision, document)): (CommentId, (u32, Option<&str>)),
) -> Result<(), sqlx::Error> {
    sqlx::query(REMEMBER)
        .bind(lease.job.0)
        .bind(comment.0.cast_signed())
        .bind(revision)
        .bind(document)
        .bind(now.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "UPDATE job SET posting = 0 WHERE posting = 1 \
         AND subject = (SELECT subject FROM job WHERE id = ?)",
    )
    .bind(lease.job.0)
    .execute(connection)
    .await
    .map(drop)
}

/// Remembers a comment that says how far the work is.
pub(super) async fn note_status(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    comment: CommentId,
) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await.map_err(unavailable(NOTING))?;
    match write_status(&mut connection, lease, now, comment).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::LeaseLost(lease.job)),
        Err(error) => {
            discard(connection).await;
            Err(unavailable(NOTING)(error))
        }
    }
}

async fn write_status(
    connection: &mut SqliteConnection,
    lease: &Lease,
    now: Millis,
    comment: CommentId,
) -> Result<bool, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let held = is_held(&mut transaction, lease).await?;
    // Even when the work was taken away: the comment is there, and somebody has to mend it.
    remember(&mut transaction, lease, now, (comment, (0, None))).await?;
    if !held {
        follow::queue_mending(&mut transaction, lease.job, now).await?;
    }
    transaction.commit().await?;
    Ok(held)
}

/// Forgets the comment of a thread.
pub(super) async fn forget(pool: &SqlitePool, thread: &ThreadAddress) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM thread WHERE subject = ?")
        .bind(thread.subject())
        .execute(pool)
        .await
        .map(drop)
        .map_err(unavailable("forgetting a comment"))
}
