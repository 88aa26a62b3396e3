//! The cache of the command line: what a run leaves behind changes no answer, whatever happens to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::git::TestRepository;
use crate::program::{Run, command, finish};

/// Files of the repository that the runs look through.
const FILES: usize = 150;

struct Place {
    repository: TestRepository,
    folder: tempfile::TempDir,
}

impl Place {
    /// A repository whose texts do not pack well, so that writing them takes a moment.
    fn new() -> Self {
        let mut state = 1_u64;
        let mut word = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            format!("w{:x}", state >> 40)
        };
        let files: Vec<(String, String)> = (0..FILES)
            .map(|number| {
                let body: Vec<String> = (0..300).map(|_| format!("    {}();\n", word())).collect();
                let text = format!("fn upload_{number}() {{\n{}}}\n", body.concat());
                (format!("src/file_{number}.rs"), text)
            })
            .collect();
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("text.md"),
            "upload_77 is slow\n\nSee file_123.rs.",
        )
        .unwrap();
        Self {
            repository: TestRepository::with_files(&files),
            folder,
        }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// A run that is still to be started, without a cache.
    fn run(&self) -> Command {
        let mut command = command(self.folder.path());
        command
            .args([
                "locate",
                "--format",
                "json",
                "--text-file",
                "text.md",
                "--repo",
            ])
            .arg(self.repository.path());
        command
    }

    fn cached(&self) -> Command {
        let mut command = self.run();
        command.env("PLANWRIGHT_CACHE__DIR", self.cache());
        command
    }

    /// Files of the cache whose name holds `part`.
    fn files(&self, part: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.cache()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    _ if entry.file_name().to_string_lossy().contains(part) => {
                        found.push(entry.path());
                    }
                    _ => {}
                }
            }
        }
        found.sort();
        found
    }
}

fn data(command: &mut Command) -> String {
    finish(command).data()
}

#[test]
fn a_full_cache_answers_as_an_empty_one_and_grows_no_more() {
    let place = Place::new();
    let expected = data(&mut place.run());
    assert_eq!(data(&mut place.cached()), expected);
    let kept = place.files(".segment");
    assert!(!kept.is_empty());
    assert_eq!(data(&mut place.cached()), expected);
    assert_eq!(place.files(".segment"), kept);
}

#[test]
fn without_a_folder_of_the_users_nothing_is_left_behind() {
    let place = Place::new();
    data(&mut place.run());
    let left: Vec<_> = fs::read_dir(place.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn the_users_folder_of_caches_is_the_usual_place() {
    let place = Place::new();
    let home = place.folder.path().join("home");
    data(place.run().env("HOME", &home));
    assert!(home.join(".cache/planwright/v1").is_dir());
    let shared = place.folder.path().join("shared");
    data(
        place
            .run()
            .env("HOME", &home)
            .env("XDG_CACHE_HOME", &shared),
    );
    assert!(shared.join("planwright/v1").is_dir());
}

#[test]
fn a_run_that_is_killed_while_it_writes_leaves_nothing_wrong() {
    let place = Place::new();
    let expected = data(&mut place.run());
    let mut interrupted = 0;
    for patience in 0..6_usize {
        let mut child = place
            .cached()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut seen = 0;
        // Later ones are let go on for longer after the first sign of a file being written.
        while child.try_wait().unwrap().is_none() {
            seen += usize::from(!place.files("unfinished").is_empty());
            if seen > patience * 3 {
                child.kill().unwrap();
                break;
            }
        }
        child.wait().unwrap();
        interrupted += usize::from(seen > 0);
        assert_eq!(data(&mut place.cached()), expected, "patience {patience}");
        fs::remove_dir_all(place.cache()).unwrap();
    }
    assert!(interrupted > 0, "no run was caught while it wrote");
}

#[test]
fn runs_at_the_same_time_all_answer_and_leave_a_good_cache() {
    let place = Place::new();
    let expected = data(&mut place.run());
    let children: Vec<_> = (0..4)
        .map(|_| place.cached().stdout(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    }
    assert_eq!(place.files("unfinished"), Vec::<PathBuf>::new());
    assert_eq!(data(&mut place.cached()), expected);
}

#[test]
fn damaged_files_change_no_answer() {
    let place = Place::new();
    let expected = data(&mut place.run());
    data(&mut place.cached());
    for (number, path) in (1..).zip(place.files(".segment")) {
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        match number % 2 {
            0 => bytes.truncate(middle),
            _ => bytes[middle] ^= 0x10,
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(data(&mut place.cached()), expected);
    assert_eq!(data(&mut place.cached()), expected);
}

/// What a run said beside its data, which must be `expected`.
fn note(run: Run, expected: &str) -> String {
    assert_eq!((run.status, run.out.as_str()), (Some(0), expected));
    run.err
}

#[test]
fn a_folder_that_cannot_be_used_is_told_once_and_done_without() {
    let place = Place::new();
    let expected = data(&mut place.run());
    fs::write(place.cache(), "a file").unwrap();
    let folder = place.cache().join("v1");
    assert_eq!(
        note(finish(&mut place.cached()), &expected),
        format!(
            "going on without a cache: the cache `{}` cannot be used: Not a directory (os error 20)\n",
            folder.display()
        )
    );
}

/// Where files may have 8 blocks at most, as on a disk that is full.
#[test]
fn a_full_disk_is_told_once_and_done_without() {
    let place = Place::new();
    let expected = data(&mut place.run());
    let inner = place.cached();
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(place.folder.path())
        .env("PLANWRIGHT_CACHE__DIR", place.cache())
        .env_remove("HOME")
        .env_remove("XDG_CACHE_HOME")
        .stdin(Stdio::null());
    let told = note(finish(&mut limited), &expected);
    assert!(
        told.starts_with("nothing was kept for the next time: the cache `")
            && told.lines().count() == 1,
        "{told}"
    );
    assert!(told.contains("File too large"), "{told}");
    assert_eq!(place.files("unfinished"), Vec::<PathBuf>::new());
    // With room again, it is as if nothing had been.
    assert_eq!(data(&mut place.cached()), expected);
    assert!(!place.files(".segment").is_empty());
}

/// Whoever has the cache of one repository learns nothing of another.
#[test]
fn another_repository_has_a_place_of_its_own() {
    let place = Place::new();
    data(&mut place.cached());
    let other = TestRepository::with_files(&[("src/other.rs", "fn upload_77() {}\n")]);
    let mut run = command(Path::new("/"));
    run.args(["locate", "--text-file"])
        .arg(place.folder.path().join("text.md"))
        .arg("--repo")
        .arg(other.path())
        .env("PLANWRIGHT_CACHE__DIR", place.cache());
    data(&mut run);
    let folders: std::collections::BTreeSet<_> = place
        .files(".segment")
        .iter()
        .map(|path| path.parent().unwrap().to_owned())
        .collect();
    assert_eq!(folders.len(), 2);
}
