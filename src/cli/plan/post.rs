//! Posting a plan: a job of the ordinary queue, and waiting for its end.
//!
//! The job is saved before it is worked on, so that it is finished by the next process on the same
//! store when this one is ended, and so that a `serve` beside it never works on the same thread.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::one_job::{self, store_failed};
use crate::cli::plan::issue::explain;
use crate::cli::printer::Printer;
use crate::cli::thread_url::comment_url;
use crate::domain::request::{Request, Trigger};
use crate::domain::thread::{Author, AuthorKind, ThreadAddress, UserId};
use crate::service::App;
use crate::service::intake::without_secrets;
use crate::store::{Accepted, JobId, JobState, NewDelivery};

/// Newest jobs among which the one is looked for that makes the same plan already.
const SEARCHED_JOBS: u32 = 1_000;

/// Newest comments among which the published one is looked for; GitHub stops commenting at 2,500.
const SEARCHED_COMMENTS: usize = 3_000;

/// Has the plan made and posted, and prints the comment or tells why there is none.
pub(super) async fn publish(
    app: &Arc<App>,
    at: &ThreadAddress,
    focus: String,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let job = queue(app, at, focus).await?;
    printer.note(&format!("job {} makes the plan", job.0));
    let job = one_job::finish(app, job, printer).await?;
    match job.state {
        JobState::Abandoned => Err(Failure::refused(format!(
            "nothing was posted: {}",
            job.reason
        ))),
        JobState::Failed => Err(Failure::failed(format!(
            "nothing was posted: {}",
            job.reason
        ))),
        JobState::Published | JobState::Done | JobState::Ready | JobState::Running => {
            print_published(app, at, printer).await
        }
    }
}

/// Saves the wish and returns the job that grants it.
async fn queue(app: &App, at: &ThreadAddress, focus: String) -> Result<JobId, Failure> {
    let request = Request {
        thread: at.clone(),
        sender: operator(),
        trigger: Trigger::Operator { focus },
    };
    let delivery = NewDelivery {
        key: fresh_key()?,
        request: without_secrets(request, &app.redactor),
        received_at: compose::now(),
        limit: None,
    };
    match app.store.accept(delivery).await.map_err(store_failed)? {
        Accepted::Queued(job) | Accepted::Joined(job) | Accepted::Rearmed(job) => Ok(job),
        Accepted::Duplicate | Accepted::TooMany => find_same(app, at).await,
    }
}

/// The job that grants the same wish, which was told by another command shortly before.
async fn find_same(app: &App, at: &ThreadAddress) -> Result<JobId, Failure> {
    let subject = at.subject();
    let jobs = app.store.jobs(SEARCHED_JOBS).await.map_err(store_failed)?;
    let same = jobs.into_iter().find(|job| job.subject == subject);
    same.map(|job| job.id).ok_or_else(|| {
        Failure::failed("a plan for this thread is being made, and its job was not found")
            .hint("look at the thread in a moment")
    })
}

/// Prints what stands in the thread now.
async fn print_published(
    app: &App,
    at: &ThreadAddress,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let unknown = || Failure::failed("the plan was posted, and its comment is not there any more");
    let published = app.store.published(at).await.map_err(store_failed)?;
    let id = published.ok_or_else(unknown)?.comment;
    let forge = app.forges.find(&at.repository).ok_or_else(unknown)?;
    let comments = forge.comments(at, SEARCHED_COMMENTS).await;
    let comment = comments
        .map_err(explain)?
        .into_iter()
        .find(|comment| comment.id == id)
        .ok_or_else(unknown)?;
    if let Some(web_url) = app.forges.web_url(&at.repository) {
        printer.note(&comment_url(web_url, at, id));
    }
    printer.data(&comment.body)?;
    Ok(ExitCode::SUCCESS)
}

/// Whoever sits at this machine; no account of the forge.
fn operator() -> Author {
    Author {
        id: UserId(0),
        login: "operator".to_owned(),
        kind: AuthorKind::Human,
    }
}

/// A key that no other delivery has: each call of the command is a wish of its own.
fn fresh_key() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Failure::failed("the system gives no random bytes"))?;
    Ok(format!("cli:{}", hex::encode(bytes)))
}
