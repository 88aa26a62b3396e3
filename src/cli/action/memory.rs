//! What a run leaves for the next one of its thread: its store, as a file that runs hand on.
//!
//! Whoever hands it on may be anybody who runs code in the repository's workflows. So it is sealed with
//! what only runs with the marker's secret know, and without that secret nothing is handed on.

use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::config::WorkflowRun;
use crate::render::seal::{self, Purpose};

/// The store's file in the folder that is handed on.
const STORE: &str = "thread.db";

/// The file with the seal over it.
const SEAL: &str = "thread.seal";

/// Largest store taken. One thread's holds a plan and little else: some hundred kilobytes.
const MAX_STORE_BYTES: u64 = 16_000_000;

/// Longest seal taken; ours have 129 characters.
const MAX_SEAL_BYTES: u64 = 1_000;

/// Where stores are handed on from run to run.
pub(super) struct Memory {
    folder: PathBuf,
    key: [u8; 32],
}

impl Memory {
    /// The memory of this run, which signs with `key`; `None` when nothing is to be kept, or nothing
    /// can be sealed.
    pub(super) fn new(run: &WorkflowRun, key: [u8; 32]) -> Option<Self> {
        let folder = run.memory.clone()?;
        if run.marker_secret.is_none() {
            tracing::warn!("nothing is kept for later runs, because `marker-secret` is not set");
            return None;
        }
        Some(Self { folder, key })
    }

    /// Puts the store that an earlier run left at `store`, and returns whether there was one. What is not
    /// as an earlier run left it is not taken.
    pub(super) fn recall(&self, store: &Path) -> bool {
        match self.read() {
            Ok(Some(bytes)) => match fs::write(store, bytes) {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(%error, "what an earlier run left could not be copied");
                    false
                }
            },
            Ok(None) => {
                tracing::warn!("what an earlier run left was changed since, and is not used");
                false
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                tracing::info!("no earlier run left anything");
                false
            }
            Err(error) => {
                tracing::warn!(%error, "what an earlier run left could not be read");
                false
            }
        }
    }

    /// Leaves the closed store at `store` for the next run.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(super) fn keep(&self, store: &Path) -> Result<(), Error> {
        let bytes = fs::read(store)?;
        let sealed = seal::seal(&self.key, Purpose::Memory, &hash(&bytes));
        fs::create_dir_all(&self.folder)?;
        fs::write(self.folder.join(STORE), bytes)?;
        fs::write(self.folder.join(SEAL), sealed)
    }

    /// The store's bytes; `None` when the seal is not theirs.
    fn read(&self) -> Result<Option<Vec<u8>>, Error> {
        let bytes = read_at_most(&self.folder.join(STORE), MAX_STORE_BYTES)?;
        let sealed = read_at_most(&self.folder.join(SEAL), MAX_SEAL_BYTES)?;
        let sealed = String::from_utf8_lossy(&sealed);
        let opened = seal::open(&self.key, Purpose::Memory, &sealed);
        Ok((opened == Some(hash(&bytes).as_str())).then_some(bytes))
    }
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(Error::other(format!("more than {most} bytes"))),
        false => Ok(bytes),
    }
}
