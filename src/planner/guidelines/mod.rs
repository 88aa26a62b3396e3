//! What a repository asks of whoever changes it: the sections on architecture, style and conventions of
//! its own guidelines.
//!
//! Guidelines are text of strangers like any other: they are shown between marks, and bind nobody.

use crate::repository::index::Index;
use crate::text::clean;

/// Where guidelines stand, those written for such work first. Matched without regard to case.
const PLACES: [&str; 14] = [
    "agents.md",
    ".github/copilot-instructions.md",
    "claude.md",
    "contributing.md",
    ".github/contributing.md",
    "docs/contributing.md",
    "contributing",
    "contributing.rst",
    "architecture.md",
    "docs/architecture.md",
    "docs/design.md",
    "style.md",
    "docs/style.md",
    "gemini.md",
];

/// Words of headings whose sections shape a plan.
const WANTED: [&str; 18] = [
    "architect",
    "convention",
    "style",
    "structure",
    "layout",
    "design",
    "principle",
    "pattern",
    "naming",
    "guideline",
    "organi",
    "module",
    "layer",
    "error handling",
    "dependenc",
    "overview of the code",
    "codebase",
    "compatib",
];

/// Words of headings whose sections are about something else, whatever else they name.
const UNWANTED: [&str; 14] = [
    "test",
    "release",
    "deploy",
    "licen",
    "install",
    "setup",
    "commit",
    "pull request",
    "issue",
    "review process",
    "contact",
    "community",
    "conduct",
    "documentation style",
];

/// Most bytes in all: eight hundred tokens.
const MAX_BYTES: usize = 2_400;

/// Most bytes of one section, so that a long one leaves room for others.
const MAX_SECTION_BYTES: usize = 900;

/// The sections that shape a plan, each under its file and heading; empty when there are none.
pub(in crate::planner) fn gather(index: &Index) -> String {
    let mut gathered = String::new();
    for place in PLACES {
        let Some((path, text)) = find(index, place) else {
            continue;
        };
        for section in sections(&clean::visible(text).text) {
            let piece = format!("{path} — {}\n{}\n", section.heading, section.text);
            if gathered.len() + piece.len() > MAX_BYTES {
                return gathered.trim_end().to_owned();
            }
            gathered.push_str(&piece);
        }
    }
    gathered.trim_end().to_owned()
}

fn find<'a>(index: &'a Index, place: &str) -> Option<(&'a str, &'a str)> {
    let files = index.snapshot().files.iter();
    let mut found = files.filter(|file| file.path.as_str().eq_ignore_ascii_case(place));
    let file = found.next()?;
    Some((file.path.as_str(), file.text.as_deref()?))
}

/// A part of a document with the heading above it.
struct Section {
    heading: String,
    text: String,
}

/// The wanted sections of a text, each cut after the last line that fits. A section ends with the next
/// heading, so that what is wanted of a long chapter does not bring the rest along.
fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut in_code = false;
    let mut is_wanted = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let heading = line.strip_prefix('#').filter(|_| !in_code);
        if let Some(heading) = heading {
            let heading = heading.trim_start_matches('#').trim();
            is_wanted = wants(heading);
            if is_wanted {
                sections.push(Section {
                    heading: heading.to_owned(),
                    text: String::new(),
                });
            }
        } else if is_wanted
            && !line.trim().is_empty()
            && let Some(section) = sections.last_mut()
        {
            if section.text.len() + line.len() >= MAX_SECTION_BYTES {
                is_wanted = false;
            } else {
                section.text.push_str(line.trim_end());
                section.text.push('\n');
            }
        }
    }
    sections.retain(|section| !section.text.is_empty());
    sections
}

fn wants(heading: &str) -> bool {
    let lower = heading.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    has(&WANTED) && !has(&UNWANTED)
}

#[cfg(test)]
mod tests;
