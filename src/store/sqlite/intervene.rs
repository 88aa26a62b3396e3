//! What operators do with jobs by hand.

use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, Row};

use crate::store::sqlite::look::read_state;
use crate::store::sqlite::{discard, unavailable};
use crate::store::{Intervention, JobId, Millis, StoreError};

const RETRYING: &str = "retrying a job";
const CANCELLING: &str = "cancelling a job";

/// A job that begins anew keeps nothing of what earlier attempts saved but the doubt whether one of
/// them posted.
const RETRY: &str = "UPDATE job SET state = 'ready', attempts = 0, run_at = ?2, updated_at = ?2, \
    reason = '', commit_sha = NULL, body = NULL, document = NULL, revision = NULL WHERE id = ?1";

/// A higher token takes the lease from whoever holds it.
pub(super) const CANCEL: &str = "UPDATE job SET state = 'abandoned', reason = ?3, token = token + 1, \
    lease_until = 0, body = NULL, document = NULL, updated_at = ?2 WHERE id = ?1";

/// Whether another job of the same thread, lane and sender waits.
const HAS_WAITING: &str = "SELECT 1 FROM job AS own JOIN job AS other \
    ON other.subject = own.subject AND other.lane = own.lane AND other.sender = own.sender \
    AND other.id <> own.id \
    WHERE own.id = ? AND other.state = 'ready'";

/// Makes a job due.
pub(super) async fn retry(
    pool: &SqlitePool,
    id: JobId,
    now: Millis,
) -> Result<Intervention, StoreError> {
    let failed = unavailable(RETRYING);
    let mut connection = pool.acquire().await.map_err(&failed)?;
    match write_retry(&mut connection, id, now).await {
        Ok(done) => done.judge(),
        Err(error) => {
            discard(connection).await;
            Err(failed(error))
        }
    }
}

/// Abandons a job.
pub(super) async fn cancel(
    pool: &SqlitePool,
    id: JobId,
    now: Millis,
    reason: &str,
) -> Result<Intervention, StoreError> {
    let failed = unavailable(CANCELLING);
    let mut connection = pool.acquire().await.map_err(&failed)?;
    match write_cancel(&mut connection, id, now, reason).await {
        Ok(done) => done.judge(),
        Err(error) => {
            discard(connection).await;
            Err(failed(error))
        }
    }
}

/// What was found, and what was done about it.
enum Found {
    Nothing,
    Done,
    Superseded,
    /// A state, as the database spells it, in which nothing was done.
    Unfit(String),
}

impl Found {
    fn judge(self) -> Result<Intervention, StoreError> {
        Ok(match self {
            Self::Nothing => Intervention::Missing,
            Self::Done => Intervention::Done,
            Self::Superseded => Intervention::Superseded,
            Self::Unfit(state) => Intervention::Unfit(read_state(&state)?),
        })
    }
}

async fn write_retry(
    connection: &mut SqliteConnection,
    id: JobId,
    now: Millis,
) -> Result<Found, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let Some(state) = find_state(&mut transaction, id).await? else {
        return Ok(Found::Nothing);
    };
    match state.as_str() {
        "ready" | "failed" | "abandoned" => {}
        _ => return Ok(Found::Unfit(state)),
    }
    let waiting = sqlx::query(HAS_WAITING).bind(id.0);
    if waiting.fetch_optional(&mut *transaction).await?.is_some() {
        return Ok(Found::Superseded);
    }
    let write = sqlx::query(RETRY).bind(id.0).bind(now.0);
    write.execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Found::Done)
}

async fn write_cancel(
    connection: &mut SqliteConnection,
    id: JobId,
    now: Millis,
    reason: &str,
) -> Result<Found, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let Some(state) = find_state(&mut transaction, id).await? else {
        return Ok(Found::Nothing);
    };
    match state.as_str() {
        "ready" | "running" => {}
        _ => return Ok(Found::Unfit(state)),
    }
    let write = sqlx::query(CANCEL).bind(id.0).bind(now.0).bind(reason);
    write.execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Found::Done)
}

async fn find_state(
    connection: &mut SqliteConnection,
    id: JobId,
) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query("SELECT state FROM job WHERE id = ?")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}
