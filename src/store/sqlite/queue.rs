//! Claims, leases and ends of jobs.

use std::time::Duration;

use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use crate::domain::repository::{CommitSha, InstallationId};
use crate::store::sqlite::{corrupt, saved, settle, unavailable};
use crate::store::{Claim, JobId, Lease, Millis, Progress, Settlement, StoreError};

const CLAIMING: &str = "claiming a job";
const SAVING: &str = "saving progress";

/// Takes the job that is due first. A job of a thread that has one running is left alone, unless one of
/// the two ends others; one whose
/// lease ran out is taken over with a higher token. `posting` is told for the whole thread: what
/// another of its jobs may have posted matters as much. Where a comment of ours stands, the installation
/// that it was posted by works on, whichever of several told of the request. Each half is ordered by an index of its own,
/// so that a long queue makes no claim slower.
const CLAIM: &str = "UPDATE job SET state = 'running', attempts = attempts + 1, token = token + 1, \
    lease_until = ?2, updated_at = ?1, reason = '', installation = COALESCE(\
      (SELECT installation FROM thread WHERE thread.subject = job.subject), installation), \
    posting = EXISTS \
      (SELECT 1 FROM job AS other WHERE other.subject = job.subject AND other.posting = 1) \
    WHERE id = (SELECT id FROM (\
      SELECT * FROM (SELECT run_at, id FROM job AS due INDEXED BY job_due \
        WHERE state = 'ready' AND run_at <= ?1 AND NOT EXISTS (SELECT 1 FROM job AS other \
          WHERE other.subject = due.subject AND other.state = 'running' \
            AND (other.lane = 'cancel') = (due.lane = 'cancel')) \
        ORDER BY run_at, id LIMIT 1) \
      UNION ALL \
      SELECT run_at, id FROM job INDEXED BY job_leased \
        WHERE state = 'running' AND lease_until <= ?1) \
      ORDER BY run_at, id LIMIT 1) \
    RETURNING id, token, attempts, request, installation, commit_sha, body, document, \
    revision, posting";

/// Claims a job; ones that cannot be read are marked as failed and passed over.
pub(super) async fn claim(
    pool: &SqlitePool,
    now: Millis,
    lease: Duration,
) -> Result<Option<Claim>, StoreError> {
    loop {
        // All rows of the one: only a statement that ran to its end has committed.
        let row = sqlx::query(CLAIM)
            .bind(now.0)
            .bind(now.plus(lease).0)
            .fetch_all(pool)
            .await
            .map_err(unavailable(CLAIMING))?
            .pop();
        let Some(row) = row else { return Ok(None) };
        let lease = Lease {
            job: JobId(row.try_get("id").map_err(unavailable(CLAIMING))?),
            token: row.try_get("token").map_err(unavailable(CLAIMING))?,
        };
        match read_claim(&row, lease.clone()) {
            Ok(claim) => return Ok(Some(claim)),
            Err(error) => {
                tracing::error!(job.id = lease.job.0, %error, "a job cannot be read");
                let reason = error.to_string();
                settle::settle(pool, &lease, now, &Settlement::Failed { reason }).await?;
            }
        }
    }
}

fn read_claim(row: &SqliteRow, lease: Lease) -> Result<Claim, StoreError> {
    let text: String = row.try_get("request").map_err(unavailable(CLAIMING))?;
    let mut request = saved::read(&text).map_err(corrupt(CLAIMING))?;
    let installation: Option<i64> = row.try_get("installation").map_err(unavailable(CLAIMING))?;
    let installation = installation.map(|id| InstallationId(id.cast_unsigned()));
    request.thread.repository.installation = installation;
    let commit: Option<String> = row.try_get("commit_sha").map_err(unavailable(CLAIMING))?;
    let commit = commit
        .map(|sha| CommitSha::parse(&sha).map_err(|error| corrupt(CLAIMING)(error.to_string())))
        .transpose()?;
    Ok(Claim {
        lease,
        request,
        attempt: row.try_get("attempts").map_err(unavailable(CLAIMING))?,
        progress: Progress {
            commit,
            body: row.try_get("body").map_err(unavailable(CLAIMING))?,
            document: row.try_get("document").map_err(unavailable(CLAIMING))?,
            revision: row.try_get("revision").map_err(unavailable(CLAIMING))?,
            posting: row.try_get("posting").map_err(unavailable(CLAIMING))?,
        },
    })
}

/// Moves the end of a lease that is still ours.
pub(super) async fn extend(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    until: Millis,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE job SET lease_until = ?3, updated_at = ?4 \
         WHERE id = ?1 AND token = ?2 AND state = 'running'",
    )
    .bind(lease.job.0)
    .bind(lease.token)
    .bind(until.0)
    .bind(now.0)
    .execute(pool)
    .await
    .map_err(unavailable("extending a lease"))?;
    held(lease, result.rows_affected())
}

/// Writes down how far a job has come.
pub(super) async fn save_progress(
    pool: &SqlitePool,
    lease: &Lease,
    now: Millis,
    progress: &Progress,
) -> Result<(), StoreError> {
    let result = sqlx::query(
        "UPDATE job SET commit_sha = ?3, body = ?4, revision = ?5, posting = ?6, updated_at = ?7, \
         document = ?8 \
         WHERE id = ?1 AND token = ?2 AND state = 'running'",
    )
    .bind(lease.job.0)
    .bind(lease.token)
    .bind(progress.commit.as_ref().map(CommitSha::as_str))
    .bind(progress.body.as_deref())
    .bind(progress.revision)
    .bind(progress.posting)
    .bind(now.0)
    .bind(progress.document.as_deref())
    .execute(pool)
    .await
    .map_err(unavailable(SAVING))?;
    held(lease, result.rows_affected())
}

fn held(lease: &Lease, rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::LeaseLost(lease.job))
    }
}
