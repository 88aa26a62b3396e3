//! Listings of folders, as they are kept: a folder under a tree's id never changes.

use crate::domain::repository::{BlobId, TreeId};
use crate::forge::{EntryKind, Folder, Tree, TreeEntry};
use crate::repository::cache::{Key, Kind, Shelf};

/// Says what a folder is, where entries have their kind.
const FOLDER: &str = "folder";

/// The listing of a folder, if it was kept. Blocks.
pub(super) fn recall(shelf: &Shelf, id: &TreeId) -> Option<Tree> {
    decode(&shelf.get(&Key::of_tree(Kind::Folder, id))?)
}

/// Keeps the listing of a folder, unless the forge left something out. Blocks.
pub(super) fn keep(shelf: &Shelf, id: &TreeId, tree: &Tree) {
    if let Some(bytes) = encode(tree) {
        shelf.put(Key::of_tree(Kind::Folder, id), &bytes);
    }
}

/// Lines of `kind id size path`, each with a zero byte behind it; `None` for what is not to be kept.
fn encode(tree: &Tree) -> Option<Vec<u8>> {
    let entries = tree.entries.iter().map(|entry| {
        let size = entry.size_bytes.map(|size| size.to_string());
        let size = size.unwrap_or_default();
        let (kind, id) = (word(entry.kind), entry.id.as_str());
        (format!("{kind} {id} {size} "), &entry.path)
    });
    let folders = tree.folders.iter().map(|folder| {
        let id = folder.id.as_str();
        (format!("{FOLDER} {id}  "), &folder.path)
    });
    let mut bytes = Vec::new();
    for (facts, path) in entries.chain(folders) {
        if path.contains('\0') {
            return None;
        }
        bytes.extend_from_slice(facts.as_bytes());
        bytes.extend_from_slice(path.as_bytes());
        bytes.push(0);
    }
    (!tree.truncated).then_some(bytes)
}

fn decode(bytes: &[u8]) -> Option<Tree> {
    let mut tree = Tree::default();
    for line in std::str::from_utf8(bytes).ok()?.split_terminator('\0') {
        let mut words = line.splitn(4, ' ');
        let (kind, id, size) = (words.next()?, words.next()?, words.next()?);
        let path = words.next()?.to_owned();
        if kind == FOLDER {
            let id = TreeId::parse(id).ok()?;
            tree.folders.push(Folder { path, id });
            continue;
        }
        tree.entries.push(TreeEntry {
            path,
            kind: kind_of(kind)?,
            id: BlobId::parse(id).ok()?,
            size_bytes: match size {
                "" => None,
                size => Some(size.parse().ok()?),
            },
        });
    }
    Some(tree)
}

fn word(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::File => "file",
        EntryKind::Symlink => "link",
        EntryKind::Submodule => "module",
    }
}

fn kind_of(word: &str) -> Option<EntryKind> {
    let kinds = [EntryKind::File, EntryKind::Symlink, EntryKind::Submodule];
    kinds.into_iter().find(|kind| self::word(*kind) == word)
}
