//! What the page of a workflow's run shows of a step.

use crate::render::escape::inline;
use crate::render::messages::settings;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunSummary<'a> {
    /// A comment stands at this address, which is one of ours.
    Posted(&'a str),
    /// Nothing was to be done, and why; raw text.
    Nothing(&'a str),
    /// There is no plan, and why; raw text.
    Failed(&'a str),
}

/// Renders the summary of a step as Markdown.
pub fn run_summary(summary: &RunSummary<'_>) -> String {
    let mut out = format!("{}\n\n", settings::RUN_TITLE);
    let why = match summary {
        RunSummary::Posted(url) => {
            out.push_str(&settings::run_posted(url));
            ""
        }
        RunSummary::Nothing(why) => {
            out.push_str(settings::RUN_NOTHING);
            why
        }
        RunSummary::Failed(why) => {
            out.push_str(settings::RUN_FAILED);
            why
        }
    };
    inline(&mut out, why);
    out.push('\n');
    out
}
