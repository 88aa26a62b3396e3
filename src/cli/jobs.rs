//! `planwright jobs`: what is queued, under way and done, and what a person may do about it.

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::sandbox::clock::iso;
use crate::store::{Intervention, JobId, JobState, JobSummary, Store, StoreError};
use crate::text::clean::printable;

/// Why a job that an operator ended was abandoned.
const CANCELLED: &str = "cancelled by an operator";

/// Look at the queue and act on it; a running `serve` on the same store takes notice.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  planwright jobs list --state failed\n  planwright jobs retry 17"
)]
pub(super) struct JobsArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print the newest jobs, a line for each
    #[command(after_help = "Example:\n  planwright jobs list --limit 100 --format json")]
    List(ListArguments),
    /// Print one job; exit status 1 when there is none
    #[command(after_help = "Example:\n  planwright jobs show 17")]
    Show(OneArguments),
    /// Work on a job at once that waits, failed or was abandoned; exit status 1 when it cannot be
    #[command(after_help = "Example:\n  planwright jobs retry 17")]
    Retry(OneArguments),
    /// End a job that waits or is under way; exit status 1 when it cannot be
    #[command(after_help = "Example:\n  planwright jobs cancel 17")]
    Cancel(OneArguments),
}

#[derive(Debug, clap::Args)]
struct ListArguments {
    /// Most jobs printed
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Only jobs in this state
    #[arg(long, value_enum)]
    state: Option<State>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct OneArguments {
    /// The job's number
    #[arg(value_name = "ID")]
    id: i64,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Output {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document for each job, a line each
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum State {
    /// Waits for a worker
    Ready,
    /// A worker is at it
    Running,
    /// Its comment is there
    Published,
    /// Nothing was to be posted
    Abandoned,
    /// Given up
    Failed,
}

impl From<State> for JobState {
    fn from(state: State) -> Self {
        match state {
            State::Ready => Self::Ready,
            State::Running => Self::Running,
            State::Published => Self::Published,
            State::Abandoned => Self::Abandoned,
            State::Failed => Self::Failed,
        }
    }
}

pub(super) async fn run(arguments: JobsArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    match arguments.action {
        Action::List(list) => self::list(&list, printer).await,
        Action::Show(one) => show(&one, printer).await,
        Action::Retry(one) => act(&one, Deed::Retry, printer).await,
        Action::Cancel(one) => act(&one, Deed::Cancel, printer).await,
    }
}

async fn list(arguments: &ListArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let store = open(&arguments.output).await?;
    let wanted = arguments.state.map(JobState::from);
    // Jobs of one state may lie far back among those of others.
    let searched = if wanted.is_some() {
        u32::MAX
    } else {
        arguments.limit
    };
    let jobs = store.jobs(searched).await.map_err(store_failed)?;
    let jobs = jobs
        .iter()
        .filter(|job| wanted.is_none_or(|state| job.state == state));
    for job in jobs.take(arguments.limit as usize) {
        match arguments.output.format {
            Format::Text => printer.data(&line(job))?,
            Format::Json => printer.json(&Shape::of(job))?,
        }
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn show(arguments: &OneArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let store = open(&arguments.output).await?;
    let job = store.job(JobId(arguments.id)).await.map_err(store_failed)?;
    store.close().await;
    let job = job.ok_or_else(|| missing(arguments.id))?;
    print(&job, arguments.output.format, printer)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Retry,
    Cancel,
}

async fn act(arguments: &OneArguments, deed: Deed, printer: &Printer) -> Result<ExitCode, Failure> {
    let store = open(&arguments.output).await?;
    let (id, now) = (JobId(arguments.id), compose::now());
    let done = match deed {
        Deed::Retry => store.retry(id, now).await,
        Deed::Cancel => store.cancel(id, now, CANCELLED).await,
    };
    let done = done.map_err(store_failed)?;
    let job = store.job(id).await.map_err(store_failed)?;
    store.close().await;
    match (done, job) {
        (Intervention::Done, Some(job)) => {
            print(&job, arguments.output.format, printer)?;
            Ok(ExitCode::SUCCESS)
        }
        (Intervention::Done | Intervention::Missing, _) => Err(missing(arguments.id)),
        (Intervention::Unfit(state), _) => Err(unfit(arguments.id, deed, state)),
        (Intervention::Superseded, _) => Err(Failure::refused(format!(
            "job {} is served by a newer one of the same thread and person, which waits",
            arguments.id
        ))),
    }
}

fn unfit(id: i64, deed: Deed, state: JobState) -> Failure {
    let word = state_word(state);
    match deed {
        Deed::Retry => Failure::refused(format!("job {id} is {word} and cannot be retried"))
            .hint("for another revision comment `/plan` in its thread"),
        Deed::Cancel => Failure::refused(format!("job {id} is {word} and has nothing to cancel")),
    }
}

fn missing(id: i64) -> Failure {
    Failure::refused(format!("there is no job {id}"))
        .hint("`planwright jobs list` shows those that are kept")
}

async fn open(output: &Output) -> Result<std::sync::Arc<dyn Store>, Failure> {
    let loaded = super::config::load(&output.config)?;
    let path = loaded.settings.store.url.sqlite_path();
    if !path.exists() {
        let message = format!("there is no store at `{}` yet", path.display());
        let hint = "`planwright serve` makes it; `--config` names the configuration that it uses";
        return Err(Failure::failed(message).hint(hint));
    }
    compose::open_store(&loaded.settings).await
}

fn store_failed(error: StoreError) -> Failure {
    Failure::environment(error, "the store failed")
}

fn print(job: &JobSummary, format: Format, printer: &Printer) -> Result<(), Failure> {
    match format {
        Format::Text => printer.data(&text(job)),
        Format::Json => printer.json(&Shape::of(job)),
    }
}

fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "ready",
        JobState::Running => "running",
        JobState::Published => "published",
        JobState::Done => "done",
        JobState::Abandoned => "abandoned",
        JobState::Failed => "failed",
    }
}

fn line(job: &JobSummary) -> String {
    let mut line = format!(
        "{:>6}  {:<9}  {}  {}",
        job.id.0,
        state_word(job.state),
        iso(job.updated_at),
        printable(&job.subject)
    );
    if !job.reason.is_empty() {
        line.push_str("  ");
        line.push_str(&printable(&job.reason));
    }
    line
}

fn text(job: &JobSummary) -> String {
    format!(
        "job:      {}\nthread:   {}\nstate:    {}\nattempts: {}\ncreated:  {}\nchanged:  {}\nreason:   {}",
        job.id.0,
        printable(&job.subject),
        state_word(job.state),
        job.attempts,
        iso(job.created_at),
        iso(job.updated_at),
        match job.reason.as_str() {
            "" => "none".into(),
            reason => printable(reason),
        }
    )
}

/// A job for scripts; its keys are a contract.
#[derive(Debug, Serialize)]
struct Shape<'a> {
    id: i64,
    thread: &'a str,
    state: &'static str,
    attempts: u32,
    created_at: String,
    updated_at: String,
    reason: &'a str,
}

impl<'a> Shape<'a> {
    fn of(job: &'a JobSummary) -> Self {
        Self {
            id: job.id.0,
            thread: &job.subject,
            state: state_word(job.state),
            attempts: job.attempts,
            created_at: iso(job.created_at),
            updated_at: iso(job.updated_at),
            reason: &job.reason,
        }
    }
}
