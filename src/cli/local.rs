//! Reading what the commands over a local repository have in common.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::Settings;
use crate::config::repository_file::{self, Effective};
use crate::domain::narrowing::{MAX_REPOSITORY_FILE_BYTES, REPOSITORY_FILE, Wrong};
use crate::domain::repository::CommitSha;
use crate::repository::Limits;
use crate::repository::cache::{Cache, Shelf};
use crate::repository::git::{GitError, GitRepository};
use crate::repository::index::{Index, Recalled};
use crate::repository::sharpen::sharpen;
use crate::repository::snapshot::{self, SnapshotError};

/// Largest text taken from a file or from standard input.
const MAX_INPUT_BYTES: u64 = 8 * 1024 * 1024;

/// Which commit of which local repository.
#[derive(Debug, clap::Args)]
pub(super) struct Local {
    /// Git repository, bare or with a work tree
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(super) repo: PathBuf,
    /// Branch, tag or commit
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(super) at: String,
}

impl Local {
    /// Reads the commit whole and indexes it.
    pub(super) async fn read(
        &self,
        settings: &Settings,
        printer: &Printer,
    ) -> Result<Contents, Failure> {
        let progress = printer.progress("reading the repository");
        let repository = GitRepository::open(&self.repo).await.map_err(explain_git)?;
        // git takes a moment for every question; the disk is read meanwhile.
        let (commit, recalled) = tokio::join!(
            repository.resolve(&self.at),
            recall(&repository, settings, printer)
        );
        let (commit, (shelf, recalled)) = (commit.map_err(explain_git)?, recalled?);
        let effective = effective(&repository, &commit, settings).await?;
        let limits = Limits::from(&effective);
        let snapshot = snapshot::from_git(&repository, &commit, &limits, &shelf)
            .await
            .map_err(|error| match error {
                SnapshotError::Git(error) => explain_git(error),
                SnapshotError::Forge(_) => {
                    Failure::environment(error, "the repository could not be read")
                }
            })?;
        progress.set_message("analysing the contents");
        let kept = shelf.clone();
        // What cannot be recalled is read again.
        let recalled = recalled.await.unwrap_or_default();
        let work = move || Arc::new(Index::build_recalling(snapshot, recalled, &kept));
        let index = run_blocking(work).await;
        progress.finish_and_clear();
        let index = index?;
        if let Some(trouble) = shelf.trouble() {
            printer.note(&format!("nothing was kept for the next time: {trouble}"));
        }
        Ok(Contents {
            index,
            effective,
            shelf,
        })
    }
}

/// What a commit holds.
pub(super) struct Contents {
    /// Everything that searching it needs.
    pub(super) index: Arc<Index>,
    /// The settings that hold for it.
    pub(super) effective: Effective,
    shelf: Shelf,
}

impl Contents {
    /// Parses `files`.
    pub(super) async fn sharpen(&self, files: &[usize]) {
        sharpen(&self.index, files, &compose::parsers(), &self.shelf).await;
    }
}

/// The settings, as far as the commit's own file leaves them.
async fn effective(
    repository: &GitRepository,
    commit: &CommitSha,
    settings: &Settings,
) -> Result<Effective, Failure> {
    let entry = repository.entry(commit, REPOSITORY_FILE).await;
    let Some(entry) = entry.map_err(explain_git)? else {
        return Ok(Effective::of_operator(settings));
    };
    if entry
        .size_bytes
        .is_some_and(|size| size > MAX_REPOSITORY_FILE_BYTES)
    {
        let most_bytes = MAX_REPOSITORY_FILE_BYTES;
        let wrong = Wrong::TooLarge { most_bytes };
        return Ok(repository_file::unreadable(settings, wrong));
    }
    Ok(
        match repository.blob(&entry.id).await.map_err(explain_git)? {
            Some(bytes) => repository_file::narrow(settings, &bytes),
            None => repository_file::unreadable(settings, Wrong::NotText),
        },
    )
}

/// What is known of a local repository from earlier runs, and what of it the index needs, which is
/// still being loaded.
async fn recall(
    repository: &GitRepository,
    settings: &Settings,
    printer: &Printer,
) -> Result<(Shelf, JoinHandle<Recalled>), Failure> {
    let shelf = open_shelf(repository, settings, printer).await?;
    let kept = shelf.clone();
    let recalled = tokio::task::spawn_blocking(move || Recalled::load(&kept));
    Ok((shelf, recalled))
}

async fn open_shelf(
    repository: &GitRepository,
    settings: &Settings,
    printer: &Printer,
) -> Result<Shelf, Failure> {
    let name = format!("local:{}", repository.common_directory().display());
    let (folder, max_bytes) = (settings.cache.folder(), settings.cache.max_bytes);
    let cache = match folder.map(|folder| Cache::open(&folder, max_bytes)) {
        Some(Ok(cache)) => cache,
        Some(Err(error)) => {
            printer.note(&format!("going on without a cache: {error}"));
            Cache::none()
        }
        None => Cache::none(),
    };
    run_blocking(move || cache.shelf(&name)).await
}

async fn run_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Failure::environment(error, "the contents could not be analysed"))
}

/// A git error with its kind and what to do next.
pub(super) fn explain_git(error: GitError) -> Failure {
    let doing = "the local repository could not be read";
    let hint = match &error {
        GitError::NotARepository(path) if !path.is_dir() => {
            "there is no such folder; give the folder of a git repository with `--repo DIR`"
        }
        GitError::NotARepository(_) => "give the folder of a git repository with `--repo DIR`",
        GitError::NoCommits => "commit something first; a plan needs code to stand on",
        GitError::UnknownRevision(_) => "give a branch, a tag or a commit with `--at REV`",
        GitError::Failed { .. } => "see that `git` is installed and that the repository is whole",
    };
    let failure = match &error {
        GitError::Failed { .. } => Failure::environment(error, doing),
        _ => Failure::usage(error, doing),
    };
    failure.hint(hint)
}

/// Reads a text file; `-` is standard input.
pub(super) fn read_text(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        let stdin = std::io::stdin().lock();
        stdin.take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path)
            .and_then(|file| file.take(MAX_INPUT_BYTES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::usage(error, format!("`{shown}` could not be read")))?;
    if bytes.len() as u64 > MAX_INPUT_BYTES {
        return Err(Failure::wrong(format!(
            "`{shown}` is larger than {MAX_INPUT_BYTES} bytes"
        )));
    }
    String::from_utf8(bytes)
        .map_err(|error| Failure::usage(error.utf8_error(), format!("`{shown}` is not UTF-8 text")))
}
