//! `planwright render`: the comment that a plan becomes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use url::Url;

use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::verify;
use crate::domain::document::{Content, Document, Receipt};
use crate::domain::narrowing::LanguageTag;
use crate::domain::repository::{CommitSha, ForgeKind};
use crate::planner::draft::Resolved;
use crate::planner::verify as verifier;
use crate::redact::Redactor;
use crate::render::Site;
use crate::service::comment;

/// Print the comment as it would be posted.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  planwright render --plan plan.json --forge github \\\n    --repository-url https://github.com/owner/name --commit $(git rev-parse HEAD)"
)]
pub(super) struct RenderArguments {
    /// The plan, as JSON; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// The forge's flavour of Markdown
    #[arg(long, value_enum)]
    forge: Flavour,
    /// Address of the repository's web page
    #[arg(long, value_name = "URL")]
    repository_url: String,
    /// The full commit id that links point to
    #[arg(long, value_name = "SHA")]
    commit: String,
    /// The language of headings and labels, such as `de`; English where there are no words of it
    #[arg(long, value_name = "TAG", value_parser = language)]
    language: Option<LanguageTag>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Flavour {
    /// GitHub
    Github,
    /// GitLab
    Gitlab,
}

fn language(text: &str) -> Result<LanguageTag, &'static str> {
    LanguageTag::find(text).ok_or("a language is a tag such as `de` or `pt-BR`")
}

pub(super) fn run(arguments: &RenderArguments, printer: &Printer) -> Result<ExitCode, Failure> {
    let commit = CommitSha::parse(&arguments.commit)
        .map_err(|error| Failure::usage(error, "`--commit` cannot be used"))?;
    let repository_url = check_url(&arguments.repository_url)?;
    let file = verify::read_plan(&arguments.plan)?;
    let plan = verifier::unchecked(&file.draft, file.resolved.as_ref());
    let references = file
        .resolved
        .as_ref()
        .map(Resolved::references)
        .unwrap_or_default();
    let document = Document {
        commit,
        revision: 1,
        language: arguments.language.clone(),
        content: Content::Plan {
            plan: Box::new(plan),
            references,
        },
        receipt: Receipt::default(),
        sources: Vec::new(),
        age: None,
        history: Vec::new(),
    };
    let site = Site {
        forge: match arguments.forge {
            Flavour::Github => ForgeKind::GitHub,
            Flavour::Gitlab => ForgeKind::GitLab,
        },
        repository_url,
        marker: String::new(),
    };
    let redactor = Redactor::new(&[]);
    printer.data(comment::render(document, &redactor, &site).as_str())?;
    Ok(ExitCode::SUCCESS)
}

/// An address that links can be built on: http or https, no query, no fragment, no user.
fn check_url(text: &str) -> Result<String, Failure> {
    let refuse = || {
        Failure::wrong(format!(
            "`--repository-url {text}` is not a repository's address"
        ))
        .hint("give it like `https://github.com/owner/name`")
    };
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain {
        Ok(url.as_str().trim_end_matches('/').to_owned())
    } else {
        Err(refuse())
    }
}
