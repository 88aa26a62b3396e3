//! The folders on disk: one for everything, one below it for each repository.

use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::CacheError;

/// The version of the layout; other versions of the program leave each other's alone.
const LAYOUT: &str = "v1";

/// How files of values end.
const SEGMENT: &str = ".segment";

/// How files begin that are still being written.
const UNFINISHED: &str = "unfinished-";

/// Its time of change tells when a repository was used last.
const MARK: &str = "used";

/// The folder of all repositories.
#[derive(Debug, Clone)]
pub(super) struct Root {
    directory: PathBuf,
    /// Most bytes below it.
    pub(super) max_bytes: u64,
}

/// The folder of one repository; it need not exist.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    /// The folder that holds it.
    pub(super) root: Root,
    /// Its path.
    pub(super) directory: PathBuf,
}

impl Root {
    /// Makes the folder when it is missing, and makes sure that it is this user's own.
    pub(super) fn open(directory: &Path, max_bytes: u64) -> Result<Self, CacheError> {
        let root = Self {
            directory: directory.join(LAYOUT),
            max_bytes,
        };
        let failed = |why| unusable(&root.directory, why);
        make_folder(&root.directory).map_err(failed)?;
        let metadata = std::fs::symlink_metadata(&root.directory).map_err(failed)?;
        // A new file tells who we are.
        let (probe, path) = root.create_unfinished().map_err(failed)?;
        let own = probe.metadata();
        std::fs::remove_file(path).map_err(failed)?;
        if is_private(&metadata, &own.map_err(failed)?) {
            Ok(root)
        } else {
            Err(CacheError::NotOurs(root.directory))
        }
    }

    /// The folder of a repository.
    pub(super) fn folder(&self, repository: &str) -> Folder {
        let name = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, repository.as_bytes());
        let name = hex::encode(name.as_ref().get(..16).unwrap_or_default());
        Folder {
            root: self.clone(),
            directory: self.directory.join(name),
        }
    }

    /// The folders of all repositories.
    pub(super) fn folders(&self) -> std::io::Result<Vec<Folder>> {
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(Folder {
                    root: self.clone(),
                    directory: entry.path(),
                });
            }
        }
        Ok(folders)
    }

    fn create_unfinished(&self) -> std::io::Result<(File, PathBuf)> {
        create_unfinished(&self.directory)
    }
}

impl Folder {
    /// The finished files, those written last first.
    pub(super) fn segments(&self) -> std::io::Result<Vec<(PathBuf, Metadata)>> {
        let mut segments = self.files(|name| name.ends_with(SEGMENT))?;
        segments.sort_by_cached_key(|(path, metadata)| {
            let written = metadata.modified().ok();
            (std::cmp::Reverse(written), path.clone())
        });
        Ok(segments)
    }

    /// The files that somebody is writing, or did not finish writing.
    pub(super) fn unfinished(&self) -> std::io::Result<Vec<(PathBuf, Metadata)>> {
        self.files(|name| name.starts_with(UNFINISHED))
    }

    /// When the repository was used last.
    pub(super) fn used(&self) -> Option<std::time::SystemTime> {
        let mark = std::fs::metadata(self.directory.join(MARK)).ok()?;
        mark.modified().ok()
    }

    /// Notes that the repository is in use.
    pub(super) fn mark(&self) -> std::io::Result<()> {
        let mark = self.directory.join(MARK);
        private(OpenOptions::new().create(true).truncate(true).write(true))
            .open(mark)
            .and_then(|mut file| std::io::Write::write_all(&mut file, b"."))
    }

    /// Writes a file under a name of its own, then gives it the name that `write` returns. Others may
    /// merge and delete it at once, so the open file comes with it.
    pub(super) fn add(
        &self,
        write: impl FnOnce(&File) -> std::io::Result<String>,
    ) -> std::io::Result<(File, PathBuf)> {
        make_folder(&self.directory)?;
        let (file, unfinished) = create_unfinished(&self.directory)?;
        let finished = write(&file).and_then(|name| {
            let path = self.directory.join(format!("{name}{SEGMENT}"));
            std::fs::rename(&unfinished, &path)?;
            Ok((file, path))
        });
        if finished.is_err() {
            std::fs::remove_file(&unfinished).ok();
        }
        finished
    }

    fn files(&self, wanted: impl Fn(&str) -> bool) -> std::io::Result<Vec<(PathBuf, Metadata)>> {
        let entries = match std::fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry?;
            if !entry.file_name().to_str().is_some_and(&wanted) {
                continue;
            }
            // Another process may have removed it since.
            if let Ok(metadata) = entry.metadata() {
                files.push((entry.path(), metadata));
            }
        }
        Ok(files)
    }
}

/// The error for what the system refused.
pub(super) fn unusable(path: &Path, why: std::io::Error) -> CacheError {
    let path = path.to_owned();
    CacheError::Unusable { path, why }
}

/// Creates a file under a name that nobody else uses.
fn create_unfinished(directory: &Path) -> std::io::Result<(File, PathBuf)> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let process = std::process::id();
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = directory.join(format!("{UNFINISHED}{process}-{number}"));
        let file = private(OpenOptions::new().read(true).write(true).create_new(true)).open(&path);
        match file {
            // Left behind by an earlier process of the same number, or in use in another container.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            file => return Ok((file?, path)),
        }
    }
}

#[cfg(unix)]
fn make_folder(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

#[cfg(not(unix))]
fn make_folder(directory: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)
}

/// Lets nobody but the owner read what will be created.
#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Whether a folder belongs to whoever made `own`, and nobody else has a right to it.
#[cfg(unix)]
fn is_private(folder: &Metadata, own: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    folder.is_dir() && folder.uid() == own.uid() && folder.mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(folder: &Metadata, _own: &Metadata) -> bool {
    folder.is_dir()
}
