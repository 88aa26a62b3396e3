//! Listings of a repository's files, cut off where they grow too large.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::repository::{BlobId, TreeId};
use crate::domain::thread::RepositoryAddress;
use crate::forge::github::api::GitHub;
use crate::forge::github::api::contents::no_id;
use crate::forge::github::transport::{Request, read_start, repository_path};
use crate::forge::github::wire;
use crate::forge::{Depth, EntryKind, Folder, ForgeError, Tree, TreeEntry, TreeRoot};

/// Bytes read of a listing. GitHub ends them at 7 MB; of a server that does not, this much is some
/// 140,000 files, and what lies beyond counts as left out.
const MAX_TREE_BYTES: usize = 32 * 1024 * 1024;

impl GitHub {
    pub(super) async fn load_tree(
        &self,
        repository: &RepositoryAddress,
        root: TreeRoot<'_>,
        depth: Depth,
    ) -> Result<Tree, ForgeError> {
        let (id, what) = match root {
            TreeRoot::Commit(commit) => (
                commit.as_str(),
                format!("the files of `{}` at {}", repository.name, commit.short()),
            ),
            TreeRoot::Folder(id) => (id.as_str(), format!("a folder of `{}`", repository.name)),
        };
        // The parameter's mere presence asks for everything below.
        let query = match depth {
            Depth::Whole => "?recursive=1",
            Depth::Direct => "",
        };
        let path = format!("{}/git/trees/{id}{query}", repository_path(repository));
        let request = Request::get(path, what);
        let (body, cut) = self
            .retried(|| self.load_start(repository, &request))
            .await?;
        parse(&body, depth, cut, &request.what)
    }

    async fn load_start(
        &self,
        repository: &RepositoryAddress,
        request: &Request,
    ) -> Result<(Vec<u8>, bool), ForgeError> {
        let (response, _) = self.ask(repository, request).await?;
        let response = self.accept(repository, request, response).await?;
        read_start(response, MAX_TREE_BYTES, &request.what).await
    }
}

/// Reads a listing. Of one that was `cut`, everything before the cut counts.
fn parse(body: &[u8], depth: Depth, cut: bool, what: &str) -> Result<Tree, ForgeError> {
    let mut listing = Listing {
        tree: Tree::default(),
        depth,
        has_bad_id: false,
        has_list: false,
    };
    let mut json = serde_json::Deserializer::from_slice(body);
    let read = Answer(&mut listing)
        .deserialize(&mut json)
        .and_then(|()| json.end());
    if listing.has_bad_id {
        return Err(no_id(what));
    }
    if (read.is_err() && !cut) || !listing.has_list {
        return Err(ForgeError::Unexpected {
            what: what.to_owned(),
            why: "it is not the JSON that the API describes".to_owned(),
        });
    }
    listing.tree.truncated |= cut;
    Ok(listing.tree)
}

/// What was read of a listing so far: entries are converted as they come, so that what is not used
/// of them takes no memory.
struct Listing {
    tree: Tree,
    depth: Depth,
    has_bad_id: bool,
    has_list: bool,
}

impl Listing {
    fn add(&mut self, entry: wire::TreeEntry) {
        if entry.kind == "tree" {
            self.add_folder(entry);
            return;
        }
        let kind = match (entry.kind.as_str(), entry.mode.as_str()) {
            ("commit", _) | (_, "160000") => EntryKind::Submodule,
            (_, "120000") => EntryKind::Symlink,
            _ => EntryKind::File,
        };
        match BlobId::parse(&entry.sha) {
            Ok(id) => self.tree.entries.push(TreeEntry {
                path: entry.path,
                kind,
                id,
                size_bytes: entry.size,
            }),
            Err(_) => self.has_bad_id = true,
        }
    }

    fn add_folder(&mut self, entry: wire::TreeEntry) {
        if self.depth == Depth::Whole {
            return;
        }
        match TreeId::parse(&entry.sha) {
            Ok(id) => self.tree.folders.push(Folder {
                path: entry.path,
                id,
            }),
            Err(_) => self.has_bad_id = true,
        }
    }
}

/// The answer's object.
struct Answer<'l>(&'l mut Listing);

impl<'de> DeserializeSeed<'de> for Answer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Answer<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a tree")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "tree" => {
                    self.0.has_list = true;
                    map.next_value_seed(Entries(self.0))?;
                }
                "truncated" => self.0.tree.truncated |= map.next_value::<bool>()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// The answer's list of entries.
struct Entries<'l>(&'l mut Listing);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(entry) = entries.next_element()? {
            self.0.add(entry);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
