//! What a step keeps while it lasts.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use secrecy::ExposeSecret;

use crate::cli::action::memory::Memory;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::one_job::store_failed;
use crate::config::WorkflowRun;
use crate::store::{self, Store, StoreError};

/// A folder of this step's own, gone when the step ends.
pub(super) struct Scratch {
    folder: PathBuf,
    key: [u8; 32],
    memory: Option<Memory>,
}

impl Scratch {
    /// Makes the folder.
    pub(super) fn new(run: &WorkflowRun, host: &str) -> Result<Self, Failure> {
        let mut name = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut name)
            .map_err(|_| Failure::failed("the system gives no random bytes"))?;
        let folder = std::env::temp_dir().join(format!("planwright-{}", hex::encode(name)));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&folder)
            .map_err(|error| Failure::environment(error, "no folder could be made"))?;
        let key = marker_key(run, host);
        let memory = Memory::new(run, key);
        Ok(Self {
            folder,
            key,
            memory,
        })
    }

    /// Opens the store that an earlier run of the thread left, or an empty one that signs as it did.
    pub(super) async fn open_store(&self) -> Result<Arc<dyn Store>, Failure> {
        let recalled = match &self.memory {
            Some(memory) => memory.recall(&self.store_file()),
            None => false,
        };
        let mut opened = self.open().await;
        if let (true, Err(error)) = (recalled, &opened) {
            tracing::warn!(%error, "what an earlier run left cannot be used");
            self.clear()?;
            opened = self.open().await;
        }
        opened.map_err(|error| Failure::environment(error, "the store could not be opened"))
    }

    /// Closes the store, and leaves what is known of the thread for the next run. Jobs and deliveries
    /// are left out: a run that somebody starts again is to do its work again.
    pub(super) async fn close(&self, store: &dyn Store) -> Result<(), Failure> {
        let purged = store
            .purge(compose::now().plus(Duration::from_secs(1)))
            .await;
        store.close().await;
        let Some(memory) = &self.memory else {
            return Ok(());
        };
        purged.map_err(store_failed)?;
        memory.keep(&self.store_file()).map_err(|error| {
            Failure::environment(error, "nothing could be left for later runs")
                .hint("INPUT_MEMORY names a folder that the step can write")
        })
    }

    async fn open(&self) -> Result<Arc<dyn Store>, StoreError> {
        store::open_with_key(&self.store_file(), &self.key).await
    }

    fn store_file(&self) -> PathBuf {
        self.folder.join("run.db")
    }

    /// Removes the store's files.
    fn clear(&self) -> Result<(), Failure> {
        let cleared = fs::read_dir(&self.folder)
            .and_then(|mut files| files.try_for_each(|file| fs::remove_file(file?.path())));
        cleared.map_err(|error| Failure::environment(error, "the store could not be made anew"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is in the runner's folder for temporary files.
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// The key that comments are marked with, the same in every run. Without a secret everybody can work it
/// out; then a comment is known as ours by its author alone.
fn marker_key(run: &WorkflowRun, host: &str) -> [u8; 32] {
    let secret = run.marker_secret.as_ref();
    let secret = secret.map_or("", |secret| secret.expose_secret());
    let text = format!("planwright:v1:action\0{host}\0{}\0{secret}", run.login);
    let mut key = [0; 32];
    let digest = digest(&SHA256, text.as_bytes());
    for (to, from) in key.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    key
}
