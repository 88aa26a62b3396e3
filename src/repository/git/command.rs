//! Running the user's `git`: hardened arguments, an empty environment, bounded output, a deadline.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use super::GitError;

/// Longest time that one command, or one answer of a running one, may take: listing a repository
/// of a million files takes seconds.
pub(super) const DEADLINE: Duration = Duration::from_mins(2);

/// Most bytes of a listing. A tree of 500,000 entries with long names stays below.
const OUTPUT_BYTES: u64 = 128 * 1024 * 1024;

/// Most bytes kept of what git complains about.
const COMPLAINT_BYTES: u64 = 16 * 1024;

/// Settings that a repository could use to run programs or to reach the network, and the refusal to
/// read what another user owns: nothing is run or written here, so reading is fine.
const HARDENING: &[&str] = &[
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    "-c",
    "safe.directory=*",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.attributesFile=/dev/null",
    "-c",
    "core.alternateRefsCommand=false",
    "-c",
    "uploadpack.packObjectsHook=false",
    "-c",
    "protocol.allow=never",
];

/// The whole environment of git, beside the search path.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("LC_ALL", "C"),
];

/// What a command left behind.
#[derive(Debug)]
pub(super) struct Output {
    /// Whether it ended with status 0.
    pub(super) success: bool,
    /// What it printed.
    pub(super) stdout: Vec<u8>,
    /// The first line it complained with; empty when it did not.
    pub(super) complaint: String,
}

impl Output {
    /// What was printed, when the command succeeded.
    pub(super) fn checked(self, doing: &'static str) -> Result<Vec<u8>, GitError> {
        if self.success {
            return Ok(self.stdout);
        }
        let why = match self.complaint.as_str() {
            "" => "it gave no reason".to_owned(),
            complaint => complaint.to_owned(),
        };
        Err(GitError::Failed { doing, why })
    }
}

/// Runs `git` in `directory` to its end.
pub(super) async fn run(
    directory: &Path,
    doing: &'static str,
    arguments: &[&str],
) -> Result<Output, GitError> {
    let mut child = start(directory, doing, arguments)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let work = async {
        let (stdout, stderr) = tokio::join!(
            read_bounded(stdout, OUTPUT_BYTES),
            read_bounded(stderr, COMPLAINT_BYTES)
        );
        let status = child.wait().await?;
        Ok::<_, std::io::Error>((status, stdout?, stderr?))
    };
    let (status, (stdout, overflow), (stderr, _)) = tokio::time::timeout(DEADLINE, work)
        .await
        .map_err(|_elapsed| too_slow(doing))?
        .map_err(|error| failed(doing, &error))?;
    if overflow {
        let why = format!("it printed more than {OUTPUT_BYTES} bytes");
        return Err(GitError::Failed { doing, why });
    }
    Ok(Output {
        success: status.success(),
        stdout,
        complaint: first_line(&stderr),
    })
}

/// Starts `git` in `directory` with all three streams piped; it is killed when dropped.
pub(super) fn start(
    directory: &Path,
    doing: &'static str,
    arguments: &[&str],
) -> Result<Child, GitError> {
    let mut command = Command::new("git");
    command
        .env_clear()
        .envs(ENVIRONMENT.iter().copied())
        .envs(search_path())
        .arg("-C")
        .arg(directory)
        .args(HARDENING)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command.spawn().map_err(|error| not_started(doing, &error))
}

/// The error for a git that could not be started.
pub(super) fn not_started(doing: &'static str, error: &std::io::Error) -> GitError {
    match error.kind() {
        std::io::ErrorKind::NotFound => GitError::Failed {
            doing,
            why: "there is no `git` on the search path\nhint: install git".to_owned(),
        },
        _ => failed(doing, error),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "PATH is where the system looks for programs, and no setting of ours"
)]
fn search_path() -> Option<(&'static str, std::ffi::OsString)> {
    std::env::var_os("PATH").map(|path| ("PATH", path))
}

/// A path as git wrote it.
#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "not every system takes any bytes as a path"
)]
pub(super) fn as_path(bytes: &[u8]) -> std::io::Result<&Path> {
    use std::os::unix::ffi::OsStrExt;
    Ok(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

/// A path as git wrote it; other systems have no paths of any bytes.
#[cfg(not(unix))]
pub(super) fn as_path(bytes: &[u8]) -> std::io::Result<&Path> {
    std::str::from_utf8(bytes)
        .map(Path::new)
        .map_err(std::io::Error::other)
}

/// The first `limit` bytes of a stream, which is read to its end, and whether there was more.
async fn read_bounded(
    stream: Option<impl AsyncRead + Unpin>,
    limit: u64,
) -> std::io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    let Some(mut stream) = stream else {
        return Ok((bytes, false));
    };
    (&mut stream).take(limit).read_to_end(&mut bytes).await?;
    let rest = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok((bytes, rest > 0))
}

fn first_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("fatal: ")
        .chars()
        .take(300)
        .collect()
}

/// The error for a broken pipe, a failed start and the like.
pub(super) fn failed(doing: &'static str, error: &std::io::Error) -> GitError {
    let why = error.to_string();
    GitError::Failed { doing, why }
}

/// The error for a passed deadline.
pub(super) fn too_slow(doing: &'static str) -> GitError {
    let why = format!("it took longer than {} seconds", DEADLINE.as_secs());
    GitError::Failed { doing, why }
}
