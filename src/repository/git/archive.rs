//! A gzipped tar of one commit, made from its tree and blobs.
//!
//! `git archive` is not used: it runs the filter programs that a repository's own settings name.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use super::command::{as_path, failed};
use super::{GitEntry, GitError, GitRepository};
use crate::domain::repository::{BlobId, CommitSha};

/// Most bytes of an archive, packed.
const ARCHIVE_BYTES: usize = 512 * 1024 * 1024;

const DOING: &str = "making an archive";

/// Packs all files and links of `commit` below `prefix`; submodules become empty folders.
pub(super) async fn pack(
    repository: &GitRepository,
    commit: &CommitSha,
    prefix: &str,
) -> Result<Vec<u8>, GitError> {
    let prefix = prefix.trim_matches('/');
    let (folders, blobs): (Vec<_>, Vec<_>) = repository
        .tree(commit)
        .await?
        .into_iter()
        .partition(|entry| entry.mode == super::MODE_SUBMODULE);
    let ids: Vec<BlobId> = blobs.iter().map(|entry| entry.id.clone()).collect();
    let mut packer = Packer::new(prefix);
    for folder in &folders {
        packer.add(folder, &[]);
    }
    repository
        .blobs(&ids, &mut |position, bytes| {
            if let (Some(entry), Some(bytes)) = (blobs.get(position), bytes) {
                packer.add(entry, &bytes);
            }
        })
        .await?;
    packer.finish()
}

struct Packer<'a> {
    prefix: &'a str,
    tar: Builder<GzEncoder<Bounded>>,
    outcome: std::io::Result<()>,
}

impl<'a> Packer<'a> {
    fn new(prefix: &'a str) -> Self {
        let encoder = GzEncoder::new(Bounded(Vec::new()), Compression::fast());
        Self {
            prefix,
            tar: Builder::new(encoder),
            outcome: Ok(()),
        }
    }

    /// Appends an entry; after a failure nothing more is appended, and [`Self::finish`] tells.
    fn add(&mut self, entry: &GitEntry, bytes: &[u8]) {
        if self.outcome.is_ok() {
            self.outcome = self.append(entry, bytes);
        }
    }

    fn append(&mut self, entry: &GitEntry, bytes: &[u8]) -> std::io::Result<()> {
        let mut path = format!("{}/", self.prefix).into_bytes();
        path.extend_from_slice(&entry.path);
        let mut header = Header::new_gnu();
        header.set_mode(if entry.mode == 0o100_755 {
            0o755
        } else {
            0o644
        });
        header.set_mtime(0);
        match entry.mode {
            super::MODE_SYMLINK => {
                header.set_entry_type(EntryType::Symlink);
                header.set_size(0);
                let target = as_path(bytes)?;
                self.tar.append_link(&mut header, as_path(&path)?, target)
            }
            super::MODE_SUBMODULE => {
                path.push(b'/');
                header.set_entry_type(EntryType::Directory);
                header.set_size(0);
                self.tar.append_data(&mut header, as_path(&path)?, bytes)
            }
            _ => {
                header.set_size(bytes.len() as u64);
                self.tar.append_data(&mut header, as_path(&path)?, bytes)
            }
        }
    }

    fn finish(self) -> Result<Vec<u8>, GitError> {
        let packed = self
            .outcome
            .and_then(|()| self.tar.into_inner())
            .and_then(GzEncoder::finish)
            .map_err(|error| failed(DOING, &error))?;
        Ok(packed.0)
    }
}

/// A buffer with a limit.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > ARCHIVE_BYTES {
            let why = format!("the archive is larger than {ARCHIVE_BYTES} bytes");
            return Err(std::io::Error::other(why));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
