//! Snapshots of real repositories, and of a forge that serves them well or badly.

use std::sync::Mutex;

use async_trait::async_trait;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::attributes::Marks;
use super::filter::{Reason, judge_path};
use super::folders;
use super::text::{decode, is_generated};
use super::{Reader, SnapshotError, from_forge, from_git};
use crate::domain::change_set::ChangeSet;
use crate::domain::repository::RepositoryName;
use crate::domain::repository::{BlobId, CommitSha, ForgeKind, RepoPath, RepositoryId, TreeId};
use crate::domain::thread::{
    Author, Comment, CommentId, Reaction, ReactionTarget, RepositoryAddress, Role, Thread,
    ThreadAddress,
};
use crate::forge::{
    ByteStream, Depth, EntryKind, Folder, Forge, ForgeError, Pinned, Revision, TipFile, Tree,
    TreeEntry, TreeRoot,
};
use crate::render::CommentBody;
use crate::repository::cache::{Cache, Key, Kind, Shelf};
use crate::repository::git::{GitEntry, GitRepository, MODE_SUBMODULE, MODE_SYMLINK};
use crate::repository::tests::{Entry, Fixture, ROOMY, file, submodule, symlink};
use crate::repository::{Limits, Snapshot};

/// A shelf that nobody else has.
fn none() -> Shelf {
    Cache::none().shelf("test")
}

/// Path and text of each file, shortened to a word for those without.
fn texts(snapshot: &Snapshot) -> Vec<(&str, &str)> {
    snapshot
        .files
        .iter()
        .filter(|file| file.path.folder() != PADDING)
        .map(|file| {
            (
                file.path.as_str(),
                file.text.as_deref().unwrap_or("(unread)"),
            )
        })
        .collect()
}

/// The folder of files that are there to make a repository large enough for an archive.
const PADDING: &str = "src/padding";

fn padded(entries: &[Entry]) -> Vec<Entry> {
    let padding =
        (0..12).map(|i| file(format!("{PADDING}/{i}.rs"), format!("fn padding{i}() {{}}")));
    entries.iter().cloned().chain(padding).collect()
}

fn skipped(snapshot: &Snapshot) -> Vec<(&str, usize)> {
    snapshot
        .skipped
        .iter()
        .map(|skipped| (skipped.reason.as_str(), skipped.count))
        .collect()
}

fn strange_entries() -> Vec<Entry> {
    vec![
        file("src/lib.rs", "fn main() {}\n"),
        file("src/Lib.rs", "twin\n"),
        file(".env", "SECRET=1"),
        file(".env.example", "SECRET="),
        file("deploy/secrets/token.txt", "s"),
        file("src/credentials.rs", "struct Credentials;\n"),
        file("notes.txt", "-----BEGIN RSA PRIVATE KEY-----\nabc"),
        file("vendor/a/lib.go", "package a"),
        file("Cargo.lock", "x"),
        file("logo.png", "not really"),
        file("blob.txt", b"a\0b"),
        file("latin.txt", b"Gr\xfc\xdfe aus dem S\xfcden\n"),
        file("big.dat2", b"\xff\xfe\xff\xfe\xff\xfe"),
        file(
            "model.h5x",
            "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n",
        ),
        file(b"latin\xff1", "x"),
        file("new\nline and space.md", "hello"),
        symlink("link", "missing/target"),
        symlink("etc", "/etc/passwd"),
        submodule("module"),
    ]
}

#[tokio::test]
async fn every_strange_entry_is_listed_or_counted_with_its_reason() {
    let snapshot = Fixture::new().snapshot(&strange_entries()).await;
    let expected = vec![
        (".env", "(unread)"),
        (".env.example", "SECRET="),
        ("Cargo.lock", "(unread)"),
        ("big.dat2", "(unread)"),
        ("blob.txt", "(unread)"),
        ("deploy/secrets/token.txt", "(unread)"),
        ("latin.txt", "Gr\u{fffd}\u{fffd}e aus dem S\u{fffd}den\n"),
        ("logo.png", "(unread)"),
        ("model.h5x", "(unread)"),
        ("new\nline and space.md", "hello"),
        ("notes.txt", "(unread)"),
        ("src/Lib.rs", "twin\n"),
        ("src/credentials.rs", "struct Credentials;\n"),
        ("src/lib.rs", "fn main() {}\n"),
        ("vendor/a/lib.go", "(unread)"),
    ];
    assert_eq!(texts(&snapshot), expected);
    let reasons = [
        ("denied by path", 3),
        ("vendored", 1),
        ("generated", 1),
        ("binary", 3),
        ("Git LFS pointer", 1),
        ("submodule", 1),
        ("symbolic link", 2),
        ("unusual name", 1),
    ];
    assert_eq!(skipped(&snapshot), reasons);
    let special: Vec<_> = snapshot.special.iter().map(RepoPath::as_str).collect();
    assert_eq!(special, ["etc", "link", "module"]);
}

#[test]
fn paths_that_may_hold_secrets_are_denied_and_programs_about_them_are_not() {
    let judged = |path: &str| judge_path(&RepoPath::parse(path).unwrap(), Marks::default());
    for path in [
        ".env",
        "app/.env.production",
        "tls/Server.PEM",
        "id_ed25519",
        ".ssh/id_rsa.pub",
        ".npmrc",
        "home/.docker/config.json",
        "infra/prod.tfstate.backup",
        "infra/prod.tfvars",
        "config/secrets.yml",
        "deploy/secrets/api.json",
        "credentials.json",
        "credentials",
        "backup.sql.gz",
        "data/app.sqlite",
        "vault-prod.yml",
        "kubeconfig",
        "trace.har",
        "debug.log",
        ".aws/config",
    ] {
        assert_eq!(judged(path), Some(Reason::Denied), "{path}");
    }
    for path in [
        ".env.example",
        "src/secrets.rs",
        "src/secrets/mod.py",
        "lib/credentials_provider.rb",
        "environment.ts",
        "docs/keys.md",
        "changelog",
        "src/log.rs",
    ] {
        assert_eq!(judged(path), None, "{path}");
    }
}

#[test]
fn copies_and_outputs_are_named_and_not_read() {
    let judged = |path: &str| judge_path(&RepoPath::parse(path).unwrap(), Marks::default());
    for path in ["web/node_modules/a/index.js", "vendor/github.com/a/b.go"] {
        assert_eq!(judged(path), Some(Reason::Vendored), "{path}");
    }
    for path in [
        "dist/app.js",
        "static/app.min.js",
        "Cargo.lock",
        "web/package-lock.json",
        "go.sum",
    ] {
        assert_eq!(judged(path), Some(Reason::Generated), "{path}");
    }
    for path in [
        "src/vendor.rs",
        "pkg/dist/dist.go",
        "vendor",
        "lock.rs",
        "src/min.js",
    ] {
        assert_eq!(judged(path), None, "{path}");
    }
    assert_eq!(judged("logo.PNG"), Some(Reason::Binary));
}

#[test]
fn code_that_names_a_key_is_no_key() {
    let program = "const MARK: &str = \"-----BEGIN PRIVATE KEY-----\";".to_owned();
    assert_eq!(decode(program.clone().into_bytes()), Ok(program));
    let key = b"\n-----BEGIN PRIVATE KEY-----\nMII".to_vec();
    assert_eq!(decode(key), Err(Reason::Denied));
}

#[tokio::test]
async fn positions_by_path_agree_with_the_list() {
    let snapshot = Fixture::new().snapshot(&strange_entries()).await;
    let listed: Vec<_> = snapshot.files.iter().map(|file| &file.path).collect();
    assert!(listed.is_sorted());
    assert_eq!(snapshot.by_path.len(), listed.len());
    for (path, position) in &snapshot.by_path {
        assert_eq!(listed[*position], path);
    }
}

#[tokio::test]
async fn a_commit_without_files_gives_an_empty_snapshot() {
    let snapshot = Fixture::new().snapshot(&[]).await;
    assert_eq!(texts(&snapshot), []);
    assert_eq!(skipped(&snapshot), []);
    assert_eq!(snapshot.bytes_read, 0);
}

#[tokio::test]
async fn limits_keep_code_before_tests_before_the_rest() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[
        file("README.md", "12345"),
        file("a/huge.rs", "1234567890"),
        file("a/main.rs", "12345"),
        file("a/tests/main.rs", "12345"),
    ]);
    let repository = fixture.open().await;
    let limits = Limits {
        bytes: 10,
        file_bytes: 9,
        ..ROOMY
    };
    let snapshot = from_git(&repository, &commit, &limits, &none())
        .await
        .unwrap();
    let expected = [
        ("README.md", "(unread)"),
        ("a/huge.rs", "(unread)"),
        ("a/main.rs", "12345"),
        ("a/tests/main.rs", "12345"),
    ];
    assert_eq!(texts(&snapshot), expected);
    assert_eq!(
        skipped(&snapshot),
        [("too large", 1), ("budget used up", 1)]
    );

    let limits = Limits { files: 2, ..ROOMY };
    let snapshot = from_git(&repository, &commit, &limits, &none())
        .await
        .unwrap();
    let expected = [("a/huge.rs", "1234567890"), ("a/main.rs", "12345")];
    assert_eq!(texts(&snapshot), expected);
    assert_eq!(skipped(&snapshot), [("budget used up", 2)]);
}

#[tokio::test]
async fn thousands_of_files_are_read_and_an_endless_line_is_none_of_a_persons() {
    let mut entries: Vec<_> = (0..5000)
        .map(|i| {
            file(
                format!("src/{:02}/{i}.rs", i % 50),
                format!("fn f{i}() {{}}\n"),
            )
        })
        .collect();
    entries.push(file("src/line.js", "x".repeat(5_000_000)));
    let snapshot = Fixture::new().snapshot(&entries).await;
    let read = snapshot.files.iter().filter(|file| file.text.is_some());
    assert_eq!(read.count(), 5000);
    assert_eq!(skipped(&snapshot), [("generated", 1)]);
}

/// A forge over a local repository; only what reading needs.
struct FakeForge {
    repository: GitRepository,
    archive: Option<Vec<Result<Bytes, String>>>,
    /// Entries of a recursive listing.
    most_entries: usize,
    listed: Mutex<Vec<String>>,
    commit: Mutex<Option<CommitSha>>,
    unlistable: Option<String>,
    tells_sizes: bool,
    missing: Vec<BlobId>,
    lying: Option<BlobId>,
    asked: Mutex<Vec<BlobId>>,
}

impl FakeForge {
    async fn new(fixture: &Fixture) -> Self {
        Self {
            repository: fixture.open().await,
            archive: None,
            most_entries: usize::MAX,
            listed: Mutex::new(Vec::new()),
            commit: Mutex::new(None),
            unlistable: None,
            tells_sizes: true,
            missing: Vec::new(),
            lying: None,
            asked: Mutex::new(Vec::new()),
        }
    }

    fn with_archive(self, bytes: &[u8]) -> Self {
        let chunks = bytes
            .chunks(777)
            .map(|chunk| Ok(Bytes::copy_from_slice(chunk)));
        Self {
            archive: Some(chunks.collect()),
            ..self
        }
    }

    async fn read(&self, commit: &CommitSha, limits: &Limits) -> Result<Snapshot, SnapshotError> {
        self.read_with(commit, limits, &none()).await
    }

    async fn read_with(
        &self,
        commit: &CommitSha,
        limits: &Limits,
        shelf: &Shelf,
    ) -> Result<Snapshot, SnapshotError> {
        from_forge(self, &address(), commit, limits, shelf).await
    }

    fn blobs_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn address() -> RepositoryAddress {
    RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: "forge.example".to_owned(),
        id: RepositoryId(1),
        name: RepositoryName::new("o", "r").unwrap(),
        installation: None,
    }
}

/// An id that follows from what is in a folder, and names it: the fake forge has no other way to it.
fn tree_id(folder: &str, all: &[GitEntry]) -> TreeId {
    let mut inside = crc32fast::Hasher::new();
    for entry in all
        .iter()
        .filter(|entry| entry.path.starts_with(folder.as_bytes()))
    {
        inside.update(&entry.path);
        inside.update(entry.id.as_str().as_bytes());
    }
    let folder = hex::encode(folder);
    TreeId::parse(&format!("{:08x}{folder:0>56}", inside.finalize())).unwrap()
}

fn folder_of(id: &TreeId) -> String {
    let bytes = hex::decode(id.as_str()).unwrap();
    let folder = String::from_utf8(bytes[4..].to_vec()).unwrap();
    folder.trim_start_matches('\0').to_owned()
}

fn nothing<T>() -> Result<T, ForgeError> {
    let what = "that".to_owned();
    Err(ForgeError::NotFound { what })
}

#[async_trait]
impl Forge for FakeForge {
    async fn repository(&self, _: &RepositoryName) -> Result<RepositoryAddress, ForgeError> {
        nothing()
    }
    async fn thread(&self, _: &ThreadAddress) -> Result<Thread, ForgeError> {
        nothing()
    }
    async fn comments(&self, _: &ThreadAddress, _: usize) -> Result<Vec<Comment>, ForgeError> {
        nothing()
    }
    async fn changes(&self, _: &ThreadAddress, _: usize) -> Result<ChangeSet, ForgeError> {
        nothing()
    }
    async fn role(&self, _: &RepositoryAddress, _: &Author) -> Result<Role, ForgeError> {
        nothing()
    }
    async fn is_private(&self, _: &RepositoryAddress) -> Result<Option<bool>, ForgeError> {
        nothing()
    }
    async fn remove_label(&self, _: &ThreadAddress, _: &str) -> Result<(), ForgeError> {
        nothing()
    }
    async fn resolve(&self, _: &RepositoryAddress, _: Revision) -> Result<Pinned, ForgeError> {
        nothing()
    }
    async fn settings_file(&self, _: &RepositoryAddress) -> Result<TipFile, ForgeError> {
        nothing()
    }
    async fn tree(
        &self,
        _: &RepositoryAddress,
        root: TreeRoot<'_>,
        depth: Depth,
    ) -> Result<Tree, ForgeError> {
        let mut commit = self.commit.lock().unwrap().clone();
        if let TreeRoot::Commit(root) = root {
            commit = Some(root.clone());
            *self.commit.lock().unwrap() = Some(root.clone());
        }
        let Ok(all) = self.repository.tree(&commit.unwrap()).await else {
            return Err(ForgeError::Empty);
        };
        let folder = match root {
            TreeRoot::Commit(_) => String::new(),
            TreeRoot::Folder(id) => folder_of(id),
        };
        self.listed
            .lock()
            .unwrap()
            .push(format!("{folder} {depth:?}"));
        if self.unlistable == Some(folder.clone()) {
            return nothing();
        }
        let mut tree = Tree::default();
        for entry in all.clone() {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            let Some(path) = path.strip_prefix(&folder) else {
                continue;
            };
            let inside = path.split_once('/').map(|(inside, _)| inside);
            if let (Some(inside), Depth::Direct) = (inside, depth) {
                let path = inside.to_owned();
                if tree.folders.last().is_none_or(|last| last.path != path) {
                    let id = tree_id(&format!("{folder}{inside}/"), &all);
                    tree.folders.push(Folder { path, id });
                }
                continue;
            }
            tree.entries.push(TreeEntry {
                path: path.to_owned(),
                kind: match entry.mode {
                    MODE_SYMLINK => EntryKind::Symlink,
                    MODE_SUBMODULE => EntryKind::Submodule,
                    _ => EntryKind::File,
                },
                id: entry.id,
                size_bytes: entry.size_bytes.filter(|_| self.tells_sizes),
            });
        }
        tree.truncated = tree.entries.len() > self.most_entries;
        tree.entries.truncate(self.most_entries);
        Ok(tree)
    }
    async fn archive(
        &self,
        _: &RepositoryAddress,
        _: &CommitSha,
    ) -> Result<ByteStream, ForgeError> {
        let Some(chunks) = self.archive.clone() else {
            return nothing();
        };
        let chunks = chunks.into_iter().map(|chunk| {
            chunk.map_err(|why| ForgeError::Unavailable {
                what: "the archive".to_owned(),
                why,
            })
        });
        Ok(Box::pin(futures_util::stream::iter(chunks)))
    }
    async fn blob(
        &self,
        _: &RepositoryAddress,
        id: &BlobId,
        limit_bytes: u64,
    ) -> Result<Bytes, ForgeError> {
        if self.missing.contains(id) {
            self.asked.lock().unwrap().push(id.clone());
            return nothing();
        }
        let bytes = self.repository.blob(id).await.unwrap().unwrap();
        if !bytes.starts_with(b"fn padding") {
            self.asked.lock().unwrap().push(id.clone());
        }
        if self.lying == Some(id.clone()) {
            return Ok(b"fn forged() {}".as_slice().into());
        }
        if bytes.len() as u64 > limit_bytes {
            let what = "a blob".to_owned();
            return Err(ForgeError::TooLarge { what, limit_bytes });
        }
        Ok(bytes.into())
    }
    async fn post_comment(
        &self,
        _: &ThreadAddress,
        _: &CommentBody,
    ) -> Result<CommentId, ForgeError> {
        nothing()
    }
    async fn edit_comment(
        &self,
        _: &ThreadAddress,
        _: CommentId,
        _: &CommentBody,
    ) -> Result<(), ForgeError> {
        nothing()
    }
    async fn acknowledge(
        &self,
        _: &ThreadAddress,
        _: ReactionTarget,
        _: Reaction,
    ) -> Result<(), ForgeError> {
        nothing()
    }
}

/// A gzipped tar of members that need not be clean.
fn archive(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, contents) in members {
        let mut header = tar::Header::new_ustar();
        header.as_ustar_mut().unwrap().name[..path.len()].copy_from_slice(path);
        header.set_mode(0o644);
        header.set_size(contents.len() as u64);
        header.set_cksum();
        tar.append(&header, *contents).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

#[tokio::test]
async fn an_archive_gives_the_same_snapshot_as_git_without_asking_for_blobs() {
    let fixture = Fixture::new();
    let mut entries = strange_entries();
    entries.push(file(
        format!("{}long.rs", "deep/".repeat(60)),
        "fn far() {}\n",
    ));
    let commit = fixture.commit(&padded(&entries));
    let repository = fixture.open().await;
    let packed = repository.archive(&commit, "owner-repo-abc").await.unwrap();
    let forge = FakeForge::new(&fixture).await.with_archive(&packed);
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(
        snapshot,
        from_git(&repository, &commit, &ROOMY, &none())
            .await
            .unwrap()
    );
    assert_eq!(forge.blobs_asked(), 0);
}

#[tokio::test]
async fn gits_own_archive_with_its_attributes_is_completed_by_blobs() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[
        file(
            ".gitattributes",
            "hidden.rs export-ignore\nversion.rs export-subst\n",
        ),
        file("hidden.rs", "fn hidden() {}"),
        file("version.rs", "// $Format:%H$\n"),
        file("ä/plain.rs", "fn plain() {}"),
    ]));
    let output = std::process::Command::new("git")
        .args([
            "archive",
            "--format=tar.gz",
            "--prefix=top/",
            commit.as_str(),
        ])
        .current_dir(fixture.directory())
        .output()
        .unwrap();
    let forge = FakeForge::new(&fixture).await.with_archive(&output.stdout);
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    let repository = fixture.open().await;
    assert_eq!(
        snapshot,
        from_git(&repository, &commit, &ROOMY, &none())
            .await
            .unwrap()
    );
    // The attributes themselves come first.
    assert_eq!(forge.blobs_asked(), 3);
}

#[tokio::test]
async fn sha256_members_are_matched_too() {
    let init = [
        "init",
        "--quiet",
        "--initial-branch=trunk",
        "--object-format=sha256",
    ];
    let fixture = Fixture::with(&init, "long");
    let commit = fixture.commit(&padded(&[file("a.rs", "fn a() {}")]));
    let packed = fixture.open().await.archive(&commit, "top").await.unwrap();
    let forge = FakeForge::new(&fixture).await.with_archive(&packed);
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(texts(&snapshot), [("a.rs", "fn a() {}")]);
    assert_eq!(forge.blobs_asked(), 0);
}

#[tokio::test]
async fn without_an_archive_the_best_blobs_are_fetched_and_the_rest_counted() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[
        file("README.md", "readme"),
        file("src/gone.rs", "gone"),
        file("src/main.rs", "main"),
        file("tests/main.rs", "test"),
    ]);
    let mut forge = FakeForge::new(&fixture).await;
    let tree = forge.repository.tree(&commit).await.unwrap();
    forge.missing = vec![tree[1].id.clone()];
    let limits = Limits {
        blob_requests: 3,
        ..ROOMY
    };
    let snapshot = forge.read(&commit, &limits).await.unwrap();
    let expected = [
        ("README.md", "(unread)"),
        ("src/gone.rs", "(unread)"),
        ("src/main.rs", "main"),
        ("tests/main.rs", "test"),
    ];
    assert_eq!(texts(&snapshot), expected);
    assert_eq!(skipped(&snapshot), [("budget used up", 1), ("missing", 1)]);
    assert_eq!(forge.blobs_asked(), 3);
}

#[tokio::test]
async fn lying_and_escaping_members_are_ignored() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[file("a.rs", "true"), file("b.rs", "also true")]));
    let packed = archive(&[
        (b"top/../a.rs", b"true"),
        (b"/top/a.rs", b"true"),
        (b"a.rs", b"true"),
        (b"top/a.rs", b"forged"),
        (b"top/b.rs", b"also true"),
        (b"top/b.rs", b"again"),
        (b"top/c.rs", b"unlisted"),
        (b"top/\xff.rs", b"odd"),
    ]);
    let forge = FakeForge::new(&fixture).await.with_archive(&packed);
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(texts(&snapshot), [("a.rs", "true"), ("b.rs", "also true")]);
    assert_eq!(forge.blobs_asked(), 1);
}

#[tokio::test]
async fn a_bomb_ends_early_and_the_files_come_as_blobs() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[file("a.rs", "fn a() {}")]));
    let zeros = vec![0; 80 * 1024 * 1024];
    let packed = archive(&[(b"top/zeros", &zeros), (b"top/a.rs", b"fn a() {}")]);
    let forge = FakeForge::new(&fixture).await.with_archive(&packed);
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(texts(&snapshot), [("a.rs", "fn a() {}")]);
    assert_eq!(forge.blobs_asked(), 1);
}

#[tokio::test]
async fn archives_beyond_the_limits_are_left_unfinished() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[file("a.rs", "fn a() {}")]));
    let names: Vec<Vec<u8>> = (0..500).map(|i| format!("top/n{i}").into_bytes()).collect();
    let mut members: Vec<(&[u8], &[u8])> = names
        .iter()
        .map(|name| (name.as_slice(), b"x" as _))
        .collect();
    members.push((b"top/a.rs", b"fn a() {}"));
    let packed = archive(&members);
    let few_members = Limits {
        files: 100,
        ..ROOMY
    };
    let few_bytes = Limits {
        bytes: 1000,
        ..ROOMY
    };
    for limits in [few_members, few_bytes] {
        let forge = FakeForge::new(&fixture).await.with_archive(&packed);
        let snapshot = forge.read(&commit, &limits).await.unwrap();
        assert_eq!(texts(&snapshot), [("a.rs", "fn a() {}")]);
        assert_eq!(forge.blobs_asked(), 1);
    }
}

#[tokio::test]
async fn an_archive_that_breaks_off_keeps_what_came_and_asks_for_the_rest() {
    let fixture = Fixture::new();
    let noise: Vec<String> = (0u64..60_000)
        .map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string())
        .collect();
    let commit = fixture.commit(&padded(&[
        file("a.rs", "fn a() {}"),
        file("z.rs", noise.join("\n")),
    ]));
    let packed = fixture.open().await.archive(&commit, "top").await.unwrap();
    let mut forge = FakeForge::new(&fixture).await.with_archive(&packed);
    let chunks = forge.archive.as_mut().unwrap();
    chunks.truncate(chunks.len() / 2);
    chunks.push(Err("connection reset".to_owned()));
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(skipped(&snapshot), []);
    let read = texts(&snapshot)
        .into_iter()
        .filter(|(_, text)| *text != "(unread)");
    assert_eq!(read.count(), 2);
    assert_eq!(forge.blobs_asked(), 1);
}

#[tokio::test]
async fn garbage_for_an_archive_is_survived() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[file("a.rs", "fn a() {}")]));
    let forge = FakeForge::new(&fixture)
        .await
        .with_archive(b"<html>busy</html>");
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(texts(&snapshot), [("a.rs", "fn a() {}")]);
}

#[tokio::test]
async fn sizes_that_the_tree_does_not_tell_are_found_out() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&padded(&[
        file("big.rs", "x".repeat(50)),
        file("small.rs", "y"),
    ]));
    let limits = Limits {
        file_bytes: 20,
        ..ROOMY
    };
    let packed = fixture.open().await.archive(&commit, "top").await.unwrap();
    let mut with_archive = FakeForge::new(&fixture).await.with_archive(&packed);
    with_archive.tells_sizes = false;
    let mut without = FakeForge::new(&fixture).await;
    without.tells_sizes = false;
    for forge in [with_archive, without] {
        let snapshot = forge.read(&commit, &limits).await.unwrap();
        assert_eq!(
            texts(&snapshot),
            [("big.rs", "(unread)"), ("small.rs", "y")]
        );
        assert_eq!(skipped(&snapshot), [("too large", 1)]);
    }
}

fn wide_entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for folder in ["docs", "src/a", "src/b", "tests", "vendor/x"] {
        entries.extend((0..4).map(|i| file(format!("{folder}/{i}.rs"), format!("{folder} {i}"))));
    }
    entries.push(file("build.rs", "fn main() {}"));
    entries
}

#[tokio::test]
async fn a_listing_that_is_cut_off_is_walked_folder_by_folder() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&wide_entries());
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 5;
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    let repository = fixture.open().await;
    assert_eq!(
        snapshot,
        from_git(&repository, &commit, &ROOMY, &none())
            .await
            .unwrap()
    );
    let listed = forge.listed.lock().unwrap().clone();
    let expected = [
        " Whole",
        " Direct",
        "src/ Whole",
        "src/ Direct",
        "docs/ Whole",
        "tests/ Whole",
        "vendor/ Whole",
        "src/a/ Whole",
        "src/b/ Whole",
    ];
    let sorted = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&listed), sorted(&expected.map(str::to_owned)));
}

#[tokio::test]
async fn the_next_walk_asks_for_the_folders_that_changed() {
    let fixture = Fixture::new();
    let first = fixture.commit(&wide_entries());
    let mut entries = wide_entries();
    entries.push(file("src/a/new.rs", "fn new() {}"));
    let second = fixture.commit(&entries);
    let folder = tempfile::tempdir().unwrap();
    let open = || Cache::open(folder.path(), 10_000_000).unwrap().shelf("r");
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 5;
    forge.read_with(&first, &ROOMY, &open()).await.unwrap();
    forge.listed.lock().unwrap().clear();

    let snapshot = forge.read_with(&second, &ROOMY, &open()).await.unwrap();

    let repository = fixture.open().await;
    let expected = from_git(&repository, &second, &ROOMY, &none()).await;
    assert_eq!(snapshot, expected.unwrap());
    let listed = forge.listed.lock().unwrap().clone();
    let asked = [
        " Whole",
        " Direct",
        "src/ Whole",
        "src/ Direct",
        "src/a/ Whole",
    ];
    assert_eq!(listed, asked);
}

#[tokio::test]
async fn a_commit_is_listed_once_for_each_repository() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&wide_entries());
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let cache = Cache::open(folder.path(), 10_000_000).unwrap();
        cache.shelf(name)
    };
    let repository = fixture.open().await;
    let expected = from_git(&repository, &commit, &ROOMY, &none()).await;
    let expected = expected.unwrap();
    for most_entries in [usize::MAX, 5] {
        let names = [format!("r{most_entries}"), format!("other{most_entries}")];
        let mut forge = FakeForge::new(&fixture).await;
        forge.most_entries = most_entries;
        let read = async |name: &String| forge.read_with(&commit, &ROOMY, &open(name)).await;
        read(&names[0]).await.unwrap();
        let asked = forge.listed.lock().unwrap().len();

        assert_eq!(read(&names[0]).await.unwrap(), expected);
        assert_eq!(forge.listed.lock().unwrap().len(), asked);

        assert_eq!(read(&names[1]).await.unwrap(), expected);
        assert_eq!(forge.listed.lock().unwrap().len(), 2 * asked);
    }
}

#[tokio::test]
async fn a_file_at_the_root_is_found_by_its_id_in_the_listing() {
    let fixture = Fixture::new();
    let entries = [
        file("a.toml", "x = 1\n"),
        file("long.toml", "y".repeat(60)),
        file("latin.toml", b"# Gr\xfc\xdfe\n"),
        file("folder.toml/a", "z"),
        file("folder/none.toml", "z"),
        symlink("link.toml", "a.toml"),
    ];
    let commit = fixture.commit(&entries);
    let found = |bytes: &'static [u8]| Some(TipFile::Found(bytes.into()));
    let cases = [
        ("a.toml", found(b"x = 1\n"), 1),
        ("a.toml", found(b"x = 1\n"), 0),
        ("long.toml", Some(TipFile::TooLarge), 0),
        // Its text would not be its bytes.
        ("latin.toml", found(b"# Gr\xfc\xdfe\n"), 1),
        ("none.toml", Some(TipFile::Missing), 0),
        ("folder.toml", None, 0),
        ("link.toml", None, 0),
    ];
    let forge = FakeForge::new(&fixture).await;
    let (repository, shelf) = (address(), none());
    let reader = Reader {
        forge: &forge,
        repository: &repository,
        limits: &ROOMY,
        shelf: &shelf,
    };
    for (name, expected, asked) in cases {
        let before = forge.blobs_asked();
        let file = reader.file_at_root(&commit, name, 50).await;
        assert_eq!(file, expected, "{name}");
        assert_eq!(forge.blobs_asked() - before, asked, "{name}");
    }
    assert_eq!(forge.listed.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn of_a_root_that_is_cut_off_no_file_is_known_to_be_missing() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.toml", "x"), file("b.toml", "y")]);
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 1;
    let (repository, shelf) = (address(), none());
    let reader = Reader {
        forge: &forge,
        repository: &repository,
        limits: &ROOMY,
        shelf: &shelf,
    };
    assert_eq!(reader.file_at_root(&commit, "b.toml", 50).await, None);
}

#[tokio::test]
async fn a_file_at_the_root_that_is_not_what_its_id_says_is_none() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.toml", "x = 1\n")]);
    let mut forge = FakeForge::new(&fixture).await;
    let entries = forge.repository.tree(&commit).await.unwrap();
    forge.lying = Some(entries[0].id.clone());
    let (repository, shelf) = (address(), none());
    let reader = Reader {
        forge: &forge,
        repository: &repository,
        limits: &ROOMY,
        shelf: &shelf,
    };
    assert_eq!(reader.file_at_root(&commit, "a.toml", 50).await, None);
}

#[test]
fn only_so_many_commits_are_kept_and_the_newest_among_them() {
    let shelf = none();
    let tree = Tree::default();
    let commits = (0..100_u32).map(|number| {
        let digits = format!(
            "{:040x}",
            u128::from(number.wrapping_mul(0x9e37_79b9)) << 96
        );
        CommitSha::parse(&digits).unwrap()
    });
    for commit in commits {
        let root = TreeRoot::Commit(&commit);
        folders::keep(&shelf, root, &tree);
        assert_eq!(folders::recall(&shelf, root), Some(tree.clone()));
    }
    assert_eq!(shelf.keys(Kind::Listing).len(), 16);
}

#[tokio::test]
async fn a_folder_listed_in_part_is_listed_again() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a/a.rs", "x"), file("a/b.rs", "y")]);
    let shelf = none();
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 1;
    let snapshot = forge.read_with(&commit, &ROOMY, &shelf).await.unwrap();
    assert_eq!(skipped(&snapshot), [("listing cut off by the forge", 1)]);
    forge.most_entries = usize::MAX;
    let root = TreeRoot::Commit(&commit);
    let direct = forge.tree(&address(), root, Depth::Direct).await.unwrap();
    assert_eq!(
        folders::recall(&shelf, TreeRoot::Folder(&direct.folders[0].id)),
        None
    );
}

#[tokio::test]
async fn what_a_walk_had_to_leave_out_is_reached_by_the_next_ones() {
    let fixture = Fixture::new();
    let entries: Vec<_> = (0..250)
        .map(|i| file(format!("src/{i:03}/a.rs"), "code"))
        .collect();
    let commit = fixture.commit(&entries);
    let shelf = none();
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 1;
    let snapshot = forge.read_with(&commit, &ROOMY, &shelf).await.unwrap();
    assert_eq!(skipped(&snapshot), [("folder not listed", 51)]);
    let snapshot = forge.read_with(&commit, &ROOMY, &shelf).await.unwrap();
    assert_eq!(skipped(&snapshot), []);
    assert_eq!(snapshot.files.len(), 250);
}

#[test]
fn a_listing_is_kept_with_everything_in_it() {
    let blob = |digit: &str| BlobId::parse(&digit.repeat(40)).unwrap();
    let entry = |path: &str, kind, size_bytes| TreeEntry {
        path: path.to_owned(),
        kind,
        id: blob("a"),
        size_bytes,
    };
    let tree = Tree {
        entries: vec![
            entry("a b\n c.rs", EntryKind::File, Some(0)),
            entry("unsized", EntryKind::File, None),
            entry("folder link", EntryKind::Symlink, Some(12)),
            entry("module", EntryKind::Submodule, None),
        ],
        folders: vec![Folder {
            path: "in side".to_owned(),
            id: TreeId::parse(&"b".repeat(64)).unwrap(),
        }],
        truncated: false,
    };
    let shelf = none();
    let id = |digit: &str| TreeId::parse(&digit.repeat(40)).unwrap();
    folders::keep(&shelf, TreeRoot::Folder(&id("1")), &tree);
    assert_eq!(
        folders::recall(&shelf, TreeRoot::Folder(&id("1"))),
        Some(tree.clone())
    );

    let strange = Tree {
        entries: vec![entry("a\0b", EntryKind::File, None)],
        ..Tree::default()
    };
    folders::keep(&shelf, TreeRoot::Folder(&id("2")), &strange);
    assert_eq!(folders::recall(&shelf, TreeRoot::Folder(&id("2"))), None);

    for damaged in ["file", "file abc 1 x\0", "strange 0 1 x\0", "\u{fffd}\0"] {
        let key = Key::of_tree(Kind::Folder, &id("3"));
        shelf.remove(&key);
        shelf.put(key, damaged.as_bytes());
        assert_eq!(
            folders::recall(&shelf, TreeRoot::Folder(&id("3"))),
            None,
            "{damaged}"
        );
    }
}

#[tokio::test]
async fn a_folder_that_the_forge_does_not_list_is_counted() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&wide_entries());
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 5;
    forge.unlistable = Some("src/b/".to_owned());
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(snapshot.files.len(), 17);
    assert_eq!(
        skipped(&snapshot),
        [("vendored", 4), ("folder not listed", 1)]
    );
}

#[tokio::test]
async fn a_walk_ends_with_the_limits_and_code_comes_first() {
    let fixture = Fixture::new();
    let mut entries: Vec<_> = (0..300)
        .map(|i| file(format!("docs/{i:03}/a.md"), "text"))
        .collect();
    entries.extend((0..30).map(|i| file(format!("src/{i:02}/a.rs"), "code")));
    let commit = fixture.commit(&entries);
    let mut forge = FakeForge::new(&fixture).await;
    // Every folder with folders in it is cut off.
    forge.most_entries = 1;
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    let code = snapshot
        .files
        .iter()
        .filter(|file| file.path.extension().as_deref() == Some("rs"));
    assert_eq!(code.count(), 30);
    // Of 332 folders, 200 are listed.
    assert_eq!(skipped(&snapshot), [("folder not listed", 132)]);
}

#[tokio::test]
async fn a_flat_listing_that_is_cut_off_is_stated() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.rs", "x"), file("b.rs", "y")]);
    let mut forge = FakeForge::new(&fixture).await;
    forge.most_entries = 1;
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(texts(&snapshot), [("a.rs", "x")]);
    assert_eq!(skipped(&snapshot), [("listing cut off by the forge", 1)]);
}

#[tokio::test]
async fn contents_that_are_not_what_their_id_says_are_left_out() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.rs", "fn a() {}"), file("b.rs", "fn b() {}")]);
    let mut forge = FakeForge::new(&fixture).await;
    forge.lying = Some(forge.repository.tree(&commit).await.unwrap()[0].id.clone());
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    assert_eq!(
        texts(&snapshot),
        [("a.rs", "(unread)"), ("b.rs", "fn b() {}")]
    );
    assert_eq!(skipped(&snapshot), [("contents unlike their id", 1)]);
}

#[tokio::test]
async fn the_same_contents_are_asked_for_once() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[
        file("a.rs", "same"),
        file("b/a.rs", "same"),
        file("c.rs", "c"),
    ]);
    let forge = FakeForge::new(&fixture).await;
    let snapshot = forge.read(&commit, &ROOMY).await.unwrap();
    let expected = [("a.rs", "same"), ("b/a.rs", "same"), ("c.rs", "c")];
    assert_eq!(texts(&snapshot), expected);
    assert_eq!(forge.blobs_asked(), 2);
}

#[tokio::test]
async fn the_next_commit_costs_its_changed_blobs() {
    let fixture = Fixture::new();
    let first = fixture.commit(&padded(&strange_entries()));
    let mut entries = padded(&strange_entries());
    entries.push(file("src/new.rs", "fn new() {}"));
    let second = fixture.commit(&entries);
    let repository = fixture.open().await;
    let packed = repository.archive(&first, "top").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let open = || Cache::open(folder.path(), 10_000_000).unwrap().shelf("r");
    let forge = FakeForge::new(&fixture).await.with_archive(&packed);
    forge.read_with(&first, &ROOMY, &open()).await.unwrap();

    // Another process: only what was saved is known, binary and LFS files included.
    let forge = FakeForge::new(&fixture).await;
    let snapshot = forge.read_with(&second, &ROOMY, &open()).await.unwrap();

    assert_eq!(forge.blobs_asked(), 1);
    assert_eq!(
        snapshot,
        from_git(&repository, &second, &ROOMY, &none())
            .await
            .unwrap()
    );
    let local = from_git(&repository, &second, &ROOMY, &open()).await;
    assert_eq!(local.unwrap(), snapshot);
}

#[tokio::test]
async fn what_was_left_out_for_its_fetching_is_fetched_the_next_time() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.rs", "fn a() {}"), file("b.rs", "fn b() {}")]);
    let shelf = none();
    let mut forge = FakeForge::new(&fixture).await;
    forge.lying = Some(forge.repository.tree(&commit).await.unwrap()[0].id.clone());
    forge.read_with(&commit, &ROOMY, &shelf).await.unwrap();
    forge.lying = None;
    let snapshot = forge.read_with(&commit, &ROOMY, &shelf).await.unwrap();
    assert_eq!(skipped(&snapshot), []);
    assert_eq!(forge.blobs_asked(), 3);
}

#[tokio::test]
async fn the_repositorys_attributes_say_what_is_read() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[
        file(
            ".gitattributes",
            "*.pb.rs linguist-generated\nvendor/ours/** -linguist-vendored\nlib/** linguist-vendored\n\
             .env -linguist-generated\nsaid.rs -linguist-generated\ndist/*.js linguist-generated=false\n",
        ),
        file("sub/.gitattributes", "keep.pb.rs -linguist-generated\n"),
        file(".env", "SECRET=1"),
        file("a.pb.rs", "a"),
        file("dist/x.js", "x"),
        file("lib/copied.rs", "copied"),
        file("said.rs", "// @generated\nfn s() {}"),
        file("told.rs", "// @generated\nfn t() {}"),
        file("sub/keep.pb.rs", "keep"),
        file("vendor/ours/a.rs", "ours"),
        file("vendor/theirs/a.rs", "theirs"),
    ]);
    let repository = fixture.open().await;
    let snapshot = from_git(&repository, &commit, &ROOMY, &none())
        .await
        .unwrap();
    let unread: Vec<_> = texts(&snapshot)
        .into_iter()
        .filter(|(_, text)| *text == "(unread)")
        .map(|(path, _)| path)
        .collect();
    let expected = [
        ".env",
        "a.pb.rs",
        "lib/copied.rs",
        "told.rs",
        "vendor/theirs/a.rs",
    ];
    assert_eq!(unread, expected);
    let reasons = [("denied by path", 1), ("vendored", 2), ("generated", 2)];
    assert_eq!(skipped(&snapshot), reasons);
    let forge = FakeForge::new(&fixture).await;
    assert_eq!(forge.read(&commit, &ROOMY).await.unwrap(), snapshot);
}

#[test]
fn what_tools_wrote_says_so_at_its_head() {
    let long = format!("var a=1;{}\n", "b(c);".repeat(4000));
    for text in [
        "// @generated by a tool\nfn a() {}",
        "/**\n * @generated SignedSource<<1>>\n */",
        "# Generated by Django. DO NOT EDIT.\n",
        "// Code generated by protoc-gen-go. DO NOT EDIT.\npackage a",
        long.as_str(),
    ] {
        assert!(
            is_generated(text),
            "{}",
            text.lines().next().unwrap_or_default()
        );
    }
    let late = format!("{}// @generated", "fn a() {}\n".repeat(100));
    let table = format!("{}\n", "x".repeat(900)).repeat(20);
    for text in [
        "const MARK: &str = \"@generated\";",
        "//! Finds files that say @generated.",
        "// Please do not edit this list by hand.",
        "let generated = 1; // do not edit",
        late.as_str(),
        table.as_str(),
        "one line",
        "",
    ] {
        assert!(
            !is_generated(text),
            "{}",
            text.lines().next().unwrap_or_default()
        );
    }
}

#[tokio::test]
async fn an_empty_repository_is_told_apart() {
    let fixture = Fixture::new();
    let forge = FakeForge::new(&fixture).await;
    let nowhere = CommitSha::parse(&"1".repeat(40)).unwrap();
    let error = forge.read(&nowhere, &ROOMY).await.unwrap_err();
    assert!(matches!(error, SnapshotError::Forge(ForgeError::Empty)));
}
