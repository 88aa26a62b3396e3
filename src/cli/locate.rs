//! `planwright locate`: the files that a text is about.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use crate::cli::ConfigFile;
use crate::cli::failure::Failure;
use crate::cli::local::{self, Local};
use crate::cli::printer::Printer;
use crate::domain::request::Brief;
use crate::repository::index::Index;
use crate::repository::locate::Search;
use crate::repository::sharpen::SHARPENED;
use crate::repository::{Definition, Located};
use crate::text::clean::printable;

/// Rank the files that a text is about; no model takes part.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  planwright locate --repo . --text-file issue.md --top 10")]
pub(super) struct LocateArguments {
    #[command(flatten)]
    local: Local,
    /// File with the text, its first line being the title; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    text_file: PathBuf,
    /// Most files to print
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    top: u16,
    /// How to print them
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

#[derive(Serialize)]
struct Ranking<'a> {
    commit: &'a str,
    files: Vec<RankedFile<'a>>,
}

#[derive(Serialize)]
struct RankedFile<'a> {
    path: &'a str,
    score: f64,
    reasons: &'a [String],
    symbols: Vec<RankedSymbol<'a>>,
}

#[derive(Serialize)]
struct RankedSymbol<'a> {
    name: &'a str,
    container: &'a str,
    kind: &'a str,
    start_line: u32,
    end_line: u32,
    signature: &'a str,
}

pub(super) async fn run(
    arguments: LocateArguments,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let settings = super::config::load(&arguments.config)?.settings;
    let text = local::read_text(&arguments.text_file)?;
    if text.trim().is_empty() {
        return Err(Failure::wrong("the text is empty").hint("write what is to be found in it"));
    }
    let brief = Brief::from_text(&text);
    let contents = arguments.local.read(&settings, printer).await?;
    let search = Search::new(&contents.index, &brief);
    contents.sharpen(&search.best(SHARPENED)).await;
    let location = search.location(usize::from(arguments.top));
    let ranking = ranking(&contents.index, &location.files);
    match arguments.format {
        Format::Text => printer.data(&render_text(&ranking))?,
        Format::Json => printer.json(&ranking)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn ranking<'a>(index: &'a Index, located: &'a [Located]) -> Ranking<'a> {
    let snapshot = index.snapshot();
    let files = located.iter().filter_map(|located| {
        let file = snapshot.files.get(located.file)?;
        Some(RankedFile {
            path: file.path.as_str(),
            score: located.score,
            reasons: &located.reasons,
            symbols: located.symbols.iter().map(ranked_symbol).collect(),
        })
    });
    Ranking {
        commit: snapshot.commit.as_str(),
        files: files.collect(),
    }
}

fn ranked_symbol(definition: &Definition) -> RankedSymbol<'_> {
    RankedSymbol {
        name: &definition.name,
        container: &definition.container,
        kind: definition.kind,
        start_line: definition.lines.start(),
        end_line: definition.lines.end(),
        signature: &definition.signature,
    }
}

fn render_text(ranking: &Ranking<'_>) -> String {
    let mut text = String::new();
    for (position, file) in ranking.files.iter().enumerate() {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:>3}. {}  {:.2}",
            position + 1,
            printable(file.path),
            file.score
        );
        for symbol in &file.symbols {
            let _ = writeln!(
                text,
                "       {}-{}  {}",
                symbol.start_line,
                symbol.end_line,
                printable(symbol.signature)
            );
        }
        if !file.reasons.is_empty() {
            let _ = writeln!(text, "       {}", printable(&file.reasons.join("; ")));
        }
    }
    if text.is_empty() {
        text.push_str("no file fits the text\n");
    }
    text
}
