//! Worlds that no repository on a disk would hold, and lies, for stories about hostile contents.

use bytes::Bytes;

use crate::domain::repository::BlobId;
use crate::repository::git::GitEntry;
use crate::sandbox::Sandbox;

impl Sandbox {
    /// Lists these files for every commit, in git's order, whatever the repository has.
    pub fn pretend_tree(&self, entries: Vec<GitEntry>) {
        self.source.pretend_tree(entries);
    }

    /// Gives these bytes out under `id`, whatever it stands for.
    pub fn pretend_blob(&self, id: BlobId, bytes: impl Into<Bytes>) {
        self.source.pretend_blob(id, bytes.into());
    }

    /// Gives these bytes out for every archive.
    pub fn pretend_archive(&self, bytes: impl Into<Bytes>) {
        self.source.pretend_archive(bytes.into());
    }
}
