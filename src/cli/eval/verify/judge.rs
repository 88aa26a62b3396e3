//! Runs the checks over one gold plan, its variants and its mistakes.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::cli::eval::verify::benign::VARIANTS;
use crate::cli::eval::verify::commits::Commit;
use crate::cli::eval::verify::dice::Dice;
use crate::cli::eval::verify::gold::Gold;
use crate::cli::eval::verify::scene::{Scene, Seeded};
use crate::cli::eval::verify::seeds::{Demand, Kind, SHAPES, kinds};
use crate::cli::eval::verify::tally::{Fate, KindTally, Tally, VariantTally};
use crate::planner::draft::{Draft, PlanFile};
use crate::planner::verify::{Finding, FindingClass, Ground, Verification, verify};
use crate::repository::index::Index;

/// How the plans are called that are as they were made.
const AS_MADE: &str = "as made";

/// One plan under judgement.
pub(super) struct Bench<'a> {
    pub(super) repository: &'a str,
    pub(super) commit: &'a Commit,
    pub(super) gold: &'a Gold,
    pub(super) index: &'a Index,
    pub(super) seed: u64,
}

/// Something that the checks got wrong, with all that is needed to see it again.
#[derive(Debug, Serialize)]
pub(super) struct Slip {
    pub(super) repository: String,
    /// The commit to verify against.
    pub(super) at: String,
    /// What it is: `false alarm`, `missed` or `misplaced`.
    pub(super) slip: &'static str,
    /// The kind of mistake, or the way in which the true plan was written.
    pub(super) kind: &'static str,
    /// Where in the plan.
    pub(super) pointer: String,
    /// What was said there.
    pub(super) said: String,
    pub(super) plan: PlanFile,
}

impl Tally {
    /// All counts at zero.
    pub(super) fn empty() -> Self {
        let variants = VARIANTS.iter().map(|variant| variant.name);
        let shapes = SHAPES
            .iter()
            .map(|shape| KindTally::new(shape.name, &["S2"], Demand::Hard));
        let kinds = kinds().map(|kind| KindTally::new(kind.name, kind.checks, kind.demand));
        Self {
            repositories: 0,
            plans: 0,
            anchors: 0,
            misplaced: 0,
            true_plans: std::iter::once(AS_MADE)
                .chain(variants)
                .map(VariantTally::new)
                .collect(),
            kinds: kinds.chain(shapes).collect(),
        }
    }
}

impl Bench<'_> {
    /// Judges the plan, its variants and its mistakes; what went wrong is returned.
    pub(super) fn run(&self, tally: &mut Tally) -> Vec<Slip> {
        let mut slips = Vec::new();
        tally.plans += 1;
        let gold = self.verify(&self.gold.draft);
        self.count_places(&gold, tally, &mut slips);
        let known: BTreeSet<String> = gold.findings.iter().map(identity).collect();
        let mut variants = tally.true_plans.iter_mut();
        if let Some(as_made) = variants.next() {
            count_alarms(&gold, &BTreeSet::new(), as_made);
            slips.extend(self.alarms(AS_MADE, &gold, &BTreeSet::new()));
        }
        for (variant, counted) in VARIANTS.iter().zip(variants) {
            let Some(draft) = (variant.write)(&mut self.scene(variant.name)) else {
                continue;
            };
            let checked = self.verify(&draft);
            count_alarms(&checked, &known, counted);
            slips.extend(self.alarms(variant.name, &checked, &known));
        }
        let mut counted = tally.kinds.iter_mut();
        for (kind, counted) in kinds().zip(&mut counted) {
            let Some(seeded) = (kind.seed)(&mut self.scene(kind.name)) else {
                continue;
            };
            let fate = fate(kind, &seeded, &self.verify(&seeded.draft), &known);
            counted.add(fate);
            if fate == Fate::Missed {
                slips.push(self.slip(
                    ("missed", kind.name),
                    seeded.at,
                    String::new(),
                    seeded.draft,
                ));
            }
        }
        for (shape, counted) in SHAPES.iter().zip(counted) {
            let Ok(mut plan) = serde_json::to_value(&self.gold.draft) else {
                continue;
            };
            if (shape.spoil)(&mut plan).is_some() {
                let refused = Draft::parse(&plan.to_string()).is_err();
                counted.add(if refused { Fate::Told } else { Fate::Missed });
            }
        }
        slips
    }

    fn verify(&self, draft: &Draft) -> Verification {
        let ground = Ground {
            index: self.index,
            pack: Some(&self.gold.pack),
            brief: Some(&self.gold.brief),
            lookups: None,
        };
        verify(draft, &ground)
    }

    /// What a mistake or variant is put into. Its dice depend on its name alone, so that further kinds
    /// leave the others as they are.
    fn scene(&self, name: &str) -> Scene<'_> {
        let commit = self.commit.step.commit.as_str();
        Scene {
            gold: self.gold,
            index: self.index,
            commit: self.commit,
            dice: Dice::new(self.seed, &[self.repository, commit, name]),
        }
    }

    /// Whether the anchors were placed where they were taken from.
    fn count_places(&self, gold: &Verification, tally: &mut Tally, slips: &mut Vec<Slip>) {
        for (pointer, line) in &self.gold.lines {
            tally.anchors += 1;
            let resolved = gold.file.resolved.as_ref();
            let place = resolved.and_then(|resolved| resolved.places.get(pointer));
            let right = place.is_some_and(|place| (place.start..=place.end).contains(line));
            if !right {
                tally.misplaced += 1;
                let said = format!("{place:?} instead of line {line}");
                let draft = self.gold.draft.clone();
                slips.push(self.slip(("misplaced", AS_MADE), pointer.clone(), said, draft));
            }
        }
    }

    fn alarms(
        &self,
        variant: &'static str,
        checked: &Verification,
        known: &BTreeSet<String>,
    ) -> Vec<Slip> {
        let alarms = checked.findings.iter().filter(|one| is_alarm(one, known));
        let slips = alarms.map(|one| {
            let said = format!("{} {}: {}", one.check, one.class.as_str(), one.message);
            let draft = checked.file.draft.clone();
            self.slip(("false alarm", variant), one.at.clone(), said, draft)
        });
        slips.collect()
    }

    fn slip(
        &self,
        (slip, kind): (&'static str, &'static str),
        pointer: String,
        said: String,
        draft: Draft,
    ) -> Slip {
        Slip {
            repository: self.repository.to_owned(),
            at: self.commit.step.parent.as_str().to_owned(),
            slip,
            kind,
            pointer,
            said,
            plan: PlanFile {
                draft,
                resolved: None,
            },
        }
    }
}

fn identity(finding: &Finding) -> String {
    format!("{} {} {}", finding.check, finding.at, finding.message)
}

fn is_alarm(finding: &Finding, known: &BTreeSet<String>) -> bool {
    finding.class != FindingClass::Fixed && !known.contains(&identity(finding))
}

fn count_alarms(checked: &Verification, known: &BTreeSet<String>, counted: &mut VariantTally) {
    counted.plans += 1;
    let alarms = || checked.findings.iter().filter(|one| is_alarm(one, known));
    let hard = alarms().any(|one| one.class == FindingClass::Hard);
    counted.hard += usize::from(hard);
    counted.soft += usize::from(!hard && alarms().next().is_some());
    let checks: BTreeSet<&'static str> = alarms().map(|one| one.check).collect();
    for check in checks {
        *counted.checks.entry(check).or_default() += 1;
    }
}

/// Whether a mistake was told at its place, made the plan unfit as a whole, or was put right.
fn fate(kind: &Kind, seeded: &Seeded, checked: &Verification, known: &BTreeSet<String>) -> Fate {
    let findings = checked.findings.iter();
    let fresh: Vec<&Finding> = findings
        .filter(|one| !known.contains(&identity(one)))
        .collect();
    let is_it = |one: &&&Finding| kind.checks.contains(&one.check) && is_near(&one.at, &seeded.at);
    let told = fresh
        .iter()
        .filter(is_it)
        .any(|one| one.class != FindingClass::Fixed);
    let unfit = fresh.iter().any(|one| one.class == FindingClass::Hard);
    if told || unfit && kind.demand == Demand::Hard {
        Fate::Told
    } else if fresh.iter().any(|one| is_it(&one)) {
        Fate::Fixed
    } else {
        Fate::Missed
    }
}

/// Whether one of two places holds the other.
fn is_near(left: &str, right: &str) -> bool {
    left.starts_with(right) || right.starts_with(left)
}
