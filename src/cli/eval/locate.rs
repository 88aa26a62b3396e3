//! `planwright eval locate`: many cases in one process, a line of predictions for each.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::cli::ConfigFile;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Contents, Local};
use crate::cli::printer::Printer;
use crate::config::Settings;
use crate::domain::request::Brief;
use crate::repository::locate::{FeatureTable, Search};
use crate::repository::sharpen::SHARPENED;

/// Rank the files of each case's repository by its text.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  planwright eval locate --cases cases.jsonl --repos ~/clones --out predictions.jsonl\n\nA case is a line of JSON with `id`, `repo` (OWNER/NAME), `base_commit` and `problem_statement`.\nThe repository of OWNER/NAME is the folder `OWNER+NAME.git`, or `OWNER+NAME`, below --repos."
)]
pub(super) struct EvalLocateArguments {
    /// The cases, a line of JSON each; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Folder with one git repository for each that the cases name
    #[arg(long, value_name = "DIR")]
    repos: PathBuf,
    /// Where to write the predictions, a line for each case
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Most files, and most functions, of one case
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    top: u16,
    /// Also write what speaks for and against each file, for training weights
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    repo: String,
    base_commit: String,
    problem_statement: String,
}

/// What was found for one case.
#[derive(Debug, Serialize)]
struct Prediction<'a> {
    id: &'a str,
    files: Vec<&'a str>,
    functions: Vec<String>,
    seconds: f64,
}

/// What speaks for and against the best files and functions of one case.
#[derive(Debug, Serialize)]
struct Features<'a> {
    id: &'a str,
    files: FeatureTable,
    functions: FeatureTable,
}

/// Where the lines go.
struct Outputs {
    predictions: BufWriter<File>,
    features: Option<BufWriter<File>>,
    top: usize,
}

pub(super) async fn run(
    arguments: EvalLocateArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let settings = super::super::config::load(&arguments.config)?.settings;
    let cases = read_cases(&arguments.cases)?;
    let mut outputs = Outputs {
        predictions: create(&arguments.out)?,
        features: arguments.features.as_deref().map(create).transpose()?,
        top: usize::from(arguments.top),
    };
    let mut failed = 0_usize;
    for case in &cases {
        let started = Instant::now();
        match read(case, &arguments.repos, &settings, printer).await {
            Ok(contents) => {
                let brief = Brief::from_text(&case.problem_statement);
                let search = Search::new(&contents.index, &brief);
                contents.sharpen(&search.best(SHARPENED)).await;
                outputs.write(case, &search, started)?;
            }
            Err(failure) => {
                printer.note(&format!("case {}: {failure}", case.id));
                failed += 1;
                outputs.write_nothing(case)?;
            }
        }
    }
    outputs.finish()?;
    printer.note(&format!("{} cases, {failed} of them unread", cases.len()));
    if failed > 0 {
        return Err(Failure::failed(format!("{failed} cases could not be read"))
            .hint("each is named above; their lines in the output name no files"));
    }
    Ok(ExitCode::SUCCESS)
}

impl Outputs {
    /// The line of a case.
    fn write(&mut self, case: &Case, search: &Search, started: Instant) -> Result<(), Failure> {
        let functions = search.functions(self.top).into_iter();
        let prediction = Prediction {
            id: &case.id,
            files: search.paths(self.top),
            functions: functions
                .map(|(path, definition)| format!("{path}:{}", definition.path()))
                .collect(),
            seconds: started.elapsed().as_secs_f64(),
        };
        write_line(&mut self.predictions, &prediction)?;
        if let Some(features) = &mut self.features {
            let line = Features {
                id: &case.id,
                files: search.file_features(FEATURE_ROWS),
                functions: search.function_features(FEATURE_ROWS),
            };
            write_line(features, &line)?;
        }
        Ok(())
    }

    /// The line of a case whose repository could not be read.
    fn write_nothing(&mut self, case: &Case) -> Result<(), Failure> {
        let prediction = Prediction {
            id: &case.id,
            files: Vec::new(),
            functions: Vec::new(),
            seconds: 0.0,
        };
        write_line(&mut self.predictions, &prediction)
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.predictions.flush().map_err(unwritable)?;
        self.features
            .as_mut()
            .map_or(Ok(()), |features| features.flush().map_err(unwritable))
    }
}

/// Files whose features are written for one case; what training needs is among the best.
const FEATURE_ROWS: usize = 400;

async fn read(
    case: &Case,
    repos: &Path,
    settings: &Settings,
    printer: &Printer,
) -> Result<Contents, Failure> {
    let name = case.repo.replace('/', "+");
    let bare = repos.join(format!("{name}.git"));
    let repo = if bare.is_dir() {
        bare
    } else {
        repos.join(name)
    };
    let at = case.base_commit.clone();
    Local { repo, at }.read(settings, printer).await
}

fn read_cases(path: &Path) -> Result<Vec<Case>, Failure> {
    let text = local::read_text(path)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(position, line)| {
            serde_json::from_str(line).map_err(|error| {
                let place = format!(
                    "line {} of `{}` is not a case",
                    position + 1,
                    path.display()
                );
                Failure::usage(error, place)
            })
        })
        .collect()
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path);
    let file = file.map_err(|error| {
        Failure::usage(error, format!("`{}` could not be written", path.display()))
    })?;
    Ok(BufWriter::new(file))
}

fn write_line(out: &mut BufWriter<File>, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, value).map_err(|error| unwritable(error.into()))?;
    out.write_all(b"\n").map_err(unwritable)
}

fn unwritable(error: std::io::Error) -> Failure {
    Failure::environment(error, "the predictions could not be written")
}
