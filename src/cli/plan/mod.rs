//! `planwright plan`: one plan, to standard output.
//!
//! The request is a text for a local repository, or a thread of the configured forge; then the plan
//! may be posted there.

mod issue;
mod post;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::ValueEnum;

use crate::cli::ConfigFile;
use crate::cli::compose;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::outline_json::OutlineJson;
use crate::cli::plan::issue::Wish;
use crate::cli::printer::Printer;
use crate::cli::receipt_json::ReceiptJson;
use crate::config::repository_file::Effective;
use crate::config::{Budgets, Loaded, ModelProvider, Settings};
use crate::domain::document::{Content, OutlineReason};
use crate::domain::repository::ForgeKind;
use crate::domain::request::Brief;
use crate::domain::revision::Cause;
use crate::model::{Guarded, Model};
use crate::planner::budget::Allowance;
use crate::planner::draft::PlanFile;
use crate::planner::{self, Job, Outcome, Stage, Study};
use crate::redact::{Redactor, Tally};
use crate::render::Site;
use crate::repository::locate::Search;
use crate::repository::sharpen::SHARPENED;
use crate::service::{comment, effective};

/// Plan one request for a repository.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  planwright plan --text 'Retry failed uploads'\n  planwright plan --repo ../app --at v2.1 --text-file issue.md --format json\n  planwright plan --issue https://github.com/owner/name/issues/7 --post\n\nExit status 3: the model could not be reached or gave nothing usable; 1: its plan did not hold up.\nThe outline is printed all the same."
)]
pub(super) struct PlanArguments {
    #[command(flatten)]
    local: Local,
    #[command(flatten)]
    asked: Asked,
    /// What to focus on in the thread, like the words after `/plan`
    #[arg(long, value_name = "TEXT", requires = "issue", conflicts_with_all = ["text", "text_file"])]
    focus: Option<String>,
    /// Publish the plan in the thread, as its one comment, through the configured store; a `serve`
    /// on the same store may do the work, with its own model
    #[arg(long, requires = "issue", conflicts_with_all = ["text", "text_file"])]
    post: bool,
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
struct Asked {
    /// What is asked; the first line is the title
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// File with what is asked; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// Issue or pull request of the configured forge
    #[arg(long, value_name = "URL", conflicts_with_all = ["repo", "at"])]
    issue: Option<String>,
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
    let mut loaded = super::config::load(&arguments.config)?;
    choose_model(&mut loaded.settings, arguments.model.as_deref())?;
    if let Some(url) = arguments.asked.issue {
        let wish = Wish {
            url,
            focus: arguments.focus.unwrap_or_default(),
            format: arguments.format,
        };
        return match arguments.post {
            true => issue::publish(wish, loaded, printer).await,
            false => issue::print(wish, &loaded, printer).await,
        };
    }
    let redactor = compose::redactor(&loaded)?;
    let mut brief = arguments.asked.brief()?;
    let kept_back = redactor.redact_brief(&mut brief);
    let contents = arguments.local.read(&loaded.settings, printer).await?;
    let request_bytes = contents.effective.budgets.request_bytes;
    let search = planner::search(&brief, &contents.index, request_bytes);
    contents.sharpen(&search.best(SHARPENED)).await;
    // No forge shows these files, so there is nothing to link to.
    let site = Site {
        forge: ForgeKind::GitHub,
        repository_url: String::new(),
        marker: String::new(),
    };
    let output = Output {
        format: arguments.format,
        site,
        printer,
        redactor,
        kept_back,
    };
    let holds = (&loaded, &contents.effective);
    answer(&brief, Arc::new(search), holds, output).await
}

/// A plan file with its receipt.
#[derive(serde::Serialize)]
struct PlanJson<'a> {
    #[serde(flatten)]
    plan: &'a PlanFile,
    receipt: ReceiptJson<'a>,
}

/// How and where a plan is printed.
struct Output<'a> {
    format: Format,
    site: Site,
    printer: &'a Printer,
    redactor: Arc<Redactor>,
    /// What was taken out of the request.
    kept_back: Tally,
}

/// Plans, and prints what comes of it.
async fn answer(
    brief: &Brief,
    search: Arc<Search>,
    (loaded, effective): (&Loaded, &Effective),
    mut output: Output<'_>,
) -> Result<ExitCode, Failure> {
    let settings = &loaded.settings;
    let redactor = Arc::clone(&output.redactor);
    if output.format == Format::Pack {
        let pack = Study::of(&search).pack.text();
        output.printer.data(&redactor.redact(&pack).text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let model = compose::model(settings, &redactor)?;
    let conversation = model.as_ref().map(Guarded::converse);
    let registry = compose::registry(settings)?;
    let began = Instant::now();
    let job = Job {
        brief,
        index: Arc::clone(search.index()),
        search: Some(search),
        model: conversation.as_ref().map(|model| model as &dyn Model),
        registry: registry.as_deref(),
        profile: effective.budgets.profile,
        expertise: &effective.expertise,
        language: effective.language.as_ref(),
        allowance: Allowance::from(&effective.budgets),
        clock: &|| began.elapsed(),
        max_output_tokens: settings.model.max_output_tokens,
        request_bytes: effective.budgets.request_bytes,
        heeds_guidelines: brief.changes.is_none(),
        revision: 1,
        cause: Cause::Operator {
            focus: brief.focus.clone(),
        },
        previous: None,
    };
    let progress = output.printer.progress("planning");
    let mut outcome = planner::plan(&job, &|stage| progress.set_message(stage_words(stage))).await;
    progress.finish_and_clear();
    let kept_back = std::mem::take(&mut output.kept_back);
    comment::clean(&mut outcome.document, &redactor, (kept_back, conversation));
    outcome.document.receipt.own_settings = effective::receipt(effective, None);
    let (status, why) = ending(&outcome);
    if let Some(why) = why {
        output.printer.note(&format!("no plan, because {why}"));
    }
    output.print(outcome, &effective.budgets)?;
    Ok(status)
}

/// The exit status of a planning, and why there is no plan where a model was asked for one: the outline
/// in its place is printed all the same.
fn ending(outcome: &Outcome) -> (ExitCode, Option<String>) {
    let Content::Outline(outline) = &outcome.document.content else {
        return (ExitCode::SUCCESS, None);
    };
    match outline.reason {
        OutlineReason::NoModel => (ExitCode::SUCCESS, None),
        OutlineReason::ModelUnavailable => {
            let unusable = || "the model gave no answer that is a plan".to_owned();
            let why = outcome.trouble.clone().unwrap_or_else(unusable);
            (ExitCode::from(3), Some(why))
        }
        OutlineReason::DraftRejected { unknown, total } => {
            let why = format!("of {total} references in the model's draft {unknown} lead nowhere");
            (ExitCode::from(1), Some(why))
        }
    }
}

impl Asked {
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
        Stage::Exploring => "looking around",
        Stage::Writing => "waiting for the model",
        Stage::Verifying => "checking the plan",
    }
}

impl Output<'_> {
    fn print(&self, outcome: Outcome, budgets: &Budgets) -> Result<(), Failure> {
        let receipt = ReceiptJson::of(&outcome.document.receipt, budgets);
        match (self.format, &outcome.file, &outcome.document.content) {
            (Format::Json, Some(plan), _) => self.printer.json(&PlanJson { plan, receipt }),
            (Format::Json, None, Content::Outline(outline)) => {
                let outline = OutlineJson::of(&outcome.document, outline, receipt);
                self.printer.json(&outline)
            }
            _ => {
                let comment = comment::render(outcome.document, &self.redactor, &self.site);
                self.printer.data(comment.as_str())
            }
        }
    }
}
