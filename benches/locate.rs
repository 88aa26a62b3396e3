//! How long it takes to find the files that a text is about, and how much memory: with an empty
//! cache, with a full one, and with one that an older commit has filled. Each run is a process of its
//! own, as a run of the command is; the best of a few counts, because others use the machine too.
//!
//! Run with `cargo bench --bench locate -- [REPOSITORY]…`. Without any, a repository of 7,000 files is
//! made up. Processor time and memory are read from `/proc`.

#![expect(clippy::print_stdout, reason = "the figures are for whoever runs this")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use planwright::config::repository_file::PathFilter;
use planwright::domain::request::Brief;
use planwright::repository::Limits;
use planwright::repository::cache::Cache;
use planwright::repository::git::GitRepository;
use planwright::repository::index::{Index, Recalled};
use planwright::repository::locate::locate;
use planwright::repository::snapshot::from_git;

/// The first argument of a process that does one run.
const RUN: &str = "--run";

/// Runs of each sort.
const RUNS: usize = 5;

/// Commits between a nearby one and the one asked for.
const NEARBY: usize = 10;

/// Files of the made-up repository, and about as many bytes in each: Django's numbers.
const FILES: u64 = 7_000;
const FILE_BYTES: usize = 6_600;

const LIMITS: Limits = Limits {
    files: 100_000,
    bytes: 300 * 1024 * 1024,
    file_bytes: 1024 * 1024,
    blob_requests: 300,
    paths: PathFilter::OPEN,
};

const QUESTION: &str = "Retry after a lost connection ignores the limit\n\nWhen the server closes the \
     connection, `retry_after` is not read by the client, and `MaxRetries` has no effect: the pool \
     opens a new connection at once. See server.go, src/client.rs and the timeout in `dial`.\n";

/// What one run took.
#[derive(Debug, Clone, Copy)]
struct Figures {
    /// Opening the repository and listing and reading its files; then analysing; then ranking.
    phases: [Duration; 3],
    total: Duration,
    processor: Duration,
    peak_kib: u64,
    files: u64,
    text_bytes: u64,
}

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    // `cargo bench` adds an argument of its own.
    let arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let arguments: Vec<String> = arguments.collect();
    if let [RUN, repository, revision, cache] =
        arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        return run(Path::new(repository), revision, Path::new(cache)).await;
    }
    println!("{HEADING}");
    if arguments.is_empty() {
        let folder = tempfile::tempdir()?;
        make_up(folder.path())?;
        return measure(folder.path(), "made up");
    }
    for repository in arguments.iter().map(PathBuf::from) {
        let name = repository.file_name().unwrap_or_default().to_string_lossy();
        measure(&repository, &name)?;
    }
    Ok(())
}

const HEADING: &str = "repository                      files  MB    cache     total  = reading + analysis + ranking   \
     processor   peak memory (over the text)";

/// One run, in this process; the figures go to standard output.
async fn run(repository: &Path, revision: &str, cache: &Path) -> Result<()> {
    let begun = Instant::now();
    let git = GitRepository::open(repository).await?;
    let commit = git.resolve(revision).await?;
    let shelf = Cache::open(cache, u64::MAX)?.shelf("bench");
    let kept = shelf.clone();
    let recalled = tokio::task::spawn_blocking(move || Recalled::load(&kept));
    let snapshot = from_git(&git, &commit, &LIMITS, &shelf).await?;
    let read = begun.elapsed();
    let (files, bytes) = (snapshot.files.len(), snapshot.bytes_read);
    let recalled = recalled.await?;
    let work = move || Index::build_recalling(snapshot, recalled, &shelf);
    let index = tokio::task::spawn_blocking(work).await?;
    let built = begun.elapsed();
    let located = locate(&index, &Brief::from_text(QUESTION), 20);
    let total = begun.elapsed();
    ensure!(!located.files.is_empty(), "nothing was found");
    let micros = [read, built - read, total - built, total].map(|time| time.as_micros());
    let [read, analysed, ranked, total] = micros;
    let (processor, peak) = (processor_ms().unwrap_or(0), peak_kib().unwrap_or(0));
    println!("{read} {analysed} {ranked} {total} {processor} {peak} {files} {bytes}");
    // Nothing is gained by taking the tables apart.
    std::io::stdout().flush()?;
    std::mem::drop(located);
    Ok(())
}

fn measure(repository: &Path, name: &str) -> Result<()> {
    let best = |runs: Vec<Figures>| runs.into_iter().min_by_key(|run| run.total);
    let mut cold = Vec::new();
    for _ in 0..RUNS {
        let cache = tempfile::tempdir()?;
        cold.push(start(repository, "HEAD", cache.path())?);
    }
    print(name, "empty", best(cold));
    let cache = tempfile::tempdir()?;
    start(repository, "HEAD", cache.path())?;
    let warm: Result<Vec<_>> = (0..RUNS)
        .map(|_| start(repository, "HEAD", cache.path()))
        .collect();
    print(name, "full", best(warm?));
    let older = format!("HEAD~{NEARBY}");
    let mut git = Command::new("git");
    let git = git.arg("-C").arg(repository);
    let known = git
        .args(["rev-parse", "--quiet", "--verify", &older])
        .output()?;
    if !known.status.success() {
        return Ok(());
    }
    let mut nearby = Vec::new();
    for _ in 0..RUNS {
        let cache = tempfile::tempdir()?;
        start(repository, &older, cache.path())?;
        nearby.push(start(repository, "HEAD", cache.path())?);
    }
    print(name, "nearby", best(nearby));
    Ok(())
}

/// Does one run in a process of its own.
fn start(repository: &Path, revision: &str, cache: &Path) -> Result<Figures> {
    let output = Command::new(std::env::current_exe()?)
        .arg(RUN)
        .arg(repository)
        .arg(revision)
        .arg(cache)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "a run failed");
    let printed = String::from_utf8(output.stdout)?;
    let numbers: Result<Vec<u64>, _> = printed.split_whitespace().map(str::parse).collect();
    let numbers = numbers?;
    let [
        read,
        analysed,
        ranked,
        total,
        processor,
        peak_kib,
        files,
        text_bytes,
    ] = numbers[..]
    else {
        anyhow::bail!("a run printed `{printed}`");
    };
    Ok(Figures {
        phases: [read, analysed, ranked].map(Duration::from_micros),
        total: Duration::from_micros(total),
        processor: Duration::from_millis(processor),
        peak_kib,
        files,
        text_bytes,
    })
}

fn print(name: &str, cache: &str, figures: Option<Figures>) {
    let Some(figures) = figures else {
        return;
    };
    let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    let [read, analysed, ranked] = figures.phases.map(|phase| phase.as_secs_f64());
    let peak = mib(figures.peak_kib * 1024);
    println!(
        "{name:30} {:6} {:5.1} {cache:>7} {:7.3} s = {read:.3}   + {analysed:.3}    + {ranked:.3} {:14.2} s {peak:9.0} MiB ({:.0})",
        figures.files,
        figures.text_bytes as f64 / 1e6,
        figures.total.as_secs_f64(),
        figures.processor.as_secs_f64(),
        peak - mib(figures.text_bytes),
    );
}

/// Time that this process and those it waited for have computed, in milliseconds.
fn processor_ms() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, which may hold anything, ends with the last bracket; the twelfth field behind it and
    // the three after that count hundredths of a second.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(4);
    Some(
        ticks
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum::<u64>()
            * 10,
    )
}

/// The most memory that this process had at one time.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Makes a repository whose files have words in common and words of their own, about as often as
/// programs do.
fn make_up(folder: &Path) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder).args(arguments);
        command
    };
    ensure!(
        git(&["init", "--quiet", "--bare"]).status()?.success(),
        "git init failed"
    );
    let mut import = git(&["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut input = std::io::BufWriter::new(import.stdin.take().context("no input")?);
    let branch = git(&["symbolic-ref", "HEAD"]).output()?.stdout;
    let branch = String::from_utf8(branch)?;
    write!(
        input,
        "commit {}\ncommitter a <a@b> 1 +0000\ndata 1\nx\n",
        branch.trim()
    )?;
    let mut random = 1_u64;
    for number in 0..FILES {
        let text = source(number, &mut random);
        let folder = number % 97;
        writeln!(
            input,
            "M 100644 inline src/part_{folder}/module_{number}.py"
        )?;
        write!(input, "data {}\n{text}\n", text.len())?;
    }
    drop(input);
    ensure!(import.wait()?.success(), "git fast-import failed");
    Ok(())
}

fn source(number: u64, random: &mut u64) -> String {
    let mut text = format!("\"\"\"Module {number}.\"\"\"\n");
    let mut word = || {
        *random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let choice = *random >> 33;
        // Most words are common ones; the rarer, the more of them there are.
        let spread = 1_u64 << (choice % 18);
        let (verb, noun) = (choice / 18 % 7, choice / 126 % spread);
        let verbs = ["get", "set", "read", "write", "retry", "close", "Max"];
        let verb = verbs.get(verb as usize % verbs.len()).unwrap_or(&"get");
        format!("{verb}_item{noun}")
    };
    while text.len() < FILE_BYTES {
        // Writing to a string does not fail.
        let _ = writeln!(text, "\ndef {}({}, {}):", word(), word(), word());
        for _ in 0..5 {
            let _ = writeln!(
                text,
                "    {} = {}.{}({}, 404)",
                word(),
                word(),
                word(),
                word()
            );
        }
        let _ = writeln!(text, "    return \"{} {}\"", word(), word());
    }
    text
}
