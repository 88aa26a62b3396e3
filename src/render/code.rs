//! Foreign text as code: spans inside a line, and fenced blocks.

use std::borrow::Cow;

use crate::domain::repository::ForgeKind;
use crate::text::clean::clean;
use crate::text::shorten;

/// Most characters of a code span; longer ones are no name or signature that anybody reads.
const SPAN_CHARACTERS: usize = 400;

/// Most characters of a line in a block; longer lines are generated or packed.
const LINE_CHARACTERS: usize = 400;

/// The languages that a block may name. Forges run some others (diagrams, maths, suggestions).
const LANGUAGES: [&str; 73] = [
    "ada",
    "bash",
    "c",
    "c++",
    "clojure",
    "cmake",
    "cpp",
    "cs",
    "csharp",
    "css",
    "cxx",
    "dart",
    "diff",
    "dockerfile",
    "elixir",
    "elm",
    "erlang",
    "fish",
    "fsharp",
    "go",
    "golang",
    "gradle",
    "graphql",
    "groovy",
    "h",
    "haskell",
    "hcl",
    "hpp",
    "html",
    "ini",
    "java",
    "javascript",
    "jl",
    "js",
    "json",
    "jsx",
    "julia",
    "kotlin",
    "kt",
    "less",
    "lua",
    "makefile",
    "nix",
    "objc",
    "ocaml",
    "perl",
    "php",
    "powershell",
    "proto",
    "protobuf",
    "py",
    "python",
    "r",
    "rb",
    "rs",
    "ruby",
    "rust",
    "scala",
    "scss",
    "sh",
    "sql",
    "svelte",
    "swift",
    "text",
    "toml",
    "ts",
    "tsx",
    "typescript",
    "vue",
    "xml",
    "yaml",
    "yml",
    "zig",
];

/// Appends foreign text as one code span; nothing when it is blank.
pub(super) fn span(out: &mut String, text: &str) {
    let text = clean(text);
    let line = one_line(&text);
    let line = shorten::to_chars(&line, SPAN_CHARACTERS);
    if line.is_empty() {
        return;
    }
    let is_tick = |byte: Option<&u8>| byte == Some(&b'`');
    if is_tick(out.as_bytes().last()) {
        out.push(' ');
    }
    let fence = longest_run(&line) + 1;
    let pad = is_tick(line.as_bytes().first()) || is_tick(line.as_bytes().last());
    push_ticks(out, fence);
    if pad {
        out.push(' ');
    }
    out.push_str(&line);
    if pad {
        out.push(' ');
    }
    push_ticks(out, fence);
}

/// The words of a text with one space between them.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// Appends foreign text as a fenced block of at most `max_lines` lines, which must begin at the
/// start of a line. Empty lines around the text are left out; nothing when it is blank.
pub(super) fn block(out: &mut String, forge: ForgeKind, code: &Code<'_>) {
    let text = clean(code.text);
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let first = lines.iter().position(|line| !line.is_empty());
    let last = lines.iter().rposition(|line| !line.is_empty());
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    let shown = lines.get(first..=last).unwrap_or_default();
    let fence = match forge {
        ForgeKind::GitHub => (longest_run(&text) + 1).max(3),
        ForgeKind::GitLab => 3,
    };
    push_ticks(out, fence);
    out.push_str(find_language(code.language));
    out.push('\n');
    for line in shown.iter().take(code.max_lines) {
        push_line(out, forge, line);
    }
    if shown.len() > code.max_lines {
        out.push_str("…\n");
    }
    push_ticks(out, fence);
    out.push('\n');
}

/// What a block shows.
pub(super) struct Code<'a> {
    /// The language's name as given; one that is not known is left out.
    pub(super) language: &'a str,
    /// The code.
    pub(super) text: &'a str,
    /// Most lines shown.
    pub(super) max_lines: usize,
}

fn push_line(out: &mut String, forge: ForgeKind, line: &str) {
    let line = shorten::to_chars(line, LINE_CHARACTERS);
    // Other bots, and some versions of GitLab, take commands from code too.
    let mut characters = line.chars();
    let starts_command =
        characters.next() == Some('/') && characters.next().is_some_and(char::is_alphabetic);
    if starts_command {
        out.push(' ');
    }
    match forge {
        ForgeKind::GitHub => out.push_str(&line),
        ForgeKind::GitLab => {
            // Some versions end a block at any three backticks.
            let mut run = 0;
            for c in line.chars() {
                run = if c == '`' { run + 1 } else { 0 };
                if run == 3 {
                    out.push(' ');
                    run = 1;
                }
                out.push(c);
            }
        }
    }
    out.push('\n');
}

fn find_language(name: &str) -> &'static str {
    let mut known = LANGUAGES.into_iter();
    let name = name.trim();
    known
        .find(|language| language.eq_ignore_ascii_case(name))
        .unwrap_or_default()
}

fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

fn push_ticks(out: &mut String, count: usize) {
    (0..count).for_each(|_| out.push('`'));
}
