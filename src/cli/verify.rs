//! `planwright verify`: every check on a plan.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::printer::Printer;
use crate::domain::repository::RepoPath;
use crate::planner::draft::Draft;
use crate::planner::draft::PlanFile;
use crate::planner::proposals;
use crate::planner::report::Report;
use crate::planner::verify;
use crate::repository::index::Index;
use crate::repository::sharpen::SHARPENED;

/// Check every claim of a plan against a repository.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  planwright verify --plan plan.json --repo . --at main")]
pub(super) struct VerifyArguments {
    /// The plan, as JSON; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    #[command(flatten)]
    local: Local,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
}

/// Reads a plan file.
pub(super) fn read_plan(path: &Path) -> Result<PlanFile, Failure> {
    let text = local::read_text(path)?;
    PlanFile::parse(&text).map_err(|error| {
        Failure::usage(error, format!("`{}` is not a plan", path.display()))
            .hint("a plan is one JSON document of the plan schema; `src/planner/plan.schema.json` is that schema")
    })
}

/// The files that a plan would change.
fn cited(draft: &Draft, index: &Index) -> Vec<usize> {
    let paths = draft.changes.iter();
    let paths = paths.filter_map(|change| RepoPath::parse(&change.path).ok());
    let places = paths.filter_map(|path| index.find(&path));
    places.map(|(file, _)| file).take(SHARPENED).collect()
}

pub(super) async fn run(
    arguments: VerifyArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let settings = super::config::load(&arguments.config)?.settings;
    let file = match PlanFile::parse(&local::read_text(&arguments.plan)?) {
        Ok(file) => file,
        // That it is no plan is an answer, too.
        Err(error) => return print(&Report::refused(&error), arguments.format, printer),
    };
    let contents = arguments.local.read(&settings, printer).await?;
    let index = &contents.index;
    contents.sharpen(&cited(&file.draft, index)).await;
    let registry = compose::registry(&settings)?;
    let mut lookups = None;
    proposals::look_up(registry.as_deref(), &file.draft, index, &mut lookups).await;
    let ground = verify::Ground {
        lookups: lookups.as_ref(),
        ..verify::Ground::bare(index)
    };
    let verification = verify::verify_file(&file, &ground);
    print(&Report::of(&verification), arguments.format, printer)
}

fn print(report: &Report<'_>, format: Format, printer: &Printer) -> Result<ExitCode, Failure> {
    match format {
        Format::Text => printer.data(&report.text())?,
        Format::Json => printer.json(report)?,
    }
    Ok(ExitCode::from(u8::from(!report.is_ok())))
}
