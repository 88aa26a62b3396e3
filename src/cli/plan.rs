//! `planwright plan`: one plan, to standard output.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::printer::Printer;
use crate::config::Settings;
use crate::domain::repository::ForgeKind;
use crate::domain::request::Brief;
use crate::planner::report;
use crate::planner::{self, Job, Stage};
use crate::render::{self, Site};
use crate::repository::index::Index;

/// Plan one request for a repository.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  planwright plan --text 'Retry failed uploads'\n  planwright plan --repo ../app --at v2.1 --text-file issue.md --format json")]
pub(super) struct PlanArguments {
    #[command(flatten)]
    local: Local,
    #[command(flatten)]
    text: Text,
    /// Name of the model, or `none` for an outline; the configured one is used without this
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    format: Format,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Text {
    /// What is asked; the first line is the title
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// File with what is asked; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The comment
    Markdown,
    /// One JSON document
    Json,
    /// The evidence that a model would be given
    Pack,
}
