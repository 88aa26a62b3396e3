//! What follows from events that ask for nothing: wishes taken back, threads closed or gone, code moved.

use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{Connection, Row};

use crate::domain::repository::{CommitSha, ForgeKind};
use crate::domain::request::{Request, Trigger, Withdrawn};
use crate::domain::thread::{RepositoryAddress, ThreadAddress};
use crate::store::sqlite::{accept, discard, intervene, saved, unavailable};
use crate::store::{Change, JobId, Millis, Pace, StoreError};

/// What this file does, for errors.
pub(super) const DOING: &str = "following an event";

/// Why jobs end that are ended here.
const WITHDRAWN: &str = "the request was taken back";
const GONE: &str = "the thread is gone";
const OUT_OF_REACH: &str = "the repository is out of reach";

/// The sender of jobs that nobody asked for; forges give no such id.
pub(super) const NOBODY: i64 = -1;

/// The threads of a repository that are checked when its default branch moves.
const CHECKED: &str = "SELECT request FROM thread WHERE repository = ?1 AND open = 1 AND change = 0 \
    AND revision > 0 AND document IS NOT NULL ORDER BY updated_at DESC LIMIT ?2";

/// Follows a change in one transaction.
pub(super) async fn follow(
    pool: &SqlitePool,
    change: &Change,
    now: Millis,
) -> Result<u64, StoreError> {
    let mut connection = pool.acquire().await.map_err(unavailable(DOING))?;
    match write(&mut connection, change, now).await {
        Ok(touched) => Ok(touched),
        Err(error) => {
            discard(connection).await;
            Err(unavailable(DOING)(error))
        }
    }
}

async fn write(
    connection: &mut SqliteConnection,
    change: &Change,
    now: Millis,
) -> Result<u64, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let touched = match change {
        Change::Withdraw { thread, which } => {
            withdraw(&mut transaction, thread, which, now).await?
        }
        Change::Standing { thread, open } => {
            stand(&mut transaction, &thread.subject(), *open).await?
        }
        Change::Gone { thread } => forget(&mut transaction, &thread.subject(), now).await?,
        Change::RepositoriesGone {
            host,
            repositories,
            installation,
        } => {
            let mut touched = 0;
            for id in repositories {
                // Only GitHub tells such a thing.
                let key = format!("{}:{host}:{}", ForgeKind::GitHub, id.0);
                let owner = Owner::Repository(&key, installation.map(|id| id.0.cast_signed()));
                touched += forget_where(&mut transaction, owner, now).await?;
            }
            touched
        }
        Change::InstallationGone { installation } => {
            let owner = Owner::Installation(installation.0.cast_signed());
            forget_where(&mut transaction, owner, now).await?
        }
        Change::InstallationBack { installation } => {
            release(&mut transaction, installation.0.cast_signed(), now).await?
        }
        Change::Pushed {
            repository,
            tip,
            pace,
        } => check_all(&mut transaction, repository, tip, (pace, now)).await?,
        Change::HeadMoved { thread, tip, pace } => {
            check_one(&mut transaction, thread, tip, now.plus(pace.delay)).await?
        }
    };
    transaction.commit().await?;
    Ok(touched)
}

/// Ends the jobs of a thread whose wishes were taken back.
async fn withdraw(
    connection: &mut SqliteConnection,
    thread: &ThreadAddress,
    which: &Withdrawn,
    now: Millis,
) -> Result<u64, sqlx::Error> {
    let subject = thread.subject();
    let rows = sqlx::query(
        "SELECT id, state, posting, request FROM job \
         WHERE subject = ? AND state IN ('ready', 'running') AND lane <> 'cancel'",
    )
    .bind(&subject)
    .fetch_all(&mut *connection)
    .await?;
    let mut ended = 0;
    let mut said = None;
    for row in &rows {
        let request: String = row.try_get("request")?;
        let Ok(request) = saved::read(&request) else {
            continue;
        };
        if !which.covers(&request.trigger) {
            continue;
        }
        let id = JobId(row.try_get("id")?);
        end(connection, id, WITHDRAWN, now).await?;
        ended += 1;
        if has_said_something(row)? {
            said = Some(id);
        }
    }
    if let Some(job) = said {
        queue_mending(connection, job, now).await?;
    }
    Ok(ended)
}

/// Whether a job may have written that it works.
fn has_said_something(row: &SqliteRow) -> Result<bool, sqlx::Error> {
    let (state, posting): (String, bool) = (row.try_get("state")?, row.try_get("posting")?);
    Ok(state == "running" || posting)
}

/// Queues a job that mends what the thread of `job` says of work that has ended.
pub(super) async fn queue_mending(
    connection: &mut SqliteConnection,
    job: JobId,
    now: Millis,
) -> Result<(), sqlx::Error> {
    let row = sqlx::query("SELECT request FROM job WHERE id = ?")
        .bind(job.0)
        .fetch_one(&mut *connection)
        .await?;
    let request: String = row.try_get(0)?;
    if let Ok(request) = saved::read(&request) {
        let mending = Request::of_nobody(request.thread, Trigger::Withdrawn);
        queue(connection, &mending, now).await?;
    }
    Ok(())
}

async fn stand(
    connection: &mut SqliteConnection,
    subject: &str,
    open: bool,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("UPDATE thread SET open = ?2 WHERE subject = ?1 AND open <> ?2")
        .bind(subject)
        .bind(open)
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// Ends all jobs of a thread and forgets its comment.
async fn forget(
    connection: &mut SqliteConnection,
    subject: &str,
    now: Millis,
) -> Result<u64, sqlx::Error> {
    let rows =
        sqlx::query("SELECT id FROM job WHERE subject = ? AND state IN ('ready', 'running')")
            .bind(subject)
            .fetch_all(&mut *connection)
            .await?;
    for row in &rows {
        end(connection, JobId(row.try_get(0)?), GONE, now).await?;
    }
    let gone = sqlx::query("DELETE FROM thread WHERE subject = ?")
        .bind(subject)
        .execute(connection)
        .await?;
    Ok(rows.len() as u64 + gone.rows_affected())
}

/// To whom threads belong that are forgotten together.
#[derive(Clone, Copy)]
enum Owner<'a> {
    /// A repository, as far as it is one installation's, if that is given.
    Repository(&'a str, Option<i64>),
    Installation(i64),
}

impl Owner<'_> {
    fn statements(self) -> (&'static str, &'static str) {
        match self {
            Self::Repository(..) => (
                "SELECT id FROM job WHERE repository = ?1 AND state IN ('ready', 'running') \
                 AND (?2 IS NULL OR installation IS NULL OR installation = ?2)",
                "DELETE FROM thread WHERE repository = ?1 \
                 AND (?2 IS NULL OR installation IS NULL OR installation = ?2)",
            ),
            Self::Installation(_) => (
                "SELECT id FROM job WHERE installation = ?1 AND state IN ('ready', 'running')",
                "DELETE FROM thread WHERE installation = ?1",
            ),
        }
    }
}

async fn forget_where(
    connection: &mut SqliteConnection,
    owner: Owner<'_>,
    now: Millis,
) -> Result<u64, sqlx::Error> {
    let (jobs, threads) = owner.statements();
    let (jobs, threads) = (sqlx::query(jobs), sqlx::query(threads));
    let (jobs, threads) = match owner {
        Owner::Repository(key, of) => (jobs.bind(key).bind(of), threads.bind(key).bind(of)),
        Owner::Installation(id) => (jobs.bind(id), threads.bind(id)),
    };
    let rows = jobs.fetch_all(&mut *connection).await?;
    for row in &rows {
        end(connection, JobId(row.try_get(0)?), OUT_OF_REACH, now).await?;
    }
    let gone = threads.execute(connection).await?;
    Ok(rows.len() as u64 + gone.rows_affected())
}

/// Makes the jobs of an installation due that wait for a time to come.
async fn release(
    connection: &mut SqliteConnection,
    installation: i64,
    now: Millis,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE job SET run_at = ?2, updated_at = ?2 \
         WHERE installation = ?1 AND state = 'ready' AND run_at > ?2 AND lane <> 'check'",
    )
    .bind(installation)
    .bind(now.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Queues a check of every open issue of a repository that has a plan, those planned last first.
async fn check_all(
    connection: &mut SqliteConnection,
    repository: &RepositoryAddress,
    tip: &CommitSha,
    (pace, now): (&Pace, Millis),
) -> Result<u64, sqlx::Error> {
    let rows = sqlx::query(CHECKED)
        .bind(repository.key())
        .bind(pace.most)
        .fetch_all(&mut *connection)
        .await?;
    let mut queued = 0;
    for row in &rows {
        let request: String = row.try_get(0)?;
        let Ok(request) = saved::read(&request) else {
            continue;
        };
        // The event has the newest name.
        let thread = ThreadAddress {
            repository: repository.clone(),
            ..request.thread
        };
        let position = u32::try_from(queued).unwrap_or(u32::MAX);
        let due = now.plus(pace.delay).plus(pace.gap.saturating_mul(position));
        let check = Request::of_nobody(thread, Trigger::Push { tip: tip.clone() });
        queue(connection, &check, due).await?;
        queued += 1;
    }
    Ok(queued)
}

/// Queues a check of a change request that has a plan.
async fn check_one(
    connection: &mut SqliteConnection,
    thread: &ThreadAddress,
    tip: &CommitSha,
    due: Millis,
) -> Result<u64, sqlx::Error> {
    let planned = sqlx::query(
        "SELECT 1 FROM thread WHERE subject = ? AND open = 1 AND revision > 0 \
         AND document IS NOT NULL",
    )
    .bind(thread.subject())
    .fetch_optional(&mut *connection)
    .await?;
    if planned.is_none() {
        return Ok(0);
    }
    let check = Request::of_nobody(thread.clone(), Trigger::Push { tip: tip.clone() });
    queue(connection, &check, due).await?;
    Ok(1)
}

/// Queues a job that nobody asked for; one that waits already takes the newer request and keeps its
/// place.
async fn queue(
    connection: &mut SqliteConnection,
    request: &Request,
    due: Millis,
) -> Result<(), sqlx::Error> {
    let text = saved::write(request).map_err(sqlx::Error::Protocol)?;
    let waiting = sqlx::query(
        "UPDATE job SET request = ?2 WHERE subject = ?1 AND lane = ?3 AND sender = ?4 \
         AND state = 'ready'",
    )
    .bind(request.thread.subject())
    .bind(&text)
    .bind(request.trigger.lane().as_str())
    .bind(NOBODY)
    .execute(&mut *connection)
    .await?;
    if waiting.rows_affected() == 0 {
        accept::insert(connection, request, &text, (NOBODY, due)).await?;
    }
    Ok(())
}

async fn end(
    connection: &mut SqliteConnection,
    job: JobId,
    why: &str,
    now: Millis,
) -> Result<(), sqlx::Error> {
    sqlx::query(intervene::CANCEL)
        .bind(job.0)
        .bind(now.0)
        .bind(why)
        .execute(connection)
        .await
        .map(drop)
}
