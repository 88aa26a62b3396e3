//! Patterns of paths, as models write them.

use regex::{Regex, RegexBuilder};

/// Most bytes that a compiled pattern may take.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// Compiles a regular expression that runs in linear time, without regard to case where wanted.
pub(super) fn compile(expression: &str, ignores_case: bool) -> Result<Regex, String> {
    RegexBuilder::new(expression)
        .case_insensitive(ignores_case)
        .multi_line(true)
        .crlf(true)
        .size_limit(MAX_PATTERN_BYTES)
        .dfa_size_limit(MAX_PATTERN_BYTES)
        .nest_limit(50)
        .build()
        .map_err(|error| {
            let first = error.to_string();
            let why = first.lines().last().unwrap_or_default().trim();
            format!("the pattern cannot be used: {why}")
        })
}

/// A pattern of paths: `**` for any folders, `*` and `?` within a name, `{a,b}` for either. One without
/// these signs matches every path that contains it.
pub(super) fn of_paths(glob: &str) -> Result<Regex, String> {
    let glob = glob.trim().trim_start_matches("./").trim_start_matches('/');
    if !glob.contains(['*', '?', '{']) {
        return compile(&regex::escape(glob), true);
    }
    let anchored = glob.contains('/');
    let mut expression = String::from(if anchored { r"\A" } else { r"(?:\A|/)" });
    let mut rest = glob;
    let mut depth = 0_usize;
    while let Some(c) = rest.chars().next() {
        let (part, length) = match c {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            '{' => {
                depth += 1;
                ("(?:".to_owned(), 1)
            }
            ',' if depth > 0 => ("|".to_owned(), 1),
            '}' if depth > 0 => {
                depth -= 1;
                (")".to_owned(), 1)
            }
            c => (regex::escape(&c.to_string()), c.len_utf8()),
        };
        expression.push_str(&part);
        rest = rest.get(length..).unwrap_or_default();
    }
    expression.push_str(&")".repeat(depth));
    expression.push_str(r"\z");
    compile(&expression, false)
}
