//! Taking out of a request what its author did not write for this request: comments of templates,
//! check boxes, lists of versions.

/// The text without template noise; paths and code stay.
pub(super) fn strip_noise(text: &str) -> String {
    let text = strip_comments(text);
    let mut kept = String::with_capacity(text.len());
    let mut in_code = false;
    let mut in_environment = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
        }
        if !in_code && let Some(title) = heading(trimmed) {
            in_environment = is_environment(title);
        }
        if !in_environment && (in_code || !is_check_box(trimmed)) {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn strip_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

/// The words of `## title`, `**title**` and `title:` on a line of their own.
fn heading(line: &str) -> Option<&str> {
    if let Some(title) = line.strip_prefix('#') {
        return Some(title.trim_matches(|c: char| c == '#' || c.is_whitespace()));
    }
    let bold = line.strip_prefix("**").and_then(|line| {
        let line = line.trim_end_matches([':', ' ']);
        line.strip_suffix("**")
    });
    let short = line
        .strip_suffix(':')
        .filter(|title| title.split_whitespace().count() <= 4);
    bold.or(short).map(|title| title.trim_matches([':', ' ']))
}

/// Titles of sections that only say where the author's program ran, or that rules were read.
fn is_environment(title: &str) -> bool {
    let title = title.to_lowercase();
    let title = title.trim_matches(|c: char| !c.is_alphanumeric());
    ENVIRONMENTS.iter().any(|known| title.starts_with(known))
        && title.split_whitespace().count() <= 6
}

const ENVIRONMENTS: &[&str] = &[
    "environment",
    "your environment",
    "my environment",
    "system info",
    "system details",
    "platform",
    "version",
    "software version",
    "package version",
    "dependency version",
    "operating system",
    "os version",
    "runtime environment",
    "setup info",
    "debug output",
    "checklist",
    "check list",
    "pre-submission",
    "before submitting",
    "code of conduct",
    "are you willing",
];

fn is_check_box(line: &str) -> bool {
    ["- [ ]", "- [x]", "- [X]", "* [ ]", "* [x]", "* [X]"]
        .iter()
        .any(|start| line.starts_with(start))
}
