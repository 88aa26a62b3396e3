//! `planwright action`: a step in a run of a workflow, for people who cannot host the bot.
//!
//! What started the run is judged as a webhook would be, and worked on by the same code over a store that
//! lasts as long as the step, or is handed on to the next run of the thread. Nothing of a checked-out repository is read or run: code comes through the
//! forge's API, and settings from variables or from a file that is named.

mod memory;
mod report;
mod scratch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local;
use crate::cli::one_job::{self, store_failed};
use crate::cli::printer::Printer;
use crate::cli::recorded::Recorded;
use crate::cli::thread_url::comment_url;
use crate::config::{self, Loaded, Severity, WorkflowRun};
use crate::domain::request::{Lane, Request};
use crate::domain::thread::CommentId;
use crate::forge;
use crate::forge::github::{webhook, workflow};
use crate::service::App;
use crate::service::intake::{Outcome, Verdict};
use crate::store::{JobState, JobSummary};
use crate::telemetry;

use report::Report;
use scratch::Scratch;

/// Plan for the issue or pull request whose event started this run of a workflow. Reads the event from
/// the file that the runner names, comments with the run's token, and runs no code of the repository.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example, as a step of a workflow:\n  planwright action\n\nNeeds GITHUB_TOKEN with `contents: read`, `issues: write` and `pull-requests: write`. Settings come from\nPLANWRIGHT_… variables, such as PLANWRIGHT_MODEL__PROVIDER. Exit status: 0 when a plan was posted or\nnothing was asked, 1 when the plan failed."
)]
pub(super) struct ActionArguments {
    /// Configuration file; without this none is read, whatever lies in this folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// How a step ended.
enum End {
    /// Nothing was to be done, and why.
    Nothing(String),
    /// It was asked for something that was done without a comment.
    Done(String),
    /// A comment stands in the thread.
    Posted { comment: CommentId, url: String },
    /// There is no plan, and why.
    Failed(String),
}

pub(super) async fn run(
    arguments: ActionArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let (loaded, run) = config::load_for_workflow(arguments.config.as_deref())
        .map_err(|error| Failure::usage(error, "the configuration cannot be used"))?;
    let problems = config::check(&loaded).into_iter();
    let mut wrong = problems.filter(|problem| problem.severity == Severity::Error);
    if let Some(problem) = wrong.next() {
        return Err(Failure::wrong(problem.to_string()));
    }
    telemetry::start_logs(&loaded.settings.log, compose::log_redactor(&loaded))
        .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    let report = Report::new(&run);
    match act(loaded, &run, printer).await {
        Ok(end) => report.tell(&end, printer),
        Err(failure) => {
            report.tell_failure()?;
            Err(failure)
        }
    }
}

/// Judges the event, and does what it asks for.
async fn act(loaded: Loaded, run: &WorkflowRun, printer: &Printer) -> Result<End, Failure> {
    let body = local::read_text(&run.event_path)?;
    let may_only_read = reads_only(&run.event_name) && workflow::is_from_fork(body.as_bytes());
    let host = compose::github::origins(&loaded.settings.github)?.host();
    let recorded = Recorded {
        event: event_of(&run.event_name).to_owned(),
        delivery: None,
        body,
    };
    let (headers, verified) = recorded.verified()?;
    let event = webhook::parse(&verified, &headers, &host)
        .map_err(|error| Failure::usage(error, "the event cannot be understood"))?;
    let scratch = Scratch::new(run, &host)?;
    let forges = compose::github::forges_of_run(&loaded, run)?;
    let store = scratch.open_store().await?;
    let app = Arc::new(compose::open(loaded, forges, store)?);
    let intake = compose::intake(&app.settings, &app.store, &app.metrics, &app.redactor);
    let key = webhook::delivery_key(&verified, &headers, &host);
    let ended = match intake.judge(event) {
        Verdict::Ignore(why) => Ok(nothing(why)),
        Verdict::Follow(_) => Ok(nothing("nobody asks for anything")),
        Verdict::Ask(request) if may_only_read => Ok(End::Failed(read_only(&request))),
        Verdict::Ask(request) => {
            require_own(&request, run)?;
            let verdict = Verdict::Ask(request.clone());
            let saved = intake.save(verdict, key, compose::now()).await;
            match saved.map_err(store_failed)? {
                Outcome::Ignored(why) => Ok(nothing(why)),
                _ => serve(&app, &request, printer).await,
            }
        }
    };
    let closed = scratch.close(app.store.as_ref()).await;
    // A comment that stands is told, whatever becomes of the memory.
    let ended = ended?;
    if let Err(failure) = closed {
        printer.error(&failure);
    }
    Ok(ended)
}

/// Works on the only job that there is.
async fn serve(app: &Arc<App>, request: &Request, printer: &Printer) -> Result<End, Failure> {
    let jobs = app.store.jobs(1).await.map_err(store_failed)?;
    let job = jobs
        .first()
        .ok_or_else(|| Failure::failed("the request that was saved is not there any more"))?;
    let ended = one_job::finish(app, job.id, printer).await?;
    let JobSummary { state, reason, .. } = ended;
    match state {
        JobState::Done => Ok(End::Done(reason)),
        JobState::Failed => Ok(End::Failed(reason)),
        JobState::Abandoned if reason.starts_with(forge::REFUSED) => Err(Failure::failed(reason)
            .hint(
                "the job of the workflow needs `permissions: contents: read, issues: write, \
                 pull-requests: write`",
            )),
        JobState::Abandoned => Ok(nothing(&reason)),
        JobState::Published | JobState::Ready | JobState::Running => posted(app, request).await,
    }
}

/// The comment that stands in the thread; without a document it is a notice that there is no plan.
async fn posted(app: &App, request: &Request) -> Result<End, Failure> {
    let published = app.store.published(&request.thread).await;
    let Some(published) = published.map_err(store_failed)? else {
        return Err(Failure::failed("the comment that was posted is not known"));
    };
    let wants_plan = request.trigger.lane() == Lane::Plan;
    let url = comment_url(
        &app.settings.github.web_url,
        &request.thread,
        published.comment,
    );
    if wants_plan && published.document.is_none() {
        return Ok(End::Failed(format!("the comment says why: {url}")));
    }
    Ok(End::Posted {
        comment: published.comment,
        url,
    })
}

fn nothing(why: &str) -> End {
    End::Nothing(why.to_owned())
}

/// The webhook's name for the event of a run: `pull_request_target` brings the same payload.
fn event_of(name: &str) -> &str {
    match name {
        "pull_request_target" => "pull_request",
        name => name,
    }
}

/// Whether runs for such an event get a token that can only read when they come from a fork.
fn reads_only(event: &str) -> bool {
    event.starts_with("pull_request") && event != "pull_request_target"
}

fn read_only(request: &Request) -> String {
    format!(
        "the token of a run for a fork's pull request can only read; comment `/plan` in #{}, or let \
         the workflow run on `issue_comment` or `pull_request_target`",
        request.thread.number.0
    )
}

/// Passes when the event is of the repository whose workflow this is.
fn require_own(request: &Request, run: &WorkflowRun) -> Result<(), Failure> {
    let name = request.thread.repository.name.to_string();
    if name.eq_ignore_ascii_case(&run.repository) {
        return Ok(());
    }
    let hint = "GITHUB_REPOSITORY and GITHUB_EVENT_PATH belong to the same run";
    Err(Failure::wrong("the event is of another repository").hint(hint))
}
