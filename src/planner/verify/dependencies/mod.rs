//! R4: a proposed library exists, is kept up, may be used, and is needed.
//!
//! A pure function of the repository and of what a registry said earlier; the day of asking is the
//! day that ages are counted to.

mod at_hand;
mod imports;
mod judge;
mod licence;
mod near;

use crate::domain::package::{Ecosystem, Evidence};
use crate::planner::draft::{Dependency, Draft};
use crate::planner::proposals::{ecosystem, proposal};
use crate::planner::verify::words::is_no_reason;
use crate::planner::verify::{Check, Log};
use crate::registry::{Lookup, Unknown};
use crate::repository::facts::{Declared, ManifestDependency};
use judge::Verdict;

/// Checks all proposals of `draft`. Those that the repository has already are taken out; imports of
/// those that nobody vouches for are taken out of the changes.
pub(super) fn check_dependencies(draft: &mut Draft, check: &mut Check<'_>) {
    if draft.dependencies.is_empty() {
        return;
    }
    let declared = Declared::of(check.index);
    drop_declared(draft, &declared, &mut check.log);
    let mut doubted: Vec<(Ecosystem, String)> = Vec::new();
    for (i, dependency) in draft.dependencies.iter().enumerate() {
        let at = format!("/dependencies/{i}");
        let used = match declared.find(ecosystem(dependency), &dependency.name) {
            Some(known) => check_raised(dependency, known, &at, &mut check.log),
            None => check_new(dependency, &declared, &at, check),
        };
        if !used {
            doubted.push((ecosystem(dependency), dependency.name.trim().to_owned()));
        }
    }
    imports::drop_doubted(draft, &doubted, &declared, &mut check.log);
}

/// Takes out what a manifest names already in a version that will do, and what is proposed twice.
fn drop_declared(draft: &mut Draft, declared: &Declared, log: &mut Log) {
    let mut position = 0;
    let mut seen: Vec<(Ecosystem, String)> = Vec::new();
    draft.dependencies.retain(|dependency| {
        let at = format!("/dependencies/{position}");
        position += 1;
        let (ecosystem, name) = (ecosystem(dependency), dependency.name.trim());
        let key = (ecosystem, ecosystem.normalise(name));
        if seen.contains(&key) {
            log.fixed("R4", &at, format!("`{name}` is proposed twice"));
            return false;
        }
        seen.push(key);
        let known = declared.find(ecosystem, name);
        match known.filter(|known| is_enough(&known.requirement, &dependency.version)) {
            Some(known) => {
                let manifest = &known.manifest;
                let message = format!("`{name}` is no new dependency: `{manifest}` has it already");
                log.fixed("R4", &at, message);
                false
            }
            None => true,
        }
    });
}

/// A dependency at hand that the plan wants in another version: no new library, but worth a note.
fn check_raised(
    dependency: &Dependency,
    known: &ManifestDependency,
    at: &str,
    log: &mut Log,
) -> bool {
    let message = format!(
        "`{}` is there already, as `{}` in `{}`; the plan asks for `{}`",
        dependency.name.trim(),
        known.requirement,
        known.manifest,
        dependency.version.trim(),
    );
    log.soft("R4", at, message.clone());
    log.library(at, &Evidence::Unverified { why: message });
    true
}

/// Checks a library that the repository does not have; returns whether it may be imported.
fn check_new(
    dependency: &Dependency,
    declared: &Declared,
    at: &str,
    check: &mut Check<'_>,
) -> bool {
    let mut verdict = Verdict::default();
    check_reasons(dependency, &mut verdict);
    let lookup = (check.lookups)
        .and_then(|lookups| lookups.find(&proposal(dependency)))
        .unwrap_or(&Lookup::Unknown(Unknown::Unasked));
    match lookup {
        Lookup::Known(record) => {
            if let Some(lookups) = check.lookups {
                judge::judge(dependency, record, lookups, &mut verdict);
            }
        }
        Lookup::Missing => {
            let message = format!("no package `{}` is published", dependency.name.trim());
            let near = near::nearest(ecosystem(dependency), &dependency.name);
            verdict.refuse_for(message, near);
        }
        Lookup::Unknown(why) => verdict.doubt(dependency, *why),
    }
    if !matches!(lookup, Lookup::Missing)
        && let Some(twin) = near::find_twin(dependency, declared, lookup)
    {
        let name = dependency.name.trim();
        let message = format!("`{name}` looks like a misspelling of `{twin}`");
        verdict.refuse_for(message, vec![twin]);
    }
    if let Some(instead) = at_hand::find(ecosystem(dependency), &dependency.name) {
        verdict.note(format!(
            "`{}` may not be needed: {instead}",
            dependency.name.trim()
        ));
    }
    if dependency.used_by.is_empty() {
        verdict.note(format!("no change uses `{}`", dependency.name.trim()));
    }
    let usable = matches!(lookup, Lookup::Known(_)) && verdict.refusals.is_empty();
    verdict.report(at, &mut check.log);
    usable
}

fn check_reasons(dependency: &Dependency, verdict: &mut Verdict) {
    let name = dependency.name.trim();
    let ecosystem = ecosystem(dependency);
    if name.is_empty() {
        verdict.refuse("a proposed dependency has no name".to_owned());
    } else if !ecosystem.allows(name) {
        let registry = ecosystem.as_str();
        verdict.refuse(format!(
            "`{name}` cannot be the name of a package of {registry}"
        ));
    }
    if is_no_reason(&dependency.why_not_existing) {
        verdict.refuse(format!("why nothing at hand replaces `{name}` is not said"));
    }
    if is_no_reason(&dependency.why_not_own_code) {
        verdict.refuse(format!(
            "why own code does not replace `{name}` is not said"
        ));
    }
}

/// Whether what a manifest asks for goes with the version proposed: either says nothing, or both
/// begin with the same number, which before 1.0 is the second.
fn is_enough(declared: &str, proposed: &str) -> bool {
    let numbers = |text: &str| {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let numbers = text
            .get(start..)?
            .split(|c: char| !c.is_ascii_digit() && c != '.');
        let numbers = numbers.into_iter().next()?.split('.');
        Some(numbers.map(str::to_owned).collect::<Vec<_>>())
    };
    let (Some(declared), Some(proposed)) = (numbers(declared), numbers(proposed)) else {
        return true;
    };
    let zeros = proposed.iter().take_while(|number| *number == "0").count();
    let mut pairs = declared.iter().zip(&proposed).take(zeros + 1);
    pairs.all(|(declared, proposed)| declared == proposed)
}

#[cfg(test)]
mod tests;
