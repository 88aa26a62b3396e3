//! What a model may call while it looks around: pure functions over the pinned snapshot.
//!
//! No tool takes a revision, a host or an address, and none writes. Whatever a model sends as arguments,
//! the answer is a text within bounds.

mod arguments;
mod files;
mod glob;
mod nearest;
mod page;
mod search;
mod symbols;

use crate::domain::repository::LineRange;
use crate::model::{Tool, ToolCall};
use crate::repository::index::Index;
use arguments::Arguments;
use page::Page;

/// Most bytes of one answer: four thousand tokens.
const MAX_ANSWER_BYTES: usize = 12_000;

/// The tool that ends the looking around.
pub(in crate::planner) const FINISH: &str = "finish";

/// Everything that a model may call.
pub(in crate::planner) static TOOLS: [Tool; 8] = [
    Tool {
        name: "list_dir",
        description: "Lists a folder: its folders with their number of files, then its files. \
                      `path` is \"\" for the root.",
        arguments: r#"{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}"#,
    },
    Tool {
        name: "find_files",
        description: "Finds files by path. `pattern` is a glob (`src/**/*.rs`) or a part of a path.",
        arguments: r#"{"type":"object","properties":{"pattern":{"type":"string"}},"required":["pattern"]}"#,
    },
    Tool {
        name: "search",
        description: "Searches all files for a text, line by line, and shows the lines with the symbol \
                      around them. `query` is taken literally unless `regex` is true. `path_glob` \
                      narrows it to some files. Capital letters count only when the query has some.",
        arguments: r#"{"type":"object","properties":{"query":{"type":"string"},"regex":{"type":"boolean"},"path_glob":{"type":"string"}},"required":["query"]}"#,
    },
    Tool {
        name: "find_symbol",
        description: "Finds the definitions of a function, method, type or the like, with their first \
                      line and their lines. `name` may be qualified (`Client.open`).",
        arguments: r#"{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"#,
    },
    Tool {
        name: "find_references",
        description: "Finds the lines that name a symbol, and counts the files. `path` leaves only one \
                      file or folder.",
        arguments: r#"{"type":"object","properties":{"symbol":{"type":"string"},"path":{"type":"string"}},"required":["symbol"]}"#,
    },
    Tool {
        name: "outline",
        description: "Lists the definitions of a file with their lines.",
        arguments: r#"{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}"#,
    },
    Tool {
        name: "read_file",
        description: "Shows the lines `start` to `end` of a file, at most 200. Without them it shows a \
                      short file whole, and the outline of a long one.",
        arguments: r#"{"type":"object","properties":{"path":{"type":"string"},"start":{"type":"integer"},"end":{"type":"integer"}},"required":["path"]}"#,
    },
    Tool {
        name: FINISH,
        description: "Ends the search. `notes`: what you found out that matters to the plan, in a few \
                      sentences. `files`: the places that the plan must be able to quote, most important \
                      first. `unknowns`: what you looked for and did not find.",
        arguments: r#"{"type":"object","properties":{"notes":{"type":"string"},"files":{"type":"array","items":{"type":"object","properties":{"path":{"type":"string"},"symbol":{"type":"string"},"why":{"type":"string"}},"required":["path"]}},"unknowns":{"type":"array","items":{"type":"string"}}},"required":["notes","files","unknowns"]}"#,
    },
];

/// What a call gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::planner) struct Answer {
    /// The text; raw, with parts of files in it.
    pub(in crate::planner) text: String,
    /// Whether the call was wrong.
    pub(in crate::planner) is_error: bool,
    /// What of a file was shown: its position and the lines.
    pub(in crate::planner) shown: Option<(usize, LineRange)>,
}

/// What the model says at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::planner) struct Conclusion {
    /// What it found out.
    pub(in crate::planner) notes: String,
    /// Places that it wants to quote, most important first.
    pub(in crate::planner) places: Vec<NamedPlace>,
    /// What it did not find.
    pub(in crate::planner) unknowns: Vec<String>,
}

/// A place as a model names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::planner) struct NamedPlace {
    /// The file; not looked up yet.
    pub(in crate::planner) path: String,
    /// A symbol in it; may be empty.
    pub(in crate::planner) symbol: String,
    /// Why; may be empty.
    pub(in crate::planner) why: String,
}

/// Answers `call`; never fails, and the same call gives the same answer.
pub(in crate::planner) fn run(index: &Index, call: &ToolCall) -> Answer {
    let arguments = match Arguments::read(&call.arguments) {
        Ok(arguments) => arguments,
        Err(why) => return wrong(&why),
    };
    let answer = match call.name.trim() {
        "list_dir" => files::list_folder(index, &arguments),
        "find_files" => files::find(index, &arguments),
        "search" => search::search(index, &arguments),
        "find_symbol" => symbols::find_definitions(index, &arguments),
        "find_references" => symbols::find_references(index, &arguments),
        "outline" => symbols::outline(index, &arguments),
        "read_file" => files::read(index, &arguments),
        _ => Err(unknown(&call.name)),
    };
    answer.unwrap_or_else(|why| wrong(&why))
}

/// The tool of that name; `None` when there is none.
pub(in crate::planner) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name.trim())
}

/// Two calls with the same key ask the same.
pub(in crate::planner) fn key(call: &ToolCall) -> String {
    let arguments = Arguments::read(&call.arguments);
    let arguments = arguments.map_or_else(|_| call.arguments.clone(), |read| read.canonical());
    format!("{} {arguments}", call.name.trim())
}

/// What a call of [`FINISH`] says; what is missing or of another type is empty.
pub(in crate::planner) fn conclude(call: &ToolCall) -> Conclusion {
    Arguments::read(&call.arguments)
        .map(|arguments| arguments.conclusion())
        .unwrap_or_default()
}

fn unknown(name: &str) -> String {
    let known: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
    let name: String = name.chars().take(60).collect();
    format!("there is no tool `{name}`; there are: {}", known.join(", "))
}

fn wrong(why: &str) -> Answer {
    let mut page = Page::new();
    page.line(why);
    Answer {
        is_error: true,
        ..page.answer()
    }
}

#[cfg(test)]
mod tests;
