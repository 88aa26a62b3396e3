//! What became of the mistakes, and of the plans without any.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::cli::eval::verify::seeds::Demand;

/// Share of the mistakes of a hard kind that must be found, in percent.
const MIN_FOUND_PERCENT: usize = 99;

/// Share of true plans that may be found fault with, in percent.
const MAX_ALARMS_PERCENT: usize = 1;

/// What became of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It was told.
    Told,
    /// It was put right.
    Fixed,
    /// Nothing was said.
    Missed,
}

/// How the mistakes of one kind fared.
#[derive(Debug, Clone, Serialize)]
pub(super) struct KindTally {
    pub(super) kind: &'static str,
    pub(super) checks: Vec<&'static str>,
    pub(super) hard: bool,
    pub(super) seeded: usize,
    pub(super) told: usize,
    pub(super) fixed: usize,
}

impl KindTally {
    pub(super) fn new(kind: &'static str, checks: &[&'static str], demand: Demand) -> Self {
        Self {
            kind,
            checks: checks.to_vec(),
            hard: demand == Demand::Hard,
            seeded: 0,
            told: 0,
            fixed: 0,
        }
    }

    pub(super) fn add(&mut self, fate: Fate) {
        self.seeded += 1;
        self.told += usize::from(fate == Fate::Told);
        self.fixed += usize::from(fate == Fate::Fixed);
    }

    /// How many were told or put right.
    pub(super) fn found(&self) -> usize {
        self.told + self.fixed
    }

    /// Whether enough of a hard kind was found.
    pub(super) fn is_enough(&self) -> bool {
        !self.hard || self.found() * 100 >= self.seeded * MIN_FOUND_PERCENT
    }
}

/// What was said of true plans written in one way.
#[derive(Debug, Clone, Serialize)]
pub(super) struct VariantTally {
    pub(super) variant: &'static str,
    pub(super) plans: usize,
    /// Plans with a hard finding.
    pub(super) hard: usize,
    /// Plans with a soft finding and no hard one.
    pub(super) soft: usize,
    /// Plans with a finding of each check.
    pub(super) checks: BTreeMap<&'static str, usize>,
}

impl VariantTally {
    pub(super) fn new(variant: &'static str) -> Self {
        Self {
            variant,
            plans: 0,
            hard: 0,
            soft: 0,
            checks: BTreeMap::new(),
        }
    }
}

/// Everything counted.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Tally {
    pub(super) repositories: usize,
    pub(super) plans: usize,
    /// Anchors of the plans as made, and those of them that were placed on another line.
    pub(super) anchors: usize,
    pub(super) misplaced: usize,
    pub(super) true_plans: Vec<VariantTally>,
    pub(super) kinds: Vec<KindTally>,
}

impl Tally {
    /// Whether all targets are met.
    pub(super) fn is_good(&self) -> bool {
        let (alarms, plans) = self.alarms();
        alarms * 100 <= plans * MAX_ALARMS_PERCENT && self.kinds.iter().all(KindTally::is_enough)
    }

    /// True plans with a hard finding, and all true plans.
    pub(super) fn alarms(&self) -> (usize, usize) {
        let alarms = self.true_plans.iter().map(|variant| variant.hard).sum();
        let plans = self.true_plans.iter().map(|variant| variant.plans).sum();
        (alarms, plans)
    }

    /// True plans with a soft finding alone.
    pub(super) fn notes(&self) -> usize {
        self.true_plans.iter().map(|variant| variant.soft).sum()
    }

    /// Mistakes of hard kinds: how many were found, of how many.
    pub(super) fn hard_found(&self) -> (usize, usize) {
        let hard = || self.kinds.iter().filter(|kind| kind.hard);
        (
            hard().map(KindTally::found).sum(),
            hard().map(|kind| kind.seeded).sum(),
        )
    }
}

/// A share in percent with one digit behind the point; `-` of nothing.
pub(super) fn percent(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let tenths = part * 1000 / whole;
    format!("{}.{}", tenths / 10, tenths % 10)
}
