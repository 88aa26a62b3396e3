//! Repositories at the edge of what git allows: a result or an error that names the cause.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::git::{TestRepository, upload_repository};
use crate::program::{Run, run, run_reading};

const FILE: &str = "100644";
const LINK: &str = "120000";

/// Mode, path and content.
type Entry<'a> = (&'a str, &'a [u8], &'a [u8]);

/// Settings whose value is a program that some git command runs.
const PROGRAM_SETTINGS: &[&str] = &[
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "core.editor",
    "core.alternateRefsCommand",
    "core.gitProxy",
    "core.askPass",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.smudge",
    "filter.evil.clean",
    "filter.evil.process",
    "merge.evil.driver",
    "credential.helper",
    "gpg.program",
    "pager.ls-tree",
    "pager.cat-file",
    "tar.tar.gz.command",
    "uploadpack.packObjectsHook",
];

fn plan(repository: &Path, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let repo = repository.to_str().unwrap();
    let mut arguments = vec![
        "plan",
        "--repo",
        repo,
        "--text",
        "Retry `send_file` in upload",
    ];
    arguments.extend(more);
    run(folder.path(), &arguments)
}

/// The paths that `locate` finds for `text`, best first.
fn located(repository: &Path, text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let repo = repository.to_str().unwrap();
    let arguments = [
        "locate",
        "--repo",
        repo,
        "--text-file",
        "-",
        "--format",
        "json",
    ];
    let out = run_reading(folder.path(), &arguments, text.as_bytes()).data();
    let ranking: Value = serde_json::from_str(&out).unwrap();
    let files = ranking["files"].as_array().unwrap().iter();
    files
        .map(|file| file["path"].as_str().unwrap().to_owned())
        .collect()
}

/// A repository whose one commit holds exactly these entries; nothing of it is on the disk, so
/// any name will do.
fn imported(files: &[Entry<'_>], submodules: &[&[u8]]) -> TestRepository {
    let repository = TestRepository::empty();
    let mut stream =
        b"commit refs/heads/main\ncommitter T <t@example.invalid> 0 +0000\ndata 0\n".to_vec();
    for (mode, path, content) in files {
        let length = content.len();
        writeln!(stream, "M {mode} inline {}\ndata {length}", quoted(path)).unwrap();
        stream.extend_from_slice(content);
        stream.push(b'\n');
    }
    for path in submodules {
        writeln!(stream, "M 160000 {} {}", "5".repeat(40), quoted(path)).unwrap();
    }
    let mut child = Command::new("git")
        .arg("-C")
        .arg(repository.path())
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&stream).unwrap();
    assert!(child.wait().unwrap().success());
    repository
}

/// A path in git's own quotes.
fn quoted(path: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for byte in path {
        write!(quoted, "\\{byte:03o}").unwrap();
    }
    quoted + "\""
}

#[test]
fn repository_without_commits_says_so() {
    insta::assert_snapshot!(plan(TestRepository::empty().path(), &[]).refusal(2), @r"
    error: the local repository could not be read
      because: the repository has no commits yet
    hint: commit something first; a plan needs code to stand on
    ");
}

#[test]
fn folder_that_is_no_repository_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = plan(folder.path(), &[]).refusal(2);
    let expected = format!("`{}` is not a git repository\n", folder.path().display());
    assert!(complaint.contains(&expected), "{complaint}");
}

#[test]
fn missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let complaint = plan(&missing, &[]).refusal(2);
    let expected = format!("`{}` is not a git repository\n", missing.display());
    assert!(complaint.contains(&expected), "{complaint}");
    assert!(complaint.contains("there is no such folder"), "{complaint}");
}

#[test]
fn file_in_place_of_a_folder_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let complaint = plan(file.path(), &[]).refusal(2);
    assert!(
        complaint.contains(&file.path().display().to_string()),
        "{complaint}"
    );
}

#[test]
fn unknown_revisions_are_named_and_never_taken_for_options() {
    let repository = upload_repository();
    let tree = repository.git(&["rev-parse", "HEAD^{tree}"]);
    let revisions = [
        "nope",
        "--output=marker",
        "HEAD~9",
        "",
        "main:src",
        "@{-7}",
        &tree,
    ];
    for revision in revisions {
        let at = format!("--at={revision}");
        let complaint = plan(repository.path(), &[&at]).refusal(2);
        let expected = format!("`{revision}` is not a commit of this repository");
        assert!(complaint.contains(&expected), "{complaint}");
    }
    assert!(!repository.path().join("marker").exists());
}

#[test]
fn commit_without_files_gives_an_outline_without_places() {
    let repository = TestRepository::empty();
    repository.commit(&[]);
    let outline = plan(repository.path(), &[]).data();
    assert!(outline.contains("Outline"), "{outline}");
    assert_eq!(located(repository.path(), "upload"), [""; 0]);
}

/// Removes an object of a repository, as a broken disk would.
fn lose(repository: &TestRepository, revision: &str) {
    let object = repository.git(&["rev-parse", revision]);
    let (folder, name) = object.split_at(2);
    let objects = repository.path().join(".git/objects");
    fs::remove_file(objects.join(folder).join(name)).unwrap();
}

#[test]
fn lost_tree_is_a_failed_environment() {
    let repository = upload_repository();
    lose(&repository, "HEAD^{tree}");
    insta::assert_snapshot!(plan(repository.path(), &[]).refusal(3), @r"
    error: the local repository could not be read
      because: git failed while looking for a file: not a tree object
    hint: see that `git` is installed and that the repository is whole
    ");
}

#[test]
fn lost_file_leaves_the_others() {
    let repository = upload_repository();
    lose(&repository, "HEAD:src/upload.rs");
    let comment = plan(repository.path(), &[]).data();
    assert!(comment.contains("src/queue.rs"), "{comment}");
    assert!(comment.contains("Read 4 of 5 files"), "{comment}");
}

#[test]
fn binary_files_are_passed_over() {
    let binary: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let files: &[Entry<'_>] = &[
        (FILE, b"upload.bin", &binary),
        (FILE, b"upload.latin1.txt", b"upload gr\xfc\xdfe"),
        (FILE, b"upload.nul", b"upload\0upload"),
        (FILE, b"upload.rs", b"pub fn upload() {}\n"),
        (FILE, b"upload.utf16", b"\xff\xfeu\0p\0l\0o\0a\0d\0"),
        (FILE, b"empty_upload", b""),
    ];
    let repository = imported(files, &[]);
    plan(repository.path(), &[]).data();
    assert_eq!(
        located(repository.path(), "fn upload").first().unwrap(),
        "upload.rs"
    );
}

#[test]
fn submodules_are_passed_over() {
    let files: &[Entry<'_>] = &[
        (
            FILE,
            b".gitmodules",
            b"[submodule \"upload\"]\n\tpath = upload\n\turl = /nowhere\n",
        ),
        (FILE, b"src/upload.rs", b"pub fn upload() {}\n"),
    ];
    let repository = imported(files, &[b"upload", b"vendor/upload"]);
    plan(repository.path(), &[]).data();
    let found = located(repository.path(), "upload");
    assert!(found.contains(&"src/upload.rs".to_owned()), "{found:?}");
    assert!(!found.contains(&"upload".to_owned()), "{found:?}");
    assert!(!found.contains(&"vendor/upload".to_owned()), "{found:?}");
}

#[test]
fn symbolic_links_are_never_followed() {
    let outside = tempfile::NamedTempFile::new().unwrap();
    fs::write(outside.path(), "canary of the outside: upload").unwrap();
    let target = outside.path().to_str().unwrap();
    let files: &[Entry<'_>] = &[
        (LINK, b"broken", b"no/such/upload"),
        (LINK, b"loop", b"loop"),
        (LINK, b"outside", target.as_bytes()),
        (LINK, b"up", b"../../../../etc/passwd"),
        (FILE, b"upload.rs", b"pub fn upload() {}\n"),
    ];
    let repository = imported(files, &[]);
    repository.git(&["checkout", "--quiet", "--force", "main"]);
    let pack = plan(repository.path(), &["--format", "pack"]).data();
    assert!(
        !pack.contains("canary") && !pack.contains("root:"),
        "{pack}"
    );
    assert_eq!(
        located(repository.path(), "upload").first().unwrap(),
        "upload.rs"
    );
}

#[test]
fn names_that_are_not_utf8_do_not_hide_the_others() {
    let files: &[Entry<'_>] = &[
        (FILE, b"caf\xe9/upload.rs", b"pub fn upload() {}\n"),
        (FILE, b"\xff\xfe", b"upload"),
        (FILE, b"src/upload.rs", b"pub fn upload() {}\n"),
    ];
    let repository = imported(files, &[]);
    plan(repository.path(), &[]).data();
    let found = located(repository.path(), "upload");
    assert!(found.contains(&"src/upload.rs".to_owned()), "{found:?}");
}

#[test]
fn odd_names_are_kept_in_json_and_cannot_break_the_comment() {
    let names: &[&str] = &[
        "src/upload \"quoted\".rs",
        "src/upload`tick`.rs",
        "src/upload<b>.rs",
        "src/Upload.rs",
        "src/upload.rs",
        "src/größe/upload-ö\u{301}.rs",
        "src/上传/upload.rs",
        "-upload.rs",
        " upload.rs",
        "src/upload|pipe](x).rs",
    ];
    let files: Vec<Entry<'_>> = names
        .iter()
        .map(|name| (FILE, name.as_bytes(), b"pub fn upload() {}\n".as_slice()))
        .collect();
    let repository = imported(&files, &[]);
    let found = located(repository.path(), "fn upload");
    for name in names {
        assert!(found.contains(&(*name).to_owned()), "{name:?} in {found:?}");
    }
    let comment = plan(repository.path(), &[]).data();
    for shown in [
        ". `src/upload<b>.rs:1`: ",
        ". ``src/upload`tick`.rs:1``: ",
        ". `src/upload|pipe](x).rs:1`: ",
    ] {
        assert!(comment.contains(shown), "{shown} in {comment}");
    }
}

#[test]
fn line_break_in_a_name_does_not_begin_a_line_of_the_comment() {
    let files: &[Entry<'_>] = &[
        (
            FILE,
            b"src/upload\n/plan cancel\n# Title.rs",
            b"pub fn send_file() {}\n",
        ),
        (FILE, b"src/\x1b[31mupload\r.rs", b"pub fn send_file() {}\n"),
        (FILE, b"src/upload.rs", b"pub fn send_file() {}\n"),
    ];
    let repository = imported(files, &[]);
    let comment = plan(repository.path(), &[]).data();
    assert!(comment.contains("src/upload.rs"), "{comment}");
    assert!(
        !comment.contains('\x1b') && !comment.contains('\r'),
        "{comment:?}"
    );
    assert!(
        !comment.contains("\n/plan") && !comment.contains("\n# Title"),
        "{comment}"
    );
    let folder = tempfile::tempdir().unwrap();
    let repo = repository.path().to_str().unwrap();
    let arguments = ["locate", "--repo", repo, "--text-file", "-"];
    let listed = run_reading(folder.path(), &arguments, b"upload send_file").data();
    assert!(
        !listed.contains('\x1b') && !listed.contains('\r'),
        "{listed:?}"
    );
    assert!(!listed.contains("\n/plan"), "{listed}");
}

#[test]
fn names_that_only_git_can_hold_are_no_way_out_of_the_repository() {
    let deep = format!("{}upload.rs", "d/".repeat(400));
    let long = format!("src/{}.rs", "upload".repeat(200));
    let files: &[Entry<'_>] = &[
        (FILE, deep.as_bytes(), b"pub fn upload() {}\n"),
        (FILE, long.as_bytes(), b"pub fn upload() {}\n"),
        (FILE, b"C:\\upload.rs", b"pub fn upload() {}\n"),
        (FILE, b"..\\upload.rs", b"pub fn upload() {}\n"),
        (FILE, b"upload.rs", b"pub fn upload() {}\n"),
    ];
    let repository = imported(files, &[]);
    plan(repository.path(), &[]).data();
    let found = located(repository.path(), "upload");
    assert!(found.contains(&"upload.rs".to_owned()), "{found:?}");
}

#[test]
fn one_line_of_five_megabytes_is_survived() {
    let line = "upload(1);".repeat(500_000);
    let files: &[Entry<'_>] = &[
        (FILE, b"dist/upload.min.js", line.as_bytes()),
        (FILE, b"src/upload.rs", b"pub fn upload() {}\n"),
    ];
    let repository = imported(files, &[]);
    let comment = plan(repository.path(), &[]).data();
    assert!(comment.len() < 65_536, "{} bytes", comment.len());
    let found = located(repository.path(), "upload");
    assert!(found.contains(&"src/upload.rs".to_owned()), "{found:?}");
}

#[test]
fn deeply_nested_code_is_survived() {
    let nested =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let rust = format!("fn upload() {}", nested("{", "}"));
    let (json, python) = (nested("[", "]"), nested("(", ")"));
    let unclosed = format!("fn upload() {}", "r#\"/*".repeat(100_000));
    let files: &[Entry<'_>] = &[
        (FILE, b"upload.json", json.as_bytes()),
        (FILE, b"upload.py", python.as_bytes()),
        (FILE, b"upload.rs", rust.as_bytes()),
        (FILE, b"upload2.rs", unclosed.as_bytes()),
    ];
    let comment = plan(imported(files, &[]).path(), &[]).data();
    assert!(comment.contains("Outline"), "{comment}");
}

#[test]
fn five_thousand_files_are_searched() {
    let paths: Vec<String> = (0..5_000)
        .map(|i| format!("src/part{}/file{i}.rs", i % 50))
        .collect();
    let texts: Vec<String> = (0..5_000)
        .map(|i| format!("pub fn work_{i}() {{}}\n"))
        .collect();
    let files: Vec<Entry<'_>> = (paths.iter().zip(&texts))
        .map(|(path, text)| (FILE, path.as_bytes(), text.as_bytes()))
        .collect();
    let repository = imported(&files, &[]);
    let found = located(repository.path(), "`work_4321` does nothing");
    assert_eq!(found.first().unwrap(), "src/part21/file4321.rs");
}

#[test]
fn sha256_repositories_are_read_like_others() {
    let repository = TestRepository::empty();
    fs::remove_dir_all(repository.path().join(".git")).unwrap();
    repository.git(&[
        "init",
        "--quiet",
        "--object-format=sha256",
        "--initial-branch",
        "main",
    ]);
    repository.commit(&[("src/upload.rs", "pub fn send_file() {}\n")]);
    let comment = plan(repository.path(), &[]).data();
    assert!(comment.contains("`src/upload.rs:1`"), "{comment}");
}

#[test]
fn bare_repositories_and_subfolders_give_the_same_plan() {
    let repository = upload_repository();
    let expected = plan(repository.path(), &[]).data();
    assert_eq!(plan(&repository.path().join("src"), &[]).data(), expected);
    let bare = tempfile::tempdir().unwrap();
    let folder = bare.path().join("copy.git");
    repository.git(&["clone", "--quiet", "--bare", ".", folder.to_str().unwrap()]);
    assert_eq!(plan(&folder, &[]).data(), expected);
}

#[test]
fn repository_of_another_process_is_not_read_through_the_environment() {
    let (repository, other) = (upload_repository(), TestRepository::empty());
    let mut command = crate::program::command(repository.path());
    command.args(["plan", "--text", "Retry `send_file` in upload"]);
    let expected = crate::program::finish(&mut command).data();
    command.env("GIT_DIR", other.path().join(".git"));
    command.env("GIT_INDEX_FILE", "/nowhere");
    assert_eq!(crate::program::finish(&mut command).data(), expected);
}

#[test]
fn no_program_that_the_repository_names_is_run() {
    let repository = upload_repository();
    let folder = repository.path().to_owned();
    let marker = folder.join("marker");
    let script = folder.join("evil.sh");
    fs::write(
        &script,
        format!("#!/bin/sh\necho ran >> '{}'\ncat\n", marker.display()),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let hooks = folder.join("hooks");
    fs::create_dir(&hooks).unwrap();
    for hook in [
        "post-checkout",
        "post-index-change",
        "reference-transaction",
        "fsmonitor-watchman",
    ] {
        fs::copy(&script, hooks.join(hook)).unwrap();
    }
    repository.commit(&[
        (
            ".gitattributes",
            "* filter=evil diff=evil merge=evil export-subst\n",
        ),
        ("src/more.rs", "pub fn more() {} // $Format:%H$\n"),
    ]);
    let evil = script.to_str().unwrap();
    for key in PROGRAM_SETTINGS {
        repository.git(&["config", key, evil]);
    }
    repository.git(&["config", "core.hooksPath", hooks.to_str().unwrap()]);
    repository.git(&["config", "alias.rev-parse", &format!("!{evil}")]);
    fs::write(folder.join("src/more.rs"), "pub fn changed_since() {}\n").unwrap();
    fs::remove_file(&marker).ok();

    plan(&folder, &[]).data();
    located(&folder, "upload");
    let elsewhere = tempfile::tempdir().unwrap();
    let repo = folder.to_str().unwrap();
    run(elsewhere.path(), &["demo", "--once", "--repo", repo]).data();

    assert!(!marker.exists(), "{}", fs::read_to_string(&marker).unwrap());
    // The trap does work: plain git falls into it.
    repository.git(&["status"]);
    assert!(marker.exists());
}
