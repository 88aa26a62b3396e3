//! The outline: everything that can be said of a request without a model.
//!
//! It is an evidence map. It proposes nothing: no step, no instruction, no word of confidence.

mod kinds;
mod points;

use std::collections::BTreeSet;

use crate::domain::document::{Candidate, Impact, Mention, Outline, OutlineReason};
use crate::domain::plan::Target;
use crate::domain::repository::{LineRange, RepoPath};
use crate::domain::request::Brief;
use crate::repository::Definition;
use crate::repository::facts::Facts;
use crate::repository::index::Index;
use crate::repository::locate::Location;

/// Most places shown: all edited files are among the first ten for three requests in four.
pub(in crate::planner) const MAX_CANDIDATES: usize = 10;

/// Most symbols whose users are shown.
const MAX_IMPACT: usize = 5;

/// Most users linked for one symbol; the count is always told.
const MAX_USERS: usize = 5;

/// Most dependencies that the request names and the manifests bring.
const MAX_DEPENDENCIES: usize = 5;

/// Most reasons shown for one candidate.
const MAX_REASONS: usize = 4;

/// Shortest name whose users tell anything: `id` and `new` are everywhere.
const MIN_NAME_BYTES: usize = 4;

/// Makes the outline of `brief`; the same inputs give the same outline.
pub fn outline(
    brief: &Brief,
    index: &Index,
    location: &Location,
    facts: &Facts,
    reason: OutlineReason,
) -> Outline {
    Outline {
        reason,
        points: points::quote(brief),
        mentions: mentions(brief, index, location, facts),
        candidates: candidates(index, location),
        impact: impact(index, location),
        questions: kinds::questions(brief),
        conventions: facts.conventions.clone(),
    }
}

/// What the request names, and the lines of the manifests that bring the dependencies among it.
fn mentions(brief: &Brief, index: &Index, location: &Location, facts: &Facts) -> Vec<Mention> {
    let mut mentions = location.mentions.clone();
    let text = brief.full_text().to_lowercase();
    let words: BTreeSet<&str> = text
        .split(|c: char| !(c.is_alphanumeric() || "-_./@".contains(c)))
        .map(|word| word.trim_matches(['.', '/']))
        .collect();
    let named = facts.dependencies.iter().filter(|name| {
        name.len() >= MIN_NAME_BYTES && words.contains(name.to_lowercase().as_str())
    });
    for name in named.take(MAX_DEPENDENCIES) {
        let targets: Vec<_> = (facts.manifests.iter())
            .filter_map(|manifest| manifest_line(index, manifest, name))
            .take(MAX_USERS)
            .collect();
        let known = mentions.iter().position(|mention| mention.text == *name);
        match known.and_then(|known| mentions.get_mut(known)) {
            Some(mention) if mention.targets.is_empty() => mention.targets = targets,
            Some(_) => {}
            None if targets.is_empty() => {}
            None => mentions.push(Mention {
                text: name.clone(),
                targets,
            }),
        }
    }
    mentions
}

/// The line of a manifest that names a dependency as a word of its own.
fn manifest_line(index: &Index, manifest: &str, name: &str) -> Option<Target> {
    let path = RepoPath::parse(manifest).ok()?;
    let (_, file) = index.find(&path)?;
    let is_part = |c: char| c.is_alphanumeric() || "-_/@".contains(c);
    let mut lines = (1..).zip(file.text.as_deref()?.lines());
    let (line, _) =
        lines.find(|(_, line)| line.split(|c: char| !is_part(c)).any(|word| word == name))?;
    Some(verified(&path, Some(LineRange::new(line, line))))
}

fn candidates(index: &Index, location: &Location) -> Vec<Candidate> {
    (location.files.iter())
        .take(MAX_CANDIDATES)
        .filter_map(|located| {
            let path = &index.snapshot().files.get(located.file)?.path;
            let best = located.symbols.first();
            let text_of = |read: fn(&Definition) -> &String| best.map(read).cloned();
            Some(Candidate {
                target: verified(path, best.map(|symbol| symbol.lines)),
                symbol: text_of(|symbol| &symbol.name).unwrap_or_default(),
                signature: text_of(|symbol| &symbol.signature).unwrap_or_default(),
                reasons: (located.reasons.iter().take(MAX_REASONS))
                    .cloned()
                    .collect(),
            })
        })
        .collect()
}

fn impact(index: &Index, location: &Location) -> Vec<Impact> {
    let files = &index.snapshot().files;
    let mut seen = BTreeSet::new();
    (location.files.iter())
        .take(MAX_CANDIDATES)
        .filter_map(|located| Some((located.file, located.symbols.first()?)))
        .filter(|(_, symbol)| symbol.name.len() >= MIN_NAME_BYTES && seen.insert(&symbol.name))
        .filter_map(|(file, symbol)| {
            let mut users = index.find_dependents(&symbol.name);
            users.retain(|user| *user != file);
            let linked = users.iter().filter_map(|user| files.get(*user));
            (!users.is_empty()).then_some(Impact {
                symbol: symbol.name.clone(),
                target: verified(&files.get(file)?.path, Some(symbol.lines)),
                users: (linked.take(MAX_USERS))
                    .map(|file| verified(&file.path, None))
                    .collect(),
                user_count: users.len(),
            })
        })
        .take(MAX_IMPACT)
        .collect()
}

fn verified(path: &RepoPath, lines: Option<LineRange>) -> Target {
    Target::Verified {
        path: path.clone(),
        lines,
    }
}

#[cfg(test)]
mod tests;
