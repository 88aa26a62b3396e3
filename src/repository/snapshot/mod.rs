//! Filling a snapshot, from a forge or from a local repository.

mod archive;
mod attributes;
mod cited;
mod download;
mod filter;
mod folders;
mod known;
mod listing;
mod reading;
mod text;
mod walk;

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::repository::{BlobId, CommitSha, RepoPath};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{Forge, ForgeError};
use crate::repository::cache::Shelf;
use crate::repository::git::{GitError, GitRepository};
use crate::repository::{Limits, Snapshot};

pub use cited::Reader;

use attributes::Marks;
use download::Source;
use filter::Reason;
use known::Known;
use listing::{Entry, Listing};
use reading::{Reading, Verdict, Wanted};
use text::decode;
use walk::Walk;

/// Longest time for one snapshot through a forge. What has not come by then is left out; a job has
/// other things to do, too.
const READING_TIME: Duration = Duration::from_secs(5 * 60);

/// Files of attributes fetched from a forge that gives blobs one by one only.
const FEW_ATTRIBUTE_FILES: usize = 2;

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The forge did not give what is needed.
    #[error("could not read the repository from the forge")]
    Forge(#[from] ForgeError),
    /// The local repository could not be read.
    #[error("could not read the local repository")]
    Git(#[from] GitError),
}

/// Reads `commit` of a local repository. Texts that are on `shelf` are not read again.
///
/// # Errors
/// [`SnapshotError::Git`].
pub async fn from_git(
    repository: &GitRepository,
    commit: &CommitSha,
    limits: &Limits,
    shelf: &Shelf,
) -> Result<Snapshot, SnapshotError> {
    let mut listing = Listing::new(limits);
    for entry in repository.tree(commit).await? {
        listing.add(Entry::from(entry));
    }
    let mut reading = Reading::new(listing, limits, Known::new(shelf.clone()));
    let files = reading.attribute_files();
    let missing = reading.unknown(&files).await;
    load(repository, &missing, &mut |file, verdict| {
        reading.remember(file, &verdict);
    })
    .await?;
    reading.add_attributes(&files);
    let wanted = reading.choose();
    let missing = reading.take_known(wanted).await;
    load(repository, &missing, &mut |file, verdict| {
        reading.learn(file, verdict);
        // git is at work on the next one meanwhile.
        reading.put_learned();
    })
    .await?;
    Ok(reading.finish(commit).await)
}

/// Reads files out of a local repository.
async fn load(
    repository: &GitRepository,
    files: &[Wanted],
    take: &mut (dyn FnMut(&Wanted, Verdict) + Send),
) -> Result<(), GitError> {
    if files.is_empty() {
        return Ok(());
    }
    let ids: Vec<BlobId> = files.iter().map(|file| file.blob.clone()).collect();
    let mut take = |position: usize, bytes: Option<Vec<u8>>| {
        if let Some(file) = files.get(position) {
            let verdict = bytes.ok_or(Reason::Missing).and_then(decode);
            take(file, verdict.map(Into::into));
        }
    };
    repository.blobs(&ids, &mut take).await
}

/// Why a file at `path` would only be named and never read (`vendored`, `generated`, …), judged by its
/// path alone; `None` when it would be read.
pub fn why_unread(path: &RepoPath) -> Option<&'static str> {
    filter::judge_path(path, Marks::default()).map(Reason::words)
}

/// Reads `commit` through a forge.
///
/// First comes its listing, folder by folder where that is too large, then the contents, as one archive
/// or blob by blob. What is on `shelf` is not
/// asked for again. Contents count only when their hash is the id that the listing promises.
///
/// # Errors
/// [`SnapshotError::Forge`].
pub async fn from_forge(
    forge: &dyn Forge,
    repository: &RepositoryAddress,
    commit: &CommitSha,
    limits: &Limits,
    shelf: &Shelf,
) -> Result<Snapshot, SnapshotError> {
    let deadline = Instant::now() + READING_TIME;
    let walk = Walk {
        forge,
        repository,
        limits,
        shelf,
        deadline,
    };
    let mut reading = Reading::new(walk.list(commit).await?, limits, Known::new(shelf.clone()));
    let mut source = Source {
        forge,
        repository,
        commit,
        limits,
        deadline,
        requests_left: limits.blob_requests,
    };
    let files = reading.attribute_files();
    let mut missing = reading.unknown(&files).await;
    missing.truncate(forge.blobs_per_request().max(FEW_ATTRIBUTE_FILES));
    source
        .blobs(missing, &mut |file, verdict| {
            reading.remember(file, &verdict);
        })
        .await?;
    reading.add_attributes(&files);
    let wanted = reading.choose();
    let missing = reading.take_known(wanted).await;
    source.fill(missing, &mut reading).await?;
    Ok(reading.finish(commit).await)
}

#[cfg(test)]
mod tests;
