//! `planwright plan`: one plan, to standard output.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::outline_json::OutlineJson;
use crate::cli::printer::Printer;
use crate::config::{ModelProvider, Settings};
use crate::domain::document::Content;
use crate::domain::repository::ForgeKind;
use crate::domain::request::Brief;
use crate::planner::{self, Job, Outcome, Stage, Study};
use crate::render::{self, Site};

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

pub(super) async fn run(arguments: PlanArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut settings = super::config::load(&arguments.config)?.settings;
    choose_model(&mut settings, arguments.model.as_deref())?;
    let brief = arguments.text.brief()?;
    let index = arguments.local.read(&settings, printer).await?;
    if arguments.format == Format::Pack {
        let study = Study::of(&brief, &index, settings.budgets.request_bytes);
        printer.data(&study.pack.text())?;
        return Ok(ExitCode::SUCCESS);
    }
    let model = compose::model(&settings)?;
    let job = Job {
        brief: &brief,
        index,
        model: model.as_deref(),
        model_calls: settings.budgets.model_calls,
        max_output_tokens: settings.model.max_output_tokens,
        request_bytes: settings.budgets.request_bytes,
        revision: 1,
    };
    let progress = printer.progress("planning");
    let outcome = planner::plan(&job, &|stage| progress.set_message(stage_words(stage))).await;
    progress.finish_and_clear();
    print(&outcome, arguments.format, printer)?;
    Ok(ExitCode::SUCCESS)
}

impl Text {
    fn brief(&self) -> Result<Brief, Failure> {
        let text = match (&self.text, &self.text_file) {
            (Some(text), _) => text.clone(),
            (None, Some(file)) => local::read_text(file)?,
            (None, None) => String::new(),
        };
        if text.trim().is_empty() {
            let hint = "say in a sentence what is to be changed";
            return Err(Failure::wrong("the request is empty").hint(hint));
        }
        Ok(Brief::from_text(&text))
    }
}

/// `none` plans without a model; a name replaces the configured one.
fn choose_model(settings: &mut Settings, name: Option<&str>) -> Result<(), Failure> {
    match name {
        None => {}
        Some("none") => settings.model.provider = ModelProvider::None,
        Some(_) if settings.model.provider == ModelProvider::None => {
            let hint = "set `model.provider` and its key in the configuration";
            return Err(Failure::wrong("no model provider is configured").hint(hint));
        }
        Some(name) => settings.model.name = name.to_owned(),
    }
    Ok(())
}

fn stage_words(stage: Stage) -> &'static str {
    match stage {
        Stage::Locating => "finding the places",
        Stage::Writing => "waiting for the model",
        Stage::Verifying => "checking the plan",
    }
}

fn print(outcome: &Outcome, format: Format, printer: &Printer) -> Result<(), Failure> {
    match (format, &outcome.file, &outcome.document.content) {
        (Format::Json, Some(file), _) => printer.json(file),
        (Format::Json, None, Content::Outline(outline)) => {
            printer.json(&OutlineJson::of(&outcome.document, outline))
        }
        _ => {
            // No forge shows these files, so there is nothing to link to.
            let site = Site {
                forge: ForgeKind::GitHub,
                repository_url: String::new(),
                marker: String::new(),
            };
            printer.data(render::document(&outcome.document, &site).as_str())
        }
    }
}
