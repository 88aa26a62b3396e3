//! Saving deliveries: one task writes them, as many as are waiting in one transaction.

use std::slice;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Row};
use tokio::sync::{Notify, mpsc, oneshot};

use crate::domain::request::{Request, Trigger};
use crate::store::sqlite::follow::NOBODY;
use crate::store::sqlite::{discard, primary_code, saved};
use crate::store::{Accepted, JobId, Millis, NewDelivery, StoreError};

/// Most deliveries of one transaction: 32 already give 4,900 rows a second on two cores.
const BATCH: usize = 64;

/// Deliveries waiting for the writer; more make their senders wait.
pub(super) const WAITING: usize = 1024;

/// How long after a request another App on the same repository may tell of it: deliveries of two Apps
/// come within seconds, later ones are mostly redelivered under their own id.
const TWINS: Duration = Duration::from_mins(10);

/// Whether a job still serves a wish that an installation tells of.
const SERVES: &str = "SELECT 1 FROM job WHERE id = ?1 AND (state IN ('ready', 'running') \
    OR (json_extract(request, '$.installation') <> ?2 AND created_at > ?3))";

/// What this file does, for errors.
pub(super) const DOING: &str = "saving a delivery";

/// `SQLite`'s codes for a row that is itself at fault: too big, a broken rule, a wrong type.
const ROW_FAULTS: [u32; 3] = [18, 19, 20];

/// A delivery on its way to the disk, and where its fate is told.
pub(super) struct Pending {
    pub(super) delivery: NewDelivery,
    /// The request as it is saved.
    pub(super) request: String,
    pub(super) done: oneshot::Sender<Result<Accepted, StoreError>>,
}

/// Writes deliveries until every sender is gone, and wakes a worker for each that needs one.
pub(super) async fn write_deliveries(
    pool: SqlitePool,
    mut queue: mpsc::Receiver<Pending>,
    wakeup: Arc<Notify>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let fates = write_batch(&pool, &batch).await;
        for (pending, fate) in batch.drain(..).zip(fates) {
            if !matches!(fate, Ok(Accepted::Duplicate | Accepted::TooMany) | Err(_)) {
                wakeup.notify_one();
            }
            let fate = fate.map_err(|why| StoreError::Unavailable { doing: DOING, why });
            // Whoever hung up finds the delivery saved when it comes again.
            drop(pending.done.send(fate));
        }
    }
}

/// Writes all in one transaction; if one of them is at fault, each in its own.
async fn write_batch(pool: &SqlitePool, batch: &[Pending]) -> Vec<Result<Accepted, String>> {
    let error = match write_together(pool, batch).await {
        Ok(fates) => return fates.into_iter().map(Ok).collect(),
        Err(error) => error,
    };
    let is_row_fault = primary_code(&error).is_some_and(|code| ROW_FAULTS.contains(&code));
    if !is_row_fault || batch.len() < 2 {
        let why = error.to_string();
        return batch.iter().map(|_| Err(why.clone())).collect();
    }
    let mut fates = Vec::with_capacity(batch.len());
    for pending in batch {
        let alone = write_together(pool, slice::from_ref(pending)).await;
        let fate = alone.map(|mut fates| fates.pop().unwrap_or(Accepted::Duplicate));
        fates.push(fate.map_err(|error| error.to_string()));
    }
    fates
}

async fn write_together(
    pool: &SqlitePool,
    batch: &[Pending],
) -> Result<Vec<Accepted>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let fates = write_all(&mut connection, batch).await;
    if fates.is_err() {
        discard(connection).await;
    }
    fates
}

async fn write_all(
    connection: &mut SqliteConnection,
    batch: &[Pending],
) -> Result<Vec<Accepted>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut fates = Vec::with_capacity(batch.len());
    for pending in batch {
        fates.push(write_one(&mut transaction, pending).await?);
    }
    transaction.commit().await?;
    Ok(fates)
}

async fn write_one(
    connection: &mut SqliteConnection,
    pending: &Pending,
) -> Result<Accepted, sqlx::Error> {
    let delivery = &pending.delivery;
    if let Some(known) = find_delivery(connection, &delivery.key).await? {
        return rearm(connection, known, delivery).await;
    }
    let wish = format!("wish:{}", delivery.request.semantic_key());
    if let Some(job) = find_known_wish(connection, delivery, &wish).await? {
        remember(connection, &delivery.key, job, delivery).await?;
        return Ok(Accepted::Duplicate);
    }
    if asks_too_much(connection, delivery).await? {
        return Ok(Accepted::TooMany);
    }
    let fate = match join(connection, pending).await? {
        Some(job) => Accepted::Joined(job),
        None => {
            let whence = (sender(delivery), delivery.received_at);
            let request = &delivery.request;
            Accepted::Queued(insert(connection, request, &pending.request, whence).await?)
        }
    };
    if let Accepted::Joined(job) | Accepted::Queued(job) = fate {
        remember(connection, &delivery.key, job, delivery).await?;
        remember(connection, &wish, job, delivery).await?;
    }
    Ok(fate)
}

/// Whether the thread has made as many requests as it may.
async fn asks_too_much(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
) -> Result<bool, sqlx::Error> {
    let Some(limit) = delivery.limit else {
        return Ok(false);
    };
    let row = sqlx::query(
        "SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE subject = ?1 AND created_at > ?2 \
         AND sender <> ?3 LIMIT ?4)",
    )
    .bind(delivery.request.thread.subject())
    .bind(limit.since.0)
    .bind(NOBODY)
    .bind(limit.requests)
    .fetch_one(connection)
    .await?;
    let made: i64 = row.try_get(0)?;
    Ok(made >= i64::from(limit.requests))
}

/// Notes which job a delivery, or the wish that it tells, belongs to.
async fn remember(
    connection: &mut SqliteConnection,
    key: &str,
    job: JobId,
    delivery: &NewDelivery,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT OR REPLACE INTO delivery (key, job_id, received_at) VALUES (?, ?, ?)")
        .bind(key)
        .bind(job.0)
        .bind(delivery.received_at.0)
        .execute(connection)
        .await
        .map(drop)
}

async fn find_delivery(
    connection: &mut SqliteConnection,
    key: &str,
) -> Result<Option<JobId>, sqlx::Error> {
    let row = sqlx::query("SELECT job_id FROM delivery WHERE key = ?")
        .bind(key)
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok(JobId(row.try_get(0)?))).transpose()
}

/// The job that the wish was given to, as long as it need not be granted again: a comment is one
/// wish for ever, whatever delivery tells it; a label, like the operator's, is one as long as a job
/// serves it, and for a while longer when another App on the same repository tells of it.
async fn find_known_wish(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
    wish: &str,
) -> Result<Option<JobId>, sqlx::Error> {
    let Some(job) = find_delivery(connection, wish).await? else {
        return Ok(None);
    };
    if matches!(delivery.request.trigger, Trigger::Command { .. }) {
        return Ok(Some(job));
    }
    let teller = delivery.request.thread.repository.installation;
    let active = sqlx::query(SERVES)
        .bind(job.0)
        .bind(teller.map(|id| id.0.cast_signed()))
        .bind(delivery.received_at.minus(TWINS).0)
        .fetch_optional(connection)
        .await?;
    Ok(active.map(|_| job))
}

/// Hands the request to the job of the same lane and sender that waits for the same thread, if there is
/// one. It begins anew and keeps its place in the queue; what was said with either request is heeded,
/// and the doubt whether an earlier attempt posted stays.
async fn join(
    connection: &mut SqliteConnection,
    pending: &Pending,
) -> Result<Option<JobId>, sqlx::Error> {
    let request = &pending.delivery.request;
    let row = sqlx::query(
        "SELECT id, request FROM job WHERE subject = ?1 AND lane = ?2 AND sender = ?3 \
         AND state = 'ready'",
    )
    .bind(request.thread.subject())
    .bind(request.trigger.lane().as_str())
    .bind(sender(&pending.delivery))
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (id, waiting): (i64, String) = (row.try_get("id")?, row.try_get("request")?);
    // What cannot be read or written any more gives way to what can.
    let joined = saved::read(&waiting)
        .and_then(|waiting| saved::write(&request.clone().instead_of(&waiting)));
    sqlx::query(
        "UPDATE job SET request = ?2, run_at = MIN(run_at, ?3), updated_at = ?3, attempts = 0, \
         commit_sha = NULL, body = NULL, document = NULL, revision = NULL, reason = '' WHERE id = ?1",
    )
    .bind(id)
    .bind(joined.as_ref().unwrap_or(&pending.request))
    .bind(pending.delivery.received_at.0)
    .execute(connection)
    .await?;
    Ok(Some(JobId(id)))
}

/// The sender's id as the database holds it; ids are only compared, so that the sign means nothing.
fn sender(delivery: &NewDelivery) -> i64 {
    delivery.request.sender.id.0.cast_signed()
}

/// Queues a job for a request, which is also given as it is saved: whose it is and when it is due.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    request: &Request,
    saved: &str,
    (sender, due): (i64, Millis),
) -> Result<JobId, sqlx::Error> {
    let repository = &request.thread.repository;
    let installation = repository.installation.map(|id| id.0.cast_signed());
    let row = sqlx::query(
        "INSERT INTO job (subject, lane, repository, installation, sender, request, state, run_at, \
         created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'ready', ?7, ?7, ?7) RETURNING id",
    )
    .bind(request.thread.subject())
    .bind(request.trigger.lane().as_str())
    .bind(repository.key())
    .bind(installation)
    .bind(sender)
    .bind(saved)
    .bind(due.0)
    .fetch_one(connection)
    .await?;
    Ok(JobId(row.try_get(0)?))
}

/// Queues the failed job of a known delivery again from its beginning, once: redelivering is the
/// retry button.
async fn rearm(
    connection: &mut SqliteConnection,
    job: JobId,
    delivery: &NewDelivery,
) -> Result<Accepted, sqlx::Error> {
    let armed = sqlx::query(
        "UPDATE job SET state = 'ready', rearmed = 1, attempts = 0, run_at = ?2, updated_at = ?2, \
         commit_sha = NULL, body = NULL, document = NULL, revision = NULL, reason = '' \
         WHERE id = ?1 AND state = 'failed' AND rearmed = 0 AND NOT EXISTS \
         (SELECT 1 FROM job AS other WHERE other.subject = job.subject AND other.lane = job.lane \
          AND other.sender = job.sender AND other.state = 'ready')",
    )
    .bind(job.0)
    .bind(delivery.received_at.0)
    .execute(connection)
    .await?;
    Ok(if armed.rows_affected() == 1 {
        Accepted::Rearmed(job)
    } else {
        Accepted::Duplicate
    })
}
