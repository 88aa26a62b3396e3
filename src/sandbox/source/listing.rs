//! The files and folders of one commit, with the ids of the folders.
//!
//! The repository lists files only. A folder's id is the hash of its tree object, which is built
//! here from the listing itself, so that trees can be asked for by id as GitHub allows.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use bytes::Bytes;
use serde_json::json;

use crate::domain::repository::CommitSha;
use crate::repository::git::GitEntry;
use crate::sandbox::world::Limits;

const FOLDER: u32 = 0o040_000;
const SUBMODULE: u32 = 0o160_000;

/// A file or a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// The path; what is no UTF-8 is replaced, as GitHub does.
    pub(crate) path: String,
    mode: u32,
    id: String,
    size_bytes: Option<u64>,
}

impl Node {
    /// Whether it is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.mode == FOLDER
    }

    /// Whether it has contents here.
    pub(crate) fn is_file(&self) -> bool {
        !matches!(self.mode, FOLDER | SUBMODULE)
    }

    /// The id of its blob, tree or commit.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn kind(&self) -> &'static str {
        match self.mode {
            FOLDER => "tree",
            SUBMODULE => "commit",
            _ => "blob",
        }
    }

    /// The entry as GitHub writes it, with its path below `folder`.
    fn render(&self, folder: &str, repository_url: &str) -> String {
        let path = below(folder, &self.path).unwrap_or(&self.path);
        let id = &self.id;
        let mut entry = json!({
            "path": path,
            "mode": format!("{:06o}", self.mode),
            "type": self.kind(),
            "sha": id,
        });
        if let Some(size) = self.size_bytes
            && let Some(fields) = entry.as_object_mut()
        {
            fields.insert("size".to_owned(), json!(size));
        }
        let address = match self.kind() {
            "tree" => Some(format!("{repository_url}/git/trees/{id}")),
            "blob" => Some(format!("{repository_url}/git/blobs/{id}")),
            // Submodules have no address.
            _ => None,
        };
        if let Some(address) = address
            && let Some(fields) = entry.as_object_mut()
        {
            fields.insert("url".to_owned(), json!(address));
        }
        entry.to_string()
    }
}

/// All files and folders of a commit.
#[derive(Debug)]
pub(crate) struct Listing {
    commit: CommitSha,
    /// The id of the root's tree.
    root: String,
    /// In git's order, each folder before what it holds.
    nodes: Vec<Node>,
    /// Paths of folders by the ids of their trees; of several alike, the first.
    folders: HashMap<String, String>,
    /// The recursive answer for the commit itself, which is asked for most.
    rendered: OnceLock<(Limits, Bytes)>,
}

impl Listing {
    /// Builds the listing from the files of a commit in git's order.
    pub(crate) fn build(commit: &CommitSha, entries: &[GitEntry]) -> Self {
        let mut builder = Builder::new(commit);
        for entry in entries {
            builder.add(entry);
        }
        builder.finish(commit)
    }

    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&Node> {
        let mut files = self.nodes.iter().filter(|node| node.is_file());
        files.find(|node| node.path == path)
    }

    /// The commit.
    pub(crate) fn commit(&self) -> &CommitSha {
        &self.commit
    }

    /// The id of the root's tree.
    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    /// The path of the folder whose tree has that id; empty for the root.
    pub(crate) fn folder(&self, id: &str) -> Option<&str> {
        self.folders.get(id).map(String::as_str)
    }

    /// What lies directly in `folder`.
    pub(crate) fn children<'l>(&'l self, folder: &'l str) -> impl Iterator<Item = &'l Node> {
        let inside =
            |node: &&Node| below(folder, &node.path).is_some_and(|rest| !rest.contains('/'));
        self.nodes.iter().filter(inside)
    }

    /// The file or folder at `path`.
    pub(crate) fn find(&self, path: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.path == path)
    }
}

/// A tree that was asked for.
#[derive(Debug)]
pub(crate) struct FoundTree {
    listing: Arc<Listing>,
    folder: String,
    /// The id that the answer carries: the one asked for, or the commit's.
    id: String,
}

impl FoundTree {
    /// The root of a commit.
    pub(crate) fn of_commit(listing: Arc<Listing>) -> Self {
        let id = listing.commit.as_str().to_owned();
        let folder = String::new();
        Self {
            listing,
            folder,
            id,
        }
    }

    /// The folder whose tree has that id.
    pub(crate) fn of_folder(listing: Arc<Listing>, id: &str) -> Option<Self> {
        let folder = listing.folder(id)?.to_owned();
        let id = id.to_owned();
        Some(Self {
            listing,
            folder,
            id,
        })
    }

    /// The id that the answer carries.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The answer in JSON, cut off where GitHub cuts it off.
    pub(crate) fn render(&self, repository_url: &str, limits: Limits, recursive: bool) -> Bytes {
        let render = || self.render_anew(repository_url, limits, recursive);
        if !recursive || self.id != self.listing.commit.as_str() {
            return render();
        }
        match self.listing.rendered.get_or_init(|| (limits, render())) {
            (under, bytes) if *under == limits => bytes.clone(),
            _ => render(),
        }
    }

    fn render_anew(&self, repository_url: &str, limits: Limits, recursive: bool) -> Bytes {
        let url = format!("{repository_url}/git/trees/{}", self.id);
        let mut text = format!(
            "{{\"sha\":{},\"url\":{},\"tree\":[",
            json!(self.id),
            json!(url)
        );
        let folder = self.folder.as_str();
        let nodes = self.listing.nodes.iter().filter(|node| {
            below(folder, &node.path).is_some_and(|rest| recursive || !rest.contains('/'))
        });
        let mut truncated = false;
        for (count, node) in nodes.enumerate() {
            let entry = node.render(folder, repository_url);
            let full = text.len() + entry.len() > limits.tree_bytes;
            if recursive && (count >= limits.tree_entries || full) {
                truncated = true;
                break;
            }
            if count > 0 {
                text.push(',');
            }
            text.push_str(&entry);
        }
        text.push_str(&format!("],\"truncated\":{truncated}}}"));
        text.into()
    }
}

/// The part of `path` below `folder`; `None` when it lies elsewhere.
fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// A folder whose entries are still coming in.
#[derive(Debug)]
struct Open {
    /// The path's bytes, with a `/` at the end except at the root.
    path: Vec<u8>,
    /// Its own name.
    name: Vec<u8>,
    /// Its place among the nodes; `None` for the root.
    at: Option<usize>,
    /// Its tree object so far.
    tree: Vec<u8>,
}

#[derive(Debug)]
struct Builder {
    long_ids: bool,
    /// From the root to the folder at hand.
    open: Vec<Open>,
    nodes: Vec<Node>,
    folders: HashMap<String, String>,
    root: String,
}

impl Builder {
    fn new(commit: &CommitSha) -> Self {
        let root = Open {
            path: Vec::new(),
            name: Vec::new(),
            at: None,
            tree: Vec::new(),
        };
        Self {
            long_ids: commit.as_str().len() == 64,
            open: vec![root],
            nodes: Vec::new(),
            folders: HashMap::new(),
            root: String::new(),
        }
    }

    fn add(&mut self, entry: &GitEntry) {
        let inside = |folder: &Open| entry.path.starts_with(&folder.path);
        while self.open.last().is_some_and(|folder| !inside(folder)) {
            self.close();
        }
        let known = self.open.last().map_or(0, |folder| folder.path.len());
        let mut start = known;
        for (at, byte) in entry.path.iter().enumerate().skip(known) {
            if *byte == b'/' {
                let path = entry.path.get(..=at).unwrap_or_default();
                self.enter(path, entry.path.get(start..at).unwrap_or_default());
                start = at + 1;
            }
        }
        let name = entry.path.get(start..).unwrap_or_default();
        if let Some(folder) = self.open.last_mut() {
            append(&mut folder.tree, entry.mode, name, entry.id.as_str());
        }
        self.nodes.push(Node {
            path: String::from_utf8_lossy(&entry.path).into_owned(),
            mode: entry.mode,
            id: entry.id.as_str().to_owned(),
            size_bytes: entry.size_bytes,
        });
    }

    fn enter(&mut self, path: &[u8], name: &[u8]) {
        let shown = path.strip_suffix(b"/").unwrap_or(path);
        self.open.push(Open {
            path: path.to_owned(),
            name: name.to_owned(),
            at: Some(self.nodes.len()),
            tree: Vec::new(),
        });
        self.nodes.push(Node {
            path: String::from_utf8_lossy(shown).into_owned(),
            mode: FOLDER,
            id: String::new(),
            size_bytes: None,
        });
    }

    /// Ends the innermost folder: its id is known, and its parent gets its entry.
    fn close(&mut self) {
        let Some(folder) = self.open.pop() else {
            return;
        };
        let id = self.hash(&folder.tree);
        if let Some(parent) = self.open.last_mut() {
            append(&mut parent.tree, FOLDER, &folder.name, &id);
        }
        let node = folder.at.and_then(|at| self.nodes.get_mut(at));
        let path = node.map_or_else(String::new, |node| {
            node.id.clone_from(&id);
            node.path.clone()
        });
        if folder.at.is_none() {
            self.root.clone_from(&id);
        }
        self.folders.entry(id).or_insert(path);
    }

    fn hash(&self, tree: &[u8]) -> String {
        let mut object = format!("tree {}\0", tree.len()).into_bytes();
        object.extend_from_slice(tree);
        let algorithm = if self.long_ids {
            &SHA256
        } else {
            &SHA1_FOR_LEGACY_USE_ONLY
        };
        hex::encode(digest(algorithm, &object))
    }

    fn finish(mut self, commit: &CommitSha) -> Listing {
        while !self.open.is_empty() {
            self.close();
        }
        Listing {
            commit: commit.clone(),
            root: self.root,
            nodes: self.nodes,
            folders: self.folders,
            rendered: OnceLock::new(),
        }
    }
}

/// Adds an entry to a tree object.
fn append(tree: &mut Vec<u8>, mode: u32, name: &[u8], id: &str) {
    tree.extend_from_slice(format!("{mode:o} ").as_bytes());
    tree.extend_from_slice(name);
    tree.push(0);
    tree.extend(hex::decode(id).unwrap_or_default());
}
