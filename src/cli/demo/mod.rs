//! `planwright demo`: the whole bot at work, on a forge in a box.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use secrecy::SecretString;

use crate::cli::compose::{self, Running};
use crate::cli::failure::Failure;
use crate::cli::local::{Local, explain_git};
use crate::cli::printer::Printer;
use crate::cli::demo::suggestion::Suggestion;
use crate::config::Settings;
use crate::repository::git::{GitError, GitRepository};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::shutdown;
use crate::telemetry;

mod suggestion;

/// The sandbox's user with the right to ask.
const MAINTAINER: &str = "maintainer";

/// Longest wait for the comment, on a very large repository and a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Show the whole bot at work: a signed webhook comes in, the repository is read through the
/// forge's HTTP API, and a comment is posted. Needs no configuration and no network.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  planwright demo\n  planwright demo --repo ../other --once")]
pub(super) struct DemoArguments {
    /// Git repository to plan for
    #[arg(long, value_name = "DIR", default_value = ".")]
    repo: PathBuf,
    /// Print the comment and exit
    #[arg(long)]
    once: bool,
    /// Port of the web page; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
}

pub(super) async fn run(
    arguments: DemoArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let repository = GitRepository::open(&arguments.repo)
        .await
        .map_err(explain_git)?;
    let mut settings = super::config::load(&super::ConfigFile { file: None })?.settings;
    if !arguments.once {
        telemetry::start(&settings.log)
            .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    }
    let issue = suggest(&arguments, &settings, printer).await?;
    let sandbox = start_sandbox(repository, &arguments).await?;
    let folder = Scratch::new()?;
    connect(&mut settings, &sandbox, &folder.path);
    let running = compose::start(settings, false).await?;
    sandbox.set_webhook_url(&format!("http://{}/webhooks/github", running.public));
    let shown = show(&sandbox, &issue, &arguments, printer).await;
    if shown.is_ok() && !arguments.once {
        wait_on_page(&sandbox, printer).await;
    }
    stop(running, sandbox).await;
    shown.map(|()| ExitCode::SUCCESS)
}

/// Opens the issue, labels it, and prints what the bot answers.
async fn show(
    sandbox: &Sandbox,
    issue: &Suggestion,
    arguments: &DemoArguments,
    printer: &Printer,
) -> Result<(), Failure> {
    let progress = printer.progress("waiting for the bot's comment");
    let number = sandbox.open_issue(MAINTAINER, &issue.title, &issue.body);
    sandbox.label(number, "plan", MAINTAINER);
    let comment = sandbox.wait_for_bot_comment(number, PATIENCE).await;
    progress.finish_and_clear();
    match comment {
        Some(comment) => printer.data(&comment),
        None => {
            let seconds = PATIENCE.as_secs();
            let cause = anyhow::Error::msg(format!("no comment came within {seconds} seconds"));
            let failure = Failure::environment(cause, "the bot did not answer");
            Err(if arguments.once {
                failure.hint("run `planwright demo` without `--once` to see its log")
            } else {
                failure.hint("the log above says what went wrong")
            })
        }
    }
}

async fn wait_on_page(sandbox: &Sandbox, printer: &Printer) {
    printer.note(&format!(
        "\nThe forge's page is at {} until you press Ctrl-C: open an issue there, put the label \
         `plan` on it, or comment `/plan`.",
        sandbox.web_url()
    ));
    shutdown::wait_for_signal().await;
}

/// An issue that makes sense for this repository; a general one when it has no code yet.
async fn suggest(
    arguments: &DemoArguments,
    settings: &Settings,
    printer: &Printer,
) -> Result<Suggestion, Failure> {
    let local = Local {
        repo: arguments.repo.clone(),
        at: "HEAD".to_owned(),
    };
    let repository = GitRepository::open(&arguments.repo)
        .await
        .map_err(explain_git)?;
    match repository.resolve(&local.at).await {
        Ok(_) => {
            let index = local.read(settings, printer).await?;
            Ok(suggestion::suggest(&index))
        }
        Err(GitError::NoCommits) => Ok(suggestion::general()),
        Err(error) => Err(explain_git(error)),
    }
}

async fn start_sandbox(
    repository: GitRepository,
    arguments: &DemoArguments,
) -> Result<Sandbox, Failure> {
    let options = SandboxOptions {
        full_name: full_name(repository.directory()),
        repository,
        port: arguments.port,
    };
    Sandbox::start(options)
        .await
        .map_err(|error| Failure::environment(error, "the forge in a box could not be started"))
}

/// `sandbox/<folder>`, with what cannot stand in a repository's name replaced.
fn full_name(directory: &Path) -> String {
    let folder = directory
        .canonicalize()
        .ok()
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .unwrap_or_default();
    let cleaned: String = folder
        .trim_end_matches(".git")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect();
    let name = cleaned.trim_matches('.');
    let name = if name.is_empty() { "repository" } else { name };
    format!("sandbox/{name}")
}

/// Points the bot at the sandbox, as an operator would with a configuration file.
fn connect(settings: &mut Settings, sandbox: &Sandbox, folder: &Path) {
    settings.server.listen = "127.0.0.1:0".to_owned();
    settings.store.url = format!("sqlite:{}", folder.join("demo.db").display());
    settings.github.api_url = sandbox.api_url();
    settings.github.web_url = sandbox.web_url();
    settings.github.app_id = sandbox.app_id();
    settings.github.private_key = SecretString::from(sandbox.private_key_pem());
    settings.github.webhook_secrets = vec![SecretString::from(sandbox.webhook_secret())];
}

/// A folder that goes away with this value.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let random = config::random_name();
        let path = std::env::temp_dir().join(format!("planwright-demo-{random}"));
        std::fs::create_dir(&path)
            .map_err(|error| Failure::environment(error, "no temporary folder could be made"))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the system's temporary folder is cleared by the system.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

async fn stop(running: Running, sandbox: Sandbox) {
    running.stop().await;
    sandbox.stop().await;
}
