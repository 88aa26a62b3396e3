//! Small git repositories made for a test.

use std::path::Path;
use std::process::Command;

/// A repository in a temporary folder that goes away with this value.
pub(crate) struct TestRepository {
    folder: tempfile::TempDir,
}

impl TestRepository {
    /// A repository without commits.
    pub(crate) fn empty() -> Self {
        Self::with_format("sha1")
    }

    /// A repository without commits whose ids are made by another hash.
    pub(crate) fn with_format(hash: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Self { folder };
        let format = format!("--object-format={hash}");
        repository.git(&["init", "--quiet", "--initial-branch", "main", &format]);
        repository
    }

    /// A repository whose one commit holds `files`.
    pub(crate) fn with_files(files: &[(&str, &str)]) -> Self {
        let repository = Self::empty();
        repository.commit(files);
        repository
    }

    /// Writes `files` and commits everything.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = self.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "change"]);
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs git in the folder and returns what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.path())
            .args([
                "-c",
                "user.name=Test",
                "-c",
                "user.email=test@example.invalid",
            ])
            .args([
                "-c",
                "commit.gpgsign=false",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// A few Rust files in which an issue about failed uploads has an obvious place.
pub(crate) fn upload_repository() -> TestRepository {
    TestRepository::with_files(&[
        (
            "Cargo.toml",
            "[package]\nname = \"uploader\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        ("README.md", "# Uploader\n\nSends files to a server.\n"),
        (
            "src/lib.rs",
            "//! Sends files to a server.\n\npub mod queue;\npub mod upload;\n",
        ),
        (
            "src/upload.rs",
            "//! One upload.\n\nuse crate::queue::Item;\n\n/// Sends one file and returns the server's id of it.\n\
             pub fn send_file(item: &Item) -> Result<String, UploadError> {\n    let body = std::fs::read(&item.path)?;\n    \
             post(&item.address, body)\n}\n\n/// Why an upload failed.\n#[derive(Debug)]\npub enum UploadError {\n    \
             /// The file could not be read.\n    Read(std::io::Error),\n    /// The server did not take it.\n    Refused(u16),\n}\n\n\
             impl From<std::io::Error> for UploadError {\n    fn from(error: std::io::Error) -> Self {\n        Self::Read(error)\n    }\n}\n\n\
             fn post(address: &str, body: Vec<u8>) -> Result<String, UploadError> {\n    let status = connect(address, &body);\n    \
             if status == 200 { Ok(address.to_owned()) } else { Err(UploadError::Refused(status)) }\n}\n\n\
             fn connect(_address: &str, _body: &[u8]) -> u16 {\n    200\n}\n",
        ),
        (
            "src/queue.rs",
            "//! What waits to be sent.\n\nuse crate::upload::{UploadError, send_file};\n\n/// A file and where it goes.\n\
             pub struct Item {\n    pub path: String,\n    pub address: String,\n}\n\n/// Sends everything, in order.\n\
             pub fn drain_queue(items: &[Item]) -> Result<(), UploadError> {\n    for item in items {\n        send_file(item)?;\n    }\n    Ok(())\n}\n",
        ),
    ])
}
