//! What a value is kept under.

use crate::domain::repository::{BlobId, CommitSha, TreeId};

/// What a value is. Each kind has a version, which is raised whenever its values change their form
/// or their meaning; values of other versions are as good as missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// The contents of a blob, or why they are not used, as `snapshot` keeps them.
    Text = 1,
    /// What a parser found in a blob.
    Syntax = 2,
    /// Words and definitions of many blobs, as `index` keeps them.
    Words = 3,
    /// What lies in a folder, as a forge listed it.
    Folder = 4,
    /// What lies in a commit, as a forge listed it.
    Listing = 5,
}

impl Kind {
    /// All of them.
    const ALL: [Self; 5] = [
        Self::Text,
        Self::Syntax,
        Self::Words,
        Self::Folder,
        Self::Listing,
    ];

    /// The version of this kind's values.
    pub(super) const fn version(self) -> u8 {
        match self {
            Self::Text | Self::Syntax | Self::Words | Self::Folder | Self::Listing => 1,
        }
    }
}

/// Longest id: that of a SHA-256 repository.
const ID_BYTES: usize = 32;

/// What a value is kept under: its kind, the blob, tree or commit it belongs to, and the analyser that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    kind: u8,
    version: u8,
    id_length: u8,
    analyser: u32,
    id: [u8; ID_BYTES],
}

/// Bytes of a key on disk.
pub(in crate::repository) const KEY_BYTES: usize = 8 + ID_BYTES;

impl Key {
    /// The key of something that follows from the blob alone.
    pub fn new(kind: Kind, blob: &BlobId) -> Self {
        Self::derived(kind, blob, "")
    }

    /// The key of something that also depends on how the blob was looked at, such as on the
    /// language that its path promises.
    pub fn derived(kind: Kind, blob: &BlobId, analyser: &str) -> Self {
        Self::of_object(kind, analyser, blob.as_str())
    }

    /// The key of something that follows from a tree alone.
    pub fn of_tree(kind: Kind, tree: &TreeId) -> Self {
        Self::of_object(kind, "", tree.as_str())
    }

    /// The key of something that follows from a commit alone.
    pub fn of_commit(kind: Kind, commit: &CommitSha) -> Self {
        Self::of_object(kind, "", commit.as_str())
    }

    /// The key of a value that stands for itself: a hash of its bytes takes the blob's place.
    pub fn of_value(kind: Kind, value: &[u8]) -> Self {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, value);
        let mut id = [0; ID_BYTES];
        for (place, byte) in id.iter_mut().zip(digest.as_ref()) {
            *place = *byte;
        }
        Self::with(kind, "", id, ID_BYTES)
    }

    /// Whether the key is of this kind, in its present version.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kind == kind as u8 && self.version == kind.version()
    }

    /// Whether this program knows what the value is.
    pub(super) fn is_current(&self) -> bool {
        Kind::ALL.into_iter().any(|kind| self.is(kind))
    }

    /// The key as bytes.
    pub(in crate::repository) fn to_bytes(self) -> [u8; KEY_BYTES] {
        self.to_bytes_with(0)
    }

    /// The mark that stands on disk with a key.
    pub(super) fn mark([_, _, _, mark, ..]: &[u8; KEY_BYTES]) -> u8 {
        *mark
    }

    /// The key as it stands on disk, with the mark of its value.
    pub(super) fn to_bytes_with(self, mark: u8) -> [u8; KEY_BYTES] {
        let mut bytes = [0; KEY_BYTES];
        let head = [self.kind, self.version, self.id_length, mark];
        let parts = head.into_iter().chain(self.analyser.to_le_bytes());
        for (place, byte) in bytes.iter_mut().zip(parts.chain(self.id)) {
            *place = byte;
        }
        bytes
    }

    /// A key from disk.
    pub(in crate::repository) fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let [kind, version, id_length, _, a, b, c, d, id @ ..] = *bytes;
        Self {
            kind,
            version,
            id_length,
            analyser: u32::from_le_bytes([a, b, c, d]),
            id,
        }
    }

    /// Takes the id of a blob, a tree or a commit: 40 or 64 hex digits.
    fn of_object(kind: Kind, analyser: &str, digits: &str) -> Self {
        let mut id = [0; ID_BYTES];
        let length = digits.len() / 2;
        if let Some(id) = id.get_mut(..length) {
            hex::decode_to_slice(digits, id).ok();
        }
        Self::with(kind, analyser, id, length)
    }

    fn with(kind: Kind, analyser: &str, id: [u8; ID_BYTES], length: usize) -> Self {
        Self {
            kind: kind as u8,
            version: kind.version(),
            id_length: u8::try_from(length).unwrap_or(0),
            analyser: crc32fast::hash(analyser.as_bytes()),
            id,
        }
    }
}
