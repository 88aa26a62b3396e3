//! One job of the ordinary queue, worked on until its end.

use std::sync::Arc;
use std::time::Duration;

use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::service::App;
use crate::shutdown::Shutdown;
use crate::store::{JobId, JobState, JobSummary, StoreError};
use crate::worker;

/// Time between two looks at the job: another process may be the one that finishes it.
const POLL: Duration = Duration::from_millis(100);

/// Works until `job` has its end.
pub(super) async fn finish(
    app: &Arc<App>,
    job: JobId,
    printer: &Printer,
) -> Result<JobSummary, Failure> {
    let progress = printer.progress("planning and posting");
    let shutdown = Shutdown::new();
    worker::start(app, &shutdown, compose::now);
    let ended = wait(app, job).await;
    progress.set_message("finishing");
    shutdown.stop_and_wait(app.settings.worker.drain).await;
    progress.finish_and_clear();
    ended
}

/// Waits until a job has its end, as long as its attempts may take.
async fn wait(app: &App, job: JobId) -> Result<JobSummary, Failure> {
    let worker = &app.settings.worker;
    let longest = worker.job_timeout.saturating_mul(worker.max_attempts);
    let ended = async {
        loop {
            let summary = app.store.job(job).await.map_err(store_failed)?;
            let summary = summary
                .ok_or_else(|| Failure::failed(format!("job {} is gone from the store", job.0)))?;
            if !matches!(summary.state, JobState::Ready | JobState::Running) {
                return Ok(summary);
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(longest, ended).await.map_err(|_| {
        let seconds = longest.as_secs();
        Failure::failed(format!("job {} has no end after {seconds}s", job.0))
            .hint("it is still in the store: `planwright serve` goes on with it")
    })?
}

/// A failure of the store.
pub(super) fn store_failed(error: StoreError) -> Failure {
    Failure::environment(error, "the store failed")
}
