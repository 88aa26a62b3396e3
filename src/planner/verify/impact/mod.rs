//! I1 and I2: who else names what a change takes away or alters.
//!
//! Only names that one file defines can be followed without a type checker. A file counts as a user when its
//! code, not its comments or strings, has the name; tests, documents and examples may follow later.

mod affected;
mod importers;
mod users;

use std::collections::HashSet;

use crate::domain::repository::RepoPath;
use crate::planner::draft::{Change, Draft, Operation};
use crate::planner::verify::{Check, MAX_CANDIDATES};
use affected::{Affected, Fate, affected_by};
use importers::importers_of;
use users::{Codes, Users, users_of};

/// Names that more files use are not followed file by file.
const MAX_USERS: usize = 40;

/// Names of one plan that are followed.
const MAX_NAMES: usize = 60;

/// Checks that the users of what `draft` takes away or alters are in it.
pub(super) fn check_impact(draft: &Draft, check: &mut Check<'_>) {
    let mentioned = mentioned_paths(draft);
    let mut codes = Codes::default();
    let mut left = MAX_NAMES;
    for (i, change) in draft.changes.iter().enumerate() {
        let Some(file) = file_of(change, check) else {
            continue;
        };
        let at = format!("/changes/{i}/side_effects");
        let mut affected = affected_by(change, file, draft, check);
        if affected.len() > left {
            let message = format!(
                "takes away more than {MAX_NAMES} names; the users of the rest were not looked up"
            );
            check.log.soft("I1", &at, message);
            affected.truncate(left);
        }
        left -= affected.len();
        let mut told = HashSet::new();
        for one in affected {
            match users_of(&one, check, &mut codes) {
                Users::Many(count) => report_many(&one, &at, count, check),
                Users::Few(users) => {
                    let missing = untold(users.into_iter(), &mentioned, &mut told);
                    report(&one, &at, &missing, check);
                }
            }
        }
        if matches!(change.op, Operation::Delete | Operation::Rename) {
            let importers = importers_of(file, check, &mut codes);
            let missing = untold(importers.into_iter(), &mentioned, &mut told);
            report_importers(change, &at, &missing, check);
        }
    }
}

/// Those of `paths` that neither the plan nor a finding speaks of so far.
fn untold(
    paths: impl Iterator<Item = String>,
    mentioned: &HashSet<String>,
    told: &mut HashSet<String>,
) -> Vec<String> {
    paths
        .filter(|path| !mentioned.contains(path))
        .filter(|path| told.insert(path.clone()))
        .collect()
}

/// Every file that the plan speaks of as changed or affected.
fn mentioned_paths(draft: &Draft) -> HashSet<String> {
    let mut paths = HashSet::new();
    for change in &draft.changes {
        paths.insert(change.path.clone());
        paths.insert(change.new_path.clone());
        for effect in &change.side_effects {
            paths.insert(effect.path.trim().to_owned());
        }
    }
    paths
}

fn file_of(change: &Change, check: &Check<'_>) -> Option<usize> {
    let path = RepoPath::parse(&change.path).ok()?;
    let (file, found) = check.index.find(&path)?;
    found.text.is_some().then_some(file)
}

fn report_many(affected: &Affected, at: &str, count: usize, check: &mut Check<'_>) {
    let name = &affected.name;
    let message = match affected.fate {
        Fate::Breaks => {
            format!("`{name}` goes or breaks its users, and {count} files have the name")
        }
        Fate::Alters => {
            format!("the parameters of `{name}` change, and {count} files have the name")
        }
    };
    check.log.soft(affected.fate.check(), at, message);
}

fn report(affected: &Affected, at: &str, missing: &[String], check: &mut Check<'_>) {
    let name = &affected.name;
    if missing.is_empty() {
        return;
    }
    if affected.fate == Fate::Alters {
        let message = format!(
            "the parameters of `{name}` change; {} of which the plan says nothing",
            count_users(missing.len())
        );
        check.log.note("I2", at, message, missing.to_vec());
        return;
    }
    // Candidates are five at most, so that many missing files make several findings.
    for part in missing.chunks(MAX_CANDIDATES) {
        let message = format!(
            "`{name}` goes or breaks its users; {} of which neither `changes` nor `side_effects` say anything",
            count_users(part.len()),
        );
        check.log.hard("I1", at, message, part.to_vec());
    }
}

fn count_users(count: usize) -> String {
    match count {
        1 => "there is 1 more file with it".to_owned(),
        count => format!("there are {count} more files with it"),
    }
}

fn report_importers(change: &Change, at: &str, missing: &[String], check: &mut Check<'_>) {
    let verb = match change.op {
        Operation::Delete => "is deleted",
        _ => "moves",
    };
    for part in missing.chunks(MAX_CANDIDATES) {
        let message = format!(
            "`{}` {verb}; files import it of which neither `changes` nor `side_effects` say anything",
            change.path
        );
        check.log.hard("I1", at, message, part.to_vec());
    }
}

#[cfg(test)]
mod tests;
