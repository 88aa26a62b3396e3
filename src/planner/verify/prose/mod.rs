//! G7: names in the plan's sentences are names of something.
//!
//! A sentence may speak of anything, so a name is only called unknown when it is plainly meant as a
//! path or an identifier, and neither the repository, nor the request, nor the plan, nor a standard
//! library has it.

mod spans;

use std::collections::HashSet;

use crate::domain::repository::RepoPath;
use crate::domain::request::Brief;
use crate::planner::draft::Draft;
use crate::planner::verify::Check;
use crate::planner::verify::fields::{Field, visit_texts};
use crate::planner::verify::lookup::Standing;
use crate::planner::verify::own::{Own, words};
use crate::planner::verify::symbols::segments;
use crate::planner::verify::words::is_standard;
use spans::{Mention, has_known_ending, is_compound, mentions};

/// Longest name that is looked up, in bytes.
const MAX_NAME_BYTES: usize = 200;

/// Names of one plan that are looked up; long plans have a hundred.
const MAX_MENTIONS: usize = 3_000;

/// Shortest segment that tells anything.
const MIN_SEGMENT: usize = 3;

/// What became of a name in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// The repository has it.
    Known,
    /// It is no claim about the repository, or it cannot be told.
    Open,
    /// There is no such path.
    UnknownPath,
    /// This identifier is nowhere.
    UnknownName(String),
}

/// A name in the draft, taken out of its sentence.
struct Found {
    at: String,
    name: String,
    is_marked: bool,
}

/// Checks the names in all sentences of `draft`.
pub(super) fn check_prose(draft: &mut Draft, own: &mut Own, check: &mut Check<'_>) {
    let mut found = Vec::new();
    visit_texts(draft, &mut |field: Field, at: &str, text: &mut String| {
        if !field.is_sentences() {
            return;
        }
        for mention in mentions(text) {
            take(mention, at, own, &mut found);
        }
    });
    if found.len() > MAX_MENTIONS {
        let message = format!("names more than {MAX_MENTIONS} things; the rest was not looked up");
        check.log.soft("G7", "/", message);
        found.truncate(MAX_MENTIONS);
    }
    let request = check.brief.map_or_else(String::new, Brief::full_text);
    let asked: HashSet<&str> = words(&request).collect();
    let mut seen = HashSet::new();
    for one in found {
        let judge = Judge {
            check: &*check,
            own,
            asked: &asked,
            request: &request,
        };
        let verdict = judge.judge(&one.name, one.is_marked);
        if seen.insert(one.name.clone()) {
            count(&verdict, check);
        }
        report(&one, verdict, check);
    }
}

fn take(mention: Mention<'_>, at: &str, own: &mut Own, found: &mut Vec<Found>) {
    if mention.is_introduced {
        own.introduce(mention.text);
    }
    // What people asked for is in their words, which need not be names.
    if !at.starts_with("/understanding/request_points") && !mention.is_introduced {
        found.push(Found {
            at: at.to_owned(),
            name: mention.text.to_owned(),
            is_marked: mention.is_marked,
        });
    }
}

fn count(verdict: &Verdict, check: &mut Check<'_>) {
    if *verdict != Verdict::Open {
        check.log.prose.total += 1;
        check.log.prose.verified += usize::from(*verdict == Verdict::Known);
    }
}

fn report(found: &Found, verdict: Verdict, check: &mut Check<'_>) {
    let (message, candidates) = match verdict {
        Verdict::Known | Verdict::Open => return,
        Verdict::UnknownPath => {
            let name = &found.name;
            let message = format!("`{name}` is no path of the repository or of this plan");
            (message, check.nearest_paths(name))
        }
        Verdict::UnknownName(name) => {
            let message = format!("nothing in the repository or in this plan is called `{name}`");
            (message, check.nearest_definitions(&name))
        }
    };
    check.log.note("G7", &found.at, message, candidates);
}

struct Judge<'c, 'i> {
    check: &'c Check<'i>,
    own: &'c Own,
    /// The words of the request.
    asked: &'c HashSet<&'c str>,
    request: &'c str,
}

impl Judge<'_, '_> {
    fn judge(&self, written: &str, is_marked: bool) -> Verdict {
        let is_call = written.trim_end().ends_with(')');
        let name = strip(written);
        let root = name.split('/').next().unwrap_or_default();
        let is_spaced_path =
            has_known_ending(name) && root.len() < name.len() && self.check.files.has_folder(root);
        let odd = |c: char| {
            (c.is_whitespace() && !(c == ' ' && is_spaced_path))
                || "*{}[]=|%\"'…$^;<>!?+~&@,`".contains(c)
        };
        if name.is_empty()
            || name.len() > MAX_NAME_BYTES
            || name.contains(odd)
            || name.contains("..")
            || name.contains("//")
        {
            return Verdict::Open;
        }
        if name.contains('/') || has_known_ending(name) {
            return self.judge_path(name);
        }
        if is_marked || is_compound(name) {
            self.judge_name(name, is_call)
        } else {
            Verdict::Open
        }
    }

    fn judge_path(&self, name: &str) -> Verdict {
        let name = name.strip_prefix("./").unwrap_or(name);
        let (path, symbol) = split_symbol(name);
        let path = path.trim_end_matches('/');
        let Ok(clean) = RepoPath::parse(path) else {
            return Verdict::Open;
        };
        let files = &self.check.files;
        let exists = files.standing(&clean) != Standing::Free
            || !files.with_tail(path).is_empty()
            || files.has_folder_tail(path);
        if exists {
            return match symbol {
                Some(symbol) => self.judge_name(symbol, true),
                None => Verdict::Known,
            };
        }
        let has_ending = has_known_ending(path);
        let root = path.split('/').next().unwrap_or_default();
        if self.own.adds_tail(path) || self.is_spoken_of(path) {
            return Verdict::Open;
        }
        let in_tree = path.contains('/') && files.has_folder(root);
        if has_ending && (path.contains('/') || self.is_file_name(path)) || in_tree {
            Verdict::UnknownPath
        } else {
            Verdict::Open
        }
    }

    /// Whether a text of the repository, or the request, has these very words.
    fn is_spoken_of(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        // A file that is not there yet may be spoken of without its folder; one that is there stands elsewhere.
        let is_new = || self.check.files.with_tail(name).is_empty();
        let asked = self.request.contains(path) || is_new() && self.request.contains(name);
        let written = || self.check.index.find_users(path);
        asked || (self.check.may_search() && !written().is_empty())
    }

    /// Whether `a.b` is a file rather than a member: its stem is nothing that code knows.
    fn is_file_name(&self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or(name);
        !self.is_known(stem) && !is_standard(stem)
    }

    fn judge_name(&self, name: &str, is_call: bool) -> Verdict {
        if name.contains('-') || !name.contains(|c: char| c.is_alphabetic()) {
            return Verdict::Open;
        }
        let segments = segments(name);
        let Some(first) = segments.first() else {
            return Verdict::Open;
        };
        if is_standard(first) {
            return Verdict::Open;
        }
        let unknown = segments.iter().enumerate().find(|(_, segment)| {
            segment.len() >= MIN_SEGMENT
                && !segment.starts_with(|c: char| c.is_ascii_digit())
                && !self.is_known(segment)
                && !is_standard(segment)
        });
        let Some((position, unknown)) = unknown else {
            return if self.is_here(segments.last().unwrap_or(first)) {
                Verdict::Known
            } else {
                Verdict::Open
            };
        };
        let is_meant = if segments.len() == 1 {
            is_call || is_compound(unknown) || unknown.starts_with(char::is_uppercase)
        } else {
            // What others bring may have members that no text here names.
            position == 0 || self.is_defined(segments.get(position - 1).unwrap_or(first))
        };
        if is_meant {
            Verdict::UnknownName(unknown.clone())
        } else {
            Verdict::Open
        }
    }

    fn is_known(&self, word: &str) -> bool {
        self.is_here(word) || self.own.has_word(word) || self.asked.contains(word)
    }

    fn is_here(&self, word: &str) -> bool {
        !self.check.index.find_users(word).is_empty() || self.is_defined(word)
    }

    fn is_defined(&self, word: &str) -> bool {
        !self.check.index.find_definitions(word).is_empty()
            || self.check.files.has_folder_or_stem(word)
    }
}

/// A name without quotes, references, arguments and punctuation around it.
fn strip(written: &str) -> &str {
    let name = written.trim();
    let name = match name.find('(') {
        Some(open) if open > 0 => name.get(..open).unwrap_or(name),
        _ => name,
    };
    let name = name.trim_matches(|c: char| "\"',;()&*@".contains(c));
    name.trim_end_matches([':', '.', '!'])
}

/// `src/a.rs::name`, `src/a.rs:12` and `src/a.rs#name` as path and name.
fn split_symbol(name: &str) -> (&str, Option<&str>) {
    match name.split_once([':', '#']) {
        Some((path, rest)) => {
            let rest = rest.trim_start_matches([':', '#', 'L']);
            let symbol = rest.starts_with(|c: char| c.is_alphabetic() || c == '_');
            (path, symbol.then_some(rest))
        }
        None => (name, None),
    }
}

#[cfg(test)]
mod tests;
