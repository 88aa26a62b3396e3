//! `planwright eval verify`: true plans made from commits, mistakes seeded into them, and how many of
//! those the checks find.

mod benign;
mod commits;
mod dice;
mod gold;
mod heads;
mod imports;
mod judge;
mod patch;
mod report;
mod scene;
mod seeds;
mod signature;
mod tally;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::eval::verify::commits::{Commit, find_commits};
use crate::cli::eval::verify::dice::Dice;
use crate::cli::eval::verify::judge::{Bench, Slip};
use crate::cli::eval::verify::tally::Tally;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::printer::Printer;
use crate::config::Settings;
use crate::domain::repository::RepoPath;
use crate::repository::git::GitRepository;
use crate::repository::sharpen::SHARPENED;

/// Commits found for each plan wanted: some cannot be told as a plan, and the seed chooses among them.
const CHOICE: usize = 3;

/// Seed known mistakes into true plans and count which the checks find.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  planwright eval verify --repos ~/clones --plans 20 --out slips.jsonl\n  planwright eval verify --repos ~/clones --repo tokio-rs/tokio --format json\n\nEach folder below --repos that is a git repository is taken, bare or not. A plan is made from a\nrecent commit and checked against the code before it; then every kind of mistake is put into it,\none at a time. Exit status 1: a hard kind was found in less than 99 %, or more than 1 % of the true\nplans were found fault with."
)]
pub(super) struct EvalVerifyArguments {
    /// Folder with the git repositories
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// Take this one only, by its folder's name or as OWNER/NAME; may be given again
    #[arg(long = "repo", value_name = "NAME")]
    names: Vec<String>,
    /// Most plans made from each repository
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    plans: u16,
    /// Chooses the commits, and where mistakes are put
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Where to write what the checks got wrong, a line of JSON each, with the plan
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How to print the figures
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people
    Text,
    /// One JSON document
    Json,
}

/// What a whole run works with.
struct Run<'a> {
    settings: Settings,
    printer: &'a Printer,
    plans: usize,
    seed: u64,
    tally: Tally,
    slips: Option<BufWriter<File>>,
}

pub(super) async fn run(
    arguments: EvalVerifyArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let repositories = find_repositories(&arguments.repos, &arguments.names)?;
    let mut run = Run {
        settings: super::super::config::load(&arguments.config)?.settings,
        printer,
        plans: usize::from(arguments.plans),
        seed: arguments.seed,
        tally: Tally::empty(),
        slips: arguments.out.as_deref().map(create).transpose()?,
    };
    for (name, folder) in &repositories {
        run.repository(name, folder).await?;
    }
    if let Some(slips) = &mut run.slips {
        slips.flush().map_err(unwritable)?;
    }
    match arguments.format {
        Format::Text => printer.data(&report::text(&run.tally))?,
        Format::Json => printer.json(&run.tally)?,
    }
    if run.tally.plans == 0 {
        return Err(Failure::failed("no plan could be made from any commit")
            .hint("give repositories with a history of source code"));
    }
    Ok(ExitCode::from(u8::from(!run.tally.is_good())))
}

impl Run<'_> {
    async fn repository(&mut self, name: &str, folder: &Path) -> Result<(), Failure> {
        let repository = GitRepository::open(folder)
            .await
            .map_err(local::explain_git)?;
        let commits = find_commits(&repository, self.plans * CHOICE).await;
        let mut commits = commits.map_err(local::explain_git)?;
        Dice::new(self.seed, &[name]).shuffle(&mut commits);
        let before = self.tally.plans;
        for commit in &commits {
            if self.tally.plans - before >= self.plans {
                break;
            }
            if let Err(failure) = self.commit(name, folder, commit).await {
                let at = commit.step.parent.short();
                self.printer.note(&format!("{name} at {at}: {failure}"));
            }
        }
        let made = self.tally.plans - before;
        self.tally.repositories += usize::from(made > 0);
        self.printer.note(&format!("{name}: {made} plans"));
        Ok(())
    }

    async fn commit(&mut self, name: &str, folder: &Path, commit: &Commit) -> Result<(), Failure> {
        let place = Local {
            repo: folder.to_owned(),
            at: commit.step.parent.to_string(),
        };
        let contents = place.read(&self.settings, self.printer).await?;
        let index = &contents.index;
        let paths = commit.files.iter();
        let files = paths
            .filter_map(|file| index.find(&RepoPath::parse(&file.path).ok()?))
            .map(|(position, _)| position);
        contents
            .sharpen(&files.take(SHARPENED).collect::<Vec<_>>())
            .await;
        let Some(gold) = gold::build(commit, index) else {
            return Ok(());
        };
        let bench = Bench {
            repository: name,
            commit,
            gold: &gold,
            index,
            seed: self.seed,
        };
        for slip in bench.run(&mut self.tally) {
            self.write(&slip)?;
        }
        Ok(())
    }

    fn write(&mut self, slip: &Slip) -> Result<(), Failure> {
        let Some(out) = &mut self.slips else {
            return Ok(());
        };
        serde_json::to_writer(&mut *out, slip).map_err(|error| unwritable(error.into()))?;
        out.write_all(b"\n").map_err(unwritable)
    }
}

/// The folders to look at, each with its name, sorted.
fn find_repositories(root: &Path, names: &[String]) -> Result<Vec<(String, PathBuf)>, Failure> {
    let unreadable = |error| {
        Failure::usage(error, format!("`{}` could not be listed", root.display()))
            .hint("give the folder that holds the repositories with `--repos DIR`")
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let is_repository = path.join("HEAD").is_file() || path.join(".git").exists();
        if let (Some(name), true) = (name, is_repository) {
            found.push((name.trim_end_matches(".git").replace('+', "/"), path));
        }
    }
    found.sort();
    let wanted: Vec<String> = names
        .iter()
        .map(|name| name.trim_end_matches(".git").replace('+', "/"))
        .collect();
    if let Some(missing) = wanted
        .iter()
        .find(|name| !found.iter().any(|(other, _)| other == *name))
    {
        return Err(Failure::wrong(format!(
            "there is no repository `{missing}` in `{}`",
            root.display()
        ))
        .hint("a repository OWNER/NAME is the folder `OWNER+NAME.git`, or `OWNER+NAME`"));
    }
    found.retain(|(name, _)| wanted.is_empty() || wanted.contains(name));
    if found.is_empty() {
        return Err(Failure::wrong(format!(
            "`{}` holds no git repository",
            root.display()
        )));
    }
    Ok(found)
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path);
    let file = file.map_err(|error| {
        Failure::usage(error, format!("`{}` could not be written", path.display()))
    })?;
    Ok(BufWriter::new(file))
}

fn unwritable(error: std::io::Error) -> Failure {
    Failure::environment(error, "the list of slips could not be written")
}

#[cfg(test)]
mod tests;
