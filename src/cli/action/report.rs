//! What a step tells: a line, the exit status, the run's page, results for later steps.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::End;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::WorkflowRun;
use crate::render::{RunSummary, run_summary};
use crate::text::clean;

/// Where a step tells what came of it.
pub(super) struct Report {
    summary: Option<PathBuf>,
    output: Option<PathBuf>,
}

impl Report {
    pub(super) fn new(run: &WorkflowRun) -> Self {
        Self {
            summary: run.summary.clone(),
            output: run.output.clone(),
        }
    }

    /// Tells how the step ended.
    pub(super) fn tell(&self, end: &End, printer: &Printer) -> Result<ExitCode, Failure> {
        let (line, summary, outputs) = match end {
            End::Nothing(why) => {
                let outputs = outcome("nothing");
                (
                    format!("nothing to do: {why}"),
                    RunSummary::Nothing(why),
                    outputs,
                )
            }
            End::Done(what) => (what.clone(), RunSummary::Nothing(what), outcome("done")),
            End::Posted { comment, url } => {
                let id = comment.0;
                let more = format!("comment-id={id}\ncomment-url={url}\n");
                (
                    format!("posted: {url}"),
                    RunSummary::Posted(url),
                    outcome("posted") + &more,
                )
            }
            End::Failed(why) => (
                format!("no plan: {why}"),
                RunSummary::Failed(why),
                outcome("failed"),
            ),
        };
        self.write(&run_summary(&summary), &outputs)?;
        printer.data(&harmless(&line))?;
        Ok(match end {
            End::Failed(_) => ExitCode::from(1),
            End::Nothing(_) | End::Done(_) | End::Posted { .. } => ExitCode::SUCCESS,
        })
    }

    /// Tells that the step could not do its work; why is for its log.
    pub(super) fn tell_failure(&self) -> Result<(), Failure> {
        let why = "the log of the step says why";
        self.write(&run_summary(&RunSummary::Failed(why)), &outcome("failed"))
    }

    fn write(&self, summary: &str, outputs: &str) -> Result<(), Failure> {
        append(self.summary.as_deref(), summary)?;
        append(self.output.as_deref(), outputs)
    }
}

fn outcome(word: &str) -> String {
    format!("outcome={word}\n")
}

fn append(path: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(path) = path else {
        return Ok(());
    };
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Failure::environment(error, "a file of the runner could not be written"))
}

/// The line without what runners would take for commands of theirs.
fn harmless(line: &str) -> String {
    clean::printable(line)
        .replace("##[", "# #[")
        .replace("::", ": :")
}
