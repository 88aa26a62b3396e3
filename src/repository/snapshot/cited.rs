//! As little of a commit as a check of cited places takes: where files lie, and the texts of a few.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::download::Source;
use super::known::Known;
use super::reading::Wanted;
use super::walk::{Root, Walk, join};
use super::{READING_TIME, SnapshotError};
use crate::domain::age;
use crate::domain::repository::{BlobId, CommitSha, RepoPath, TreeId};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{Forge, ForgeError, Tree};
use crate::repository::Limits;
use crate::repository::cache::Shelf;
use crate::repository::drift;

/// Folders asked for where a listing is too large for one answer; those that are known cost nothing.
const MOST_FOLDERS: usize = 12;

/// Requests for texts. The changed files of one plan come in one or two.
const MOST_REQUESTS: u64 = 8;

/// A repository as a check sees it.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The forge that has it.
    pub forge: &'a dyn Forge,
    /// Where it is there.
    pub repository: &'a RepositoryAddress,
    /// What may be read of it.
    pub limits: &'a Limits,
    /// What is known of it already.
    pub shelf: &'a Shelf,
}

impl Reader<'_> {
    /// Where the files of `commit` lie: all of them, or, where these are too many for one answer, those
    /// in the folders that lead to `paths`.
    ///
    /// # Errors
    /// [`SnapshotError::Forge`].
    pub async fn tree(
        &self,
        commit: &CommitSha,
        paths: &[&RepoPath],
    ) -> Result<drift::Tree, SnapshotError> {
        let walk = Walk {
            forge: self.forge,
            repository: self.repository,
            limits: self.limits,
            shelf: self.shelf,
            deadline: Instant::now() + READING_TIME,
        };
        let mut found = Found::default();
        let (answer, _) = walk.look(Root::Commit(commit.clone())).await;
        found.enter("", answer?, paths);
        let mut folders_left = MOST_FOLDERS;
        while let Some((path, id)) = found.waiting.pop() {
            if folders_left == 0 {
                found.unlisted.push(path);
                continue;
            }
            let (answer, is_known) = walk.look(Root::Folder(id)).await;
            folders_left -= usize::from(!is_known);
            match answer {
                Ok(tree) => found.enter(&path, tree, paths),
                // The forge itself told the id that it does not know now.
                Err(ForgeError::NotFound { .. } | ForgeError::Unexpected { .. }) => {
                    found.unlisted.push(path);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(found.finish())
    }

    /// The texts of `files`, as far as they are texts and came. What is known is not asked for.
    ///
    /// # Errors
    /// [`SnapshotError::Forge`].
    pub async fn texts(
        &self,
        commit: &CommitSha,
        files: Vec<age::Source>,
    ) -> Result<drift::Texts, SnapshotError> {
        let mut known = Known::new(self.shelf.clone());
        let ids: Vec<BlobId> = files.iter().map(|file| file.blob.clone()).collect();
        known.look_up(ids.clone()).await;
        let missing = files
            .into_iter()
            .filter(|file| known.find(&file.blob).is_none());
        let missing = missing.enumerate().map(|(index, file)| Wanted {
            index,
            path: file.path,
            blob: file.blob,
            size_bytes: None,
        });
        let missing: Vec<Wanted> = missing.collect();
        let mut source = Source {
            forge: self.forge,
            repository: self.repository,
            commit,
            limits: self.limits,
            deadline: Instant::now() + READING_TIME,
            requests_left: self.limits.blob_requests.min(MOST_REQUESTS),
        };
        source
            .blobs(missing, &mut |file, verdict| {
                known.remember(&file.blob, &verdict);
            })
            .await?;
        let texts = ids.into_iter().filter_map(|id| {
            let text = known.find(&id)?.ok()?.text;
            Some((id, text))
        });
        let texts = texts.collect();
        known.save().await;
        Ok(texts)
    }
}

/// What was listed so far.
#[derive(Default)]
struct Found {
    files: BTreeMap<RepoPath, BlobId>,
    /// Folders that are still to be looked into.
    waiting: Vec<(String, TreeId)>,
    unlisted: Vec<String>,
}

impl Found {
    /// Takes what was found in the folder at `above`; folders that lead to one of `paths` wait.
    fn enter(&mut self, above: &str, tree: Tree, paths: &[&RepoPath]) {
        if tree.truncated {
            self.unlisted.push(above.to_owned());
        }
        for entry in tree.entries {
            // Links and submodules count as well: they are something else than the file that was.
            if let Ok(path) = RepoPath::parse(&join(above, &entry.path)) {
                self.files.insert(path, entry.id);
            }
        }
        for folder in tree.folders {
            let path = join(above, &folder.path);
            let leads = |wanted: &&RepoPath| {
                let rest = wanted.as_str().strip_prefix(path.as_str());
                rest.is_some_and(|rest| rest.starts_with('/'))
            };
            if paths.iter().any(leads) {
                self.waiting.push((path, folder.id));
            }
        }
    }

    fn finish(self) -> drift::Tree {
        drift::Tree::new(self.files, self.unlisted)
    }
}
