//! The age of a document: what became of the places that it cites, looked up with few calls.
//!
//! It takes one listing of the later commit, and the texts of those cited files only that are not as
//! they were; what they were comes from the cache, or from the forge by the ids of their contents, even
//! when no branch leads to the document's commit any more. Where a cited file is gone, the listing of the
//! document's commit tells which files came since.

use crate::domain::age::{self, Age, Place};
use crate::domain::document::Document;
use crate::domain::plan::Target;
use crate::domain::repository::{CommitSha, RepoPath};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{Forge, ForgeError};
use crate::repository::Limits;
use crate::repository::drift::{Comparison, Tree};
use crate::repository::snapshot::{Reader, SnapshotError};
use crate::service::study::{self, ReadError, Tools};

/// Most places compared: large plans cite some fifty.
const MOST_PLACES: usize = 400;

/// Most files whose text is read.
const MOST_TEXTS: usize = 120;

/// What became of the places of `document` at the commit `tip` of its repository; `None` when that is
/// the commit that it says already.
///
/// # Errors
/// [`ReadError`].
pub(super) async fn look(
    forge: &dyn Forge,
    (repository, tip): (&RepositoryAddress, &CommitSha),
    document: &Document,
    (limits, tools): (&Limits, &Tools),
) -> Result<Option<Age>, ReadError> {
    let told = document
        .age
        .as_ref()
        .map_or(&document.commit, |age| &age.commit);
    if told == tip {
        return Ok(None);
    }
    let mut places = age::places(&document.content);
    places.truncate(MOST_PLACES);
    if *tip == document.commit {
        return Ok(Some(unchanged(tip, places)));
    }
    let shelf = study::shelf(repository, tools).await?;
    let reader = Reader {
        forge,
        repository,
        limits,
        shelf: &shelf,
    };
    let paths: Vec<&RepoPath> = places.iter().filter_map(path).collect();
    let tree = reader.tree(tip, &paths).await?;
    let comparison = Comparison::new(&places, &document.sources, &tree);
    let earlier = match comparison.has_missing() {
        true => find_tree(&reader, &document.commit, &paths).await?,
        false => None,
    };
    let comparison = comparison.since(earlier.as_ref());
    let mut wanted = comparison.wanted();
    wanted.truncate(MOST_TEXTS);
    let texts = reader.texts(tip, wanted).await?;
    let fates = comparison.judge(&texts);
    Ok(Some(Age {
        commit: tip.clone(),
        places: (places.iter().cloned().zip(fates))
            .map(|(target, fate)| Place { target, fate })
            .collect(),
    }))
}

/// Where the files of a commit lie that may be lost by now.
async fn find_tree(
    reader: &Reader<'_>,
    commit: &CommitSha,
    paths: &[&RepoPath],
) -> Result<Option<Tree>, SnapshotError> {
    match reader.tree(commit, paths).await {
        Ok(tree) => Ok(Some(tree)),
        Err(SnapshotError::Forge(ForgeError::NotFound { .. } | ForgeError::Unexpected { .. })) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A branch may come back to the commit that was planned at.
fn unchanged(tip: &CommitSha, places: Vec<Target>) -> Age {
    let same = |target| Place {
        target,
        fate: age::Fate::Same,
    };
    Age {
        commit: tip.clone(),
        places: places.into_iter().map(same).collect(),
    }
}

fn path(target: &Target) -> Option<&RepoPath> {
    match target {
        Target::Verified { path, .. } | Target::New { path } => Some(path),
        Target::Unverified { .. } => None,
    }
}
