//! Listing a commit through a forge, folder by folder where it is too large for one answer.
//!
//! Folders of code come before folders of tests, documentation and copies, so that what the limits
//! leave out is what is least worth knowing. Every entry is taken from exactly one answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::attributes::Marks;
use super::filter::{Reason, judge_path};
use super::folders;
use super::listing::{Entry, Listing};
use crate::domain::repository::{CommitSha, RepoPath, TreeId};
use crate::domain::thread::RepositoryAddress;
use crate::forge::{Depth, Forge, ForgeError, Tree, TreeEntry, TreeRoot};
use crate::repository::Limits;
use crate::repository::cache::Shelf;
use crate::repository::priors::Standing;

/// Folders asked for at once. Their answers, of 7 MB at most on GitHub, are in memory together.
const FOLDERS_AT_ONCE: usize = 4;

/// Folders asked for in all, one or two requests each; those that are known cost nothing. A repository of 80,000 files, thrice too
/// large, has some 160 to ask for.
const MOST_FOLDERS: usize = 200;

/// Entries looked at for each that may be kept.
const SEEN_FACTOR: u64 = 10;

/// How a commit is listed.
pub(super) struct Walk<'a> {
    pub(super) forge: &'a dyn Forge,
    pub(super) repository: &'a RepositoryAddress,
    pub(super) limits: &'a Limits,
    /// Where the commits and folders of earlier walks are.
    pub(super) shelf: &'a Shelf,
    /// When to stop.
    pub(super) deadline: Instant,
}

/// A [`TreeRoot`] that another thread can have.
#[derive(Debug, Clone)]
pub(super) enum Root {
    Commit(CommitSha),
    Folder(TreeId),
}

impl Root {
    fn borrowed(&self) -> TreeRoot<'_> {
        match self {
            Self::Commit(commit) => TreeRoot::Commit(commit),
            Self::Folder(id) => TreeRoot::Folder(id),
        }
    }
}

/// A folder that is still to be listed. The greatest comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    order: Reverse<u8>,
    depth: Reverse<usize>,
    path: Reverse<String>,
    id: TreeId,
}

impl Walk<'_> {
    /// Lists `commit`.
    ///
    /// # Errors
    /// What the forge says to the first listing, and rate limits.
    pub(super) async fn list(&self, commit: &CommitSha) -> Result<Listing, ForgeError> {
        let mut listing = Listing::new(self.limits);
        let mut waiting = BinaryHeap::new();
        let (answer, _) = self.look(Root::Commit(commit.clone())).await;
        enter(&mut listing, &mut waiting, "", answer?);
        let mut folders_left = MOST_FOLDERS;
        while !waiting.is_empty() && folders_left > 0 && self.may_go_on(&listing) {
            let folders: Vec<_> = std::iter::from_fn(|| waiting.pop())
                .take(FOLDERS_AT_ONCE.min(folders_left))
                .collect();
            let asked = folders.iter().map(|folder| {
                let root = Root::Folder(folder.id.clone());
                self.look(root)
            });
            let answers = join_all(asked).await;
            for (folder, (answer, is_known)) in folders.iter().zip(answers) {
                folders_left = folders_left.saturating_sub(usize::from(!is_known));
                match answer {
                    Ok(tree) => enter(&mut listing, &mut waiting, &folder.path.0, tree),
                    // The forge itself told the id that it does not know now.
                    Err(ForgeError::NotFound { .. } | ForgeError::Unexpected { .. }) => {
                        listing.tally.add(Reason::Unlisted);
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        for _ in waiting {
            listing.tally.add(Reason::Unlisted);
        }
        Ok(listing)
    }

    fn may_go_on(&self, listing: &Listing) -> bool {
        let most = self.limits.files.saturating_mul(SEEN_FACTOR);
        (listing.seen as u64) < most && Instant::now() < self.deadline
    }

    /// What lies at `root`, and whether that was known without asking: all that is below, or, where that
    /// is too much for one answer, what lies directly inside with its folders.
    pub(super) async fn look(&self, root: Root) -> (Result<Tree, ForgeError>, bool) {
        let (shelf, place) = (self.shelf.clone(), root.clone());
        let known = move || folders::recall(&shelf, place.borrowed());
        // Whatever went wrong, what is not found is asked for.
        if let Ok(Some(known)) = tokio::task::spawn_blocking(known).await {
            return (Ok(known), true);
        }
        let tree = match self.ask(root.borrowed()).await {
            Ok(tree) => Arc::new(tree),
            Err(error) => return (Err(error), false),
        };
        let (shelf, kept) = (self.shelf.clone(), Arc::clone(&tree));
        let keeping = tokio::task::spawn_blocking(move || {
            folders::keep(&shelf, root.borrowed(), &kept);
        });
        keeping.await.ok();
        (Ok(Arc::unwrap_or_clone(tree)), false)
    }

    async fn ask(&self, root: TreeRoot<'_>) -> Result<Tree, ForgeError> {
        match self.tree(root, Depth::Whole).await? {
            whole if whole.truncated => {
                drop(whole);
                self.tree(root, Depth::Direct).await
            }
            whole => Ok(whole),
        }
    }

    async fn tree(&self, root: TreeRoot<'_>, depth: Depth) -> Result<Tree, ForgeError> {
        self.forge.tree(self.repository, root, depth).await
    }
}

/// Takes what was found in the folder at `above`.
fn enter(listing: &mut Listing, waiting: &mut BinaryHeap<Waiting>, above: &str, tree: Tree) {
    if tree.truncated {
        listing.tally.add(Reason::Truncated);
    }
    for entry in tree.entries {
        let path = join(above, &entry.path);
        listing.add(Entry::from(TreeEntry { path, ..entry }));
    }
    for folder in tree.folders {
        let path = join(above, &folder.path);
        waiting.push(Waiting {
            order: Reverse(worth(&path)),
            depth: Reverse(path.matches('/').count()),
            path: Reverse(path),
            id: folder.id,
        });
    }
}

pub(super) fn join(above: &str, path: &str) -> String {
    match above {
        "" => path.to_owned(),
        above => format!("{above}/{path}"),
    }
}

/// The order in which folders are listed; smaller comes first.
fn worth(folder: &str) -> u8 {
    // Any program in it stands for the folder.
    let Ok(inside) = RepoPath::parse(&format!("{folder}/main.c")) else {
        return u8::MAX;
    };
    match judge_path(&inside, Marks::default()) {
        Some(_) => u8::MAX - 1,
        None => Standing::of(&inside).reading_order(),
    }
}
