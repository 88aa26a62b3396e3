//! Repositories made for tests, and stories that go through the whole module.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::repository_file::PathFilter;
use crate::domain::repository::{CommitSha, RepoPath};
use crate::domain::request::Brief;
use crate::repository::cache::Cache;
use crate::repository::facts::gather;
use crate::repository::git::GitRepository;
use crate::repository::index::Index;
use crate::repository::locate::locate;
use crate::repository::priors::Standing;
use crate::repository::snapshot::from_git;
use crate::repository::{File, Limits, Snapshot};
use crate::testing::blobs::blob_id;

/// Limits that nothing in a small test meets.
pub(super) const ROOMY: Limits = Limits {
    files: 100_000,
    bytes: 100_000_000,
    file_bytes: 10_000_000,
    blob_requests: 1_000,
    paths: PathFilter::OPEN,
};

/// A real repository in a folder of its own.
pub(super) struct Fixture {
    _folder: tempfile::TempDir,
    directory: PathBuf,
}

/// An entry of a commit to be made.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) mode: &'static str,
    pub(super) path: Vec<u8>,
    pub(super) contents: Vec<u8>,
}

/// A regular file.
pub(super) fn file(path: impl AsRef<[u8]>, contents: impl AsRef<[u8]>) -> Entry {
    Entry {
        mode: "100644",
        path: path.as_ref().to_owned(),
        contents: contents.as_ref().to_owned(),
    }
}

/// A symbolic link.
pub(super) fn symlink(path: &str, target: &str) -> Entry {
    Entry {
        mode: "120000",
        ..file(path, target)
    }
}

/// A submodule.
pub(super) fn submodule(path: &str) -> Entry {
    Entry {
        mode: "160000",
        ..file(path, "")
    }
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::with(&["init", "--quiet", "--initial-branch=trunk"], "repository")
    }

    pub(super) fn with(init: &[&str], name: impl AsRef<Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join(name);
        std::fs::create_dir(&directory).unwrap();
        let fixture = Self {
            _folder: folder,
            directory,
        };
        fixture.git(init, b"");
        fixture
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    pub(super) fn git(&self, arguments: &[&str], input: &[u8]) -> String {
        let mut child = Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(&self.directory)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Makes a commit of exactly these entries on `trunk`.
    pub(super) fn commit(&self, entries: &[Entry]) -> CommitSha {
        let mut stream = b"commit refs/heads/trunk\n\
            committer A <a@example.com> 1700000000 +0000\ndata 1\nx\ndeleteall\n"
            .to_vec();
        for entry in entries {
            let path: String = entry
                .path
                .iter()
                .map(|byte| format!("\\{byte:03o}"))
                .collect();
            if entry.mode == "160000" {
                let id = "1".repeat(40);
                writeln!(stream, "M 160000 {id} \"{path}\"").unwrap();
            } else {
                writeln!(stream, "M {} inline \"{path}\"", entry.mode).unwrap();
                writeln!(stream, "data {}", entry.contents.len()).unwrap();
                stream.extend_from_slice(&entry.contents);
                stream.push(b'\n');
            }
        }
        self.git(&["fast-import", "--quiet", "--force"], &stream);
        CommitSha::parse(&self.git(&["rev-parse", "refs/heads/trunk"], b"")).unwrap()
    }

    pub(super) async fn open(&self) -> GitRepository {
        GitRepository::open(&self.directory).await.unwrap()
    }

    pub(super) async fn snapshot(&self, entries: &[Entry]) -> Snapshot {
        let commit = self.commit(entries);
        from_git(
            &self.open().await,
            &commit,
            &ROOMY,
            &Cache::none().shelf("test"),
        )
        .await
        .unwrap()
    }
}

/// An index over texts, without git.
pub(super) fn index_of(files: &[(&str, &str)]) -> Index {
    Index::build(snapshot_of(files))
}

/// A snapshot of texts, without git.
pub(super) fn snapshot_of(files: &[(&str, &str)]) -> Snapshot {
    let mut files: Vec<File> = files
        .iter()
        .map(|(path, text)| File {
            path: RepoPath::parse(path).unwrap(),
            blob: blob_id(text.as_bytes()),
            text: Some((*text).into()),
        })
        .collect();
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let positions = files.iter().enumerate();
    Snapshot {
        commit: CommitSha::parse(&"b".repeat(40)).unwrap(),
        by_path: positions
            .map(|(at, file)| (file.path.clone(), at))
            .collect(),
        files,
        special: Vec::new(),
        skipped: Vec::new(),
        bytes_read: 0,
    }
}

#[tokio::test]
async fn the_whole_way_works_on_every_strange_repository() {
    let strange: Vec<Vec<Entry>> = vec![
        vec![],
        vec![symlink("a.rs", "b.rs"), submodule("m")],
        vec![file("a.bin", b"\0\0"), file("b.rs", b"\xff\xfe\xfd")],
        vec![file(
            "line.js",
            format!("function f() {{}} {}", "a.b(c);".repeat(20_000)),
        )],
        vec![
            file("new\nline.py", "def a(): pass"),
            file("A.py", "x = 1"),
            file("a.py", "x = 2"),
        ],
        vec![file("empty.rs", ""), file("blank.rs", "\n\n\r\n")],
    ];
    for entries in strange {
        let snapshot = Fixture::new().snapshot(&entries).await;
        let index = Index::build(snapshot);
        let brief = Brief::from_text("f fails in a.py\n\nsee `a()` and line.js:1 and x");
        let first = locate(&index, &brief, 10);
        assert_eq!(first, locate(&index, &brief, 10));
        gather(&index);
    }
}

#[test]
fn a_path_tells_what_kind_of_file_it_is() {
    let marks = |path: &str| {
        let standing = Standing::of(&RepoPath::parse(path).unwrap());
        let marks = [
            (!standing.is_code(), "no code"),
            (standing.is_test(), "test"),
            (standing.is_aside(), "aside"),
            (standing.is_support(), "support"),
            (standing.is_derived(), "derived"),
        ];
        let held = marks.iter().filter(|(holds, _)| *holds);
        held.map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
    };
    for (path, expected) in [
        ("src/lib.rs", ""),
        ("src/contest.rs", ""),
        ("src/attest/latest.go", ""),
        ("tests/it/main.rs", "test"),
        ("tests-build/a.rs", "test"),
        ("pkg/client_test.go", "test"),
        ("src/a.test.tsx", "test"),
        ("src/main/java/WriterTest.java", "test"),
        ("src/main/java/Test.java", "test"),
        ("src/main/java/Latest.java", ""),
        ("src/it/java/OrderIT.java", "test"),
        ("src/order_unittest.cc", "test"),
        ("src/AUDIT.java", ""),
        ("spec/a_spec.rb", "test"),
        ("test_a.py", "test"),
        ("docs/a.md", "no code aside"),
        ("examples/a.rs", "aside"),
        ("benches/a.rs", "aside"),
        ("Cargo.toml", "no code"),
        ("scripts/run.sh", "support"),
        ("src/types.pyi", "support"),
        ("src/a.d.ts", "support"),
        ("app/migrations/0001.py", "derived"),
        ("api/a.pb.go", "derived"),
        ("lib/version.rb", "derived"),
    ] {
        assert_eq!(marks(path), expected, "{path}");
    }
}
