//! Saving deliveries: one task writes them, as many as are waiting in one transaction.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Row};
use tokio::sync::{mpsc, oneshot};

use crate::domain::request::Trigger;
use crate::store::sqlite::saved;
use crate::store::{Accepted, JobId, NewDelivery, StoreError};

/// Most deliveries of one transaction: 32 already give 4,900 rows a second on two cores.
const BATCH: usize = 64;

/// Deliveries waiting for the writer; more make their senders wait.
pub(super) const WAITING: usize = 1024;

const DOING: &str = "saving a delivery";

/// A delivery on its way to the disk, and where its fate is told.
pub(super) struct Pending {
    pub(super) delivery: NewDelivery,
    pub(super) done: oneshot::Sender<Result<Accepted, StoreError>>,
}

/// Writes deliveries until every sender is gone.
pub(super) async fn write_deliveries(pool: SqlitePool, mut queue: mpsc::Receiver<Pending>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let deliveries: Vec<_> = batch.iter().map(|pending| &pending.delivery).collect();
        let results = write_batch(&pool, &deliveries).await;
        match results {
            Ok(fates) => {
                for (pending, fate) in batch.drain(..).zip(fates) {
                    // Whoever hung up finds the delivery saved when it comes again.
                    let _ = pending.done.send(Ok(fate));
                }
            }
            Err(error) => {
                let why = error.to_string();
                for pending in batch.drain(..) {
                    let why = why.clone();
                    let _ = pending.done.send(Err(StoreError::Unavailable { doing: DOING, why }));
                }
            }
        }
    }
}

async fn write_batch(
    pool: &SqlitePool,
    deliveries: &[&NewDelivery],
) -> Result<Vec<Accepted>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut fates = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        fates.push(write_one(&mut transaction, delivery).await?);
    }
    transaction.commit().await?;
    Ok(fates)
}

async fn write_one(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
) -> Result<Accepted, sqlx::Error> {
    if let Some(known) = find_delivery(connection, &delivery.key).await? {
        return rearm(connection, known, delivery).await;
    }
    let wish = wish_key(delivery);
    if is_known_wish(connection, delivery, &wish).await? {
        return Ok(Accepted::Duplicate);
    }
    let request = saved::write(&delivery.request).map_err(|why| sqlx::Error::Encode(why.into()))?;
    let (job, joined) = queue(connection, delivery, &request).await?;
    for key in [&delivery.key, &wish] {
        sqlx::query("INSERT OR REPLACE INTO delivery (key, job_id, received_at) VALUES (?, ?, ?)")
            .bind(key)
            .bind(job.0)
            .bind(delivery.received_at.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(if joined {
        Accepted::Joined(job)
    } else {
        Accepted::Queued(job)
    })
}

/// The key under which a wish is known, whatever delivery tells it.
fn wish_key(delivery: &NewDelivery) -> String {
    format!("wish:{}", delivery.request.semantic_key())
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

/// A comment is one wish for ever; a label is one as long as a job serves it.
async fn is_known_wish(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
    wish: &str,
) -> Result<bool, sqlx::Error> {
    let Some(job) = find_delivery(connection, wish).await? else {
        return Ok(false);
    };
    if matches!(delivery.request.trigger, Trigger::Command { .. }) {
        return Ok(true);
    }
    let active = sqlx::query("SELECT 1 FROM job WHERE id = ? AND state IN ('ready', 'running')")
        .bind(job.0)
        .fetch_optional(connection)
        .await?;
    Ok(active.is_some())
}

/// Queues a job, or hands the request to the one that waits for the same thread.
async fn queue(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
    request: &str,
) -> Result<(JobId, bool), sqlx::Error> {
    let subject = delivery.request.thread.subject();
    let waiting = sqlx::query(
        "UPDATE job SET semantic_key = ?2, request = ?3, run_at = ?4, updated_at = ?4, \
         attempts = 0, commit_sha = NULL, body = NULL, revision = NULL, reason = '' \
         WHERE subject = ?1 AND state = 'ready' RETURNING id",
    )
    .bind(&subject)
    .bind(delivery.request.semantic_key())
    .bind(request)
    .bind(delivery.received_at.0)
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(row) = waiting {
        return Ok((JobId(row.try_get(0)?), true));
    }
    let row = sqlx::query(
        "INSERT INTO job (subject, semantic_key, request, state, run_at, created_at, updated_at) \
         VALUES (?1, ?2, ?3, 'ready', ?4, ?4, ?4) RETURNING id",
    )
    .bind(&subject)
    .bind(delivery.request.semantic_key())
    .bind(request)
    .bind(delivery.received_at.0)
    .fetch_one(connection)
    .await?;
    Ok((JobId(row.try_get(0)?), false))
}

/// Queues the failed job of a known delivery again, once: redelivering is the retry button.
async fn rearm(
    connection: &mut SqliteConnection,
    job: JobId,
    delivery: &NewDelivery,
) -> Result<Accepted, sqlx::Error> {
    let armed = sqlx::query(
        "UPDATE job SET state = 'ready', rearmed = 1, attempts = 0, run_at = ?2, updated_at = ?2, \
         reason = '' WHERE id = ?1 AND state = 'failed' AND rearmed = 0 AND NOT EXISTS \
         (SELECT 1 FROM job AS other WHERE other.subject = job.subject AND other.state = 'ready')",
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
