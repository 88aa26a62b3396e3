//! As little of a commit as a check of cited places takes: where files lie, and the texts of a few.

use std::collections::BTreeMap;

use bytes::Bytes;
use tokio::time::Instant;

use super::download::Source;
use super::known::Known;
use super::reading::Wanted;
use super::text::decode;
use super::walk::{Root, Walk, join};
use super::{READING_TIME, SnapshotError};
use crate::domain::age;
use crate::domain::repository::{BlobId, CommitSha, RepoPath, TreeId};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{EntryKind, Forge, ForgeError, TipFile, Tree};
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
        let walk = self.walk();
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

    /// The file of that name that lies directly in `commit`, of at most so many bytes, found by its id
    /// in the listing; `None` where that does not tell.
    pub async fn file_at_root(
        &self,
        commit: &CommitSha,
        name: &str,
        most_bytes: u64,
    ) -> Option<TipFile> {
        let (answer, _) = self.walk().look(Root::Commit(commit.clone())).await;
        let tree = answer.ok()?;
        let Some(entry) = tree.entries.iter().find(|entry| entry.path == name) else {
            let is_inside = |path: &str| {
                let rest = path.strip_prefix(name);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            let inside = tree.entries.iter().map(|entry| &entry.path);
            let mut paths = inside.chain(tree.folders.iter().map(|folder| &folder.path));
            let is_missing = !tree.truncated && !paths.any(|path| is_inside(path));
            return is_missing.then_some(TipFile::Missing);
        };
        if entry.kind != EntryKind::File {
            return None;
        }
        if entry.size_bytes.is_some_and(|size| size > most_bytes) {
            return Some(TipFile::TooLarge);
        }
        self.bytes(&entry.id, most_bytes).await
    }

    /// What the blob of that id holds.
    async fn bytes(&self, id: &BlobId, most_bytes: u64) -> Option<TipFile> {
        let mut known = Known::new(self.shelf.clone());
        known.look_up(vec![id.clone()]).await;
        if let Some(Ok(found)) = known.find(id) {
            let bytes = Bytes::copy_from_slice(found.text.as_bytes());
            // What was no text is kept as one.
            if id.is_of(&bytes) && bytes.len() as u64 <= most_bytes {
                return Some(TipFile::Found(bytes));
            }
        }
        match self.forge.blob(self.repository, id, most_bytes).await {
            Ok(bytes) if id.is_of(&bytes) => {
                known.remember(id, &decode(bytes.to_vec()).map(Into::into));
                known.save().await;
                Some(TipFile::Found(bytes))
            }
            Err(ForgeError::TooLarge { .. }) => Some(TipFile::TooLarge),
            _ => None,
        }
    }

    fn walk(&self) -> Walk<'_> {
        Walk {
            forge: self.forge,
            repository: self.repository,
            limits: self.limits,
            shelf: self.shelf,
            deadline: Instant::now() + READING_TIME,
        }
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
