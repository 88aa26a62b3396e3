//! `planwright demo`: the whole bot at work, on a forge in a box.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::cli::compose;
use crate::cli::demo::suggestion::Suggestion;
use crate::cli::failure::Failure;
use crate::cli::local::{Local, explain_git};
use crate::cli::printer::Printer;
use crate::config::{Settings, StoreUrl};
use crate::domain::repository::RepositoryName;
use crate::repository::git::{GitError, GitRepository};
use crate::sandbox::world::Refusal;
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::shutdown::StopSignals;
use crate::telemetry;

mod suggestion;

/// The sandbox's user with the right to ask.
const MAINTAINER: &str = "maintainer";

/// The label that asks for a plan.
const LABEL: &str = "plan";

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

pub(super) async fn run(arguments: DemoArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let repository = GitRepository::open(&arguments.repo)
        .await
        .map_err(explain_git)?;
    let mut loaded = super::config::load(&super::ConfigFile { file: None })?;
    let mut signals = StopSignals::listen()
        .map_err(|error| Failure::environment(error, "signals cannot be waited for"))?;
    if !arguments.once {
        telemetry::start_logs(&loaded.settings.log, compose::log_redactor(&loaded))
            .map_err(|error| Failure::usage(error, "the `[log]` settings cannot be used"))?;
    }
    let issue = suggest(&repository, &arguments, &loaded.settings, printer).await?;
    let options = sandbox_options(repository, arguments.port, &loaded.settings)?;
    let sandbox = Sandbox::start(options)
        .await
        .map_err(|error| Failure::environment(error, "the forge in a box could not be started"))?;
    let folder = Scratch::new()?;
    connect(&mut loaded.settings, &sandbox, &folder.path)?;
    let running = compose::start(loaded, false).await?;
    let shown = async {
        let hook = format!("http://{}/webhooks/github", running.public);
        sandbox.set_webhook_url(parse_url(&hook)?);
        show(&sandbox, &issue, printer).await?;
        if !arguments.once {
            announce_page(&sandbox, printer);
            signals.wait().await;
        }
        Ok(ExitCode::SUCCESS)
    };
    let shown = shown.await;
    running.stop().await;
    sandbox.stop().await;
    shown
}

/// Opens the issue, labels it, and prints what the bot answers.
async fn show(sandbox: &Sandbox, issue: &Suggestion, printer: &Printer) -> Result<(), Failure> {
    let refused = |error: Refusal| Failure::environment(error, "the forge in a box said no");
    let progress = printer.progress("waiting for the bot's comment");
    let number = sandbox
        .open_issue(MAINTAINER, &issue.title, &issue.body)
        .map_err(refused)?;
    sandbox.label(number, LABEL, MAINTAINER).map_err(refused)?;
    let comment = sandbox.wait_for_bot_comment(number, PATIENCE).await;
    progress.finish_and_clear();
    let comment = comment.map_err(|error| {
        Failure::environment(error, "the bot did not answer")
            .hint("run `planwright demo` without `--once` to see its log")
    })?;
    printer.data(&comment.body)
}

fn announce_page(sandbox: &Sandbox, printer: &Printer) {
    printer.note(&format!(
        "\nThe forge's page is at {} until you press Ctrl-C: open an issue there, put the label \
         `{LABEL}` on it, or comment `/plan`.",
        sandbox.web_url()
    ));
}

fn parse_url(text: &str) -> Result<Url, Failure> {
    Url::parse(text).map_err(|error| Failure::environment(error, "an address could not be made"))
}

/// An issue that makes sense for this repository; a general one when it has no code yet.
async fn suggest(
    repository: &GitRepository,
    arguments: &DemoArguments,
    settings: &Settings,
    printer: &Printer,
) -> Result<Suggestion, Failure> {
    let local = Local {
        repo: arguments.repo.clone(),
        at: "HEAD".to_owned(),
    };
    match repository.resolve(&local.at).await {
        Ok(_) => {
            let index = local.read(settings, printer).await?.index;
            Ok(suggestion::suggest(&index))
        }
        Err(GitError::NoCommits) => Ok(suggestion::general()),
        Err(error) => Err(explain_git(error)),
    }
}

/// A sandbox over `repository`, on a loopback port.
pub(crate) fn sandbox_options(
    repository: GitRepository,
    port: u16,
    settings: &Settings,
) -> Result<SandboxOptions, Failure> {
    let full_name = full_name(repository.directory());
    let full_name = RepositoryName::parse(&full_name)
        .map_err(|error| Failure::environment(error, "the folder's name cannot be used"))?;
    let loopback = parse_url("http://127.0.0.1")?;
    Ok(SandboxOptions {
        repository,
        full_name,
        private: false,
        app_slug: "planwright".to_owned(),
        app_key: None,
        labels: settings.triggers.labels.clone(),
        port,
        webhook_url: None,
        client: compose::client(settings, &loopback, settings.http.request_timeout)?,
        clock: Arc::new(compose::now),
        stop: CancellationToken::new(),
    })
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
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = cleaned.trim_matches('.');
    let name = if name.is_empty() { "repository" } else { name };
    format!("sandbox/{name}")
}

/// Points the bot at the sandbox, as an operator would with a configuration file.
pub(crate) fn connect(
    settings: &mut Settings,
    sandbox: &Sandbox,
    folder: &Path,
) -> Result<(), Failure> {
    settings.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    settings.store.url = StoreUrl::sqlite(folder.join("demo.db"));
    settings.cache.dir = Some(folder.join("cache"));
    settings.github.api_url = parse_url(&sandbox.api_url())?;
    settings.github.web_url = parse_url(&sandbox.web_url())?;
    settings.github.app_id = Some(sandbox.app_id().to_string());
    settings.github.private_key = Some(sandbox.private_key_pem().clone());
    settings.github.webhook_secrets = vec![sandbox.webhook_secret()];
    settings.github_apps.clear();
    // The sandbox delivers to whoever is there, and a story counts its requests.
    settings.github.sweep_minutes = 0;
    settings.triggers.labels = vec![LABEL.to_owned()];
    // The demo asks nobody outside this machine but the model, if one is configured.
    settings.dependencies.lookup = false;
    Ok(())
}

/// A folder that goes away with this value.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let name = format!(
            "planwright-demo-{}-{}",
            std::process::id(),
            compose::now().0
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path)
            .map_err(|error| Failure::environment(error, "no temporary folder could be made"))?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the system's temporary folder is cleared by the system.
        std::fs::remove_dir_all(&self.path).ok();
    }
}
