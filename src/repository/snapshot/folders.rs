//! Listings of commits and folders, as they are kept: what lies under an id never changes.

use crate::domain::repository::{BlobId, TreeId};
use crate::forge::{EntryKind, Folder, Tree, TreeEntry, TreeRoot};
use crate::repository::cache::{Key, Kind, Shelf};

/// Commits of one repository whose listings are kept: those of its open change requests and of its last
/// days. That of 6,000 files packs to some 400 kB.
const MOST_COMMITS: usize = 16;

/// Longest listing of a commit that is kept; GitHub ends its own at 7 MB of JSON.
const MOST_COMMIT_BYTES: usize = 8 * 1024 * 1024;

/// Says what a folder is, where entries have their kind.
const FOLDER: &str = "folder";

/// What lies at `root`, if that was kept. Blocks.
pub(super) fn recall(shelf: &Shelf, root: TreeRoot<'_>) -> Option<Tree> {
    decode(&shelf.get(&key_of(root))?)
}

/// Keeps what lies at `root`, unless the forge left something out. Blocks.
pub(super) fn keep(shelf: &Shelf, root: TreeRoot<'_>, tree: &Tree) {
    let Some(bytes) = encode(tree) else {
        return;
    };
    let key = key_of(root);
    if let TreeRoot::Commit(_) = root {
        if bytes.len() > MOST_COMMIT_BYTES {
            return;
        }
        make_room(shelf, &key);
    }
    shelf.put(key, &bytes);
}

fn key_of(root: TreeRoot<'_>) -> Key {
    match root {
        TreeRoot::Commit(commit) => Key::of_commit(Kind::Listing, commit),
        TreeRoot::Folder(id) => Key::of_tree(Kind::Folder, id),
    }
}

/// Takes back listings of other commits until one more may be kept: those whose ids follow the new
/// one's, which is as good as any of them.
fn make_room(shelf: &Shelf, new: &Key) {
    let mut others = shelf.keys(Kind::Listing);
    others.retain(|key| key != new);
    let surplus = (others.len() + 1).saturating_sub(MOST_COMMITS);
    let next = others.partition_point(|key| key < new);
    others.rotate_left(next);
    for key in others.iter().take(surplus) {
        shelf.remove(key);
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
