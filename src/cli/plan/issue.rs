//! A plan for a thread of the configured forge.

use std::process::ExitCode;
use std::sync::Arc;

use crate::cli::compose;
use crate::cli::compose::github::needed_forges;
use crate::cli::failure::Failure;
use crate::cli::plan::post;
use crate::cli::plan::{Format, Output, answer};
use crate::cli::printer::Printer;
use crate::cli::thread_url::{self, ThreadUrl};
use crate::config::repository_file::Effective;
use crate::config::{Loaded, Settings};
use crate::domain::request::Brief;
use crate::domain::thread::ThreadAddress;
use crate::forge::{Forge, ForgeError};
use crate::redact::{Redactor, Tally};
use crate::repository::Limits;
use crate::repository::locate::Search;
use crate::repository::snapshot::SnapshotError;
use crate::service::study::{self, Asked, ReadError};
use crate::service::{Forges, effective};

/// What is asked for.
pub(super) struct Wish {
    pub(super) url: String,
    pub(super) focus: String,
    pub(super) format: Format,
}

/// Plans without a trace on the forge: nothing is posted, nothing is saved.
pub(super) async fn print(
    wish: Wish,
    loaded: &Loaded,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let settings = &loaded.settings;
    let (forges, at) = find(&wish, loaded, printer).await?;
    let Some((forge, web_url)) = forges
        .find(&at.repository)
        .zip(forges.web_url(&at.repository))
    else {
        return Err(Failure::wrong("the forge is not configured"));
    };
    let progress = printer.progress("reading the thread and its repository");
    let redactor = compose::redactor(loaded)?;
    let of = (&at, wish.focus.as_str());
    let gathered = gather(forge, of, settings, &redactor).await;
    progress.finish_and_clear();
    let (brief, search, effective, kept_back) = gathered?;
    let output = Output {
        format: wish.format,
        site: study::site(web_url, &at.repository, String::new()),
        printer,
        redactor,
        kept_back,
    };
    answer(&brief, search, (loaded, &effective), output).await
}

/// Plans as the bot does when somebody asks in the thread, and prints the comment.
pub(super) async fn publish(
    wish: Wish,
    loaded: Loaded,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    if wish.format != Format::Markdown {
        return Err(
            Failure::wrong("`--post` prints the comment that was posted, as Markdown")
                .hint("leave `--format` out, or leave `--post` out to print another form"),
        );
    }
    let (forges, at) = find(&wish, &loaded, printer).await?;
    let store = compose::open_store(&loaded.settings).await?;
    let app = Arc::new(compose::open(loaded, forges, store)?);
    let published = post::publish(&app, &at, wish.focus, printer).await;
    app.store.close().await;
    published
}

/// The forges, and where the thread is on one of them.
async fn find(
    wish: &Wish,
    loaded: &Loaded,
    printer: &Printer,
) -> Result<(Forges, ThreadAddress), Failure> {
    let bases = loaded.settings.set_apps().map(|(_, app)| &app.web_url);
    let first = &loaded.settings.github.web_url;
    let base = thread_url::find_base(&wish.url, bases).unwrap_or(first);
    let ThreadUrl {
        repository,
        kind,
        number,
    } = ThreadUrl::parse(&wish.url, base)?;
    let forges = needed_forges(loaded)?;
    let mut served = forges.0.iter();
    let served = served.find(|served| &served.web_url == base);
    let served = served.ok_or_else(|| Failure::wrong("the forge is not configured"))?;
    let progress = printer.progress("looking for the repository");
    let found = served.forge.repository(&repository).await;
    progress.finish_and_clear();
    let at = ThreadAddress {
        repository: found.map_err(explain)?,
        kind,
        number,
    };
    Ok((forges, at))
}

async fn gather(
    forge: &dyn Forge,
    (at, focus): (&ThreadAddress, &str),
    settings: &Settings,
    redactor: &Redactor,
) -> Result<(Brief, Arc<Search>, Effective, Tally), Failure> {
    let effective = effective::load(forge, &at.repository, None, settings).await;
    let effective = effective.map_err(explain)?;
    let thread = forge.thread(at).await.map_err(explain)?;
    let asked = Asked {
        focus,
        ..Asked::default()
    };
    let mut brief = study::brief(forge, at, &thread, &asked)
        .await
        .map_err(explain)?;
    brief.changes = study::changes(forge, at, &effective.paths)
        .await
        .map_err(explain)?;
    let kept_back = redactor.redact_brief(&mut brief);
    let commit = study::pin(forge, at).await.map_err(explain)?.commit;
    let limits = Limits::from(&effective);
    let tools = compose::tools(settings);
    let place = (&at.repository, &commit);
    let asked = (&brief, effective.budgets.request_bytes);
    let search = study::read(forge, place, &limits, &tools, asked).await;
    let search = search.map_err(|error| match error {
        ReadError::Snapshot(SnapshotError::Forge(error)) => explain(error),
        error => Failure::environment(error, "the repository could not be read"),
    })?;
    Ok((brief, search, effective, kept_back))
}

/// A forge's error with what to do next.
pub(super) fn explain(error: ForgeError) -> Failure {
    let hint = match &error {
        ForgeError::NotFound { .. } => {
            "see that the address is right and that the App is installed on the repository"
        }
        ForgeError::Denied { .. } => "see what the App's installation allows on the repository",
        ForgeError::Suspended { .. } => {
            "the owner of the installation can end its suspension, in the App's settings there"
        }
        ForgeError::Uninstalled { .. } => "install the App on the repository",
        ForgeError::Empty => "commit something first; a plan needs code to stand on",
        ForgeError::RateLimited { .. } | ForgeError::Unavailable { .. } => "try again later",
        ForgeError::TooLarge { .. } | ForgeError::Unexpected { .. } => {
            "see that `github.api_url` is the address of a GitHub API"
        }
    };
    Failure::environment(error, "the forge did not give what is needed").hint(hint)
}
