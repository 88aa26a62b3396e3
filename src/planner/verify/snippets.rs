//! R1: snippets show a pattern, never the solution. Longer ones are cut at their signatures.

use crate::planner::draft::Draft;
use crate::planner::verify::Check;

/// Most lines of a snippet.
const MAX_LINES: usize = 12;

/// Most lines of all snippets of a plan.
const MAX_PLAN_LINES: usize = 60;

/// Most lines of the body of a function that is shown whole.
const MAX_BODY_LINES: usize = 8;

/// Checks and shortens the snippets of all changes.
pub(super) fn check_snippets(draft: &mut Draft, check: &mut Check<'_>) {
    let mut left = MAX_PLAN_LINES;
    for (i, change) in draft.changes.iter_mut().enumerate() {
        let at = format!("/changes/{i}/snippet/code");
        let code = &mut change.snippet.code;
        let before = count(code);
        if before > MAX_LINES || has_long_body(code) {
            *code = signatures_of(code);
            let message = format!(
                "the snippet had {before} lines of a solution; what is left are its signatures"
            );
            check.log.fixed("R1", &at, message);
        }
        match left.checked_sub(count(code)) {
            Some(rest) => left = rest,
            None => {
                code.clear();
                change.snippet.language.clear();
                let message = format!(
                    "the snippets of the plan have more than {MAX_PLAN_LINES} lines; this one was left out"
                );
                check.log.fixed("R1", &at, message);
            }
        }
    }
}

fn count(code: &str) -> usize {
    code.trim().lines().count()
}

/// Whether a function is shown with a body that is a solution of its own.
fn has_long_body(code: &str) -> bool {
    let lines: Vec<_> = code
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines.iter().enumerate().any(|(i, head)| {
        let is_function = opens(head) && (head.contains('(') || head.trim_start().starts_with(')'));
        let inner = lines.iter().skip(i + 1);
        is_function && inner.take_while(|line| indent(line) > indent(head)).count() > MAX_BODY_LINES
    })
}

/// The heads of what a snippet defines at its outermost level, with nothing in them.
fn signatures_of(code: &str) -> String {
    let lines = || code.lines().filter(|line| !line.trim().is_empty());
    let outermost = lines().map(indent).min().unwrap_or(0);
    let mut kept = Vec::new();
    let mut is_inside = false;
    for line in lines() {
        if is_inside && indent(line) > outermost {
            continue;
        }
        let was_inside = std::mem::replace(&mut is_inside, false);
        if was_inside && closes(line) {
            continue;
        }
        is_inside = opens(line);
        kept.push(if is_inside {
            shut(line)
        } else {
            line.trim_end().to_owned()
        });
        if kept.len() == MAX_LINES {
            break;
        }
    }
    kept.join("\n")
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).count()
}

/// Whether a body begins behind this line.
fn opens(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with('{') || line.ends_with(':') || line.ends_with(" do") || is_ruby_head(line)
}

fn is_ruby_head(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("def ") && !line.ends_with(':') && !line.contains('{')
}

fn closes(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(['}', ']']) || line == "end"
}

/// A head whose body is left out.
fn shut(line: &str) -> String {
    let line = line.trim_end();
    if line.ends_with('{') {
        format!("{line} … }}")
    } else if line.ends_with(':') {
        format!("{line} …")
    } else {
        format!("{line} … end")
    }
}
