//! What a registry's record says for and against a library.

use crate::domain::day::Day;
use crate::domain::package::{Ecosystem, Evidence, Upkeep};
use crate::planner::draft::Dependency;
use crate::planner::proposals::ecosystem;
use crate::planner::verify::Log;
use crate::planner::verify::dependencies::licence::is_open;
use crate::registry::{Lookups, Record, Unknown};

/// Days that a package must be old. Names that models invent get registered by strangers, and such
/// packages are usually found out within weeks.
const MIN_AGE_DAYS: i64 = 180;

/// Days after the newest release from which a package counts as left alone: 18 months.
const MAX_PAUSE_DAYS: i64 = 548;

/// Fewest releases: the first one of an abandoned experiment is often the last.
const MIN_RELEASES: usize = 2;

/// Words by which a plan says that a library needs no more releases.
const FINISHED: [&str; 4] = [
    "finished",
    "feature-complete",
    "feature complete",
    "complete by design",
];

/// What is found out about one proposal.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Why it may not be proposed, with what there is instead.
    pub(super) refusals: Vec<(String, Vec<String>)>,
    notes: Vec<String>,
    doubts: Vec<String>,
    upkeep: Option<Upkeep>,
}

impl Verdict {
    pub(super) fn refuse(&mut self, message: String) {
        self.refuse_for(message, Vec::new());
    }

    /// Refuses and names what there is instead.
    pub(super) fn refuse_for(&mut self, message: String, candidates: Vec<String>) {
        self.refusals.push((message, candidates));
    }

    pub(super) fn note(&mut self, message: String) {
        self.notes.push(message);
    }

    /// Nothing was learned.
    pub(super) fn doubt(&mut self, dependency: &Dependency, why: Unknown) {
        self.doubts.push(why.why().to_owned());
        let name = dependency.name.trim();
        self.note(format!("`{name}` is unverified: {}", why.why()));
    }

    /// Writes everything to `log`.
    pub(super) fn report(self, at: &str, log: &mut Log) {
        let evidence = match self.upkeep {
            Some(mut upkeep) => {
                let refused = self.refusals.iter().map(|(message, _)| message.clone());
                upkeep.notes.extend(refused);
                upkeep.notes.extend(self.notes.iter().cloned());
                Evidence::Verified(Box::new(upkeep))
            }
            None => {
                let refused = self.refusals.iter().map(|(message, _)| message.clone());
                let why: Vec<String> = refused.chain(self.doubts).collect();
                Evidence::Unverified {
                    why: why.join("; "),
                }
            }
        };
        log.library(at, &evidence);
        for (message, candidates) in self.refusals {
            log.hard("R4", at, message, candidates);
        }
        for message in self.notes {
            log.soft("R4", at, message);
        }
    }
}

/// Judges `record`, which is about `dependency`.
pub(super) fn judge(
    dependency: &Dependency,
    record: &Record,
    lookups: &Lookups,
    verdict: &mut Verdict,
) {
    let name = dependency.name.trim();
    verdict.upkeep = Some(Upkeep {
        version: record.version.clone(),
        releases: record.releases,
        first_release: record.first_release,
        last_release: record.last_release,
        licences: record.licences.clone(),
        advisories: record.advisories.clone(),
        repository: record.repository.clone(),
        source: lookups.source.clone(),
        checked: Some(lookups.today),
        notes: Vec::new(),
    });
    judge_name(ecosystem(dependency), name, record, verdict);
    judge_age(dependency, record, lookups.today, verdict);
    judge_state(name, record, verdict);
    if !record.has_version {
        let asked = dependency.version.trim();
        let message = format!("`{name}` has no release that `{asked}` asks for");
        verdict.refuse_for(message, vec![record.latest.clone()]);
    }
}

/// A registry that answers about another name than was asked has judged another package.
fn judge_name(ecosystem: Ecosystem, name: &str, record: &Record, verdict: &mut Verdict) {
    let known = &record.name;
    let folds = matches!(ecosystem, Ecosystem::Pypi | Ecosystem::Nuget);
    if !ecosystem.same(name, known) && !name.eq_ignore_ascii_case(known) {
        let message = format!("the registry knows `{name}` only as `{known}`");
        verdict.refuse_for(message, vec![known.clone()]);
    } else if name != known && !folds {
        verdict.note(format!("`{name}` is spelled `{known}` in its registry"));
    }
}

fn judge_age(dependency: &Dependency, record: &Record, today: Day, verdict: &mut Verdict) {
    let name = dependency.name.trim();
    if record.releases < MIN_RELEASES {
        let count = record.releases;
        verdict.refuse(format!(
            "`{name}` has {count} release(s), fewer than {MIN_RELEASES}"
        ));
    }
    match record.first_release {
        Some(first) if first.days_until(today) < MIN_AGE_DAYS => verdict.refuse(format!(
            "`{name}` was first released on {first}, less than {MIN_AGE_DAYS} days ago"
        )),
        Some(_) => {}
        None => verdict.note(format!("when `{name}` was first released is not known")),
    }
    let Some(last) = record.last_release else {
        return;
    };
    if last.days_until(today) > MAX_PAUSE_DAYS {
        let message = format!("`{name}` was last released on {last}, more than 18 months ago");
        match is_called_finished(dependency) {
            true => verdict.note(format!("{message}; the plan calls it finished")),
            false => verdict.refuse(message),
        }
    }
}

fn judge_state(name: &str, record: &Record, verdict: &mut Verdict) {
    let version = &record.version;
    if record.deprecated {
        verdict.refuse(format!("`{name}` {version} is deprecated or yanked"));
    } else if record.latest_deprecated {
        let latest = &record.latest;
        verdict.refuse(format!(
            "`{name}` {latest}, its latest version, is deprecated or yanked"
        ));
    }
    if record.archived == Some(true) {
        verdict.refuse(format!("the repository of `{name}` is archived"));
    }
    if record.repository.is_none() {
        verdict.refuse(format!("`{name}` names no repository with its code"));
    }
    if !record.advisories.is_empty() {
        let advisories = record.advisories.join(", ");
        verdict.refuse(format!(
            "advisories are open against `{name}` {version}: {advisories}"
        ));
    }
    if record.licences.is_empty() {
        verdict.refuse(format!("the licence of `{name}` is not known"));
    } else if !is_open(&record.licences) {
        let licences = record.licences.join(", ");
        verdict.refuse(format!(
            "the licence of `{name}` is no open-source one: {licences}"
        ));
    }
}

/// Whether the plan's reasons call the library finished.
fn is_called_finished(dependency: &Dependency) -> bool {
    let reasons = [
        &dependency.purpose,
        &dependency.why_not_existing,
        &dependency.why_not_own_code,
    ];
    let says = |reason: &str| FINISHED.iter().any(|word| reason.contains(word));
    reasons.iter().any(|reason| says(&reason.to_lowercase()))
}
