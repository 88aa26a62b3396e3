//! What a step keeps while it lasts.

use std::path::PathBuf;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use secrecy::ExposeSecret;

use crate::cli::failure::Failure;
use crate::config::WorkflowRun;
use crate::store::{self, Store};

/// A folder of this step's own, gone when the step ends.
pub(super) struct Scratch {
    folder: PathBuf,
    key: [u8; 32],
}

impl Scratch {
    /// Makes the folder.
    pub(super) fn new(run: &WorkflowRun, host: &str) -> Result<Self, Failure> {
        let mut name = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut name)
            .map_err(|_| Failure::failed("the system gives no random bytes"))?;
        let folder = std::env::temp_dir().join(format!("planwright-{}", hex::encode(name)));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(&folder)
            .map_err(|error| Failure::environment(error, "no folder could be made"))?;
        let key = marker_key(run, host);
        Ok(Self { folder, key })
    }

    /// Opens an empty store that signs as earlier runs did.
    pub(super) async fn open_store(&self) -> Result<Arc<dyn Store>, Failure> {
        store::open_with_key(&self.folder.join("run.db"), &self.key)
            .await
            .map_err(|error| Failure::environment(error, "the store could not be opened"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind is in the runner's folder for temporary files.
        std::fs::remove_dir_all(&self.folder).ok();
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
