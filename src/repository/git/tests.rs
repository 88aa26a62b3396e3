//! Reading real repositories, ordinary and strange.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use super::{GitEntry, GitError, GitRepository};
use crate::domain::repository::{BlobId, CommitSha};
use crate::repository::tests::{Fixture, file, submodule, symlink};

fn paths(entries: &[GitEntry]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| String::from_utf8_lossy(&entry.path).into_owned())
        .collect()
}

#[tokio::test]
async fn a_folder_without_repository_is_named_in_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = GitRepository::open(folder.path()).await.unwrap_err();
    let message = format!("`{}` is not a git repository", folder.path().display());
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn a_missing_folder_and_a_file_are_no_repositories() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "text").unwrap();
    for path in [folder.path().join("missing"), file] {
        let error = GitRepository::open(&path).await.unwrap_err();
        assert!(matches!(error, GitError::NotARepository(named) if named == path));
    }
}

#[test]
fn a_missing_git_is_to_be_installed() {
    let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
    let error = super::command::not_started("listing the files", &missing);
    insta::assert_snapshot!(error, @"
    git failed while listing the files: there is no `git` on the search path
    hint: install git
    ");
}

#[tokio::test]
async fn a_repository_without_commits_says_so() {
    let fixture = Fixture::new();
    let repository = fixture.open().await;
    let error = repository.resolve("HEAD").await.unwrap_err();
    assert_eq!(error.to_string(), "the repository has no commits yet");
    assert_eq!(repository.default_branch().await.unwrap(), "trunk");
}

#[tokio::test]
async fn unknown_and_dangerous_revisions_are_refused_by_name() {
    let fixture = Fixture::new();
    fixture.commit(&[file("a", "x")]);
    let repository = fixture.open().await;
    for revision in [
        "nowhere", "--all", "-h", "", "trunk:a", "a\nb", "a\0b", "^trunk",
    ] {
        let error = repository.resolve(revision).await.unwrap_err();
        assert!(
            matches!(&error, GitError::UnknownRevision(named) if named == revision),
            "{revision:?}: {error}"
        );
    }
}

#[tokio::test]
async fn branches_tags_and_abbreviations_lead_to_the_commit() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a", "x")]);
    fixture.git(&["tag", "-a", "-m", "one", "v1", "trunk"], b"");
    let repository = fixture.open().await;
    for revision in ["HEAD", "trunk", "v1", "refs/heads/trunk", commit.short()] {
        assert_eq!(repository.resolve(revision).await.unwrap(), commit);
    }
}

#[tokio::test]
async fn a_commit_that_is_not_here_is_an_unknown_revision() {
    let fixture = Fixture::new();
    fixture.commit(&[file("a", "x")]);
    let absent = CommitSha::parse(&"5".repeat(40)).unwrap();
    let error = fixture.open().await.tree(&absent).await.unwrap_err();
    assert!(matches!(error, GitError::UnknownRevision(named) if named == absent.as_str()));
}

#[tokio::test]
async fn a_commit_whose_tree_was_lost_is_no_unknown_revision() {
    let fixture = Fixture::new();
    fixture.commit(&[file("a", "x")]);
    let repository = fixture.open().await;
    let commit = repository.resolve("HEAD").await.unwrap();
    let git_folder = ["rev-parse", "--absolute-git-dir"];
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"], b"");
    let (folder, name) = tree.split_at(2);
    let objects = std::path::PathBuf::from(fixture.git(&git_folder, b"")).join("objects");
    std::fs::remove_file(objects.join(folder).join(name)).unwrap();
    let error = repository.tree(&commit).await.unwrap_err();
    let message = "git failed while listing the files: not a tree object";
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn the_tree_lists_every_kind_of_entry_with_its_exact_name() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[
        file("A.rs", "1"),
        file("a.rs", "22"),
        file("new\nline \"quoted\"", ""),
        file("über/straße.py", "333"),
        file(b"latin\xff1", "x"),
        symlink("link", "/etc/passwd"),
        submodule("module"),
    ]);
    let entries = fixture.open().await.tree(&commit).await.unwrap();
    let seen: Vec<String> = entries
        .iter()
        .map(|entry| {
            let path = entry.path.escape_ascii();
            format!("{:o} {path} {:?}", entry.mode, entry.size_bytes)
        })
        .collect();
    let expected = [
        "100644 A.rs Some(1)",
        "100644 a.rs Some(2)",
        "100644 latin\\xff1 Some(1)",
        "120000 link Some(11)",
        "160000 module None",
        "100644 new\\nline \\\"quoted\\\" Some(0)",
        "100644 \\xc3\\xbcber/stra\\xc3\\x9fe.py Some(3)",
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_commit_without_files_has_an_empty_tree() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[]);
    assert_eq!(fixture.open().await.tree(&commit).await.unwrap(), []);
}

#[tokio::test]
async fn bare_repositories_and_subfolders_show_the_whole_tree() {
    let bare = Fixture::with(&["init", "--quiet", "--bare"], "bare.git");
    let commit = bare.commit(&[file("src/a", "x"), file("top", "y")]);
    let listed = paths(&bare.open().await.tree(&commit).await.unwrap());
    assert_eq!(listed, ["src/a", "top"]);

    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("src/a", "x"), file("top", "y")]);
    let inside = fixture.directory().join("src");
    std::fs::create_dir(&inside).unwrap();
    let repository = GitRepository::open(&inside).await.unwrap();
    assert_eq!(
        paths(&repository.tree(&commit).await.unwrap()),
        ["src/a", "top"]
    );
}

#[tokio::test]
async fn sha256_repositories_are_read_like_others() {
    let init = [
        "init",
        "--quiet",
        "--initial-branch=trunk",
        "--object-format=sha256",
    ];
    let fixture = Fixture::with(&init, "long");
    let commit = fixture.commit(&[file("a", "contents")]);
    assert_eq!(commit.as_str().len(), 64);
    let repository = fixture.open().await;
    assert_eq!(repository.resolve("HEAD").await.unwrap(), commit);
    let entries = repository.tree(&commit).await.unwrap();
    let contents = repository.blob(&entries[0].id).await.unwrap();
    assert_eq!(contents.as_deref(), Some(b"contents".as_slice()));
}

#[tokio::test]
async fn the_folder_name_may_hold_spaces_dashes_and_bytes_that_are_not_utf8() {
    for name in [b"with space".as_slice(), b"-C", b"odd\xff\xfename"] {
        let init = ["init", "--quiet", "--initial-branch=trunk"];
        let fixture = Fixture::with(&init, OsStr::from_bytes(name));
        let commit = fixture.commit(&[file("a", "x")]);
        assert_eq!(fixture.open().await.resolve("HEAD").await.unwrap(), commit);
    }
}

#[tokio::test]
async fn many_blobs_arrive_in_the_order_asked_and_missing_ones_as_none() {
    let fixture = Fixture::new();
    let contents: Vec<String> = (0..3000).map(|i| format!("{i}\n").repeat(40)).collect();
    let entries: Vec<_> = contents
        .iter()
        .enumerate()
        .map(|(i, text)| file(format!("{i:05}"), text))
        .collect();
    let commit = fixture.commit(&entries);
    let repository = fixture.open().await;
    let tree = repository.tree(&commit).await.unwrap();
    let mut ids: Vec<BlobId> = tree.into_iter().map(|entry| entry.id).collect();
    ids.insert(1, BlobId::parse(&"9".repeat(40)).unwrap());
    // The id of a commit is no blob.
    ids.push(BlobId::parse(commit.as_str()).unwrap());
    let mut seen = Vec::new();
    repository
        .blobs(&ids, &mut |position, bytes| seen.push((position, bytes)))
        .await
        .unwrap();
    let mut expected: Vec<Option<Vec<u8>>> = contents
        .into_iter()
        .map(|text| Some(text.into_bytes()))
        .collect();
    expected.insert(1, None);
    expected.push(None);
    assert!(seen == expected.into_iter().enumerate().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_partial_clone_gives_none_for_what_it_lacks_and_asks_no_remote() {
    let origin = Fixture::new();
    let commit = origin.commit(&[file("a", "x")]);
    origin.git(&["config", "uploadpack.allowFilter", "true"], b"");
    let clone = Fixture::new();
    let url = format!("file://{}", origin.directory().display());
    clone.git(
        &[
            "fetch",
            "--quiet",
            "--filter=blob:none",
            &url,
            "trunk:refs/heads/copy",
        ],
        b"",
    );
    clone.git(&["config", "extensions.partialClone", "origin"], b"");
    clone.git(&["config", "remote.origin.promisor", "true"], b"");
    clone.git(&["config", "remote.origin.url", &url], b"");
    let repository = clone.open().await;
    let tree = repository.tree(&commit).await.unwrap();
    assert_eq!(tree[0].size_bytes, None);
    assert_eq!(repository.blob(&tree[0].id).await.unwrap(), None);
}

#[tokio::test]
async fn no_program_that_the_repository_names_is_run() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a.txt", "x"), file(".gitattributes", "* filter=evil")]);
    let mark = fixture.directory().join("mark");
    let script = fixture.directory().join("evil.sh");
    std::fs::write(
        &script,
        format!("#!/bin/sh\ntouch '{}'\ncat\n", mark.display()),
    )
    .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let program = script.to_str().unwrap();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.alternateRefsCommand",
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.external",
        "tar.tar.command",
    ] {
        fixture.git(&["config", key, program], b"");
    }
    let repository = fixture.open().await;
    repository.resolve("HEAD").await.unwrap();
    repository.default_branch().await.unwrap();
    let tree = repository.tree(&commit).await.unwrap();
    repository.blob(&tree[0].id).await.unwrap();
    repository.archive(&commit, "top").await.unwrap();
    assert!(!mark.exists());
}

#[tokio::test]
async fn replaced_objects_are_read_as_committed() {
    let fixture = Fixture::new();
    let commit = fixture.commit(&[file("a", "true")]);
    let repository = fixture.open().await;
    let id = repository.tree(&commit).await.unwrap()[0].id.clone();
    let other = fixture.git(&["hash-object", "-w", "--stdin"], b"false");
    fixture.git(&["replace", id.as_str(), &other], b"");
    assert_eq!(repository.blob(&id).await.unwrap().unwrap(), b"true");
}

#[tokio::test]
async fn an_archive_holds_files_links_and_folders_below_its_top_folder() {
    let fixture = Fixture::new();
    let long = format!("{}/deep.txt", "folder".repeat(30));
    let commit = fixture.commit(&[
        file(&long, "deep"),
        symlink("link", "a/b"),
        submodule("module"),
        file(b"odd\xff", "odd"),
    ]);
    let packed = fixture
        .open()
        .await
        .archive(&commit, "top-1")
        .await
        .unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
    let mut seen: Vec<_> = archive
        .entries()
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.path_bytes().into_owned(), entry.header().entry_type())
        })
        .collect();
    seen.sort_by(|left, right| left.0.cmp(&right.0));
    let expected = [
        (
            format!("top-1/{long}").into_bytes(),
            tar::EntryType::Regular,
        ),
        (b"top-1/link".to_vec(), tar::EntryType::Symlink),
        (b"top-1/module/".to_vec(), tar::EntryType::Directory),
        (b"top-1/odd\xff".to_vec(), tar::EntryType::Regular),
    ];
    assert_eq!(seen, expected);
}
