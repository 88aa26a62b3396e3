//! The parent: hands texts to children, and believes nothing they say without looking.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use super::frame::{self, ANSWER_HEAD, GREETING};
use super::grammar::Grammar;
use super::{Breakage, Parsed, Syntax};

/// The argument that makes the program a child.
const SUBCOMMAND: &str = "parse-files";

/// Longest wait for a child that was started, and for one that was told to end.
const START_TIME: Duration = Duration::from_secs(10);

/// A text to be parsed.
#[derive(Debug, Clone)]
pub struct ParseJob {
    /// Its language.
    pub grammar: Grammar,
    /// All of it.
    pub text: Arc<str>,
}

/// Limits of parsing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParserLimits {
    /// Most children at a time for one call.
    pub children: usize,
    /// Largest text that is parsed, in bytes.
    pub file_bytes: usize,
    /// Longest line in a text that is parsed, in bytes.
    pub line_bytes: usize,
    /// Longest wait for one answer. A child ends itself long before, unless the machine is busy
    /// with other things.
    pub answer_time: Duration,
    /// Texts of one call that may break their child before no more are tried.
    pub failures: usize,
}

impl Default for ParserLimits {
    fn default() -> Self {
        Self {
            // One for each core of the smallest machine that this is meant for.
            children: 2,
            // The largest files that people write by hand; beyond are tables and bundles.
            file_bytes: 512 << 10,
            // Longer lines are minified or data.
            line_bytes: 16 << 10,
            answer_time: Duration::from_secs(20),
            // Honest repositories have none.
            failures: 8,
        }
    }
}

/// Parses texts in children of this program. Cheap to clone; it holds no process between calls, so
/// that what one repository did to a child cannot reach another.
#[derive(Debug, Clone)]
pub struct Parsers {
    program: Option<Arc<Path>>,
    limits: ParserLimits,
}

impl Parsers {
    /// Parsers whose children are `program`: this program, by its absolute path.
    pub fn new(program: PathBuf, limits: ParserLimits) -> Self {
        Self {
            program: Some(program.into()),
            limits,
        }
    }

    /// Parsers that parse nothing: every text is [`Breakage::Unavailable`].
    pub fn none() -> Self {
        Self {
            program: None,
            limits: ParserLimits::default(),
        }
    }

    /// Parses the texts; the results are in their order. It does not fail: a text that could not
    /// be parsed says why. Dropping the future ends the children.
    pub async fn parse(&self, files: Vec<ParseJob>) -> Vec<Parsed> {
        let mut results = vec![Parsed::Broken(Breakage::Unavailable); files.len()];
        let round = Round {
            files: &files,
            next: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
        };
        let Some(program) = self.program.as_deref() else {
            return results;
        };
        let workers = self.limits.children.clamp(1, files.len().max(1));
        let workers = (0..workers).map(|_| self.work(program, &round));
        for (position, parsed) in join_all(workers).await.into_iter().flatten() {
            if let Some(result) = results.get_mut(position) {
                *result = parsed;
            }
        }
        results
    }

    /// Takes texts until none is left.
    async fn work(&self, program: &Path, round: &Round<'_>) -> Vec<(usize, Parsed)> {
        let mut child = None;
        let mut results = Vec::new();
        loop {
            let position = round.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = round.files.get(position) else {
                break;
            };
            let parsed = match self.refusal(&file.text) {
                Some(breakage) => Parsed::Broken(breakage),
                None => self.parse_one(program, &mut child, file, round).await,
            };
            results.push((position, parsed));
        }
        if let Some(child) = child {
            Running::end(child).await;
        }
        results
    }

    fn refusal(&self, text: &str) -> Option<Breakage> {
        if text.len() > self.limits.file_bytes {
            return Some(Breakage::TooLarge);
        }
        let is_long = |line: &[u8]| line.len() > self.limits.line_bytes;
        let any_long = text.as_bytes().split(|byte| *byte == b'\n').any(is_long);
        any_long.then_some(Breakage::LongLine)
    }

    async fn parse_one(
        &self,
        program: &Path,
        child: &mut Option<Running>,
        file: &ParseJob,
        round: &Round<'_>,
    ) -> Parsed {
        if round.failures.load(Ordering::Relaxed) >= self.limits.failures {
            return Parsed::Broken(Breakage::Unavailable);
        }
        let running = match child.take() {
            Some(running) => Some(running),
            None => Running::start(program).await,
        };
        let Some(mut running) = running else {
            // What does not start once does not start for the next file.
            round
                .failures
                .store(self.limits.failures, Ordering::Relaxed);
            return Parsed::Broken(Breakage::Unavailable);
        };
        let parsed = match timeout(self.limits.answer_time, running.ask(file)).await {
            Ok(Some(parsed)) => {
                *child = Some(running);
                parsed
            }
            Ok(None) => Parsed::Broken(running.cause_of_death().await),
            Err(_elapsed) => Parsed::Broken(Breakage::Unavailable),
        };
        if matches!(parsed, Parsed::Broken(_)) {
            round.failures.fetch_add(1, Ordering::Relaxed);
        }
        parsed
    }
}

/// What the workers of one call share.
struct Round<'a> {
    files: &'a [ParseJob],
    next: AtomicUsize,
    failures: AtomicUsize,
}

/// A child that has greeted. It is killed when dropped.
struct Running {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Running {
    /// Starts a child; `None` when it cannot be started or does not greet as it should.
    async fn start(program: &Path) -> Option<Self> {
        let mut process = Command::new(program)
            .arg(SUBCOMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let mut running = Self {
            input: process.stdin.take()?,
            output: process.stdout.take()?,
            process,
        };
        let greeting = timeout(START_TIME, running.output.read_u8()).await;
        matches!(greeting, Ok(Ok(GREETING))).then_some(running)
    }

    /// The answer for one text; `None` when there is none, or none that can be true.
    async fn ask(&mut self, file: &ParseJob) -> Option<Parsed> {
        let head = frame::question_head(file.grammar, &file.text)?;
        self.input.write_all(&head).await.ok()?;
        self.input.write_all(file.text.as_bytes()).await.ok()?;
        let mut head = [0; ANSWER_HEAD];
        self.output.read_exact(&mut head).await.ok()?;
        let mut answer = vec![0; frame::read_answer_head(head)?];
        self.output.read_exact(&mut answer).await.ok()?;
        Parsed::decode(&answer).filter(|parsed| is_possible(parsed, &file.text))
    }

    /// Why there was no answer.
    async fn cause_of_death(mut self) -> Breakage {
        let status = timeout(START_TIME, self.process.wait()).await;
        match status {
            Ok(Ok(status)) => breakage_of(status),
            // It lives, and talks nonsense.
            _ => Breakage::Crashed,
        }
    }

    /// Ends a child that has nothing more to do.
    async fn end(self) {
        let Self {
            mut process,
            input,
            output,
        } = self;
        drop((input, output));
        if timeout(START_TIME, process.wait()).await.is_err() {
            process.kill().await.ok();
        }
    }
}

/// What a text did to its child, by how that ended.
fn breakage_of(status: ExitStatus) -> Breakage {
    const KILL: i32 = 9;
    const TERMINATE: i32 = 15;
    const PROCESSOR_TIME: i32 = 24;
    match status.signal() {
        Some(PROCESSOR_TIME) => Breakage::TooSlow,
        // Somebody else's doing.
        Some(KILL | TERMINATE) => Breakage::Unavailable,
        _ => Breakage::Crashed,
    }
}

/// Whether an answer can be about `text`: no line is behind its end.
fn is_possible(parsed: &Parsed, text: &str) -> bool {
    let Parsed::Done(Syntax {
        definitions,
        references,
        imports,
        ..
    }) = parsed
    else {
        return true;
    };
    let lines = text
        .as_bytes()
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1;
    let exists = |line: u32| usize::try_from(line).is_ok_and(|line| line <= lines);
    definitions
        .iter()
        .all(|definition| exists(definition.lines.end()))
        && references.iter().all(|reference| exists(reference.line))
        && imports.iter().all(|import| exists(import.line))
}
